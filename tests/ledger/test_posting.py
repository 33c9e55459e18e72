"""The one door, and what the database refuses behind it."""

from datetime import date

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError

from models.ledger import JournalEntry, JournalLine
from services.ledger import periods
from services.ledger.chart import Role
from services.ledger.posting import credit, debit, entry_by_seq, post, reverse
from services.ledger.refusals import (
    AlreadyReversed,
    AmountImplausible,
    EntryUnbalanced,
    NoSuchPeriod,
    PeriodClosed,
    SourceTaken,
)
from tests.tripwire import bare_sql

DAY = date(2026, 3, 5)


def book(world, amount_rp=1_000, source="test:1", day=DAY, who=None):
    actor = who or world.bendahara
    with world.transaction(actor) as session:
        return post(
            session,
            actor,
            booked_on=day,
            memo="Pindah kas",
            source=source,
            lines=[debit(Role.BANK, amount_rp), credit(Role.CASH, amount_rp)],
        )


def test_entries_are_numbered_without_gaps_in_their_year(world):
    assert [book(world, source=f"test:{n}").number for n in range(1, 4)] == [1, 2, 3]


def test_the_same_event_twice_is_booked_once(any_world):
    first, again = book(any_world), book(any_world)
    assert (first.seq, first.is_new) == (1, True)
    assert (again.seq, again.is_new) == (1, False)


def test_the_same_event_with_another_amount_is_refused(world):
    book(world)
    with pytest.raises(SourceTaken, match="2026/00001"):
        book(world, amount_rp=2_000)


def test_two_cooperatives_number_and_chain_apart(world):
    mine, theirs = book(world), book(world, who=world.other_actors["bendahara"])
    assert (mine.seq, theirs.seq) == (1, 1)


def test_what_does_not_balance_is_refused_with_the_difference(world):
    with pytest.raises(EntryUnbalanced, match="Rp 500"), world.transaction() as session:
        lines = [debit(Role.BANK, 1_500), credit(Role.CASH, 1_000)]
        post(session, world.bendahara, booked_on=DAY, memo="x", source="s", lines=lines)


def test_sixteen_digits_are_refused(world):
    with pytest.raises(AmountImplausible):
        book(world, amount_rp=10**15)


def test_a_closed_month_takes_no_entry(any_world):
    with any_world.transaction() as session:
        for period in periods.all_periods(session, any_world.bendahara)[::-1][:3]:
            periods.change(session, any_world.bendahara, period.id, "close")
    with pytest.raises(PeriodClosed, match="Maret 2026"):
        book(any_world)
    with pytest.raises(NoSuchPeriod, match="2062"):
        book(any_world, day=date(2062, 1, 1))


def test_a_reversal_mirrors_once(any_world):
    posted = book(any_world)
    with any_world.transaction() as session:
        entry = entry_by_seq(session, any_world.bendahara, posted.seq)
        undone = reverse(session, any_world.bendahara, entry, booked_on=DAY)
        mirrored = entry_by_seq(session, any_world.bendahara, undone.seq)
        assert [(x.debit_rp, x.credit_rp) for x in mirrored.lines] == [(0, 1_000), (1_000, 0)]
        with pytest.raises(AlreadyReversed):
            reverse(session, any_world.bendahara, entry, booked_on=DAY)


@pytest.mark.parametrize("verb", [update, delete])
@pytest.mark.parametrize("table", [JournalEntry.__table__, JournalLine.__table__])
def test_the_database_refuses_to_change_a_posted_line(any_world, verb, table):
    book(any_world)
    statement = verb(table) if verb is delete else update(table).values(memo="lain")
    with pytest.raises(IntegrityError, match="insert-only"), any_world.transaction() as session, bare_sql():
        session.execute(statement)


def raw_line(world, session, **changes):
    cash, bank = world.account(session, "11011"), world.account(session, "11021")
    unit_id = session.connection().exec_driver_sql(f"select id from units where coop_id = {world.coop.id}").scalar()
    row = {
        "coop_id": world.coop.id,
        "entry_seq": 1,
        "position": 1,
        "booked_on": DAY,
        "account_id": cash,
        "unit_id": unit_id,
        "member_id": None,
        "debit_rp": 100,
        "credit_rp": 0,
        "memo": "",
    }
    twin = row | {"position": 2, "account_id": bank, "debit_rp": 0, "credit_rp": 100}
    return [row | changes, twin]


def test_the_database_refuses_lines_without_an_entry(any_world):
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), any_world.transaction() as session:
        session.execute(insert(JournalLine.__table__), raw_line(any_world, session))


def test_the_database_refuses_a_further_line_for_a_sealed_entry(any_world):
    book(any_world)
    with pytest.raises(IntegrityError, match="sealed"), any_world.transaction() as session:
        session.execute(insert(JournalLine.__table__), raw_line(any_world, session, position=3))


def test_the_database_refuses_an_account_of_another_cooperative(any_world):
    with any_world.reading(any_world.other_actors["bendahara"]) as session:
        foreign = any_world.account(session, "11011")
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), any_world.transaction() as session:
        session.execute(insert(JournalLine.__table__), raw_line(any_world, session, account_id=foreign))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"total_rp": 99}, "balance"),
        ({"booked_on": date(2062, 1, 1)}, "balance|period"),
        ({"seq": 2}, "balance|chain"),
        ({"prev_hash": "x"}, "chain"),
        ({"number": 2}, "gap"),
    ],
)
def test_the_database_refuses_an_entry_that_breaks_a_truth(any_world, change, said):
    entry = {
        "coop_id": any_world.coop.id,
        "seq": 1,
        "year": 2026,
        "number": 1,
        "booked_on": DAY,
        "memo": "",
        "voucher_no": "",
        "source": "raw",
        "reverses_seq": None,
        "total_rp": 100,
        "posted_by": any_world.bendahara.user_id,
        "posted_at": __import__("core.clock").clock.now(),
        "content_hash": "",
        "prev_hash": "",
        "hash": "h",
    }
    with pytest.raises(IntegrityError, match=said), any_world.transaction() as session:
        session.execute(insert(JournalLine.__table__), raw_line(any_world, session))
        session.execute(insert(JournalEntry.__table__), [entry | change])


def test_the_database_refuses_a_duplicate_source(any_world):
    book(any_world)
    columns = [column.name for column in JournalEntry.__table__.columns if column.name != "id"]
    copied = {"seq": "2", "number": "2", "prev_hash": "hash", "booked_on": "booked_on"}
    taken = ", ".join(copied.get(name, name) for name in columns)
    with pytest.raises(IntegrityError, match=r"(?i)unique|balance"), any_world.transaction() as session:
        session.connection().exec_driver_sql(
            f"insert into journal_entries ({', '.join(columns)}) select {taken} from journal_entries"
        )


def test_the_database_refuses_a_line_on_a_header_account(any_world):
    with any_world.reading() as session:
        header = any_world.account(session, "1")
    with pytest.raises(IntegrityError, match="header"), any_world.transaction() as session:
        session.execute(insert(JournalLine.__table__), raw_line(any_world, session, account_id=header))


@pytest.mark.parametrize("sides", [(0, 0), (5, 5), (-5, 0), (0, -5)])
def test_the_database_refuses_a_line_that_is_not_one_side(any_world, sides):
    change = dict(zip(("debit_rp", "credit_rp"), sides, strict=True))
    with pytest.raises(IntegrityError, match="one_side"), any_world.transaction() as session:
        session.execute(insert(JournalLine.__table__), raw_line(any_world, session, **change))
