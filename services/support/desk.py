"""Tickets from the side of a cooperative's pengurus: what members wrote to them, answered."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.actor import Actor
from core.errors import NotFound
from models.access import CoopUser
from models.members import Member
from models.support import Ticket, TicketMessage
from services.support import talk
from services.support.figures import Figures, figures_of
from services.support.talk import Said

MAY = "support.answer"


def listed(session: Session, actor: Actor, state: str = "") -> list[Ticket]:
    """What was written to the pengurus, what waits longest first; of one state when it is named."""
    actor.must(MAY)
    query = select(Ticket).where(Ticket.goes_to == "coop").options(joinedload(Ticket.opener)).limit(200)
    if state == "open":
        return list(session.scalars(query.where(Ticket.state == state).order_by(Ticket.changed_at, Ticket.id)))
    query = query.where(Ticket.state == state) if state in talk.STATES else query
    return list(session.scalars(query.order_by(Ticket.changed_at.desc(), Ticket.id.desc())))


def get(session: Session, actor: Actor, ticket_id: int) -> Ticket:
    """A ticket to the pengurus. Raises NotFound."""
    actor.must(MAY)
    found = session.scalars(select(Ticket).where(Ticket.id == ticket_id, Ticket.goes_to == "coop")).first()
    if found is None:
        raise NotFound(what="Tiket")
    return found


def answer(session: Session, actor: Actor, ticket_id: int, said: Said, folder: Path, *, after: int) -> TicketMessage:
    """Answer a member. Raises as `talk.answer`."""
    return talk.answer(session, actor, get(session, actor, ticket_id), said, folder, after=after)


def close(session: Session, actor: Actor, ticket_id: int) -> None:
    """End a ticket. Raises NotFound."""
    talk.close(session, actor, get(session, actor, ticket_id))


def figures(session: Session, actor: Actor) -> Figures:
    """How this desk does."""
    actor.must(MAY)
    return figures_of(session, "coop")


def opener(session: Session, actor: Actor, ticket: Ticket) -> Member | None:
    """The member who opened a ticket, when they are one."""
    actor.must(MAY)
    query = select(Member).join(CoopUser, CoopUser.member_id == Member.id)
    return session.scalars(query.where(CoopUser.user_id == ticket.opened_by)).first()
