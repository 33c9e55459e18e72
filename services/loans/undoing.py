"""Undoing the last payment of a loan: books, installments, state, schedule, and the savings it came from."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import InvalidValue, NotFound
from models.loans import Loan, LoanInstallment, LoanPayment
from models.savings import SavingsMovement
from services.audit import trail
from services.ledger.posting import entry_by_seq, reverse
from services.loans import queries
from services.loans.refusals import (
    NotLatestPayment,
    PaymentUndone,
)
from services.loans.states import move
from services.savings import commands as savings
from services.savings.commands import CashMovement

UNDOABLE = {"payment", "savings", "settlement"}
"""Kinds of payment that the desk made one by one; the rest is undone with the run it came from."""


def undo(session: Session, actor: Actor, payment_id: int, *, booked_on: date, reason: str) -> LoanPayment:
    """Undo the last payment of a loan with its mirror image: books, installments, state, schedule.

    Raises PaymentUndone, NotLatestPayment (later ones first; payroll and top-ups are undone with their run), as `post`.
    """
    actor.must("loans.reverse")
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu alasan pembatalan.")
    original = session.get(LoanPayment, payment_id)
    if original is None:
        raise NotFound(what="Pembayaran")
    loan = queries.locked(session, actor, original.loan_id)
    made = queries.payments(session, loan)
    undone = {payment.reverses_id for payment in made}
    if original.id in undone or original.kind == "reversal":
        raise PaymentUndone()
    if booked_on < original.booked_on:
        raise InvalidValue(field="Tanggal pembatalan", reason="tidak boleh sebelum tanggal pembayarannya.")
    standing = [p for p in made if p.kind != "reversal" and p.id not in undone]
    renewed = any(part[0] == 0 for part in original.parts)
    is_last = max(standing, key=lambda p: p.id) is original and loan.schedule_no == original.schedule_no + renewed
    if original.kind not in UNDOABLE or not is_last:
        raise NotLatestPayment()
    entry = entry_by_seq(session, actor, original.entry_seq or 0)
    posted = reverse(session, actor, entry, booked_on=booked_on, memo=f"Pembatalan {entry.memo}: {reason.strip()}")
    if original.kind == "savings":
        _give_back(session, actor, loan, original, booked_on, posted.seq)
    if loan.state == "settled":
        move(session, loan, "running", ended_on=None)
    loan.outstanding_rp += original.principal_rp
    if renewed:  # the schedule that this payment made was never in force
        for row in queries.installments(session, loan):
            session.delete(row)
        loan.schedule_no = original.schedule_no
        session.flush()  # the rows below are those of the schedule the payment met
    _take_off(queries.installments(session, loan), original)
    undoing = LoanPayment(
        coop_id=actor.coop_id, loan_id=loan.id, schedule_no=loan.schedule_no, booked_on=booked_on, kind="reversal",
        principal_rp=-original.principal_rp, interest_rp=-original.interest_rp, penalty_rp=-original.penalty_rp,
        excess_rp=-original.excess_rp, parts=[[p[0], -p[1], -p[2], -p[3]] for p in original.parts],
        memo=f"Pembatalan: {reason.strip()}"[:200], source=f"loan-undo:{original.id}", reverses_id=original.id,
        entry_seq=posted.seq, created_by=actor.user_id,
    )  # fmt: skip
    session.add(undoing)
    trail.record(session, actor, "loans.undo", f"loan:{loan.id}", payment=original.id, reason=reason)
    session.flush()  # the caller shows its id
    return undoing


def _give_back(
    session: Session, actor: Actor, loan: Loan, original: LoanPayment, booked_on: date, entry_seq: int
) -> None:
    """The member's savings as they were before they paid an installment."""
    taken = select(SavingsMovement).where(SavingsMovement.source == f"{original.source}:savings")
    out = session.scalars(taken).one()
    back = CashMovement(loan.member, out.account.product, -out.amount_rp, booked_on,
                        f"loan-undo:{original.id}:savings", f"Pembatalan angsuran {loan.number}")  # fmt: skip
    savings.record(session, actor, [back], entry_seq)


def _take_off(rows: Sequence[LoanInstallment], original: LoanPayment) -> None:
    by_no = {row.no: row for row in rows}
    for no, penalty_rp, interest_rp, principal_rp in original.parts:
        if no:
            by_no[no].penalty_paid_rp -= penalty_rp
            by_no[no].interest_paid_rp -= interest_rp
            by_no[no].principal_paid_rp -= principal_rp
    if original.kind == "settlement":
        for row in rows:
            row.waived_rp = 0
