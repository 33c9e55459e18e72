"""Approve or reject, whatever the request is about. A new kind of request is one line in EXECUTORS."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import NotFound
from models.access import ApprovalRequest
from services.access import approvals
from services.ledger import manual
from services.loans import adjustments

EXECUTORS: dict[str, tuple[str, Callable[[Session, Actor, ApprovalRequest], Any]]] = {
    "ledger.journal": ("ledger.approve", manual.execute_journal),
    "ledger.reversal": ("ledger.approve", manual.execute_reversal),
    "loans.restructure": ("loans.adjust_approve", adjustments.execute_restructure),
    "loans.write_off": ("loans.adjust_approve", adjustments.execute_write_off),
}


def approve(session: Session, actor: Actor, request_id: int) -> Any:
    """Decide yes and execute, in one transaction. Raises what the command raises; then nothing is decided."""
    request = _request(session, actor, request_id)
    _, execute = EXECUTORS[request.action]
    return execute(session, actor, approvals.take(session, actor, request_id))


def reject(session: Session, actor: Actor, request_id: int, reason: str) -> ApprovalRequest:
    """Decide no, with a reason."""
    _request(session, actor, request_id)
    return approvals.reject(session, actor, request_id, reason)


def _request(session: Session, actor: Actor, request_id: int) -> ApprovalRequest:
    request = session.get(ApprovalRequest, request_id)
    if request is None:
        raise NotFound(what="Pengajuan")
    actor.must(EXECUTORS[request.action][0])
    return request
