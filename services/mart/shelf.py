"""What lists show of a product without asking its variants: the lowest price and how many can be bought."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.mart.products import Product, ProductVariant

_AT_ONCE = 500


def refresh(session: Session, product: Product) -> None:
    """Count again after prices, variants or stock changed. Without active variants both are 0."""
    refresh_many(session, [product.id])


def refresh_many(session: Session, product_ids: Collection[int]) -> None:
    """`refresh` for many, in a question or two per 500."""
    session.flush()  # what changed in this transaction counts
    ids = sorted(set(product_ids))
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        query = (
            select(
                ProductVariant.product_id,
                func.min(ProductVariant.price_rp),
                func.sum(ProductVariant.on_hand - ProductVariant.reserved),
            )
            .where(ProductVariant.product_id.in_(some), ProductVariant.is_active)
            .group_by(ProductVariant.product_id)
        )
        found = {product_id: (int(price_rp), int(free)) for product_id, price_rp, free in session.execute(query)}
        for product in session.scalars(select(Product).where(Product.id.in_(some))):
            product.from_rp, product.available = found.get(product.id, (0, 0))
    session.flush()  # lists of this transaction read them
