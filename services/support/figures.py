"""How a desk of answers does: what waits, how long the first answer takes, what people say of it."""

import statistics
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import now
from models.support import Ticket, TicketMessage

SINCE = timedelta(days=365)
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Figures:
    """`hours` is the median to the first answer, `score` the mean of `scored` ratings; both of the last year."""

    waiting: int
    hours: Decimal | None
    score: Decimal | None
    scored: int


def figures_of(session: Session, goes_to: str) -> Figures:
    """Of the tickets that went to one place, as far as the session sees."""
    to_us, since = Ticket.goes_to == goes_to, now() - SINCE
    waiting = session.scalar(select(func.count()).where(to_us, Ticket.state == "open")) or 0
    first = (
        select(Ticket.created_at, func.min(TicketMessage.created_at))
        .join(TicketMessage, TicketMessage.ticket_id == Ticket.id)
        .where(to_us, Ticket.created_at > since, TicketMessage.is_answer)
        .group_by(Ticket.id, Ticket.created_at)
    )
    took = [int((answered - asked).total_seconds()) for asked, answered in session.execute(first)]
    hours = Decimal(statistics.median_low(took)) / 3600 if took else None
    rated = select(Ticket.score).where(to_us, Ticket.created_at > since, Ticket.score.is_not(None))
    scores = [score for score in session.scalars(rated) if score is not None]
    mean = Decimal(sum(scores)) / len(scores) if scores else None
    return Figures(
        waiting,
        None if hours is None else hours.quantize(_TENTH),
        None if mean is None else mean.quantize(_TENTH),
        len(scores),
    )
