"""The till: shifts, opened and closed with counted cash."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
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
