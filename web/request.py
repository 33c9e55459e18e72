"""Who is asking, and the one database session of a request.

A safe method gets a session that cannot write; an unsafe one gets one that starts with BEGIN IMMEDIATE. Services never
commit: `transaction()` does, once, at the end of the handler's block.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g, has_app_context, has_request_context, redirect, request, session, url_for
from sqlalchemy.orm import scoped_session
from werkzeug.wrappers import Response

from core.actor import Actor
from core.errors import SignInFirst
from core.settings import Settings
from models.transaction import NOBODY, Database, TenantSession, refusing_politely
from services.access import second_step, sign_in
from services.audit.visits import Visits, is_robot

SAFE = {"GET", "HEAD", "OPTIONS"}
CART = "keranjang"
TOKEN = "sid"  # noqa: S105  the name of a key in the session, not a secret
WAITING = "sid_menunggu"


def database() -> Database:
    return current_app.extensions["ekopz.database"]


def settings() -> Settings:
    return current_app.extensions["ekopz.settings"]


def init(app: Flask, opened: Database, given: Settings) -> None:
    """Give the app its database and settings, and let every request know who asks."""
    app.extensions["ekopz.database"], app.extensions["ekopz.settings"] = opened, given
    app.extensions["ekopz.visits"] = Visits()
    app.jinja_env.globals["page_told"] = page_told
    app.before_request(_who_asks)
    app.teardown_appcontext(lambda _: _sessions.remove())


def _who_asks() -> None:
    g.signed_in, g.actor = None, None
    token = session.get(TOKEN)
    if not token or request.endpoint == "static" or (request.endpoint or "").endswith(".static"):
        return
    g.signed_in = sign_in.resolve(database(), token, settings().session_idle_minutes)
    if g.signed_in is None:
        session.clear()  # revoked, expired or idle: the browser starts anew
    g.actor = who_asks(g.signed_in)


def who_asks(signed_in: sign_in.SignedIn | None) -> Actor | None:
    """Somebody signed in as actor: of the cooperative they work in, or of the platform.

    Nobody yet where an operator looks into a cooperative: `web.support` says whether they still may.
    """
    if signed_in is None or signed_in.support_grant_id is not None:
        return None
    if signed_in.coop_id is not None:
        return sign_in.actor_for(database(), signed_in.user_id, signed_in.coop_id)
    return sign_in.on_platform(signed_in)


def become(actor: Actor | None) -> None:
    """Set who asks where it is known only later (a bearer token), and move the request's session there."""
    g.actor = actor
    _sessions().belong_to(actor.coop_id if actor else NOBODY)


def _make() -> TenantSession:
    if not has_app_context():
        raise RuntimeError("a web session lives in a request")
    actor: Actor | None = g.get("actor")
    writes = has_request_context() and request.method not in SAFE
    return database().session(writes=writes, coop_id=actor.coop_id if actor else NOBODY)


def _scope() -> int:
    return id(g._get_current_object()) if has_app_context() else 0


_sessions: scoped_session[TenantSession] = scoped_session(_make, scopefunc=_scope)  # type: ignore[arg-type]
request_sessions = _sessions
"""The scoped session to hand to libraries that want one; it follows the request."""


def db() -> TenantSession:
    """The request's session."""
    return _sessions()


@contextmanager
def transaction() -> Iterator[TenantSession]:
    """The request's unit of work: committed when the block ends, rolled back whole on any error."""
    current = _sessions()
    with refusing_politely():
        try:
            yield current
            current.commit()
        except BaseException:
            current.rollback()
            raise


def actor() -> Actor:
    """Who asks. Raises SignInFirst when nobody is signed in."""
    if g.actor is None:
        raise SignInFirst()
    return g.actor


def sign_in_first() -> Response:
    """The way to the sign-in, which leads back here. Raises SignInFirst where something was sent, so it is kept."""
    if request.method not in SAFE:
        raise SignInFirst()
    return redirect(url_for("AuthDBView.login", next=request.full_path.rstrip("?")))


def safe_next(target: str | None, default: str) -> str:
    """`target` when it is a path on this site, else `default`: never a way off the site."""
    on_site = target is not None and target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if target and on_site and all(ord(c) >= 32 for c in target) else default


def let_in(user_id_token: str) -> None:
    """Start the browser's session anew with this token (no fixation: everything before is dropped, save the cart).

    While the code of a second factor is awaited the browser is nobody's: `/masuk/kode` asks for it.
    """
    cart, waits = session.get(CART), second_step.whose(database(), user_id_token) is not None
    session.clear()
    session[WAITING if waits else TOKEN] = user_id_token
    if cart is not None:
        session[CART] = cart  # a random name for things somebody picked; Kopmart joins it with their own cart
    session.permanent = True


def page_told() -> str:
    """The page shown, as it may be told to others: a link with a token in it is its holder's alone."""
    return "" if "token" in (request.view_args or {}) else request.path


def looked_at(page: str) -> None:
    """Count a look at a public page; robots do not count."""
    if not is_robot(request.headers.get("User-Agent", "")):
        current_app.extensions["ekopz.visits"].look(database(), page)


def client_ip() -> str:
    return request.remote_addr or ""
