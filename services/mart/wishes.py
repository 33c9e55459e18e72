"""What somebody wants to find again."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import NotFound
from models.mart.products import Product, WishedProduct


def put(session: Session, actor: Actor, product_id: int) -> None:
    """Remember a product; twice is once. Raises NotFound for what is not sold."""
    product = session.get(Product, product_id)
    if product is None or not product.is_published:
        raise NotFound(what="Barang")
    if _wish(session, actor, product_id) is None:
        session.add(WishedProduct(coop_id=actor.coop_id, product_id=product_id, user_id=actor.user_id))
        session.flush()


def take_away(session: Session, actor: Actor, product_id: int) -> None:
    """Forget it again; what was not remembered stays so."""
    if (wish := _wish(session, actor, product_id)) is not None:
        session.delete(wish)
        session.flush()


def _wish(session: Session, actor: Actor, product_id: int) -> WishedProduct | None:
    query = select(WishedProduct).where(WishedProduct.product_id == product_id, WishedProduct.user_id == actor.user_id)
    return session.scalars(query).first()
