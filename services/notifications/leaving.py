"""The way out of a kind of mail by one click, without signing in: an address that only the letter tells (RFC 8058)."""

import hmac
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.errors import NotFound
from core.secrets import cipher
from models.access import User
from services.notifications import choices, outbox, texts
from services.notifications.topics import TOPICS

DIGEST = "ringkasan"
KINDS = {DIGEST: "ringkasan harian", "pengumuman": "pengumuman koperasi lewat surel"}
"""What is sent to many at once; a letter about somebody's own money or account has no such way out."""
PAGE = "/surat/berhenti/"


@dataclass(frozen=True)
class Leaving:
    """Which mails an account no longer wants."""

    kind: str
    user_id: int

    @property
    def what(self) -> str:
        return KINDS[self.kind]


def line(kind: str, user_id: int) -> str:
    """The line of a letter that tells the way out; empty for a kind without one, or where our address is unknown."""
    return texts.way_out(KINDS[kind], outbox.address(f"{PAGE}{_token(kind, user_id)}")) if kind in KINDS else ""


def read(token: str) -> Leaving:
    """What a token stands for. Raises NotFound for any that we did not make."""
    kind, _, rest = token.partition("-")
    number = rest.partition("-")[0]
    known = kind in KINDS and number.isascii() and number.isdigit() and len(number) < 16
    if not known or not hmac.compare_digest(_token(kind, int(number)).encode(), token.encode("utf-8", "replace")):
        raise NotFound(what="Tautan ini")
    return Leaving(kind, int(number))


def leave(session: Session, token: str) -> Leaving:
    """No such mails any more; in the app everything is told as before. A second click changes nothing."""
    found = read(token)
    if session.get(User, found.user_id) is not None:
        chosen = choices.of(session, found.user_id)
        ends = [name for name in TOPICS if name == found.kind or (found.kind == DIGEST and chosen[name] == "daily")]
        choices.choose(session, found.user_id, dict.fromkeys(ends, "never"))
    return found


def _token(kind: str, user_id: int) -> str:
    return f"{kind}-{user_id}-{cipher().index(f'leaving|{kind}|{user_id}', 0)[:40]}"
