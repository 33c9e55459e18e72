"""What sign-ins and requests leave behind, cleared away when nobody needs it any more."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Delete, delete, or_, update
from sqlalchemy.orm import Session

from models.access import ApprovalRequest, LoginSession, OneTimeLink, SignInAttempt
from services.access.approvals import VALID

KEPT = timedelta(days=30)
"""How long a trace of a sign-in can still be looked into."""


def prune(session: Session, at: datetime) -> dict[str, int]:
    """Delete attempts, ended sessions and dead links older than a month; how many of each. Needs a platform session."""
    before = at - KEPT
    ended = or_(LoginSession.expires_at < before, LoginSession.revoked_at < before)
    dead = or_(OneTimeLink.expires_at < before, OneTimeLink.used_at < before)
    return {
        "percobaan masuk": _deleted(session, SignInAttempt, SignInAttempt.at < before),
        "sesi masuk": _deleted(session, LoginSession, ended),
        "tautan": _deleted(session, OneTimeLink, dead),
    }


def expire_requests(session: Session, at: datetime) -> int:
    """Requests of this session's cooperative that nobody decided in time count no more; how many."""
    late = update(ApprovalRequest).where(ApprovalRequest.state == "pending", ApprovalRequest.requested_at < at - VALID)
    done = session.execute(late.values(state="expired", decided_at=at).execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]


def _deleted(
    session: Session, table: type[SignInAttempt] | type[LoginSession] | type[OneTimeLink], which: ColumnElement[bool]
) -> int:
    query: Delete = delete(table).where(which).execution_options(synchronize_session=False)
    return int(session.execute(query).rowcount)  # type: ignore[attr-defined]
