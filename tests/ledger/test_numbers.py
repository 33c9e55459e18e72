"""Numbers without gaps and one entry per event, whoever is at the till at the same moment."""

from datetime import date

import pytest

from models.ledger import JournalEntry, JournalLine
from models.transaction import TenantViolation
from services.ledger import periods
from services.ledger.chart import Role
from services.ledger.posting import Line, Posting, credit, debit, post, post_many, reverse
from services.ledger.refusals import EntryIncomplete, ReversalOfReversal, RoleUnmapped, SourceTaken
from tests.crowd import at_once
from tests.ledger.test_posting import DAY, book

LINES = [debit(Role.BANK, 1_000), credit(Role.CASH, 1_000)]


def numbers(world) -> list[tuple[int, int, int]]:
    with world.reading() as session:
        return [(e.seq, e.year, e.number) for e in session.query(JournalEntry).order_by(JournalEntry.seq)]


def test_each_year_counts_from_one_while_the_chain_goes_on(any_world):
    with any_world.transaction() as session:
        periods.open_year(session, any_world.bendahara, 2027)
        days = [date(2026, 12, 31), date(2027, 1, 1), date(2026, 12, 30), date(2027, 12, 31)]
        post_many(session, any_world.bendahara, [Posting(day, "x", f"s:{n}", LINES) for n, day in enumerate(days)])
    assert numbers(any_world) == [(1, 2026, 1), (2, 2027, 1), (3, 2026, 2), (4, 2027, 2)]


def test_five_tills_at_once_leave_no_gap(any_world):
    def till(name):
        for n in range(6):
            book(any_world, source=f"{name}:{n}")

    assert at_once([lambda name=name: till(name) for name in "abcde"]) == [None] * 5
    assert numbers(any_world) == [(n, 2026, n) for n in range(1, 31)]


def test_one_event_fifty_times_in_ten_threads_is_one_entry(any_world):
    def click():
        return [book(any_world, source="event").seq for _ in range(5)]

    assert at_once([click] * 10) == [[1] * 5] * 10
    assert numbers(any_world) == [(1, 2026, 1)]


def test_of_ten_who_say_the_same_event_differently_one_is_believed(any_world):
    results = at_once([lambda n=n: book(any_world, amount_rp=1_000 + n, source="event") for n in range(10)])
    assert sorted(type(r).__name__ for r in results) == ["Posted"] + ["SourceTaken"] * 9
    assert len(numbers(any_world)) == 1


@pytest.mark.parametrize(
    "change", [{"memo": "lain"}, {"voucher_no": "BK-2"}, {"booked_on": date(2026, 3, 6)}, {"lines": LINES[::-1]}]
)
def test_the_same_event_with_any_other_content_is_refused(world, change):
    first = {"booked_on": DAY, "memo": "x", "voucher_no": "BK-1", "lines": LINES, "source": "event"}
    with world.transaction() as session:
        post(session, world.bendahara, **first)
    with pytest.raises(SourceTaken), world.transaction() as session:
        post(session, world.bendahara, **(first | change))


def test_a_failed_booking_takes_no_number(world):
    with pytest.raises(RuntimeError), world.transaction() as session:
        post(session, world.bendahara, booked_on=DAY, memo="x", source="lost", lines=LINES)
        raise RuntimeError
    assert book(world).number == 1


NO_ENTRY = [
    [],
    [debit(Role.CASH, 0), credit(Role.BANK, 0)],
    [debit(Role.CASH, -5), credit(Role.BANK, -5)],
    [Line(Role.CASH, 5, 5), Line(Role.BANK, 5, 5)],
]


@pytest.mark.parametrize("lines", NO_ENTRY)
def test_what_is_no_entry_is_refused(world, lines):
    with pytest.raises(EntryIncomplete), world.transaction() as session:
        post(session, world.bendahara, booked_on=DAY, memo="x", source="s", lines=lines)


def test_a_role_nobody_plays_is_named(world):
    from models.ledger import AccountRole

    with world.transaction() as session:
        session.query(AccountRole).filter(AccountRole.role == "bank").delete()
    with pytest.raises(RoleUnmapped, match="bank"):
        book(world)


def test_a_reversal_is_not_reversed(world):
    posted = book(world)
    with world.transaction() as session:
        undone = reverse(session, world.bendahara, session.query(JournalEntry).one(), booked_on=DAY)
        entry = session.query(JournalEntry).filter(JournalEntry.seq == undone.seq).one()
        with pytest.raises(ReversalOfReversal):
            reverse(session, world.bendahara, entry, booked_on=DAY)
    assert posted.seq == entry.reverses_seq


def test_of_five_who_reverse_at_once_one_does(any_world):
    book(any_world)

    def undo(n):
        with any_world.transaction() as session:
            entry = session.query(JournalEntry).filter(JournalEntry.seq == 1).one()
            return reverse(session, any_world.bendahara, entry, booked_on=DAY, memo=f"kali {n}").seq

    results = at_once([lambda n=n: undo(n) for n in range(5)])
    assert sorted(map(str, map(type, results))) == sorted(
        ["<class 'int'>"] + ["<class 'services.ledger.refusals.AlreadyReversed'>"] * 4
    )


def test_the_actor_of_one_cooperative_does_not_book_in_another(world):
    with pytest.raises(TenantViolation), world.transaction(world.bendahara) as session:
        post(session, world.other_actors["bendahara"], booked_on=DAY, memo="x", source="s", lines=LINES)


def test_a_second_unit_has_its_own_lines(world):
    from services.coops.commands import add_unit

    with world.transaction() as session:
        unit = add_unit(session, world.bendahara, code="usp", name="Unit simpan pinjam")
        lines = [debit(Role.BANK, 700, unit_id=unit.id), credit(Role.CASH, 700)]
        post(session, world.bendahara, booked_on=DAY, memo="x", source="s", lines=lines)
        units = [line.unit.code for line in session.query(JournalLine).order_by(JournalLine.position)]
    assert units == ["USP", "PUSAT"]
