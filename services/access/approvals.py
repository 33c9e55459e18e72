"""Requests that wait for a second person: frozen when asked, executed exactly, decided once."""

import hashlib
import json
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.errors import NotFound, Refusal, StateChanged
from models.access import ApprovalRequest
from models.moves import move as move_row
from services.audit import trail

VALID = timedelta(days=7)
STATES = {"pending": "menunggu", "approved": "disetujui", "rejected": "ditolak", "expired": "kedaluwarsa"}


class SamePerson(Refusal):
    code = "access.same_person"
    pesan = "Yang mengajukan tidak boleh menyetujui sendiri. Minta pengurus lain untuk memutuskan."
    status = 403


class RequestExpired(Refusal):
    code = "access.request_expired"
    pesan = "Pengajuan ini sudah lewat 7 hari dan kedaluwarsa. Ajukan lagi bila masih perlu."
    status = 409


class RequestTampered(Refusal):
    code = "access.request_tampered"
    pesan = "Isi pengajuan ini tidak lagi sama dengan saat diajukan, jadi ditolak. Ajukan lagi."
    status = 409


class RequestDiffers(Refusal):
    """The same form or entry, asked about again with something else in it."""

    code = "access.request_differs"
    pesan = "Hal ini sudah diajukan dengan isi lain ({state}). Lihat dulu di Pembukuan > Persetujuan."
    status = 409


def ask(
    session: Session, actor: Actor, action: str, subject: str, title: str, payload: dict[str, Any]
) -> ApprovalRequest:
    """Put a request before a second person. The same subject with the same content is the same request, decided or not.

    Asked anew once it was rejected or has expired. Raises RequestDiffers for other content.
    """
    held = _held(session, subject)
    if held is not None and held.payload_hash != _hash(payload):
        raise RequestDiffers(state=STATES[held.state])
    if held is not None:
        return held
    request = ApprovalRequest(
        coop_id=actor.coop_id,
        action=action,
        subject=subject,
        title=title[:200],
        payload=payload,
        payload_hash=_hash(payload),
        requested_by=actor.user_id,
    )
    session.add(request)
    session.flush()  # the caller shows its id
    trail.record(session, actor, f"{action}.ask", f"approval:{request.id}", title=title)
    return request


def _held(session: Session, subject: str) -> ApprovalRequest | None:
    """The request that stands for a subject: approved, or waiting and not too old."""
    stands = ApprovalRequest.state.in_(("pending", "approved"))
    query = select(ApprovalRequest).where(ApprovalRequest.subject == subject, stands)
    held = session.scalars(query.order_by(ApprovalRequest.id.desc()).limit(1)).first()
    if held is not None and held.state == "pending" and held.requested_at < now() - VALID:
        held.state = "expired"
        session.flush()  # its subject is free for the new request
        return None
    return held


def take(session: Session, actor: Actor, request_id: int) -> ApprovalRequest:
    """Claim a pending request for this approver: of any number who try at once, one gets it.

    Raises:
        SamePerson, RequestExpired, RequestTampered, StateChanged, NotFound.
    """
    request = session.get(ApprovalRequest, request_id)
    if request is None:
        raise NotFound(what="Pengajuan")
    if request.requested_by == actor.user_id:
        raise SamePerson()
    _decide(session, actor, request, "approved", "")
    if request.requested_at < now() - VALID:
        raise RequestExpired()
    if _hash(request.payload) != request.payload_hash:
        raise RequestTampered()
    trail.record(session, actor, f"{request.action}.approve", f"approval:{request.id}")
    return request


def reject(session: Session, actor: Actor, request_id: int, reason: str) -> ApprovalRequest:
    """Decline a pending request, with the reason its asker will read. Raises StateChanged, SamePerson, NotFound."""
    request = session.get(ApprovalRequest, request_id)
    if request is None:
        raise NotFound(what="Pengajuan")
    if request.requested_by == actor.user_id:
        raise SamePerson()
    _decide(session, actor, request, "rejected", reason)
    trail.record(session, actor, f"{request.action}.reject", f"approval:{request.id}", reason=reason)
    return request


def _decide(session: Session, actor: Actor, request: ApprovalRequest, state: str, reason: str) -> None:
    decision = {"decided_by": actor.user_id, "decided_at": now(), "reason": reason[:200]}
    if not move_row(session, request, ("pending",), state=state, **decision):
        raise StateChanged(what="Pengajuan ini", state=STATES[request.state])


def pending(session: Session, actor: Actor) -> list[ApprovalRequest]:
    """What waits for a decision, oldest first."""
    query = select(ApprovalRequest).where(ApprovalRequest.state == "pending").order_by(ApprovalRequest.requested_at)
    return list(session.scalars(query))


def _hash(payload: dict[str, Any]) -> str:
    canonical = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
