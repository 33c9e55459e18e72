"""Goods that come back to the till on the day they were sold: money at once, the way it was paid."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import date_long, rupiah
from models.mart.orders import Order, OrderReturn
from services.mart import counting, fulfilment, returns, shifts
from services.mart.till import WAYS
from services.mart.till_refusals import RefundElsewhere, ReturnOtherDay, ShiftClosed

BACK = {"cash": "cash", "credit": "credit"}


def give_back(
    session: Session,
    actor: Actor,
    shift_id: int,
    order_id: int,
    pieces: Mapping[int, int],
    *,
    reason: str,
    token: str,
    at: datetime,
) -> OrderReturn:
    """Take back pieces (by line) of a sale of today and give the money: cash out of the drawer, kasbon off the debt.

    The same token again gives nothing more. Raises ReturnOtherDay, RefundElsewhere, ShiftClosed, as `returns.ask`.
    """
    shift = shifts.own(session, actor, shift_id)
    order = fulfilment.get(session, actor, order_id)
    if shift.state != "open":
        raise ShiftClosed(counted=rupiah(shift.counted_rp or 0))
    day = counting.business_day(session, order.coop_id, at)
    _today(order, day)
    asked = returns.ask(session, actor, order, pieces, reason=reason, token=token, on=day)
    return returns.refund(session, actor, asked.id, refund_by=BACK[order.pay_by], on=day, to_stock={})


def _today(order: Order, day: date) -> None:
    if order.placed_on != day or order.channel != "till":
        raise ReturnOtherDay(number=order.label, sold=date_long(order.placed_on))
    if order.pay_by not in BACK:
        raise RefundElsewhere(number=order.label, way=WAYS.get(order.pay_by, "cara lain"))
