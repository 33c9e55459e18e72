"""Mails that want to go out: written with what they tell of, sent after it, tried again, given up in the end."""

import logging
import secrets
import smtplib
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, event, select, update
from sqlalchemy.orm import Session

from core.clock import now
from models.coops import Coop
from models.notifications import OutgoingMail, PlatformMail
from models.transaction import Database, TenantSession
from services.notifications import smtp
from services.notifications.texts import Message, way_out_of

MOST_TRIES = 8
TASK = "notifications.mail"
_CLAIM = timedelta(minutes=10)
_AT_ONCE = 50
_WROTE = "ekopz.mail"
_SECRET = ":rahasia"  # noqa: S105  the end of a key, not a secret
FORGOTTEN = "(Surat ini memuat tautan rahasia, jadi isinya tidak disimpan.)"
AnyMail = OutgoingMail | PlatformMail
Kind = type[OutgoingMail] | type[PlatformMail]
KINDS: tuple[Kind, ...] = (PlatformMail, OutgoingMail)
"""In the order they go out: first what somebody waits for at a sign-in."""
log = logging.getLogger("ekopz.mail")
_server: smtp.Server | None = None
_public_url = ""
_wake: Callable[[], None] = lambda: None  # noqa: E731  until somebody says who sends


def use(smtp_url: str, public_url: str = "") -> None:
    """Set the process's mail server (once, at start); empty: no mail is queued or sent."""
    global _server, _public_url
    _server, _public_url = (smtp.server_of(smtp_url) if smtp_url else None), public_url


def wake_with(wake: Callable[[], None]) -> None:
    """Whom to tell that a mail was written, once its transaction is committed; else it waits until somebody looks."""
    global _wake
    _wake = wake


def is_open() -> bool:
    """Whether mail goes out from here at all."""
    return _server is not None


def address(path: str) -> str:
    """Where a page of ours is found from a mail; empty where nobody said under which address people reach us."""
    return f"{_public_url}{path}" if path and _public_url else ""


def queue(
    session: Session, coop_id: int | None, *, key: str, to_address: str, message: Message, foot: str = ""
) -> AnyMail | None:
    """Write a mail of a cooperative, or (None) of the platform, once per key; None without a server or in practice.

    `foot` stands under the message.
    """
    if _server is None or not plausible(to_address) or _practises(session, coop_id):
        return None
    kind: Kind = PlatformMail if coop_id is None else OutgoingMail
    if session.scalars(select(kind.id).where(kind.key == key)).first() is not None:
        return None
    body = "\n\n".join(part for part in (message.body, address(message.url), foot) if part)
    mail = kind(key=key, to_address=to_address.strip(), subject=message.title[:160], body=body)
    if isinstance(mail, OutgoingMail) and coop_id is not None:
        mail.coop_id = coop_id
    session.add(mail)
    session.flush()  # one mail per key: the database settles a race
    session.info[_WROTE] = True
    return mail


@event.listens_for(TenantSession, "after_commit")
def _committed(session: Session) -> None:
    if session.info.pop(_WROTE, False):
        _wake()


def secret_key(what: str) -> str:
    """A key of a mail that opens an account: its words are forgotten once it is out of the house."""
    return f"{what}:{secrets.token_hex(6)}{_SECRET}"


def _practises(session: Session, coop_id: int | None) -> bool:
    """Whether it is a cooperative to practise in: nothing of it leaves the house."""
    query = select(Coop.practice_of_id).where(Coop.id == coop_id)
    return coop_id is not None and session.scalar(query) is not None


def plausible(to_address: str) -> bool:
    """Whether this can be an address for mail; whether somebody reads there shows when it is sent."""
    plain = to_address.strip()
    name, at, host = plain.rpartition("@")
    return bool(name and at and host) and plain.isascii() and not set(plain) & set('\r\n \t<>,;"')


def pause(tries: int) -> timedelta:
    """How long to wait after so many failures: 1, 2, 4 … minutes, at most six hours."""
    return timedelta(minutes=min(2 ** max(0, tries - 1), 360))


def due(database: Database) -> list[tuple[str, dict[str, str]]]:
    """The job of sending, while something waits for it: what a queue that looks around asks."""
    if _server is None:
        return []
    with database.platform("mail: is there any") as session:
        waiting = (select(kind.id).where(*_due(kind, now())).limit(1) for kind in KINDS)
        return [(TASK, {})] if any(session.scalars(query).first() is not None for query in waiting) else []


