"""Where a person is signed in, and ending one of these places."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from core.clock import now
from core.errors import NotFound
from models.access import LoginSession
from models.transaction import Database
from services.access.sign_in import SignedIn, end

SHOWN = 20


@dataclass(frozen=True)
class OpenSession:
    """A browser still signed in; `is_this` is the one that asks."""

    session_id: int
    device: str
    ip: str
    seen_at: datetime
    is_this: bool


def open_sessions(database: Database, signed_in: SignedIn, idle_minutes: int) -> list[OpenSession]:
    """The person's sessions that still count, the last used first."""
    at = now()
    query = (
        select(LoginSession)
        .where(
            LoginSession.user_id == signed_in.user_id,
            LoginSession.revoked_at.is_(None),
            ~LoginSession.waits_for_code,
            LoginSession.expires_at > at,
            LoginSession.seen_at > at - timedelta(minutes=idle_minutes),
        )
        .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())
        .limit(SHOWN)
    )
    with database.platform("own sessions") as session:
        return [
            OpenSession(row.id, device_of(row.agent), row.ip, row.seen_at, row.id == signed_in.session_id)
            for row in session.scalars(query)
        ]


def end_own(database: Database, signed_in: SignedIn, session_id: int) -> None:
    """End one of the person's own sessions. Raises NotFound for anybody else's."""
    with database.platform("own sessions") as session:
        owner = session.scalar(select(LoginSession.user_id).where(LoginSession.id == session_id))
    if owner != signed_in.user_id:
        raise NotFound(what="Perangkat")
    end(database, session_id)


def device_of(agent: str) -> str:
    """A browser's long name in two words people know: `Chrome di Android`."""
    browsers = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
                ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
    systems = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
               ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip
    browser = next((name for mark, name in browsers if mark in agent), "Peramban")
    system = next((name for mark, name in systems if mark in agent), "perangkat lain")
    return f"{browser} di {system}"
