"""The door of /dasbor: who passes, who is turned away, and who is put out again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from core.clock import now
from dashboards import guard, session
from dashboards.guard import Guard
from models.access import CoopUser, LoginSession, User
from services.access import sign_in
from tests.conftest import World
from tests.dashboards.conftest import signed_in

HOME = "http://koperasi.test"


@dataclass
class Inner:
    """What stands behind the door: it notes who came and answers every message."""

    seen: list[dict[str, str]] = field(default_factory=list)
    ended: list[Message] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen.append({name.decode(): value.decode() for name, value in scope["headers"]})
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"angka"})
            return
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "bytes": message["bytes"]})
        self.ended.append(message)
        await send({"type": "websocket.send", "bytes": b"too late"})


@dataclass
class Door:
    world: World
    inner: Inner = field(default_factory=Inner)

    def __post_init__(self) -> None:
        self.guard = Guard(self.inner, self._token, HOME)

    @staticmethod
    def _token(cookies: Mapping[str, str]) -> str | None:
        return cookies.get("sid")

    def http(self, path: str = "/", method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        sent = asyncio.run(_talk(self.guard, _scope("http", path, headers, method=method), []))
        start = sent[0]
        named = {name.decode(): value.decode() for name, value in start["headers"]}
        return start["status"], named, b"".join(m.get("body", b"") for m in sent[1:])

    def socket(self, *steps: Any, **headers: str) -> list[Message]:
        """`steps` are bytes to send or functions to run in between."""
        given = {"origin": HOME, "host": "koperasi.test", **headers}
        scope = _scope("websocket", "/_stcore/stream", given, subprotocols=["streamlit"])
        return asyncio.run(_talk(self.guard, scope, list(steps)))


def _scope(kind: str, path: str, headers: Mapping[str, str], **more: Any) -> Scope:
    pairs = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items() if value]
    named = {"type": kind, "path": f"/dasbor{path}", "root_path": "/dasbor", "query_string": b"", "headers": pairs}
    return named | more


async def _talk(app: Guard, scope: Scope, steps: list[Any]) -> list[Message]:
    sent: list[Message] = []
    first = {"http": {"type": "http.request"}, "websocket": {"type": "websocket.connect"}}[scope["type"]]
    waiting: list[Message | Callable[[], object]] = [first]
    waiting += [{"type": "websocket.receive", "bytes": step} if isinstance(step, bytes) else step for step in steps]

    async def receive() -> Message:
        while waiting:
            step = waiting.pop(0)
            if isinstance(step, dict):
                return step
            step()
        await asyncio.sleep(0.3 if scope["type"] == "websocket" else 0)
        return {"type": "websocket.disconnect", "code": 1001}

    async def send(message: Message) -> None:
        sent.append(message)

    done: Awaitable[None] = app(scope, receive, send)
    await asyncio.wait_for(done, 10)
    return sent


@pytest.fixture
def door(world: World, monkeypatch: pytest.MonkeyPatch) -> Door:
    session.open_to(world.database, 30)
    monkeypatch.setattr(guard, "LOOK_AGAIN", 0.0)
    monkeypatch.setattr(guard, "LOOK_WHEN_IDLE", 0.05)
    return Door(world)


def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back(door: Door) -> None:
    status, headers, body = door.http("/pengurus")
    assert (status, headers["location"]) == (302, "/masuk?next=/dasbor/pengurus")
    assert headers["Cache-Control".lower()] == "no-store"
    assert body == b""
    assert door.inner.seen == []


def test_who_is_signed_in_passes_and_is_named(door: Door) -> None:
    who, token = signed_in(door.world, door.world.ketua)
    assert door.http("/", cookie=f"sid={token}")[0] == 200
    seen = door.inner.seen[0]
    assert (seen["x-ekopz-user"], seen["x-ekopz-session"]) == (str(who.user_id), str(who.session_id))
    assert seen["x-ekopz-proof"] == session.as_user(who)["proof"]


def test_headers_a_browser_made_up_are_dropped(door: Door) -> None:
    who, token = signed_in(door.world, door.world.petugas)
    forged = {name.replace("-", "_"): "1" for name in session.HEADERS}
    assert door.http("/", **forged)[0] == 302
    door.http("/", cookie=f"sid={token}", x_ekopz_more="1", **forged)
    seen = {name: value for name, value in door.inner.seen[-1].items() if name.startswith("x-ekopz")}
    assert seen == {name: session.as_user(who)[key] for name, key in session.HEADERS.items()}


@pytest.mark.parametrize("cookie", ["", "sid=", "sid=abc", "other=1"])
def test_a_cookie_that_is_nobodys_is_nobody(door: Door, cookie: str) -> None:
    assert door.http("/", cookie=cookie)[0] == 302


@pytest.mark.parametrize("what", ["revoked", "expired", "idle", "deactivated"])
def test_a_session_that_counts_no_more_is_turned_away(door: Door, what: str) -> None:
    world = door.world
    who, token = signed_in(world, world.ketua)
    with world.database.platform("test", writes=True) as writing:
        row = writing.get_one(LoginSession, who.session_id)
        long_ago = now() - timedelta(minutes=31)
        if what == "deactivated":
            writing.get_one(User, who.user_id).is_active = False
        else:
            setattr(row, {"revoked": "revoked_at", "expired": "expires_at", "idle": "seen_at"}[what], long_ago)
    assert door.http("/", cookie=f"sid={token}")[0] == 302
    assert door.socket(b"hello", cookie=f"sid={token}")[-1] == {"type": "websocket.close", "code": 4401}
    assert door.inner.seen == []


@pytest.mark.parametrize("path", ["/_stcore/agent/interact", "/_stcore/agent/openapi.json", "/_stcore/metrics"])
def test_what_programs_would_use_is_closed_even_to_those_signed_in(door: Door, path: str) -> None:
    _, token = signed_in(door.world, door.world.ketua)
    assert door.http(path, cookie=f"sid={token}")[0] == 404
    assert door.http(path)[0] == 404


def test_dashboards_take_nothing_in(door: Door) -> None:
    _, token = signed_in(door.world, door.world.ketua)
    for method in ("POST", "PUT", "DELETE"):
        assert door.http("/media/x", method=method, cookie=f"sid={token}")[0] == 405


def test_health_is_for_everybody(door: Door) -> None:
    assert door.http("/_stcore/health")[0] == 200


def test_every_answer_carries_the_safety_headers(door: Door) -> None:
    for cookie in ("", f"sid={signed_in(door.world, door.world.ketua)[1]}"):
        _, headers, _ = door.http("/", cookie=cookie)
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "unsafe-eval" not in headers["content-security-policy"].replace("wasm-unsafe-eval", "")


def test_a_socket_without_sign_in_is_closed_with_the_code_that_leads_to_it(door: Door) -> None:
    assert door.socket(b"hello") == [
        {"type": "websocket.accept", "subprotocol": "streamlit"},
        {"type": "websocket.close", "code": 4401},
    ]
    assert door.inner.seen == []


@pytest.mark.parametrize("origin", ["http://jahat.test", "null", "", "http://koperasi.test.jahat.test"])
def test_a_socket_of_a_foreign_page_is_refused(door: Door, origin: str) -> None:
    _, token = signed_in(door.world, door.world.ketua)
    sent = door.socket(b"hello", cookie=f"sid={token}", origin=origin)
    assert sent == [{"type": "websocket.close", "code": 4403}]
    assert door.inner.seen == []


def test_a_socket_of_our_own_page_behind_a_proxy_is_let_in(door: Door) -> None:
    _, token = signed_in(door.world, door.world.ketua)
    sent = door.socket(b"hello", cookie=f"sid={token}", host="127.0.0.1:8080")
    assert {"type": "websocket.send", "bytes": b"hello"} in sent


def test_signing_out_closes_the_socket_at_the_next_message(door: Door) -> None:
    world = door.world
    who, token = signed_in(world, world.ketua)
    sent = door.socket(b"one", lambda: sign_in.end(world.database, who.session_id), b"two", cookie=f"sid={token}")
    assert [m.get("bytes") for m in sent if m["type"] == "websocket.send"] == [b"one"]
    assert sent[-1] == {"type": "websocket.close", "code": 4401}
    assert door.inner.ended == [{"type": "websocket.disconnect", "code": 4401}]


def test_signing_out_closes_a_socket_nobody_touches(door: Door) -> None:
    world = door.world
    who, token = signed_in(world, world.ketua)
    sent = door.socket(b"one", lambda: sign_in.end(world.database, who.session_id), cookie=f"sid={token}")
    assert sent[-1] == {"type": "websocket.close", "code": 4401}


def test_moving_to_another_cooperative_closes_what_was_open_in_the_first(door: Door) -> None:
    world = door.world
    with world.database.platform("test", writes=True) as writing:
        writing.add(CoopUser(coop_id=world.other.id, user_id=world.ketua.user_id))
    who, token = signed_in(world, world.ketua)
    sent = door.socket(
        b"one", lambda: sign_in.choose_coop(world.database, who, world.other.id), b"two", cookie=f"sid={token}"
    )
    assert sent[-1] == {"type": "websocket.close", "code": 4401}


def test_a_signed_in_socket_stays_open(door: Door) -> None:
    _, token = signed_in(door.world, door.world.ketua)
    sent = door.socket(b"one", b"two", cookie=f"sid={token}")
    assert [m.get("bytes") for m in sent if m["type"] == "websocket.send"] == [b"one", b"two", b"too late"]
    assert door.inner.ended == [{"type": "websocket.disconnect", "code": 1001}]


def test_an_open_page_nobody_touches_does_not_keep_the_session_awake(door: Door) -> None:
    world = door.world
    who, token = signed_in(world, world.ketua)
    seen_at = now() - timedelta(minutes=20)
    with world.database.platform("test", writes=True) as writing:
        writing.get_one(LoginSession, who.session_id).seen_at = seen_at
    assert sign_in.still_signed_in(world.database, who.session_id, 30) == who
    with world.database.platform("test") as reading:
        assert reading.get_one(LoginSession, who.session_id).seen_at == seen_at
    assert sign_in.resolve(world.database, token, 30) == who
    with world.database.platform("test") as reading:
        assert reading.get_one(LoginSession, who.session_id).seen_at > seen_at
