"""Orders: what was bought at what price, what became of it, how it was paid, what came back."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from models.base import Base, BelongsToCoop, Id, Pct, Rp, points_at, tenant_table
from models.mart.products import ProductVariant
from models.mart.stores import Store
from models.members import Member

STATES = ("unpaid", "packing", "shipped", "done", "cancelled", "returned")


class Order(BelongsToCoop, Base):
    """What one buyer wants from one shop.

    goods - discount - voucher + shipping = total; of it `points_rp` are paid with points and `due_rp` with money.
    `vat_rp` is contained in the total. `held_rp` was paid and is neither sale nor refund yet; `claim_rp` is
    what the treasury keeps of it for the shop until the order is done.
    """

    __tablename__ = "orders"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "year", "number"),
        UniqueConstraint("coop_id", "token"),
        points_at("stores", "store_id"),
        points_at("members", "member_id"),
        points_at("vouchers", "voucher_id"),
        points_at("till_shifts", "shift_id"),
        points_at("journal_entries", "sale_seq", "seq"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("channel in ('online','till')", name="channel"),
        CheckConstraint("delivery in ('pickup','zone','courier','till')", name="delivery"),
        CheckConstraint("pay_by in ('savings','credit','transfer','cash','qris','gateway')", name="pay_by"),
        CheckConstraint(
            "total_rp = goods_rp - discount_rp - voucher_rp + shipping_rp and due_rp = total_rp - points_rp", name="sum"
        ),
        CheckConstraint(
            "goods_rp >= 0 and discount_rp >= 0 and voucher_rp >= 0 and shipping_rp >= 0 and points_rp >= 0 "
            "and due_rp >= 0 and vat_rp >= 0 and refunded_rp >= 0 and held_rp >= 0 and claim_rp >= 0",
            name="amounts",
        ),
        Index(None, "coop_id", "store_id", "state"),
        Index(None, "coop_id", "state", "expires_at"),
        Index(None, "buyer_id"),
    )

    id: Mapped[Id]
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    token: Mapped[str] = mapped_column(String(60))
    year: Mapped[int]
    number: Mapped[int]
    store_id: Mapped[int]
    channel: Mapped[str] = mapped_column(String(6), default="online")
    shift_id: Mapped[int | None]
    buyer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    member_id: Mapped[int | None]
    buyer_name: Mapped[str] = mapped_column(String(80), default="")
    buyer_phone: Mapped[str] = mapped_column(String(20), default="")
    state: Mapped[str] = mapped_column(String(9), default="unpaid")
    placed_on: Mapped[date]
    placed_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime | None]
    delivery: Mapped[str] = mapped_column(String(7))
    address: Mapped[str] = mapped_column(String(200), default="")
    city: Mapped[str] = mapped_column(String(60), default="")
    courier: Mapped[str] = mapped_column(String(60), default="")
    waybill: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    pay_by: Mapped[str] = mapped_column(String(8))
    goods_rp: Mapped[Rp]
    discount_rp: Mapped[Rp] = mapped_column(default=0)
    voucher_id: Mapped[int | None]
    voucher_rp: Mapped[Rp] = mapped_column(default=0)
    shipping_rp: Mapped[Rp] = mapped_column(default=0)
    points_used: Mapped[int] = mapped_column(default=0)
    points_rp: Mapped[Rp] = mapped_column(default=0)
    vat_rp: Mapped[Rp] = mapped_column(default=0)
    total_rp: Mapped[Rp]
    due_rp: Mapped[Rp]
    refunded_rp: Mapped[Rp] = mapped_column(default=0)
    held_rp: Mapped[Rp] = mapped_column(default=0)
    claim_rp: Mapped[Rp] = mapped_column(default=0)
    commission_pct: Mapped[Pct] = mapped_column(default=Decimal(0))
    paid_on: Mapped[date | None]
    handed_on: Mapped[date | None]
    delivered_on: Mapped[date | None]
    done_on: Mapped[date | None]
    sale_seq: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(200), default="")
    complaint: Mapped[str] = mapped_column(String(500), default="")
    complaint_at: Mapped[datetime | None]
    store: Mapped[Store] = relationship(primaryjoin="foreign(Order.store_id) == Store.id")
    member: Mapped[Member | None] = relationship(primaryjoin="foreign(Order.member_id) == Member.id")
    lines: Mapped[list["OrderLine"]] = relationship(
        primaryjoin="Order.id == foreign(OrderLine.order_id)", order_by="OrderLine.id", viewonly=True
    )

    @property
    def label(self) -> str:
        return f"T/{self.year}/{self.number:05d}"

    def __str__(self) -> str:
        return self.label


class OrderLine(BelongsToCoop, Base):
    """So many pieces at a price, as they were when bought. `voucher_rp` and `points_rp` are its share of the order's.

    `covered` of them had the price of a campaign. `cost_rp` is what they cost when handed over (of
    consigned goods: what the owner gets); `returned` of them came back.
    """

    __tablename__ = "order_lines"
    __table_args__ = tenant_table(
        points_at("orders", "order_id"),
        points_at("product_variants", "variant_id"),
        points_at("campaign_items", "campaign_item_id"),
        CheckConstraint("quantity > 0 and returned >= 0 and returned <= quantity", name="quantity"),
        CheckConstraint("price_rp > 0 and discount_rp >= 0 and voucher_rp >= 0 and points_rp >= 0", name="amounts"),
        Index(None, "coop_id", "order_id"),
        Index(None, "coop_id", "variant_id"),
    )

    id: Mapped[Id]
    order_id: Mapped[int]
    variant_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(190))
    quantity: Mapped[int]
    price_rp: Mapped[Rp]
    discount_rp: Mapped[Rp] = mapped_column(default=0)
    campaign_item_id: Mapped[int | None]
    covered: Mapped[int] = mapped_column(default=0)
    discount_name: Mapped[str] = mapped_column(String(80), default="")
    voucher_rp: Mapped[Rp] = mapped_column(default=0)
    points_rp: Mapped[Rp] = mapped_column(default=0)
    vat_rp: Mapped[Rp] = mapped_column(default=0)
    is_consigned: Mapped[bool] = mapped_column(default=False)
    cost_rp: Mapped[Rp | None]
    returned: Mapped[int] = mapped_column(default=0)
    variant: Mapped[ProductVariant] = relationship(primaryjoin="foreign(OrderLine.variant_id) == ProductVariant.id")

    @property
    def net_rp(self) -> int:
        """What these pieces are sold for, after their discount and their share of the voucher."""
        return self.quantity * self.price_rp - self.discount_rp - self.voucher_rp


class OrderEvent(BelongsToCoop, Base):
    """One step in the life of an order; insert-only."""

    __tablename__ = "order_events"
    __table_args__ = tenant_table(points_at("orders", "order_id"), Index(None, "coop_id", "order_id"))

    id: Mapped[Id]
    order_id: Mapped[int]
    act: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(9))
    note: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(default=now)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class OrderPayment(BelongsToCoop, Base):
    """Money for an order, by one way. `reference` is our number at the payment service, unique there for ever.

    `fee_rp` and `settled_seq` come when the service pays out. A transfer has a picture as proof.
    """

    __tablename__ = "order_payments"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "reference"),
        points_at("orders", "order_id"),
        points_at("journal_entries", "entry_seq", "seq"),
        points_at("journal_entries", "settled_seq", "seq"),
        CheckConstraint("kind in ('savings','credit','transfer','cash','qris','gateway')", name="kind"),
        CheckConstraint("state in ('waiting','claimed','paid','failed')", name="state"),
        CheckConstraint("(state = 'paid') = (entry_seq is not null)", name="booked"),
        CheckConstraint("amount_rp > 0 and fee_rp >= 0", name="amounts"),
        Index(None, "coop_id", "order_id"),
        Index(None, "coop_id", "state"),
    )

    id: Mapped[Id]
    order_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    amount_rp: Mapped[Rp]
    state: Mapped[str] = mapped_column(String(7), default="waiting")
    reference: Mapped[str] = mapped_column(String(60))
    pay_url: Mapped[str] = mapped_column(String(300), default="")
    said: Mapped[str] = mapped_column(String(40), default="")
    proof: Mapped[str | None] = mapped_column(String(60))
    digest: Mapped[str | None] = mapped_column(String(64))
    sender: Mapped[str] = mapped_column(String(120), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    paid_on: Mapped[date | None]
    entry_seq: Mapped[int | None]
    fee_rp: Mapped[Rp] = mapped_column(default=0)
    settled_seq: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    order: Mapped[Order] = relationship(primaryjoin="foreign(OrderPayment.order_id) == Order.id")


class OrderReturn(BelongsToCoop, Base):
    """A buyer wants money back for pieces handed over: asked, agreed or declined, refunded once."""

    __tablename__ = "order_returns"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "token"),
        points_at("orders", "order_id"),
        points_at("journal_entries", "entry_seq", "seq"),
        CheckConstraint("state in ('asked','rejected','refunded','cancelled')", name="state"),
        CheckConstraint("amount_rp >= 0", name="amount"),
        Index(None, "coop_id", "order_id"),
        Index(None, "coop_id", "state"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(60))
    order_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(9), default="asked")
    reason: Mapped[str] = mapped_column(String(300))
    answer: Mapped[str] = mapped_column(String(300), default="")
    refund_by: Mapped[str] = mapped_column(String(8), default="")
    amount_rp: Mapped[Rp]
    asked_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(default=now)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    refunded_on: Mapped[date | None]
    entry_seq: Mapped[int | None]
    order: Mapped[Order] = relationship(primaryjoin="foreign(OrderReturn.order_id) == Order.id")
    lines: Mapped[list["OrderReturnLine"]] = relationship(
        primaryjoin="OrderReturn.id == foreign(OrderReturnLine.return_id)", order_by="OrderReturnLine.id", viewonly=True
    )


class OrderReturnLine(BelongsToCoop, Base):
    """So many pieces of a line that come back; `to_stock` when they can be sold again."""

    __tablename__ = "order_return_lines"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "return_id", "line_id"),
        points_at("order_returns", "return_id"),
        points_at("order_lines", "line_id"),
        CheckConstraint("quantity > 0", name="quantity"),
    )

    id: Mapped[Id]
    return_id: Mapped[int]
    line_id: Mapped[int]
    quantity: Mapped[int]
    to_stock: Mapped[bool] = mapped_column(default=True)
    line: Mapped[OrderLine] = relationship(primaryjoin="foreign(OrderReturnLine.line_id) == OrderLine.id")


class StoreCredit(BelongsToCoop, Base):
    """Kasbon: what a member bought and pays later, by payroll or at the desk."""

    __tablename__ = "store_credits"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "order_id"),
        points_at("orders", "order_id"),
        points_at("members", "member_id"),
        CheckConstraint("amount_rp > 0 and paid_rp >= 0 and paid_rp <= amount_rp", name="amounts"),
        Index(None, "coop_id", "member_id"),
    )

    id: Mapped[Id]
    order_id: Mapped[int]
    member_id: Mapped[int]
    taken_on: Mapped[date]
    amount_rp: Mapped[Rp]
    paid_rp: Mapped[Rp] = mapped_column(default=0)
    order: Mapped[Order] = relationship(primaryjoin="foreign(StoreCredit.order_id) == Order.id")


class StoreCreditPayment(BelongsToCoop, Base):
    """Money that came in for a kasbon, or what was taken off it by a refund (`amount_rp`, positive); insert-only."""

    __tablename__ = "store_credit_payments"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "source"),
        points_at("store_credits", "credit_id"),
        points_at("journal_entries", "entry_seq", "seq"),
        CheckConstraint("amount_rp <> 0", name="amount"),
        Index(None, "coop_id", "credit_id"),
    )

    id: Mapped[Id]
    credit_id: Mapped[int]
    amount_rp: Mapped[Rp]
    booked_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(160))
    entry_seq: Mapped[int]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
