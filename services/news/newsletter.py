"""Kabar Kopnews by mail: asked for, confirmed from the mailbox, sent weekly, once a reader, ended by one click."""

import hmac
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import local, now
from core.display import date_long
from core.errors import NotFound
from core.secrets import cipher
from models.news import NewsletterIssue, NewsletterReader
from services.news import reading, texts
from services.news.reading import Card
from services.news.refusals import LinkOver, NoMail, NothingNew, TooManyAsked, WrongAddress
from services.notifications import outbox
from services.notifications.texts import Message, way_out

CONFIRM_WITHIN, EVERY = timedelta(days=7), timedelta(days=7)
MOST_AN_HOUR = 200
LONGEST_ADDRESS = 120


def is_offered() -> bool:
    """Whether mail goes out from here."""
    return outbox.is_open()


def ask(session: Session, email: str) -> None:
    """Somebody gives an address: its mailbox is asked, once a day at most. Who asked learns nothing about it.

    Raises:
        NoMail, WrongAddress, TooManyAsked.
    """
    if not is_offered():
        raise NoMail()
    address = texts.line("Surel", email, LONGEST_ADDRESS).casefold()
    if not outbox.plausible(address):
        raise WrongAddress()
    reader = session.scalars(select(NewsletterReader).where(NewsletterReader.email == address)).first()
    if reader is not None and reader.confirmed_at is not None and reader.ended_at is None:
        return
    fresh = select(func.count()).where(NewsletterReader.asked_at > now() - timedelta(hours=1))
    if (session.scalar(fresh) or 0) >= MOST_AN_HOUR:
        raise TooManyAsked()
    reader = reader or NewsletterReader(email=address)
    reader.asked_at, reader.confirmed_at, reader.ended_at = now(), None, None
    session.add(reader)
    session.flush()
    body = (
        "Ada yang meminta Kabar Kopnews dikirim ke alamat ini. Bila itu Anda, buka tautan di bawah dan tekan "
        "Ya, kirimkan. Bila bukan, abaikan saja surat ini; tidak ada yang akan dikirim."
    )
    message = Message("Konfirmasi langganan Kabar Kopnews", body, path_of(reader))
    key = f"kopnews:confirm:{reader.id}:{local(reader.asked_at):%Y-%m-%d}"
    outbox.queue(session, None, key=key, to_address=address, message=message)


def token_of(reader: NewsletterReader) -> str:
    """What only the mailbox is told; nothing in the database gives it away."""
    return f"{reader.id}-{cipher().index(f'newsletter|{reader.email}', 0)[:40]}"


def path_of(reader: NewsletterReader) -> str:
    return f"/kopnews/kabar/{token_of(reader)}"


def by_token(session: Session, token: str) -> NewsletterReader:
    """The reader whose mailbox holds this token. Raises NotFound."""
    number, _, _ = token.partition("-")
    known = number.isascii() and number.isdigit() and len(number) < 16
    reader = session.get(NewsletterReader, int(number)) if known else None
    if reader is None or not hmac.compare_digest(token_of(reader).encode(), token.encode("utf-8", "replace")):
        raise NotFound(what="Tautan ini")
    return reader


def confirm(session: Session, token: str) -> NewsletterReader:
    """Yes, send it. A second click changes nothing. Raises LinkOver after a week, NotFound."""
    reader = by_token(session, token)
    if reader.confirmed_at is None or reader.ended_at is not None:
        if reader.ended_at is None and reader.asked_at < now() - CONFIRM_WITHIN:
            raise LinkOver()
        reader.confirmed_at, reader.ended_at = now(), None
    return reader


def end(session: Session, token: str) -> NewsletterReader:
    """Send no more. A second click changes nothing. Raises NotFound."""
    reader = by_token(session, token)
    reader.ended_at = reader.ended_at or now()
    return reader


def gets(session: Session, email: str) -> bool:
    """Whether this address gets it."""
    query = select(NewsletterReader.id).where(NewsletterReader.email == email.casefold(), *_gets())
    return session.scalars(query).first() is not None


def start(session: Session, email: str) -> None:
    """Send it to an address whose mailbox has answered us before. Again changes nothing."""
    address = email.strip().casefold()
    reader = session.scalars(select(NewsletterReader).where(NewsletterReader.email == address)).first()
    if reader is None:
        session.add(NewsletterReader(email=address, confirmed_at=now()))
    elif reader.confirmed_at is None or reader.ended_at is not None:
        reader.confirmed_at, reader.ended_at = now(), None


def stop(session: Session, email: str) -> None:
    """Send no more to an address, whoever asked for it. Again changes nothing."""
    held = select(NewsletterReader).where(NewsletterReader.email == email.strip().casefold())
    for reader in session.scalars(held):
        reader.ended_at = reader.ended_at or now()


def readers(session: Session) -> int:
    """How many addresses get it."""
    return session.scalar(select(func.count()).select_from(NewsletterReader).where(*_gets())) or 0


def last(session: Session) -> NewsletterIssue | None:
    """The issue before the next one, locked in a writing session."""
    query = select(NewsletterIssue).order_by(NewsletterIssue.until_at.desc()).limit(1)
    if not session.info.get("read_only"):
        query = query.with_for_update()
    return session.scalars(query).first()


def next_cards(session: Session) -> list[Card]:
    """What the next issue would tell, were it sent now."""
    return reading.since(session, _begins(last(session), now()), now())


def send(session: Session, actor: Actor) -> NewsletterIssue:
    """Send what came out since the last issue, now. Raises NothingNew (a second click, too), NoMail."""
    actor.must("platform.news_publish")
    if not is_offered():
        raise NoMail()
    return _issue(session, now())


def send_due(session: Session) -> NewsletterIssue | None:
    """The day's look: an issue when a week has gone by since the last one and there is something to tell."""
    moment, before = now(), last(session)
    if not is_offered() or (before is not None and before.until_at > moment - EVERY):
        return None
    try:
        return _issue(session, moment)
    except NothingNew:
        return None


def _issue(session: Session, moment: datetime) -> NewsletterIssue:
    from_at = _begins(last(session), moment)
    cards = reading.since(session, from_at, moment)
    if not cards:
        raise NothingNew(why="tidak ada artikel baru sejak edisi terakhir")
    people = list(session.scalars(select(NewsletterReader).where(*_gets()).order_by(NewsletterReader.id)))
    if not people:
        raise NothingNew(why="belum ada pembaca yang berlangganan")
    issue = NewsletterIssue(from_at=from_at, until_at=moment, articles=len(cards), readers=len(people))
    session.add(issue)
    session.flush()  # two at once begin at the same moment: the database lets one through
    for reader in people:
        message = _message(cards, reader, moment)
        key = f"kopnews:{issue.id}:{reader.id}"
        outbox.queue(session, None, key=key, to_address=reader.email, message=message)
    return issue


def _begins(before: NewsletterIssue | None, moment: datetime) -> datetime:
    return before.until_at if before is not None else moment - EVERY


def _message(cards: list[Card], reader: NewsletterReader, moment: datetime) -> Message:
    pieces = [f"{card.title}\n{card.summary}\n{outbox.address(f'/kopnews/{card.slug}')}" for card in reversed(cards)]
    day = date_long(local(moment).date())
    foot = way_out("Kabar Kopnews", outbox.address(path_of(reader)))
    return Message(f"Kabar Kopnews {day}: {cards[-1].title}", "\n\n".join([*pieces, "--", foot]))


def _gets() -> tuple[ColumnElement[bool], ...]:
    return NewsletterReader.confirmed_at.is_not(None), NewsletterReader.ended_at.is_(None)
