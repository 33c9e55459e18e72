"""Jasa simpanan: worked cases, the tax with its cliff, a month booked once, missed months in order."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidValue, NotAllowed, NotFound
from models.ledger import JournalEntry
from models.savings import InterestRun, SavingsAccount, SavingsMovement, SavingsProduct
from services.ledger import balances
from services.ledger.refusals import PeriodClosed
from services.savings import commands, interest_runs, products, taxation
from services.savings.interest import TaxRule, daily_balances, days_in, of_month, spread
from services.savings.refusals import InterestBooked, InterestOutOfOrder, MonthNotOver, PreviewStale
from services.settings import dated
from tests.crowd import outcomes

CASES = {case["id"]: case for case in json.loads(Path("tests/data/cases/domain.json").read_text("utf-8"))}
JAN, FEB, MARCH, TODAY = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 2)
USUAL = TaxRule(240_000, Decimal(10))


def test_a_passbook_of_one_month_earns_as_published():
    case = CASES["V02_one_month_passbook"]
    moves = [(date(2026, int(day[:2]), int(day[3:])), amount) for day, amount in case["inputs"]["movements"]]
    days = daily_balances(0, moves, JAN)
    assert sorted(set(days)) == sorted(set(case["expected"]["balances"]))
    assert min(days) == case["expected"]["lowest"]
    assert of_month("lowest", days, Decimal(3)) == case["expected"]["interest_lowest"]
    assert of_month("average", days, Decimal(3)) == of_month("daily", days, Decimal(3)) == 4_747
    assert of_month("none", days, Decimal(3)) == 0
    assert of_month("daily", days[:1], Decimal(3)) == case["expected"]["interest_first_day"]


def test_a_published_average_that_cannot_be_is_corrected():
    segments = CASES["V04_daily_average_BAD"]["inputs"]["segments"]
    days = [balance for balance, length in segments for _ in range(length)]
    assert sum(days) // len(days) == 5_685_000
    assert of_month("average", days, Decimal(6)) == 28_036


def test_the_tax_is_a_cliff_and_rounds_down():
    case = CASES["V07_pph_final_member_interest"]
    assert [USUAL.on(amount) for amount in case["inputs"]["monthly_interest"]] == [0, 0, 24_000, 30_000]
    assert USUAL.more(240_000, 0, 1) == 24_000
    assert USUAL.more(300_000, 30_000, 10) == 1


@pytest.mark.parametrize(("month_on", "days"), [(date(2026, 2, 1), 28), (date(2028, 2, 1), 29), (JAN, 31)])
def test_a_month_has_its_days_and_a_leap_day_earns(month_on, days):
    assert days_in(month_on) == days
    assert of_month("daily", daily_balances(36_500_000, [], month_on), Decimal(1)) == 1_000 * days


amounts = st.integers(-(10**10), 10**10)


@given(st.lists(st.tuples(st.integers(1, 28), amounts), max_size=30), st.integers(0, 10**11),
       st.decimals(0, 24, places=2))  # fmt: skip
def test_interest_is_never_negative_and_lowest_never_above_daily(moves, opening_rp, rate):
    days = daily_balances(opening_rp, [(date(2026, 2, day), amount) for day, amount in moves], FEB)
    assert days[-1] == opening_rp + sum(amount for _, amount in moves)
    lowest, average, daily = (of_month(method, days, rate) for method in ("lowest", "average", "daily"))
    assert 0 <= lowest <= daily == average


@given(st.lists(st.integers(0, 10**11), min_size=1, max_size=31), st.decimals(0, 24, places=2))
def test_the_days_one_by_one_sum_to_the_month(days, rate):
    exact = sum(Decimal(day) * rate / 36500 for day in days)
    assert abs(of_month("daily", days, rate) - exact) <= Decimal("0.501")


@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 10**9)), min_size=1, max_size=6), st.data())
def test_a_tax_over_several_accounts_leaves_none_below_zero(accounts, data):
    interest = [earned for earned, _ in accounts]
    room = [earned + held for earned, held in accounts]
    tax_rp = data.draw(st.integers(0, sum(room)))
    parts = spread(tax_rp, interest, room)
    assert sum(parts) == tax_rp
    assert all(0 <= part <= most for part, most in zip(parts, room, strict=True))


# booked


def earning(world, method="daily", pct="6", kind="voluntary", since=JAN):
    with world.transaction(world.bendahara) as session:
        product = session.get_one(SavingsProduct, world.product(kind))
        products.save(
            session, world.bendahara, code=product.code, name=product.name, kind=product.kind,
            account_id=product.account_id, amount_rp=product.amount_rp, product_id=product.id,
            interest_method=method, interest_pct=Decimal(pct), interest_from=since,
        )  # fmt: skip


def move(world, member_id, amount_rp, on, kind="voluntary"):
    act = commands.deposit if amount_rp > 0 else commands.withdraw
    with world.transaction(world.petugas) as session:
        act(session, world.petugas, member_id=member_id, product_id=world.product(kind), amount_rp=abs(amount_rp),
            booked_on=on, token=f"{member_id}{kind}{on}{amount_rp}")  # fmt: skip


def preview(world, month_on, today=TODAY):
    with world.reading() as session:
        return interest_runs.preview(session, world.bendahara, month_on, today=today)


def book(world, run, today=TODAY):
    with world.transaction(world.bendahara) as session:
        return interest_runs.book(session, world.bendahara, run, today=today)


def on_account(world, code):
    with world.reading() as session:
        account_id = world.account(session, code)
        return balances.balances(session, world.coop.id, date(2026, 12, 31), account_ids=[account_id]).get(
            account_id, 0
        )


def saved(world, member_id):
    with world.reading() as session:
        return sum(a.balance_rp for a in session.query(SavingsAccount).filter(SavingsAccount.member_id == member_id))


def test_a_month_is_one_entry_and_each_member_gets_theirs(world):
    earning(world)
    siti, budi = world.member(), world.member("Budi Santoso")
    move(world, siti, 36_500_000, date(2026, 1, 11))
    move(world, budi, 73_000_000, date(2026, 1, 6))
    move(world, budi, -73_000_000, date(2026, 1, 31))
    run = preview(world, JAN)
    assert {line.name: line.interest_rp for line in run.lines} == {
        "Siti Aminah": 6_000 * 21,
        "Budi Santoso": 12_000 * 25,
    }
    assert run.tax_rp == 30_000  # Budi's 300.000 lies above the limit, Siti's does not
    assert (run.lines[0].lowest_rp, run.booked_on) == (0, date(2026, 1, 31))
    book(world, run)
    assert (saved(world, siti), saved(world, budi)) == (36_626_000, 270_000)
    assert (on_account(world, "2114"), on_account(world, "5101")) == (-30_000, 426_000)
    with world.reading() as session:
        entries = session.query(JournalEntry).filter(JournalEntry.source.startswith("savings-interest:")).all()
        assert [(entry.booked_on, entry.total_rp) for entry in entries] == [(date(2026, 1, 31), 456_000)]
        assert session.query(SavingsMovement).filter(SavingsMovement.kind == "tax").one().amount_rp == -30_000


def test_lowest_balance_and_nothing_for_nothing(world):
    earning(world, method="lowest")
    siti = world.member()
    move(world, siti, 36_500_000, date(2026, 1, 11))
    run = preview(world, JAN)
    assert run.lines == ()
    book(world, run)
    with world.reading() as session:
        row = session.query(InterestRun).filter(InterestRun.month_on == JAN).one()
        assert (row.interest_rp, row.entry_seq) == (0, None)
    assert preview(world, FEB).interest_rp == 6_000 * 28


def test_booking_a_month_again_is_refused(world):
    earning(world)
    move(world, world.member(), 10_000_000, date(2026, 1, 6))
    run = preview(world, JAN)
    book(world, run)
    for again in (lambda: preview(world, JAN), lambda: book(world, run)):
        with pytest.raises(InterestBooked):
            again()


def test_what_changed_since_the_preview_is_refused(world):
    earning(world)
    siti = world.member()
    move(world, siti, 10_000_000, date(2026, 1, 6))
    run = preview(world, JAN)
    move(world, siti, 10_000_000, date(2026, 1, 8))
    with pytest.raises(PreviewStale):
        book(world, run)


def test_missed_months_come_in_order_and_earn_on_what_came_before(world):
    earning(world)
    move(world, world.member(), 36_500_000, date(2026, 1, 31))
    with world.reading() as session:
        assert interest_runs.months_waiting(session, world.bendahara, today=TODAY) == [JAN, FEB, MARCH]
    with pytest.raises(InterestOutOfOrder, match="Januari 2026"):
        preview(world, MARCH)
    earned = []
    for month_on in (JAN, FEB, MARCH):
        run = preview(world, month_on)
        book(world, run)
        earned.append(run.interest_rp)
    # 6.000 a day; from January's last day on the interest itself earns, too
    assert earned == [6_000, 168_028, 186_887]
    with world.reading() as session:
        assert interest_runs.months_waiting(session, world.bendahara, today=TODAY) == []


def test_a_month_that_is_not_over_is_not_counted(world):
    earning(world)
    with pytest.raises(MonthNotOver):
        preview(world, MARCH, today=date(2026, 3, 31))
    assert preview(world, JAN, today=date(2026, 2, 1)).lines == ()


def test_a_product_earns_from_the_month_it_begins_and_not_for_the_time_it_did_not(world):
    earning(world, since=FEB)
    with world.reading() as session:
        assert interest_runs.months_waiting(session, world.bendahara, today=TODAY) == [FEB, MARCH]
    book(world, preview(world, FEB))
    earning(world, method="none", pct="0")
    earning(world, since=date(2026, 6, 1))
    with world.reading() as session:
        assert interest_runs.months_waiting(session, world.bendahara, today=date(2026, 7, 1)) == [date(2026, 6, 1)]


def test_two_products_share_a_members_tax(world):
    earning(world)
    earning(world, kind="mandatory")
    siti = world.member()
    move(world, siti, 36_500_000, date(2026, 1, 6))
    move(world, siti, 36_500_000, date(2026, 1, 6), kind="mandatory")
    run = preview(world, JAN)
    assert (run.interest_rp, run.tax_rp) == (312_000, 31_200)
    assert [line.tax_rp for line in run.lines] == [15_600, 15_600]
    book(world, run)
    with world.reading() as session:
        had = taxation.had(session, world.coop.id, JAN)
    assert had[siti] == taxation.Had(312_000, 31_200)


def test_who_left_gets_none_and_a_closed_month_takes_none(world):
    from models.ledger import Period
    from services.loans import exits

    earning(world)
    siti = world.member()
    move(world, siti, 36_500_000, date(2026, 1, 6))
    with world.transaction(world.ketua) as session:
        leaving = exits.preview(session, world.ketua, siti, on=date(2026, 1, 30))
        exits.settle(session, world.ketua, leaving, left_on=date(2026, 1, 30), reason="pindah")
    assert preview(world, JAN).lines == ()
    move(world, world.member("Budi"), 10_000_000, date(2026, 1, 20))
    run = preview(world, JAN)
    with world.transaction(world.bendahara) as session:
        session.query(Period).filter(Period.starts_on == JAN).one().state = "closed"
    with pytest.raises(PeriodClosed):
        book(world, run)


def test_a_changed_limit_holds_from_its_day(world):
    earning(world)
    move(world, world.member(), 36_500_000, date(2026, 1, 6))
    with world.transaction(world.ketua) as session:
        dated.decide(session, world.ketua, "savings.tax_free_rp", "100000", effective_on=FEB)
    run = preview(world, JAN)
    assert run.tax_rp == 0
    book(world, run)
    assert preview(world, FEB).tax_rp == 16_871


def test_terms_are_checked_and_a_generous_rate_is_told(world):
    for method, pct in (("weekly", "6"), ("daily", "-1"), ("daily", "100.5"), ("daily", "NaN"), ("daily", "1.1234567")):
        with pytest.raises(InvalidValue):
            earning(world, method=method, pct=pct)
    with world.reading() as session:
        assert products.too_generous(session, world.coop.id, Decimal("9.5"), JAN) == 9
        assert products.too_generous(session, world.coop.id, Decimal(9), JAN) is None


def test_only_who_may_books_and_the_neighbour_has_its_own(world):
    earning(world)
    move(world, world.member(), 10_000_000, date(2026, 1, 6))
    with pytest.raises(NotAllowed), world.reading(world.petugas) as session:
        interest_runs.preview(session, world.petugas, JAN, today=TODAY)
    neighbour = world.other_actors["bendahara"]
    with pytest.raises(NotFound), world.reading(neighbour) as session:
        interest_runs.preview(session, neighbour, JAN, today=TODAY)
    book(world, preview(world, JAN))
    with world.reading(neighbour) as session:
        assert interest_runs.history(session, neighbour) == []


def test_twenty_bookings_of_a_month_book_once(any_world):
    world = any_world
    earning(world)
    siti = world.member()
    move(world, siti, 36_500_000, date(2026, 1, 6))
    run = preview(world, JAN)
    booked = outcomes([lambda: len(book(world, run))] * 20)
    assert sorted(map(str, booked)) == ["1", *["savings.interest_booked"] * 19]
    assert saved(world, siti) == 36_656_000
