"""Tell somebody something once; mark it as read."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.errors import NotFound
from models.access import CoopUser, User
from models.members import Member
from models.notifications import Notification
from services.notifications import choices, leaving, outbox, texts
from services.notifications.texts import Message
from services.notifications.topics import USUAL, Topic


def notify(
    session: Session,
    coop_id: int,
    key: str,
    message: Message,
    *,
    topic: Topic,
    user_id: int | None = None,
    member_id: int | None = None,
) -> Notification | None:
    """Tell a person, or a member who may not have a sign-in yet. The same `key` again tells nothing (None).

    Who has a mail address gets it by mail, too, where mail is set up: at once or in the day's digest, as they chose
    for the topic. Part of the transaction that it tells of.
    """
    assert user_id is not None or member_id is not None, key
    if session.scalars(select(Notification.id).where(Notification.key == key)).first() is not None:
        return None
    told = Notification(
        coop_id=coop_id, key=key, user_id=user_id, member_id=member_id, topic=topic,
        title=message.title[:120], body=message.body[:500], url=message.url[:200],
    )  # fmt: skip
    session.add(told)
    session.flush()  # one message per key: the database settles a race
    if outbox.is_open():
        _mail(session, told, message)
    return told


def _mail(session: Session, told: Notification, message: Message) -> None:
    reader = reader_of(session, told.user_id, told.member_id)
    wanted = choices.of(session, reader.user_id).get(told.topic, USUAL) if reader.user_id else USUAL
    if wanted == "daily" and reader.address:
        told.mailed = "digest"
    elif wanted == "now" and reader.address:
        foot = _foot(told.topic, reader.user_id) if reader.user_id else ""
        mail = outbox.queue(session, told.coop_id, key=told.key, to_address=reader.address, message=message, foot=foot)
        told.mailed = "now" if mail is not None else ""


def _foot(topic: str, user_id: int) -> str:
    return texts.foot(outbox.address(texts.CHOICES), leaving.line(topic, user_id))


@dataclass(frozen=True)
class Reader:
    """Where somebody reads mail, and who they are when they have an account."""

    address: str = ""
    user_id: int | None = None


def reader_of(session: Session, user_id: int | None, member_id: int | None) -> Reader:
    """Who reads what is told to a user or a member. A member's own address comes before that of their account."""
    member = session.get(Member, member_id) if member_id is not None else None
    if member is not None:
        place = select(CoopUser.user_id).where(CoopUser.member_id == member.id, CoopUser.is_active)
        user_id = session.scalars(place).first() or user_id
    user = session.get(User, user_id) if user_id is not None else None
    if user is not None and not user.is_active:
        user = None
    address = (member.email if member is not None else "") or (user.email if user is not None else "")
    return Reader(address or "", user.id if user is not None else None)


def mine(actor: Actor) -> ColumnElement[bool]:
    """Which messages are the actor's: told to them by name, or to the member they are."""
    own = Notification.user_id == actor.user_id
    return own if actor.member_id is None else or_(own, Notification.member_id == actor.member_id)


def mark_read(session: Session, actor: Actor, notification_id: int) -> Notification:
    """Read it. Raises NotFound for somebody else's."""
    found = session.scalars(select(Notification).where(Notification.id == notification_id, mine(actor))).first()
    if found is None:
        raise NotFound(what="Pemberitahuan")
    found.read_at = found.read_at or now()
    return found


def mark_all_read(session: Session, actor: Actor) -> int:
    """Read everything; how many were new."""
    query = update(Notification).where(mine(actor), Notification.read_at.is_(None)).values(read_at=now())
    done = session.execute(query.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]
