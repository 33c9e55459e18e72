"""A cashier's shift at the till: opened with the cash in the drawer, closed with what was counted, once.

Cash the cashier took and gave back while the shift was open makes what should lie there; what differs is booked.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import rupiah
from core.errors import InvalidValue, NotFound
from core.money import LIMIT_RP, Rupiah
from models.access import User
from models.mart.orders import Order, OrderReturn
from models.mart.selling import TillConflict, TillShift
from models.moves import move as move_row
from services.audit import trail
from services.ledger.chart import Role
from services.ledger.posting import Line, credit, debit, post
from services.mart import counting, stores
from services.mart.till_refusals import NotYourShift, ShiftClosed, ShiftOpen


@dataclass(frozen=True)
class Summary:
    """What a shift brought. `ways` are (how it was paid, receipts, amount); `expected_rp` should lie in the drawer.

    `waiting` sales of `waiting_rp` were sent by the till and wait for a person; no sum holds them.
    """

    opening_rp: Rupiah
    ways: tuple[tuple[str, int, Rupiah], ...]
    refunds: int
    refunds_rp: Rupiah
    expected_rp: Rupiah
    counted_rp: Rupiah | None
    waiting: int
    waiting_rp: Rupiah

    @property
    def receipts(self) -> int:
        return sum(count for _, count, _ in self.ways)

    @property
    def sales_rp(self) -> Rupiah:
        return sum(amount_rp for _, _, amount_rp in self.ways)

    @property
    def cash_rp(self) -> Rupiah:
        return sum(amount_rp for way, _, amount_rp in self.ways if way == "cash")

    @property
    def difference_rp(self) -> Rupiah | None:
        """More (positive) or less than expected; None until it was counted."""
        return None if self.counted_rp is None else self.counted_rp - self.expected_rp


def open_shift(
    session: Session, actor: Actor, store_id: int, opening_rp: Rupiah, *, on: date, at: datetime
) -> TillShift:
    """Begin to sell with so much change in the drawer. The second click returns the shift the first one opened.

    Raises ShiftOpen (one was opened with another amount and is not closed), InvalidValue, NotFound.
    """
    actor.must("mart.till")
    store = stores.must_keep(session, actor, store_id)
    _amount("Modal kas", opening_rp)
    if (found := _open(session, actor, store_id)) is not None:
        if found.opening_rp != opening_rp:
            raise ShiftOpen(store=store.name, opening=rupiah(found.opening_rp))
        return found
    shift = TillShift(
        coop_id=actor.coop_id, store_id=store.id, store=store, cashier_id=actor.user_id, opened_on=on, opened_at=at,
        opening_rp=opening_rp,
    )  # fmt: skip
    session.add(shift)
    session.flush()  # the trail names it
    trail.record(session, actor, "mart.open_shift", f"shift:{shift.id}", opening_rp=opening_rp)
    return shift


def _amount(field: str, amount_rp: Rupiah) -> None:
    if type(amount_rp) is not int or not 0 <= amount_rp < LIMIT_RP:
        raise InvalidValue(field=field, reason="isi rupiah bulat, 0 bila kosong.")


def _open(session: Session, actor: Actor, store_id: int) -> TillShift | None:
    query = select(TillShift).where(
        TillShift.store_id == store_id, TillShift.cashier_id == actor.user_id, TillShift.state == "open"
    )
    return session.scalars(query).first()


def open_id(session: Session, actor: Actor, store_id: int) -> int | None:
    """The shift in which this person takes cash in a shop now, if any."""
    found = _open(session, actor, store_id)
    return found.id if found else None


def mine(session: Session, actor: Actor) -> list[TillShift]:
    """The actor's open shifts, newest first."""
    actor.must("mart.till")
    query = select(TillShift).where(TillShift.cashier_id == actor.user_id, TillShift.state == "open")
    return list(session.scalars(query.order_by(TillShift.id.desc())))


def lately(session: Session, actor: Actor, most: int = 30) -> list[TillShift]:
    """Shifts of the shops the actor works in, newest first."""
    actor.must("mart.till")
    shops = [store.id for store in stores.mine(session, actor)]
    query = select(TillShift).where(TillShift.store_id.in_(shops)).order_by(TillShift.id.desc())
    return list(session.scalars(query.limit(most)))


def get(session: Session, actor: Actor, shift_id: int) -> TillShift:
    """A shift of a shop the actor works in, locked in a writing session. Raises NotFound."""
    actor.must("mart.till")
    query = select(TillShift).where(TillShift.id == shift_id)
    if not session.info.get("read_only"):
        query = query.with_for_update().execution_options(populate_existing=True)
    shift = session.scalars(query).first()
    if shift is None:
        raise NotFound(what="Giliran kasir")
    stores.must_keep(session, actor, shift.store_id)
    return shift


def own(session: Session, actor: Actor, shift_id: int) -> TillShift:
    """The actor's own shift: nobody sells in another's name. Raises NotYourShift, NotFound."""
    shift = get(session, actor, shift_id)
    if shift.cashier_id != actor.user_id:
        raise NotYourShift(cashier=cashier(session, shift))
    return shift


def cashier(session: Session, shift: TillShift) -> str:
    """The name of who sells in a shift."""
    return session.get_one(User, shift.cashier_id).full_name


