"""Passkeys (WebAuthn): a key in somebody's device signs them in, and stands for both factors."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import delete, func, or_, select, update
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from core.clock import now
from core.errors import NotFound, Refusal
from models.access import Passkey, User
from models.transaction import Database
from services.access import attempts, sign_in
from services.access.identities import LastWayIn, has_other_way

MOST, WITHIN_S = 10, 300
NAME = "eKopz"
_VERIFIED = UserVerificationRequirement.REQUIRED


class PasskeyRefused(Refusal):
    code = "access.passkey_refused"
    pesan = "Kunci masuk itu tidak dikenali, atau waktunya habis. Coba lagi, atau masuk dengan kata sandi."
    status = 401


class TooManyPasskeys(Refusal):
    code = "access.too_many_passkeys"
    pesan = "Sudah ada {most} kunci masuk. Hapus yang tidak dipakai lagi, lalu tambah yang baru."


@dataclass(frozen=True)
class Place:
    """For which site a passkey is: its name, and the one address that may ask for it."""

    name: str
    origin: str


@dataclass(frozen=True)
class Row:
    """A passkey as its owner's account page shows it."""

    passkey_id: int
    label: str
    created_at: datetime
    last_used_at: datetime | None


def place_of(public_url: str) -> Place | None:
    """The site at this address; None where browsers keep no passkeys: a bare number, or no https (but at home)."""
    parts = urlsplit(public_url)
    host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    try:
        if not ipaddress.ip_address(host).is_loopback:
            return None
        host = "localhost"
    except ValueError:
        pass
    safe = parts.scheme == "https" or host == "localhost"
    return Place(host, f"{parts.scheme}://{host}{port}") if safe else None


def mine(database: Database, user_id: int) -> list[Row]:
    with database.platform("own ways in") as session:
        query = select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)
        return [Row(key.id, key.label, key.created_at, key.last_used_at) for key in session.scalars(query)]


def offer(database: Database, place: Place, user_id: int) -> tuple[str, str]:
    """What the browser needs to make a key, and the challenge in it. Raises TooManyPasskeys."""
    with database.platform("own ways in") as session:
        user = session.get_one(User, user_id)
        held = list(session.scalars(select(Passkey.credential_id).where(Passkey.user_id == user_id)))
    if len(held) >= MOST:
        raise TooManyPasskeys(most=MOST)
    options = webauthn.generate_registration_options(
        rp_id=place.name, rp_name=NAME, user_name=user.username, user_display_name=user.full_name,
        user_id=str(user_id).encode(), exclude_credentials=[PublicKeyCredentialDescriptor(id=key) for key in held],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
    )  # fmt: skip
    return options_to_json(options), bytes_to_base64url(options.challenge)


def add(
    database: Database, place: Place, user_id: int, answer: dict[str, Any], challenge: str, *, label: str, ip: str
) -> None:
    """Keep the key that the browser made for this challenge. Raises PasskeyRefused."""
    attempt_id = attempts.first_time(database, challenge, ip)
    if attempt_id is None:
        raise PasskeyRefused()
    try:
        made = webauthn.verify_registration_response(
            credential=answer, expected_challenge=base64url_to_bytes(challenge), expected_rp_id=place.name,
            expected_origin=place.origin, require_user_verification=True,
        )  # fmt: skip
    except _UNREADABLE:
        raise PasskeyRefused() from None
    with database.platform("a new passkey", writes=True) as session:
        attempts.succeeded(session, attempt_id)
        known = select(Passkey.id).where(Passkey.credential_id == made.credential_id)
        if session.scalars(known).first() is not None:
            raise PasskeyRefused()
        if (session.scalar(select(func.count()).where(Passkey.user_id == user_id)) or 0) >= MOST:
            raise TooManyPasskeys(most=MOST)
        kept = {"credential_id": made.credential_id, "public_key": made.credential_public_key}
        name = label.strip()[:60] or "Kunci masuk"
        session.add(Passkey(user_id=user_id, sign_count=made.sign_count, label=name, **kept))


def ask(place: Place) -> tuple[str, str]:
    """What the browser needs to sign somebody in, and the challenge in it."""
    options = webauthn.generate_authentication_options(rp_id=place.name, user_verification=_VERIFIED)
    return options_to_json(options), bytes_to_base64url(options.challenge)


def whose(database: Database, place: Place, answer: dict[str, Any], challenge: str, *, ip: str) -> User:
    """The active user whose passkey answered this challenge, once. Raises PasskeyRefused, TooManyAttempts."""
    attempt_id = attempts.first_time(database, challenge, ip)
    if attempt_id is None:
        raise PasskeyRefused()
    try:
        credential_id = base64url_to_bytes(str(answer["id"])[:1400])
    except _UNREADABLE:
        raise PasskeyRefused() from None
    with database.platform("sign-in by passkey", writes=True) as session:
        found = select(Passkey, User).join(User, User.id == Passkey.user_id)
        row = session.execute(found.where(Passkey.credential_id == credential_id, User.is_active)).first()
        if row is None:
            raise PasskeyRefused()
        key, user = row
        count = _checked(place, answer, challenge, key, user)
        # two at once with the same count: one is a copy
        newer = or_(Passkey.sign_count < count, (Passkey.sign_count == 0) & (count == 0))
        used = update(Passkey).where(Passkey.id == key.id, newer).values(sign_count=count, last_used_at=now())
        if session.execute(used.execution_options(synchronize_session=False)).rowcount != 1:  # type: ignore[attr-defined]
            raise PasskeyRefused()
        attempts.succeeded(session, attempt_id)
    return user


def _checked(place: Place, answer: dict[str, Any], challenge: str, key: Passkey, user: User) -> int:
    """The key's new count, once its signature holds. A count that went back is a copied key."""
    try:
        told = (answer.get("response") or {}).get("userHandle")
        if told and base64url_to_bytes(str(told)) != str(user.id).encode():
            raise PasskeyRefused()
        done = webauthn.verify_authentication_response(
            credential=answer, expected_challenge=base64url_to_bytes(challenge), expected_rp_id=place.name,
            expected_origin=place.origin, credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count, require_user_verification=True,
        )  # fmt: skip
    except _UNREADABLE:
        raise PasskeyRefused() from None
    return done.new_sign_count


def remove(database: Database, user_id: int, passkey_id: int, password: str, *, ip: str) -> None:
    """Take one of one's own keys away. Raises NotFound, LastWayIn, and as `sign_in.confirm`."""
    with database.platform("own ways in") as session:
        key = session.get(Passkey, passkey_id)
        if key is None or key.user_id != user_id:
            raise NotFound(what="Kunci masuk")
        held = session.scalar(select(func.count()).where(Passkey.user_id == user_id)) or 0
        if held == 1 and not has_other_way(session, user_id, but=Passkey):
            raise LastWayIn()
    sign_in.confirm(database, user_id, password, ip)
    with database.platform("own ways in", writes=True) as session:
        session.execute(delete(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user_id))


_UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, RecursionError)
