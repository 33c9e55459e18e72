"""Orders that nobody paid in time: their goods, places and vouchers are set free again."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from models.mart.campaigns import CampaignItem, Voucher
from models.mart.orders import Order, OrderPayment
from services.mart import shelf, states, stock
from services.mart.refusals import OrderWrongState


def expire(session: Session, actor: Actor, at: datetime) -> list[Order]:
    """End every order whose time to pay is over. One whose buyer has sent a proof waits for a person instead."""
    claimed = select(OrderPayment.order_id).where(OrderPayment.state == "claimed")
    query = select(Order).where(
        Order.state.in_(("unpaid", "packing")), Order.paid_on.is_(None), Order.expires_at <= at,
        Order.id.not_in(claimed),
    )  # fmt: skip
    ended = []
    for order in session.scalars(query.order_by(Order.id)):
        try:
            states.move(session, actor, order, "expire", expires_at=None)
        except OrderWrongState:
            continue  # paid at this very moment
        release(session, order)
        ended.append(order)
    return ended


def release(session: Session, order: Order) -> None:
    """Give back what a cancelled order kept: goods, places in campaigns, the voucher; open payments end."""
    variants = stock.locked(session, {line.variant_id for line in order.lines})
    for line in order.lines:
        variants[line.variant_id].reserved -= line.quantity
        if line.campaign_item_id is not None and line.covered:
            count(session, CampaignItem, line.campaign_item_id, "sold", -line.covered)
    if order.voucher_id is not None:
        count(session, Voucher, order.voucher_id, "used", -1)
    waiting = update(OrderPayment).where(OrderPayment.order_id == order.id, OrderPayment.state == "waiting")
    session.execute(
        waiting.values(state="failed", reason="Pesanan dibatalkan").execution_options(synchronize_session="fetch")
    )
    shelf.refresh(session, {variant.product_id for variant in variants.values()})


def count(session: Session, kind: type[CampaignItem] | type[Voucher], row_id: int, column: str, more: int) -> None:
    """A campaign's place or a voucher was taken so many times more, or less (negative)."""
    counted = getattr(kind, column)
    query = update(kind).where(kind.id == row_id).values({counted: counted + more})
    session.execute(query.execution_options(synchronize_session="fetch"))
