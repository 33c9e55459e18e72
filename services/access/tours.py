"""Which guided tours a person has seen."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import UserTour


def has_seen(session: Session, user_id: int, tour: str) -> bool:
    query = select(UserTour.tour).where(UserTour.user_id == user_id, UserTour.tour == tour)
    return session.scalars(query).first() is not None


def mark_seen(session: Session, user_id: int, tour: str) -> None:
    """Seen to its end, or closed; again changes nothing."""
    if not has_seen(session, user_id, tour):
        session.add(UserTour(user_id=user_id, tour=tour))
