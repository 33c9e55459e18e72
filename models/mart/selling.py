"""The till: shifts, opened and closed with counted cash; sales made while it was cut off that a person must look at."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from models.base import Base, BelongsToCoop, Id, Rp, points_at, tenant_table
from models.mart.stores import Store


class TillShift(BelongsToCoop, Base):
    """One cashier at one till. `expected_rp`: opening cash and cash sales; what differs from the count is booked."""

    __tablename__ = "till_shifts"
    __table_args__ = tenant_table(
        points_at("stores", "store_id"),
        points_at("journal_entries", "entry_seq", "seq"),
        CheckConstraint("state in ('open','closed')", name="state"),
        CheckConstraint("(state = 'closed') = (counted_rp is not null)", name="counted"),
        CheckConstraint("opening_rp >= 0", name="opening"),
        Index(None, "coop_id", "store_id", "state"),
    )

    id: Mapped[Id]
    store_id: Mapped[int]
    cashier_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    state: Mapped[str] = mapped_column(String(6), default="open")
    opened_on: Mapped[date]
    opened_at: Mapped[datetime] = mapped_column(default=now)
    opening_rp: Mapped[Rp]
    closed_at: Mapped[datetime | None]
    expected_rp: Mapped[Rp | None]
    counted_rp: Mapped[Rp | None]
    note: Mapped[str] = mapped_column(String(200), default="")
    entry_seq: Mapped[int | None]
    store: Mapped[Store] = relationship(primaryjoin="foreign(TillShift.store_id) == Store.id")


class TillConflict(BelongsToCoop, Base):
    """A sale that happened (goods gone, money taken) and cannot be booked as it is: kept whole until a person decides.

    `sale` is what the till sent, `code` and `reason` why it waits. Decided it becomes an order, or is dropped with a
    reason.
    """

    __tablename__ = "till_conflicts"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "token"),
        points_at("till_shifts", "shift_id"),
        points_at("orders", "order_id"),
        CheckConstraint("state in ('waiting','done','dropped')", name="state"),
        CheckConstraint("(state = 'done') = (order_id is not null)", name="booked"),
        CheckConstraint("amount_rp > 0", name="amount"),
        Index(None, "coop_id", "state"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(60))
    shift_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(7), default="waiting")
    sale: Mapped[dict[str, Any]] = mapped_column(JSON)
    amount_rp: Mapped[Rp]
    pay_by: Mapped[str] = mapped_column(String(8))
    sold_at: Mapped[datetime]
    code: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(400))
    order_id: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(200), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    shift: Mapped[TillShift] = relationship(primaryjoin="foreign(TillConflict.shift_id) == TillShift.id")
