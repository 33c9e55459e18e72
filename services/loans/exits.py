"""A member leaves: savings are paid out less what the person owes on loans, in one entry."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import rupiah
from core.money import Rupiah
from models.loans import Loan
from models.members import Member
from models.savings import Receipt, SavingsAccount, SavingsMovement
from services.ledger.chart import Role
from services.ledger.posting import credit, debit, post
from services.loans import repayment
from services.loans.repayment import Quote
from services.members import commands as members
from services.members.refusals import ExitInDebt, WrongState
from services.savings.receipts import issue
from services.savings.refusals import PreviewStale


@dataclass(frozen=True)
class Settlement:
    """What leaving means in money: rights per product, the loans that are taken off, what is paid."""

    member_id: int
    rights: tuple[tuple[str, Rupiah], ...]
    loans: tuple[Quote, ...] = ()

    @property
    def loan_rp(self) -> Rupiah:
        return sum(quote.total_rp for quote in self.loans)

    @property
    def rights_rp(self) -> Rupiah:
        return sum(amount_rp for _, amount_rp in self.rights)

    @property
    def paid_rp(self) -> Rupiah:
        return self.rights_rp - self.loan_rp


def preview(session: Session, actor: Actor, member_id: int, *, on: date, forgive_interest: bool = False) -> Settlement:
    """What the member would get that day; loans end with it, their interest to come forgiven (or all of it).

    Raises WrongState for somebody who is no member.
    """
    actor.must("members.decide")
    member = members.get(session, actor, member_id)
    if member.state != "active":
        raise WrongState(name=member.name, state=members.STATES[member.state], act="keluar")
    accounts = _accounts(session, member)
    rights = tuple((account.product.name, account.balance_rp) for account in accounts if account.balance_rp)
    running = session.scalars(select(Loan).where(Loan.member_id == member_id, Loan.state == "running"))
    quotes = [repayment.quote_of(session, loan, on) for loan in running]
    if forgive_interest:
        quotes = [replace(q, interest_rp=0, penalty_rp=0, waived_rp=q.waived_rp + q.interest_rp) for q in quotes]
    return Settlement(member_id, rights, tuple(quotes))


def _accounts(session: Session, member: Member) -> list[SavingsAccount]:
    query = select(SavingsAccount).where(SavingsAccount.member_id == member.id).order_by(SavingsAccount.product_id)
    return list(session.scalars(query))  # settling holds the books of the cooperative: nobody else moves them


def settle(
    session: Session,
    actor: Actor,
    settlement: Settlement,
    *,
    left_on: date,
    reason: str,
    forgive_interest: bool = False,
    cash: Role | int = Role.BANK,
    source: str = "",
    voucher_no: str = "",
) -> Receipt | None:
    """Pay exactly the previewed settlement and end the membership; None when there is nothing to pay.

    Raises:
        PreviewStale: balances moved since the preview.
        ExitInDebt: the person owes more than they have.
    """
    if preview(session, actor, settlement.member_id, on=left_on, forgive_interest=forgive_interest) != settlement:
        raise PreviewStale()
    member = members.get(session, actor, settlement.member_id)
    if settlement.paid_rp < 0:
        raise ExitInDebt(name=member.name, short=rupiah(-settlement.paid_rp))
    members.leave(session, actor, member, left_on=left_on, reason=reason)
    if not settlement.rights_rp:
        return None
    return _pay(session, actor, member, settlement, left_on, cash, source or f"exit:{member.id}", voucher_no)


def _pay(
    session: Session,
    actor: Actor,
    member: Member,
    settlement: Settlement,
    left_on: date,
    cash: Role | int,
    source: str,
    voucher_no: str,
) -> Receipt:
    accounts = [account for account in _accounts(session, member) if account.balance_rp]
    lines = [debit(a.product.account_id, a.balance_rp, member_id=member.id) for a in accounts]
    for quote in settlement.loans:
        lines += repayment.credits_of(session, quote)
    if settlement.paid_rp:
        lines.append(credit(cash, settlement.paid_rp))
    memo = f"Anggota keluar {member.number} {member.name}"
    posted = post(session, actor, booked_on=left_on, memo=memo, source=source, lines=lines, voucher_no=voucher_no)
    for account in accounts:
        session.add(
            SavingsMovement(
                coop_id=actor.coop_id,
                account_id=account.id,
                booked_on=left_on,
                kind="exit",
                amount_rp=-account.balance_rp,
                memo="Pengembalian karena keluar",
                entry_seq=posted.seq,
                source=f"{source}:{account.id}",
                created_by=actor.user_id,
            )
        )
        account.balance_rp = 0
    for quote in settlement.loans:
        name = f"{source}:loan:{quote.loan_id}"
        repayment.close_replaced(session, actor, quote, entry_seq=posted.seq, source=name, kind="exit")
    return issue(
        session,
        actor,
        member=member,
        source=source,
        entry_seq=posted.seq,
        issued_on=left_on,
        amount_rp=settlement.paid_rp,
        is_payment_in=False,
        balance_after_rp=0,
        purpose="Pengembalian simpanan anggota keluar",
    )
