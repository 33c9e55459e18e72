"""Who looks at a dashboard: proven by the guard at the door, asked of the database anew on every run."""

import hmac
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import streamlit as st
from sqlalchemy.orm import Session

from core.actor import NOWHERE, Actor
from core.clock import today
from models.coops import Coop
from models.transaction import Database
from services.access import sign_in
from services.access.sign_in import SignedIn

HEADERS = {"x-ekopz-user": "user", "x-ekopz-coop": "coop", "x-ekopz-session": "session", "x-ekopz-proof": "proof"}
"""What the guard says of a person -> under which name `st.user` has it."""
PLATFORM_NAME = "Platform eKopz"
_KEY = secrets.token_bytes(32)  # of this process: a header from anywhere else proves nothing


@dataclass
class _Door:
    database: Database | None = None
    idle_minutes: int = 30


_door = _Door()


@dataclass(frozen=True)
class Asker:
    """The person in front of the screen, and what of their cooperative the page's frame shows.

    Somebody of the platform has none: `coop_id` is then NOWHERE.
    """

    actor: Actor
    coop_id: int
    coop_name: str
    zone: str
    is_demo: bool

    @property
    def today(self) -> date:
        return today(self.zone)


def open_to(database: Database, idle_minutes: int) -> None:
    """Let every dashboard of this process read from `database`."""
    _door.database, _door.idle_minutes = database, idle_minutes


def database() -> Database:
    if _door.database is None:
        raise AssertionError("dashboards are mounted by app.create_asgi, which opens the database to them")
    return _door.database


def idle_minutes() -> int:
    return _door.idle_minutes


def headers_of(who: SignedIn) -> list[tuple[bytes, bytes]]:
    """The headers that tell Streamlit who is signed in."""
    facts = {"user": str(who.user_id), "coop": str(who.coop_id or ""), "session": str(who.session_id)}
    facts["proof"] = _proof(facts)
    return [(header.encode(), facts[name].encode()) for header, name in HEADERS.items()]


def as_user(who: SignedIn) -> dict[str, str]:
    """The same facts as `st.user` has them."""
    return {HEADERS[header.decode()]: value.decode() for header, value in headers_of(who)}


def asker() -> Asker | None:
    """Who asks, as things stand at this moment; None when they are signed out, moved or have no place here.

    A page may be open for hours: neither the headers of its first handshake nor anything kept since is believed.
    """
    who = _shown()
    if who is None:
        return None
    signed_in = sign_in.still_signed_in(database(), who["session"], idle_minutes())
    if signed_in is None or (signed_in.user_id, signed_in.coop_id or NOWHERE) != (who["user"], who["coop"]):
        return None
    if signed_in.coop_id is None:
        actor = sign_in.on_platform(signed_in)
        return Asker(actor, NOWHERE, PLATFORM_NAME, "WIB", is_demo=False) if actor is not None else None
    if signed_in.support_grant_id is not None:
        return None  # who was let into a cooperative sees its pages, not its dashboards
    with database().reading(who["coop"]) as session:
        actor = sign_in.actor_in(session, who["user"], who["coop"])
        coop = session.get(Coop, who["coop"])
    if actor is None or coop is None:
        return None
    return Asker(actor, coop.id, coop.name, coop.zone, coop.is_demo)


@contextmanager
def across(actor: Actor) -> Iterator[Session]:
    """A session that sees every cooperative and cannot write, for people of the platform. Raises NotAllowed."""
    actor.must("platform.manage")
    with database().platform("dashboard of the operator") as session:
        yield session


@contextmanager
def reading(actor: Actor) -> Iterator[Session]:
    """A session that sees the actor's cooperative and cannot write."""
    with database().reading(actor) as session:
        yield session


def _shown() -> dict[str, int] | None:
    facts = {name: str(st.user.get(name) or "") for name in HEADERS.values()}
    if not hmac.compare_digest(facts.pop("proof"), _proof(facts)):
        return None
    facts["coop"] = facts["coop"] or str(NOWHERE)
    return {name: int(value) for name, value in facts.items()} if all(facts.values()) else None


def _proof(facts: Mapping[str, str]) -> str:
    told = "|".join(f"{name}={facts[name]}" for name in ("user", "coop", "session"))
    return hmac.new(_KEY, told.encode(), sha256).hexdigest()
