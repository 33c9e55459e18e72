"""Loans as they stood when the books moved in: taken over with their whole schedule, what was paid marked as paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.money import Rupiah
from models.loans import HasTerms, Loan, LoanPayment, LoanProduct
from models.members import Member
from services.audit import trail
from services.loans import schedules
from services.loans.schedule import TermsInvalid

_TERMS = list(HasTerms.__annotations__)


@dataclass(frozen=True)
class OldLoan:
    """A running loan of a member: plafond, term, how many installments are behind it, what principal is left."""

    member: Member
    principal_rp: Rupiah
    term: int
    installments_paid: int
    outstanding_rp: Rupiah
    first_due_on: date
    number: str = ""
    collected_by: str = "payroll"


def take_over(
    session: Session, actor: Actor, loans: Sequence[OldLoan], product: LoanProduct, *, as_of: date, source: str
) -> list[Loan]:
    """Running loans at the start. The opening trial balance carries the control account; see `ledger.opening`.

    The same `source` again makes none. Raises TermsInvalid where what is left is not what the schedule says.
    """
    actor.must("imports.run")
    names = [f"{source}:{old.member.number}:{old.number}" for old in loans]
    known = set(session.scalars(select(Loan.token).where(Loan.token.in_(names))))
    made = []
    for old, name in zip(loans, names, strict=True):
        if name not in known:
            made.append(_take_over(session, actor, old, product, as_of, name))
    session.flush()  # the opening check of this transaction reads them
    trail.record(session, actor, "loans.take_over", "import", count=len(made))
    return made


def _take_over(session: Session, actor: Actor, old: OldLoan, product: LoanProduct, as_of: date, name: str) -> Loan:
    loan = Loan(
        coop_id=actor.coop_id, number=old.number or f"SA/{old.member.number}", token=name, member_id=old.member.id,
        product_id=product.id, state="running", principal_rp=old.principal_rp, asked_rp=old.principal_rp,
        term=old.term, purpose="Pinjaman sebelum buku dimulai", collected_by=old.collected_by, asked_on=as_of,
        disbursed_on=as_of, first_due_on=old.first_due_on, outstanding_rp=old.outstanding_rp,
        created_by=actor.user_id, **{field: getattr(product, field) for field in _TERMS},
    )  # fmt: skip
    loan.member, loan.product = old.member, product
    session.add(loan)
    session.flush()  # the schedule hangs on its id
    rows = schedules.make(session, loan, starts_on=as_of)
    behind = rows[: old.installments_paid]
    for row in behind:
        row.principal_paid_rp, row.interest_paid_rp = row.principal_rp, row.interest_rp
    paid_rp = sum(row.principal_rp for row in behind)
    if old.principal_rp - paid_rp != old.outstanding_rp:
        reason = f"sisa menurut jadwal {old.principal_rp - paid_rp}, menurut berkas {old.outstanding_rp}."
        raise TermsInvalid(field=f"Pinjaman {old.member.number} {old.member.name}", reason=reason)
    if paid_rp:
        session.add(
            LoanPayment(
                coop_id=actor.coop_id, loan_id=loan.id, schedule_no=1, booked_on=as_of, kind="opening",
                principal_rp=paid_rp, interest_rp=sum(row.interest_rp for row in behind), penalty_rp=0, excess_rp=0,
                parts=[[row.no, 0, row.interest_rp, row.principal_rp] for row in behind], memo="Saldo awal",
                source=f"{name}:paid", created_by=actor.user_id,
            )
        )  # fmt: skip
    return loan
