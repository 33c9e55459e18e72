"""What a shop does with an order: pack and ship it, hand it over, see it done; or cancel it and give the money back."""

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import InvalidValue, NotFound
from models.mart.orders import Order
from services.audit import trail
from services.ledger.chart import Role
from services.ledger.posting import debit
from services.mart import balance, booking, expiry, payments, points, refunds, shifts, states, stock, stores
from services.mart.refusals import OrderUnpaid
from services.mart.stock import Move
from services.settings import dated

LOST_AFTER = timedelta(days=14)


def get(session: Session, actor: Actor, order_id: int) -> Order:
    """An order of a shop the actor works in, locked in a writing session. Raises NotFound."""
    query = select(Order).where(Order.id == order_id)
    if not session.info.get("read_only"):
        query = query.with_for_update().execution_options(populate_existing=True)
    order = session.scalars(query).first()
    if order is None:
        raise NotFound(what="Pesanan")
    stores.get(session, actor, order.store_id)
    return order


def ship(session: Session, actor: Actor, order_id: int, *, on: date, courier: str = "", waybill: str = "") -> Order:
    """The parcel leaves the shop: the sale is booked. Raises OrderUnpaid, OrderWrongState, InvalidValue."""
    order = _mine(session, actor, order_id)
    if order.state == "shipped":
        return order  # the second click
    if order.delivery == "pickup":
        raise InvalidValue(field="Pesanan", reason="pembeli mengambil sendiri; pakai tombol Serahkan.")
    if order.delivery == "courier" and not waybill.strip():
        raise InvalidValue(field="Nomor resi", reason="isi dulu, supaya pembeli dapat melacak paketnya.")
    _must_be_paid(order)
    states.move(
        session, actor, order, "ship", waybill.strip(),
        waybill=waybill.strip()[:40], courier=courier.strip()[:60] or order.courier,
    )  # fmt: skip
    _sell(session, actor, order, on)
    return order


def hand_over(session: Session, actor: Actor, order_id: int, *, on: date) -> Order:
    """The buyer takes the goods at the counter, and pays there if they chose so: sold and done at once.

    Raises OrderUnpaid, OrderWrongState.
    """
    order = _mine(session, actor, order_id)
    if order.state == "done":
        return order
    take(session, actor, order, on=on)
    trail.record(session, actor, "mart.hand_over", f"order:{order.id}")
    return order


def take(session: Session, actor: Actor, order: Order, *, on: date) -> None:
    """Cash into the drawer if it is to be paid in cash, the sale, and what a done order brings."""
    if order.paid_on is None and order.pay_by == "cash":
        pay_cash(session, actor, order, on=on)
    _must_be_paid(order)
    states.move(session, actor, order, "hand_over", done_on=on)
    _sell(session, actor, order, on)
    _done(session, actor, order, on)


def pay_cash(session: Session, actor: Actor, order: Order, *, on: date) -> None:
    """Cash for the whole order into the shop's drawer, counted in the shift of who takes it."""
    if order.due_rp == 0:
        payments.by_points(session, actor, order, on=on)
        return
    order.shift_id = order.shift_id or shifts.open_id(session, actor, order.store_id)
    payment = payments.another(session, order, "cash")
    into = debit(Role.STORE_CASH, order.due_rp, unit_id=order.store.unit_id)
    payments.paid(session, actor, payment, into=[into], on=on)


def _mine(session: Session, actor: Actor, order_id: int, *, or_money: bool = False) -> Order:
    """The order, for who works in its shop; `or_money`: also for the treasurer, who can send money from the bank."""
    if not (or_money and actor.may("mart.money")):
        actor.must("mart.sell")
    order = get(session, actor, order_id)
    stores.must_keep(session, actor, order.store_id)
    return order


def _must_be_paid(order: Order) -> None:
    if order.paid_on is None and order.state in ("unpaid", "packing"):
        raise OrderUnpaid(number=order.label)


def _sell(session: Session, actor: Actor, order: Order, on: date) -> None:
    """Goods leave the shelf at what they cost, and the books say so."""
    variants = stock.locked(session, {line.variant_id for line in order.lines})
    moves = []
    for line in order.lines:
        variant = variants[line.variant_id]
        variant.reserved -= line.quantity
        variant.product.sold += line.quantity
        own = not line.is_consigned
        line.cost_rp = stock.cost_out(variant, line.quantity) if own else variant.owner_rp * line.quantity
        value_rp = -line.cost_rp if own else 0
        moves.append(Move(variant.id, "sale", -line.quantity, value_rp, f"order:{order.id}:{line.id}", order.label))
    posted = booking.sale(session, actor, order, on=on)
    stock.record(session, actor, moves, booked_on=on, entry_seq=posted.seq)
    order.sale_seq, order.handed_on = posted.seq, on
    session.flush()


