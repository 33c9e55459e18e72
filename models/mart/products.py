"""Goods: products, their variants with stock, photos, what is searched, what buyers say and wish for."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from models.base import Base, BelongsToCoop, Id, Rp, points_at, tenant_table
from models.mart.stores import Store


class Product(BelongsToCoop, Base):
    """Something a shop sells. Of consigned goods (titip jual) the owner is paid `ProductVariant.owner_rp` a piece.

    `from_rp` is the lowest price of its active variants and `available` what can be bought of all of them, kept so
    that lists ask one table.
    """

    __tablename__ = "products"
    __table_args__ = tenant_table(
        points_at("stores", "store_id"),
        points_at("suppliers", "supplier_id"),
        CheckConstraint("weight_g >= 0", name="weight"),
        CheckConstraint("not is_consigned or supplier_id is not null", name="consignor"),
        CheckConstraint("stars_sum >= 0 and reviews >= 0", name="reviews"),
        Index(None, "is_published", "category", "id"),
        Index(None, "coop_id", "store_id"),
    )

    id: Mapped[Id]
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    store_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(String(3000), default="")
    category: Mapped[str] = mapped_column(String(20))
    unit_name: Mapped[str] = mapped_column(String(20), default="pcs")
    weight_g: Mapped[int] = mapped_column(default=0)
    is_published: Mapped[bool] = mapped_column(default=False)
    is_taxed: Mapped[bool] = mapped_column(default=True)
    is_consigned: Mapped[bool] = mapped_column(default=False)
    supplier_id: Mapped[int | None]
    from_rp: Mapped[Rp] = mapped_column(default=0)
    available: Mapped[int] = mapped_column(default=0)
    sold: Mapped[int] = mapped_column(default=0)
    stars_sum: Mapped[int] = mapped_column(default=0)
    reviews: Mapped[int] = mapped_column(default=0)
    photo: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(default=now)
    store: Mapped[Store] = relationship(primaryjoin="foreign(Product.store_id) == Store.id")
    variants: Mapped[list["ProductVariant"]] = relationship(
        primaryjoin="Product.id == foreign(ProductVariant.product_id)", order_by="ProductVariant.id", viewonly=True
    )

    def __str__(self) -> str:
        return self.name


class ProductVariant(BelongsToCoop, Base):
    """One kind of a product with its price and stock card; a product without kinds has one with an empty name.

    `value_rp` is what the `on_hand` pieces cost (moving average: value / pieces). `reserved` pieces wait for payment
    or for packing. Pieces of consigned goods have no value in the books; `owner_rp` is owed for each sold.
    """

    __tablename__ = "product_variants"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "sku"),
        points_at("products", "product_id"),
        CheckConstraint("on_hand >= 0 and reserved >= 0 and reserved <= on_hand", name="stock"),
        CheckConstraint("value_rp >= 0 and (on_hand > 0 or value_rp = 0)", name="value"),
        CheckConstraint("price_rp > 0 and (member_price_rp is null or member_price_rp > 0)", name="prices"),
        CheckConstraint("owner_rp >= 0 and low_at >= 0", name="amounts"),
        Index(None, "coop_id", "product_id"),
        Index(None, "coop_id", "barcode"),
    )

    id: Mapped[Id]
    product_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(60), default="")
    sku: Mapped[str] = mapped_column(String(40))
    barcode: Mapped[str | None] = mapped_column(String(40))
    price_rp: Mapped[Rp]
    member_price_rp: Mapped[Rp | None]
    owner_rp: Mapped[Rp] = mapped_column(default=0)
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    value_rp: Mapped[Rp] = mapped_column(default=0)
    low_at: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    product: Mapped[Product] = relationship(primaryjoin="foreign(ProductVariant.product_id) == Product.id")

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved

    @property
    def label(self) -> str:
        return f"{self.product.name} {self.name}".strip()


class StockMovement(BelongsToCoop, Base):
    """Pieces in (positive) or out (negative), and what they cost; insert-only.

    Own goods stand behind a journal entry, save the opening stock and a return in which nothing cost anything.
    """

    __tablename__ = "stock_movements"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "source"),
        points_at("product_variants", "variant_id"),
        points_at("journal_entries", "entry_seq", "seq"),
        CheckConstraint(
            "kind in ('opening','receipt','sale','return','count','adjustment','back','consigned')", name="kind"
        ),
        CheckConstraint("quantity <> 0 or value_rp <> 0", name="moves"),
        Index(None, "coop_id", "variant_id", "booked_on"),
    )

    id: Mapped[Id]
    variant_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    quantity: Mapped[int]
    value_rp: Mapped[Rp]
    booked_on: Mapped[date]
    memo: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(160))
    entry_seq: Mapped[int | None]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    variant: Mapped[ProductVariant] = relationship(primaryjoin="foreign(StockMovement.variant_id) == ProductVariant.id")


class ProductPhoto(BelongsToCoop, Base):
    """A photo, redrawn; the file and its small twin lie in the uploads under names nobody can guess."""

    __tablename__ = "product_photos"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "stored_as"),
        points_at("products", "product_id"),
        Index(None, "coop_id", "product_id"),
    )

    id: Mapped[Id]
    product_id: Mapped[int]
    stored_as: Mapped[str] = mapped_column(String(60))
    width: Mapped[int]
    height: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)


class ProductGram(BelongsToCoop, Base):
    """Three letters that occur in a product's name or kind: what search meets, typing errors and all."""

    __tablename__ = "product_grams"
    __table_args__ = (
        points_at("products", "product_id", ondelete="CASCADE"),
        Index(None, "gram", "product_id"),
    )

    coop_id: Mapped[int] = mapped_column(ForeignKey("coops.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(primary_key=True)
    gram: Mapped[str] = mapped_column(String(3), primary_key=True)


class Review(BelongsToCoop, Base):
    """What somebody who bought it says, once for each line of an order."""

    __tablename__ = "reviews"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "line_id"),
        points_at("products", "product_id"),
        points_at("order_lines", "line_id"),
        CheckConstraint("stars between 1 and 5", name="stars"),
        Index(None, "coop_id", "product_id"),
    )

    id: Mapped[Id]
    product_id: Mapped[int]
    line_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    stars: Mapped[int]
    body: Mapped[str] = mapped_column(String(1000), default="")
    reply: Mapped[str] = mapped_column(String(500), default="")
    is_hidden: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    product: Mapped[Product] = relationship(primaryjoin="foreign(Review.product_id) == Product.id")


class WishedProduct(BelongsToCoop, Base):
    """A product somebody wants to find again."""

    __tablename__ = "wished_products"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "product_id", "user_id"),
        points_at("products", "product_id"),
        Index(None, "user_id"),
    )

    id: Mapped[Id]
    product_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class CartItem(BelongsToCoop, Base):
    """What lies in a cart. `owner` is `u:<user id>`, or `g:<secret of a browser>` before sign-in."""

    __tablename__ = "cart_items"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "owner", "variant_id"),
        points_at("product_variants", "variant_id"),
        CheckConstraint("quantity between 1 and 9999", name="quantity"),
        Index(None, "owner"),
    )

    id: Mapped[Id]
    owner: Mapped[str] = mapped_column(String(60))
    variant_id: Mapped[int]
    quantity: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(default=now)
    variant: Mapped[ProductVariant] = relationship(primaryjoin="foreign(CartItem.variant_id) == ProductVariant.id")
