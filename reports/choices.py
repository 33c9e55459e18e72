"""What a screen may offer before a report is asked for: the days the books hold, the units, and how fresh they are."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import today
from models.coops import Coop, Unit
from models.ledger import JournalEntry
from models.savings import SavingsAccount, SavingsMovement
from reports.scope import Who, coop_of
from services.mart import stores


@dataclass(frozen=True)
class Choices:
    """`first_on` and `last_on` are None in empty books. `head` is the number of the last entry: it grows with each."""

    today: date
    first_on: date | None
    last_on: date | None
    head: int
    units: tuple[tuple[int, str], ...]


def choices(session: Session, who: Who) -> Choices:
    """Days, units and state of the books. Raises NotAllowed."""
    coop_id = coop_of(who)
    coop = session.get_one(Coop, coop_id)
    span = select(func.min(JournalEntry.booked_on), func.max(JournalEntry.booked_on), func.max(JournalEntry.seq))
    first_on, last_on, head = session.execute(span.where(JournalEntry.coop_id == coop_id)).one()
    units = session.execute(select(Unit.id, Unit.name).where(Unit.coop_id == coop_id).order_by(Unit.code))
    start = coop.books_start_on or first_on
    return Choices(today(coop.zone), start, last_on, head or 0, tuple((row.id, row.name) for row in units))


def own_choices(session: Session, who: Actor, zone: str) -> Choices:
    """The days of a member's own savings; of the books they learn nothing. Raises NotAllowed."""
    who.must("own.view")
    account, movement = SavingsAccount, SavingsMovement
    query = (
        select(func.min(movement.booked_on), func.max(movement.booked_on))
        .join(account, and_(account.coop_id == movement.coop_id, account.id == movement.account_id))
        .where(account.coop_id == who.coop_id, account.member_id == who.member_id)
    )
    first_on, last_on = session.execute(query).one()
    return Choices(today(zone), first_on, last_on, 0, ())


def shop_choices(session: Session, who: Actor) -> tuple[tuple[int, str], ...]:
    """Shops the asker sees, by name: the unit and the shop's name. Raises NotAllowed."""
    return tuple((store.unit_id, store.name) for store in stores.mine(session, who))
