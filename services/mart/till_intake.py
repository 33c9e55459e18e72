"""Sales that a till sends, many at once after it was cut off: each is done once, refused, or kept for a person."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.actor import Actor
from core.errors import InvalidValue, NotAllowed, NotFound, Refusal
from core.money import Rupiah
from models.mart.orders import Order
from models.mart.selling import TillConflict, TillShift
from models.moves import move as move_row
from services.audit import trail
from services.ledger.refusals import NoSuchPeriod, PeriodClosed
from services.mart import counting, shifts, stores, till
from services.mart.refusals import OrderDiffers
from services.mart.till import Item, Sale
from services.mart.till_refusals import ClockWrong, NotYourShift, PriceUnknown, SaleAfterShift

STATES = {"waiting": "menunggu diperiksa", "done": "sudah dibukukan", "dropped": "dihapus"}
_NOT_KEPT = (OrderDiffers, NotAllowed, NotYourShift)
"""Refusals that say nothing about the sale: the till keeps it and says why."""
_OF_THE_DATE = {kind.code for kind in (ClockWrong, SaleAfterShift, PeriodClosed, NoSuchPeriod)}


@dataclass(frozen=True)
class Answer:
    """What became of one sale: `done` (now), `known` (before), `waiting` for a person, or `refused`.

    The till forgets a sale of any state but `refused`: we have it.
    """

    token: str
    state: str
    label: str = ""
    total_rp: Rupiah = 0
    order_id: int = 0
    code: str = ""
    reason: str = ""


def take_in(session: Session, actor: Actor, shift_id: int, sale: Sale, *, has_happened: bool, at: datetime) -> Answer:
    """Ring up a sale a device sent. One that `has_happened` (goods gone, money taken) is never lost: what cannot be
    booked as it is waits for a person, whole. Raises NotYourShift, NotFound for the shift, NotAllowed.
    """
    shift = shifts.own(session, actor, shift_id)
    if (kept := _kept(session, sale)) is not None:
        return _of_kept(kept)
    token = str(sale.token)
    try:
        if (order := till.known(session, shift, sale)) is not None:
            return _of_order(order, "known")
        with session.begin_nested():  # a refusal undoes whatever the sale had begun
            order = till.sell(session, actor, shift_id, sale, at=at)
        return _of_order(order, "done")
    except Refusal as refusal:
        if not has_happened or isinstance(refusal, _NOT_KEPT) or not _whole(sale):
            return Answer(token, "refused", code=refusal.code, reason=refusal.sentence)
        return _of_kept(_keep(session, shift, sale, refusal, at))


def _whole(sale: Sale) -> bool:
    return bool(sale.items) and sale.pay_by in till.WAYS and all(i.pieces > 0 and i.price_rp > 0 for i in sale.items)


def _of_order(order: Order, state: str) -> Answer:
    return Answer(order.token, state, order.label, order.due_rp, order.id)


def _of_kept(kept: TillConflict) -> Answer:
    state = "known" if kept.state == "done" else "waiting"
    return Answer(kept.token, state, total_rp=kept.amount_rp, order_id=kept.order_id or 0, code=kept.code,
                  reason=kept.reason)  # fmt: skip


def _kept(session: Session, sale: Sale) -> TillConflict | None:
    return session.scalars(select(TillConflict).where(TillConflict.token == str(sale.token))).first()


def _keep(session: Session, shift: TillShift, sale: Sale, refusal: Refusal, at: datetime) -> TillConflict:
    row = TillConflict(
        coop_id=shift.coop_id, token=str(sale.token), shift_id=shift.id, sale=_frozen(sale), amount_rp=sale.total_rp,
        pay_by=sale.pay_by, sold_at=sale.sold_at, code=refusal.code, reason=refusal.sentence[:400],
        created_at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _frozen(sale: Sale) -> dict[str, Any]:
    items = [[item.variant_id, item.pieces, item.price_rp] for item in sale.items]
    return {"items": items, "member": sale.member[:100], "received_rp": sale.received_rp}


def sale_of(kept: TillConflict) -> Sale:
    """What the till sent."""
    items = tuple(Item(*row) for row in kept.sale["items"])
    return Sale(uuid.UUID(kept.token), items, kept.pay_by, kept.sold_at, kept.sale["member"], kept.sale["received_rp"])


def waiting(session: Session, actor: Actor) -> Sequence[TillConflict]:
    """Sales that wait for a person in shops the actor works in, oldest first."""
    actor.must("mart.till")
    shops = [store.id for store in stores.mine(session, actor)]
    query = select(TillConflict).join(TillConflict.shift).options(joinedload(TillConflict.shift))
    query = query.where(TillConflict.state == "waiting", TillShift.store_id.in_(shops))
    return session.scalars(query.order_by(TillConflict.id)).all()


def get(session: Session, actor: Actor, conflict_id: int) -> TillConflict:
    """A sale that waits, of a shop the actor works in. Raises NotFound."""
    actor.must("mart.till")
    query = select(TillConflict).where(TillConflict.id == conflict_id)
    if not session.info.get("read_only"):
        query = query.with_for_update().execution_options(populate_existing=True)
    kept = session.scalars(query).first()
    if kept is None:
        raise NotFound(what="Penjualan")
    stores.must_keep(session, actor, kept.shift.store_id)
    return kept


def button(kept: TillConflict) -> str:
    """What a person presses to have the sale booked."""
    if kept.code == PriceUnknown.code:
        return "Terima harga kasir"
    return "Bukukan hari ini" if kept.code in _OF_THE_DATE else "Coba lagi"


def settle(session: Session, actor: Actor, conflict_id: int, *, at: datetime) -> TillConflict:
    """Book a sale that waits, as its reason asks: after a stock count, at the till's price, on today's date.

    When something else stands in its way now, it goes on waiting with that reason. Raises NotAllowed (a price is
    taken by who sets prices), NotFound.
    """
    kept = get(session, actor, conflict_id)
    if kept.state != "waiting":
        return kept
    any_price = kept.code == PriceUnknown.code
    if any_price:
        actor.must("mart.goods")
    shift, sale = shifts.get(session, actor, kept.shift_id), sale_of(kept)
    sold_at = at if kept.code == ClockWrong.code else sale.sold_at
    day = counting.business_day(session, kept.coop_id, at if kept.code in _OF_THE_DATE else sale.sold_at)
    try:
        with session.begin_nested():
            if kept.code not in _OF_THE_DATE:
                till.believable(session, shift, sale, kept.created_at)
            order = till.ring(session, actor, shift, sale, on=day, at=sold_at, any_price=any_price)
    except Refusal as refusal:
        kept.code, kept.reason = refusal.code, refusal.sentence[:400]
        return kept
    _decide(session, actor, kept, "done", at, order_id=order.id)
    trail.record(session, actor, "mart.settle_sale", f"order:{order.id}", reason=kept.reason, any_price=any_price)
    return kept


def drop(session: Session, actor: Actor, conflict_id: int, *, reason: str, at: datetime) -> TillConflict:
    """A sale that must not be booked (rung up twice, say), with the reason. Raises InvalidValue, NotFound."""
    actor.must("mart.sell")
    kept = get(session, actor, conflict_id)
    if len(reason.strip()) < 5:
        raise InvalidValue(field="Alasan", reason="tulis sebabnya, misalnya sudah dicatat dengan tangan.")
    if kept.state == "waiting":
        _decide(session, actor, kept, "dropped", at, note=reason.strip()[:200])
        trail.record(session, actor, "mart.drop_sale", f"till:{kept.id}", amount_rp=kept.amount_rp, reason=reason)
    return kept


def _decide(session: Session, actor: Actor, kept: TillConflict, state: str, at: datetime, **more: object) -> None:
    session.flush()  # the order it points at
    move_row(session, kept, ("waiting",), state=state, decided_by=actor.user_id, decided_at=at, **more)
