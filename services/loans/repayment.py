"""Money coming back: at the desk, by transfer, from savings; early settlement."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import rupiah
from core.money import LIMIT_RP, Rupiah, round_rp
from models.loans import Loan, LoanInstallment, LoanPayment, LoanProduct
from models.savings import Receipt
from services.audit import trail
from services.ledger.chart import Role
from services.ledger.posting import Line, Posted, credit, debit, entry_by_seq, post
from services.ledger.refusals import SourceTaken
from services.loans import queries, schedules
from services.loans.allocation import USUAL, Allocation, Bucket, Owed, Part, allocate
from services.loans.penalties import PenaltyRule, grown
from services.loans.refusals import (
    EndsTheLoan,
    PaidBeforeDisbursed,
    PaymentInvalid,
    PaysTooMuch,
    QuoteStale,
)
from services.loans.states import move, wrong_state
from services.savings import commands as savings
from services.savings.commands import CashMovement
from services.savings.receipts import issue

Extra = Literal["next", "shorter", "smaller"]
EXTRAS = {
    "next": "Untuk angsuran berikutnya",
    "shorter": "Mengurangi pokok, tenor lebih pendek",
    "smaller": "Mengurangi pokok, angsuran lebih kecil",
}


@dataclass(frozen=True)
class Payment:
    """Money for one loan. `token` makes the second click the same payment; `extra` says what more than due is for."""

    loan_id: int
    amount_rp: Rupiah
    paid_on: date
    token: str
    cash: Role | int = Role.CASH
    extra: Extra = "next"
    memo: str = ""
    voucher_no: str = ""
    from_product_id: int | None = None
    """Out of the member's own voluntary savings instead of `cash`."""


@dataclass(frozen=True)
class Quote:
    """Everything owed if the loan ends that day. `waived_rp` is interest that then is never due."""

    loan_id: int
    on: date
    principal_rp: Rupiah
    interest_rp: Rupiah
    penalty_rp: Rupiah
    waived_rp: Rupiah

    @property
    def total_rp(self) -> Rupiah:
        return self.principal_rp + self.interest_rp + self.penalty_rp


def penalty_rule(product: LoanProduct) -> PenaltyRule:
    return PenaltyRule(product.penalty_kind, product.penalty_value, product.penalty_free_days)


def penalties(loan: Loan, rows: Sequence[LoanInstallment], on: date) -> dict[int, Rupiah]:
    """Penalty that has come since it was last counted, by installment number. Counts nothing."""
    rule = penalty_rule(loan.product)
    return {
        row.no: grown(
            rule, due_on=row.due_on, counted_until=row.penalty_until, on=on,
            unpaid_rp=row.principal_left_rp + row.interest_left_rp, outstanding_rp=loan.outstanding_rp,
        )
        for row in rows
    }  # fmt: skip


def owed(loan: Loan, rows: Sequence[LoanInstallment], on: date) -> list[Owed]:
    """What is open per installment on that day, penalty up to it included."""
    new = penalties(loan, rows, on)
    found = [
        Owed(row.no, row.due_on, row.penalty_left_rp + new[row.no], row.interest_left_rp, row.principal_left_rp)
        for row in rows
    ]
    return [one for one in found if one.total_rp]


def quote(session: Session, actor: Actor, loan_id: int, *, on: date) -> Quote:
    """What it takes to end the loan that day; interest to come is forgiven as the product says."""
    return quote_of(session, queries.loan(session, actor, loan_id), on)


def quote_of(session: Session, loan: Loan, on: date) -> Quote:
    """As `quote`, of a loan the caller may see. Raises LoanWrongState, PaidBeforeDisbursed."""
    _must_run(loan, on)
    return _quote(loan, queries.installments(session, loan), on)


def _quote(loan: Loan, rows: Sequence[LoanInstallment], on: date) -> Quote:
    interest_rp = 0
    before = loan.disbursed_on or on
    for row in rows:
        interest_rp += _interest_if_ended(loan.product.early_interest, row, before, on)
        before = row.due_on
    open_interest_rp = sum(row.interest_left_rp for row in rows)
    penalty_rp = sum(one.penalty_rp for one in owed(loan, rows, on))
    return Quote(loan.id, on, loan.outstanding_rp, interest_rp, penalty_rp, open_interest_rp - interest_rp)


