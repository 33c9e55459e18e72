"""Somebody asks on a cooperative's public page to become a member; pengurus take the request on, or refuse it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.errors import InvalidValue, NotFound
from models.coops import Coop
from models.members import JoinRequest
from models.moves import move as move_row
from models.transaction import Database
from services.access import attempts
from services.access.registration import is_email
from services.audit import trail
from services.members import commands as members
from services.members.refusals import JoinClosed, JoinDecided, TooManyJoins
from services.notifications import outbox, texts
from services.notifications.commands import notify

PER_ADDRESS = 10
STATES = {"waiting": "menunggu", "accepted": "diterima", "refused": "ditolak"}
_COUNTED = ":gabung"


@dataclass(frozen=True)
class Wish:
    """What somebody tells who wants to join. `trap` is a field that people do not see: only robots fill it."""

    name: str
    phone: str
    email: str = ""
    address: str = ""
    note: str = ""
    agreed: str = ""  # the version of the words they agreed to; none without their tick
    trap: str = ""


def ask(
    database: Database, slug: str, wish: Wish, *, token: str, ip: str, user_id: int | None = None
) -> JoinRequest | None:
    """Ask to join; the same form sent again, or the same phone while a request waits, is the same request.

    None for a robot, which learns nothing of it. Every try counts against its address.

    Raises:
        NotFound: no such public page. JoinClosed: the cooperative takes nobody now.
        TooManyJoins: ten tries of an address in an hour. InvalidValue: what cannot be used.
    """
    with database.platform("join request", writes=True) as session:
        coop_id = _open_coop(session, slug)
        attempts.form_sent(session, _COUNTED, ip, most=PER_ADDRESS, too_many=TooManyJoins)
    if wish.trap.strip():
        return None
    phone = _checked(wish)
    with database.transaction(coop_id) as session:
        held = session.scalars(
            select(JoinRequest).where(
                (JoinRequest.token == token) | ((JoinRequest.phone == phone) & (JoinRequest.state == "waiting"))
            )
        ).first()
        return held or _made(session, coop_id, wish, phone, token, user_id)


def _open_coop(session: Session, slug: str) -> int:
    coop = session.scalars(select(Coop).where(Coop.slug == slug, Coop.is_listed, Coop.practice_of_id.is_(None))).first()
    if coop is None:
        raise NotFound(what="Koperasi")
    if not coop.takes_members or coop.read_only_since is not None:
        raise JoinClosed(name=coop.name)
    return coop.id


def _checked(wish: Wish) -> str:
    """The phone number as it is kept: digits, a plus in front where it had one."""
    digits = "".join(c for c in wish.phone if c in "0123456789")
    if not wish.name.strip():
        raise InvalidValue(field="Nama lengkap", reason="isi dulu.")
    if not 8 <= len(digits) <= 15:
        raise InvalidValue(field="Nomor HP", reason="isi 8 sampai 15 angka, misalnya 0812 3456 7890.")
    if wish.email.strip() and not is_email(wish.email.strip()):
        raise InvalidValue(field="Email", reason="alamatnya belum benar. Perbaiki, atau kosongkan.")
    if not wish.agreed:
        raise InvalidValue(field="Persetujuan", reason="centang dulu, supaya pengurus boleh memakai data ini.")
    return f"+{digits}" if wish.phone.strip().startswith("+") else digits


def _made(session: Session, coop_id: int, wish: Wish, phone: str, token: str, user_id: int | None) -> JoinRequest:
    made = JoinRequest(
        coop_id=coop_id, token=token, name=wish.name.strip()[:120], phone=phone, email=wish.email.strip(),
        address=wish.address.strip()[:200], note=wish.note.strip()[:500], consent_version=wish.agreed,
        user_id=user_id,
    )  # fmt: skip
    session.add(made)
    session.flush()  # one request per form: the database settles a race
    return made


def accept(session: Session, actor: Actor, join_id: int, *, applied_on: date) -> JoinRequest:
    """Take the request on: it becomes an application, which a second pengurus approves.

    Raises JoinDecided, NotFound.
    """
    asked = _to_decide(session, actor, join_id)
    person = members.PersonData(name=asked.name, phone=asked.phone, email=asked.email, address=asked.address)
    member = members.apply(session, actor, person, applied_on=applied_on)
    _decide(session, actor, asked, "accepted", member_id=member.id)
    trail.record(session, actor, "members.join_accept", f"join:{asked.id}", member=member.id)
    return asked


def refuse(session: Session, actor: Actor, join_id: int, *, reason: str) -> JoinRequest:
    """Decline, with the reason the person will read. Raises JoinDecided, InvalidValue, NotFound."""
    asked = _to_decide(session, actor, join_id)
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu, supaya pemohon tahu.")
    _decide(session, actor, asked, "refused", reason=reason.strip()[:200])
    trail.record(session, actor, "members.join_refuse", f"join:{asked.id}", reason=reason)
    return asked


def _to_decide(session: Session, actor: Actor, join_id: int) -> JoinRequest:
    asked = get(session, actor, join_id)
    if asked.state != "waiting":
        raise JoinDecided(name=asked.name, state=STATES[asked.state])
    return asked


def _decide(session: Session, actor: Actor, asked: JoinRequest, state: str, **values: object) -> None:
    decision = {"decided_by": actor.user_id, "decided_at": now(), **values}
    if not move_row(session, asked, ("waiting",), state=state, **decision):
        raise JoinDecided(name=asked.name, state=STATES[asked.state])
    coop = session.get_one(Coop, asked.coop_id)
    message = texts.joining(coop.name, accepted=state == "accepted", reason=asked.reason)
    key = f"join:{asked.id}"
    if asked.user_id is not None:
        notify(session, asked.coop_id, key, message, topic="keamanan", user_id=asked.user_id)
    if asked.email:
        outbox.queue(session, asked.coop_id, key=key, to_address=asked.email, message=message)


def get(session: Session, actor: Actor, join_id: int) -> JoinRequest:
    """One request, decided or not. Raises NotFound."""
    actor.must("members.decide")
    found = session.get(JoinRequest, join_id)
    if found is None or found.coop_id != actor.coop_id:
        raise NotFound(what="Permintaan bergabung")
    return found


def waiting(session: Session, actor: Actor) -> list[JoinRequest]:
    """Requests to decide, oldest first."""
    actor.must("members.decide")
    query = select(JoinRequest).where(JoinRequest.state == "waiting").order_by(JoinRequest.id)
    return list(session.scalars(query))


def how_many(session: Session, actor: Actor) -> int:
    """How many requests wait for a decision."""
    actor.must("members.decide")
    return session.scalar(select(func.count()).select_from(JoinRequest).where(JoinRequest.state == "waiting")) or 0
