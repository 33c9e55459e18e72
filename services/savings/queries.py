"""What the desk and a member look at: balances, mutasi, bills, receipts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core.actor import Actor
from core.errors import NotFound
from core.money import Rupiah
from models.savings import KINDS, Receipt, SavingsAccount, SavingsBill, SavingsMovement, SavingsProduct


@dataclass(frozen=True)
class Balance:
    product_id: int
    product: str
    kind: str
    balance_rp: Rupiah


@dataclass(frozen=True)
class Mutation:
    """One line of the passbook, the balance after it with it. `receipt_id` when a kuitansi exists."""

    movement_id: int
    booked_on: date
    product: str
    kind: str
    memo: str
    amount_rp: Rupiah
    balance_rp: Rupiah
    receipt_id: int | None


@dataclass(frozen=True)
class BillState:
    month_on: date
    product: str
    amount_rp: Rupiah
    paid_rp: Rupiah
    is_waived: bool


@dataclass(frozen=True)
class Month:
    """What happened to savings in a month; tax and what went out are told as amounts above zero."""

    month_on: date
    in_rp: Rupiah
    out_rp: Rupiah
    interest_rp: Rupiah
    tax_rp: Rupiah
    balance_rp: Rupiah


def by_month(lines: Iterable[Mutation]) -> list[Month]:
    """The months of one product's passbook that saw a movement, newest first."""
    found = []
    for month_on, rows in groupby(lines, lambda line: line.booked_on.replace(day=1)):
        moved = list(rows)
        apart = {kind: sum(line.amount_rp for line in moved if line.kind == kind) for kind in ("interest", "tax")}
        other = [line.amount_rp for line in moved if line.kind not in apart]
        in_rp, out_rp = sum(rp for rp in other if rp > 0), -sum(rp for rp in other if rp < 0)
        month = Month(month_on, in_rp, out_rp, apart["interest"], -apart["tax"], moved[-1].balance_rp)
        found.append(month)
    return found[::-1]


def _may_see(actor: Actor, member_id: int) -> None:
    if not (actor.may("savings.view") or (actor.may("own.view") and actor.member_id == member_id)):
        raise NotFound(what="Anggota")


def balances(session: Session, actor: Actor, member_id: int) -> list[Balance]:
    """A member's savings by product, pokok first. Raises NotFound for somebody else's."""
    _may_see(actor, member_id)
    query = (
        select(SavingsProduct, SavingsAccount.balance_rp)
        .join(SavingsAccount, SavingsAccount.product_id == SavingsProduct.id)
        .where(SavingsAccount.member_id == member_id)
    )
    rows = [
        Balance(product.id, product.name, product.kind, balance_rp) for product, balance_rp in session.execute(query)
    ]
    return sorted(rows, key=lambda row: (KINDS.index(row.kind), row.product))


def mutations(
    session: Session, actor: Actor, member_id: int, *, product_id: int | None = None, since: date | None = None
) -> list[Mutation]:
    """The passbook, oldest first, each product with its own running balance. Raises NotFound for somebody else's."""
    _may_see(actor, member_id)
    query = (
        select(SavingsMovement, SavingsProduct.id, SavingsProduct.name, Receipt.id)
        .join(SavingsAccount, SavingsAccount.id == SavingsMovement.account_id)
        .join(SavingsProduct, SavingsProduct.id == SavingsAccount.product_id)
        .outerjoin(Receipt, Receipt.source == SavingsMovement.source)
        .where(SavingsAccount.member_id == member_id)
        .order_by(SavingsMovement.booked_on, SavingsMovement.id)
    )
    if product_id is not None:
        query = query.where(SavingsProduct.id == product_id)
    running: dict[int, Rupiah] = {}
    lines = []
    for movement, product, name, receipt_id in session.execute(query):
        running[product] = running.get(product, 0) + movement.amount_rp
        if since is None or movement.booked_on >= since:
            lines.append(
                Mutation(
                    movement.id,
                    movement.booked_on,
                    name,
                    movement.kind,
                    movement.memo,
                    movement.amount_rp,
                    running[product],
                    receipt_id,
                )
            )
    return lines


def bills_of(session: Session, actor: Actor, member_id: int) -> list[BillState]:
    """A member's bills, newest first. Raises NotFound for somebody else's."""
    _may_see(actor, member_id)
    query = (
        select(SavingsBill)
        .where(SavingsBill.member_id == member_id)
        .options(joinedload(SavingsBill.product))
        .order_by(SavingsBill.month_on.desc())
    )
    return [
        BillState(bill.month_on, bill.product.name, bill.amount_rp, bill.paid_rp, bill.is_waived)
        for bill in session.scalars(query)
    ]


def unpaid(session: Session, actor: Actor) -> tuple[int, Rupiah]:
    """How many bills are open in the cooperative, and for how much."""
    open_bills = (SavingsBill.paid_rp < SavingsBill.amount_rp) & ~SavingsBill.is_waived
    owed = select(func.count(), func.coalesce(func.sum(SavingsBill.amount_rp - SavingsBill.paid_rp), 0)).where(
        open_bills
    )
    count, amount_rp = session.execute(owed.select_from(SavingsBill)).one()
    return count, int(amount_rp)


def receipts_of(session: Session, actor: Actor, member_id: int, limit: int = 50) -> list[Receipt]:
    """A member's receipts, newest first. Raises NotFound for somebody else's."""
    _may_see(actor, member_id)
    query = select(Receipt).where(Receipt.member_id == member_id).order_by(Receipt.id.desc()).limit(limit)
    return list(session.scalars(query))
