"""What interest a member has had in a month over all savings, time deposits with them, and what was withheld of it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from core.money import Rupiah
from models.deposits import DepositMovement, TimeDeposit
from models.savings import SavingsAccount, SavingsMovement
from services.savings.interest import TaxRule, month_end
from services.settings import dated


@dataclass(frozen=True)
class Had:
    """Gross interest of a member's month so far, and the tax taken from it."""

    interest_rp: Rupiah = 0
    tax_rp: Rupiah = 0


def rule(session: Session, coop_id: int, on: date) -> TaxRule:
    """The tax as it holds on a day."""
    free_rp = dated.whole(session, coop_id, "savings.tax_free_rp", on)
    return TaxRule(free_rp, dated.percent(session, coop_id, "savings.tax_pct", on))


def had(session: Session, coop_id: int, month_on: date, *, member_id: int | None = None) -> dict[int, Had]:
    """By member: interest of savings and of deposits booked in the month. What a penalty took back does not count."""
    first, last = month_on.replace(day=1), month_end(month_on.replace(day=1))
    sums: dict[int, list[Rupiah]] = {}
    for holder, interest_rp, tax_rp in (
        *session.execute(_of_savings(coop_id, first, last, member_id)),
        *session.execute(_of_deposits(coop_id, first, last, member_id)),
    ):
        kept = sums.setdefault(holder, [0, 0])
        kept[0] += int(interest_rp or 0)
        kept[1] += int(tax_rp or 0)
    return {holder: Had(interest_rp, tax_rp) for holder, (interest_rp, tax_rp) in sums.items()}


def _of_savings(coop_id: int, first: date, last: date, member_id: int | None) -> Select[int, int, int]:
    amount = SavingsMovement.amount_rp
    query = (
        select(
            SavingsAccount.member_id,
            func.sum(case((SavingsMovement.kind == "interest", amount), else_=0)),
            func.sum(case((SavingsMovement.kind == "tax", -amount), else_=0)),
        )
        .join(SavingsAccount, SavingsAccount.id == SavingsMovement.account_id)
        .where(SavingsMovement.coop_id == coop_id, SavingsAccount.coop_id == coop_id)
        .where(SavingsMovement.booked_on.between(first, last), SavingsMovement.kind.in_(("interest", "tax")))
        .group_by(SavingsAccount.member_id)
    )
    return query if member_id is None else query.where(SavingsAccount.member_id == member_id)


def _of_deposits(coop_id: int, first: date, last: date, member_id: int | None) -> Select[int, int, int]:
    received = DepositMovement.interest_rp - DepositMovement.penalty_rp
    query = (
        select(
            TimeDeposit.member_id,
            func.sum(case((received > 0, received), else_=0)),
            func.sum(DepositMovement.tax_rp),
        )
        .join(TimeDeposit, TimeDeposit.id == DepositMovement.deposit_id)
        .where(DepositMovement.coop_id == coop_id, TimeDeposit.coop_id == coop_id)
        .where(DepositMovement.booked_on.between(first, last))
        .group_by(TimeDeposit.member_id)
    )
    return query if member_id is None else query.where(TimeDeposit.member_id == member_id)
