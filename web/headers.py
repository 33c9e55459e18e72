"""Security headers on every answer, and no caching of what belongs to a person."""

import secrets

from flask import Flask, Response, g

from core.pictures import MEDIA_TYPE


def init(app: Flask, *, secure: bool) -> None:
    """Set the headers; `csp_nonce()` is there for templates' own scripts."""
    app.jinja_env.globals["csp_nonce"] = nonce

    @app.after_request
    def _add(response: Response) -> Response:
        header = response.headers
        header.setdefault("X-Content-Type-Options", "nosniff")
        header.setdefault("Referrer-Policy", "same-origin")
        header.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        header.setdefault("X-Frame-Options", "SAMEORIGIN")
        header.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        header.setdefault("Content-Security-Policy", policy())
        if secure:
            header.setdefault("Strict-Transport-Security", "max-age=31536000")
        if g.get("signed_in") is not None:
            header.setdefault("Cache-Control", "no-store")
        return response


def nonce() -> str:
    """This request's nonce for inline scripts."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return g.csp_nonce


def policy() -> str:
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce()}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    )


def picture(body: bytes, name: str) -> Response:
    """A picture that somebody handed in: looked at here, kept nowhere, running nothing."""
    headers = {
        "Content-Disposition": f'inline; filename="{name}.jpg"', "Cache-Control": "no-store",
        "Content-Security-Policy": "sandbox",
    }  # fmt: skip
    return Response(body, mimetype=MEDIA_TYPE, headers=headers)


def shop_photo(body: bytes, *, is_public: bool) -> Response:
    """A photo of goods: kept for ever by anybody once it is public (another photo has another name), else by nobody."""
    keep = "public, max-age=31536000, immutable" if is_public else "no-store"
    return Response(body, mimetype="image/webp", headers={"Cache-Control": keep, "Content-Disposition": "inline"})
