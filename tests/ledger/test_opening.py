"""Opening balances: balanced, agreeing with the members' own, once, and the months before are shut."""

from datetime import date

import pytest

from core.errors import NotAllowed
from models.coops import Coop
from models.ledger import JournalEntry, Period
from models.savings import SavingsAccount
from services.ledger import balances, checks, opening
from services.ledger.opening import OpeningLine
from services.ledger.refusals import OpeningDiffers, OpeningUnbalanced, PeriodClosed, SourceTaken
from services.members import commands as members
from services.savings import products
from services.savings.commands import OpeningBalance, open_balances
from tests.ledger.test_posting import book

START = date(2025, 12, 31)
FIGURES = {"11011": (1_500_000, 0), "3101": (0, 1_000_000), "2101": (0, 500_000)}


def lines_of(world, session, figures):
    return [OpeningLine(world.account(session, code), *sides) for code, sides in figures.items()]


def open_books(world, figures=FIGURES, *, members_rp=None, as_of=START, source="opening:1"):
    """Siti's pokok and sukarela, and the trial balance over them, in one transaction as the importer does it."""
    with world.transaction() as session:
        who = world.bendahara
        told = members_rp or {"share": 1_000_000, "voluntary": 500_000}
        siti = session.query(members.Member).first()
        kinds = {kind: products.of_kind(session, who, kind) for kind in told}
        open_balances(
            session, who, [OpeningBalance(siti, kinds[kind], amount) for kind, amount in told.items()],
            as_of=as_of, source=source,
        )  # fmt: skip
        sums = {kinds[kind].account_id: amount for kind, amount in told.items()}
        return opening.book(
            session, who, as_of=as_of, lines=lines_of(world, session, figures), members_rp=sums, source=source
        )


@pytest.fixture
def siti(world):
    return world.member()


def test_the_books_start_the_day_after(any_world):
    any_world.member()
    open_books(any_world)
    with any_world.reading() as session:
        assert session.get(Coop, any_world.coop.id).books_start_on == date(2026, 1, 1)
        stood = balances.balances(session, any_world.coop.id, START)
        assert stood[any_world.account(session, "11011")] == 1_500_000
        assert any_world.account(session, "3901") not in stood
    with pytest.raises(PeriodClosed):
        book(any_world, day=START)


def test_what_does_not_balance_is_refused_with_the_difference(world, siti):
    with pytest.raises(OpeningUnbalanced, match="Rp 1"):
        open_books(world, FIGURES | {"11011": (1_500_001, 0)})
    with world.reading() as session:
        assert session.query(JournalEntry).count() == 0
        assert session.get(Coop, world.coop.id).books_start_on is None


def test_an_account_that_differs_from_its_members_is_named(world, siti):
    with pytest.raises(OpeningDiffers, match=r"2101 .*Rp 100\.000 .*Rp 400\.000"):
        open_books(world, members_rp={"share": 1_000_000, "voluntary": 400_000})


def test_the_same_opening_twice_is_booked_once(world, siti):
    first, again = open_books(world), open_books(world)
    assert (first.seq, again.seq, again.is_new) == (1, 1, False)


def test_another_opening_under_the_same_name_is_refused(world, siti):
    open_books(world)
    with pytest.raises(SourceTaken):
        open_books(world, FIGURES | {"11011": (1_400_000, 0), "11021": (100_000, 0)})


def test_books_that_open_in_the_middle_of_a_year_take_nothing_from_before(world, siti):
    open_books(world, as_of=date(2026, 6, 30))
    for day in (date(2026, 1, 15), date(2026, 6, 30)):
        with pytest.raises(PeriodClosed):
            book(world, day=day)
    assert book(world, day=date(2026, 7, 1)).is_new
    with world.reading() as session:
        states = [p.state for p in session.query(Period).order_by(Period.starts_on)]
    assert states == ["closed"] * 6 + ["open"] * 6


def test_only_who_may_opens_the_books(world, siti):
    with pytest.raises(NotAllowed), world.transaction(world.ketua) as session:
        opening.book(session, world.ketua, as_of=START, lines=[], members_rp={}, source="x")


def test_until_the_opening_is_booked_the_difference_says_so_and_what_comes_next(world, siti):
    def bring(session):
        who = world.bendahara
        member, kind = session.query(members.Member).first(), products.of_kind(session, who, "voluntary")
        open_balances(session, who, [OpeningBalance(member, kind, 500_000)], as_of=START, source="opening:1")
        return kind.account_id

    with world.transaction() as session:
        account_id = bring(session)
        found = checks.check_books(session, world.coop.id)
        assert [one.check for one in found] == ["savings_equal_their_control_accounts"]
        assert found[0].waits
        for words in ("Saldo awal belum dibukukan", "Rp 500.000", "Rp 0", "Langkah berikut"):
            assert words in found[0].message
        session.query(SavingsAccount).one().balance_rp += 1
        session.flush()
        assert not any(one.waits for one in checks.check_books(session, world.coop.id))
        session.query(SavingsAccount).one().balance_rp -= 1
        lines = lines_of(world, session, {"11011": (500_000, 0), "2101": (0, 500_000)})
        opening.book(session, world.bendahara, as_of=START, lines=lines, members_rp={account_id: 500_000}, source="o")
        assert checks.check_books(session, world.coop.id) == []
