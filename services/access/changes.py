"""What follows when a way into an account changes: a line in each cooperative's trail, and a mail to its owner."""

import secrets
from typing import Any

from core.actor import Actor
from models.access import User
from models.transaction import TenantSession
from services.access import places
from services.audit import trail
from services.notifications import letters, outbox


def password_changed(session: TenantSession, user: User, way: str) -> None:
    """Needs a platform session; `way` says how it came about, in the trail."""
    noted(session, user, "access.password", way=way)
    message = letters.password_changed(user.full_name, user.username)
    outbox.queue(session, None, key=f"password:{user.id}:{secrets.token_hex(6)}", to_address=user.email or "",
                 message=message)  # fmt: skip


def noted(session: TenantSession, user: User, action: str, **detail: Any) -> None:
    """The person's own act in the trail of every cooperative they have a place in. Needs a platform session."""
    session.flush()  # the session forgets what it holds where it moves on
    here, user_id, name = session.coop_id, user.id, user.full_name
    for coop_id in sorted(session.scalars(places.open_to(user_id))):
        session.belong_to(coop_id)  # writers of one cooperative take turns
        trail.record(session, Actor(user_id, coop_id, frozenset(), name=name), action, f"user:{user_id}", **detail)
    session.belong_to(here)