def _interest_if_ended(rule: str, row: LoanInstallment, before: date, on: date) -> Rupiah:
    """What of a row's open interest is due when the loan ends on `on`; `before` is the due date before it."""
    if rule == "all" or row.due_on <= on:
        return row.interest_left_rp
    if before >= on:
        return 0
    if rule == "running":
        return row.interest_left_rp
    earned_rp = round_rp(Decimal(row.interest_rp) * (on - before).days / (row.due_on - before).days)
    return max(0, min(row.interest_left_rp, earned_rp - row.interest_paid_rp))


def pay(session: Session, actor: Actor, payment: Payment) -> Receipt:
    """Take a payment: allocate it, book it, give the kuitansi. The same token again returns the same kuitansi.

    Raises:
        LoanWrongState: not running (a settled loan takes nothing). PaysTooMuch. PaidBeforeDisbursed. PaymentInvalid.
        NotEnough, NotWithdrawable, NotMember: of the savings that should pay.
        SourceTaken: the token was used for another payment. As `post`.
    """
    actor.must("loans.pay")
    source = f"loan-payment:{payment.token}"
    loan = queries.locked(session, actor, payment.loan_id)
    if found := session.scalars(select(LoanPayment).where(LoanPayment.source == source)).first():
        return _same(session, actor, found, payment)
    _must_take(loan, payment)
    rows = queries.installments(session, loan)
    taken = _taken_apart(loan, rows, payment)
    memo = payment.memo.strip() or f"Angsuran pinjaman {loan.number} {loan.member.name}"
    out = _out_of_savings(session, actor, loan, payment, source, memo)
    lines = [savings.line_of(out) if out else debit(payment.cash, payment.amount_rp), *lines_of(loan, taken)]
    posted = post(session, actor, booked_on=payment.paid_on, memo=memo, source=source, lines=lines,
                  voucher_no=payment.voucher_no)  # fmt: skip
    if out:
        savings.record(session, actor, [out], posted.seq)
    record(session, actor, loan, rows, taken, on=payment.paid_on, kind="savings" if out else "payment", source=source,
           entry_seq=posted.seq, memo=memo)  # fmt: skip
    if extra_rp := _extra(taken):
        _renew(session, loan, rows, payment, extra_rp)
    return _slip(session, actor, loan, posted, payment, memo)


def _out_of_savings(
    session: Session, actor: Actor, loan: Loan, payment: Payment, source: str, memo: str
) -> CashMovement | None:
    if payment.from_product_id is None:
        return None
    actor.must("savings.teller")
    return savings.taken_out(session, loan.member, payment.from_product_id, payment.amount_rp,
                             booked_on=payment.paid_on, source=source, memo=memo)  # fmt: skip


def preview(session: Session, actor: Actor, payment: Payment) -> Allocation:
    """What a payment would pay; books nothing. Raises as `pay`."""
    loan = queries.loan(session, actor, payment.loan_id)
    _must_take(loan, payment)
    return _taken_apart(loan, queries.installments(session, loan), payment)


def _must_take(loan: Loan, payment: Payment) -> None:
    if type(payment.amount_rp) is not int or not 0 < payment.amount_rp < LIMIT_RP:
        raise PaymentInvalid(amount=payment.amount_rp)
    _must_run(loan, payment.paid_on)


def _must_run(loan: Loan, on: date) -> None:
    if loan.state != "running":
        raise wrong_state(loan, "menerima pembayaran")
    if loan.disbursed_on is not None and on < loan.disbursed_on:
        raise PaidBeforeDisbursed(paid=f"{on:%d/%m/%Y}", disbursed=f"{loan.disbursed_on:%d/%m/%Y}")


def _same(session: Session, actor: Actor, found: LoanPayment, payment: Payment) -> Receipt:
    if (found.loan_id, found.amount_rp, found.booked_on) != (payment.loan_id, payment.amount_rp, payment.paid_on):
        raise SourceTaken(label=entry_by_seq(session, actor, found.entry_seq or 0).label)
    return session.scalars(select(Receipt).where(Receipt.source == found.source)).one()


