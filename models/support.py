"""Help: what people write to us and to their pengurus, and when the operator may look into a cooperative."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from models.access import User
from models.base import Base, BelongsToCoop, Id, points_at, tenant_table


class Ticket(BelongsToCoop, Base):
    """A question, suggestion or complaint of somebody in a cooperative: to its pengurus, or to eKopz (`platform`)."""

    __tablename__ = "tickets"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "token"),
        UniqueConstraint("coop_id", "year", "number"),
        CheckConstraint("kind in ('question','feedback','complaint')", name="kind"),
        CheckConstraint("goes_to in ('coop','platform')", name="goes_to"),
        CheckConstraint("state in ('open','answered','closed')", name="state"),
        CheckConstraint("score is null or score between 1 and 5", name="score"),
        Index(None, "coop_id", "state"),
        Index(None, "goes_to", "state"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(60))
    year: Mapped[int]
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    goes_to: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8), default="open")
    title: Mapped[str] = mapped_column(String(120))
    page: Mapped[str] = mapped_column(String(200), default="")  # where they were when they wrote
    opened_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    score: Mapped[int | None]
    score_note: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    opener: Mapped[User] = relationship()

    @property
    def label(self) -> str:
        return f"T-{self.year}-{self.number:04d}"


class TicketMessage(BelongsToCoop, Base):
    """One message of a ticket's conversation, perhaps with a picture of the screen."""

    __tablename__ = "ticket_messages"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "token"),
        points_at("tickets", "ticket_id"),
        Index(None, "coop_id", "ticket_id"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(60))
    ticket_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    is_answer: Mapped[bool] = mapped_column(default=False)  # by those it was sent to
    body: Mapped[str] = mapped_column(Text)
    stored_as: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(default=now)
    user: Mapped[User] = relationship()


class VisitorMessage(Base):
    """What somebody without an account wrote to eKopz; answered by mail."""

    __tablename__ = "visitor_messages"
    __table_args__ = (CheckConstraint("state in ('open','answered','closed')", name="state"), Index(None, "state"))

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(10))
    body: Mapped[str] = mapped_column(Text)
    page: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(8), default="open")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class SupportGrant(BelongsToCoop, Base):
    """A cooperative lets the operator look into its books for a while, to help; looking only."""

    __tablename__ = "support_grants"
    __table_args__ = tenant_table(CheckConstraint("expires_at > granted_at", name="while"))

    id: Mapped[Id]
    reason: Mapped[str] = mapped_column(String(200))
    granted_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    granted_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class SupportVisit(BelongsToCoop, Base):
    """One page the operator looked at under a grant."""

    __tablename__ = "support_visits"
    __table_args__ = tenant_table(points_at("support_grants", "grant_id"), Index(None, "coop_id", "grant_id"))

    id: Mapped[Id]
    grant_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    path: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(default=now)
    user: Mapped[User] = relationship()
