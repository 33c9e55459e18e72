"""Loans that began outside these books, or were paid out before they were typed in.

Taken over: a running loan with its whole schedule, what was paid marked as paid. Paid out: a loan that an office has
disbursed, booked on its day with the fee it took.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import rupiah
from core.money import Rupiah
from models.loans import HasTerms, Loan, LoanPayment, LoanProduct
from models.members import Member
from services.audit import trail
from services.ledger.chart import Role
from services.ledger.posting import Posting, credit, debit, post_many
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
        scheduled, told = rupiah(old.principal_rp - paid_rp), rupiah(old.outstanding_rp)
        reason = f"sisa menurut jadwal {scheduled}, menurut berkas {told}."
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


@dataclass(frozen=True)
class PaidOut:
    """A loan an office has decided and disbursed; `fee_rp` is what it kept back (provisi)."""

    member: Member
    number: str
    principal_rp: Rupiah
    asked_rp: Rupiah
    term: int
    fee_rp: Rupiah
    asked_on: date
    decided_on: date
    paid_on: date
    first_due_on: date
    purpose: str = ""
    collected_by: str = "payroll"


def book_paid_out(
    session: Session, actor: Actor, loans: Sequence[PaidOut], product: LoanProduct, *, cash: Role | int = Role.BANK
) -> list[Loan]:
    """Book loans in the order given, all or none; one whose number is known is passed over. Raises as `post_many`."""
    actor.must("imports.run")
    numbers = [one.number for one in loans]
    known = set(session.scalars(select(Loan.number).where(Loan.number.in_(numbers))))
    made = [_paid_out(session, actor, one, product) for one in loans if one.number not in known]
    session.flush()  # entries and schedules name their ids
    post_many(session, actor, [_payout_entry(loan, cash) for loan in made])
    for loan in made:
        schedules.make(session, loan, starts_on=loan.disbursed_on or loan.asked_on)
    trail.record(session, actor, "loans.paid_out", "import", count=len(made))
    return made


def _paid_out(session: Session, actor: Actor, one: PaidOut, product: LoanProduct) -> Loan:
    loan = Loan(
        coop_id=actor.coop_id, number=one.number, token=f"import:loan:{one.number}", member_id=one.member.id,
        product_id=product.id, state="running", principal_rp=one.principal_rp, asked_rp=one.asked_rp, term=one.term,
        purpose=one.purpose[:200], collected_by=one.collected_by, asked_on=one.asked_on, decided_on=one.decided_on,
        disbursed_on=one.paid_on, first_due_on=one.first_due_on, outstanding_rp=one.principal_rp, fee_rp=one.fee_rp,
        created_by=actor.user_id, **{field: getattr(product, field) for field in _TERMS},
    )  # fmt: skip
    loan.member, loan.product = one.member, product
    session.add(loan)
    return loan


def _payout_entry(loan: Loan, cash: Role | int) -> Posting:
    assert loan.disbursed_on is not None
    net_rp = loan.principal_rp - loan.fee_rp
    lines = [
        debit(loan.product.account_id, loan.principal_rp, member_id=loan.member_id),
        credit(cash, net_rp),
        *([credit(Role.LOAN_FEE_INCOME, loan.fee_rp, member_id=loan.member_id)] if loan.fee_rp else []),
    ]
    memo = f"Pencairan pinjaman {loan.number} {loan.member.name}"
    return Posting(loan.disbursed_on, memo, f"loan:{loan.id}:disbursed", lines, loan.number)
