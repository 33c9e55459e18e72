"""A member leaves: paid what is theirs less what they owe, once, exactly as it was shown."""

from datetime import date

import pytest

from core.errors import NotAllowed
from models.ledger import JournalEntry
from models.loans import Loan
from models.members import Member
from models.savings import Receipt
from services.ledger import opening
from services.ledger.opening import OpeningLine
from services.ledger.refusals import PeriodClosed
from services.loans import exits, history
from services.members import commands as members
from services.members.refusals import ExitInDebt, WrongState
from services.savings.refusals import NotMember, PreviewStale
from tests.crowd import at_once
from tests.savings.test_desk import DAY, balance, move


def preview(world, member_id, day=DAY):
    with world.reading(world.ketua) as session:
        return exits.preview(session, world.ketua, member_id, on=day, forgive_interest=True)


def settle(world, settlement, day=DAY) -> Receipt | None:
    with world.transaction(world.ketua) as session:
        return exits.settle(session, world.ketua, settlement, left_on=day, reason="Pindah kota", forgive_interest=True)


def lend(world, member_id, outstanding_rp) -> None:
    """A loan from before, in the opening balances as the importer books them."""
    who = world.bendahara
    with world.transaction() as session:
        member = session.get_one(Member, member_id)
        taken = history.LoanTaken(9_000_000, 24, 3, outstanding_rp)
        history.take_over(session, who, [(member, taken)], as_of=date(2025, 12, 31))
        loans, capital = world.account(session, "11051"), world.account(session, "3201")
        opening.book(
            session, who, as_of=date(2025, 12, 31), members_rp={loans: outstanding_rp}, source="opening",
            lines=[OpeningLine(loans, outstanding_rp, 0), OpeningLine(capital, 0, outstanding_rp)],
        )  # fmt: skip


@pytest.fixture
def siti(any_world):
    """Siti with Rp 350.000 in three kinds of savings."""
    member_id = any_world.member()
    for kind, amount_rp in (("share", 200_000), ("mandatory", 100_000), ("voluntary", 50_000)):
        move(any_world, member_id, kind, amount_rp, kind)
    return member_id


def test_everything_saved_is_paid_out_in_one_entry(any_world, siti):
    shown = preview(any_world, siti)
    assert (shown.rights_rp, shown.loan_rp, shown.paid_rp) == (350_000, 0, 350_000)
    receipt = settle(any_world, shown)
    assert (receipt.amount_rp, receipt.is_payment_in) == (350_000, False)
    with any_world.reading() as session:
        assert members.get(session, any_world.ketua, siti).state == "left"
        entry = session.query(JournalEntry).order_by(JournalEntry.seq.desc()).first()
        assert len(entry.lines) == 4
    assert [balance(any_world, siti, kind) for kind in ("share", "mandatory", "voluntary")] == [0, 0, 0]


def test_of_five_who_settle_at_once_one_pays(any_world, siti):
    shown = preview(any_world, siti)
    results = at_once([lambda: settle(any_world, shown)] * 5)
    assert sorted(type(r).__name__ for r in results) == ["Receipt"] + ["WrongState"] * 4


def test_money_that_moved_since_is_shown_again(any_world, siti):
    shown = preview(any_world, siti)
    move(any_world, siti, "voluntary", 10_000, "later")
    with pytest.raises(PreviewStale):
        settle(any_world, shown)


def test_a_loan_is_taken_off(world):
    siti = world.member()
    lend(world, siti, 120_000)
    move(world, siti, "share", 200_000, "a")
    shown = preview(world, siti)
    assert (shown.loan_rp, shown.paid_rp) == (120_000, 80_000)
    assert settle(world, shown).amount_rp == 80_000
    with world.reading() as session:
        assert session.query(Loan).one().outstanding_rp == 0


def test_a_loan_as_large_as_the_savings_leaves_nothing_to_pay(world):
    siti = world.member()
    lend(world, siti, 200_000)
    move(world, siti, "share", 200_000, "a")
    assert settle(world, preview(world, siti)).amount_rp == 0


def test_who_owes_more_stays(world):
    siti = world.member()
    lend(world, siti, 300_000)
    move(world, siti, "share", 200_000, "a")
    with pytest.raises(ExitInDebt, match=r"Rp 100\.000"):
        settle(world, preview(world, siti))
    assert balance(world, siti, "share") == 200_000


def test_who_saved_nothing_leaves_without_an_entry(world):
    siti = world.member()
    assert settle(world, preview(world, siti)) is None
    with pytest.raises(WrongState):
        preview(world, siti)


def test_a_closed_month_keeps_the_member(world):
    from services.ledger import periods

    siti = world.member()
    move(world, siti, "share", 200_000, "a")
    with world.transaction() as session:
        january = periods.period_of(session, world.bendahara, date(2026, 1, 1))
        periods.change(session, world.bendahara, january.id, "close")
    with pytest.raises(PeriodClosed):
        settle(world, preview(world, siti), date(2026, 1, 9))
    with world.reading() as session:
        assert members.get(session, world.ketua, siti).state == "active"


def test_who_left_saves_no_more(any_world, siti):
    settle(any_world, preview(any_world, siti))
    with pytest.raises(NotMember, match="sudah keluar"):
        move(any_world, siti, "voluntary", 10_000, "late")


def test_the_desk_alone_lets_nobody_go(world):
    siti = world.member()
    with pytest.raises(NotAllowed), world.reading(world.petugas) as session:
        exits.preview(session, world.petugas, siti, on=DAY)
