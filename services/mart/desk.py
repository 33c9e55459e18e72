"""What the shop's desk looks at: goods that run low, everything on the shelf for counting and for a file."""

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from core.actor import Actor
from models.mart.products import Product, ProductVariant
from services.mart import stores


def variants(session: Session, actor: Actor, store_id: int | None = None) -> list[ProductVariant]:
    """Every variant of a shop (or of all shops the actor sees), by product and name; its product and shop loaded."""
    seen = [stores.get(session, actor, store_id)] if store_id else stores.mine(session, actor)
    query = (
        select(ProductVariant)
        .join(Product, Product.id == ProductVariant.product_id)
        .options(contains_eager(ProductVariant.product))
        .where(Product.store_id.in_([store.id for store in seen]))
        .order_by(Product.store_id, Product.name, Product.id, ProductVariant.name, ProductVariant.id)
    )
    return list(session.scalars(query))


def low(session: Session, actor: Actor, store_id: int | None = None) -> list[ProductVariant]:
    """Active variants of which no more is free than their minimum, the emptiest first."""
    found = [one for one in variants(session, actor, store_id) if one.is_active and one.free <= one.low_at]
    return sorted(found, key=lambda one: one.free - one.low_at)
