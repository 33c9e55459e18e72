"""Schedules of ten thousand loans, and what the simulator answers, beside a bare loop over as many rows."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from bench.measure import Result, median, seconds
from services.loans.schedule import Method, Terms, effective_annual_pct, periods_per_year, schedule

LOANS, ROUNDS, ASKED = 10_000, 3, 50
METHODS: tuple[Method, ...] = ("flat", "effective", "annuity")
TERMS = (6, 12, 24, 36)


def run() -> list[Result]:
    """All methods and usual lengths mixed; the simulator compares the three over 60 months with their yearly cost."""
    book = [_terms(METHODS[at % 3], 5_000_000 + at * 1_000, TERMS[at % 4]) for at in range(LOANS)]
    compared = [_terms(method, 25_000_000, 60) for method in METHODS]
    rows = sum(terms.periods for terms in book)
    ours = [seconds(partial(_all, book)) for _ in range(ROUNDS)]
    bare = [seconds(partial(_bare, book)) for _ in range(ROUNDS)]
    answered = [seconds(partial(_compare, compared)) for _ in range(ASKED)]
    plain = [seconds(partial(_bare, compared)) for _ in range(ASKED)]
    return [
        _result("schedules, 10,000 loans", ours, bare, 5, f"{rows:,} rows, {ROUNDS} rounds"),
        _result("simulator, 3 x 60 months", answered, plain, 0.1, f"median of {ASKED}; with the yearly cost of each"),
    ]


def _terms(method: Method, principal_rp: int, periods: int) -> Terms:
    paid_on, first = date(2026, 1, 12), date(2026, 2, 25)
    return Terms(principal_rp, Decimal(1), method, periods, "month", first_due=first, disbursed_on=paid_on)


def _all(book: Sequence[Terms]) -> None:
    for terms in book:
        schedule(terms)


def _compare(compared: Sequence[Terms]) -> None:
    for terms in compared:
        rows = schedule(terms)
        effective_annual_pct(rows, terms.principal_rp, periods_per_year(terms))


def _bare(book: Sequence[Terms]) -> None:
    """As many rows of the simplest kind: equal principal, whole rupiah, nothing checked, no dates."""
    for terms in book:
        balance_rp, each_rp = terms.principal_rp, terms.principal_rp // terms.periods
        rows = []
        for no in range(1, terms.periods + 1):
            interest_rp = balance_rp // 100
            balance_rp -= each_rp
            rows.append((no, each_rp, interest_rp, balance_rp))


def _result(name: str, ours: list[float], bare: list[float], within_s: float, note: str) -> Result:
    mine, peer = median(ours), median(bare)
    return Result(
        name, f"{mine:.3f} s", f"{peer:.3f} s bare loop", mine / peer, note=note, seconds=mine, within_s=within_s
    )
