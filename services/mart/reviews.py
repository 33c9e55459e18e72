"""What buyers say: only somebody whose order is done, once for each line of an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import InvalidValue, Refusal
from models.mart.orders import Order, OrderLine
from models.mart.products import Product, ProductVariant, Review
from models.transaction import Database

LONGEST = 1000
STARS = range(1, 6)


class NotBought(Refusal):
    code = "mart.not_bought"
    pesan = "Ulasan dapat ditulis setelah pesanan barang ini Selesai. Buka Pesanan Saya untuk melihat keadaannya."
    status = 403


@dataclass(frozen=True)
class Bought:
    """A line of a finished order that its buyer has not reviewed yet."""

    line_id: int
    name: str
    done_on: date | None


def to_review(session: Session, actor: Actor, product_id: int) -> Sequence[Bought]:
    """The actor's finished purchases of a product that still wait for a review, newest first."""
    query = _lines(actor).where(
        ProductVariant.product_id == product_id, ~exists().where(Review.line_id == OrderLine.id)
    )
    return [Bought(line.id, line.name, order.done_on) for line, order, _ in session.execute(query).all()]


def waiting(database: Database, user_id: int | None, coop_id: int, product_id: int) -> Sequence[Bought]:
    """As `to_review` for somebody who may be at home in another cooperative; a stranger bought nothing."""
    if user_id is None:
        return []
    who = Actor(user_id, coop_id, frozenset())
    with database.reading(who) as session:
        return to_review(session, who, product_id)


def write(session: Session, actor: Actor, line_id: int, stars: int, body: str) -> Review:
    """Review what was bought with one line; the same line again answers with the review it has.

    Raises:
        NotBought: no line of the actor's, or its order is not done. InvalidValue: stars other than 1 to 5.
    """
    found = session.execute(_lines(actor).where(OrderLine.id == line_id)).first()
    if found is None:
        raise NotBought()
    if kept := session.scalars(select(Review).where(Review.line_id == line_id)).first():
        return kept
    if stars not in STARS:
        raise InvalidValue(field="Bintang", reason="pilih 1 sampai 5 bintang.")
    product = session.get_one(Product, found[2].product_id)
    review = Review(
        coop_id=actor.coop_id, product_id=product.id, line_id=line_id, user_id=actor.user_id, stars=stars,
        body=body.strip()[:LONGEST],
    )  # fmt: skip
    session.add(review)
    product.stars_sum, product.reviews = product.stars_sum + stars, product.reviews + 1
    session.flush()
    return review


def _lines(actor: Actor) -> Select[OrderLine, Order, ProductVariant]:
    return (
        select(OrderLine, Order, ProductVariant)
        .join(Order, Order.id == OrderLine.order_id)
        .join(ProductVariant, ProductVariant.id == OrderLine.variant_id)
        .where(Order.buyer_id == actor.user_id, Order.state == "done")
        .order_by(OrderLine.id.desc())
    )