def _taken_apart(loan: Loan, rows: Sequence[LoanInstallment], payment: Payment) -> Allocation:
    open_now = owed(loan, rows, payment.paid_on)
    order: Sequence[Bucket] = USUAL if payment.extra == "next" else USUAL[:-1]
    taken = allocate(open_now, payment.amount_rp, payment.paid_on, order)
    if payment.extra != "next" and taken.left_rp:
        room_rp = loan.outstanding_rp - taken.principal_rp
        extra = Part(0, principal_rp=min(taken.left_rp, room_rp))
        taken = Allocation((*taken.parts, extra), taken.left_rp - extra.principal_rp)
    if taken.left_rp:
        left_rp = payment.amount_rp - taken.left_rp
        raise PaysTooMuch(amount=rupiah(payment.amount_rp), left=rupiah(left_rp))
    if _extra(taken) and taken.principal_rp == loan.outstanding_rp:
        least_rp = _quote(loan, rows, payment.paid_on).total_rp
        if payment.amount_rp < least_rp:
            raise EndsTheLoan(number=loan.number, least=rupiah(least_rp))
    return taken


def _extra(taken: Allocation) -> Rupiah:
    return sum(part.principal_rp for part in taken.parts if part.no == 0)


def lines_of(loan: Loan, taken: Allocation) -> list[Line]:
    """The credit side of what a loan got, in the member's name."""
    pairs: list[tuple[Role | int, Rupiah]] = [
        (loan.product.account_id, taken.principal_rp),
        (Role.LOAN_INTEREST_INCOME, taken.interest_rp),
        (Role.PENALTY_INCOME, taken.penalty_rp),
    ]
    return [credit(account, amount_rp, member_id=loan.member_id) for account, amount_rp in pairs if amount_rp]


def record(
    session: Session, actor: Actor, loan: Loan, rows: Sequence[LoanInstallment], taken: Allocation, *,
    on: date, kind: str, source: str, entry_seq: int | None, memo: str = "", waive: bool = False, excess_rp: Rupiah = 0,
) -> LoanPayment:  # fmt: skip
    """The loan's side of an entry: installments marked, outstanding lowered, the loan settled when nothing is left.

    `rows` are those of the schedule in force that are open by that day; where no principal is left, all open ones.
    `waive` forgives the interest nobody paid, for a loan that ends with this.
    """
    by_no, new = {row.no: row for row in rows}, penalties(loan, rows, on)
    for row in rows:
        if new[row.no]:
            row.penalty_rp += new[row.no]
            row.penalty_until = on
    for part in taken.parts:
        if part.no:
            row = by_no[part.no]
            row.penalty_paid_rp += part.penalty_rp
            row.interest_paid_rp += part.interest_rp
            row.principal_paid_rp += part.principal_rp
    loan.outstanding_rp -= taken.principal_rp
    if waive:
        for row in rows:
            row.waived_rp += row.interest_left_rp
            row.penalty_rp = row.penalty_paid_rp
    payment = LoanPayment(
        coop_id=actor.coop_id, loan_id=loan.id, schedule_no=loan.schedule_no, booked_on=on, kind=kind,
        principal_rp=taken.principal_rp, interest_rp=taken.interest_rp, penalty_rp=taken.penalty_rp,
        excess_rp=excess_rp,
        parts=[[p.no, p.penalty_rp, p.interest_rp, p.principal_rp] for p in taken.parts],
        memo=memo[:200], source=source, entry_seq=entry_seq, created_by=actor.user_id,
    )  # fmt: skip
    session.add(payment)
    if loan.outstanding_rp == 0 and loan.state == "running" and not any(row.left_rp for row in rows):
        session.flush()  # the state must meet the outstanding
        move(session, loan, "settled", ended_on=on)
    return payment


def _renew(session: Session, loan: Loan, rows: Sequence[LoanInstallment], payment: Payment, extra_rp: Rupiah) -> None:
    """The schedule after principal was paid early: as many smaller installments, or fewer of the same size."""
    rest, terms = schedules.unpaid(rows), schedules.terms_of(loan)
    if loan.outstanding_rp == 0:
        terms = replace(terms, principal_rp=0)
        schedules.renew(session, loan, on=payment.paid_on, extra_rp=extra_rp, terms=terms, dues=[])
        move(session, loan, "settled", ended_on=payment.paid_on)
        return
    terms = schedules.terms_of_rest(loan, rows, rest, loan.outstanding_rp, shorter=payment.extra == "shorter")
    dues = [row.due_on for row in rest][: terms.periods]
    schedules.renew(session, loan, on=payment.paid_on, extra_rp=extra_rp, terms=terms, dues=dues)


