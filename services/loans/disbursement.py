"""Paying a loan out: once, net of fees and of the loan it replaces, with its schedule made on the same day."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import rupiah
from core.errors import InvalidValue
from core.money import Rupiah
from models.loans import Loan
from models.savings import SavingsProduct
from services.audit import trail
from services.ledger.chart import Role
from services.ledger.posting import Line, credit, debit, post
from services.loans import products, queries, repayment, schedules
from services.loans.refusals import NothingPaidOut, OwnLoan, QuoteStale
from services.loans.states import is_news, move, wrong_state
from services.members import commands as members
from services.notifications import texts
from services.notifications.commands import notify
from services.savings import commands as savings
from services.savings.commands import CashMovement
from services.savings.receipts import issue
from services.savings.refusals import NotMember


@dataclass(frozen=True)
class Payout:
    """What disbursing means in money. `net_rp` is what the member receives."""

    loan_id: int
    paid_on: date
    first_due_on: date
    principal_rp: Rupiah
    fee_rp: Rupiah
    admin_rp: Rupiah
    linked_rp: Rupiah
    old: repayment.Quote | None

    @property
    def deductions_rp(self) -> Rupiah:
        return self.fee_rp + self.admin_rp + self.linked_rp + (self.old.total_rp if self.old else 0)

    @property
    def net_rp(self) -> Rupiah:
        return self.principal_rp - self.deductions_rp


def preview(session: Session, actor: Actor, loan_id: int, *, paid_on: date, first_due_on: date) -> Payout:
    """What would be paid that day. Raises LoanWrongState, NothingPaidOut, InvalidValue."""
    actor.must("loans.disburse")
    loan = queries.loan(session, actor, loan_id)
    if loan.state != "approved":
        raise wrong_state(loan, "dicairkan")
    if paid_on < loan.asked_on:
        raise InvalidValue(field="Tanggal cair", reason=f"tidak boleh sebelum diajukan, {loan.asked_on:%d/%m/%Y}.")
    if first_due_on <= paid_on:
        raise InvalidValue(field="Jatuh tempo pertama", reason="harus sesudah tanggal cair.")
    if loan.member.state != "active":
        raise NotMember(member=loan.member.name, state=members.STATES[loan.member.state])
    fees = products.fees_of(loan.product, loan.principal_rp)
    old = None
    if loan.replaces_id is not None and session.get_one(Loan, loan.replaces_id).state != "settled":
        old = repayment.quote(session, actor, loan.replaces_id, on=paid_on)
    payout = Payout(loan.id, paid_on, first_due_on, loan.principal_rp, fees.fee_rp, fees.admin_rp, fees.linked_rp, old)
    if payout.net_rp < 0:
        raise NothingPaidOut(deductions=rupiah(payout.deductions_rp), principal=rupiah(payout.principal_rp))
    return payout


def disburse(
    session: Session, actor: Actor, payout: Payout, *, cash: Role | int = Role.BANK, voucher_no: str = ""
) -> Loan:
    """Pay exactly the previewed amounts, once, whatever is clicked.

    Raises:
        QuoteStale: fees or the old loan changed since. LoanWrongState: it was paid out before. OwnLoan.
        As `post`: closed period, missing account role.
    """
    loan = queries.locked(session, actor, payout.loan_id)
    if loan.member_id == actor.member_id:
        raise OwnLoan()
    if preview(session, actor, loan.id, paid_on=payout.paid_on, first_due_on=payout.first_due_on) != payout:
        raise QuoteStale()
    move(
        session, loan, "running", outstanding_rp=loan.principal_rp, disbursed_on=payout.paid_on,
        first_due_on=payout.first_due_on, fee_rp=payout.fee_rp, admin_rp=payout.admin_rp, linked_rp=payout.linked_rp,
    )  # fmt: skip
    source = f"loan:{loan.id}:disbursed"
    linked = _linked(session, loan, payout, source)
    memo = f"Pencairan pinjaman {loan.number} {loan.member.name}"
    posted = post(
        session, actor, booked_on=payout.paid_on, memo=memo, source=source, voucher_no=voucher_no,
        lines=_lines(session, loan, payout, linked, cash),
    )  # fmt: skip
    schedules.make(session, loan, starts_on=payout.paid_on)
    if linked:
        savings.record(session, actor, [linked], posted.seq)
    if payout.old:
        repayment.close_replaced(session, actor, payout.old, entry_seq=posted.seq, source=f"{source}:old")
    if payout.net_rp:
        issue(
            session, actor, member=loan.member, source=source, entry_seq=posted.seq, issued_on=payout.paid_on,
            amount_rp=payout.net_rp, is_payment_in=False, balance_after_rp=loan.outstanding_rp, purpose=memo,
        )  # fmt: skip
    if is_news(payout.paid_on):
        message = texts.disbursed(loan.number, payout.net_rp, payout.first_due_on)
        key = f"loan:{loan.id}:running"
        notify(session, actor.coop_id, key, message, topic="pinjaman", member_id=loan.member_id)
    trail.record(session, actor, "loans.disburse", f"loan:{loan.id}", net_rp=payout.net_rp, on=payout.paid_on)
    return loan


def _linked(session: Session, loan: Loan, payout: Payout, source: str) -> CashMovement | None:
    if not payout.linked_rp:
        return None
    product = session.get_one(SavingsProduct, loan.product.linked_product_id)
    memo = f"Simpanan wajib pinjaman {loan.number}"
    return CashMovement(loan.member, product, payout.linked_rp, payout.paid_on, f"{source}:linked", memo)


def _lines(session: Session, loan: Loan, payout: Payout, linked: CashMovement | None, cash: Role | int) -> list[Line]:
    member_id = loan.member_id
    lines = [debit(loan.product.account_id, payout.principal_rp, member_id=member_id)]
    if payout.old:
        lines += repayment.credits_of(session, payout.old)
    for role, amount_rp in ((Role.LOAN_FEE_INCOME, payout.fee_rp), (Role.ADMINISTRATION_INCOME, payout.admin_rp)):
        if amount_rp:
            lines.append(credit(role, amount_rp, member_id=member_id))
    if linked:
        lines.append(savings.line_of(linked))
    if payout.net_rp:
        lines.append(credit(cash, payout.net_rp))
    return lines