def summary(session: Session, shift: TillShift) -> Summary:
    """What a shift brought so far."""
    sold = (
        select(Order.pay_by, func.count(), func.sum(Order.due_rp))
        .where(Order.shift_id == shift.id, Order.paid_on.is_not(None))
        .group_by(Order.pay_by)
        .order_by(Order.pay_by)
    )
    ways = tuple((way, int(count), int(amount)) for way, count, amount in session.execute(sold))
    refunds, refunds_rp = session.execute(_refunds(shift)).one()
    kept = select(func.count(), func.coalesce(func.sum(TillConflict.amount_rp), 0)).where(
        TillConflict.shift_id == shift.id, TillConflict.state == "waiting"
    )
    waiting, waiting_rp = session.execute(kept).one()
    taken_rp = sum(amount_rp for way, _, amount_rp in ways if way == "cash")
    expected_rp = shift.opening_rp + taken_rp - int(refunds_rp)
    return Summary(
        shift.opening_rp, ways, int(refunds), int(refunds_rp), expected_rp, shift.counted_rp, int(waiting),
        int(waiting_rp),
    )  # fmt: skip


def _refunds(shift: TillShift):  # type: ignore[no-untyped-def]  # a select of two sums
    """Cash this cashier gave back in this shop while the shift was open."""
    query = (
        select(func.count(), func.coalesce(func.sum(OrderReturn.amount_rp), 0))
        .join(Order, Order.id == OrderReturn.order_id)
        .where(
            Order.store_id == shift.store_id, OrderReturn.state == "refunded", OrderReturn.refund_by == "cash",
            OrderReturn.decided_by == shift.cashier_id, OrderReturn.decided_at >= shift.opened_at,
        )
    )  # fmt: skip
    return query if shift.closed_at is None else query.where(OrderReturn.decided_at <= shift.closed_at)


def close(
    session: Session, actor: Actor, shift_id: int, counted_rp: Rupiah, *, note: str = "", at: datetime
) -> TillShift:
    """End a shift with the cash counted; what differs is booked on the day it is closed, once.

    The same amount again returns the shift as it was closed. Raises ShiftClosed, InvalidValue, NotFound, as `post`.
    """
    shift = get(session, actor, shift_id)
    _amount("Uang di laci", counted_rp)
    if shift.state == "closed":
        if shift.counted_rp != counted_rp:
            raise ShiftClosed(counted=rupiah(shift.counted_rp or 0))
        return shift
    expected_rp = summary(session, shift).expected_rp
    difference_rp = counted_rp - expected_rp
    if difference_rp and not note.strip():
        raise InvalidValue(
            field="Catatan",
            reason=f"uangnya berbeda {rupiah(difference_rp)} dari {rupiah(expected_rp)}; tulis sebabnya.",
        )
    seq = _book(session, actor, shift, difference_rp, at=at) if difference_rp else None
    closed = {"closed_at": at, "expected_rp": expected_rp, "counted_rp": counted_rp, "note": note.strip()[:200]}
    if not move_row(session, shift, ("open",), state="closed", entry_seq=seq, **closed):
        raise ShiftClosed(counted=rupiah(shift.counted_rp or 0))
    trail.record(
        session, actor, "mart.close_shift", f"shift:{shift.id}", expected_rp=expected_rp, counted_rp=counted_rp,
        note=note,
    )  # fmt: skip
    return shift


def _book(session: Session, actor: Actor, shift: TillShift, difference_rp: Rupiah, *, at: datetime) -> int:
    lines = _more(shift.store.unit_id, difference_rp)
    day, memo = counting.business_day(session, shift.coop_id, at), f"Selisih kas giliran {shift.id} {shift.store.name}"
    return post(session, actor, booked_on=day, memo=memo, source=f"mart:shift:{shift.id}", lines=lines).seq


def _more(unit_id: int, difference_rp: Rupiah) -> list[Line]:
    """Cash that is there (positive) or missing without anybody knowing why."""
    if difference_rp > 0:
        return [
            debit(Role.STORE_CASH, difference_rp, unit_id=unit_id),
            credit(Role.ROUNDING_GAIN, difference_rp, unit_id=unit_id),
        ]
    return [
        debit(Role.ROUNDING_LOSS, -difference_rp, unit_id=unit_id),
        credit(Role.STORE_CASH, -difference_rp, unit_id=unit_id),
    ]


def came_late(session: Session, actor: Actor, shift: TillShift, order: Order, *, on: date) -> None:
    """Cash of a sale that reached us after its shift was closed: it was counted there, so the difference explains it.

    Books what the difference changes by, once an order; an open shift needs nothing.
    """
    if shift.state == "open" or order.pay_by != "cash" or not order.due_rp:
        return
    assert shift.counted_rp is not None
    assert shift.expected_rp is not None
    before_rp = shift.counted_rp - shift.expected_rp
    after_rp = before_rp - order.due_rp
    unit_id = shift.store.unit_id
    less_gain_rp = max(0, before_rp) - max(0, after_rp)
    more_loss_rp = max(0, -after_rp) - max(0, -before_rp)
    lines = [debit(Role.ROUNDING_GAIN, less_gain_rp, unit_id=unit_id)] if less_gain_rp else []
    lines += [debit(Role.ROUNDING_LOSS, more_loss_rp, unit_id=unit_id)] if more_loss_rp else []
    lines.append(credit(Role.STORE_CASH, order.due_rp, unit_id=unit_id))
    memo = f"Penjualan {order.label} menyusul ke giliran {shift.id}"
    source = f"mart:shift:{shift.id}:late:{order.id}"
    post(session, actor, booked_on=on, memo=memo, source=source, lines=lines)
    shift.expected_rp += order.due_rp