def _slip(session: Session, actor: Actor, loan: Loan, posted: Posted, payment: Payment, memo: str) -> Receipt:
    trail.record(session, actor, "loans.pay", f"loan:{loan.id}", amount_rp=payment.amount_rp, on=payment.paid_on)
    return issue(
        session, actor, member=loan.member, source=f"loan-payment:{payment.token}", entry_seq=posted.seq,
        issued_on=payment.paid_on, amount_rp=payment.amount_rp, is_payment_in=True,
        balance_after_rp=loan.outstanding_rp, purpose=memo,
    )  # fmt: skip


def settle(
    session: Session, actor: Actor, offered: Quote, *, token: str, cash: Role | int = Role.CASH, voucher_no: str = ""
) -> Receipt:
    """End a loan early for exactly the quoted amount; interest to come is forgiven. Raises QuoteStale, as `pay`."""
    actor.must("loans.pay")
    loan = queries.locked(session, actor, offered.loan_id)
    payment = Payment(loan.id, offered.total_rp, offered.on, token, cash, voucher_no=voucher_no)
    source = f"loan-payment:{token}"
    if found := session.scalars(select(LoanPayment).where(LoanPayment.source == source)).first():
        return _same(session, actor, found, payment)
    if quote(session, actor, loan.id, on=offered.on) != offered:
        raise QuoteStale()
    rows = queries.installments(session, loan)
    taken = ending(loan, rows, offered)
    memo = f"Pelunasan pinjaman {loan.number} {loan.member.name}"
    lines = [debit(cash, offered.total_rp), *lines_of(loan, taken)]
    posted = post(session, actor, booked_on=offered.on, memo=memo, source=source, lines=lines, voucher_no=voucher_no)
    record(session, actor, loan, rows, taken, on=offered.on, kind="settlement", source=source, entry_seq=posted.seq,
           memo=memo, waive=True)  # fmt: skip
    return _slip(session, actor, loan, posted, payment, memo)


def ending(loan: Loan, rows: Sequence[LoanInstallment], offered: Quote) -> Allocation:
    """How a quote is spread over the rows: all principal, the quoted interest in due order, the penalty."""
    interest_left_rp, parts = offered.interest_rp, []
    penalty_by_no = {one.no: one.penalty_rp for one in owed(loan, rows, offered.on)} if offered.penalty_rp else {}
    for row in rows:
        interest_rp = min(interest_left_rp, row.interest_left_rp)
        interest_left_rp -= interest_rp
        part = Part(row.no, penalty_by_no.get(row.no, 0), interest_rp, row.principal_left_rp)
        if part.penalty_rp or part.interest_rp or part.principal_rp:
            parts.append(part)
    return Allocation(tuple(parts), 0)


def credits_of(session: Session, offered: Quote) -> list[Line]:
    """The credit side of a loan that another entry pays off."""
    loan = session.get_one(Loan, offered.loan_id)
    rows = queries.installments(session, loan)
    return lines_of(loan, ending(loan, rows, offered))


def close_replaced(
    session: Session, actor: Actor, offered: Quote, *, entry_seq: int, source: str, kind: str = "top_up"
) -> LoanPayment:
    """The old loan's side of the entry that paid it off."""
    loan = queries.held(session, offered.loan_id)
    rows = queries.installments(session, loan)
    taken = ending(loan, rows, offered)
    return record(session, actor, loan, rows, taken, on=offered.on, kind=kind, source=source, entry_seq=entry_seq,
                  memo="Dilunasi bersama transaksi lain", waive=True)  # fmt: skip


def apportion(
    loan: Loan, rows: Sequence[LoanInstallment], amount_rp: Rupiah, on: date, order: Sequence[Bucket]
) -> Allocation:
    """As much of an amount as this order of what is owed takes; `left_rp` tells the rest (payroll, savings)."""
    return allocate(owed(loan, rows, on), amount_rp, on, order)