def deliver(session: Session, actor: Actor, order_id: int, *, on: date) -> Order:
    """The parcel arrived, says the courier or the shop. Raises OrderWrongState."""
    order = _mine(session, actor, order_id)
    arrived(session, actor, order, on=on)
    return order


def arrived(session: Session, actor: Actor, order: Order, *, on: date) -> None:
    """Write that a shipped parcel arrived, once."""
    if order.state != "shipped":
        raise states.wrong(order, "ditandai sampai")
    if order.delivered_on is None:
        order.delivered_on = on
        states.tell(session, actor, order, "deliver")


def receive(session: Session, buyer: Actor, order: Order, *, on: date) -> None:
    """The buyer has it and is content: done. Raises OrderWrongState."""
    if order.state == "done":
        return
    complete(session, buyer, order, on=on)


def complete(session: Session, actor: Actor, order: Order, *, on: date) -> None:
    """A shipped order is done: commission, points, and the money becomes the shop's. Raises OrderWrongState."""
    states.move(session, actor, order, "complete", done_on=on)
    _done(session, actor, order, on)


def _done(session: Session, actor: Actor, order: Order, on: date) -> None:
    balance.earn(session, actor, order, on=on)
    earned, value_rp = points.earned_by(session, order, on)
    if earned:
        seq = booking.points_earned(session, actor, order, value_rp, on=on).seq
        source = f"order:{order.id}:earned"
        points.record(session, actor, order, "earned", earned, value_rp, on=on, source=source, entry_seq=seq)
    session.flush()


def complete_due(session: Session, actor: Actor, day: date) -> list[Order]:
    """Shipped orders that arrived long enough ago, or were never heard of again, and that nobody complains about."""
    if not session.scalars(select(Order.id).where(Order.state == "shipped").limit(1)).first():
        return []
    wait = timedelta(days=dated.whole(session, actor.coop_id, "mart.complete_days", day))
    query = select(Order).where(
        Order.state == "shipped", Order.complaint_at.is_(None),
        or_(Order.delivered_on <= day - wait, Order.handed_on <= day - LOST_AFTER),
    )  # fmt: skip
    done = list(session.scalars(query.order_by(Order.id)))
    for order in done:
        complete(session, actor, order, on=day)
    return done


def complain(session: Session, buyer: Actor, order: Order, text: str, *, at: datetime) -> None:
    """Something is wrong with a shipped or done order; it does not become done by itself any more."""
    if order.state not in ("shipped", "done"):
        raise states.wrong(order, "dikeluhkan")
    if len(text.strip()) < 5:
        raise InvalidValue(field="Keluhan", reason="tulis apa yang kurang, misalnya barang pecah atau kurang satu.")
    order.complaint, order.complaint_at = text.strip()[:500], at
    states.tell(session, buyer, order, "complain", text.strip())


def cancel_own(session: Session, buyer: Actor, order: Order) -> None:
    """The buyer takes back an order that is not paid yet. Raises OrderWrongState."""
    if order.state == "cancelled":
        return
    if order.paid_on is not None:
        raise states.wrong(order, "dibatalkan sendiri; hubungi toko")
    states.move(session, buyer, order, "cancel", "oleh pembeli", expires_at=None)
    expiry.release(session, order)


def cancel(
    session: Session, actor: Actor, order_id: int, *, reason: str, on: date, refund_by: str = "", product_id: int = 0
) -> Order:
    """The shop cannot deliver: goods go back on the shelf, and what was paid goes back the way that is named.

    Raises InvalidValue, OrderWrongState, RefundWayUnknown.
    """
    order = _mine(session, actor, order_id, or_money=True)
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu, supaya pembeli tahu.")
    if order.state == "cancelled":
        return order
    states.move(session, actor, order, "cancel", reason.strip(), reason=reason.strip()[:200], expires_at=None)
    expiry.release(session, order)
    if order.held_rp:
        refunds.give_back(session, actor, order, refund_by, on=on, product_id=product_id)
    trail.record(session, actor, "mart.cancel", f"order:{order.id}", reason=reason, refund_by=refund_by)
    return order


def give_back_late(
    session: Session, actor: Actor, order_id: int, *, on: date, refund_by: str, product_id: int
) -> Order:
    """Money that came for a cancelled order goes back. Raises OrderWrongState, RefundWayUnknown."""
    actor.must("mart.money")
    order = get(session, actor, order_id)
    if order.state != "cancelled":
        raise states.wrong(order, "dikembalikan uangnya")
    if order.held_rp:
        refunds.give_back(session, actor, order, refund_by, on=on, product_id=product_id)
        order.reason = "Uang sudah dikembalikan"
    return order


def by_public_id(session: Session, actor: Actor, public_id: uuid.UUID) -> Order:
    """The same order by the number in its address. Raises NotFound."""
    order_id = session.scalars(select(Order.id).where(Order.public_id == public_id)).first()
    return get(session, actor, order_id or 0)
