"""Money to suppliers: before a bill came, for a bill, and back."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import date_long, rupiah
from core.errors import InvalidValue, NotFound
from core.money import Rupiah
from models.moves import move as move_row
from models.procurement import PurchaseOrder, SupplierBill, SupplierPayment
from services.audit import trail
from services.ledger.chart import Role
from services.ledger.posting import Line, Posted, credit, debit, post
from services.procurement import orders, queries, states
from services.procurement.refusals import (
    AdvanceTooMuch,
    AlreadyUndone,
    PaidBeforeBilled,
    PaysTooMuch,
    PurchaseDiffers,
    PurchaseWrongState,
    RefundTooMuch,
)
from services.procurement.undoing import mirror, why

KINDS = {"advance": "Uang muka", "payment": "Pembayaran tagihan", "refund": "Uang muka kembali"}


@dataclass(frozen=True)
class Payment:
    """So much money. `token` makes the second click the same payment."""

    amount_rp: Rupiah
    paid_on: date
    token: str
    account: Role | int = Role.BANK
    voucher_no: str = ""
    note: str = ""


def advance(session: Session, actor: Actor, order_id: int, payment: Payment) -> SupplierPayment:
    """Pay before a bill came, never more than what will be billed. The same `token` again returns the same payment.

    Raises:
        AdvanceTooMuch, PurchaseWrongState, PurchaseDiffers, InvalidValue, NotFound, and as `post`.
    """
    order = _ready(session, actor, order_id, payment)
    if found := _before(session, order, payment, "advance"):
        return found
    states.must_run(order, "dibayar uang mukanya")
    left_rp = advance_room(session, order)
    if payment.amount_rp > left_rp:
        raise AdvanceTooMuch(amount=rupiah(payment.amount_rp), left=rupiah(left_rp))
    if payment.paid_on < order.ordered_on:
        raise InvalidValue(
            field="Tanggal bayar", reason=f"lebih awal dari tanggal pesan {date_long(order.ordered_on)}."
        )
    return _paid(session, actor, order, payment, "advance")


def advance_room(session: Session, order: PurchaseOrder) -> Rupiah:
    """What may still be paid before bills come: the order's total less what was billed and what was advanced."""
    billed_rp = sum(bill.value_rp for bill in queries.bills(session, order.id) if bill.state != "undone")
    return max(0, order.total_rp - billed_rp - queries.advance_left(session, order.id))


def refund(session: Session, actor: Actor, order_id: int, payment: Payment) -> SupplierPayment:
    """An advance came back. Raises RefundTooMuch, PurchaseWrongState, PurchaseDiffers, InvalidValue, NotFound."""
    order = _ready(session, actor, order_id, payment)
    if found := _before(session, order, payment, "refund"):
        return found
    left_rp = queries.advance_left(session, order.id)
    if payment.amount_rp > left_rp:
        raise RefundTooMuch(amount=rupiah(payment.amount_rp), left=rupiah(left_rp))
    made = _paid(session, actor, order, payment, "refund")
    orders.close_when_done(session, actor, order)
    return made


def pay(session: Session, actor: Actor, bill_id: int, payment: Payment) -> SupplierPayment:
    """Pay a bill or a part of it, first from the order's advances. The same `token` again returns the same payment.

    Raises:
        PaysTooMuch, PaidBeforeBilled, PurchaseWrongState, PurchaseDiffers, InvalidValue, NotFound, and as `post`.
    """
    bill = queries.bill(session, actor, bill_id)
    order = _ready(session, actor, bill.order_id, payment)
    if found := _before(session, order, payment, "payment", bill.id):
        return found
    session.refresh(bill)
    if bill.state == "undone":
        raise PurchaseWrongState(what=f"Tagihan {bill.reference}", state=states.BILLS[bill.state], act="dibayar")
    if payment.amount_rp > bill.owed_rp:
        raise PaysTooMuch(amount=rupiah(payment.amount_rp), left=rupiah(bill.owed_rp))
    if payment.paid_on < bill.booked_on:
        raise PaidBeforeBilled(paid=date_long(payment.paid_on), booked=date_long(bill.booked_on))
    made = _paid(session, actor, order, payment, "payment", bill)
    _settle(session, bill, payment.amount_rp)
    orders.close_when_done(session, actor, order)
    return made


def from_advances(session: Session, actor: Actor, bill: SupplierBill, amount_rp: Rupiah) -> Rupiah:
    """So much of a payment was paid before, as an advance."""
    return min(queries.advance_left(session, bill.order_id), amount_rp)


def _settle(session: Session, bill: SupplierBill, amount_rp: Rupiah) -> None:
    paid_rp = bill.paid_rp + amount_rp
    state = "paid" if paid_rp == bill.total_rp else "open"
    moved = move_row(session, bill, ("open", "paid"), state=state, paid_rp=paid_rp)
    assert moved, "the order is held"


def _ready(session: Session, actor: Actor, order_id: int, payment: Payment) -> PurchaseOrder:
    actor.must("procurement.pay")
    queries.check_token(payment.token)
    queries.check_amount(payment.amount_rp)
    return queries.held(session, actor, order_id)


def _before(
    session: Session, order: PurchaseOrder, payment: Payment, kind: str, bill_id: int | None = None
) -> SupplierPayment | None:
    """The payment this form has made already. Raises PurchaseDiffers when it says something else now."""
    found = session.scalars(select(SupplierPayment).where(SupplierPayment.source == _source(payment))).first()
    if found is None:
        return None
    said = (order.id, bill_id, kind, payment.amount_rp, payment.paid_on)
    if (found.order_id, found.bill_id, found.kind, found.amount_rp, found.paid_on) != said:
        raise PurchaseDiffers()
    return found


