"""What came: goods into the shop's stock at the order's price, all else to its account; billed later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import date_long
from core.errors import InvalidValue, NotFound
from models.mart.products import ProductVariant
from models.procurement import (
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseOrder,
    PurchaseOrderLine,
    SupplierBill,
    SupplierBillLine,
)
from services.audit import trail
from services.ledger.chart import Role
from services.ledger.posting import Line, credit, debit, post
from services.mart import stock
from services.procurement import orders, queries, states
from services.procurement.refusals import (
    AlreadyUndone,
    GoodsGone,
    PurchaseDiffers,
    ReceiptBilled,
    ReceivedBeforeOrdered,
    TooMuchReceived,
)
from services.procurement.undoing import mirror, why


@dataclass(frozen=True)
class Delivery:
    """How many of which lines of an order came. `token` makes the second click the same delivery."""

    order_id: int
    quantities: Mapping[int, int]
    received_on: date
    token: str
    delivery_no: str = ""
    note: str = ""


def receive(session: Session, actor: Actor, delivery: Delivery) -> GoodsReceipt:
    """Take what came into stock and books, never more than ordered. The same `token` again returns the same receipt.

    Raises:
        TooMuchReceived, ReceivedBeforeOrdered, PurchaseWrongState, PurchaseDiffers, InvalidValue, NotFound;
        PeriodClosed, RoleUnmapped and as `post`.
    """
    actor.must("procurement.receive")
    order = queries.held(session, actor, delivery.order_id)
    source = f"procurement:receipt:{delivery.token}"
    came = {line_id: quantity for line_id, quantity in delivery.quantities.items() if quantity}
    if found := session.scalars(select(GoodsReceipt).where(GoodsReceipt.source == source)).first():
        held = {line.line_id: line.quantity for line in found.lines}
        if (found.order_id, found.received_on, held) != (order.id, delivery.received_on, came):
            raise PurchaseDiffers()
        return found
    states.must_run(order, "diterima barangnya")
    taken = _taken(session, order, delivery, came)
    memo = f"Penerimaan {order.label} {order.supplier.name}"[:250]
    posted = post(
        session, actor, booked_on=delivery.received_on, memo=memo, source=source,
        voucher_no=queries.line_of_text(delivery.delivery_no, 60), lines=_entry(order, taken),
    )  # fmt: skip
    receipt = _kept(session, actor, order, delivery, taken, source, posted.seq)
    _into_stock(session, actor, receipt, order, taken)
    total = sum(line.price_rp * quantity for line, quantity in taken)
    trail.record(
        session, actor, "procurement.receive", f"purchase_order:{order.id}", receipt=receipt.id, total_rp=total
    )
    return receipt


_Taken = list[tuple[PurchaseOrderLine, int]]


def _taken(session: Session, order: PurchaseOrder, delivery: Delivery, came: Mapping[int, int]) -> _Taken:
    queries.check_token(delivery.token)
    if delivery.received_on < order.ordered_on:
        raise ReceivedBeforeOrdered(received=date_long(delivery.received_on), ordered=date_long(order.ordered_on))
    known = {line.id: line for line in queries.lines(session, order.id)}
    if not set(came) <= set(known):
        raise NotFound(what="Baris pesanan")
    if not came:
        raise InvalidValue(field="Jumlah diterima", reason="isi paling sedikit satu baris.")
    for line_id, quantity in came.items():
        line = known[line_id]
        if type(quantity) is not int or quantity < 0:
            raise InvalidValue(field=line.name, reason="isi jumlah dengan angka bulat di atas nol.")
        if quantity > line.left:
            raise TooMuchReceived(name=line.name, ordered=line.quantity, received=line.received, left=line.left)
    return [(line, came[line.id]) for line in known.values() if line.id in came]


def _entry(order: PurchaseOrder, taken: _Taken) -> list[Line]:
    """Debit stock and the chosen accounts, credit what is not billed yet; all in the unit it was bought for."""
    sums: dict[Role | int, int] = {}
    for line, quantity in taken:
        account: Role | int = Role.INVENTORY if line.account_id is None else line.account_id
        sums[account] = sums.get(account, 0) + quantity * line.price_rp
    return [
        *(debit(account, amount_rp, unit_id=order.unit_id) for account, amount_rp in sums.items()),
        credit(Role.RECEIVED_NOT_BILLED, sum(sums.values()), unit_id=order.unit_id),
    ]


def _kept(
    session: Session, actor: Actor, order: PurchaseOrder, delivery: Delivery, taken: _Taken, source: str, seq: int
) -> GoodsReceipt:
    receipt = GoodsReceipt(
        coop_id=actor.coop_id, order_id=order.id, received_on=delivery.received_on,
        delivery_no=queries.line_of_text(delivery.delivery_no, 60), note=queries.line_of_text(delivery.note, 200),
        total_rp=sum(line.price_rp * quantity for line, quantity in taken), source=source, entry_seq=seq,
        created_by=actor.user_id,
    )  # fmt: skip
    session.add(receipt)
    session.flush()  # its lines point at it
    _add_lines(session, actor, receipt, taken)
    return receipt


def _add_lines(session: Session, actor: Actor, receipt: GoodsReceipt, taken: _Taken) -> None:
    """The receipt's lines (negative ones undo), and what has come of the order's."""
    for line, quantity in taken:
        session.add(
            GoodsReceiptLine(
                coop_id=actor.coop_id, receipt_id=receipt.id, line_id=line.id, quantity=quantity,
                value_rp=quantity * line.price_rp,
            )
        )  # fmt: skip
        session.execute(
            update(PurchaseOrderLine)
            .where(PurchaseOrderLine.id == line.id)
            .values(received=PurchaseOrderLine.received + quantity)
            .execution_options(synchronize_session=False)
        )
    session.flush()


def _into_stock(session: Session, actor: Actor, receipt: GoodsReceipt, order: PurchaseOrder, taken: _Taken) -> None:
    moves = [
        stock.Move(
            line.variant_id, "receipt" if quantity > 0 else "back", quantity, quantity * line.price_rp,
            f"{receipt.source}:{line.id}", f"{order.label} {order.supplier.name}"[:200],
        )
        for line, quantity in taken
        if line.variant_id is not None
    ]  # fmt: skip
    if moves:
        stock.record(session, actor, moves, booked_on=receipt.received_on, entry_seq=receipt.entry_seq)


def undo(session: Session, actor: Actor, receipt_id: int, *, booked_on: date, reason: str) -> GoodsReceipt:
    """Take a mistaken receipt back by its mirror image, while it is not billed and its goods are still there.

    Raises:
        AlreadyUndone, ReceiptBilled, GoodsGone, InvalidValue, NotFound, and as `post`.
    """
    actor.must("procurement.receive")
    receipt = session.get(GoodsReceipt, receipt_id)
    if receipt is None:
        raise NotFound(what="Penerimaan")
    order = queries.held(session, actor, receipt.order_id)
    said = why(reason)
    if receipt.reverses_id is not None or receipt.id in queries.undone_ids(queries.receipts(session, order.id)):
        raise AlreadyUndone(what="Penerimaan")
    _must_be_free(session, receipt)
    by_id = {line.id: line for line in queries.lines(session, order.id)}
    taken = [(by_id[line.line_id], -line.quantity) for line in receipt.lines]
    _must_be_there(session, taken)
    source = f"procurement:receipt-undo:{receipt.id}"
    lines = mirror(session, actor, receipt.entry_seq)
    memo = f"Pembatalan penerimaan {order.label}: {said}"
    posted = post(session, actor, booked_on=booked_on, memo=memo, source=source, lines=lines)
    undoing = GoodsReceipt(
        coop_id=actor.coop_id, order_id=order.id, received_on=booked_on, note=said,
        total_rp=-receipt.total_rp, reverses_id=receipt.id, source=source, entry_seq=posted.seq,
        created_by=actor.user_id,
    )  # fmt: skip
    session.add(undoing)
    session.flush()  # its lines point at it
    _add_lines(session, actor, undoing, taken)
    _into_stock(session, actor, undoing, order, taken)
    orders.reopen(session, order)
    trail.record(
        session, actor, "procurement.undo_receipt", f"purchase_order:{order.id}", receipt=receipt.id, reason=reason
    )
    return undoing


def _must_be_free(session: Session, receipt: GoodsReceipt) -> None:
    query = (
        select(SupplierBill.reference)
        .join(SupplierBillLine, SupplierBillLine.bill_id == SupplierBill.id)
        .join(GoodsReceiptLine, GoodsReceiptLine.id == SupplierBillLine.receipt_line_id)
        .where(GoodsReceiptLine.receipt_id == receipt.id, SupplierBill.state != "undone")
    )
    if (reference := session.scalars(query).first()) is not None:
        raise ReceiptBilled(bill=reference)


def _must_be_there(session: Session, taken: _Taken) -> None:
    """The pieces can leave the stock again at what they cost."""
    for line, quantity in taken:
        if line.variant_id is None:
            continue
        variant = session.get_one(ProductVariant, line.variant_id, populate_existing=True)
        on_hand, value_rp = variant.on_hand + quantity, variant.value_rp + quantity * line.price_rp
        if variant.free + quantity < 0 or value_rp < 0 or (on_hand == 0 and value_rp != 0):
            raise GoodsGone(name=line.name)
