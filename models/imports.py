"""What was imported: the fingerprint of every file that became bookings."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
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


class ImportRun(BelongsToCoop, Base):
    """One upload on its way to the books: read and shown, then booked whole, or given up.

    `files` are `{name, stored, size}`; `preview` is what was shown and `fingerprint` its mark; `token` makes the
    second click the same upload. `result` is what booking did.
    """

    __tablename__ = "import_runs"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "token"),
        CheckConstraint(
            "state in ('uploaded','reading','previewed','refused','booking','booked','failed','cancelled')",
            name="state",
        ),
        CheckConstraint("progress_done >= 0 and progress_done <= progress_total", name="progress"),
        Index(None, "state"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20), default="")
    label: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="uploaded")
    progress_done: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(String(500), default="")
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    preview: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    booked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    finished_at: Mapped[datetime | None]
    creator: Mapped[User] = relationship(foreign_keys=[created_by], viewonly=True)
    booker: Mapped[User | None] = relationship(foreign_keys=[booked_by], viewonly=True)

    def __str__(self) -> str:
        return self.label