def _source(payment: Payment) -> str:
    return f"procurement:payment:{payment.token}"


def _paid(
    session: Session, actor: Actor, order: PurchaseOrder, payment: Payment, kind: str, bill: SupplierBill | None = None
) -> SupplierPayment:
    advance_rp = from_advances(session, actor, bill, payment.amount_rp) if bill else 0
    cash_rp, purse_name = payment.amount_rp - advance_rp, ""
    account: Role | int = Role.BANK
    if cash_rp:
        account, purse_name = queries.purse(session, actor, payment.account, order.store_id)
    about = f"Pembayaran tagihan {bill.reference}" if bill else KINDS[kind]
    posted = post(
        session, actor, booked_on=payment.paid_on, memo=f"{about} {order.supplier.name}, {order.label}"[:250],
        source=_source(payment), voucher_no=queries.line_of_text(payment.voucher_no, 60),
        lines=_entry(order, kind, payment.amount_rp, advance_rp, account),
    )  # fmt: skip
    return _kept(session, actor, order, payment, kind, bill, advance_rp, purse_name, posted)


def _entry(order: PurchaseOrder, kind: str, amount_rp: Rupiah, advance_rp: Rupiah, account: Role | int) -> list[Line]:
    unit: dict[str, int | str | None] = {"unit_id": order.unit_id}
    if kind == "advance":
        return [debit(Role.PURCHASE_ADVANCES, amount_rp, **unit), credit(account, amount_rp, **unit)]
    if kind == "refund":
        return [debit(account, amount_rp, **unit), credit(Role.PURCHASE_ADVANCES, amount_rp, **unit)]
    lines = [debit(Role.SUPPLIER_PAYABLE, amount_rp, **unit)]
    if advance_rp:
        lines.append(credit(Role.PURCHASE_ADVANCES, advance_rp, **unit))
    if amount_rp > advance_rp:
        lines.append(credit(account, amount_rp - advance_rp, **unit))
    return lines


def _kept(
    session: Session, actor: Actor, order: PurchaseOrder, payment: Payment, kind: str, bill: SupplierBill | None,
    advance_rp: Rupiah, purse_name: str, posted: Posted,
) -> SupplierPayment:  # fmt: skip
    made = SupplierPayment(
        coop_id=actor.coop_id, order_id=order.id, bill_id=bill.id if bill else None, kind=kind,
        amount_rp=payment.amount_rp, advance_rp=advance_rp, paid_on=payment.paid_on, paid_from=purse_name[:150],
        voucher_no=queries.line_of_text(payment.voucher_no, 60), note=queries.line_of_text(payment.note, 200),
        source=_source(payment), entry_seq=posted.seq, created_by=actor.user_id,
    )  # fmt: skip
    session.add(made)
    session.flush()  # the trail names its id
    trail.record(
        session, actor, f"procurement.{kind}", f"supplier_payment:{made.id}", order=order.label,
        amount_rp=made.amount_rp, advance_rp=advance_rp,
    )  # fmt: skip
    return made


def undo(session: Session, actor: Actor, payment_id: int, *, booked_on: date, reason: str) -> SupplierPayment:
    """Take a mistaken payment back by its mirror image, once; a second person's right.

    Raises:
        AlreadyUndone, RefundTooMuch (the advance was used), InvalidValue, NotFound, and as `post`.
    """
    actor.must("procurement.approve")
    payment = session.get(SupplierPayment, payment_id)
    if payment is None:
        raise NotFound(what="Pembayaran")
    order = queries.held(session, actor, payment.order_id)
    said = why(reason)
    if payment.reverses_id is not None or payment.id in queries.undone_ids(queries.payments(session, order.id)):
        raise AlreadyUndone(what="Pembayaran")
    left_rp = queries.advance_left(session, order.id)
    if payment.kind == "advance" and payment.amount_rp > left_rp:
        raise RefundTooMuch(amount=rupiah(payment.amount_rp), left=rupiah(left_rp))
    return _undone(session, actor, order, payment, booked_on, said)


def _undone(
    session: Session, actor: Actor, order: PurchaseOrder, payment: SupplierPayment, booked_on: date, reason: str
) -> SupplierPayment:
    source = f"procurement:payment-undo:{payment.id}"
    posted = post(
        session, actor, booked_on=booked_on, memo=f"Pembatalan {KINDS[payment.kind].lower()} {order.label}: {reason}",
        source=source, lines=mirror(session, actor, payment.entry_seq),
    )  # fmt: skip
    undoing = SupplierPayment(
        coop_id=actor.coop_id, order_id=order.id, bill_id=payment.bill_id, kind=payment.kind,
        amount_rp=-payment.amount_rp, advance_rp=-payment.advance_rp, paid_on=booked_on, paid_from=payment.paid_from,
        note=reason, reverses_id=payment.id, source=source, entry_seq=posted.seq, created_by=actor.user_id,
    )  # fmt: skip
    session.add(undoing)
    if payment.bill_id is not None:
        _settle(session, session.get_one(SupplierBill, payment.bill_id, populate_existing=True), -payment.amount_rp)
    orders.reopen(session, order)
    session.flush()  # the caller shows its id
    trail.record(session, actor, "procurement.undo_payment", f"supplier_payment:{payment.id}", reason=reason)
    return undoing
