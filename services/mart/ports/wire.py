"""One question over HTTP to a service we do not run: bounded in time and size, and no error but `Silence`."""

import json
import logging
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

CONNECT_S, READ_S, WHOLE_S = 3.0, 8.0, 12.0
MOST_BYTES = 1_000_000
log = logging.getLogger("ekopz.services")
logging.getLogger("httpx").setLevel(logging.WARNING)  # it would write whole addresses, phone digits of a parcel too


class Silence(Exception):
    """The service gave no answer we can read. It may have done what was asked."""


@dataclass(frozen=True)
class Answer:
    """What came back. `body` is the JSON of it, None when it is none."""

    status: int
    body: Any
    retry_after_s: int | None = None


class Wire:
    """Questions to one service, over one pool of connections; to be shared by threads."""

    def __init__(self, url: str, *, headers: Mapping[str, str], read_s: float = READ_S) -> None:
        self._url, self._whole_s = url.rstrip("/"), min(WHOLE_S, CONNECT_S + read_s)
        self._host = httpx.URL(url).host
        timeout = httpx.Timeout(read_s, connect=CONNECT_S, pool=CONNECT_S)
        limits = httpx.Limits(max_connections=10, max_keepalive_connections=2, keepalive_expiry=20)
        shown = {"Accept": "application/json", "User-Agent": "eKopz", **headers}
        self._client = httpx.Client(
            timeout=timeout, limits=limits, headers=shown, follow_redirects=False, verify=_trust()
        )  # fmt: skip

    def __repr__(self) -> str:
        return f"Wire({self._host})"

    def ask(self, method: str, path: str, **what: Any) -> Answer:
        """Ask once (`params`, `data` for a form, `json`). Nothing is ever asked twice on its own.

        Raises:
            Silence: not reached, too late, too long, or cut short.
        """
        ends = time.monotonic() + self._whole_s
        try:
            with self._client.stream(method, self._url + path, **what) as response:
                text = _read(response, ends)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError) as problem:
            raise self._silence(type(problem).__name__) from None
        if text is None:
            raise self._silence("too slow or too long")
        return Answer(response.status_code, parsed(text), _seconds(response.headers.get("retry-after")))

    def _silence(self, why: str) -> Silence:
        log.warning("%s: %s", self._host, why)
        return Silence(why)


@cache
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context()  # reading the authorities' certificates is slow, and they are the same for all


def _read(response: httpx.Response, ends: float) -> bytes | None:
    """The body, or None when it grows past all measure or drips (each piece in time, the whole never)."""
    pieces, size = [], 0
    for piece in response.iter_bytes():
        size += len(piece)
        if size > MOST_BYTES or time.monotonic() > ends:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def parsed(text: bytes) -> Any:
    """The JSON in `text`, or None: not JSON, not UTF-8, or nested so deep that only malice explains it."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _seconds(value: str | None) -> int | None:
    if value is None or not (value.isascii() and value.isdigit()):
        return None
    return min(int(value[:9]), 24 * 3600)


def words(message: object) -> str:
    """A service's own message, made fit for our log: one line, not long."""
    return " ".join(str(message).split())[:200]
