"""Paying a deposit out: when its term is over, or early, less a penalty on what it earned."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import date_long
from core.errors import NotFound
from core.money import Rupiah, percent_of
from models.deposits import DepositMovement, TimeDeposit
from models.savings import Receipt, SavingsProduct
from services.audit import trail
from services.deposits import queries
from services.deposits.refusals import DepositOptions, DepositWrongState, InterestPending, QuoteChanged
from services.ledger.chart import Role
from services.ledger.posting import Line, credit, debit, post
from services.savings import commands as savings
from services.savings import taxation
from services.savings.commands import CashMovement
from services.savings.receipts import issue


@dataclass(frozen=True)
class Ending:
    """What paying a deposit out means in money. `accrued_rp` is not booked yet, `earned_rp` the term's whole."""

    deposit_id: int
    on: date
    is_early: bool
    principal_rp: Rupiah
    earned_rp: Rupiah = 0
    accrued_rp: Rupiah = 0
    penalty_rp: Rupiah = 0
    tax_rp: Rupiah = 0

    @property
    def paid_rp(self) -> Rupiah:
        return self.principal_rp + self.accrued_rp - self.penalty_rp - self.tax_rp


def preview(session: Session, actor: Actor, deposit_id: int, *, on: date) -> Ending:
    """What the member gets that day: everything when it matured; else the penalty is taken off what the term earned.

    Raises DepositWrongState, InterestPending (what fell due must be booked first), DepositOptions.
    """
    actor.must("savings.teller")
    deposit = queries.get(session, actor, deposit_id)
    if deposit.state == "closed":
        raise DepositWrongState(number=deposit.number, state=queries.STATES[deposit.state], act="dicairkan")
    if on < deposit.interest_until:
        raise DepositOptions(field="Tanggal", reason=f"paling awal {date_long(deposit.interest_until)}.")
    if deposit.state == "matured":
        return Ending(deposit.id, on, False, deposit.amount_rp)
    terms = queries.terms_of(deposit)
    if terms.next_due_on <= on:
        raise InterestPending(number=deposit.number, due=date_long(terms.next_due_on))
    accrued_rp = terms.accrued(on)
    earned_rp = queries.earned_in_term(session, deposit) + accrued_rp
    penalty_rp = min(percent_of(earned_rp, deposit.break_pct), deposit.amount_rp + accrued_rp)
    received_rp = max(0, accrued_rp - penalty_rp)
    before = taxation.had(session, actor.coop_id, on, member_id=deposit.member_id).get(
        deposit.member_id, taxation.Had()
    )
    rule = taxation.rule(session, actor.coop_id, on)
    tax_rp = min(received_rp, rule.more(before.interest_rp, before.tax_rp, received_rp)) if received_rp else 0
    return Ending(deposit.id, on, True, deposit.amount_rp, earned_rp, accrued_rp, penalty_rp, tax_rp)


def pay_out(
    session: Session,
    actor: Actor,
    offered: Ending,
    *,
    cash: Role | int = Role.CASH,
    to_product_id: int | None = None,
    voucher_no: str = "",
) -> Receipt:
    """Pay exactly the previewed amount, from cash or bank or into voluntary savings, once, whatever is clicked.

    Raises QuoteChanged, DepositWrongState, InterestPending, and as `post`.
    """
    actor.must("savings.teller")
    deposit = queries.locked(session, actor, offered.deposit_id)
    if deposit.state == "closed" and deposit.closed_on == offered.on:
        done = queries.receipt_of(session, actor, deposit, "closed")
        if done is not None and done.amount_rp == offered.paid_rp:
            return done
    if preview(session, actor, deposit.id, on=offered.on) != offered or offered.paid_rp <= 0:
        raise QuoteChanged(number=deposit.number)
    source = f"deposit:{deposit.id}:closed"
    word = "Pencairan awal" if offered.is_early else "Pencairan"
    memo = f"{word} simpanan berjangka {deposit.number} {deposit.member.name}"
    saved = _into_savings(session, deposit, offered, to_product_id, f"{source}:savings", memo)
    lines = _lines(deposit, offered, savings.line_of(saved) if saved else credit(cash, offered.paid_rp))
    posted = post(session, actor, booked_on=offered.on, memo=memo, source=source, lines=lines, voucher_no=voucher_no)
    if saved:
        savings.record(session, actor, [saved], posted.seq)
    session.add(
        DepositMovement(
            coop_id=actor.coop_id, deposit_id=deposit.id, booked_on=offered.on,
            kind="broken" if offered.is_early else "paid", amount_rp=-deposit.amount_rp,
            interest_rp=offered.accrued_rp, tax_rp=offered.tax_rp, penalty_rp=offered.penalty_rp, source=source,
            entry_seq=posted.seq, created_by=actor.user_id,
        )
    )  # fmt: skip
    deposit.amount_rp, deposit.state, deposit.closed_on = 0, "closed", offered.on
    session.flush()  # the receipt stands beside a closed deposit
    trail.record(session, actor, "deposits.pay_out", f"deposit:{deposit.id}", paid_rp=offered.paid_rp, on=offered.on)
    return issue(
        session, actor, member=deposit.member, source=source, entry_seq=posted.seq, issued_on=offered.on,
        amount_rp=offered.paid_rp, is_payment_in=False, balance_after_rp=0, purpose=memo,
    )  # fmt: skip


def _into_savings(
    session: Session, deposit: TimeDeposit, offered: Ending, product_id: int | None, source: str, memo: str
) -> CashMovement | None:
    if product_id is None:
        return None
    product = session.get(SavingsProduct, product_id)
    if product is None or not product.is_active or product.kind != "voluntary":
        raise NotFound(what="Jenis simpanan sukarela")
    return CashMovement(deposit.member, product, offered.paid_rp, offered.on, source, memo)


def _lines(deposit: TimeDeposit, offered: Ending, paid: Line) -> list[Line]:
    lines = [debit(Role.TIME_DEPOSITS, offered.principal_rp, member_id=deposit.member_id)]
    if offered.accrued_rp:
        lines.append(debit(Role.DEPOSIT_INTEREST_EXPENSE, offered.accrued_rp))
    if offered.penalty_rp:
        lines.append(credit(Role.PENALTY_INCOME, offered.penalty_rp))
    if offered.tax_rp:
        lines.append(credit(Role.INTEREST_TAX_PAYABLE, offered.tax_rp))
    return [*lines, paid]
