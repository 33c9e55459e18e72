"""What is known of loans: one of them, a member's, those that wait, those that are due. No writes."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from core.actor import Actor
from core.errors import NotFound
from core.money import Rupiah
from models.loans import Loan, LoanDecision, LoanInstallment, LoanPayment
from models.savings import Receipt


def loan(session: Session, actor: Actor, loan_id: int) -> Loan:
    """A loan the actor may see: any at the desk, their own as a member. Raises NotFound."""
    found = session.get(Loan, loan_id)
    if found is None or not (actor.may("loans.view") or _own(actor, found)):
        raise NotFound(what="Pinjaman")
    return found


def by_public_id(session: Session, actor: Actor, public_id: uuid.UUID) -> Loan:
    """As `loan`, by the id that programs know. Raises NotFound."""
    found = session.scalars(select(Loan).where(Loan.public_id == public_id)).first()
    return loan(session, actor, found.id if found else 0)


def _own(actor: Actor, found: Loan) -> bool:
    return actor.may("own.view") and actor.member_id is not None and found.member_id == actor.member_id


def locked(session: Session, actor: Actor, loan_id: int) -> Loan:
    """As `loan`, held until the transaction ends: two payments of one loan take turns."""
    loan(session, actor, loan_id)
    return held(session, loan_id)


def held(session: Session, loan_id: int) -> Loan:
    """A loan for a command that has judged already whether the actor may: held until the transaction ends."""
    query = select(Loan).where(Loan.id == loan_id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one()


def of_member(session: Session, actor: Actor, member_id: int) -> list[Loan]:
    """A member's loans, newest first. Raises NotFound for somebody else's."""
    if not (actor.may("loans.view") or (actor.may("own.view") and actor.member_id == member_id)):
        raise NotFound(what="Anggota")
    query = select(Loan).where(Loan.member_id == member_id).order_by(Loan.asked_on.desc(), Loan.id.desc())
    return list(session.scalars(query.options(selectinload(Loan.product))))


def waiting(session: Session, actor: Actor, *states: str) -> list[Loan]:
    """Loans in these states, the longest waiting first."""
    actor.must("loans.view")
    query = select(Loan).where(Loan.state.in_(states)).order_by(Loan.asked_on, Loan.id)
    return list(session.scalars(query.options(selectinload(Loan.member), selectinload(Loan.product))))


def installments(session: Session, loan: Loan, schedule_no: int | None = None) -> list[LoanInstallment]:
    """The rows of the schedule in force (or an earlier one), in order."""
    query = select(LoanInstallment).where(
        LoanInstallment.loan_id == loan.id, LoanInstallment.schedule_no == (schedule_no or loan.schedule_no)
    )
    return list(session.scalars(query.order_by(LoanInstallment.no)))


_OPEN = or_(
    LoanInstallment.principal_paid_rp < LoanInstallment.principal_rp,
    LoanInstallment.interest_paid_rp + LoanInstallment.waived_rp < LoanInstallment.interest_rp,
    LoanInstallment.penalty_paid_rp < LoanInstallment.penalty_rp,
)


def installments_of(
    session: Session, loans: Sequence[Loan], *, until: date | None = None, open_only: bool = False
) -> dict[int, list[LoanInstallment]]:
    """The schedules in force of many loans, by loan id, in few questions: all rows, due until a day, or open."""
    by_loan: dict[int, list[LoanInstallment]] = {one.id: [] for one in loans}
    current = {one.id: one.schedule_no for one in loans}
    ids = sorted(by_loan)
    for start in range(0, len(ids), 500):
        query = select(LoanInstallment).where(LoanInstallment.loan_id.in_(ids[start : start + 500]))
        if until is not None:
            query = query.where(LoanInstallment.due_on <= until)
        if open_only:
            query = query.where(_OPEN)
        for row in session.scalars(query.order_by(LoanInstallment.loan_id, LoanInstallment.no)):
            if row.schedule_no == current[row.loan_id]:
                by_loan[row.loan_id].append(row)
    return by_loan


def payments(session: Session, loan: Loan) -> list[LoanPayment]:
    """Everything paid on a loan, in order."""
    query = select(LoanPayment).where(LoanPayment.loan_id == loan.id)
    return list(session.scalars(query.order_by(LoanPayment.booked_on, LoanPayment.id)))


def receipt_ids(session: Session, loan: Loan) -> dict[str, int]:
    """Kuitansi of a loan's payments: id by the payment's source."""
    sources = select(LoanPayment.source).where(LoanPayment.loan_id == loan.id)
    query = select(Receipt.source, Receipt.id).where(Receipt.member_id == loan.member_id, Receipt.source.in_(sources))
    return {row.source: row.id for row in session.execute(query)}


def decisions(session: Session, loan: Loan) -> list[LoanDecision]:
    """Who decided what, in order."""
    query = select(LoanDecision).where(LoanDecision.loan_id == loan.id).order_by(LoanDecision.step)
    return list(session.scalars(query.options(selectinload(LoanDecision.decider))))


@dataclass(frozen=True)
class NextDue:
    """What a borrower wants to know first. `amount_rp` holds everything late and the next installment."""

    due_on: date
    amount_rp: Rupiah
    late_rp: Rupiah
    late_count: int


def next_due(rows: Sequence[LoanInstallment], on: date) -> NextDue | None:
    """The next payment of a running loan as of a day; None when everything is paid."""
    unpaid = [row for row in rows if row.left_rp]
    if not unpaid:
        return None
    late = [row for row in unpaid if row.due_on < on]
    coming = next((row for row in unpaid if row.due_on >= on), None)
    late_rp = sum(row.left_rp for row in late)
    due_on = coming.due_on if coming else unpaid[-1].due_on
    return NextDue(due_on, late_rp + (coming.left_rp if coming else 0), late_rp, len(late))
