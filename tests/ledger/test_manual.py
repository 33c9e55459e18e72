"""Manual journals and reversals: one asks, another decides, and what was asked is what is booked."""

from datetime import date, timedelta

import pytest
import time_machine

from core.errors import InvalidValue, NotAllowed, NotFound, StateChanged
from models.access import ApprovalRequest, RoleGrant
from models.audit import AuditRecord
from models.ledger import Account, JournalEntry
from services.access.approvals import RequestDiffers, RequestExpired, RequestTampered, SamePerson, pending
from services.access.sign_in import actor_in
from services.approvals import commands as decisions
from services.ledger import manual, periods
from services.ledger.chart import Role, assign_role
from services.ledger.posting import Line
from services.ledger.refusals import (
    AlreadyReversed,
    AmountImplausible,
    ControlAccount,
    EntryIncomplete,
    EntryUnbalanced,
    HeaderAccount,
    PeriodClosed,
    ReversalOfReversal,
    ReversedElsewhere,
    UnknownAccount,
)
from services.savings import products
from services.savings.commands import deposit
from tests.crowd import at_once
from tests.ledger.test_posting import DAY, book
from tests.tripwire import bare_sql


def draft(session, world, *, amount_rp=50_000, codes=("11011", "4105"), token="form", **changes):
    lines = [Line(world.account(session, codes[0]), amount_rp, 0), Line(world.account(session, codes[1]), 0, amount_rp)]
    return manual.JournalDraft(**({"booked_on": DAY, "memo": "Jasa sewa", "lines": lines, "token": token} | changes))


def ask(world, **changes) -> ApprovalRequest:
    with world.transaction() as session:
        return manual.request_journal(session, world.bendahara, draft(session, world, **changes))


def approve(world, request_id: int, who: str = "ketua"):
    actor = world.actors[who]
    with world.transaction(actor) as session:
        return decisions.approve(session, actor, request_id)


def entries(world) -> list[JournalEntry]:
    with world.reading() as session:
        return session.query(JournalEntry).order_by(JournalEntry.seq).all()


def test_what_was_asked_is_booked_line_by_line(world):
    request = ask(world, voucher_no="BK-7")
    assert entries(world) == []
    posted = approve(world, request.id)
    with world.reading() as session:
        entry = session.query(JournalEntry).one()
        assert (entry.seq, entry.memo, entry.voucher_no, entry.posted_by) == (
            posted.seq, "Jasa sewa", "BK-7", world.ketua.user_id,
        )  # fmt: skip
        assert [(x.account.code, x.debit_rp, x.credit_rp) for x in entry.lines] == [
            ("11011", 50_000, 0), ("4105", 0, 50_000),
        ]  # fmt: skip


def both_roles(world):
    """Bendahara made ketua as well: one person who may ask and may approve."""
    with world.database.platform("test", writes=True) as session:
        session.add(RoleGrant(coop_id=world.coop.id, user_id=world.bendahara.user_id, role="ketua"))
    with world.reading() as session:
        return actor_in(session, world.bendahara.user_id, world.coop.id)


def test_who_asked_does_not_decide_whatever_their_rights(world):
    request, both = ask(world), both_roles(world)
    for decide in (decisions.approve, lambda *args: decisions.reject(*args, "tidak")):
        with pytest.raises(SamePerson), world.transaction(both) as session:
            decide(session, both, request.id)
    assert entries(world) == []


@pytest.mark.parametrize("who", ["petugas", "sekretaris", "pengawas", "bendahara"])
def test_only_who_may_approve_decides(world, who):
    with pytest.raises((NotAllowed, SamePerson)):
        approve(world, ask(world).id, who)


def test_a_request_of_the_neighbour_is_not_there(world):
    request, neighbour = ask(world), world.other_actors["ketua"]
    with pytest.raises(NotFound), world.transaction(neighbour) as session:
        decisions.approve(session, neighbour, request.id)


def test_of_five_who_approve_at_once_one_books(any_world):
    request = ask(any_world)
    results = at_once([lambda: approve(any_world, request.id)] * 5)
    losers = [r for r in results if isinstance(r, StateChanged)]
    assert len(losers) == 4
    assert {loser.status for loser in losers} == {409}
    assert "sudah disetujui" in losers[0].sentence
    assert len(entries(any_world)) == 1


def test_a_rejected_request_books_nothing_and_says_why(world):
    request = ask(world)
    with world.transaction(world.ketua) as session:
        decisions.reject(session, world.ketua, request.id, "Bukti belum ada")
    with pytest.raises(StateChanged, match="ditolak"):
        approve(world, request.id)
    with world.reading() as session:
        assert session.get(ApprovalRequest, request.id).reason == "Bukti belum ada"
    assert entries(world) == []


def test_after_seven_days_a_request_expires_and_is_asked_anew(world):
    request = ask(world)
    with time_machine.travel(request.requested_at + timedelta(days=7, minutes=1), tick=False):
        with pytest.raises(RequestExpired):
            approve(world, request.id)
        again = ask(world)
        assert again.id != request.id
        approve(world, again.id)
    assert len(entries(world)) == 1


def test_a_request_changed_behind_its_back_is_refused(world):
    request = ask(world)
    with bare_sql(), world.transaction() as session:
        session.connection().exec_driver_sql(
            "update approval_requests set payload = replace(payload, '50000', '90000')"
        )
    with pytest.raises(RequestTampered):
        approve(world, request.id)
    assert entries(world) == []


