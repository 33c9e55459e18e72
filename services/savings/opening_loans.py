"""Loans as they stood when the books moved in: kept per member, proved against the loans account by the checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.money import Rupiah
from models.members import Member
from models.savings import OpeningLoan
from services.savings.refusals import AmountInvalid


@dataclass(frozen=True)
class LoanTaken:
    """What was lent, for how many months, how many installments are paid, what is left of the principal."""

    principal_rp: Rupiah
    term_months: int
    installments_paid: int
    outstanding_rp: Rupiah


def take_over(session: Session, actor: Actor, loans: Sequence[tuple[Member, LoanTaken]], *, as_of: date) -> int:
    """Keep members' loans at the start; one that is kept already stays. Returns how many are new.

    Raises AmountInvalid.
    """
    actor.must("imports.run")
    held = set(session.scalars(select(OpeningLoan.member_id))) if loans else set()
    new = [(member, loan) for member, loan in loans if member.id not in held]
    for member, loan in new:
        if not 0 <= loan.outstanding_rp <= loan.principal_rp:
            raise AmountInvalid(amount=loan.outstanding_rp)
        session.add(
            OpeningLoan(
                coop_id=actor.coop_id,
                member_id=member.id,
                as_of=as_of,
                principal_rp=loan.principal_rp,
                term_months=loan.term_months,
                installments_paid=loan.installments_paid,
                outstanding_rp=loan.outstanding_rp,
            )
        )
    session.flush()  # the opening check of this transaction reads them
    return len(new)
