"""What was imported: the fingerprint of every file that became bookings."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from models.access import User
from models.base import Base, BelongsToCoop, Id, tenant_table


class BookedFile(BelongsToCoop, Base):
    """A file that was booked, so that it is booked once.

    `content_hash` covers the rows that were taken, whatever their order and the file's form; `bytes_hash` is the file
    as it came. A file taken in parts (up to a day, later the rest) has one row per part.
    """

    __tablename__ = "booked_files"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "kind", "content_hash"),
        Index(None, "coop_id", "bytes_hash"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    bytes_hash: Mapped[str] = mapped_column(String(64))
    content_hash: Mapped[str] = mapped_column(String(64))
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    booked_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    booked_at: Mapped[datetime] = mapped_column(default=now)
    booker: Mapped[User] = relationship(viewonly=True)

    def __str__(self) -> str:
        return self.name
