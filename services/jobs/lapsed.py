"""Orders that nobody paid in time end within a minute or two, without anybody asking for their goods."""

from sqlalchemy import select

from core.clock import now
from models.coops import Coop
from models.mart.orders import Order, OrderPayment
from models.transaction import Database
from services.access import machine
from services.mart import expiry

TASK = "mart.lapsed"


def due(database: Database) -> list[tuple[str, dict[str, int]]]:
    """A job for each cooperative in which an order has lapsed: what a queue that looks around asks.

    Where the books are read-only they wait: ending one may book.
    """
    claimed = select(OrderPayment.order_id).where(OrderPayment.state == "claimed")
    query = (
        select(Order.coop_id)
        .where(Order.state.in_(("unpaid", "packing")), Order.paid_on.is_(None), Order.expires_at <= now())
        .where(Order.id.not_in(claimed), Order.coop_id.in_(select(Coop.id).where(Coop.read_only_since.is_(None))))
        .distinct()
    )
    with database.platform("orders nobody paid: where") as session:
        return [(TASK, {"coop_id": coop_id}) for coop_id in session.scalars(query.order_by(Order.coop_id))]


def work(database: Database, *, coop_id: int) -> None:
    """End them. Bears being done twice."""
    with database.platform("orders nobody paid: by whom", writes=True) as session:
        actor = machine.actor_in(machine.user_id(session), coop_id)
    with database.transaction(coop_id) as session:
        expiry.expire(session, actor, now())
