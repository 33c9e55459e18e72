"""The dashboards as a part of a larger ASGI app: its routes, and what lives as long as the server does."""

import gc
import logging
import secrets
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send
from streamlit.runtime import Runtime

from core.errors import Refusal
from core.settings import Settings
from dashboards import options, session
from dashboards.assets import Assets
from dashboards.guard import Guard, TokenIn
from dashboards.pages import PATHS
from models.transaction import Database

SCRIPT = Path(__file__).parent / "app.py"
log = logging.getLogger("ekopz.dashboards")


@dataclass(frozen=True)
class Mounted:
    """`routes` go before the app at `/`; `lifespan` around the server's life."""

    routes: list[BaseRoute]
    lifespan: Callable[[Starlette], AbstractAsyncContextManager[None]]


def mount(settings: Settings, database: Database, token_in: TokenIn) -> Mounted:
    """Dashboards at /dasbor over `database`. `token_in` reads our session cookie."""
    options.settle(settings)
    session.open_to(database, settings.session_idle_minutes)
    assets = Assets(settings.data / "cache")
    boards = _Boards()
    behind_the_guard = Starlette(
        routes=[
            Route("/mark.svg", assets.icon),
            Route("/", assets.page),
            *(Route(f"/{path}", assets.page) for path in PATHS),
            Route("/{unknown}", _to_the_front),
            Mount("/", app=boards),
        ]
    )
    guard = Guard(behind_the_guard, token_in, settings.public_url, secure=settings.secure_cookies)
    routes: list[BaseRoute] = [
        Route("/dasbor/static/{path:path}", assets.static),
        Route("/dasbor", _with_slash),
        Mount("/dasbor", app=guard),
    ]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        threading.Thread(target=assets.squeeze_first, daemon=True).start()
        warm_up()
        async with boards.running(app):
            yield

    return Mounted(routes, lifespan)


class _Boards:
    """The one Streamlit app of a process, made when the server starts and forgotten when it ends."""

    def __init__(self) -> None:
        self._app: st.App | None = None

    @asynccontextmanager
    async def running(self, app: Starlette) -> AsyncIterator[None]:
        self._app = st.App(SCRIPT, on_script_error=explain)
        lifespan = self._app.lifespan()
        runtime = Runtime.instance()
        try:
            async with lifespan(app):
                yield
            await runtime.stopped
        finally:
            Runtime._instance = None  # it counts the stopped one as running
            self._app = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            raise AssertionError("the server serves before its lifespan began")
        await self._app(scope, receive, send)


def warm_up() -> None:
    """Load what the first visitor would wait for, and keep the collector from walking over it after every run."""
    import pandas  # noqa: F401  Streamlit asks for it with the first chart
    import plotly.graph_objects as go

    go.Figure(go.Bar(x=["Jan"], y=[1])).to_json()
    gc.collect()
    gc.freeze()


def explain(error: Exception) -> bool:
    """What went wrong, as one plain sentence; the trace stays in the log."""
    if isinstance(error, Refusal):
        st.warning(error.sentence)
        return True
    mark = secrets.token_hex(4)
    log.error("mistake %s on a dashboard", mark, exc_info=error)
    st.error(f"Ada kesalahan di pihak kami dan sudah tercatat (kode {mark}). Muat ulang halaman, lalu coba lagi.")
    return True


async def _to_the_front(_: Request) -> Response:
    return RedirectResponse("/dasbor/", 302)


async def _with_slash(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/dasbor/{query}", 308 if request.method != "GET" else 302)
