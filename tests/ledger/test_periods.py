"""Months: closed and locked from the oldest on, reopened from the newest back, and never raced."""

from datetime import date

import pytest
from sqlalchemy import select

from core.errors import NotAllowed, NotFound
from models.audit import AuditRecord
from models.ledger import JournalEntry
from services.ledger import periods
from services.ledger.refusals import PeriodClosed, PeriodOrder
from tests.crowd import at_once
from tests.ledger.test_posting import book

ACTS = {"close": "ditutup", "reopen": "dibuka", "lock": "dikunci"}


def month(world, number: int) -> int:
    with world.reading() as session:
        return periods.period_of(session, world.bendahara, date(2026, number, 1)).id


def change(world, number: int, act: str, who: str = "ketua") -> str:
    actor = world.actors[who]
    with world.transaction(actor) as session:
        return periods.change(session, actor, month(world, number), act).state


def test_months_close_in_order(any_world):
    with pytest.raises(PeriodOrder, match="Januari 2026 harus ditutup lebih dulu"):
        change(any_world, 2, "close")
    assert [change(any_world, number, "close") for number in (1, 2)] == ["closed", "closed"]


def test_months_reopen_from_the_newest_back(world):
    for number in (1, 2):
        change(world, number, "close")
    with pytest.raises(PeriodOrder, match="Februari 2026 harus dibuka lebih dulu"):
        change(world, 1, "reopen")
    assert [change(world, number, "reopen") for number in (2, 1)] == ["open", "open"]


def test_months_lock_in_order_and_for_good(world):
    for number in (1, 2):
        change(world, number, "close")
    with pytest.raises(PeriodOrder, match="Januari 2026 harus dikunci lebih dulu"):
        change(world, 2, "lock")
    change(world, 1, "lock")
    for act in ACTS:
        with pytest.raises(PeriodOrder, match="terkunci"):
            change(world, 1, act)


def test_an_open_month_is_not_locked_before_it_is_closed(world):
    with pytest.raises(PeriodOrder, match="terbuka"):
        change(world, 1, "lock")


@pytest.mark.parametrize(("act", "who"), [("close", "petugas"), ("reopen", "bendahara"), ("lock", "bendahara")])
def test_who_may_not_is_refused(world, act, who):
    with pytest.raises(NotAllowed):
        change(world, 1, act, who)


def test_the_month_of_the_neighbour_is_not_there(world):
    neighbour, mine = world.other_actors["ketua"], month(world, 1)
    with pytest.raises(NotFound), world.transaction(neighbour) as session:
        periods.change(session, neighbour, mine, "close")


def test_opening_a_year_twice_makes_twelve_months(world):
    with world.transaction() as session:
        assert len(periods.open_year(session, world.bendahara, 2031)) == 12
        assert periods.open_year(session, world.bendahara, 2031) == []


def test_a_closed_month_takes_nothing_until_it_is_reopened(world):
    change(world, 1, "close")
    with pytest.raises(PeriodClosed, match="Januari 2026"):
        book(world, day=date(2026, 1, 31))
    change(world, 1, "reopen")
    assert book(world, day=date(2026, 1, 31)).is_new


def test_ten_bookings_racing_one_closing_leave_nothing_behind_it(any_world):
    """Whoever comes after the closing is refused; whoever came before is in."""
    heads = []

    def close():
        actor = any_world.ketua
        with any_world.transaction(actor) as session:
            periods.change(session, actor, january, "close")
            heads.append(session.query(JournalEntry).filter(JournalEntry.coop_id == any_world.coop.id).count())

    january, day = month(any_world, 1), date(2026, 1, 20)
    posts = [lambda n=n: book(any_world, source=f"race:{n}", day=day) for n in range(10)]
    results = at_once([*posts[:5], close, *posts[5:]])
    refused = [r for r in results if isinstance(r, Exception)]
    assert [type(r) for r in refused] == [PeriodClosed] * len(refused)
    with any_world.reading() as session:
        entries = session.query(JournalEntry).order_by(JournalEntry.seq).all()
    assert len(entries) == 10 - len(refused) == heads[0]
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))


def test_of_two_who_close_at_once_one_is_told_it_is_closed(any_world):
    results = at_once([lambda: change(any_world, 1, "close")] * 2)
    assert sorted(type(r).__name__ for r in results) == ["PeriodOrder", "str"]


def waiting(world, today):
    with world.reading() as session:
        return [period.starts_on.month for period in periods.closable(session, world.bendahara, today)]


def test_only_months_that_ended_wait_to_be_closed(world):
    book(world, day=date(2026, 1, 9))
    assert waiting(world, date(2026, 3, 31)) == [1, 2]


def test_months_before_the_first_entry_close_with_the_first_that_holds_some(any_world):
    assert waiting(any_world, date(2026, 12, 1)) == []
    book(any_world, day=date(2026, 10, 9))
    assert waiting(any_world, date(2026, 12, 1)) == [10, 11]
    with pytest.raises(PeriodOrder):
        change(any_world, 11, "close")
    change(any_world, 10, "close")
    assert waiting(any_world, date(2026, 12, 1)) == [11]
    with any_world.reading() as session:
        closed = session.scalars(select(AuditRecord.subject).where(AuditRecord.action == "ledger.close"))
        assert sorted(closed) == [f"period:2026-{number:02}" for number in range(1, 11)]
    with pytest.raises(PeriodClosed):
        book(any_world, source="late", day=date(2026, 9, 9))
