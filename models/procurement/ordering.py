"""Orders to suppliers, and what came of them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from models.base import Base, BelongsToCoop, Id, Rp, points_at, tenant_table
from models.coops import Unit
from models.mart.stores import Store
from models.procurement.suppliers import Supplier

STATES = ("asked", "approved", "closed", "rejected", "cancelled")


class PurchaseOrder(BelongsToCoop, Base):
    """What one supplier shall deliver at what price; frozen when it is written, approved by a second person.

    `reason` says why this quotation was chosen when a cheaper one was there.
    """

    __tablename__ = "purchase_orders"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "year", "number"),
        UniqueConstraint("coop_id", "token"),
        points_at("units", "unit_id"),
        points_at("stores", "store_id"),
        points_at("suppliers", "supplier_id"),
        points_at("purchase_requests", "request_id"),
        points_at("quotations", "quotation_id"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("total_rp > 0", name="total"),
        CheckConstraint("approved_by is null or approved_by <> created_by", name="four_eyes"),
        CheckConstraint("state not in ('approved','closed') or approved_by is not null", name="approved"),
        Index(None, "coop_id", "state"),
        Index(None, "coop_id", "supplier_id"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(60))
    year: Mapped[int]
    number: Mapped[int]
    unit_id: Mapped[int]
    store_id: Mapped[int | None]
    supplier_id: Mapped[int]
    request_id: Mapped[int]
    quotation_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(9), default="asked")
    ordered_on: Mapped[date]
    due_on: Mapped[date | None]
    terms: Mapped[str] = mapped_column(String(200), default="")
    deliver_to: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    total_rp: Mapped[Rp]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None]
    ended_note: Mapped[str] = mapped_column(String(200), default="")
    unit: Mapped[Unit] = relationship(primaryjoin="foreign(PurchaseOrder.unit_id) == Unit.id", viewonly=True)
    store: Mapped[Store | None] = relationship(primaryjoin="foreign(PurchaseOrder.store_id) == Store.id", viewonly=True)
    supplier: Mapped[Supplier] = relationship(
        primaryjoin="foreign(PurchaseOrder.supplier_id) == Supplier.id", viewonly=True
    )
    lines: Mapped[list["PurchaseOrderLine"]] = relationship(
        primaryjoin="PurchaseOrder.id == foreign(PurchaseOrderLine.order_id)",
        order_by="PurchaseOrderLine.id",
        viewonly=True,
    )

    @property
    def label(self) -> str:
        return f"PO/{self.year}/{self.number:05d}"

    def __str__(self) -> str:
        return self.label


class PurchaseOrderLine(BelongsToCoop, Base):
    """So many at a price; goods of a shop go into its stock (`variant_id`), all else to an account (`account_id`).

    `received` of them came.
    """

    __tablename__ = "purchase_order_lines"
    __table_args__ = tenant_table(
        points_at("purchase_orders", "order_id"),
        points_at("purchase_request_lines", "request_line_id"),
        points_at("product_variants", "variant_id"),
        points_at("accounts", "account_id"),
        CheckConstraint("quantity > 0 and price_rp > 0", name="amounts"),
        CheckConstraint("received >= 0 and received <= quantity", name="received"),
        CheckConstraint("(variant_id is null) <> (account_id is null)", name="goes_to"),
        Index(None, "coop_id", "order_id"),
        Index(None, "coop_id", "request_line_id"),
    )

    id: Mapped[Id]
    order_id: Mapped[int]
    request_line_id: Mapped[int]
    variant_id: Mapped[int | None]
    account_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(190))
    unit_name: Mapped[str] = mapped_column(String(20), default="")
    quantity: Mapped[int]
    price_rp: Mapped[Rp]
    received: Mapped[int] = mapped_column(default=0)

    @property
    def total_rp(self) -> int:
        return self.quantity * self.price_rp

    @property
    def left(self) -> int:
        """How many have not come yet."""
        return self.quantity - self.received


class GoodsReceipt(BelongsToCoop, Base):
    """One delivery, or one piece of work done; insert-only. A mistaken one is undone by its mirror image, once."""

    __tablename__ = "goods_receipts"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "source"),
        UniqueConstraint("coop_id", "reverses_id"),
        points_at("purchase_orders", "order_id"),
        points_at("goods_receipts", "reverses_id"),
        points_at("journal_entries", "entry_seq", "seq"),
        CheckConstraint("(total_rp < 0) = (reverses_id is not null) and total_rp <> 0", name="total"),
        Index(None, "coop_id", "order_id"),
    )

    id: Mapped[Id]
    order_id: Mapped[int]
    received_on: Mapped[date]
    delivery_no: Mapped[str] = mapped_column(String(60), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    total_rp: Mapped[Rp]
    reverses_id: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(160))
    entry_seq: Mapped[int]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    order: Mapped[PurchaseOrder] = relationship(
        primaryjoin="foreign(GoodsReceipt.order_id) == PurchaseOrder.id", viewonly=True
    )
    lines: Mapped[list["GoodsReceiptLine"]] = relationship(
        primaryjoin="GoodsReceipt.id == foreign(GoodsReceiptLine.receipt_id)",
        order_by="GoodsReceiptLine.id",
        viewonly=True,
    )


class GoodsReceiptLine(BelongsToCoop, Base):
    """So many of an order's line, at the order's price; insert-only."""

    __tablename__ = "goods_receipt_lines"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "receipt_id", "line_id"),
        points_at("goods_receipts", "receipt_id"),
        points_at("purchase_order_lines", "line_id"),
        CheckConstraint("quantity <> 0 and (quantity > 0) = (value_rp > 0)", name="quantity"),
        Index(None, "coop_id", "line_id"),
    )

    id: Mapped[Id]
    receipt_id: Mapped[int]
    line_id: Mapped[int]
    quantity: Mapped[int]
    value_rp: Mapped[Rp]
    line: Mapped[PurchaseOrderLine] = relationship(
        primaryjoin="foreign(GoodsReceiptLine.line_id) == PurchaseOrderLine.id", viewonly=True
    )
