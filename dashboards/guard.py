"""The door of /dasbor: people signed in pass, and only as long as they stay so."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboards import session
from services.access import sign_in
from services.access.sign_in import SignedIn

OURS = b"x-ekopz-"
SIGN_IN_AGAIN = 4401
LOOK_AGAIN = 1.0  # seconds between two looks while messages come in
LOOK_WHEN_IDLE = 15.0  # seconds between two looks at a socket nobody uses
OPEN_TO_ALL = ("/_stcore/health",)
CLOSED_TO_ALL = ("/_stcore/agent", "/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/upload_file")
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
SAFETY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
}
TokenIn = Callable[[Mapping[str, str]], str | None]
"""The session's token in a request's cookies, when they carry one that we signed."""


class Guard:
    """ASGI in front of the dashboards. `origin` is the public address a browser's page may come from."""

    def __init__(self, inner: ASGIApp, token_in: TokenIn, origin: str, *, secure: bool = False) -> None:
        self.inner, self.token_in, self.origin = inner, token_in, origin
        self.safety = SAFETY | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["headers"] = [pair for pair in scope["headers"] if not pair[0].lower().startswith(OURS)]
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._page(scope, receive, self._safely(send))

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if path.startswith(CLOSED_TO_ALL):
            await PlainTextResponse("Tidak ada.", 404)(scope, receive, send)
        elif scope["method"] not in {"GET", "HEAD"}:
            await PlainTextResponse("Dasbor hanya untuk melihat.", 405)(scope, receive, send)
        elif path in OPEN_TO_ALL:
            await self.inner(scope, receive, send)
        elif who := await self._who(scope):
            scope["headers"] += session.headers_of(who)
            await self.inner(scope, receive, send)
        else:
            await RedirectResponse(_sign_in_url(scope), 302)(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._is_ours(Headers(scope=scope)):
            await receive()
            await send({"type": "websocket.close", "code": 4403})  # before it is accepted: answered with 403
            return
        who = await self._who(scope)
        if who is None:
            await receive()
            # accepted first, so that the page learns the code and leads to the sign-in
            await send({"type": "websocket.accept", "subprotocol": next(iter(scope.get("subprotocols", ())), None)})
            await send({"type": "websocket.close", "code": SIGN_IN_AGAIN})
            return
        scope["headers"] += session.headers_of(who)
        watched = _Watched(lambda used: self._is_still(scope, who, used), receive, send)
        await self.inner(scope, watched.receive, watched.send)

    def _is_ours(self, headers: Headers) -> bool:
        """Browsers always say where a socket's page comes from; who does not say it is no browser of ours."""
        origin = urlsplit(headers.get("origin", ""))
        return bool(origin.netloc) and origin.netloc in {headers.get("host"), urlsplit(self.origin).netloc}

    async def _who(self, scope: Scope) -> SignedIn | None:
        token = self.token_in(HTTPConnection(scope).cookies)
        if token is None:
            return None
        return await run_in_threadpool(sign_in.resolve, session.database(), token, session.idle_minutes())

    async def _is_still(self, scope: Scope, who: SignedIn, used: bool) -> bool:
        """The same person in the same cooperative; being used keeps the session from running idle."""
        if used:
            return await self._who(scope) == who
        now = await run_in_threadpool(
            sign_in.still_signed_in, session.database(), who.session_id, session.idle_minutes()
        )
        return now == who

    def _safely(self, send: Send) -> Send:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.safety.items():
                    headers[name] = value
            await send(message)

        return with_headers


class _Watched:
    """A socket that closes when its person is no longer signed in, whether or not they touch it."""

    def __init__(self, is_still: Callable[[bool], Awaitable[bool]], receive: Receive, send: Send) -> None:
        self._is_still, self._receive, self._send = is_still, receive, send
        self._looked_at = time.monotonic()
        self._closed = False

    async def receive(self) -> Message:
        incoming = asyncio.ensure_future(self._receive())
        try:
            while not (await asyncio.wait({incoming}, timeout=LOOK_WHEN_IDLE))[0]:
                if not await self._is_still(False):
                    return await self._close()
            message = incoming.result()
        finally:
            incoming.cancel()
        if message["type"] == "websocket.receive" and time.monotonic() - self._looked_at >= LOOK_AGAIN:
            self._looked_at = time.monotonic()
            if not await self._is_still(True):
                return await self._close()
        return message

    async def send(self, message: Message) -> None:
        if not self._closed:
            await self._send(message)

    async def _close(self) -> Message:
        self._closed = True
        with suppress(RuntimeError):  # the browser was faster
            await self._send({"type": "websocket.close", "code": SIGN_IN_AGAIN})
        return {"type": "websocket.disconnect", "code": SIGN_IN_AGAIN}


def _sign_in_url(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return f"/masuk?next={quote(scope['path'] + (f'?{query}' if query else ''), safe='/')}"
