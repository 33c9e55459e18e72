"""A ticket's conversation: messages kept once, pictures drawn anew, read by those on both sides."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core import pictures
from core.actor import Actor
from core.clock import now
from core.display import number
from core.errors import InvalidValue, NotFound
from models.access import CoopUser
from models.support import Ticket, TicketMessage
from services.audit import trail
from services.notifications import texts
from services.notifications.commands import notify
from services.support.refusals import AnsweredMeanwhile, TicketClosed, TooManyMessages

LONGEST = 5000
WINDOW, MOST = timedelta(hours=24), 30
STATES = {"open": "menunggu jawaban", "answered": "dijawab", "closed": "selesai"}
TEAM, GONE = "Tim eKopz", "Anggota terhapus"


@dataclass(frozen=True)
class Said:
    """What somebody writes. `token` makes the form's second click the same message; `picture` may be empty."""

    body: str
    token: str
    picture: bytes = b""


def kept(session: Session, actor: Actor, token: str) -> TicketMessage | None:
    """The actor's message that this form has sent already."""
    if not 1 <= len(token) <= 60:
        raise InvalidValue(field="Formulir", reason="muat ulang halaman, lalu isi lagi.")
    query = select(TicketMessage).where(TicketMessage.token == token, TicketMessage.user_id == actor.user_id)
    return session.scalars(query).first()


def checked(session: Session, actor: Actor, said: Said) -> str:
    """The words as they are kept. Raises InvalidValue, TooManyMessages."""
    body = said.body.replace("\r\n", "\n").strip()
    if not body:
        raise InvalidValue(field="Pesan", reason="tulis dulu pesannya.")
    if len(body) > LONGEST:
        raise InvalidValue(field="Pesan", reason=f"paling panjang {number(LONGEST)} huruf. Ringkaskan dulu.")
    written = select(func.count()).where(TicketMessage.user_id == actor.user_id, ~TicketMessage.is_answer)
    if (session.scalar(written.where(TicketMessage.created_at > now() - WINDOW)) or 0) >= MOST:
        raise TooManyMessages(most=MOST)
    return body


def say(
    session: Session, actor: Actor, ticket: Ticket, said: Said, folder: Path, *, is_answer: bool = False
) -> TicketMessage:
    """Add a message. Raises InvalidValue, TooManyMessages, PictureRefused, StorageFull."""
    body = checked(session, actor, said)
    drawn = pictures.redrawn(said.picture) if said.picture else b""
    message = TicketMessage(
        coop_id=ticket.coop_id, token=said.token, ticket_id=ticket.id, user_id=actor.user_id, is_answer=is_answer,
        body=body, stored_as=pictures.new_name() if drawn else None,
    )  # fmt: skip
    session.add(message)
    ticket.state, ticket.changed_at = ("answered" if is_answer else "open"), now()
    session.flush()  # one message per form: the database settles a race before the picture is kept
    if message.stored_as:
        pictures.keep(_place(folder, ticket.coop_id) / message.stored_as, drawn)
    return message


def answer(session: Session, actor: Actor, ticket: Ticket, said: Said, folder: Path, *, after: int) -> TicketMessage:
    """Answer for those a ticket went to; `after` is the newest message the answerer had read.

    Raises TicketClosed, AnsweredMeanwhile; as `say`.
    """
    if (held := kept(session, actor, said.token)) is not None:
        return held
    if ticket.state == "closed":
        raise TicketClosed(label=ticket.label)
    others = select(TicketMessage).where(TicketMessage.ticket_id == ticket.id, TicketMessage.is_answer)
    newer = session.scalars(others.where(TicketMessage.id > after).order_by(TicketMessage.id.desc())).first()
    if newer is not None:
        raise AnsweredMeanwhile(name=newer.user.full_name)
    message = say(session, actor, ticket, said, folder, is_answer=True)
    trail.record(session, actor, "support.answer", f"ticket:{ticket.id}")
    by = TEAM if ticket.goes_to == "platform" else actor.name
    _tell(session, ticket, message, by)
    return message


def _tell(session: Session, ticket: Ticket, message: TicketMessage, by: str) -> None:
    member_id, url = _opener(session, ticket)
    told = texts.ticket_answered(ticket.label, ticket.title, message.body, by, url)
    whom = {"user_id": ticket.opened_by, "member_id": member_id}
    notify(session, ticket.coop_id, f"ticket:{ticket.id}:{message.id}", told, topic="bantuan", **whom)


def _opener(session: Session, ticket: Ticket) -> tuple[int | None, str]:
    """Which member opened a ticket, and where they read of it: in MyKoperasi, or in Kopmin when they are none."""
    place = select(CoopUser.member_id).where(CoopUser.user_id == ticket.opened_by)
    member_id = session.scalars(place).first()
    return member_id, f"/{'kopmin' if member_id is None else 'mykoperasi'}/bantuan/{ticket.id}"


def close(session: Session, actor: Actor, ticket: Ticket) -> None:
    """End it; again changes nothing."""
    if ticket.state == "closed":
        return
    ticket.state, ticket.changed_at = "closed", now()
    trail.record(session, actor, "support.close", f"ticket:{ticket.id}")
    if actor.user_id != ticket.opened_by:
        member_id, url = _opener(session, ticket)
        told = texts.ticket_closed(ticket.label, ticket.title, url)
        key = f"ticket:{ticket.id}:closed:{ticket.changed_at:%Y%m%dT%H%M%S%f}"
        whom = {"user_id": ticket.opened_by, "member_id": member_id}
        notify(session, ticket.coop_id, key, told, topic="bantuan", **whom)


def messages(session: Session, ticket: Ticket) -> list[TicketMessage]:
    """The conversation, oldest first, with who wrote it; nothing of one whose opener's data were erased."""
    if ticket.title == GONE:
        return []
    query = select(TicketMessage).where(TicketMessage.ticket_id == ticket.id).order_by(TicketMessage.id)
    return list(session.scalars(query.options(joinedload(TicketMessage.user))))


def picture(session: Session, ticket: Ticket, message_id: int, folder: Path) -> bytes:
    """A picture of the conversation. Raises NotFound, also when the file is gone."""
    query = select(TicketMessage.stored_as).where(TicketMessage.id == message_id, TicketMessage.ticket_id == ticket.id)
    stored_as = session.scalars(query).first()
    if not stored_as:
        raise NotFound(what="Gambar")
    body = pictures.kept(_place(folder, ticket.coop_id), stored_as)
    if body is None:
        raise NotFound(what="Gambar")
    return body


def _place(folder: Path, coop_id: int) -> Path:
    return folder / "uploads" / "tickets" / str(coop_id)
