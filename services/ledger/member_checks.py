"""Truths between the ledger and what members own: savings and receipts."""

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from core.display import rupiah
from models.ledger import Account, AccountMonth, JournalLine
from models.savings import Receipt, SavingsAccount, SavingsMovement, SavingsProduct
from services.ledger.opening_checks import difference


def savings_balances_equal_their_movements(session: Session, coop_id: int) -> list[str]:
    """Each member's kept balance is the sum of their movements, and not below zero."""
    moved = (
        select(SavingsMovement.account_id, func.sum(SavingsMovement.amount_rp).label("sum_rp"))
        .where(SavingsMovement.coop_id == coop_id)
        .group_by(SavingsMovement.account_id)
        .subquery()
    )
    query = (
        select(SavingsAccount.id, SavingsAccount.balance_rp, moved.c.sum_rp)
        .outerjoin(moved, moved.c.account_id == SavingsAccount.id)
        .where(SavingsAccount.coop_id == coop_id)
        .where(or_(SavingsAccount.balance_rp != func.coalesce(moved.c.sum_rp, 0), SavingsAccount.balance_rp < 0))
    )
    return [
        f"Rekening simpanan {account}: saldo {rupiah(balance)}, mutasinya {rupiah(int(total or 0))}."
        for account, balance, total in session.execute(query)
    ]


def savings_equal_their_control_accounts(session: Session, coop_id: int) -> list[str]:
    """What members have saved in the products of an account is the balance of that account in the ledger."""
    saved = (
        select(SavingsProduct.account_id, func.sum(SavingsAccount.balance_rp))
        .join(SavingsAccount, SavingsAccount.product_id == SavingsProduct.id)
        .where(SavingsProduct.coop_id == coop_id, SavingsAccount.coop_id == coop_id)
        .group_by(SavingsProduct.account_id)
    )
    members_rp = {account_id: int(sum_rp) for account_id, sum_rp in session.execute(saved)}
    booked = kept_balances(session, coop_id, list(members_rp))
    return [
        difference(session, coop_id, f"Akun {account}", account.id, booked.get(account.id, 0), members_rp[account.id])
        for account in session.scalars(
            select(Account).where(Account.coop_id == coop_id, Account.id.in_(list(members_rp)))
        )
        if booked.get(account.id, 0) != members_rp[account.id]
    ]


def kept_balances(session: Session, coop_id: int, account_ids: list[int]) -> dict[int, int]:
    """What stands on accounts by the kept sums, in their normal direction."""
    sign = case((Account.normal_balance == "debit", 1), else_=-1)
    query = (
        select(Account.id, func.sum(sign * (AccountMonth.debit_rp - AccountMonth.credit_rp)))
        .join(AccountMonth, and_(AccountMonth.account_id == Account.id, AccountMonth.coop_id == Account.coop_id))
        .where(Account.coop_id == coop_id, Account.id.in_(account_ids))
        .group_by(Account.id)
    )
    return {account_id: int(sum_rp) for account_id, sum_rp in session.execute(query)}


def every_savings_movement_is_booked(session: Session, coop_id: int) -> list[str]:
    """Each movement's amount stands in its journal entry, on the product's account and for that member."""
    line = (
        select(
            JournalLine.entry_seq,
            JournalLine.account_id,
            JournalLine.member_id,
            func.sum(JournalLine.credit_rp - JournalLine.debit_rp).label("amount_rp"),
        )
        .where(JournalLine.coop_id == coop_id, JournalLine.member_id.is_not(None))
        .group_by(JournalLine.entry_seq, JournalLine.account_id, JournalLine.member_id)
        .subquery()
    )
    movement = (
        select(
            SavingsMovement.entry_seq,
            SavingsProduct.account_id,
            SavingsAccount.member_id,
            func.sum(SavingsMovement.amount_rp).label("amount_rp"),
        )
        .join(SavingsAccount, SavingsAccount.id == SavingsMovement.account_id)
        .join(SavingsProduct, SavingsProduct.id == SavingsAccount.product_id)
        .where(SavingsMovement.coop_id == coop_id, SavingsMovement.entry_seq.is_not(None))
        .group_by(SavingsMovement.entry_seq, SavingsProduct.account_id, SavingsAccount.member_id)
        .subquery()
    )
    query = (
        select(movement.c.entry_seq)
        .outerjoin(
            line,
            and_(
                line.c.entry_seq == movement.c.entry_seq,
                line.c.account_id == movement.c.account_id,
                line.c.member_id == movement.c.member_id,
            ),
        )
        .where(or_(line.c.amount_rp.is_(None), line.c.amount_rp != movement.c.amount_rp))
    )
    return [f"Mutasi simpanan dan jurnal urutan {seq} tidak sama." for seq in session.scalars(query)]


def every_receipt_is_counted_and_booked(session: Session, coop_id: int) -> list[str]:
    """Kuitansi are numbered without gaps in their year; each is over the amount of its movement."""
    problems, numbers = [], dict[int, int]()
    receipts = select(Receipt.year, Receipt.number).where(Receipt.coop_id == coop_id)
    for year, number in session.execute(receipts.order_by(Receipt.year, Receipt.number)):
        if number != numbers.get(year, 0) + 1:
            problems.append(f"Nomor kuitansi {year}/{number} melompat.")
        numbers[year] = number
    same = and_(Receipt.coop_id == SavingsMovement.coop_id, Receipt.source == SavingsMovement.source)
    differing = (
        select(Receipt.year, Receipt.number)
        .join(SavingsMovement, same)
        .where(Receipt.coop_id == coop_id, Receipt.amount_rp != func.abs(SavingsMovement.amount_rp))
    )
    problems += [f"Kuitansi {year}/{number} berbeda dari mutasinya." for year, number in session.execute(differing)]
    return problems[:20]
