"""Truths of time deposits: what members placed, what happened to it, and what the ledger says of both."""

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from core.display import rupiah
from core.money import Rupiah
from models.deposits import DepositMovement, TimeDeposit
from models.ledger import AccountRole, JournalLine
from services.ledger.member_checks import kept_balances


def standing(session: Session, coop_id: int) -> tuple[int | None, Rupiah, Rupiah]:
    """The account of time deposits, what the ledger says stands on it, and what the deposits add up to."""
    role = select(AccountRole.account_id).where(AccountRole.coop_id == coop_id, AccountRole.role == "time_deposits")
    account_id = session.scalars(role).first()
    placed = select(func.coalesce(func.sum(TimeDeposit.amount_rp), 0)).where(TimeDeposit.coop_id == coop_id)
    listed_rp = int(session.scalar(placed) or 0)
    if account_id is None:
        return None, 0, listed_rp
    return account_id, kept_balances(session, coop_id, [account_id]).get(account_id, 0), listed_rp


def deposits_equal_their_control_account(session: Session, coop_id: int) -> list[str]:
    """What members hold in time deposits is the balance of their account, once there is any deposit."""
    if session.scalars(select(TimeDeposit.id).where(TimeDeposit.coop_id == coop_id).limit(1)).first() is None:
        return []
    _, booked_rp, listed_rp = standing(session, coop_id)
    if booked_rp == listed_rp:
        return []
    return [f"Simpanan berjangka: buku besar {rupiah(booked_rp)}, rincian {rupiah(listed_rp)}."]


def deposits_equal_their_movements(session: Session, coop_id: int) -> list[str]:
    """What stands in a deposit is what its movements add up to; nothing is left in a closed one."""
    moved = (
        select(DepositMovement.deposit_id, func.sum(DepositMovement.amount_rp).label("sum_rp"))
        .where(DepositMovement.coop_id == coop_id)
        .group_by(DepositMovement.deposit_id)
        .subquery()
    )
    query = (
        select(TimeDeposit.number, TimeDeposit.amount_rp)
        .outerjoin(moved, moved.c.deposit_id == TimeDeposit.id)
        .where(TimeDeposit.coop_id == coop_id)
        .where(
            or_(
                TimeDeposit.amount_rp != func.coalesce(moved.c.sum_rp, 0),
                and_(TimeDeposit.state == "closed", TimeDeposit.amount_rp != 0),
            )
        )
    )
    return [f"Simpanan berjangka {number}: {rupiah(amount_rp)} tidak cocok dengan mutasinya."
            for number, amount_rp in session.execute(query)]  # fmt: skip


def every_deposit_movement_is_booked(session: Session, coop_id: int) -> list[str]:
    """Each movement's amount stands in its journal entry, in the member's name; the opening entry carries old ones."""
    account_id, _, _ = standing(session, coop_id)
    line = (
        select(
            JournalLine.entry_seq, JournalLine.member_id,
            func.sum(JournalLine.credit_rp - JournalLine.debit_rp).label("amount_rp"),
        )
        .where(JournalLine.coop_id == coop_id, JournalLine.account_id == account_id)
        .where(JournalLine.member_id.is_not(None))
        .group_by(JournalLine.entry_seq, JournalLine.member_id)
        .subquery()
    )  # fmt: skip
    movement = (
        select(DepositMovement.entry_seq, TimeDeposit.member_id, func.sum(DepositMovement.amount_rp).label("amount_rp"))
        .join(TimeDeposit, TimeDeposit.id == DepositMovement.deposit_id)
        .where(DepositMovement.coop_id == coop_id, ~DepositMovement.source.endswith(":opening"))
        .group_by(DepositMovement.entry_seq, TimeDeposit.member_id)
        .subquery()
    )
    query = (
        select(movement.c.entry_seq)
        .outerjoin(line, and_(line.c.entry_seq == movement.c.entry_seq, line.c.member_id == movement.c.member_id))
        .where(func.coalesce(line.c.amount_rp, 0) != movement.c.amount_rp)
    )
    return [f"Mutasi simpanan berjangka dan jurnal urutan {seq} tidak sama." for seq in session.scalars(query)]
