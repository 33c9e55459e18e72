"""What a deposit earns and when: a twelfth of the yearly rate for each full month, days of a broken month by 365."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import Rupiah, round_rp

PAYOUTS = {
    "monthly": "Tiap bulan ke simpanan sukarela",
    "maturity": "Saat jatuh tempo",
    "capitalised": "Ditambahkan ke pokok tiap bulan",
}
ROLLOVERS = {"none": "Tidak diperpanjang", "principal": "Perpanjang pokok", "all": "Perpanjang pokok dan bunga"}


@dataclass(frozen=True)
class Terms:
    """A deposit as arithmetic sees it. Due days keep to the day of `placed_on`: 31 January, 28 February, 31 March."""

    amount_rp: Rupiah
    rate_pct: Decimal
    term_months: int
    payout: str
    rollover: str
    placed_on: date
    matures_on: date
    interest_until: date

    @property
    def begins_on(self) -> date:
        """The first day of the running term."""
        return add_months(self.placed_on, months_between(self.placed_on, self.matures_on) - self.term_months)

    @property
    def next_due_on(self) -> date:
        """When interest comes next: each month, or when the term ends."""
        if self.payout == "maturity":
            return self.matures_on
        return add_months(self.placed_on, months_between(self.placed_on, self.interest_until) + 1)

    @property
    def keeps_interest(self) -> bool:
        """Whether interest stays in the deposit, instead of going to the member's savings."""
        if self.payout == "maturity":
            return self.rollover != "principal"
        return self.payout == "capitalised"

    def interest_due(self) -> Rupiah:
        """Interest from `interest_until` to the next due day, so that the months of a term sum to the term's."""
        first = months_between(self.begins_on, self.interest_until)
        last = months_between(self.begins_on, self.next_due_on)
        if self.payout == "capitalised":
            return of_months(self.amount_rp, self.rate_pct, 1)
        return of_months(self.amount_rp, self.rate_pct, last) - of_months(self.amount_rp, self.rate_pct, first)

    def accrued(self, on: date) -> Rupiah:
        """What was earned since `interest_until` by a day before the next due day."""
        start = months_between(self.placed_on, self.interest_until)
        full = 0
        while add_months(self.placed_on, start + full + 1) <= on:
            full += 1
        days = (on - add_months(self.placed_on, start + full)).days
        exact = Decimal(self.amount_rp) * self.rate_pct
        return round_rp(exact * full / 1200 + exact * days / 36500)


def of_months(amount_rp: Rupiah, rate_pct: Decimal, months: int) -> Rupiah:
    return round_rp(Decimal(amount_rp) * rate_pct * months / 1200)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last of a month too short for it."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def months_between(first: date, last: date) -> int:
    """Months from one month to another, whatever the days."""
    return (last.year - first.year) * 12 + last.month - first.month
