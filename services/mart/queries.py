"""What the desk reads of orders: how many wait for what, one order's story, money that has no home yet."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from core.actor import Actor
from core.money import Rupiah
from models.access import User
from models.mart.campaigns import Voucher
from models.mart.orders import Order, OrderEvent, OrderLine, OrderPayment, OrderReturn, StoreCredit
from models.mart.products import Product, ProductVariant
from models.members import Member
from services.mart import points, refunds, states, stores
from services.mart.refusals import NothingToPack

MOST_PRINTED = 200
_LABEL = re.compile(r"(?:T/)?(?:(\d{4})/)?0*(\d{1,9})", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Step:
    """One line of an order's timeline."""

    label: str
    note: str
    at: datetime
    who: str


@dataclass(frozen=True)
class Waiting:
    """How much work lies in the actor's shops. `proofs` and `late` are the treasurer's, the rest the keeper's."""

    packing: int
    returns: int
    low: int
    proofs: int
    late: int


@dataclass(frozen=True)
class Debt:
    """One kasbon that is not paid yet, with the order it came from."""

    credit: StoreCredit
    member: Member

    @property
    def left_rp(self) -> Rupiah:
        return self.credit.amount_rp - self.credit.paid_rp


def sought(text: str) -> ColumnElement[bool]:
    """Orders whose buyer, phone or number fits what somebody typed: `Siti`, `0812`, `T/2026/00012`, `12`."""
    found = [Order.buyer_name.icontains(text, autoescape=True), Order.buyer_phone.icontains(text, autoescape=True)]
    if number := _LABEL.fullmatch(text.strip()):
        same = Order.number == int(number[2])
        found.append(and_(same, Order.year == int(number[1])) if number[1] else same)
    return or_(*found)


def counts(session: Session, actor: Actor, store_id: int | None = None) -> Mapping[str, int]:
    """How many orders of the actor's shops (or of one of them) stand in each state."""
    query = select(Order.state, func.count()).where(_mine(session, actor)).group_by(Order.state)
    if store_id is not None:
        query = query.where(Order.store_id == store_id)
    found = {state: int(count) for state, count in session.execute(query)}
    return {state: found.get(state, 0) for state in states.STATES}


def store_ids(session: Session, actor: Actor) -> list[int]:
    """The shops whose orders the actor sees."""
    return [store.id for store in stores.mine(session, actor)]


def _mine(session: Session, actor: Actor) -> ColumnElement[bool]:
    return Order.store_id.in_(store_ids(session, actor))


def pieces(session: Session, order_ids: Collection[int]) -> Mapping[int, int]:
    """How many pieces each order holds."""
    query = select(OrderLine.order_id, func.sum(OrderLine.quantity)).where(OrderLine.order_id.in_(order_ids))
    return {order_id: int(count) for order_id, count in session.execute(query.group_by(OrderLine.order_id))}


def to_pack(session: Session, actor: Actor, store_id: int | None = None) -> list[Order]:
    """Orders that wait to be packed, oldest first, at most as many as a print takes. Raises NothingToPack."""
    query = select(Order).where(Order.state == "packing", _mine(session, actor)).options(selectinload(Order.lines))
    if store_id is not None:
        query = query.where(Order.store_id == store_id)
    found = list(session.scalars(query.options(joinedload(Order.store)).order_by(Order.id).limit(MOST_PRINTED)))
    if not found:
        raise NothingToPack()
    return found


def timeline(session: Session, order: Order) -> list[Step]:
    """What happened to an order, oldest first, and who did it."""
    query = select(OrderEvent, User.full_name).join(User, User.id == OrderEvent.user_id)
    rows = session.execute(query.where(OrderEvent.order_id == order.id).order_by(OrderEvent.id))
    return [Step(states.LABELS.get(event.act, event.act), event.note, event.at, who) for event, who in rows]


def voucher_of(session: Session, order: Order) -> Voucher | None:
    """The voucher that made an order cheaper."""
    return session.get(Voucher, order.voucher_id) if order.voucher_id else None


def returns_waiting(session: Session, actor: Actor) -> list[OrderReturn]:
    """Requests for money back that no shop has answered, oldest first."""
    query = (
        select(OrderReturn)
        .join(Order, Order.id == OrderReturn.order_id)
        .where(OrderReturn.state == "asked", _mine(session, actor))
        .options(joinedload(OrderReturn.order))
    )
    return list(session.scalars(query.order_by(OrderReturn.id)))


def late_money(session: Session, actor: Actor) -> list[Order]:
    """Cancelled orders for which money is still held, oldest first."""
    query = select(Order).where(Order.state == "cancelled", Order.held_rp > 0, _mine(session, actor))
    return list(session.scalars(query.order_by(Order.id)))


def held_money(session: Session, order: Order) -> Rupiah:
    """What of the held amount is money: the rest was paid with points and goes back as points."""
    return order.held_rp - points.used_by(session, order)[1]


def refund_ways(session: Session, actor: Actor, order: Order, amount_rp: Rupiah) -> Sequence[tuple[str, str]]:
    """How an amount may go back, code and label."""
    return [(way, refunds.WAYS[way]) for way in refunds.ways(session, actor, order, amount_rp)]


def waiting(session: Session, actor: Actor) -> Waiting:
    """The day's work in the actor's shops: four counts, each one question."""
    mine = store_ids(session, actor)
    if not mine:
        return Waiting(0, 0, 0, 0, 0)
    low = select(func.count()).select_from(ProductVariant).join(Product, Product.id == ProductVariant.product_id)
    asked = select(func.count()).select_from(OrderReturn).join(Order, Order.id == OrderReturn.order_id)
    proofs = select(func.count()).select_from(OrderPayment).join(Order, Order.id == OrderPayment.order_id)
    late = and_(Order.state == "cancelled", Order.held_rp > 0)
    return Waiting(
        _count(session, select(func.count()).select_from(Order).where(Order.state == "packing"), Order, mine),
        _count(session, asked.where(OrderReturn.state == "asked"), Order, mine),
        _count(session, low.where(_is_low()), Product, mine),
        _count(session, proofs.where(OrderPayment.state == "claimed"), Order, mine),
        _count(session, select(func.count()).select_from(Order).where(late), Order, mine),
    )


def _count(session: Session, query: object, of: type[Order] | type[Product], mine: Sequence[int]) -> int:
    return int(session.scalar(query.where(of.store_id.in_(mine))) or 0)  # type: ignore[attr-defined]


def _is_low() -> ColumnElement[bool]:
    free = ProductVariant.on_hand - ProductVariant.reserved
    return and_(ProductVariant.is_active, free <= ProductVariant.low_at)


def debts(session: Session, actor: Actor, text: str = "") -> list[Debt]:
    """Kasbon that is still open, by member, oldest first; only members who fit `text` when it is given.

    In the shops the actor sees; for who takes money at the desk, in all of them.
    """
    teller = actor.may("savings.teller")
    query = (
        select(StoreCredit, Member)
        .join(Member, Member.id == StoreCredit.member_id)
        .join(Order, Order.id == StoreCredit.order_id)
        .where(StoreCredit.paid_rp < StoreCredit.amount_rp, true() if teller else _mine(session, actor))
        .options(joinedload(StoreCredit.order).joinedload(Order.store))
        .order_by(Member.name, StoreCredit.member_id, StoreCredit.taken_on, StoreCredit.id)
    )
    if text:
        name, number = Member.name, Member.number
        query = query.where(or_(name.icontains(text, autoescape=True), number.icontains(text, autoescape=True)))
    return [Debt(credit, member) for credit, member in session.execute(query)]
