"""Installments of a loan: flat, efektif (equal principal, interest on what is left), anuitas. Pure; no database.

Whole rupiah throughout. Interest of a row is rounded to whole rupiah by the mode; `installment` rounds principal +
interest to the unit and principal is what remains of it, `parts` rounds each to the unit. The last row takes the
principal that is left and, for flat, the interest that is left, so parts always sum to the whole.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import Literal

from core.errors import Refusal
from core.money import LIMIT_RP, RoundingMode, Rupiah, round_rp

Method = Literal["flat", "effective", "annuity"]
RateBasis = Literal["year", "month", "term"]
Period = Literal["month", "week", "day"]
RoundWhat = Literal["installment", "parts"]
DayCount = Literal["30/360", "ACT/360", "ACT/365"]

LONGEST = 1200
LAST_YEAR = 2999
LARGEST_RATE = Decimal(1000)
_PER_YEAR = {"month": 12, "week": 52, "day": 365}
_DAYS = {"month": 30, "week": 7, "day": 1}
_YEAR_DAYS = {"30/360": 360, "ACT/360": 360, "ACT/365": 365}


class TermsInvalid(Refusal):
    code = "loans.terms_invalid"
    pesan = "{field}: {reason}"


@dataclass(frozen=True)
class Terms:
    """What was agreed. `rate_pct` is percent per `rate_basis` (a year, a month, or the whole term).

    `grace` rows at the start carry interest only; interest of the first `interest_grace` rows is collected with the
    row after them. `every` makes a period of several (15 days). `interest_base_rp` is what flat interest is counted on
    when that is not the principal (goods with a down payment). Day counts ACT/… need `disbursed_on`.
    """

    principal_rp: Rupiah
    rate_pct: Decimal
    method: Method
    periods: int
    rate_basis: RateBasis = "year"
    period: Period = "month"
    first_due: date | None = None
    disbursed_on: date | None = None
    every: int = 1
    round_to_rp: Rupiah = 1
    round_what: RoundWhat = "installment"
    round_mode: RoundingMode = "half-up"
    grace: int = 0
    interest_grace: int = 0
    day_count: DayCount = "30/360"
    interest_base_rp: Rupiah | None = None


@dataclass(frozen=True)
class Installment:
    """One row. `balance_rp` is the principal still owed after it."""

    no: int
    due_on: date | None
    principal_rp: Rupiah
    interest_rp: Rupiah
    balance_rp: Rupiah

    @property
    def installment_rp(self) -> Rupiah:
        return self.principal_rp + self.interest_rp


def schedule(terms: Terms) -> list[Installment]:
    """Every row from first to last; principal sums to the loan. Raises TermsInvalid."""
    check(terms)
    dues = list(due_dates(terms))
    rates = _rates(terms, dues)
    deferred, balance_rp, interest_left_rp = 0, terms.principal_rp, _flat_total(terms)
    level = _level_installment(terms)
    rows: list[Installment] = []
    for no in range(1, terms.periods + 1):
        is_last = no == terms.periods
        if terms.method == "flat":
            interest_rp = interest_left_rp if is_last else min(_flat_interest(terms), interest_left_rp)
            interest_left_rp -= interest_rp
        else:
            interest_rp = _rounded_interest(terms, balance_rp * rates[no - 1])
        principal_rp = _principal(terms, no, balance_rp, interest_rp, level)
        balance_rp -= principal_rp
        deferred += interest_rp
        charged_rp = deferred if no > terms.interest_grace or is_last else 0
        deferred -= charged_rp
        rows.append(Installment(no, dues[no - 1], principal_rp, charged_rp, balance_rp))
    return rows


def check(terms: Terms) -> None:
    """Raises TermsInvalid, naming the field and what it may be."""
    _must(type(terms.principal_rp) is int and 0 < terms.principal_rp < LIMIT_RP, "Plafon", "rupiah bulat di atas nol.")
    _must(1 <= terms.periods <= LONGEST, "Tenor", f"1 sampai {LONGEST} kali angsuran.")
    rate = terms.rate_pct
    _must(rate.is_finite() and 0 <= rate <= LARGEST_RATE, "Bunga", f"0 sampai {LARGEST_RATE} persen.")
    _must(terms.round_to_rp >= 1, "Pembulatan", "paling sedikit 1 rupiah.")
    _must(terms.round_to_rp * terms.periods <= terms.principal_rp or terms.round_to_rp == 1, "Pembulatan",
          "terlalu kasar untuk plafon dan tenor ini.")  # fmt: skip
    _must(0 <= terms.grace < terms.periods, "Masa tenggang", "harus lebih pendek dari tenor.")
    _must(0 <= terms.interest_grace < terms.periods, "Masa tenggang bunga", "harus lebih pendek dari tenor.")
    _must(1 <= terms.every <= 366, "Jarak angsuran", "1 sampai 366.")
    _must(terms.day_count == "30/360" or terms.disbursed_on is not None, "Tanggal cair",
          "perlu diisi bila bunga dihitung per hari.")  # fmt: skip
    if terms.disbursed_on and terms.first_due:
        _must(terms.first_due > terms.disbursed_on, "Jatuh tempo pertama", "harus sesudah tanggal cair.")
    if first := terms.first_due or terms.disbursed_on:
        years = terms.periods * terms.every * _DAYS[terms.period] // 365 + 2
        _must(first.year + years <= LAST_YEAR, "Jatuh tempo", f"paling jauh tahun {LAST_YEAR}.")


def _must(holds: bool, field: str, reason: str) -> None:
    if not holds:
        raise TermsInvalid(field=field, reason=reason)


def due_dates(terms: Terms) -> Iterator[date | None]:
    """When each row falls due; a month too short for the day takes its last day. None where no date is known."""
    first, back = terms.first_due, 0
    if first is None and terms.disbursed_on is not None:
        first, back = terms.disbursed_on, 1
    for index in range(back, terms.periods + back):
        yield None if first is None else _later(first, index * terms.every, terms.period)


def _later(day: date, periods: int, period: Period) -> date:
    if period != "month":
        return day + timedelta(days=periods * _DAYS[period])
    years, month = divmod(day.year * 12 + day.month - 1 + periods, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def period_rate(terms: Terms) -> Decimal:
    """Interest of one usual period, as a fraction. A month is a twelfth of a year under 30/360."""
    rate = terms.rate_pct / 100
    if terms.rate_basis == "term":
        return rate / terms.periods
    if terms.rate_basis == "month":
        months = (
            Decimal(terms.every) if terms.period == "month" else Decimal(12 * terms.every) / _PER_YEAR[terms.period]
        )
        return rate * months
    if terms.day_count == "30/360":
        return rate * terms.every / _PER_YEAR[terms.period]
    return rate * terms.every * _DAYS[terms.period] / _YEAR_DAYS[terms.day_count]


def _rates(terms: Terms, dues: Sequence[date | None]) -> list[Decimal]:
    usual = period_rate(terms)
    if terms.day_count == "30/360" or terms.disbursed_on is None or terms.rate_basis != "year":
        return [usual] * terms.periods
    rates, before = [], terms.disbursed_on
    for due in dues:
        assert due is not None
        rates.append(terms.rate_pct * (due - before).days / 100 / _YEAR_DAYS[terms.day_count])
        before = due
    return rates


def _flat_interest(terms: Terms) -> Rupiah:
    return _rounded_interest(terms, (terms.interest_base_rp or terms.principal_rp) * period_rate(terms))


def _flat_total(terms: Terms) -> Rupiah:
    base_rp = terms.interest_base_rp or terms.principal_rp
    total_rp = round_rp(base_rp * period_rate(terms) * terms.periods, terms.round_mode)
    if terms.round_what == "parts":
        return round_rp(Decimal(total_rp), terms.round_mode, terms.round_to_rp)
    return total_rp


def _rounded_interest(terms: Terms, exact: Decimal) -> Rupiah:
    return round_rp(exact, terms.round_mode, terms.round_to_rp if terms.round_what == "parts" else 1)


def _level_installment(terms: Terms) -> Decimal:
    """What anuitas pays each time, before rounding; 0 for the others."""
    if terms.method != "annuity":
        return Decimal(0)
    return annuity(terms.principal_rp, period_rate(terms), terms.periods - terms.grace)


def annuity(principal_rp: Rupiah, rate: Decimal, periods: int) -> Decimal:
    """The level payment: P x i / (1 - (1 + i)^-n)."""
    if rate < Decimal("1e-20"):  # less than a rupiah on any loan, and a power too close to 1 to divide by
        return Decimal(principal_rp) / periods
    with localcontext() as context:
        context.prec = 60
        return principal_rp * rate / (1 - (1 + rate) ** -periods)


def _principal(terms: Terms, no: int, balance_rp: Rupiah, interest_rp: Rupiah, level: Decimal) -> Rupiah:
    if no == terms.periods:
        return balance_rp
    if no <= terms.grace:
        return 0
    each = Decimal(terms.principal_rp) / (terms.periods - terms.grace)
    if terms.method == "annuity":
        if terms.round_what == "parts":
            wanted_rp = round_rp(level - interest_rp, terms.round_mode, terms.round_to_rp)
        else:
            wanted_rp = round_rp(level, terms.round_mode, terms.round_to_rp) - interest_rp
    elif terms.round_what == "parts":
        wanted_rp = round_rp(each, terms.round_mode, terms.round_to_rp)
    else:
        wanted_rp = round_rp(each + interest_rp, terms.round_mode, terms.round_to_rp) - interest_rp
    return max(0, min(wanted_rp, balance_rp))


def effective_annual_pct(rows: Sequence[Installment], received_rp: Rupiah, per_year: Decimal) -> Decimal:
    """What the loan really costs: the rate per period that makes the payments worth `received_rp`, times `per_year`.

    Nominal, percent, two decimals; fees taken at disbursement make `received_rp` less than the principal. A flat
    2 % a month over 12 months is 41.7 % a year.
    """
    payments = [row.installment_rp for row in rows]
    if sum(payments) <= received_rp or received_rp <= 0:
        return Decimal("0.00")
    low, high = 0.0, 1.0
    while _worth(payments, high) > received_rp:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _worth(payments, middle) > received_rp else (low, middle)
    return (Decimal(low) * 100 * per_year).quantize(Decimal("0.01"))


def _worth(payments: Sequence[Rupiah], rate: float) -> float:
    # a rate to show, not money: binary fractions do, and are a hundred times faster
    worth = 0.0
    for payment in reversed(payments):
        worth = (worth + payment) / (1 + rate)
    return worth


def periods_per_year(terms: Terms) -> Decimal:
    return Decimal(_PER_YEAR[terms.period]) / terms.every


def fixed_installment(
    principal_rp: Rupiah, rate: Decimal, installment_rp: Rupiah, mode: RoundingMode = "half-up"
) -> list[Installment]:
    """Rows of a payment the member chose, as long as it takes; `rate` is a fraction per period. Raises TermsInvalid."""
    _must(principal_rp > 0 and installment_rp > round_rp(principal_rp * rate, mode), "Angsuran",
          "harus lebih besar dari bunga sebulan, kalau tidak pinjaman tidak pernah lunas.")  # fmt: skip
    rows: list[Installment] = []
    balance_rp = principal_rp
    while balance_rp > 0:
        _must(len(rows) < LONGEST, "Angsuran", f"terlalu kecil: tidak lunas dalam {LONGEST} kali.")
        interest_rp = round_rp(balance_rp * rate, mode)
        paid_rp = min(installment_rp - interest_rp, balance_rp)
        balance_rp -= paid_rp
        rows.append(Installment(len(rows) + 1, None, paid_rp, interest_rp, balance_rp))
    return rows
