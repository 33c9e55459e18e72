"""What pengurus announce to the members of their cooperative; each member is told once, by the background job."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, exists, literal, or_, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import local, now
from core.errors import InvalidValue, NotFound, StateChanged
from models.members import Member
from models.news import Announcement
from models.notifications import Notification
from models.transaction import Database
from services.audit import trail
from services.news import markdown, texts
from services.news.refusals import Withdrawn, WrongMoment
from services.notifications import commands as messages
from services.notifications.texts import announcement as told

STATES = {"draft": "Draf", "published": "Terbit", "withdrawn": "Ditarik"}
LONGEST_TITLE, LONGEST_BODY = 160, 5_000
TASK = "news.tell"
_AT_ONCE, MOST_SHOWN, ON_HOME = 100, 100, 2


@dataclass(frozen=True)
class Notice:
    """What is announced. After `until_on` it no longer stands on the members' home."""

    title: str
    body: str
    is_pinned: bool = False
    until_on: date | None = None


def mark(one: Announcement) -> str:
    """Which version somebody has before them."""
    return f"{one.changed_at:%Y%m%d%H%M%S%f}"


def write(session: Session, actor: Actor, notice: Notice) -> Announcement:
    """A new announcement, a draft as yet; a second click finds the first. Raises InvalidValue."""
    actor.must("news.announce")
    title, body = _fit(notice)
    fresh = select(Announcement).where(
        Announcement.title == title, Announcement.body == body, Announcement.created_at > now() - timedelta(minutes=2)
    )
    before = session.scalars(fresh).first()
    if before is not None:
        return before
    one = Announcement(
        coop_id=actor.coop_id, title=title, body=body, is_pinned=notice.is_pinned, until_on=notice.until_on,
        created_by=actor.user_id,
    )  # fmt: skip
    session.add(one)
    session.flush()
    return one


def change(session: Session, actor: Actor, announcement_id: int, notice: Notice, *, seen: str) -> Announcement:
    """Put other words; members are not told again. Raises StateChanged, InvalidValue, NotFound."""
    one = get(session, actor, announcement_id)
    if seen != mark(one):
        raise StateChanged(what="Pengumuman ini", state="diubah orang lain sejak Anda membukanya")
    before = one.title
    one.title, one.body = _fit(notice)
    one.is_pinned, one.until_on, one.changed_at = notice.is_pinned, notice.until_on, now()
    if one.state == "published":
        trail.record(session, actor, "news.announce", f"announcement:{one.id}", before=before, after=one.title)
    return one


def publish(session: Session, actor: Actor, announcement_id: int, at: datetime | None = None) -> Announcement:
    """Show it to members now or from a moment to come. A second click changes nothing. Raises WrongMoment, NotFound."""
    one, moment = get(session, actor, announcement_id), now()
    if one.state == "published":
        return one
    if at is not None and at < moment - timedelta(minutes=1):
        raise WrongMoment()
    one.state, one.publish_at, one.changed_at = "published", at or moment, moment
    trail.record(session, actor, "news.announce", f"announcement:{one.id}", title=one.title)
    return one


def withdraw(session: Session, actor: Actor, announcement_id: int) -> Announcement:
    """Take it away from members. Raises StateChanged (it never was published), NotFound."""
    one = get(session, actor, announcement_id)
    if one.state == "draft":
        raise StateChanged(what="Pengumuman ini", state="berupa draf")
    if one.state != "withdrawn":
        one.state, one.changed_at = "withdrawn", now()
        trail.record(session, actor, "news.announce", f"announcement:{one.id}", withdrawn=one.title)
    return one


def get(session: Session, actor: Actor, announcement_id: int) -> Announcement:
    """One of the cooperative's, for who announces; locked in a writing session. Raises NotFound."""
    actor.must("news.announce")
    query = select(Announcement).where(Announcement.id == announcement_id)
    if not session.info.get("read_only"):
        query = query.with_for_update().execution_options(populate_existing=True)
    one = session.scalars(query).first()
    if one is None:
        raise NotFound(what="Pengumuman")
    return one


def everything(session: Session, actor: Actor) -> list[Announcement]:
    """All of the cooperative's, newest first."""
    actor.must("news.announce")
    return list(session.scalars(select(Announcement).order_by(Announcement.id.desc()).limit(MOST_SHOWN)))


def for_members(session: Session, actor: Actor) -> list[Announcement]:
    """What members may read, pinned first, then newest."""
    return _out(session, actor, MOST_SHOWN)


def on_home(session: Session, actor: Actor, today: date) -> list[Announcement]:
    """The few that stand on a member's home today."""
    return _out(session, actor, ON_HOME, or_(Announcement.until_on.is_(None), Announcement.until_on >= today))


def for_member(session: Session, actor: Actor, announcement_id: int) -> Announcement:
    """One that members may read. Raises NotFound, Withdrawn: what they were told of was taken away."""
    found = _out(session, actor, 1, Announcement.id == announcement_id)
    if found:
        return found[0]
    gone = select(Announcement.told_at).where(Announcement.id == announcement_id, Announcement.state == "withdrawn")
    raise Withdrawn() if session.scalar(gone) is not None else NotFound(what="Pengumuman")


def _out(session: Session, actor: Actor, most: int, *only: ColumnElement[bool]) -> list[Announcement]:
    actor.must("own.view")
    query = select(Announcement).where(Announcement.state == "published", Announcement.publish_at <= now(), *only)
    order = (Announcement.is_pinned.desc(), Announcement.publish_at.desc(), Announcement.id.desc())
    return list(session.scalars(query.order_by(*order).limit(most)))


def due(database: Database) -> Iterable[tuple[str, dict[str, str]]]:
    """The job of telling, while an announcement waits for it."""
    return [(TASK, {})] if _waiting(database) else []


def work(database: Database) -> None:
    """Telling as a job of the queue: a hundred members a transaction, so that nobody waits long behind it."""
    for coop_id, announcement_id in _waiting(database):
        more = True
        while more:
            with database.transaction(coop_id) as session:
                more = _tell_some(session, announcement_id)


def _waiting(database: Database) -> list[tuple[int, int]]:
    with database.platform("announcements: which wait to be told") as session:
        query = select(Announcement.coop_id, Announcement.id).where(
            Announcement.state == "published", Announcement.publish_at <= now(), Announcement.told_at.is_(None)
        )
        return list(session.execute(query.order_by(Announcement.id)).tuples())


def _tell_some(session: Session, announcement_id: int) -> bool:
    """Tell some of those who do not know yet; False when everybody knows."""
    one = session.get_one(Announcement, announcement_id)
    key = f"announcement:{one.id}:"
    knows = exists().where(
        Notification.coop_id == Member.coop_id, Notification.key == literal(key) + cast(Member.id, String)
    )
    query = select(Member.id).where(Member.state == "active", ~knows).order_by(Member.id).limit(_AT_ONCE)
    members = list(session.scalars(query))
    message = told(one.title, markdown.plain(one.body), one.id)
    for member_id in members:
        messages.notify(session, one.coop_id, f"{key}{member_id}", message, topic="pengumuman", member_id=member_id)
    if not members:
        one.told_at = now()
    return bool(members)


def _fit(notice: Notice) -> tuple[str, str]:
    title = texts.line("Judul", notice.title, LONGEST_TITLE, needed="isi dulu.")
    body = texts.block("Isi pengumuman", notice.body, LONGEST_BODY, needed="isi dulu.")
    if notice.until_on is not None and notice.until_on < local(now()).date():
        raise InvalidValue(field="Tampil sampai", reason="pilih hari ini atau sesudahnya, atau kosongkan.")
    return title, body
