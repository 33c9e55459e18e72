"""What a browser was sent away with and must bring back: kept in its session, for one answer and a few minutes."""

import time
from typing import Any

from flask import request, session

from services.access.passkeys import Place, place_of
from web.request import settings

WITHIN_S = 600
GOOGLE, LINKING, NEW_PERSON, PASSKEY = "google", "google_hubungkan", "google_baru", "kunci"


def remember(name: str, /, *, within_s: int = WITHIN_S, **kept: Any) -> None:
    session[name] = {**kept, "until": int(time.time()) + within_s}


def remembered(name: str) -> dict[str, Any] | None:
    """What was kept, if it is not too late; it stays."""
    kept: dict[str, Any] | None = session.get(name)
    return kept if kept is not None and kept["until"] > time.time() else None


def recall(name: str) -> dict[str, Any] | None:
    """What was kept, if it is not too late; it is gone afterwards."""
    kept = remembered(name)
    session.pop(name, None)
    return kept


def passkey_place() -> Place | None:
    """The site that passkeys are for, when the browser is there now; None where none can be used."""
    place = place_of(settings().public_url)
    return place if place is not None and request.host_url.rstrip("/") == place.origin else None


def coming_back() -> str:
    """Where Google sends people back to; it must be told this very address."""
    return f"{settings().public_url}/masuk/google/kembali"
