"""Personal data under UU 27/2022 (UU PDP): consents, what people ask for, and breaches."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from models.base import Base, BelongsToCoop, Id, points_at, tenant_table


class Consent(Base):
    """A user's consent to one purpose, in the words of one version; a later row may take it back."""

    __tablename__ = "consents"
    __table_args__ = (Index(None, "user_id", "purpose"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    purpose: Mapped[str] = mapped_column(String(30))
    version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]


class MemberConsent(BelongsToCoop, Base):
    """A member's consent that the cooperative holds: given on paper or in the member area."""

    __tablename__ = "member_consents"
    __table_args__ = tenant_table(
        points_at("members", "member_id"),
        CheckConstraint("given_by in ('paper','portal')", name="given_by"),
        Index(None, "coop_id", "member_id", "purpose"),
    )

    id: Mapped[Id]
    member_id: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(30))
    version: Mapped[str] = mapped_column(String(20))
    given_by: Mapped[str] = mapped_column(String(6))
    given_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("users.id"))


class PrivacyRequest(BelongsToCoop, Base):
    """A member asks to have their data corrected, no longer used, or erased; a pengurus decides, with the reason."""

    __tablename__ = "privacy_requests"
    __table_args__ = tenant_table(
        points_at("members", "member_id"),
        UniqueConstraint("coop_id", "token"),
        CheckConstraint("kind in ('correct','restrict','erase')", name="kind"),
        CheckConstraint("state in ('waiting','done','refused','withdrawn')", name="state"),
        # who asked never erases: a member's data go when a second person says so
        CheckConstraint(
            "kind <> 'erase' or state <> 'done' or coalesce(decided_by, asked_by) <> asked_by", name="four_eyes"
        ),
        Index(None, "coop_id", "state"),
        # one request of a kind waits for a member: the second click meets the first
        Index(
            "uq_privacy_requests_waiting",
            "coop_id",
            "member_id",
            "kind",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(60))
    member_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    wish: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[str] = mapped_column(String(9), default="waiting")
    asked_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(default=now)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(300), default="")


class Breach(Base):
    """A failure to protect personal data: whom it met (`coop_ids`, empty: everybody) must be told within 3x24 hours."""

    __tablename__ = "breaches"
    __table_args__ = (CheckConstraint("state in ('open','telling','told','closed')", name="state"),)

    id: Mapped[Id]
    title: Mapped[str] = mapped_column(String(120))
    what: Mapped[str] = mapped_column(Text)
    handling: Mapped[str] = mapped_column(Text, default="")
    data_kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    coop_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    happened_at: Mapped[datetime]
    found_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(7), default="open")
    told_at: Mapped[datetime | None]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
