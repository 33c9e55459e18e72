"""Who hears of what happens to an order: its buyer, and the people who keep the shop. Called for every act."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.mart.orders import Order
from models.mart.stores import StoreManager
from services.mart import points
from services.notifications import texts
from services.notifications.commands import notify
from services.notifications.texts import Message

AGAIN = ("ask_return", "decline", "take_back", "refund", "complain", "refuse_proof", "late_money", "claim")
"""Acts that an order may see more than once: each is told of."""
BOUGHT = ("hand_over", "complete")


@dataclass(frozen=True)
class Act:
    """One step on an order's timeline: `event_id` is its row there, `by` who did it, `note` what they said."""

    name: str
    event_id: int
    by: int
    note: str = ""

    def key(self, order: Order) -> str:
        again = f":{self.event_id}" if self.name in AGAIN else ""
        return f"order:{order.id}:{self.name}{again}"


def tell(session: Session, order: Order, act: Act) -> None:
    """Tell the buyer and the keepers what concerns them of an act, once; nobody what they did themselves."""
    message = _for_buyer(session, order, act)
    own = order.buyer_id is not None and order.buyer_id == act.by and act.name not in BOUGHT
    if message is not None and not own and (order.member_id or order.buyer_id):
        whom = {"user_id": order.buyer_id, "member_id": order.member_id}
        notify(session, order.coop_id, act.key(order), message, topic="belanja", **whom)
    message = _for_keeper(order, act)
    if message is not None and order.channel == "online":
        for user_id in _keepers(session, order):
            if user_id != act.by:
                key = f"{act.key(order)}:{user_id}"
                notify(session, order.coop_id, key, message, topic="belanja", user_id=user_id)


def _keepers(session: Session, order: Order) -> Iterator[int]:
    query = select(StoreManager.user_id).where(StoreManager.store_id == order.store_id)
    yield from session.scalars(query.order_by(StoreManager.user_id)).all()


def _for_buyer(session: Session, order: Order, act: Act) -> Message | None:
    url = texts.order_url(str(order.public_id))
    if act.name in BOUGHT:
        earned = points.earned_by(session, order, order.done_on)[0] if order.done_on else 0
        if order.channel == "till" and not earned:
            return None
        return texts.order_done(order.label, order.store.name, earned, url)
    parcel = " ".join(part for part in (order.courier, order.waybill) if part)
    return texts.order(act.name, order.label, order.store.name, act.note, url, parcel)


def _for_keeper(order: Order, act: Act) -> Message | None:
    name = act.name
    if name == "place" and order.pay_by == "cash":
        name = "pay"
    return texts.order_for_keeper(name, order.label, order.buyer_name, order.total_rp, act.note, order.id)
