"""Orders in the books: money that comes in, the sale when goods are handed over, commission when it is done.

The treasury is the cooperative's default unit. What it takes for a shop it owes the shop's unit (`UNIT_DEBT` there,
`UNIT_CLAIM` here: equal always, and nothing in the whole cooperative's statement). docs/decisions/0012.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from core.actor import Actor
from core.money import Rupiah, percent_of
from models.mart.orders import Order, OrderLine
from models.mart.stores import Store
from services.ledger.chart import Role
from services.ledger.posting import Line, Posted, credit, debit, post


def between(store: Store, amount_rp: Rupiah) -> list[Line]:
    """The treasury owes the shop's unit more (positive) or less."""
    if amount_rp == 0:
        return []
    if amount_rp > 0:
        return [credit(Role.UNIT_DEBT, amount_rp), debit(Role.UNIT_CLAIM, amount_rp, unit_id=store.unit_id)]
    return [debit(Role.UNIT_DEBT, -amount_rp), credit(Role.UNIT_CLAIM, -amount_rp, unit_id=store.unit_id)]


def money_in(
    session: Session,
    actor: Actor,
    order: Order,
    *,
    into: Sequence[Line],
    amount_rp: Rupiah,
    points_rp: Rupiah,
    on: date,
    source: str,
    to_shop: bool,
) -> Posted:
    """Money (`into` are its debits) and points for an order are held until the goods are handed over.

    `to_shop`: the cash lies in the shop's own drawer, and the treasury has nothing to do with it.
    """
    unit = order.store.unit_id
    lines = [*into, *([] if to_shop else between(order.store, amount_rp))]
    if points_rp:
        lines.append(debit(Role.POINTS_LIABILITY, points_rp, unit_id=unit, member_id=order.member_id))
    lines.append(credit(Role.ORDER_ADVANCES, amount_rp + points_rp, unit_id=unit))
    memo = f"Pembayaran pesanan {order.label} {order.store.name}"
    posted = post(session, actor, booked_on=on, memo=memo, source=source, lines=lines)
    order.held_rp += amount_rp + points_rp
    order.claim_rp += 0 if to_shop else amount_rp
    return posted


def money_back(
    session: Session, actor: Actor, order: Order, *, out_of: Line, on: date, source: str, to_shop: bool
) -> Posted:
    """Everything that is held for an order that will not be delivered goes back; points become points again."""
    unit, amount_rp = order.store.unit_id, out_of.credit_rp
    points_rp = order.held_rp - amount_rp
    lines = [debit(Role.ORDER_ADVANCES, order.held_rp, unit_id=unit), out_of]
    lines += [] if to_shop else between(order.store, -amount_rp)
    if points_rp:
        lines.append(credit(Role.POINTS_LIABILITY, points_rp, unit_id=unit, member_id=order.member_id))
    memo = f"Pengembalian uang pesanan {order.label} {order.store.name}"
    posted = post(session, actor, booked_on=on, memo=memo, source=source, lines=lines)
    order.refunded_rp += amount_rp
    order.held_rp, order.claim_rp = 0, 0
    return posted


def points_back(session: Session, actor: Actor, order: Order, *, on: date, source: str) -> Posted:
    """An order paid with points alone will not be delivered."""
    unit, points_rp = order.store.unit_id, order.held_rp
    lines = [
        debit(Role.ORDER_ADVANCES, points_rp, unit_id=unit),
        credit(Role.POINTS_LIABILITY, points_rp, unit_id=unit, member_id=order.member_id),
    ]
    memo = f"Pengembalian poin pesanan {order.label}"
    posted = post(session, actor, booked_on=on, memo=memo, source=source, lines=lines)
    order.held_rp = 0
    return posted


def sale(session: Session, actor: Actor, order: Order, *, on: date) -> Posted:
    """The goods are handed over: sales, tax, cost. `OrderLine.cost_rp` must be known."""
    unit, buyer = order.store.unit_id, order.member_id
    own = [line for line in order.lines if not line.is_consigned]
    is_member = buyer is not None
    lines = [debit(Role.ORDER_ADVANCES, order.total_rp, unit_id=unit)]
    lines += _some(debit, Role.SALES_DISCOUNTS, sum(line.discount_rp for line in own), unit, buyer)
    lines += _some(debit, Role.VOUCHER_DISCOUNTS, sum(line.voucher_rp for line in own), unit, buyer)
    gross_rp = sum(line.quantity * line.price_rp for line in own)
    vat_rp = sum(line.vat_rp for line in own)
    lines += _some(credit, _sales(is_member), gross_rp - vat_rp, unit, buyer)
    lines += _some(credit, Role.VAT_OUTPUT, vat_rp, unit)
    lines += _some(credit, Role.SHIPPING_INCOME, order.shipping_rp, unit)
    for line in order.lines:
        if line.is_consigned:
            lines += _consigned(line, line.quantity, line.net_rp, unit)
    cost_rp = sum(line.cost_rp or 0 for line in own)
    lines += _some(debit, _cost(is_member), cost_rp, unit, buyer) + _some(credit, Role.INVENTORY, cost_rp, unit)
    memo = f"Penjualan {order.label} {order.store.name}"
    posted = post(session, actor, booked_on=on, memo=memo, source=f"mart:order:{order.id}:sale", lines=lines)
    order.held_rp -= order.total_rp
    return posted


def _some(side: type | object, role: Role, amount_rp: Rupiah, unit_id: int, member_id: int | None = None) -> list[Line]:
    """A line, unless there is nothing to say."""
    return [side(role, amount_rp, unit_id=unit_id, member_id=member_id)] if amount_rp else []  # type: ignore[operator]


