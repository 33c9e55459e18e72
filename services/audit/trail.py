"""One line for every act that changes something other than the journal (which is its own trail)."""

import hashlib
import json
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from models.audit import AuditRecord

_record = AuditRecord.__table__.c

# built once: every act asks it, and building a query costs more than answering it
_LAST = (
    select(_record.seq, _record.hash)
    .where(_record.coop_id == bindparam("coop_id"))
    .order_by(_record.seq.desc())
    .limit(1)
)


def record(session: Session, actor: Actor, action: str, subject: str, **detail: Any) -> AuditRecord:
    """Chain an act to the trail of the actor's cooperative. `detail` must be JSON and free of secrets."""
    session.flush()  # what is told of must be there, and the record before this one
    last = session.connection().execute(_LAST, {"coop_id": actor.coop_id}).first()
    seq, prev_hash = (last.seq + 1, last.hash) if last else (1, "")
    at = now()
    kept = json.loads(json.dumps(detail, default=str))
    row = AuditRecord(
        coop_id=actor.coop_id,
        seq=seq,
        at=at,
        user_id=actor.user_id,
        action=action,
        subject=subject,
        detail=kept,
        prev_hash=prev_hash,
        hash=digest(prev_hash, seq, at.isoformat(), actor.user_id, action, subject, kept),
    )
    session.add(row)
    session.flush()  # the next record chains to this one
    return row


def digest(prev_hash: str, *content: Any) -> str:
    """SHA-256 over the hash before and the canonical JSON of the content."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256((prev_hash + canonical).encode()).hexdigest()
