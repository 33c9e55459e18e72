"""Who did what, when, before and after (insert-only); and how often public pages were looked at."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from models.access import User
from models.base import Base, BelongsToCoop, Id, tenant_table


class AuditRecord(BelongsToCoop, Base):
    """One act of one person, chained by hash to the act before it in the same cooperative."""

    __tablename__ = "audit_records"
    __table_args__ = tenant_table(UniqueConstraint("coop_id", "seq"), Index(None, "coop_id", "subject"))

    id: Mapped[Id]
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    user: Mapped[User] = relationship()


class PageCount(Base):
    """How often a page was looked at on a day: a sum, of nobody in particular."""

    __tablename__ = "page_counts"

    day: Mapped[date] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(String(160), primary_key=True)
    views: Mapped[int] = mapped_column(default=0)
