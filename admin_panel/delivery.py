"""How answers travel: text compressed, our static files kept for ever under the address of their content."""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

PACKABLE = ("text/", "application/json", "application/javascript", "image/svg+xml", "application/problem+json")
FOREVER = "public, max-age=31536000, immutable"
SMALLEST = 700


def install(app: Flask) -> None:
    """Compression and caching for every answer of the app."""
    app.after_request(_keep)
    app.after_request(_pack)


def _keep(response: Response) -> Response:
    """Files whose address changes with their content may be kept for ever."""
    if request.path.startswith("/static/") and request.args.get("v") and response.status_code == 200:
        response.headers["Cache-Control"] = FOREVER
    return response


def _pack(response: Response) -> Response:
    """gzip what is text; a file of `static/` is packed once and kept."""
    static = request.path.startswith("/static/")
    if not _may_pack(response, static):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) >= SMALLEST:
        response.set_data(_packed_once(body) if static else gzip.compress(body, 5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.headers.add("Vary", "Accept-Encoding")
    return response


def _may_pack(response: Response, static: bool) -> bool:
    return (
        response.status_code not in (204, 206, 304)
        and (response.content_type or "").startswith(PACKABLE)
        and (static or not response.is_streamed)
        and "Content-Encoding" not in response.headers
        and bool(request.accept_encodings["gzip"])
        and request.method != "HEAD"
    )


@lru_cache(maxsize=64)
def _packed_once(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)
