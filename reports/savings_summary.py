"""Rekap simpanan: every member's balance by product, with the ledger accounts that must carry the same sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from core.money import Rupiah
from models.members import Member
from models.savings import KINDS, SavingsAccount, SavingsMovement, SavingsProduct
from reports.scope import Who, chart_of, coop_of, frame_of
from reports.shape import Check, Frame
from services.ledger import balances


@dataclass(frozen=True)
class ProductColumn:
    product_id: int
    code: str
    label: str
    account_id: int


@dataclass(frozen=True)
class SummaryRow:
    """`amounts_rp` in the order of the products."""

    member_id: int
    number: str
    name: str
    amounts_rp: tuple[Rupiah, ...]

    @property
    def total_rp(self) -> Rupiah:
        return sum(self.amounts_rp)


@dataclass(frozen=True)
class SavingsSummary:
    frame: Frame
    products: tuple[ProductColumn, ...]
    rows: tuple[SummaryRow, ...]
    checks: tuple[Check, ...]

    @property
    def totals(self) -> dict[str, Rupiah]:
        """Per product (its code in small letters) and in all."""
        by_product = {
            f"{product.code.lower()}_rp": sum(row.amounts_rp[index] for row in self.rows)
            for index, product in enumerate(self.products)
        }
        return {**by_product, "amount_rp": sum(row.total_rp for row in self.rows)}


def savings_summary(session: Session, who: Who, as_of: date) -> SavingsSummary:
    """Members who have savings at the end of `as_of` or are active now, by member number. Raises NotAllowed."""
    coop_id = coop_of(who, "savings.view")
    frame = frame_of(session, coop_id, "savings-summary", "Rekap Simpanan Anggota", since=None, until=as_of)
    products = _products(session, coop_id)
    saved = _saved(session, coop_id, as_of)
    members = session.execute(
        select(Member.id, Member.number, Member.name, Member.state)
        .where(Member.coop_id == coop_id, Member.number.is_not(None))
        .order_by(Member.number)
    )
    rows = []
    for member_id, number, name, state in members:
        amounts = tuple(saved.get((member_id, product.product_id), 0) for product in products)
        if state == "active" or any(amounts):
            rows.append(SummaryRow(member_id, number or "", name, amounts))
    return SavingsSummary(frame, products, tuple(rows), _checks(session, coop_id, as_of, products, rows))


def _products(session: Session, coop_id: int) -> tuple[ProductColumn, ...]:
    product = SavingsProduct
    query = select(product.id, product.code, product.name, product.account_id, product.kind).where(
        product.coop_id == coop_id
    )
    found = sorted(session.execute(query), key=lambda row: (KINDS.index(row.kind), row.code))
    return tuple(ProductColumn(row.id, row.code, row.name, row.account_id) for row in found)


def _saved(session: Session, coop_id: int, as_of: date) -> Mapping[tuple[int, int], Rupiah]:
    account, movement = SavingsAccount, SavingsMovement
    query = (
        select(account.member_id, account.product_id, func.sum(movement.amount_rp))
        .join(movement, and_(movement.coop_id == account.coop_id, movement.account_id == account.id))
        .where(account.coop_id == coop_id, movement.booked_on <= as_of)
        .group_by(account.member_id, account.product_id)
    )
    return {(member_id, product_id): int(sum_rp) for member_id, product_id, sum_rp in session.execute(query)}


def _checks(
    session: Session, coop_id: int, as_of: date, products: Sequence[ProductColumn], rows: Sequence[SummaryRow]
) -> tuple[Check, ...]:
    """For each ledger account: what members have, and what it carries."""
    members_rp: dict[int, Rupiah] = {}
    for index, product in enumerate(products):
        held = sum(row.amounts_rp[index] for row in rows)
        members_rp[product.account_id] = members_rp.get(product.account_id, 0) + held
    chart = chart_of(session, coop_id)
    booked = balances.balances(session, coop_id, as_of, account_ids=members_rp)
    return tuple(
        Check(f"Simpanan anggota dan akun {chart[key].code} {chart[key].name}", held, -booked.get(key, 0))
        for key, held in members_rp.items()
    )
