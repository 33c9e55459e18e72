"""What savings earn in a month, and the tax on it: pure arithmetic on balances at the end of each day."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import Rupiah, round_rp, split

METHODS = {
    "none": "Tanpa jasa",
    "lowest": "Saldo terendah bulan itu",
    "average": "Saldo rata-rata harian",
    "daily": "Saldo harian",
}
YEAR_DAYS = 365
"""A leap year's month earns by the same year: the rate is for 365 days."""


@dataclass(frozen=True)
class TaxRule:
    """PPh final: nothing up to `free_rp` of all interest of a member in a month, above it a share of the whole."""

    free_rp: Rupiah
    pct: Decimal

    def on(self, interest_rp: Rupiah) -> Rupiah:
        """The tax on a month's whole interest, rounded down."""
        return 0 if interest_rp <= self.free_rp else round_rp(interest_rp * self.pct / 100, "down")

    def more(self, before_rp: Rupiah, withheld_rp: Rupiah, interest_rp: Rupiah) -> Rupiah:
        """What is still to be withheld when `interest_rp` comes on top of what the month had brought before."""
        return max(0, self.on(before_rp + interest_rp) - withheld_rp)


def days_in(month_on: date) -> int:
    return monthrange(month_on.year, month_on.month)[1]


def month_end(month_on: date) -> date:
    return month_on.replace(day=days_in(month_on))


def daily_balances(opening_rp: Rupiah, moves: Iterable[tuple[date, Rupiah]], month_on: date) -> list[Rupiah]:
    """The balance at the end of each day of the month."""
    by_day: Mapping[int, Rupiah] = _by_day(moves)
    balances, balance_rp = [], opening_rp
    for day in range(1, days_in(month_on) + 1):
        balance_rp += by_day.get(day, 0)
        balances.append(balance_rp)
    return balances


def _by_day(moves: Iterable[tuple[date, Rupiah]]) -> dict[int, Rupiah]:
    found: dict[int, Rupiah] = {}
    for booked_on, amount_rp in moves:
        found[booked_on.day] = found.get(booked_on.day, 0) + amount_rp
    return found


def of_month(method: str, balances: Sequence[Rupiah], rate_pct: Decimal) -> Rupiah:
    """Interest of a month in whole rupiah, half up, once: by the lowest balance, the average, or day by day."""
    if method == "none":
        return 0
    base_rp = min(balances) * len(balances) if method == "lowest" else sum(balances)
    return max(0, round_rp(Decimal(base_rp) * rate_pct / (100 * YEAR_DAYS)))


def spread(tax_rp: Rupiah, interest: Sequence[Rupiah], room: Sequence[Rupiah]) -> list[Rupiah]:
    """A member's tax over several accounts in proportion to their interest, none below zero (`room` is its balance)."""
    if not tax_rp:
        return [0] * len(interest)
    parts = [min(part, most) for part, most in zip(split(tax_rp, interest), room, strict=True)]
    left_rp = tax_rp - sum(parts)
    for at, most in enumerate(room):
        more_rp = min(left_rp, most - parts[at])
        parts[at] += more_rp
        left_rp -= more_rp
    return parts
