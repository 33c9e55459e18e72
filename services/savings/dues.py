"""A member's bills of mandatory savings as a calendar: what each month asks, and the day it was paid in full."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.actor import Actor
from core.errors import NotFound
from core.money import Rupiah
from models.savings import SavingsAccount, SavingsBill, SavingsMovement
from services.savings import bills


@dataclass(frozen=True)
class Due:
    """One month's bill. `state` as `bills.state` names it; `paid_on` is the day of the payment that completed it."""

    month_on: date
    amount_rp: Rupiah
    paid_rp: Rupiah
    state: str
    paid_on: date | None

    @property
    def left_rp(self) -> Rupiah:
        return 0 if self.state == "dibebaskan" else self.amount_rp - self.paid_rp


@dataclass(frozen=True)
class Year:
    """A year of one product, January to December; None where nothing was asked."""

    product: str
    year: int
    months: tuple[Due | None, ...]

    @property
    def dues(self) -> tuple[Due, ...]:
        return tuple(due for due in self.months if due is not None)

    @property
    def left_rp(self) -> Rupiah:
        return sum(due.left_rp for due in self.dues)


def years(session: Session, actor: Actor, member_id: int) -> list[Year]:
    """The bills of a member year by year, newest first. Raises NotFound for somebody else's."""
    if not (actor.may("savings.view") or (actor.may("own.view") and actor.member_id == member_id)):
        raise NotFound(what="Anggota")
    query = select(SavingsBill).where(SavingsBill.member_id == member_id).options(joinedload(SavingsBill.product))
    held: dict[int, list[SavingsBill]] = defaultdict(list)
    for bill in session.scalars(query.order_by(SavingsBill.month_on)):
        held[bill.product_id].append(bill)
    paid = _payments(session, member_id)
    found: dict[tuple[int, int], list[Due | None]] = {}
    for product_id, asked in held.items():
        for bill, paid_on in zip(asked, _paid_on(asked, paid[product_id]), strict=True):
            due = Due(bill.month_on, bill.amount_rp, bill.paid_rp, bills.state(bill), paid_on)
            found.setdefault((bill.month_on.year, product_id), [None] * 12)[bill.month_on.month - 1] = due
    return [
        Year(held[product_id][0].product.name, year, tuple(found[year, product_id]))
        for year, product_id in sorted(found, key=lambda key: (-key[0], key[1]))
    ]


def _payments(session: Session, member_id: int) -> dict[int, list[tuple[date, Rupiah]]]:
    """By product, what met bills and when, in the order it came; what was undone is left out."""
    query = (
        select(SavingsMovement, SavingsAccount.product_id)
        .join(SavingsAccount, SavingsAccount.id == SavingsMovement.account_id)
        .where(SavingsAccount.member_id == member_id)
        .order_by(SavingsMovement.id)
    )
    rows = session.execute(query.where((SavingsMovement.billed_rp > 0) | (SavingsMovement.kind == "reversal"))).all()
    undone = {movement.source for movement, _ in rows}
    found: dict[int, list[tuple[date, Rupiah]]] = defaultdict(list)
    for movement, product_id in rows:
        if movement.billed_rp and f"savings-reversal:{movement.id}" not in undone:
            found[product_id].append((movement.booked_on, movement.billed_rp))
    return found


def _paid_on(asked: Iterable[SavingsBill], payments: list[tuple[date, Rupiah]]) -> list[date | None]:
    """For bills in their order the day the last rupiah came, as payments meet the oldest bill first."""
    coming, days = iter(payments), []
    day, left_rp = None, 0
    for bill in asked:
        wanted_rp = bill.paid_rp
        while wanted_rp > left_rp and (payment := next(coming, None)) is not None:
            day, left_rp = payment[0], left_rp + payment[1]
        known = wanted_rp > 0 and left_rp >= wanted_rp
        left_rp = max(0, left_rp - wanted_rp)
        days.append(day if known and bill.paid_rp == bill.amount_rp else None)
    return days
