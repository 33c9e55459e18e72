"""What suppliers want for what came, how it is paid, and the papers of a purchase."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from models.base import Base, BelongsToCoop, Id, Rp, points_at, tenant_table
from models.procurement.ordering import GoodsReceiptLine, PurchaseOrder
from models.procurement.suppliers import Supplier


class SupplierBill(BelongsToCoop, Base):
    """A supplier's bill for what came of one order: value at the order's price + difference + VAT = total.

    A bill taken back (`undone`) keeps its lines, which then may stand in another bill.
    """

    __tablename__ = "supplier_bills"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "source"),
        points_at("purchase_orders", "order_id"),
        points_at("suppliers", "supplier_id"),
        points_at("journal_entries", "entry_seq", "seq"),
        points_at("journal_entries", "undone_seq", "seq"),
        CheckConstraint("state in ('open','paid','undone')", name="state"),
        CheckConstraint("total_rp = value_rp + difference_rp + vat_rp", name="sum"),
        CheckConstraint("value_rp > 0 and vat_rp >= 0 and total_rp > 0", name="amounts"),
        CheckConstraint("paid_rp >= 0 and paid_rp <= total_rp", name="paid"),
        CheckConstraint("(state = 'paid') = (paid_rp = total_rp)", name="settled"),
        CheckConstraint("(state = 'undone') = (undone_seq is not null)", name="undone"),
        Index(None, "coop_id", "order_id"),
        Index(None, "coop_id", "state", "due_on"),
    )

    id: Mapped[Id]
    order_id: Mapped[int]
    supplier_id: Mapped[int]
    reference: Mapped[str] = mapped_column(String(60))
    billed_on: Mapped[date]
    booked_on: Mapped[date]
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(6), default="open")
    value_rp: Mapped[Rp]
    difference_rp: Mapped[Rp] = mapped_column(default=0)
    vat_rp: Mapped[Rp] = mapped_column(default=0)
    total_rp: Mapped[Rp]
    paid_rp: Mapped[Rp] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(160))
    entry_seq: Mapped[int]
    undone_seq: Mapped[int | None]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    order: Mapped[PurchaseOrder] = relationship(
        primaryjoin="foreign(SupplierBill.order_id) == PurchaseOrder.id", viewonly=True
    )
    supplier: Mapped[Supplier] = relationship(
        primaryjoin="foreign(SupplierBill.supplier_id) == Supplier.id", viewonly=True
    )
    lines: Mapped[list["SupplierBillLine"]] = relationship(
        primaryjoin="SupplierBill.id == foreign(SupplierBillLine.bill_id)",
        order_by="SupplierBillLine.id",
        viewonly=True,
    )

    @property
    def owed_rp(self) -> int:
        """What is not paid yet; nothing of a bill taken back."""
        return 0 if self.state == "undone" else self.total_rp - self.paid_rp

    def __str__(self) -> str:
        return self.reference


class SupplierBillLine(BelongsToCoop, Base):
    """What the bill asks, before VAT, for one line of what came; insert-only."""

    __tablename__ = "supplier_bill_lines"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "bill_id", "receipt_line_id"),
        points_at("supplier_bills", "bill_id"),
        points_at("goods_receipt_lines", "receipt_line_id"),
        CheckConstraint("billed_rp >= 0", name="billed"),
        Index(None, "coop_id", "receipt_line_id"),
    )

    id: Mapped[Id]
    bill_id: Mapped[int]
    receipt_line_id: Mapped[int]
    billed_rp: Mapped[Rp]
    receipt_line: Mapped[GoodsReceiptLine] = relationship(
        primaryjoin="foreign(SupplierBillLine.receipt_line_id) == GoodsReceiptLine.id", viewonly=True
    )


class SupplierPayment(BelongsToCoop, Base):
    """Money to a supplier; insert-only. A mistaken one is undone by its mirror image, once.

    `advance`: before a bill came. `payment`: so much of a bill, of it `advance_rp` from what was paid before.
    `refund`: an advance that came back.
    """

    __tablename__ = "supplier_payments"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "source"),
        UniqueConstraint("coop_id", "reverses_id"),
        points_at("purchase_orders", "order_id"),
        points_at("supplier_bills", "bill_id"),
        points_at("supplier_payments", "reverses_id"),
        points_at("journal_entries", "entry_seq", "seq"),
        CheckConstraint("kind in ('advance','payment','refund')", name="kind"),
        CheckConstraint("(kind = 'payment') = (bill_id is not null)", name="bill"),
        CheckConstraint("(amount_rp < 0) = (reverses_id is not null) and amount_rp <> 0", name="amount"),
        CheckConstraint(
            "advance_rp = 0 or (kind = 'payment' and abs(advance_rp) <= abs(amount_rp)"
            " and (advance_rp < 0) = (amount_rp < 0))",
            name="advance",
        ),
        Index(None, "coop_id", "order_id"),
        Index(None, "coop_id", "bill_id"),
    )

    id: Mapped[Id]
    order_id: Mapped[int]
    bill_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(7))
    amount_rp: Mapped[Rp]
    advance_rp: Mapped[Rp] = mapped_column(default=0)
    paid_on: Mapped[date]
    paid_from: Mapped[str] = mapped_column(String(150), default="")
    voucher_no: Mapped[str] = mapped_column(String(60), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    reverses_id: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(160))
    entry_seq: Mapped[int]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    order: Mapped[PurchaseOrder] = relationship(
        primaryjoin="foreign(SupplierPayment.order_id) == PurchaseOrder.id", viewonly=True
    )
    bill: Mapped[SupplierBill | None] = relationship(
        primaryjoin="foreign(SupplierPayment.bill_id) == SupplierBill.id", viewonly=True
    )

    @property
    def cash_rp(self) -> int:
        """What left (or came back into) cash and bank."""
        return self.amount_rp - self.advance_rp


class PurchaseDocument(BelongsToCoop, Base):
    """A contract, quotation, delivery note or bill, as a picture or PDF under a name nobody can guess."""

    __tablename__ = "purchase_documents"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "stored_as"),
        points_at("purchase_requests", "request_id"),
        points_at("purchase_orders", "order_id"),
        CheckConstraint("kind in ('contract','quotation','delivery','bill','other')", name="kind"),
        CheckConstraint("(request_id is null) <> (order_id is null)", name="belongs"),
        Index(None, "coop_id", "request_id"),
        Index(None, "coop_id", "order_id"),
    )

    id: Mapped[Id]
    request_id: Mapped[int | None]
    order_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(9))
    label: Mapped[str] = mapped_column(String(80))
    stored_as: Mapped[str] = mapped_column(String(60))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
