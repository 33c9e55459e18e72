"""What people are told: in the app, and by mail through one outbox, written with what it tells of."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from models.base import Base, BelongsToCoop, Id, points_at, tenant_table


class Notification(BelongsToCoop, Base):
    """One message for one person (`user_id`), or for a member who may not have a sign-in yet. `key` makes it once."""

    __tablename__ = "notifications"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "key"),
        points_at("members", "member_id"),
        CheckConstraint("user_id is not null or member_id is not null", name="somebody"),
        Index(None, "coop_id", "user_id", "read_at"),
        Index(None, "coop_id", "member_id", "read_at"),
        Index(None, "coop_id", "mailed"),
    )

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(160))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    member_id: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(String(500))
    topic: Mapped[str] = mapped_column(String(20), default="", server_default="")  # what people choose mail by
    mailed: Mapped[str] = mapped_column(String(6), default="", server_default="")  # '', 'now', 'digest' (waits), 'sent'
    url: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]


class Mail:
    """A mail that wants to go out; sent after the transaction that wrote it, tried again until it is given up."""

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(160))
    to_address: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(160))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(200), default="")
    next_try_at: Mapped[datetime] = mapped_column(default=now)
    created_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]


class OutgoingMail(Mail, BelongsToCoop, Base):
    """A cooperative's mail."""

    __tablename__ = "outgoing_mails"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "key"),
        CheckConstraint("state in ('waiting','sent','given_up')", name="state"),
        Index(None, "state", "next_try_at"),
    )


class PlatformMail(Mail, Base):
    """A mail of the platform itself: to people who belong to no cooperative (yet), and newsletters."""

    __tablename__ = "platform_mails"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("state in ('waiting','sent','given_up')", name="state"),
        Index(None, "state", "next_try_at"),
    )


class MailChoice(Base):
    """How a user wants mail about a topic: at once, once a day, or not at all. No row: at once."""

    __tablename__ = "mail_choices"
    __table_args__ = (CheckConstraint("mail in ('now','daily','never')", name="mail"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(20), primary_key=True)
    mail: Mapped[str] = mapped_column(String(5))