def test_the_second_click_is_the_same_request_even_when_it_was_decided(world):
    first, again = ask(world), ask(world)
    assert first.id == again.id
    approve(world, first.id)
    assert ask(world).id == first.id
    assert len(entries(world)) == 1


def test_the_same_form_with_other_figures_is_refused(world):
    ask(world)
    with pytest.raises(RequestDiffers, match="menunggu"):
        ask(world, amount_rp=60_000)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"memo": " "}, InvalidValue),
        ({"lines": []}, EntryIncomplete),
        ({"codes": ("1", "4105")}, HeaderAccount),
        ({"codes": ("11011", "2101")}, ControlAccount),
        ({"amount_rp": 10**15}, AmountImplausible),
        ({"amount_rp": 0}, EntryIncomplete),
        ({"amount_rp": -5}, EntryIncomplete),
    ],
)
def test_what_cannot_be_booked_is_not_even_asked(world, change, refusal):
    with pytest.raises(refusal):
        ask(world, **change)


def test_an_unbalanced_journal_is_told_by_how_much(world):
    with pytest.raises(EntryUnbalanced, match=r"selisih Rp 1\b"), world.transaction() as session:
        accounts = world.account(session, "11011"), world.account(session, "4105")
        lines = [Line(accounts[0], 10, 0), Line(accounts[1], 0, 9)]
        manual.request_journal(session, world.bendahara, draft(session, world, lines=lines))


def test_an_account_of_the_neighbour_is_unknown(world):
    with world.reading(world.other_actors["bendahara"]) as session:
        foreign = world.account(session, "11011")
    with pytest.raises(UnknownAccount), world.transaction() as session:
        lines = [Line(foreign, 10, 0), Line(world.account(session, "4105"), 0, 10)]
        manual.request_journal(session, world.bendahara, draft(session, world, lines=lines))


def test_a_request_is_checked_again_when_it_is_approved(world):
    """Between asking and approving the account became one that members' balances stand on; or the month closed."""
    taken = ask(world, codes=("11011", "2109"), token="a")
    off = ask(world, codes=("11011", "4105"), token="b")
    late = ask(world, token="c", booked_on=date(2026, 1, 5))
    with world.transaction() as session:
        products.save(
            session, world.bendahara, code="BERJANGKA", name="Berjangka", kind="voluntary",
            account_id=world.account(session, "2109"),
        )  # fmt: skip
        session.query(Account).filter(Account.code == "4105").update({"is_active": False})
        january = periods.period_of(session, world.bendahara, date(2026, 1, 5))
        periods.change(session, world.bendahara, january.id, "close")
    for request, refusal in ((taken, ControlAccount), (off, UnknownAccount), (late, PeriodClosed)):
        with pytest.raises(refusal):
            approve(world, request.id)
    with world.reading() as session:
        assert len(pending(session, world.ketua)) == 3
    assert entries(world) == []


def reversal(world, seq: int, reason: str = "Salah akun", day: date = DAY) -> ApprovalRequest:
    with world.transaction() as session:
        return manual.request_reversal(session, world.bendahara, seq, booked_on=day, reason=reason)


def test_a_reversal_is_asked_approved_and_done_once(world):
    book(world)
    request = reversal(world, 1)
    approve(world, request.id)
    mirrored = entries(world)[1]
    assert (mirrored.reverses_seq, mirrored.total_rp) == (1, 1_000)
    with pytest.raises(AlreadyReversed):
        reversal(world, 1)
    with pytest.raises(ReversalOfReversal):
        reversal(world, 2)


def test_a_reversal_needs_a_reason_and_an_open_month(world):
    book(world)
    with pytest.raises(InvalidValue):
        reversal(world, 1, reason=" ")
    with world.transaction(world.ketua) as session:
        january = periods.period_of(session, world.ketua, date(2026, 1, 5))
        periods.change(session, world.ketua, january.id, "close")
    with pytest.raises(PeriodClosed):
        reversal(world, 1, day=date(2026, 1, 5))


def test_an_entry_of_the_savings_desk_is_undone_there(world):
    member_id, product_id = world.member(), world.product("voluntary")
    with world.transaction(world.petugas) as session:
        deposit(
            session, world.petugas, member_id=member_id, product_id=product_id, amount_rp=9_000, booked_on=DAY,
            token="t",
        )  # fmt: skip
    with pytest.raises(ReversedElsewhere, match="menu Simpanan"):
        reversal(world, 1)


def test_every_step_is_in_the_trail(world):
    approve(world, ask(world).id)
    with world.reading() as session:
        steps = [(r.action, r.user_id) for r in session.query(AuditRecord) if r.action.startswith("ledger.journal")]
    assert steps == [
        ("ledger.journal.ask", world.bendahara.user_id),
        ("ledger.journal.approve", world.ketua.user_id),
    ]


def test_a_role_given_to_another_account_counts_from_now_on(world):
    book(world)
    with world.transaction() as session:
        petty = session.query(Account).filter(Account.code == "11012").one()
        assign_role(session, world.bendahara, Role.CASH, petty)
    book(world, source="test:2")
    with world.reading() as session:
        codes = [e.lines[1].account.code for e in session.query(JournalEntry).order_by(JournalEntry.seq)]
    assert codes == ["11011", "11012"]
