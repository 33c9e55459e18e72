"""Tickets from the side of those who open them: ask, read the answer, go on, end it, say how it was."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import today
from core.errors import InvalidValue, NotAllowed, NotFound
from models.support import Ticket, TicketMessage
from services.audit import trail
from services.support import talk
from services.support.refusals import TicketOpen
from services.support.talk import Said

KINDS = {"question": "Pertanyaan", "feedback": "Masukan", "complaint": "Keluhan"}
PLACES = {"coop": "Pengurus koperasi", "platform": talk.TEAM}
QUIET = timedelta(days=14)
SCORES = {5: "Sangat puas", 4: "Puas", 3: "Cukup", 2: "Kurang", 1: "Kecewa"}
LONGEST_TITLE, LONGEST_NOTE, LONGEST_PAGE = 120, 300, 200


@dataclass(frozen=True)
class Wish:
    """A ticket somebody opens; `page` is where they were."""

    kind: str
    goes_to: str
    title: str
    said: Said
    page: str = ""


def open_ticket(session: Session, actor: Actor, wish: Wish, folder: Path) -> Ticket:
    """Open a ticket with its first message. The same form again is the same ticket.

    Raises:
        InvalidValue, TooManyMessages, PictureRefused, StorageFull: nothing is kept.
    """
    if actor.coop_id <= 0:
        raise NotAllowed(permission="anggota atau pengurus sebuah koperasi")
    if (held := talk.kept(session, actor, wish.said.token)) is not None:
        return session.get_one(Ticket, held.ticket_id)
    title = _checked(wish)
    year = today().year
    last = session.scalar(select(func.max(Ticket.number)).where(Ticket.year == year)) or 0
    ticket = Ticket(
        coop_id=actor.coop_id, token=wish.said.token, year=year, number=last + 1, kind=wish.kind, goes_to=wish.goes_to,
        title=title, page=own_page(wish.page), opened_by=actor.user_id,
    )  # fmt: skip
    session.add(ticket)
    session.flush()  # one number per year: the database settles a race
    talk.say(session, actor, ticket, wish.said, folder)
    trail.record(session, actor, "support.open", f"ticket:{ticket.id}", kind=wish.kind, goes_to=wish.goes_to)
    return ticket


def _checked(wish: Wish) -> str:
    if wish.kind not in KINDS:
        raise InvalidValue(field="Jenis", reason="pilih salah satu dari daftar.")
    if wish.goes_to not in PLACES:
        raise InvalidValue(field="Kepada", reason="pilih salah satu dari daftar.")
    title = " ".join(wish.title.split())
    if not title:
        raise InvalidValue(field="Judul", reason="tulis pokoknya dalam satu kalimat.")
    if len(title) > LONGEST_TITLE:
        raise InvalidValue(field="Judul", reason=f"paling panjang {LONGEST_TITLE} huruf.")
    return title


def own_page(page: str) -> str:
    """The path of a page of ours that somebody came from; empty for anything else."""
    plain = page.partition("?")[0].strip()
    on_site = plain.startswith("/") and not plain.startswith("//") and plain.isprintable()
    return plain[:LONGEST_PAGE] if on_site else ""


def mine(session: Session, actor: Actor) -> list[Ticket]:
    """What the actor opened, newest change first."""
    query = select(Ticket).where(Ticket.opened_by == actor.user_id).order_by(Ticket.changed_at.desc(), Ticket.id.desc())
    return list(session.scalars(query.limit(100)))


def get(session: Session, actor: Actor, ticket_id: int) -> Ticket:
    """One's own ticket. Raises NotFound for anybody else's."""
    found = session.scalars(select(Ticket).where(Ticket.id == ticket_id, Ticket.opened_by == actor.user_id)).first()
    if found is None:
        raise NotFound(what="Tiket")
    return found


def reply(session: Session, actor: Actor, ticket_id: int, said: Said, folder: Path) -> TicketMessage:
    """Go on with one's own ticket; one that was answered or closed is open again.

    Raises:
        NotFound, InvalidValue, TooManyMessages, PictureRefused, StorageFull: nothing is kept.
    """
    ticket = get(session, actor, ticket_id)
    held = talk.kept(session, actor, said.token)
    return held or talk.say(session, actor, ticket, said, folder)


def close(session: Session, actor: Actor, ticket_id: int) -> Ticket:
    """End one's own ticket. Raises NotFound."""
    ticket = get(session, actor, ticket_id)
    talk.close(session, actor, ticket)
    return ticket


def rate(session: Session, actor: Actor, ticket_id: int, score: int, note: str) -> Ticket:
    """Say how well one's closed ticket was answered, 1 to 5; the last word counts.

    Raises NotFound, TicketOpen, InvalidValue.
    """
    ticket = get(session, actor, ticket_id)
    if ticket.state != "closed":
        raise TicketOpen(label=ticket.label)
    if score not in SCORES:
        raise InvalidValue(field="Nilai", reason="pilih 1 sampai 5.")
    plain = " ".join(note.split())
    if len(plain) > LONGEST_NOTE:
        raise InvalidValue(field="Catatan", reason=f"paling panjang {LONGEST_NOTE} huruf.")
    ticket.score, ticket.score_note = score, plain
    trail.record(session, actor, "support.rate", f"ticket:{ticket.id}", score=score)
    return ticket


def answered(session: Session, actor: Actor) -> int:
    """How many of the actor's tickets have an answer to read."""
    query = select(func.count()).where(Ticket.opened_by == actor.user_id, Ticket.state == "answered")
    return session.scalar(query) or 0


def close_quiet(session: Session, actor: Actor, at: datetime) -> int:
    """Close what was answered two weeks before `at` and heard nothing since; how many."""
    query = select(Ticket).where(Ticket.state == "answered", Ticket.changed_at < at - QUIET).order_by(Ticket.id)
    quiet = list(session.scalars(query))
    for ticket in quiet:
        talk.close(session, actor, ticket)
    return len(quiet)
