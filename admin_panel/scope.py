"""One request: who asks, for which cooperative, and the one database session everything in it uses."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, cast

from flask import Flask, abort, current_app, g, request
from sqlalchemy import select
from werkzeug.local import LocalProxy

from core import clock
from core.actor import Actor
from core.errors import Refusal
from models.coops import Coop
from models.transaction import NOBODY, Database, TenantSession, as_refusal

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def install(app: Flask, database: Database) -> None:
    """The app's sessions come from `database`; each is closed when its request ends."""
    app.extensions["ekopz_database"] = database
    app.teardown_appcontext(_close)


def database() -> Database:
    return cast(Database, current_app.extensions["ekopz_database"])


def actor_or_none() -> Actor | None:
    """Who is signed in with a place in a cooperative; set by the security manager before each request."""
    return cast("Actor | None", g.get("actor"))


def actor() -> Actor:
    """Who asks. A screen that nobody may see anonymously calls this."""
    who = actor_or_none()
    if who is None:
        abort(401)
    return who


def session() -> TenantSession:
    """The request's session: one cooperative, writing only on methods that may write."""
    found = g.get("kop_session")
    if found is None:
        who = actor_or_none()
        coop_id = who.coop_id if who else NOBODY
        found = g.kop_session = database().session(writes=request.method not in SAFE, coop_id=coop_id)
    return cast(TenantSession, found)


framework_session: Any = LocalProxy(session)
"""What the framework's data access calls its session."""


def coop() -> Coop:
    """The cooperative of the signed-in person."""
    if "coop" not in g:
        g.coop = session().scalar(select(Coop).where(Coop.id == actor().coop_id))
    return cast(Coop, g.coop)


def today() -> date:
    """The business date of the cooperative's zone."""
    return clock.today(coop().zone)


@contextmanager
def unit_of_work() -> Iterator[TenantSession]:
    """What is done inside is kept as a whole when it ends well, and not at all otherwise.

    Raises:
        Refusal: as the service said, or because the database is busy or full.
    """
    work = session()
    try:
        yield work
        work.commit()
    except BaseException as error:
        work.rollback()
        refusal = as_refusal(error)
        if refusal is not None and not isinstance(error, Refusal):
            raise refusal from error
        raise


def _close(_: BaseException | None) -> None:
    found = g.pop("kop_session", None)
    if found is not None:
        found.close()
