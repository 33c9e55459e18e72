"""The day's mail for those who want one a day: what they were told since the last, in every cooperative of theirs."""

from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from models.access import CoopUser
from models.coops import Coop
from models.notifications import Notification
from models.transaction import Database
from services.notifications import choices, leaving, outbox, texts
from services.notifications.commands import reader_of

MOST = 50
_whose = func.coalesce(CoopUser.user_id, Notification.user_id)


def send(database: Database, day: date) -> int:
    """Write the mails of a day, at most one a person however often it is called; how many were new."""
    if not outbox.is_open():
        return 0
    with database.platform("digest: for whom") as session:
        people = set(session.scalars(_waiting(select(_whose)))) - {None}
    return sum(_write(database, user_id, day) for user_id in sorted(people))


def _waiting(query: Any) -> Any:
    """What waits for a digest; a message for a member is for the user who signs in as that member."""
    place = and_(
        CoopUser.coop_id == Notification.coop_id, CoopUser.member_id == Notification.member_id, CoopUser.is_active
    )
    return query.select_from(Notification).outerjoin(CoopUser, place).where(Notification.mailed == "digest")


def _write(database: Database, user_id: int, day: date) -> int:
    """One person's mail, and everything in it marked as sent, together or not at all."""
    with database.platform("digest", writes=True) as session:
        query = _waiting(select(Notification, Coop.name)).join(Coop, Coop.id == Notification.coop_id)
        told = session.execute(query.where(_whose == user_id).order_by(Coop.name, Notification.id)).all()
        wanted = choices.of(session, user_id)
        fresh = [(one, coop) for one, coop in told if one.read_at is None and wanted.get(one.topic) != "never"]
        to_address = reader_of(session, user_id, fresh[0][0].member_id).address if fresh else ""
        fresh = fresh if outbox.plausible(to_address) else []
        mail = _queued(session, user_id, day, fresh, to_address) if fresh else None
        if fresh and mail is None:
            return 0  # today's is written already: what came since waits for tomorrow's
        for one, _ in told:
            one.mailed = ""
        for one, _ in fresh:
            one.mailed = "sent"
        return int(mail is not None)


def _queued(
    session: Session, user_id: int, day: date, fresh: list[tuple[Notification, str]], to_address: str
) -> outbox.AnyMail | None:
    groups = [
        (coop, [(one.title, one.body, outbox.address(one.url)) for one, _ in told])
        for coop, told in groupby(fresh[:MOST], key=lambda pair: pair[1])
    ]
    message = texts.digest(day, groups, more=len(fresh) - MOST)
    foot = texts.foot(outbox.address(texts.CHOICES), leaving.line(leaving.DIGEST, user_id))
    return outbox.queue(session, None, key=f"digest:{user_id}:{day}", to_address=to_address, message=message, foot=foot)