def _sales(is_member: bool) -> Role:
    return Role.MEMBER_SALES if is_member else Role.NONMEMBER_SALES


def _cost(is_member: bool) -> Role:
    return Role.MEMBER_COST_OF_SALES if is_member else Role.NONMEMBER_COST_OF_SALES


def _consigned(line: OrderLine, quantity: int, net_rp: Rupiah, unit_id: int) -> list[Line]:
    """Goods of somebody else: the owner is owed their part, what is left is commission (or what selling cheap cost)."""
    owner_rp = owner_part(line, quantity)
    rest_rp = net_rp - owner_rp
    told = _some(credit, Role.CONSIGNMENT_PAYABLE, owner_rp, unit_id)
    return told + _some(credit if rest_rp > 0 else debit, Role.COMMISSION_INCOME, abs(rest_rp), unit_id)


def owner_part(line: OrderLine, quantity: int) -> Rupiah:
    """What the owner of consigned goods gets for these pieces; `cost_rp` of such a line is the whole of it."""
    return (line.cost_rp or 0) * quantity // line.quantity


def part(amount_rp: Rupiah, line: OrderLine, quantity: int) -> Rupiah:
    """The share of a line's amount for the next `quantity` pieces that come back; all shares sum to the amount."""
    before, after = line.returned, line.returned + quantity
    return amount_rp * after // line.quantity - amount_rp * before // line.quantity


def commission_of(order: Order) -> Rupiah:
    """What the cooperative keeps of a shop's sale that went through its treasury; goods only, not the parcel."""
    return percent_of(min(order.claim_rp, order.due_rp - order.shipping_rp), order.commission_pct)


def commission(
    session: Session, actor: Actor, store: Store, amount_rp: Rupiah, *, on: date, memo: str, source: str
) -> Posted:
    """From the shop's result to the treasury's (positive), or back; the cooperative as a whole earns nothing by it."""
    shop, more = store.unit_id, amount_rp > 0
    amount_rp = abs(amount_rp)
    sides = (debit, credit) if more else (credit, debit)
    lines = [
        sides[0](Role.COMMISSION_INCOME, amount_rp, unit_id=shop),
        sides[1](Role.COMMISSION_INCOME, amount_rp),
        *between(store, -amount_rp if more else amount_rp),
    ]
    return post(session, actor, booked_on=on, memo=memo, source=source, lines=lines)


def points_earned(session: Session, actor: Actor, order: Order, value_rp: Rupiah, *, on: date) -> Posted:
    """Points are a reduction of the sale that earned them, owed until they are used."""
    unit, buyer = order.store.unit_id, order.member_id
    lines = [
        debit(Role.VOUCHER_DISCOUNTS, value_rp, unit_id=unit, member_id=buyer),
        credit(Role.POINTS_LIABILITY, value_rp, unit_id=unit, member_id=buyer),
    ]
    source = f"mart:order:{order.id}:points-earned"
    return post(session, actor, booked_on=on, memo=f"Poin pesanan {order.label}", source=source, lines=lines)


@dataclass(frozen=True)
class Back:
    """Pieces of a line that come back: their money, points and tax, and their cost if they can be sold again."""

    line: OrderLine
    quantity: int
    net_rp: Rupiah
    points_rp: Rupiah
    vat_rp: Rupiah
    cost_rp: Rupiah

    @property
    def money_rp(self) -> Rupiah:
        return self.net_rp - self.points_rp


def returned(
    session: Session,
    actor: Actor,
    order: Order,
    backs: Sequence[Back],
    *,
    out_of: Line | None,
    to_shop: bool,
    on: date,
    source: str,
) -> Posted:
    """Sold goods come back: the sale, its tax and its cost are taken back piece by piece, money and points returned."""
    unit, buyer, is_member = order.store.unit_id, order.member_id, order.member_id is not None
    own = [back for back in backs if not back.line.is_consigned]
    net_rp, vat_rp = sum(back.net_rp for back in own), sum(back.vat_rp for back in own)
    lines = _some(debit, Role.SALES_RETURNS, net_rp - vat_rp, unit, buyer) + _some(debit, Role.VAT_OUTPUT, vat_rp, unit)
    for back in backs:
        if back.line.is_consigned:
            owner_rp = owner_part(back.line, back.quantity)
            rest_rp = back.net_rp - owner_rp
            lines += _some(debit, Role.CONSIGNMENT_PAYABLE, owner_rp, unit)
            lines += _some(debit if rest_rp > 0 else credit, Role.COMMISSION_INCOME, abs(rest_rp), unit)
    money_rp = sum(back.money_rp for back in backs)
    if out_of is not None:
        lines += [out_of, *([] if to_shop else between(order.store, -money_rp))]
    lines += _some(credit, Role.POINTS_LIABILITY, sum(back.points_rp for back in backs), unit, buyer)
    cost_rp = sum(back.cost_rp for back in own)
    lines += _some(debit, Role.INVENTORY, cost_rp, unit) + _some(credit, _cost(is_member), cost_rp, unit, buyer)
    memo = f"Retur pesanan {order.label} {order.store.name}"
    return post(session, actor, booked_on=on, memo=memo, source=source, lines=lines)


def points_taken(session: Session, actor: Actor, order: Order, value_rp: Rupiah, *, on: date, source: str) -> Posted:
    """Points that a returned sale had earned are owed no longer."""
    unit, buyer = order.store.unit_id, order.member_id
    lines = [
        debit(Role.POINTS_LIABILITY, value_rp, unit_id=unit, member_id=buyer),
        credit(Role.VOUCHER_DISCOUNTS, value_rp, unit_id=unit, member_id=buyer),
    ]
    return post(session, actor, booked_on=on, memo=f"Poin ditarik {order.label}", source=source, lines=lines)
