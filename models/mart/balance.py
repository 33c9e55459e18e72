"""What the treasury owes a shop for completed orders, and how the shop gets it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from models.base import Base, BelongsToCoop, Id, Rp, points_at, tenant_table
from models.mart.stores import Store


class StoreMovement(BelongsToCoop, Base):
    """A change of a shop's balance; insert-only."""

    __tablename__ = "store_movements"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "source"),
        points_at("stores", "store_id"),
        points_at("orders", "order_id"),
        points_at("journal_entries", "entry_seq", "seq"),
        CheckConstraint("kind in ('sale','commission','refund','withdrawal')", name="kind"),
        CheckConstraint("amount_rp <> 0", name="amount"),
        Index(None, "coop_id", "store_id", "booked_on"),
    )

    id: Mapped[Id]
    store_id: Mapped[int]
    order_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(10))
    amount_rp: Mapped[Rp]
    booked_on: Mapped[date]
    memo: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(160))
    entry_seq: Mapped[int]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class StoreWithdrawal(BelongsToCoop, Base):
    """A shop asks for its balance: asked, approved by a second person, paid once. Or declined."""

    __tablename__ = "store_withdrawals"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "token"),
        points_at("stores", "store_id"),
        points_at("journal_entries", "entry_seq", "seq"),
        CheckConstraint("amount_rp > 0", name="amount"),
        CheckConstraint("state in ('asked','approved','paid','rejected','cancelled')", name="state"),
        CheckConstraint("decided_by is null or decided_by <> created_by", name="four_eyes"),
        CheckConstraint("(state = 'paid') = (entry_seq is not null)", name="booked"),
        Index(None, "coop_id", "state"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(60))
    store_id: Mapped[int]
    amount_rp: Mapped[Rp]
    pay_to: Mapped[str] = mapped_column(String(160), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(9), default="asked")
    reason: Mapped[str] = mapped_column(String(200), default="")
    proof_file: Mapped[str | None] = mapped_column(String(60))
    asked_on: Mapped[date]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    paid_on: Mapped[date | None]
    entry_seq: Mapped[int | None]
    store: Mapped[Store] = relationship(primaryjoin="foreign(StoreWithdrawal.store_id) == Store.id")
