"""The only wiring: settings -> engine -> Flask (FAB, portal) and Streamlit -> one ASGI app on one port."""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from a2wsgi import WSGIMiddleware
from flask import Flask
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadSignature
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from werkzeug.middleware.proxy_fix import ProxyFix

import admin_panel
import api
import member_portal
import web.errors
import web.headers
import web.request
import web.support
from core import secrets
from core.errors import Refusal
from core.settings import Settings
from dashboards.guard import TokenIn
from dashboards.mount import mount
from models import schema
from models.transaction import Database
from seed import logins
from services.access import google
from services.jobs.queue import Queue
from services.mart.ports import configured
from services.notifications import outbox

ROOT = Path(__file__).parent
MAX_UPLOAD = 10 * 1024 * 1024
FLASK_THREADS = 8


def create_flask(settings: Settings, database: Database, queue: Queue | None = None) -> Flask:
    """The Flask side: one app, one session cookie, both faces. Without a queue, jobs wait for a worker beside it."""
    logging.getLogger("flask_appbuilder").setLevel(logging.ERROR)  # it narrates every column type at start
    secrets.use_key(settings.field_key)
    outbox.use(settings.smtp_url, settings.public_url)
    configured.use(settings)
    google.use(settings)
    app = Flask("ekopz", root_path=str(ROOT / "web"), template_folder="templates", static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        JWT_SECRET_KEY=settings.jwt_secret_key,
        JWT_ACCESS_TOKEN_EXPIRES=timedelta(minutes=15),
        JWT_REFRESH_TOKEN_EXPIRES=timedelta(days=7),
        SESSION_COOKIE_NAME="__Host-ekopz" if settings.secure_cookies else "ekopz",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
        WTF_CSRF_TIME_LIMIT=None,  # a form lives as long as its session
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies)  # type: ignore[method-assign]
    web.request.init(app, database, settings)
    app.config["EKOPZ_DEMO_LOGINS"] = lambda: logins.shown(app.extensions["ekopz.database"])
    app.extensions["ekopz.jobs"] = queue or Queue(settings.data, database)
    web.headers.init(app, secure=settings.secure_cookies)
    web.support.init(app)
    web.errors.init(app)
    CSRFProtect(app)  # before AppBuilder, which exempts its bearer-token API
    admin_panel.init(app)
    member_portal.init(app)
    api.init(app)
    return app


def create_asgi(settings: Settings, database: Database, queue: Queue | None = None) -> Starlette:
    """Everything on one port: dashboards at /dasbor, health for whoever watches, Flask for the rest."""
    flask_app = create_flask(settings, database, queue)
    boards = mount(settings, database, session_token(flask_app))
    routes = [
        Route("/healthz", _alive),
        Route("/readyz", _ready(database)),
        *boards.routes,
        Mount("/", app=as_asgi(flask_app)),
    ]
    return Starlette(routes=routes, lifespan=_with_worker(queue, boards.lifespan) if queue else boards.lifespan)


def _with_worker(queue: Queue, boards: Any) -> Any:
    """The server's life with a worker for the queue inside."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with boards(app):
            queue.start()
            yield
            await run_in_threadpool(queue.stop)

    return lifespan


def as_asgi(flask_app: Flask) -> Any:
    """Flask behind the bridge, so many requests at a time."""
    return WSGIMiddleware(flask_app, workers=FLASK_THREADS)  # type: ignore[arg-type]


def session_token(flask_app: Flask) -> TokenIn:
    """Reads the session's token from cookies, as Flask itself would; None from a cookie that Flask did not sign."""
    serializer = flask_app.session_interface.get_signing_serializer(flask_app)  # type: ignore[attr-defined]
    longest = int(flask_app.permanent_session_lifetime.total_seconds())

    def token_in(cookies: Mapping[str, str]) -> str | None:
        try:
            kept: dict[str, Any] = serializer.loads(cookies[flask_app.config["SESSION_COOKIE_NAME"]], max_age=longest)
        except (KeyError, BadSignature):
            return None
        return kept.get(web.request.TOKEN)

    return token_in


async def _alive(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


def _ready(database: Database) -> Any:
    async def ready(_: Request) -> Response:
        try:
            current = await run_in_threadpool(schema.is_current, database)
        except (Refusal, DBAPIError):
            return JSONResponse({"status": "database tidak terjangkau"}, 503, headers={"Retry-After": "5"})
        if not current:
            return JSONResponse({"status": "basis data perlu migrasi: ./run.sh migrate"}, 503)
        return JSONResponse({"status": "siap"})

    return ready
