"""Goods that come back: the buyer asks for some pieces, the shop agrees and refunds once, or says why not."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.actor import Actor
from core.clock import now
from core.errors import InvalidValue, NotFound
from core.money import Rupiah
from models.mart.campaigns import PointMovement
from models.mart.orders import Order, OrderLine, OrderReturn, OrderReturnLine
from models.moves import move as move_row
from services.audit import trail
from services.mart import balance, booking, fulfilment, points, refunds, states, stock, stores
from services.mart.booking import Back
from services.mart.refusals import OrderDiffers, ReturnTooMuch
from services.mart.stock import Move

STATES = {"asked": "menunggu toko", "refunded": "uang dikembalikan", "rejected": "ditolak", "cancelled": "dibatalkan"}


def ask(
    session: Session, buyer: Actor, order: Order, pieces: Mapping[int, int], *, reason: str, token: str, on: date
) -> OrderReturn:
    """Ask for money back for `pieces` (line id -> how many). A shipped order counts as received by it.

    The same `token` again returns the same request.

    Raises:
        ReturnTooMuch: more than were bought and not returned yet. OrderWrongState, InvalidValue.
    """
    if found := session.scalars(select(OrderReturn).where(OrderReturn.token == token)).first():
        if found.order_id != order.id:
            raise OrderDiffers()
        return found
    wanted = {line_id: count for line_id, count in pieces.items() if count}
    _check(order, wanted, reason, token)
    if order.state == "shipped":
        fulfilment.complete(session, buyer, order, on=on)
    if _open(session, order) is not None:
        raise InvalidValue(field="Pengembalian", reason="masih ada yang menunggu jawaban toko.")
    states.move(session, buyer, order, "ask_return", reason.strip())
    row = OrderReturn(
        coop_id=order.coop_id, order_id=order.id, token=token, reason=reason.strip()[:300], asked_by=buyer.user_id,
        amount_rp=sum(_back(line, wanted[line.id], True).money_rp for line in order.lines if line.id in wanted),
    )  # fmt: skip
    session.add(row)
    session.flush()  # its lines name it
    session.add_all(
        [OrderReturnLine(coop_id=order.coop_id, return_id=row.id, line_id=at, quantity=n) for at, n in wanted.items()]
    )
    session.flush()
    return row


def _check(order: Order, wanted: Mapping[int, int], reason: str, token: str) -> None:
    if order.state not in ("shipped", "done", "returned"):
        raise states.wrong(order, "dikembalikan")
    if not wanted:
        raise InvalidValue(field="Barang", reason="pilih barang yang dikembalikan dan jumlahnya.")
    if len(reason.strip()) < 5 or not 8 <= len(token) <= 60:
        raise InvalidValue(field="Alasan", reason="tulis alasannya, misalnya barang pecah.")
    lines = {line.id: line for line in order.lines}
    for line_id, count in wanted.items():
        if line_id not in lines:
            raise NotFound(what="Barang")
        left = lines[line_id].quantity - lines[line_id].returned
        if not 0 < count <= left:
            raise ReturnTooMuch(product=lines[line_id].name, left=left, wanted=count)


def _open(session: Session, order: Order) -> OrderReturn | None:
    query = select(OrderReturn).where(OrderReturn.order_id == order.id, OrderReturn.state == "asked")
    return session.scalars(query).first()


def take_back(session: Session, buyer: Actor, order: Order) -> None:
    """The buyer keeps the goods after all."""
    asked = _open(session, order)
    if asked is None:
        raise states.wrong(order, "ditarik pengembaliannya")
    _end(session, asked, "cancelled")
    states.move(session, buyer, order, "take_back")


def _end(session: Session, asked: OrderReturn, state: str, **values: object) -> None:
    if not move_row(session, asked, ("asked",), state=state, **values):
        raise states.wrong(asked.order, "diputuskan pengembaliannya")


def get(session: Session, actor: Actor, return_id: int) -> OrderReturn:
    """A request to a shop the actor works in. Raises NotFound."""
    query = select(OrderReturn).where(OrderReturn.id == return_id).options(joinedload(OrderReturn.order))
    found = session.scalars(query.execution_options(populate_existing=not session.info.get("read_only"))).first()
    if found is None:
        raise NotFound(what="Pengembalian")
    stores.get(session, actor, found.order.store_id)
    return found


def reject(session: Session, actor: Actor, return_id: int, *, answer: str) -> OrderReturn:
    """Say no, with the reason the buyer reads. Raises InvalidValue, OrderWrongState."""
    asked = _deciding(session, actor, return_id)
    if len(answer.strip()) < 5:
        raise InvalidValue(field="Jawaban", reason="isi dulu, supaya pembeli tahu.")
    decided = {"decided_by": actor.user_id, "decided_at": now(), "answer": answer.strip()[:300]}
    _end(session, asked, "rejected", **decided)
    states.move(session, actor, asked.order, "decline", answer.strip())
    trail.record(session, actor, "mart.reject_return", f"order:{asked.order_id}", answer=answer)
    return asked


def _deciding(session: Session, actor: Actor, return_id: int, *, or_money: bool = False) -> OrderReturn:
    if not (or_money and actor.may("mart.money")):
        actor.must("mart.sell")
    asked = get(session, actor, return_id)
    stores.must_keep(session, actor, asked.order.store_id)
    return asked


def refund(
    session: Session,
    actor: Actor,
    return_id: int,
    *,
    refund_by: str,
    on: date,
    to_stock: Mapping[int, bool],
    product_id: int = 0,
    answer: str = "",
) -> OrderReturn:
    """Agree: goods that can be sold again (`to_stock`, by line) go back on the shelf, the money goes back, once.

    Raises OrderWrongState (decided already), RefundWayUnknown, ReturnTooMuch.
    """
    asked = _deciding(session, actor, return_id, or_money=True)
    if asked.state == "refunded":
        return asked
    decided = {"decided_by": actor.user_id, "decided_at": now(), "refunded_on": on, "refund_by": refund_by}
    _end(session, asked, "refunded", answer=answer.strip()[:300], **decided)
    order, source = asked.order, f"mart:return:{asked.id}"
    backs = [_back(one.line, one.quantity, to_stock.get(one.line_id, True)) for one in asked.lines]
    money_rp = sum(back.money_rp for back in backs)
    paying = refunds.Refund(session, actor, order, refund_by, money_rp, on, source, product_id)
    seq = booking.returned(
        session, actor, order, backs, out_of=paying.line() if money_rp else None, to_shop=paying.to_shop, on=on,
        source=source,
    ).seq  # fmt: skip
    paying.done(seq)
    asked.entry_seq, asked.amount_rp = seq, money_rp
    _shelve(session, actor, asked, backs, to_stock, on, seq)
    if money_rp and not paying.to_shop:
        balance.pay_back(session, actor, order, money_rp, on=on, source=f"return:{asked.id}", seq=seq)
    _points(session, actor, asked, backs, money_rp, on, seq)
    for back, one in zip(backs, asked.lines, strict=True):
        back.line.returned += back.quantity
        one.to_stock = to_stock.get(one.line_id, True)
    order.refunded_rp += money_rp
    states.tell(session, actor, order, "refund", refunds.said(refund_by, money_rp))
    trail.record(session, actor, "mart.refund", f"order:{order.id}", amount_rp=money_rp, refund_by=refund_by)
    session.flush()
    return asked


def _back(line: OrderLine, quantity: int, sellable: bool) -> Back:
    """The share of a line that its next pieces to come back carry; all shares add up to the line."""
    if quantity > line.quantity - line.returned:
        raise ReturnTooMuch(product=line.name, left=line.quantity - line.returned, wanted=quantity)
    net_rp, points_rp, vat_rp = (
        booking.part(amount_rp, line, quantity) for amount_rp in (line.net_rp, line.points_rp, line.vat_rp)
    )
    cost_rp = booking.part(line.cost_rp or 0, line, quantity) if sellable and not line.is_consigned else 0
    return Back(line, quantity, net_rp, points_rp, vat_rp, cost_rp)


def _shelve(
    session: Session,
    actor: Actor,
    asked: OrderReturn,
    backs: list[Back],
    to_stock: Mapping[int, bool],
    on: date,
    seq: int,
) -> None:
    moves = [
        Move(
            back.line.variant_id, "return", back.quantity, back.cost_rp, f"return:{asked.id}:{back.line.id}",
            asked.order.label,
        )
        for back in backs
        if to_stock.get(back.line.id, True)
    ]  # fmt: skip
    stock.record(session, actor, moves, booked_on=on, entry_seq=seq)


def _points(
    session: Session, actor: Actor, asked: OrderReturn, backs: list[Back], money_rp: Rupiah, on: date, seq: int
) -> None:
    """Points used come back with the pieces they paid; points earned by them are taken back as far as they are left."""
    order = asked.order
    back_rp = sum(back.points_rp for back in backs)
    if back_rp:
        used, used_rp = points.used_by(session, order)
        given = used if back_rp >= used_rp else used * back_rp // used_rp
        points.record(
            session, actor, order, "given_back", max(1, given), back_rp, on=on, source=f"return:{asked.id}:points",
            entry_seq=seq,
        )  # fmt: skip
    query = select(PointMovement).where(PointMovement.order_id == order.id, PointMovement.kind == "earned")
    earned = session.scalars(query).first()
    goods_rp = order.due_rp - order.shipping_rp
    if earned is None or not money_rp or goods_rp <= 0:
        return
    before, after = (earned.points * rp // goods_rp for rp in (order.refunded_rp, order.refunded_rp + money_rp))
    free, _ = points.free(session, order.member_id)
    taken = min(free, after - before)
    if taken > 0:
        value_rp = points.worth(session, order.member_id, taken)
        source = f"mart:return:{asked.id}:points"
        posted = booking.points_taken(session, actor, order, value_rp, on=on, source=source) if value_rp else None
        points.record(
            session, actor, order, "taken_back", -taken, -value_rp, on=on, source=f"return:{asked.id}:taken",
            entry_seq=posted.seq if posted else seq,
        )  # fmt: skip


def of_order(session: Session, order: Order) -> list[OrderReturn]:
    """Every request over an order, oldest first."""
    query = select(OrderReturn).where(OrderReturn.order_id == order.id).order_by(OrderReturn.id)
    return list(session.scalars(query))
