"""A member's own copy of everything the cooperative holds about them: made at once, few times a day, on the record."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.errors import NotAllowed
from models.access import User
from models.audit import AuditRecord
from models.coops import Coop
from models.members import Member
from services.access.sign_in import Confirmed
from services.audit import trail
from services.members import commands as members
from services.privacy import pages
from services.privacy.refusals import TooManyCopies
from services.privacy.sources import SOURCES, Person, Source

MOST, WINDOW = 5, timedelta(hours=24)
_ACT = "privacy.copy"
Row = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """The rows of one table that are about the person."""

    source: Source
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Copy:
    """Everything about one person, table by table; empty tables are there, too."""

    coop: str
    zone: str
    name: str
    made_at: datetime
    parts: tuple[Part, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values: amounts as whole rupiah named `…_rp`, days and moments in ISO form."""
        return {
            "koperasi": self.coop,
            "nama": self.name,
            "dibuat": self.made_at.isoformat(),
            "versi_privasi": pages.version(),
            "bagian": [
                {"tabel": part.source.name, "judul": part.source.label, "baris": [_plain(row) for row in part.rows]}
                for part in self.parts
            ],
        }


def make(session: Session, actor: Actor, *, confirmed: Confirmed) -> Copy:
    """The copy of the member who asks, their numbers in full; noted in the trail.

    Raises TooManyCopies after five in a day, NotAllowed for anybody but a member who has just typed their password.
    """
    actor.must("own.view")
    if actor.member_id is None or confirmed.user_id != actor.user_id:
        raise NotAllowed(permission="anggota itu sendiri")
    subject, at = f"member:{actor.member_id}", now()
    taken = select(func.count()).where(
        AuditRecord.coop_id == actor.coop_id, AuditRecord.subject == subject, AuditRecord.action == _ACT,
        AuditRecord.at > at - WINDOW,
    )  # fmt: skip
    if (session.scalar(taken) or 0) >= MOST:
        raise TooManyCopies(most=MOST)
    member = members.get(session, actor, actor.member_id)
    trail.record(session, actor, _ACT, subject)
    coop = session.get_one(Coop, actor.coop_id)
    who = person(session, member, actor.user_id)
    return Copy(coop.name, coop.zone, member.name, at, tuple(_part(session, actor, member, who, s) for s in SOURCES))


def person(session: Session, member: Member, user_id: int) -> Person:
    """Whose rows: the member, their account, and the addresses their mail went to."""
    user = session.get(User, user_id)
    addresses = {member.email, (user.email or "") if user else ""} - {""}
    return Person(member.id, user_id, tuple(sorted(addresses)))


def _part(session: Session, actor: Actor, member: Member, who: Person, source: Source) -> Part:
    names = source.columns.split()
    query = select(*(source.column(name) for name in names)).where(source.whose(who))
    key = source.table.__table__.primary_key.columns  # type: ignore[attr-defined]
    rows = [dict(zip(names, row, strict=True)) for row in session.execute(query.order_by(*key))]
    if source.table is Member:
        rows = [_in_full(row, members.own_numbers(actor, member)) for row in rows]
    return Part(source, tuple(rows))


def _in_full(row: Row, numbers: dict[str, str]) -> Row:
    """The member's own row with whole numbers in place of masked ones."""
    return {name.removesuffix("_masked"): numbers.get(name.removesuffix("_masked"), held) for name, held in row.items()}


def _plain(row: Row) -> Row:
    return {name: held.isoformat() if isinstance(held, date) else _bare(held) for name, held in row.items()}


def _bare(held: object) -> object:
    return held if held is None or isinstance(held, (str, int, list, dict)) else str(held)
