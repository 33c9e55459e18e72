"""Mails that want to go out: written with what they tell of, sent after it, tried again, given up in the end."""

import logging
import smtplib
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.clock import now
from models.notifications import OutgoingMail
from models.transaction import Database
from services.notifications import smtp
from services.notifications.texts import Message

MOST_TRIES = 8
TASK = "notifications.mail"
_CLAIM = timedelta(minutes=10)
_AT_ONCE = 50
log = logging.getLogger("ekopz.mail")
_server: smtp.Server | None = None
_public_url = ""


def use(smtp_url: str, public_url: str = "") -> None:
    """Set the process's mail server (once, at start); empty: no mail is queued or sent."""
    global _server, _public_url
    _server, _public_url = (smtp.server_of(smtp_url) if smtp_url else None), public_url


def queue(session: Session, coop_id: int, *, key: str, to_address: str, message: Message) -> OutgoingMail | None:
    """Write a mail into the outbox, once per key; None without a mail server."""
    if _server is None or not _plausible(to_address):
        return None
    if session.scalars(select(OutgoingMail.id).where(OutgoingMail.key == key)).first() is not None:
        return None
    link = f"\n\n{_public_url}{message.url}" if message.url and _public_url else ""
    mail = OutgoingMail(
        coop_id=coop_id, key=key, to_address=to_address.strip(), subject=message.title[:160], body=message.body + link
    )
    session.add(mail)
    session.flush()  # one mail per key: the database settles a race
    return mail


def _plausible(address: str) -> bool:
    plain = address.strip()
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
        waiting = select(OutgoingMail.id).where(OutgoingMail.state == "waiting", OutgoingMail.next_try_at <= now())
        return [(TASK, {})] if session.scalars(waiting.limit(1)).first() is not None else []


def work(database: Database) -> None:
    """Sending as a job of the queue."""
    send_due(database)


def send_due(database: Database, *, at: datetime | None = None) -> tuple[int, int]:
    """Send what waits for this moment, oldest first; how many went out and how many did not. Bears being done twice.

    A mail is claimed before it is handed over, so that of two senders one does; a sender killed in between leaves it
    for later.
    """
    sent = failed = 0
    if _server is None:
        return sent, failed
    moment = at or now()
    for mail_id, coop_id in _waiting(database, moment):
        mail = _claimed(database, mail_id, coop_id, moment)
        if mail is None:
            continue
        problem = _hand_over(mail)
        _mark(database, mail, moment, problem)
        sent, failed = sent + (not problem), failed + bool(problem)
    return sent, failed


def _waiting(database: Database, moment: datetime) -> list[tuple[int, int]]:
    with database.platform("mail: what waits") as session:
        query = select(OutgoingMail.id, OutgoingMail.coop_id).where(
            OutgoingMail.state == "waiting", OutgoingMail.next_try_at <= moment
        )
        rows = session.execute(query.order_by(OutgoingMail.next_try_at, OutgoingMail.id).limit(_AT_ONCE))
        return [(row.id, row.coop_id) for row in rows]


def _claimed(database: Database, mail_id: int, coop_id: int, moment: datetime) -> OutgoingMail | None:
    with database.transaction(coop_id) as session:
        mine = session.execute(
            update(OutgoingMail)
            .where(OutgoingMail.id == mail_id, OutgoingMail.state == "waiting", OutgoingMail.next_try_at <= moment)
            .values(next_try_at=moment + _CLAIM)
            .execution_options(synchronize_session=False)
        )
        return session.get(OutgoingMail, mail_id) if mine.rowcount == 1 else None  # type: ignore[attr-defined]


def _hand_over(mail: OutgoingMail) -> str:
    """Empty when the server took it, else why not."""
    assert _server is not None
    try:
        smtp.send(_server, mail.to_address, mail.subject, mail.body)
    except (OSError, smtplib.SMTPException) as problem:
        log.warning("mail %s of coop %s did not go out: %s", mail.id, mail.coop_id, type(problem).__name__)
        return f"{type(problem).__name__}: {problem}"[:200]
    return ""


def _mark(database: Database, mail: OutgoingMail, moment: datetime, problem: str) -> None:
    tries = mail.tries + 1
    values: dict[str, object] = {"tries": tries, "last_error": problem}
    if not problem:
        values |= {"state": "sent", "sent_at": moment}
    elif tries >= MOST_TRIES:
        values |= {"state": "given_up"}
    else:
        values |= {"next_try_at": moment + pause(tries)}
    with database.transaction(mail.coop_id) as session:
        query = update(OutgoingMail).where(OutgoingMail.id == mail.id, OutgoingMail.state == "waiting")
        session.execute(query.values(**values).execution_options(synchronize_session=False))
