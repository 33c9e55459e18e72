"""Monthly bills: shown for every member, made once, paid oldest first, and unpaid again by an undoing."""

from datetime import date

import pytest

from core.errors import InvalidValue, NotAllowed, NotFound
from models.savings import SavingsBill
from services.savings import bills, products, queries
from services.savings.refusals import BillsWrongMonth, PreviewStale
from tests.crowd import at_once
from tests.savings.test_desk import move, undo

TODAY = date(2026, 3, 20)
JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))


def preview(world, month_on=MARCH, who="bendahara", product_id=None, today=TODAY):
    actor = world.actors[who]
    with world.reading(actor) as session:
        wanted = product_id or products.of_kind(session, actor, "mandatory").id
        return bills.preview(session, actor, product_id=wanted, month_on=month_on, today=today)


def book(world, run) -> int:
    with world.transaction() as session:
        return bills.book(session, world.bendahara, run, today=TODAY)


def paid(world, member_id) -> list[int]:
    """What was paid of each bill, the oldest first."""
    with world.reading() as session:
        found = session.query(SavingsBill).filter(SavingsBill.member_id == member_id).order_by(SavingsBill.month_on)
        return [bill.paid_rp for bill in found]


@pytest.fixture
def owing(world):
    """Siti owes wajib of Rp 100.000 for January to March."""
    siti = world.member()
    for month_on in (JANUARY, FEBRUARY, MARCH):
        book(world, preview(world, month_on))
    return siti


def test_everybody_who_is_a_member_by_then_is_billed(any_world):
    any_world.member("Siti"), any_world.member("Joko", joined_on=date(2026, 3, 31))
    any_world.member("Dewi", joined_on=date(2026, 4, 1))
    run = preview(any_world)
    assert [line.name for line in run.lines] == ["Siti", "Joko"]
    assert (run.total_rp, run.already) == (200_000, 0)
    assert book(any_world, run) == 2
    again = preview(any_world)
    assert (again.lines, again.already) == ((), 2)


def test_looking_makes_no_bill(world):
    siti = world.member()
    preview(world)
    assert paid(world, siti) == []


def test_what_changed_since_it_was_shown_is_refused(world):
    world.member()
    run = preview(world)
    world.member("Joko")
    with pytest.raises(PreviewStale):
        book(world, run)
    dearer = preview(world)
    with world.transaction() as session:
        products.of_kind(session, world.bendahara, "mandatory").amount_rp = 150_000
    with pytest.raises(PreviewStale):
        book(world, dearer)


def test_the_second_click_makes_no_second_bill(any_world):
    siti, run = any_world.member(), preview(any_world)
    results = at_once([lambda: book(any_world, run)] * 6)
    assert sorted(map(str, results))[0] == "1"
    assert [type(r) for r in results if r != 1] == [PreviewStale] * 5
    assert paid(any_world, siti) == [0]


@pytest.mark.parametrize(("month_on", "today"), [(date(2026, 5, 1), TODAY), (date(2027, 2, 1), date(2026, 12, 9))])
def test_a_month_far_ahead_is_not_billed(world, month_on, today):
    with pytest.raises(BillsWrongMonth, match="bulan depan"):
        preview(world, month_on, today=today)


def test_only_what_is_due_monthly_is_billed(world):
    with pytest.raises(NotFound):
        preview(world, product_id=world.product("voluntary"))
    with pytest.raises(NotAllowed):
        preview(world, who="petugas", product_id=1)


def test_the_oldest_bill_is_paid_first_and_may_be_paid_in_part(world, owing):
    move(world, owing, "mandatory", 130_000, "a")
    assert paid(world, owing) == [100_000, 30_000, 0]
    move(world, owing, "mandatory", 100_000, "b")
    assert paid(world, owing) == [100_000, 100_000, 30_000]
    with world.reading(world.petugas) as session:
        assert queries.unpaid(session, world.petugas) == (1, 70_000)
        states = [bills.state(b) for b in session.query(SavingsBill).order_by(SavingsBill.month_on)]
    assert states == ["lunas", "lunas", "sebagian"]


def test_more_than_is_owed_is_savings_all_the_same(world, owing):
    receipt = move(world, owing, "mandatory", 350_000, "a")
    assert (paid(world, owing), receipt.balance_after_rp) == ([100_000] * 3, 350_000)


def test_another_kind_of_saving_pays_no_bill(world, owing):
    move(world, owing, "voluntary", 500_000, "a")
    assert paid(world, owing) == [0, 0, 0]


def test_an_undone_payment_is_owed_again(world, owing):
    move(world, owing, "mandatory", 100_000, "a")
    undo(world, move(world, owing, "mandatory", 130_000, "b"))
    assert paid(world, owing) == [100_000, 0, 0]


def test_undoing_an_overpayment_leaves_what_others_paid(world, owing):
    """Of 250.000 only 100.000 met a bill: no more than that is owed again."""
    move(world, owing, "mandatory", 200_000, "a")
    undo(world, move(world, owing, "mandatory", 250_000, "b"))
    assert paid(world, owing) == [100_000, 100_000, 0]


def test_undoing_savings_from_before_any_bill_touches_none(world):
    siti = world.member()
    early = move(world, siti, "mandatory", 100_000, "early")
    book(world, preview(world))
    move(world, siti, "mandatory", 100_000, "march")
    undo(world, early)
    assert paid(world, siti) == [100_000]


def test_a_waived_bill_is_owed_no_more(world, owing):
    with world.transaction() as session:
        first = session.query(SavingsBill).order_by(SavingsBill.month_on).first()
        with pytest.raises(InvalidValue):
            bills.waive(session, world.bendahara, first.id, reason=" ")
        bills.waive(session, world.bendahara, first.id, reason="Sakit lama")
    move(world, owing, "mandatory", 100_000, "a")
    assert paid(world, owing) == [0, 100_000, 0]
    with world.reading(world.petugas) as session:
        assert queries.unpaid(session, world.petugas) == (1, 100_000)


def test_a_bill_of_the_neighbour_is_not_there(world, owing):
    who = world.other_actors["bendahara"]
    with pytest.raises(NotFound), world.transaction(who) as session:
        bills.waive(session, who, 1, reason="x")
