"""What lists show of a product without asking its variants: the lowest price and how many can be bought."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.mart.products import Product, ProductVariant

_AT_ONCE = 500


def refresh(session: Session, product_ids: Collection[int]) -> None:
    """Count `from_rp` and `available` of these products anew from their active variants; without any both are 0.

    To be called after prices, variants or stock changed; a question or two per 500 products.
    """
    session.flush()  # what changed in this transaction counts
    ids, kind = sorted(set(product_ids)), ProductVariant
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        query = (
            select(kind.product_id, func.min(kind.price_rp), func.sum(kind.on_hand - kind.reserved))
            .where(kind.product_id.in_(some), kind.is_active)
            .group_by(kind.product_id)
        )
        found = {product_id: (int(price_rp), int(free)) for product_id, price_rp, free in session.execute(query)}
        for product in session.scalars(select(Product).where(Product.id.in_(some))):
            product.from_rp, product.available = found.get(product.id, (0, 0))
    session.flush()  # lists of this transaction read them
