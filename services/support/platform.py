"""Tickets that people of cooperatives sent to eKopz: read across all, answered within each. Only what was sent here."""

from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.actor import Actor
from core.errors import NotFound
from models.coops import Coop
from models.support import Ticket, TicketMessage
from models.transaction import Database
from services.support import talk
from services.support.figures import Figures, figures_of
from services.support.talk import Said

MAY = "platform.support"


@dataclass(frozen=True)
class Row:
    """A ticket with the cooperative it came from."""

    ticket: Ticket
    coop: Coop


@dataclass(frozen=True)
class Thread(Row):
    """A ticket with its conversation."""

    messages: list[TicketMessage]


def listed(database: Database, actor: Actor, state: str = "") -> list[Row]:
    """Tickets to eKopz of all cooperatives: what waits longest first, the rest newest first."""
    actor.must(MAY)
    query = select(Ticket, Coop).join(Coop, Coop.id == Ticket.coop_id).where(Ticket.goes_to == "platform")
    query = query.where(Ticket.state == state) if state in talk.STATES else query
    newest = (Ticket.changed_at, Ticket.id) if state == "open" else (Ticket.changed_at.desc(), Ticket.id.desc())
    with database.platform("tickets to eKopz") as session:
        rows = session.execute(query.options(joinedload(Ticket.opener)).order_by(*newest).limit(200))
        return [Row(ticket, coop) for ticket, coop in rows]


def get(database: Database, actor: Actor, ticket_id: int) -> Thread:
    """One ticket with its conversation. Raises NotFound for what was not sent to eKopz."""
    row = _row(database, actor, ticket_id)
    with database.reading(row.coop.id) as session:
        return Thread(row.ticket, row.coop, talk.messages(session, row.ticket))


def _row(database: Database, actor: Actor, ticket_id: int) -> Row:
    actor.must(MAY)
    query = select(Ticket, Coop).join(Coop, Coop.id == Ticket.coop_id)
    query = query.where(Ticket.id == ticket_id, Ticket.goes_to == "platform").options(joinedload(Ticket.opener))
    with database.platform("a ticket to eKopz") as session:
        found = session.execute(query).first()
    if found is None:
        raise NotFound(what="Tiket")
    return Row(*found)


def answer(database: Database, actor: Actor, ticket_id: int, said: Said, folder: Path, *, after: int) -> None:
    """Answer in the name of eKopz. Raises NotFound; as `talk.answer`."""
    coop_id = _row(database, actor, ticket_id).coop.id
    with database.transaction(coop_id) as session:
        talk.answer(session, replace(actor, coop_id=coop_id), _here(session, ticket_id), said, folder, after=after)


def close(database: Database, actor: Actor, ticket_id: int) -> None:
    """End a ticket. Raises NotFound."""
    coop_id = _row(database, actor, ticket_id).coop.id
    with database.transaction(coop_id) as session:
        talk.close(session, replace(actor, coop_id=coop_id), _here(session, ticket_id))


def _here(session: Session, ticket_id: int) -> Ticket:
    return session.get_one(Ticket, ticket_id)


def picture(database: Database, actor: Actor, ticket_id: int, message_id: int, folder: Path) -> bytes:
    """A picture somebody sent along. Raises NotFound."""
    row = _row(database, actor, ticket_id)
    with database.reading(row.coop.id) as session:
        return talk.picture(session, row.ticket, message_id, folder)


def figures(database: Database, actor: Actor) -> Figures:
    """How eKopz answers, over all cooperatives."""
    actor.must(MAY)
    with database.platform("figures of tickets to eKopz") as session:
        return figures_of(session, "platform")
