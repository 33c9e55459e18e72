"""What somebody wants bought, and what suppliers ask for it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from models.base import Base, BelongsToCoop, Id, Rp, points_at, tenant_table
from models.coops import Unit
from models.mart.products import ProductVariant
from models.mart.stores import Store
from models.procurement.suppliers import Supplier


class PurchaseRequest(BelongsToCoop, Base):
    """Goods and services a business unit needs; those of a shop may name the shop's goods.

    Open until each of its lines stands in an order that was not refused or called off.
    """

    __tablename__ = "purchase_requests"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "year", "number"),
        UniqueConstraint("coop_id", "token"),
        points_at("units", "unit_id"),
        points_at("stores", "store_id"),
        CheckConstraint("state in ('open','ordered','cancelled')", name="state"),
        Index(None, "coop_id", "state"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(60))
    year: Mapped[int]
    number: Mapped[int]
    unit_id: Mapped[int]
    store_id: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(500), default="")
    asked_on: Mapped[date]
    needed_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(9), default="open")
    reason: Mapped[str] = mapped_column(String(200), default="")
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    unit: Mapped[Unit] = relationship(primaryjoin="foreign(PurchaseRequest.unit_id) == Unit.id", viewonly=True)
    store: Mapped[Store | None] = relationship(
        primaryjoin="foreign(PurchaseRequest.store_id) == Store.id", viewonly=True
    )
    lines: Mapped[list["PurchaseRequestLine"]] = relationship(
        primaryjoin="PurchaseRequest.id == foreign(PurchaseRequestLine.request_id)",
        order_by="PurchaseRequestLine.id",
        viewonly=True,
    )

    @property
    def label(self) -> str:
        return f"PP/{self.year}/{self.number:05d}"

    def __str__(self) -> str:
        return self.label


class PurchaseRequestLine(BelongsToCoop, Base):
    """So many of something, at about this price a piece (0 when nobody knows). Goods of a shop name their variant."""

    __tablename__ = "purchase_request_lines"
    __table_args__ = tenant_table(
        points_at("purchase_requests", "request_id"),
        points_at("product_variants", "variant_id"),
        CheckConstraint("quantity > 0 and estimate_rp >= 0", name="amounts"),
        Index(None, "coop_id", "request_id"),
    )

    id: Mapped[Id]
    request_id: Mapped[int]
    variant_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(190))
    unit_name: Mapped[str] = mapped_column(String(20), default="")
    quantity: Mapped[int]
    estimate_rp: Mapped[Rp] = mapped_column(default=0)
    variant: Mapped[ProductVariant | None] = relationship(
        primaryjoin="foreign(PurchaseRequestLine.variant_id) == ProductVariant.id", viewonly=True
    )


class Quotation(BelongsToCoop, Base):
    """What one supplier asks for the lines of a request, until `valid_until`."""

    __tablename__ = "quotations"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "token"),
        points_at("purchase_requests", "request_id"),
        points_at("suppliers", "supplier_id"),
        Index(None, "coop_id", "request_id"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(60))
    request_id: Mapped[int]
    supplier_id: Mapped[int]
    reference: Mapped[str] = mapped_column(String(60), default="")
    quoted_on: Mapped[date]
    valid_until: Mapped[date | None]
    terms: Mapped[str] = mapped_column(String(200), default="")
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    request: Mapped[PurchaseRequest] = relationship(
        primaryjoin="foreign(Quotation.request_id) == PurchaseRequest.id", viewonly=True
    )
    supplier: Mapped[Supplier] = relationship(
        primaryjoin="foreign(Quotation.supplier_id) == Supplier.id", viewonly=True
    )
    lines: Mapped[list["QuotationLine"]] = relationship(
        primaryjoin="Quotation.id == foreign(QuotationLine.quotation_id)", order_by="QuotationLine.id", viewonly=True
    )


class QuotationLine(BelongsToCoop, Base):
    """The price a piece of one line of the request; a line the supplier does not offer is not there."""

    __tablename__ = "quotation_lines"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "quotation_id", "request_line_id"),
        points_at("quotations", "quotation_id"),
        points_at("purchase_request_lines", "request_line_id"),
        CheckConstraint("price_rp > 0", name="price"),
    )

    id: Mapped[Id]
    quotation_id: Mapped[int]
    request_line_id: Mapped[int]
    price_rp: Mapped[Rp]
