"""Sign-in with Google: OpenID Connect's code flow with PKCE. Nobody is believed before every claim was checked."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.oauth2.client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from core.errors import Refusal
from core.settings import Settings

CONNECT_S, READ_S, WHOLE_S = 3.0, 6.0, 10.0
MOST_BYTES, KEPT_S, CLOCKS_DIFFER_S = 200_000, 3600, 60
SCOPE, ALGORITHMS = "openid email profile", ["RS256"]
log = logging.getLogger("ekopz.google")


class GoogleSilent(Refusal):
    code = "access.google_silent"
    pesan = "Google sedang tidak dapat dihubungi. Coba lagi sebentar, atau masuk dengan kata sandi."
    status = 503


class GoogleRefused(Refusal):
    code = "access.google_refused"
    pesan = "Jawaban dari Google tidak cocok atau sudah terpakai, jadi Anda belum masuk. Mulai lagi dari tombol Google."
    status = 401


class EmailUnproven(Refusal):
    code = "access.google_email"
    pesan = "Alamat email di akun Google itu belum dipastikan Google. Pastikan dulu di Google, atau pakai kata sandi."
    status = 401


@dataclass(frozen=True)
class Asked:
    """What we sent somebody to Google with, kept in their own session until they come back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Person:
    """Who somebody is at Google: `subject` never changes, the rest may."""

    subject: str
    email: str
    name: str


class _Bounded(httpx.HTTPTransport):
    """Answers are read whole here, within a size and a time, or not at all."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        ends = time.monotonic() + WHOLE_S
        response = super().handle_request(request)
        body = b""
        try:
            for piece in response.iter_raw():
                body += piece
                if len(body) > MOST_BYTES or time.monotonic() > ends:
                    raise httpx.ReadError("too slow or too long", request=request)
        finally:
            response.close()
        return httpx.Response(response.status_code, headers={"Content-Type": "application/json"}, content=body)


class Google:
    """The provider that the settings name; to be shared by threads."""

    def __init__(self, client_id: str, client_secret: str, discovery_url: str) -> None:
        self._id, self._secret, self._discovery_url = client_id, client_secret, discovery_url
        headers = {"User-Agent": "eKopz", "Accept-Encoding": "identity"}
        timeout = httpx.Timeout(READ_S, connect=CONNECT_S, pool=CONNECT_S)
        self._http = httpx.Client(transport=_Bounded(), timeout=timeout, headers=headers, follow_redirects=False)
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    def begin(self, back_to: str) -> tuple[str, Asked]:
        """Where to send the browser, and what to remember meanwhile. Raises GoogleSilent."""
        asked = Asked(generate_token(32), generate_token(32), generate_token(64))
        with _plainly():
            address, _ = self._client(back_to).create_authorization_url(
                self._place("authorization_endpoint"), state=asked.state, nonce=asked.nonce,
                code_verifier=asked.verifier, prompt="select_account",
            )  # fmt: skip
        return str(address), asked

    def finish(self, asked: Asked, back_to: str, *, state: str, code: str, issuer: str | None) -> Person:
        """Who came back. Raises GoogleRefused, GoogleSilent, EmailUnproven."""
        with _plainly():
            if not code or state != asked.state or issuer not in (None, self._place("issuer")):
                raise GoogleRefused()
            token = self._client(back_to).fetch_token(
                self._place("token_endpoint"), grant_type="authorization_code", code=code,
                code_verifier=asked.verifier, auth=(self._id, self._secret),
            )  # fmt: skip
            claims = self._claims(token, asked.nonce)
        return _person(claims)

    def _client(self, back_to: str) -> OAuth2Client:
        return OAuth2Client(
            self._http, client_id=self._id, client_secret=self._secret, scope=SCOPE, redirect_uri=back_to,
            code_challenge_method="S256",
        )  # fmt: skip

    def _claims(self, token: dict[str, Any], nonce: str) -> CodeIDToken:
        """What the signed token says, once signature, issuer, audience, nonce and time hold."""
        text = str(token["id_token"])
        try:
            signed = jwt.decode(text, self._keys(), algorithms=ALGORITHMS)
        except InvalidKeyIdError:  # Google changes its keys now and then
            signed = jwt.decode(text, self._keys(fresh=True), algorithms=ALGORITHMS)
        issuer = self._place("issuer")
        wanted = {
            "iss": {"essential": True, "values": [issuer, issuer.removeprefix("https://")]},
            "aud": {"essential": True, "value": self._id},
            "nonce": {"essential": True, "value": nonce},
        }
        more = {"nonce": nonce, "client_id": self._id, "access_token": token.get("access_token")}
        claims = CodeIDToken(signed.claims, signed.header, wanted, more)
        claims.validate(leeway=CLOCKS_DIFFER_S)
        return claims

    def _keys(self, *, fresh: bool = False) -> KeySet:
        return KeySet.import_key_set(self._read(self._place("jwks_uri"), fresh=fresh))  # type: ignore[arg-type]

    def _place(self, name: str) -> str:
        return str(self._read(self._discovery_url)[name])

    def _read(self, address: str, *, fresh: bool = False) -> dict[str, Any]:
        """A document of the provider, asked for once an hour."""
        at, document = self._kept.get(address, (0.0, {}))
        if fresh or not document or time.monotonic() - at > KEPT_S:
            answer = self._http.get(address)
            document = answer.raise_for_status().json()
            if not isinstance(document, dict):
                raise ValueError("not a document")
            self._kept[address] = (time.monotonic(), document)
        return document


@contextmanager
def _plainly() -> Iterator[None]:
    """Whatever goes wrong with the provider's answers is one of our refusals; the log says more."""
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        log.warning("no answer: %s", type(problem).__name__)
        raise GoogleSilent() from None
    except (AuthlibBaseError, JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
        log.warning("unusable answer: %s", type(problem).__name__)
        raise GoogleRefused() from None


def _person(claims: dict[str, Any]) -> Person:
    subject, email, name = (claims.get(part) for part in ("sub", "email", "name"))
    if not isinstance(subject, str) or not 1 <= len(subject) <= 255 or not subject.isprintable():
        raise GoogleRefused()
    if claims.get("email_verified") is not True or not isinstance(email, str) or len(email) > 120 or "@" not in email:
        raise EmailUnproven()
    shown = "".join(letter for letter in name if letter.isprintable()) if isinstance(name, str) else ""
    return Person(subject, email.strip().casefold(), shown.strip()[:120] or email.split("@")[0])


_google: Google | None = None


def use(settings: Settings) -> None:
    """Connect the process to Google, if the settings have its keys (once, at start)."""
    global _google
    keys = settings.google_client_id, settings.google_client_secret
    _google = Google(*keys, settings.google_discovery_url) if all(keys) else None


def provider() -> Google | None:
    """Google; None when this installation has no keys of it."""
    return _google