def work(database: Database) -> None:
    """Sending as a job of the queue; what is left after a share of it is the next job, behind those that wait."""
    sent, _ = send_due(database)
    if sent and due(database):
        _wake()


def send_due(database: Database, *, at: datetime | None = None) -> tuple[int, int]:
    """Send what waits for this moment, oldest first; how many went out and how many did not. Bears being done twice.

    A mail is claimed before it is handed over, so that of two senders one does; a sender killed in between leaves it
    for later. While the server cannot be reached all wait, and none is given up for it.
    """
    sent = failed = 0
    if _server is None:
        return sent, failed
    moment = at or now()
    for kind, mail_id, coop_id in _waiting(database, moment):
        mail = _claimed(database, kind, mail_id, coop_id, moment)
        if mail is None:
            continue
        try:
            problem = _hand_over(mail)
        except smtp.Unreachable as down:
            _mark(database, mail, coop_id, moment, str(down)[:200], mail.tries)
            return sent, failed + 1
        _mark(database, mail, coop_id, moment, problem, mail.tries + 1)
        sent, failed = sent + (not problem), failed + bool(problem)
    return sent, failed


def _due(kind: Kind, moment: datetime) -> tuple[ColumnElement[bool], ...]:
    return kind.state == "waiting", kind.next_try_at <= moment


def _waiting(database: Database, moment: datetime) -> list[tuple[Kind, int, int | None]]:
    found: list[tuple[Kind, int, int | None]] = []
    with database.platform("mail: what waits") as session:
        for kind in KINDS:
            query = select(kind).where(*_due(kind, moment)).order_by(kind.next_try_at, kind.id).limit(_AT_ONCE)
            mails = cast("Iterable[AnyMail]", session.scalars(query))
            found += [(kind, mail.id, getattr(mail, "coop_id", None)) for mail in mails]
    return found


def _writing(database: Database, coop_id: int | None) -> AbstractContextManager[TenantSession]:
    return database.platform("mail", writes=True) if coop_id is None else database.transaction(coop_id)


def _claimed(database: Database, kind: Kind, mail_id: int, coop_id: int | None, moment: datetime) -> AnyMail | None:
    with _writing(database, coop_id) as session:
        mine = session.execute(
            update(kind)
            .where(kind.id == mail_id, *_due(kind, moment))
            .values(next_try_at=moment + _CLAIM)
            .execution_options(synchronize_session=False)
        )
        taken = session.get(kind, mail_id) if mine.rowcount == 1 else None  # type: ignore[attr-defined]
        return cast("AnyMail | None", taken)


def _hand_over(mail: AnyMail) -> str:
    """Empty when the server took it, else why not. Raises smtp.Unreachable."""
    assert _server is not None
    try:
        smtp.send(_server, mail.to_address, mail.subject, mail.body, way_out=_way_out(mail))
    except smtp.Unreachable as problem:
        log.warning("the mail server cannot be reached: %s", problem)
        raise
    except (OSError, smtplib.SMTPException) as problem:
        log.warning("mail %s did not go out: %s", mail.key, type(problem).__name__)
        return f"{type(problem).__name__}: {problem}"[:200]
    return ""


def _way_out(mail: AnyMail) -> str:
    """Where the letter itself says that mails of its kind end, when that is a page of ours."""
    found = way_out_of(mail.body)
    return found if _public_url and found.startswith(f"{_public_url}/") else ""


def _mark(database: Database, mail: AnyMail, coop_id: int | None, moment: datetime, problem: str, tries: int) -> None:
    kind = type(mail)
    values: dict[str, object] = {"tries": tries, "last_error": problem}
    if not problem:
        values |= {"state": "sent", "sent_at": moment}
    elif tries >= MOST_TRIES:
        values |= {"state": "given_up"}
    else:
        values |= {"next_try_at": moment + pause(tries)}
    if "state" in values and mail.key.endswith(_SECRET):
        values |= {"body": FORGOTTEN}
    with _writing(database, coop_id) as session:
        query = update(kind).where(kind.id == mail.id, kind.state == "waiting")
        session.execute(query.values(**values).execution_options(synchronize_session=False))
