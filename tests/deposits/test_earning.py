"""Due days and interest of a deposit, as arithmetic."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.deposits.earning import Terms, add_months, of_months


def terms(placed_on, term=3, payout="monthly", rollover="none", months=0, amount_rp=10_000_000, pct="6"):
    return Terms(
        amount_rp, Decimal(pct), term, payout, rollover, placed_on, add_months(placed_on, term),
        add_months(placed_on, months),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("placed_on", "dues"),
    [
        (date(2026, 1, 31), [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]),
        (date(2028, 1, 30), [date(2028, 2, 29), date(2028, 3, 30), date(2028, 4, 30)]),
        (date(2028, 2, 29), [date(2028, 3, 29), date(2028, 4, 29), date(2028, 5, 29)]),
        (date(2026, 11, 30), [date(2026, 12, 30), date(2027, 1, 30), date(2027, 2, 28)]),
    ],
)
def test_due_days_keep_to_the_day_of_placing(placed_on, dues):
    assert [terms(placed_on, months=n).next_due_on for n in range(3)] == dues
    assert terms(placed_on).matures_on == dues[-1]


def test_interest_at_maturity_comes_once_for_the_whole_term():
    whole = terms(date(2026, 1, 31), payout="maturity")
    assert (whole.next_due_on, whole.interest_due()) == (date(2026, 4, 30), 150_000)


@pytest.mark.parametrize(
    ("on", "accrued"),
    [
        (date(2026, 1, 31), 0),
        (date(2026, 2, 1), 1_644),
        (date(2026, 2, 27), 44_384),
        (date(2026, 2, 28), 50_000),
        (date(2026, 3, 30), 99_315),
    ],
)
def test_a_broken_month_counts_its_days(on, accrued):
    assert terms(date(2026, 1, 31), payout="maturity").accrued(on) == accrued


amounts, percents = st.integers(1, 10**11), st.decimals(0, 24, places=2)


@given(amounts, percents, st.integers(1, 60), st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_the_months_of_a_term_sum_to_the_interest_of_the_term(amount_rp, pct, term, placed_on):
    of_each = [terms(placed_on, term, months=n, amount_rp=amount_rp, pct=pct).interest_due() for n in range(term)]
    assert min(of_each) >= 0
    assert sum(of_each) == of_months(amount_rp, pct, term)


@given(amounts, percents, st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 300))
def test_waiting_longer_never_earns_less(amount_rp, pct, placed_on, days):
    held = terms(placed_on, 12, "maturity", amount_rp=amount_rp, pct=pct)
    day = placed_on + timedelta(days=days)
    assert 0 <= held.accrued(day) <= held.accrued(day + timedelta(days=1))
