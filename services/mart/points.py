"""Points: earned when an order is done, used as payment, taken back with a refund. They are a debt in the books.

A point is worth what it was earned at: a member's points and their value leave together, so that the debt never
drifts from the points.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import NotFound
from core.money import Rupiah
from models.mart.campaigns import PointMovement
from models.mart.orders import Order
from models.members import Member
from services.mart.refusals import PointsRefused
from services.settings import dated

KINDS = {"earned": "Didapat", "used": "Dipakai", "given_back": "Dikembalikan", "taken_back": "Ditarik"}


def held(session: Session, member_id: int) -> tuple[int, Rupiah]:
    """A member's points and their value by the movements."""
    query = select(func.coalesce(func.sum(PointMovement.points), 0), func.coalesce(func.sum(PointMovement.value_rp), 0))
    points, value_rp = session.execute(query.where(PointMovement.member_id == member_id)).one()
    return int(points), int(value_rp)


def free(session: Session, member_id: int | None) -> tuple[int, Rupiah]:
    """Points that no unpaid order counts on, and their value."""
    if member_id is None:
        return 0, 0
    points, value_rp = held(session, member_id)
    waiting = select(func.sum(Order.points_used), func.sum(Order.points_rp)).where(
        Order.member_id == member_id, Order.paid_on.is_(None), Order.state.in_(("unpaid", "packing"))
    )
    used, used_rp = session.execute(waiting).one()
    return points - int(used or 0), value_rp - int(used_rp or 0)


def worth(session: Session, member_id: int | None, wanted: int) -> Rupiah:
    """What so many of the free points pay. Raises PointsRefused."""
    points, value_rp = free(session, member_id)
    if wanted < 0 or wanted > points:
        raise PointsRefused(most=max(0, points))
    return value_rp if wanted == points else value_rp * wanted // points


def needed(session: Session, member_id: int | None, amount_rp: Rupiah) -> int:
    """How many of the free points pay an amount, at most all of them."""
    points, value_rp = free(session, member_id)
    return points if amount_rp >= value_rp else -(-amount_rp * points // value_rp) if value_rp else 0


def used_by(session: Session, order: Order) -> tuple[int, Rupiah]:
    """Points an order was paid with and has not given back, and their value in the books; above zero."""
    query = select(func.coalesce(func.sum(PointMovement.points), 0), func.coalesce(func.sum(PointMovement.value_rp), 0))
    query = query.where(PointMovement.order_id == order.id, PointMovement.kind.in_(("used", "given_back")))
    used, used_rp = session.execute(query).one()
    return -int(used), -int(used_rp)


def earned_by(session: Session, order: Order, on: date) -> tuple[int, Rupiah]:
    """Points and their value for a done order of a member, by the settings of that day; none where points are off."""
    every_rp = dated.whole(session, order.coop_id, "mart.point_every_rp", on)
    worth_rp = dated.whole(session, order.coop_id, "mart.point_rp", on)
    if order.member_id is None or not every_rp or not worth_rp:
        return 0, 0
    points = max(0, order.due_rp - order.shipping_rp - order.refunded_rp) // every_rp
    return points, points * worth_rp


def record(
    session: Session,
    actor: Actor,
    order: Order,
    kind: str,
    points: int,
    value_rp: Rupiah,
    *,
    on: date,
    source: str,
    entry_seq: int,
) -> None:
    """Write a movement of the order's member; `points` and `value_rp` signed alike, as their entry booked it."""
    if not points:
        return
    assert order.member_id is not None
    row = PointMovement(
        coop_id=actor.coop_id, member_id=order.member_id, order_id=order.id, kind=kind, points=points,
        value_rp=value_rp, booked_on=on, source=source, entry_seq=entry_seq,
    )  # fmt: skip
    session.add(row)


@dataclass(frozen=True)
class Holder:
    """A member with points, and their value in the books."""

    member: Member
    points: int
    value_rp: Rupiah


def history(session: Session, actor: Actor, member_id: int) -> list[tuple[PointMovement, Order]]:
    """A member's points as they came and went, newest first, each with its order. Raises NotFound for another's."""
    own = actor.may("own.view") and actor.member_id == member_id
    if not (own or actor.may("mart.view")):
        raise NotFound(what="Anggota")
    query = (
        select(PointMovement, Order)
        .join(Order, Order.id == PointMovement.order_id)
        .where(PointMovement.member_id == member_id)
        .order_by(PointMovement.id.desc())
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def holders(session: Session, actor: Actor, text: str = "", *, most: int = 100) -> list[Holder]:
    """Members who have points, the most first; only those whose name or number has these letters."""
    actor.must("mart.view")
    points, value_rp = func.sum(PointMovement.points), func.sum(PointMovement.value_rp)
    query = select(Member, points, value_rp).join(PointMovement, PointMovement.member_id == Member.id)
    if text.strip():
        sought = text.strip()[:60]
        like = Member.name.icontains(sought, autoescape=True) | Member.number.icontains(sought, autoescape=True)
        query = query.where(like)
    query = query.group_by(Member.id).having(points > 0).order_by(points.desc(), Member.id).limit(most)
    return [Holder(row[0], int(row[1]), int(row[2])) for row in session.execute(query)]
