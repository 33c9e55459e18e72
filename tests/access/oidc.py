"""A provider of sign-in as Google is one, on this machine: it speaks the protocol, checks PKCE, and lies on demand."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.mart.servers import Asked, Peer, Told, serving

CLIENT_ID, CLIENT_SECRET = "ekopz-tes.apps.example", "rahasia-klien-tes"
KEY = RSAKey.generate_key(2048, {"kid": "satu", "use": "sig", "alg": "RS256"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "satu", "use": "sig", "alg": "RS256"})
NEXT_KEY = RSAKey.generate_key(2048, {"kid": "dua", "use": "sig", "alg": "RS256"})


@dataclass
class Provider:
    """What it knows of people, what it was asked, and how it misbehaves.

    `claims` replaces claims of the next tokens (None takes one away), `token` the whole answer, `key` the signing key.
    """

    peer: Peer
    person: dict[str, Any] = field(default_factory=lambda: dict(SITI))
    claims: dict[str, Any] = field(default_factory=dict)
    token: Callable[[dict[str, Any]], Any] = lambda answer: answer
    key: RSAKey = field(default_factory=lambda: KEY)
    shown: RSAKey = field(default_factory=lambda: KEY)
    header: dict[str, str] = field(default_factory=lambda: {"alg": "RS256", "kid": "satu"})
    grants: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def discovery_url(self) -> str:
        return f"{self.peer.url}/.well-known/openid-configuration"

    def agree(self, address: str) -> str:
        """The person says yes at the provider: where their browser is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.grants[code] = asked
        return asked["redirect_uri"] + "?" + urlencode({"state": asked["state"], "code": code})

    def answer(self, asked: Asked) -> Told:
        url = self.peer.url
        if asked.path == "/.well-known/openid-configuration":
            return Told(200, {
                "issuer": url, "authorization_endpoint": f"{url}/authorize", "token_endpoint": f"{url}/token",
                "jwks_uri": f"{url}/keys", "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            })  # fmt: skip
        if asked.path == "/keys":
            return Told(200, {"keys": [self.shown.as_dict(private=False)]})
        if asked.path == "/token":
            return self._token(asked)
        return Told(404, {"error": "not_found"})

    def _token(self, asked: Asked) -> Told:
        wanted = "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        grant = self.grants.pop(asked.form.get("code", ""), None)
        if asked.headers.get("authorization") != wanted:
            return Told(401, {"error": "invalid_client"})
        proof = hashlib.sha256(asked.form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
        if grant is None or challenge != grant["code_challenge"] or asked.form["redirect_uri"] != grant["redirect_uri"]:
            return Told(400, {"error": "invalid_grant"})
        return Told(200, self.token({
            "access_token": "a", "token_type": "Bearer", "expires_in": 3600, "id_token": self.signed(grant["nonce"]),
        }))  # fmt: skip

    def signed(self, nonce: str) -> str:
        now = int(time.time())
        good = {
            "iss": self.peer.url, "aud": CLIENT_ID, "azp": CLIENT_ID, "iat": now, "exp": now + 600, "nonce": nonce,
            **self.person,
        }  # fmt: skip
        claims = {name: value for name, value in (good | self.claims).items() if value is not None}
        return jwt.encode(self.header, claims, self.key, algorithms=["RS256", "HS256"])


SITI = {"sub": "10769150350006150715113082367", "email": "Siti.Aminah@contoh.id", "email_verified": True,
        "name": "Siti Aminah"}  # fmt: skip


def _claimed(answer: dict[str, Any], algorithm: str) -> str:
    _, body, _ = answer["id_token"].split(".")
    return f"{_text(json.dumps({'alg': algorithm, 'kid': 'satu'}).encode())}.{body}"


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned(answer: dict[str, Any]) -> dict[str, Any]:
    """The token with `alg: none` and no signature."""
    return answer | {"id_token": f"{_claimed(answer, 'none')}."}


def keyed(answer: dict[str, Any]) -> dict[str, Any]:
    """The token signed with the public key, which anybody has, as if it were a shared secret."""
    claimed = _claimed(answer, "HS256")
    return answer | {
        "id_token": f"{claimed}.{_text(hmac.digest(KEY.as_pem(private=False), claimed.encode(), 'sha256'))}"
    }


@contextmanager
def provider() -> Iterator[Provider]:
    peer = Peer(lambda asked: made.answer(asked))
    made = Provider(peer)
    with serving(peer):
        yield made
