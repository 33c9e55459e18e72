"""What the platform sells to cooperatives: plans, terms, invoices and their payment; and how a cooperative signs up."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from core.clock import now
from models.base import Base, BelongsToCoop, Id, Rp, points_at, tenant_table


class Plan(Base):
    """An offer with its price; limits (`members`, `users`, `stores`; absent: none) and features are data."""

    __tablename__ = "plans"
    __table_args__ = (CheckConstraint("monthly_rp >= 0 and yearly_rp >= 0", name="price"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    pitch: Mapped[str] = mapped_column(String(160), default="")
    monthly_rp: Mapped[Rp]
    yearly_rp: Mapped[Rp]
    limits: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    features: Mapped[list[str]] = mapped_column(JSON, default=list)
    position: Mapped[int] = mapped_column(default=0)
    is_offered: Mapped[bool] = mapped_column(default=True)


class DiscountCode(Base):
    """A code that lowers invoices: percent or rupiah, for so many invoices of a cooperative."""

    __tablename__ = "discount_codes"
    __table_args__ = (
        CheckConstraint("(percent is null) <> (off_rp is null)", name="one_kind"),
        CheckConstraint("percent is null or percent between 1 and 100", name="percent"),
        CheckConstraint("quota is null or used <= quota", name="quota"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    percent: Mapped[int | None]
    off_rp: Mapped[Rp | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    invoices: Mapped[int] = mapped_column(default=1)
    quota: Mapped[int | None]
    used: Mapped[int] = mapped_column(default=0)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class CoopRegistration(Base):
    """A cooperative that signs itself up; it exists from the moment the mail address is confirmed."""

    __tablename__ = "coop_registrations"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    coop_name: Mapped[str] = mapped_column(String(120))
    city: Mapped[str] = mapped_column(String(60), default="")
    kind: Mapped[str] = mapped_column(String(20), default="serba_usaha")  # which chart of accounts
    contact_name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(20), default="")
    username: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(String(255))
    plan_code: Mapped[str] = mapped_column(String(20), default="")
    discount_code: Mapped[str] = mapped_column(String(20), default="")
    terms_version: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    coop_id: Mapped[int | None] = mapped_column(ForeignKey("coops.id"))


class Subscription(BelongsToCoop, Base):
    """A cooperative's plan as it stands today. No row: an installation of their own, without limits."""

    __tablename__ = "subscriptions"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id"),
        CheckConstraint("state in ('trial','active','grace','read_only')", name="state"),
        CheckConstraint("period in ('month','year')", name="period"),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    state: Mapped[str] = mapped_column(String(10), default="trial")
    period: Mapped[str] = mapped_column(String(5), default="month")
    started_on: Mapped[date]
    trial_ends_on: Mapped[date]  # its last day
    paid_until: Mapped[date | None]  # the last day paid for
    anchor_on: Mapped[date | None]  # first day of the first paid term: later terms are counted from it
    next_plan_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"))  # a smaller one, from the next term on
    next_period: Mapped[str | None] = mapped_column(String(5))
    discount_id: Mapped[int | None] = mapped_column(ForeignKey("discount_codes.id"))
    discount_left: Mapped[int] = mapped_column(default=0)
    plan: Mapped[Plan] = relationship(foreign_keys=[plan_id])
    if TYPE_CHECKING:
        proof_sent_at: Mapped[datetime | None]  # the oldest proof of a term's transfer that waits; see below


class SubscriptionChange(BelongsToCoop, Base):
    """One step in a subscription's life, for ever: what monthly recurring revenue (MRR) was before and after it."""

    __tablename__ = "subscription_changes"
    __table_args__ = tenant_table(
        CheckConstraint(
            "kind in ('trial','start','renew','upgrade','downgrade','lapse','resume','extend')", name="kind"
        ),
        Index(None, "coop_id", "happened_on"),
    )

    id: Mapped[Id]
    happened_on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(10))
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    mrr_before_rp: Mapped[Rp]
    mrr_after_rp: Mapped[Rp]
    note: Mapped[str] = mapped_column(String(200), default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class SubscriptionInvoice(BelongsToCoop, Base):
    """What a term costs. `lines` are frozen ({label, amount_rp}); numbers run without gaps in a cooperative's year."""

    __tablename__ = "subscription_invoices"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "year", "number"),
        UniqueConstraint("coop_id", "token"),
        CheckConstraint("kind in ('term','upgrade')", name="kind"),
        CheckConstraint("state in ('open','paid','void')", name="state"),
        CheckConstraint("period in ('month','year')", name="period"),
        CheckConstraint("total_rp >= 0", name="total"),
        CheckConstraint("(state = 'paid') = (paid_on is not null)", name="paid"),
        Index(None, "coop_id", "state"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(60))
    year: Mapped[int]
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8), default="term")
    state: Mapped[str] = mapped_column(String(5), default="open")
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    period: Mapped[str] = mapped_column(String(5))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    total_rp: Mapped[Rp]
    discount_id: Mapped[int | None] = mapped_column(ForeignKey("discount_codes.id"))
    issued_on: Mapped[date]
    due_on: Mapped[date]
    paid_on: Mapped[date | None]
    plan: Mapped[Plan] = relationship()

    @property
    def label(self) -> str:
        return f"EKZ-{self.year}-{self.coop_id:04d}-{self.number:03d}"


class SubscriptionPayment(BelongsToCoop, Base):
    """Money for an invoice: a transfer that the operator looks up, or an order at the payment service."""

    __tablename__ = "subscription_payments"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "token"),
        UniqueConstraint("coop_id", "reference"),
        points_at("subscription_invoices", "invoice_id"),
        CheckConstraint("kind in ('transfer','gateway')", name="kind"),
        CheckConstraint("state in ('waiting','paid','refused')", name="state"),
        CheckConstraint("amount_rp > 0", name="amount"),
        Index(None, "coop_id", "invoice_id"),
        Index(None, "state"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(60))
    invoice_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(7), default="waiting")
    amount_rp: Mapped[Rp]
    reference: Mapped[str | None] = mapped_column(String(60))  # the order's name at the payment service
    redirect_url: Mapped[str] = mapped_column(String(300), default="")
    paid_on: Mapped[date | None]
    bank: Mapped[str] = mapped_column(String(60), default="")
    stored_as: Mapped[str | None] = mapped_column(String(80))  # proof of the transfer
    note: Mapped[str] = mapped_column(String(200), default="")
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]


Subscription.proof_sent_at = column_property(
    select(func.min(SubscriptionPayment.created_at))
    .join(SubscriptionInvoice, SubscriptionInvoice.id == SubscriptionPayment.invoice_id)
    .where(
        SubscriptionPayment.coop_id == Subscription.coop_id,
        SubscriptionPayment.kind == "transfer",
        SubscriptionPayment.state == "waiting",
        SubscriptionInvoice.kind == "term",
        SubscriptionInvoice.state == "open",
    )
    .correlate_except(SubscriptionPayment, SubscriptionInvoice)
    .scalar_subquery()
)
