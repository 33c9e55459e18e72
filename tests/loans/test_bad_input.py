"""What does not fit a loan's state, its limits, its days or an open month is refused, and leaves no trace."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from core.actor import Actor
from core.errors import InvalidValue, Refusal
from models.loans import Loan, LoanDecision
from services.approvals import commands as approvals
from services.ledger import periods
from services.ledger.refusals import NoSuchPeriod, PeriodClosed
from services.loans import adjustments, applications, disbursement, documents, provisioning, repayment
from services.loans.refusals import (
    AmountOutside,
    DecidedAlready,
    LoanWrongState,
    PaidBeforeDisbursed,
    PaymentInvalid,
    PaysTooMuch,
    TermOutside,
)
from services.loans.repayment import Payment
from services.loans.states import LABELS
from tests.admin_panel.story import picture
from tests.conftest import World
from tests.loans import story
from tests.loans.test_corners import nothing_changes

DAY, LATER = date(2026, 2, 12), date(2026, 12, 20)
Act = Callable[[Any, Actor, int], Any]


def did(world: World, who: Actor, act: Act, loan_id: int) -> Any:
    with world.transaction(who) as session:
        return act(session, who, loan_id)


def analyse(session: Any, who: Actor, loan_id: int, principal_rp: Any = 12_000_000, term: Any = 12) -> Any:
    on = story.ASKED
    return applications.analyse(session, who, loan_id, on=on, principal_rp=principal_rp, term=term, note="")


def decide(session: Any, who: Actor, loan_id: int, approved: bool = True) -> Any:
    return applications.decide(session, who, loan_id, approved=approved, on=story.ASKED, note="sudah dibahas")


def cancel(session: Any, who: Actor, loan_id: int) -> Any:
    return applications.cancel(session, who, loan_id, reason="tidak jadi")


def disburse(session: Any, who: Actor, loan_id: int, paid_on: date = DAY, due_on: date = date(2026, 3, 12)) -> Any:
    payout = disbursement.preview(session, who, loan_id, paid_on=paid_on, first_due_on=due_on)
    return disbursement.disburse(session, who, payout)


def pay(session: Any, who: Actor, loan_id: int) -> Any:
    return repayment.pay(session, who, Payment(loan_id, 1_000, DAY, f"pay-{loan_id}"))


def settle(session: Any, who: Actor, loan_id: int, on: date = DAY, token: str = "end") -> Any:
    return repayment.settle(session, who, repayment.quote(session, who, loan_id, on=on), token=token)


def new_terms(session: Any, who: Actor, loan_id: int) -> Any:
    wanted = adjustments.NewTerms(loan_id, LATER, date(2027, 1, 20), 24, Decimal(1), "sakit")
    return adjustments.request_restructure(session, who, wanted)


def write_off(session: Any, who: Actor, loan_id: int, on: date = LATER) -> Any:
    return adjustments.request_write_off(session, who, loan_id, on=on, reason="hilang")


def recover(session: Any, who: Actor, loan_id: int, amount_rp: Any = 1_000, on: date = LATER) -> Any:
    told = {"loan_id": loan_id, "amount_rp": amount_rp, "paid_on": on, "token": f"back-{loan_id}"}
    return adjustments.recover(session, who, **told)


ACTS: dict[str, tuple[Act, str, set[str]]] = {
    "submit": (applications.submit, "petugas", {"draft"}),
    "analyse": (analyse, "bendahara", {"asked"}),
    "decide": (decide, "ketua", {"analysed"}),
    "cancel": (cancel, "petugas", {"draft", "asked", "analysed", "approved"}),
    "disburse": (disburse, "bendahara", {"approved"}),
    "pay": (pay, "petugas", {"running"}),
    "settle": (settle, "petugas", {"running"}),
    "new terms": (new_terms, "bendahara", {"running"}),
    "write off": (write_off, "bendahara", {"running"}),
    "recover": (recover, "petugas", {"written_off"}),
}


def in_every_state(world: World) -> dict[str, int]:
    """One loan in each state there is."""
    product_id = story.product(world)
    found = {}
    for state in ("asked", "analysed", "rejected", "cancelled"):
        found[state] = story.asked(world, story.saver(world, state), product_id)
    for state in ("analysed", "rejected"):
        did(world, world.bendahara, analyse, found[state])
        did(world, world.bendahara, lambda *a, yes=state != "rejected": decide(*a, approved=yes), found[state])
    did(world, world.petugas, cancel, found["cancelled"])
    found["approved"] = story.approved(world, story.saver(world, "approved"), product_id)
    for state in ("running", "settled", "written_off"):
        found[state] = story.disbursed(world, story.saver(world, state, 20_000_000), product_id)
    did(world, world.petugas, settle, found["settled"])
    with world.transaction(world.bendahara) as session:
        provisioning.book(
            session, world.bendahara, provisioning.preview(session, world.bendahara, LATER.replace(day=1))
        )
        request_id = write_off(session, world.bendahara, found["written_off"]).id
    with world.transaction(world.ketua) as session:
        approvals.approve(session, world.ketua, request_id)
    wants = story.product(world, documents=("Slip gaji",))
    found["draft"] = story.asked(world, story.saver(world, "draft"), wants)
    return found


def test_what_does_not_fit_the_state_is_refused_by_name(world, tmp_path):
    loans = in_every_state(world)
    assert set(loans) == set(LABELS)
    with world.reading() as session:
        assert {state: session.get_one(Loan, loan_id).state for state, loan_id in loans.items()} == {
            s: s for s in loans
        }
    with world.transaction() as session:  # its paper is in: only the state stands against what follows
        paper = documents.Paper("Slip gaji", picture())
        documents.add(session, world.bendahara, loans["draft"], paper, tmp_path)
    for name, (act, role, fitting) in ACTS.items():
        for state in set(loans) - fitting:
            with nothing_changes(world, LoanWrongState):
                did(world, world.actors[role], act, loans[state])
                pytest.fail(f"{name} on {state}")
    for state in ("rejected", "cancelled", "running", "settled", "written_off"):
        with nothing_changes(world, LoanWrongState), world.transaction() as session:
            documents.add(session, world.bendahara, loans[state], documents.Paper("KTP", picture()), tmp_path)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"principal_rp": 0}, AmountOutside), ({"principal_rp": 12_000_001}, AmountOutside),
        ({"principal_rp": -1}, AmountOutside), ({"principal_rp": 1.5}, AmountOutside),
        ({"principal_rp": True}, AmountOutside), ({"term": 0}, TermOutside), ({"term": 37}, TermOutside),
        ({"term": -12}, TermOutside), ({"term": 2.5}, TermOutside),
    ],
)  # fmt: skip
def test_an_analysis_cannot_propose_nonsense(world, change, refusal):
    loan_id = story.asked(world, story.saver(world), story.product(world))
    with nothing_changes(world, refusal):
        did(world, world.bendahara, lambda *a: analyse(*a, **change), loan_id)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"asked_rp": True}, AmountOutside), ({"asked_rp": 10**15}, AmountOutside), ({"term": 2.5}, TermOutside),
        ({"term": -1}, TermOutside), ({"salary_rp": 1.5}, InvalidValue), ({"other_debts_rp": -1}, InvalidValue),
        ({"other_debts_rp": 10**15}, InvalidValue),
    ],
)  # fmt: skip
def test_a_wish_in_odd_numbers_is_refused(world, change, refusal):
    product_id, siti = story.product(world), story.saver(world)
    with nothing_changes(world, refusal):
        story.asked(world, siti, product_id, **change)


@pytest.mark.parametrize(
    ("paid_on", "due_on", "refusal"),
    [
        (DAY, DAY, InvalidValue), (DAY, date(2026, 2, 11), InvalidValue), (date(2026, 1, 9), DAY, InvalidValue),
        (date(2031, 1, 5), date(2031, 2, 5), NoSuchPeriod),
    ],
)  # fmt: skip
def test_a_loan_is_not_paid_out_on_an_impossible_day(world, paid_on, due_on, refusal):
    loan_id = story.approved(world, story.saver(world), story.product(world))
    with nothing_changes(world, refusal):
        did(world, world.bendahara, lambda *a: disburse(*a, paid_on, due_on), loan_id)


def test_money_is_not_booked_back_into_a_closed_month(world):
    product_id = story.product(world)
    approved = story.approved(world, story.saver(world), product_id)
    running = story.disbursed(world, story.saver(world, "Budi"), product_id)
    with world.transaction(world.bendahara) as session:
        for month in periods.closable(session, world.bendahara, date(2026, 3, 5)):
            periods.change(session, world.bendahara, month.id, "close")
    for who, act, loan_id in (
        (world.bendahara, disburse, approved), (world.petugas, pay, running), (world.petugas, settle, running),
    ):  # fmt: skip
        with nothing_changes(world, PeriodClosed):
            did(world, who, act, loan_id)
    with nothing_changes(world, PaidBeforeDisbursed):
        did(world, world.petugas, lambda *a: settle(*a, on=date(2026, 1, 11)), running)


def test_writing_off_and_recovering_keep_their_days(world):
    loan_id = in_every_state(world)["written_off"]
    for amount_rp, refusal in ((0, PaymentInvalid), (-1, PaymentInvalid), (1.5, PaymentInvalid),
                               (12_000_001, PaysTooMuch)):  # fmt: skip
        with nothing_changes(world, refusal):
            did(world, world.petugas, lambda *a, rp=amount_rp: recover(*a, amount_rp=rp), loan_id)
    with nothing_changes(world, InvalidValue):
        did(world, world.petugas, lambda *a: recover(*a, on=date(2026, 12, 19)), loan_id)
    with nothing_changes(world, NoSuchPeriod):
        did(world, world.petugas, lambda *a: recover(*a, on=date(2031, 1, 1)), loan_id)


def test_a_write_off_agreed_after_its_month_closed_is_refused_whole(world):
    loan_id = story.disbursed(world, story.saver(world, saved_rp=20_000_000), story.product(world))
    with world.transaction(world.bendahara) as session:
        provisioning.book(
            session, world.bendahara, provisioning.preview(session, world.bendahara, LATER.replace(day=1))
        )
        request_id = write_off(session, world.bendahara, loan_id).id
    with world.transaction(world.ketua) as session:
        for month in periods.closable(session, world.ketua, date(2027, 1, 5)):
            periods.change(session, world.ketua, month.id, "close")
    with nothing_changes(world, PeriodClosed), world.transaction(world.ketua) as session:
        approvals.approve(session, world.ketua, request_id)


def test_the_second_click_of_every_button(world):
    product_id = story.product(world)
    loan_id = story.asked(world, story.saver(world), product_id)
    clicks: list[tuple[Actor, Act, type[Refusal]]] = [
        (world.bendahara, analyse, LoanWrongState), (world.bendahara, decide, DecidedAlready),
        (world.ketua, decide, LoanWrongState), (world.bendahara, disburse, LoanWrongState),
    ]  # fmt: skip
    for who, act, refusal in clicks:
        did(world, who, act, loan_id)
        with nothing_changes(world, refusal):
            did(world, who, act, loan_id)
    with world.reading() as session:
        assert session.query(LoanDecision).count() == 2
        offered = repayment.quote(session, world.petugas, loan_id, on=DAY)
    slips = set()
    for _ in range(2):
        with world.transaction(world.petugas) as session:
            slips.add(repayment.settle(session, world.petugas, offered, token="end").id)
    assert len(slips) == 1
    with nothing_changes(world, LoanWrongState):
        did(world, world.petugas, lambda *a: settle(*a, token="again"), loan_id)
    other = story.asked(world, story.saver(world, "Budi"), product_id)
    did(world, world.petugas, cancel, other)
    with nothing_changes(world, LoanWrongState):
        did(world, world.petugas, cancel, other)


def test_a_settled_loan_cannot_be_made_to_owe_behind_the_books(world):
    """The database itself refuses what no command does."""
    loan_id = story.disbursed(world, story.saver(world), story.product(world))
    for values in ({"outstanding_rp": -1}, {"outstanding_rp": 12_000_001}, {"state": "settled"}, {"state": "gone"}):
        with pytest.raises(Exception, match=r"(?i)check"), world.transaction() as session:
            session.execute(update(Loan).where(Loan.id == loan_id).values(**values))
