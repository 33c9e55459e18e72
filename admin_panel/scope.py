"""One request of the panel: who asks, for which cooperative, and its business date. The session is `web.request`'s."""

from datetime import date
from typing import cast

from flask import g
from sqlalchemy import select

from core import clock
from core.actor import Actor
from models.coops import Coop
from web.request import SAFE, actor, database, request_sessions, settings, sign_in_first
from web.request import db as session
from web.request import transaction as unit_of_work


def actor_or_none() -> Actor | None:
    """Who is signed in with a place in a cooperative, if anybody."""
    return cast("Actor | None", g.get("actor"))


def coop() -> Coop:
    """The cooperative of the signed-in person."""
    if "coop" not in g:
        g.coop = session().scalars(select(Coop).where(Coop.id == actor().coop_id)).one()
    return cast(Coop, g.coop)


def today() -> date:
    """The business date of the cooperative's zone."""
    return clock.today(coop().zone)


__all__ = [
    "SAFE", "actor", "actor_or_none", "coop", "database", "request_sessions", "session", "settings", "sign_in_first",
    "today", "unit_of_work",
]  # fmt: skip
