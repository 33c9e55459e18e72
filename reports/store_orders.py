"""Orders handed over by shops, as reports count them, and what the books hold of their sales."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from core.money import Rupiah
from models.ledger import AccountRole, JournalEntry, JournalLine
from models.mart.orders import Order, OrderLine
from services.ledger.chart import Role


@dataclass(frozen=True)
class Sold:
    """One order handed over. `gross_rp` is what goods of the shop's own brought before discounts, without tax."""

    on: date
    placed_at: datetime
    channel: str
    pay_by: str
    is_member: bool
    pieces: int
    net_rp: Rupiah
    cost_rp: Rupiah
    gross_rp: Rupiah


def handed(coop_id: int, ids: Sequence[int], since: date, until: date) -> ColumnElement[bool]:
    """Orders of these shops whose goods were handed over in these days."""
    return and_(
        Order.coop_id == coop_id, Order.store_id.in_(ids), Order.sale_seq.is_not(None),
        Order.handed_on.between(since, until),
    )  # fmt: skip


LINES = and_(OrderLine.coop_id == Order.coop_id, OrderLine.order_id == Order.id)
GROSS = OrderLine.quantity * OrderLine.price_rp - OrderLine.vat_rp
NET = GROSS - OrderLine.discount_rp - OrderLine.voucher_rp


def orders_of(session: Session, coop_id: int, ids: Sequence[int], since: date, until: date) -> list[Sold]:
    """Each order handed over, in the order they were placed."""
    own = case((OrderLine.is_consigned, 0), else_=GROSS)
    query = (
        select(
            Order.handed_on, Order.placed_at, Order.channel, Order.pay_by, Order.member_id,
            func.sum(OrderLine.quantity), func.sum(NET), func.sum(OrderLine.cost_rp), func.sum(own),
        )
        .join(OrderLine, LINES)
        .where(handed(coop_id, ids, since, until))
        .group_by(Order.id, Order.handed_on, Order.placed_at, Order.channel, Order.pay_by, Order.member_id)
        .order_by(Order.id)
    )  # fmt: skip
    return [
        Sold(on, placed_at, channel, pay_by, member is not None, *(int(number or 0) for number in sums))
        for on, placed_at, channel, pay_by, member, *sums in session.execute(query)
    ]


def booked(session: Session, coop_id: int, units: Sequence[int], since: date, until: date) -> dict[str, Rupiah]:
    """Sales of these units that orders booked, by role."""
    line, held = JournalLine, AccountRole
    roles = [Role.MEMBER_SALES.value, Role.NONMEMBER_SALES.value]
    query = (
        select(held.role, func.sum(line.credit_rp - line.debit_rp))
        .join(held, and_(held.coop_id == line.coop_id, held.account_id == line.account_id, held.role.in_(roles)))
        .join(JournalEntry, and_(JournalEntry.coop_id == line.coop_id, JournalEntry.seq == line.entry_seq))
        .where(
            line.coop_id == coop_id, line.unit_id.in_(units), line.booked_on.between(since, until),
            JournalEntry.source.like("mart:order:%:sale"),
        )
        .group_by(held.role)
    )  # fmt: skip
    return {role: int(amount_rp) for role, amount_rp in session.execute(query)}
