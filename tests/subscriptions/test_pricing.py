"""Proration by hand: days of the paid time, whole rupiah, what was paid comes off."""

from datetime import date

import pytest

from models.subscriptions import DiscountCode, Plan, SubscriptionInvoice
from services.subscriptions import plans, pricing

SMALL = Plan(code="rintisan", name="Rintisan", monthly_rp=99_000, yearly_rp=990_000, limits={}, features=[])
BIG = Plan(code="tumbuh", name="Tumbuh", monthly_rp=249_000, yearly_rp=2_490_000, limits={}, features=[])


def paid(first, last, total_rp=99_000, *, period="month", kind="term", plan=SMALL):
    return SubscriptionInvoice(
        kind=kind, plan=plan, period=period, starts_on=first, ends_on=last, total_rp=total_rp
    )  # fmt: skip


JUNE = paid(date(2026, 6, 1), date(2026, 6, 30))
JULY = paid(date(2026, 7, 1), date(2026, 7, 31))
FEBRUARY = paid(date(2028, 2, 1), date(2028, 2, 29))
YEAR = paid(date(2026, 1, 1), date(2026, 12, 31), 990_000, period="year")
HALF = paid(date(2026, 6, 1), date(2026, 6, 30), 49_500)
STEP = paid(date(2026, 6, 11), date(2026, 6, 30), 100_000, kind="upgrade", plan=BIG)
HUGE = Plan(code="maju", name="Maju", monthly_rp=599_000, yearly_rp=5_990_000, limits={}, features=[])


@pytest.mark.parametrize(
    ("terms", "plan", "on", "amounts"),
    [
        ([JUNE], BIG, date(2026, 6, 1), [249_000, -99_000]),  # the whole month
        ([JUNE], BIG, date(2026, 6, 16), [124_500, -49_500]),  # 15 of 30
        ([JUNE], BIG, date(2026, 6, 30), [8_300, -3_300]),  # the last day
        ([JULY], BIG, date(2026, 7, 21), [88_355, -35_129]),  # 11 of 31: 88.354,84 and 35.129,03
        ([FEBRUARY], BIG, date(2028, 2, 29), [8_586, -3_414]),  # 1 of 29: 8.586,2 and 3.413,8
        ([YEAR], BIG, date(2026, 7, 1), [1_255_233, -499_068]),  # 184 of 365: 1.255.232,88 and 499.068,49
        ([HALF], BIG, date(2026, 6, 16), [124_500, -24_750]),  # what was paid comes off, not what it would have cost
        ([JUNE, JULY], BIG, date(2026, 6, 21), [83_000, 249_000, -33_000, -99_000]),  # paid ahead
        ([JUNE, STEP], HUGE, date(2026, 6, 21), [199_667, -33_000, -50_000]),  # 10 of 30; an upgrade of 20 days
        ([paid(date(2026, 6, 1), date(2026, 6, 30), 900_000)], BIG, date(2026, 6, 1), [249_000, -249_000]),
    ],
)
def test_an_upgrade_by_days(terms, plan, on, amounts):
    price = pricing.of_upgrade(plan, terms, on)
    assert [line.amount_rp for line in price.lines] == amounts
    assert price.total_rp == sum(amounts) >= 0


def test_every_line_says_what_it_is():
    lines = [line.label for line in pricing.of_upgrade(BIG, [JUNE], date(2026, 6, 16)).lines]
    assert lines == [
        "Paket Tumbuh, 15 dari 30 hari (16 Juni 2026 sampai 30 Juni 2026)",
        "Sisa paket Rintisan yang sudah dibayar, 15 dari 30 hari (16 Juni 2026 sampai 30 Juni 2026)",
    ]


@pytest.mark.parametrize(
    ("code", "total_rp"),
    [({"percent": 50}, 49_500), ({"percent": 33}, 66_330), ({"percent": 100}, 0), ({"off_rp": 150_000}, 0)],
)
def test_a_code_never_makes_a_price_negative(code, total_rp):
    price = pricing.of_term(SMALL, "month", DiscountCode(code="AWAL", **code))
    assert price.total_rp == total_rp


def test_a_year_counts_as_a_twelfth_rounded_half_up():
    assert plans.monthly_rp(SMALL, "year") == 82_500
    assert plans.monthly_rp(Plan(monthly_rp=1, yearly_rp=18), "year") == 2  # 1,5
    assert plans.monthly_rp(BIG, "month") == 249_000
