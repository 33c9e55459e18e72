"""What members ask about their data: correct it, use it less, erase it. Pengurus answer within 3 x 24 hours."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.errors import InvalidValue, NotAllowed, NotFound
from models.members import Member
from models.moves import move as move_row
from models.privacy import PrivacyRequest
from services.access.approvals import SamePerson
from services.audit import trail
from services.members import commands as members
from services.members.refusals import PersonErased
from services.notifications import texts
from services.notifications.commands import notify
from services.privacy.refusals import RequestDecided

ANSWER_WITHIN = timedelta(hours=72)
KINDS = {"correct": "Pembetulan data", "restrict": "Pembatasan pemakaian", "erase": "Penghapusan data"}
STATES = {"waiting": "menunggu", "done": "dikabulkan", "refused": "ditolak", "withdrawn": "dibatalkan"}
LONGEST_WISH = 500


def ask(session: Session, actor: Actor, member_id: int, kind: str, *, wish: str, token: str) -> PrivacyRequest:
    """Ask about a member's data: the member, or a pengurus for them. The same kind, while one waits, is the same one.

    Raises InvalidValue, NotAllowed, NotFound.
    """
    _may(actor, member_id)
    if kind not in KINDS:
        raise InvalidValue(field="Permintaan", reason="pilih salah satu dari daftar.")
    if members.get(session, actor, member_id).erased_at is not None:
        raise PersonErased()
    if kind == "correct" and not wish.strip():
        raise InvalidValue(field="Yang perlu dibetulkan", reason="tulis data mana dan apa yang benar.")
    held = _held(session, member_id, kind, token)
    if held is not None:
        return held
    request = PrivacyRequest(
        coop_id=actor.coop_id, token=token[:60], member_id=member_id, kind=kind, wish=wish.strip()[:LONGEST_WISH],
        asked_by=actor.user_id,
    )  # fmt: skip
    session.add(request)
    session.flush()  # one that waits per member and kind: the database settles a race
    trail.record(session, actor, "privacy.ask", f"member:{member_id}", request=request.id, kind=kind)
    return request


def _may(actor: Actor, member_id: int) -> None:
    """The member about themselves, and who handles such requests."""
    if not (actor.may("privacy.handle") or (actor.may("own.view") and actor.member_id == member_id)):
        raise NotAllowed(permission="privacy.handle")


def _held(session: Session, member_id: int, kind: str, token: str) -> PrivacyRequest | None:
    """What this form made before, or what waits already."""
    same = select(PrivacyRequest).where(PrivacyRequest.member_id == member_id, PrivacyRequest.kind == kind)
    made = session.scalars(same.where(PrivacyRequest.token == token[:60])).first()
    return made or session.scalars(same.where(PrivacyRequest.state == "waiting")).first()


def withdraw(session: Session, actor: Actor, request_id: int) -> PrivacyRequest:
    """The member thinks better of it. Raises RequestDecided, NotFound."""
    request = session.get(PrivacyRequest, request_id)
    if request is None or actor.member_id != request.member_id:
        raise NotFound(what="Permintaan")
    decide(session, actor, request, "withdrawn", "")
    return request


def grant(session: Session, actor: Actor, request_id: int, *, answer: str) -> PrivacyRequest:
    """Say that the data were corrected, or restrict their use from now on. Erasing is `erasure.erase`.

    Raises RequestDecided, SamePerson, InvalidValue, NotFound.
    """
    request = to_decide(session, actor, request_id)
    assert request.kind != "erase", request.id
    if request.kind == "correct" and not answer.strip():
        raise InvalidValue(field="Jawaban", reason="tulis apa yang sudah dibetulkan.")
    decide(session, actor, request, "done", answer)
    if request.kind == "restrict":
        members.get(session, actor, request.member_id).restricted_since = now()
    tell(session, request)
    return request


def refuse(session: Session, actor: Actor, request_id: int, *, reason: str) -> PrivacyRequest:
    """Decline, with the reason the member will read. Raises RequestDecided, SamePerson, InvalidValue, NotFound."""
    request = to_decide(session, actor, request_id)
    if not reason.strip():
        raise InvalidValue(field="Jawaban", reason="tulis alasannya, supaya anggota tahu.")
    decide(session, actor, request, "refused", reason)
    tell(session, request)
    return request


def lift(session: Session, actor: Actor, member_id: int) -> None:
    """The member, or a pengurus for them, ends the restriction. Again changes nothing."""
    _may(actor, member_id)
    member = members.get(session, actor, member_id)
    if member.restricted_since is not None:
        member.restricted_since = None
        trail.record(session, actor, "privacy.lift", f"member:{member_id}")


def to_decide(session: Session, actor: Actor, request_id: int) -> PrivacyRequest:
    """A request this person may decide. Nobody decides about their own data. Raises SamePerson, RequestDecided."""
    request = get(session, actor, request_id)
    if actor.member_id == request.member_id or (request.kind == "erase" and request.asked_by == actor.user_id):
        raise SamePerson()
    if request.state != "waiting":
        raise RequestDecided(state=STATES[request.state])
    return request


def decide(session: Session, actor: Actor, request: PrivacyRequest, state: str, answer: str) -> None:
    """Move it on, once, whoever else tries at the same moment. Raises RequestDecided."""
    decision = {"decided_by": actor.user_id, "decided_at": now(), "answer": answer.strip()[:300]}
    if not move_row(session, request, ("waiting",), state=state, **decision):
        raise RequestDecided(state=STATES[request.state])
    trail.record(session, actor, f"privacy.{state}", f"member:{request.member_id}", request=request.id)


def tell(session: Session, request: PrivacyRequest) -> None:
    """The member reads the answer in the app, and by mail where they have an address."""
    message = texts.privacy(KINDS[request.kind], STATES[request.state], request.answer)
    key = f"privacy:{request.id}:{request.state}"
    notify(session, request.coop_id, key, message, topic="keamanan", member_id=request.member_id)


def get(session: Session, actor: Actor, request_id: int) -> PrivacyRequest:
    """One request, decided or not. Raises NotFound."""
    actor.must("privacy.handle")
    request = session.get(PrivacyRequest, request_id)
    if request is None:
        raise NotFound(what="Permintaan data pribadi")
    return request


def listed(session: Session, actor: Actor) -> list[tuple[PrivacyRequest, Member]]:
    """All requests with their members: those that wait first, oldest first; then the decided, newest first."""
    actor.must("privacy.handle")
    query = select(PrivacyRequest, Member).join(Member, Member.id == PrivacyRequest.member_id)
    rows = [(row[0], row[1]) for row in session.execute(query.order_by(PrivacyRequest.id))]
    waits = [row for row in rows if row[0].state == "waiting"]
    return waits + [row for row in reversed(rows) if row[0].state != "waiting"]


def of_member(session: Session, actor: Actor) -> list[PrivacyRequest]:
    """The member's own requests, newest first."""
    query = select(PrivacyRequest).where(PrivacyRequest.member_id == actor.member_id)
    return list(session.scalars(query.order_by(PrivacyRequest.id.desc())))


def waiting(session: Session, actor: Actor) -> int:
    """How many requests wait for somebody to answer."""
    actor.must("privacy.handle")
    return session.scalar(select(func.count()).where(PrivacyRequest.state == "waiting")) or 0


def due_at(request: PrivacyRequest) -> datetime:
    """Until when it must be answered."""
    return request.asked_at + ANSWER_WITHIN
