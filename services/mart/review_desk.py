"""What the shop's desk does with reviews: reads them, answers, hides what does not belong there."""

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from core.actor import Actor
from core.errors import NotFound
from models.mart.products import Product, Review
from services.audit import trail
from services.mart import stores

LONGEST_REPLY = 500


def of_mine(session: Session, actor: Actor, limit: int = 200) -> list[Review]:
    """Reviews of goods of the shops the actor sees, those without an answer first, then the newest."""
    seen = [store.id for store in stores.mine(session, actor)]
    query = (
        select(Review)
        .join(Product, Product.id == Review.product_id)
        .options(contains_eager(Review.product))
        .where(Product.store_id.in_(seen))
        .order_by(Review.reply != "", Review.id.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def get(session: Session, actor: Actor, review_id: int) -> Review:
    """One review of a shop the actor sees. Raises NotFound."""
    review = session.get(Review, review_id)
    if review is None:
        raise NotFound(what="Ulasan")
    stores.get(session, actor, review.product.store_id)
    return review


def reply(session: Session, actor: Actor, review_id: int, text: str) -> Review:
    """The shop's answer, which everybody reads; an empty one takes it back. Raises NotFound."""
    review = _to_work_on(session, actor, review_id)
    said = text.strip()[:LONGEST_REPLY]
    if said != review.reply:
        trail.record(session, actor, "mart.review_reply", f"review:{review.id}", before=review.reply, after=said)
        review.reply = said
    return review


def hide(session: Session, actor: Actor, review_id: int, *, hidden: bool = True) -> Review:
    """Take a review off the page and out of the stars, or put it back. Raises NotFound."""
    review = _to_work_on(session, actor, review_id)
    if review.is_hidden != hidden:
        sign = -1 if hidden else 1
        review.product.stars_sum += sign * review.stars
        review.product.reviews += sign
        review.is_hidden = hidden
        trail.record(session, actor, "mart.review_hide", f"review:{review.id}", hidden=hidden)
    return review


def _to_work_on(session: Session, actor: Actor, review_id: int) -> Review:
    actor.must("mart.goods")
    review = get(session, actor, review_id)
    stores.must_keep(session, actor, review.product.store_id)
    return review
