"""How answers travel: compressed, cached where that is safe, with the headers that keep a browser strict."""

import gzip
import secrets
from functools import lru_cache

from flask import Flask, Response, g, request

PACKABLE = ("text/", "application/json", "application/javascript", "image/svg+xml", "application/problem+json")
FOREVER = "public, max-age=31536000, immutable"
SMALLEST = 700


def install(app: Flask) -> None:
    """Headers and compression for every answer of the app, and the nonce templates may ask for."""
    app.jinja_env.globals["csp_nonce"] = nonce
    app.after_request(_headers)
    app.after_request(_pack)


def nonce() -> str:
    """One secret per request; only scripts that carry it run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _headers(response: Response) -> Response:
    policy = (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce()}'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'self'"
    )
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.path.startswith("/static/"):
        if request.args.get("v") and response.status_code == 200:
            response.headers["Cache-Control"] = FOREVER
    else:
        response.headers.setdefault("Cache-Control", "no-store")
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
