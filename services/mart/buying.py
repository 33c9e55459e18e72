"""What a buyer sees of their orders, in whichever cooperative they bought."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.money import Rupiah
from models.coops import Coop
from models.mart.orders import Order, OrderEvent, OrderLine
from models.mart.products import Product, ProductVariant
from models.mart.stores import Store
from models.transaction import Database

MOST_SHOWN = 50


@dataclass(frozen=True)
class Bought:
    """An order in the buyer's list. `first` names its first thing, `more` counts the others."""

    public_id: uuid.UUID
    label: str
    state: str
    placed_at: datetime
    store_name: str
    coop_name: str
    zone: str
    total_rp: Rupiah
    first: str
    photo: str | None
    category: str
    more: int


def coop_of(database: Database, user_id: int, public_id: uuid.UUID) -> int:
    """The cooperative of one's own order. Raises NotFound for anybody else's."""
    with database.platform("kopmart: whose order") as session:
        query = select(Order.coop_id).where(Order.public_id == public_id, Order.buyer_id == user_id)
        coop_id = session.scalar(query)
        if coop_id is None:
            raise NotFound(what="Pesanan")
        return coop_id


def counts(database: Database, user_id: int) -> dict[str, int]:
    """How many orders of a buyer are in each state."""
    with database.platform("kopmart: a buyer's orders") as session:
        query = select(Order.state, func.count()).where(Order.buyer_id == user_id).group_by(Order.state)
        return {state: int(many) for state, many in session.execute(query)}


def mine(database: Database, user_id: int, state: str | None = None) -> list[Bought]:
    """A buyer's orders, newest first; the latest 50. Two questions, however many there are."""
    with database.platform("kopmart: a buyer's orders") as session:
        query = (
            select(Order, Store.name, Coop.name, Coop.zone)
            .join(Store, Store.id == Order.store_id)
            .join(Coop, Coop.id == Order.coop_id)
            .where(Order.buyer_id == user_id)
            .order_by(Order.id.desc())
            .limit(MOST_SHOWN)
        )
        rows = session.execute(query if state is None else query.where(Order.state == state)).all()
        things = _things(session, [order.id for order, *_ in rows])
        return [
            Bought(
                order.public_id, order.label, order.state, order.placed_at, store, coop, zone, order.total_rp,
                *things.get(order.id, ("", None, "", 0)),
            )
            for order, store, coop, zone in rows
        ]  # fmt: skip


def _things(session: Session, order_ids: list[int]) -> dict[int, tuple[str, str | None, str, int]]:
    query = (
        select(OrderLine.order_id, OrderLine.name, Product.photo, Product.category)
        .join(ProductVariant, ProductVariant.id == OrderLine.variant_id)
        .join(Product, Product.id == ProductVariant.product_id)
        .where(OrderLine.order_id.in_(order_ids))
        .order_by(OrderLine.id)
    )
    found: dict[int, tuple[str, str | None, str, int]] = {}
    for order_id, name, photo, category in session.execute(query):
        first = found.get(order_id)
        found[order_id] = (*first[:3], first[3] + 1) if first else (name, photo, category, 0)
    return found


@dataclass(frozen=True)
class Thing:
    """A line of an order with the page of its product."""

    line: OrderLine
    product_id: uuid.UUID
    photo: str | None
    category: str


def things(session: Session, order: Order) -> list[Thing]:
    """What was bought, in the order of the cart."""
    query = (
        select(OrderLine, Product.public_id, Product.photo, Product.category)
        .join(ProductVariant, ProductVariant.id == OrderLine.variant_id)
        .join(Product, Product.id == ProductVariant.product_id)
        .where(OrderLine.order_id == order.id)
        .order_by(OrderLine.id)
    )
    return [Thing(*row) for row in session.execute(query)]


def timeline(session: Session, order: Order) -> list[OrderEvent]:
    """What happened to an order, latest first."""
    query = select(OrderEvent).where(OrderEvent.order_id == order.id)
    return list(session.scalars(query.order_by(OrderEvent.id.desc())))
