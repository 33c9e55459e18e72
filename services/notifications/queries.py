"""A person's messages, and how many are new."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from models.notifications import Notification
from services.notifications.commands import mine


def unread(session: Session, actor: Actor) -> int:
    """How many messages the actor has not read."""
    query = select(func.count()).select_from(Notification).where(mine(actor), Notification.read_at.is_(None))
    return session.scalar(query) or 0


def latest(session: Session, actor: Actor, *, limit: int = 50) -> list[Notification]:
    """The actor's messages, newest first."""
    query = select(Notification).where(mine(actor)).order_by(Notification.id.desc()).limit(limit)
    return list(session.scalars(query))
