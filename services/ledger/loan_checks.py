"""Truths of loans: what members owe, what they paid, and what the ledger says of both."""

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from core.display import rupiah
from models.ledger import JournalLine
from models.loans import Loan, LoanInstallment, LoanPayment, LoanProduct, LoanTransfer
from models.savings import Receipt
from services.ledger.member_checks import kept_balances
from services.ledger.opening_checks import difference


def loans_equal_their_control_account(session: Session, coop_id: int) -> list[str]:
    """What members owe on the loans of an account is the balance of that account in the ledger."""
    owed = (
        select(LoanProduct.account_id, func.sum(Loan.outstanding_rp))
        .join(Loan, Loan.product_id == LoanProduct.id)
        .where(LoanProduct.coop_id == coop_id, Loan.coop_id == coop_id, Loan.disbursed_on.is_not(None))
        .group_by(LoanProduct.account_id)
    )
    members_rp = {account_id: int(sum_rp) for account_id, sum_rp in session.execute(owed)}
    booked = kept_balances(session, coop_id, list(members_rp))
    return [
        difference(session, coop_id, "Pinjaman anggota", account_id, booked.get(account_id, 0), sum_rp)
        for account_id, sum_rp in members_rp.items()
        if booked.get(account_id, 0) != sum_rp
    ]


def loans_equal_their_payments(session: Session, coop_id: int) -> list[str]:
    """What is left of a loan is its principal less every payment of principal, and what its schedule still asks."""
    paid = (
        select(LoanPayment.loan_id, func.sum(LoanPayment.principal_rp).label("sum_rp"))
        .where(LoanPayment.coop_id == coop_id)
        .group_by(LoanPayment.loan_id)
        .subquery()
    )
    left = (
        select(
            LoanInstallment.loan_id,
            LoanInstallment.schedule_no,
            func.sum(LoanInstallment.principal_rp).label("whole_rp"),
            func.sum(LoanInstallment.principal_rp - LoanInstallment.principal_paid_rp).label("left_rp"),
        )
        .where(LoanInstallment.coop_id == coop_id)
        .group_by(LoanInstallment.loan_id, LoanInstallment.schedule_no)
        .subquery()
    )
    query = (
        select(Loan.number, Loan.outstanding_rp)
        .outerjoin(paid, paid.c.loan_id == Loan.id)
        .outerjoin(left, and_(left.c.loan_id == Loan.id, left.c.schedule_no == Loan.schedule_no))
        .where(Loan.coop_id == coop_id, Loan.disbursed_on.is_not(None))
        .where(
            or_(
                Loan.outstanding_rp != Loan.principal_rp - func.coalesce(paid.c.sum_rp, 0),
                left.c.left_rp.is_(None),
                left.c.left_rp != Loan.outstanding_rp,
                left.c.whole_rp != Loan.principal_rp,
            )
        )
    )
    return [f"Pinjaman {number}: sisa {rupiah(left_rp)} tidak cocok dengan pembayaran atau jadwalnya."
            for number, left_rp in session.execute(query)]  # fmt: skip


def every_loan_payment_is_booked(session: Session, coop_id: int) -> list[str]:
    """Each payment's principal stands in its journal entry, on the product's account and for that member."""
    line = (
        select(
            JournalLine.entry_seq, JournalLine.account_id, JournalLine.member_id,
            func.sum(JournalLine.credit_rp).label("credit_rp"), func.sum(JournalLine.debit_rp).label("debit_rp"),
        )
        .where(JournalLine.coop_id == coop_id, JournalLine.member_id.is_not(None))
        .group_by(JournalLine.entry_seq, JournalLine.account_id, JournalLine.member_id)
        .subquery()
    )  # fmt: skip
    payment = (
        select(
            LoanPayment.entry_seq, LoanProduct.account_id, Loan.member_id,
            func.sum(LoanPayment.principal_rp).label("principal_rp"),
        )
        .join(Loan, Loan.id == LoanPayment.loan_id)
        .join(LoanProduct, LoanProduct.id == Loan.product_id)
        .where(LoanPayment.coop_id == coop_id, LoanPayment.entry_seq.is_not(None), LoanPayment.principal_rp != 0)
        .group_by(LoanPayment.entry_seq, LoanProduct.account_id, Loan.member_id)
        .subquery()
    )  # fmt: skip
    query = (
        select(payment.c.entry_seq)
        .outerjoin(
            line,
            and_(
                line.c.entry_seq == payment.c.entry_seq,
                line.c.account_id == payment.c.account_id,
                line.c.member_id == payment.c.member_id,
            ),
        )
        .where(
            or_(
                line.c.credit_rp.is_(None),
                and_(payment.c.principal_rp > 0, line.c.credit_rp != payment.c.principal_rp),
                and_(payment.c.principal_rp < 0, line.c.debit_rp != -payment.c.principal_rp),
            )
        )
    )
    return [f"Pembayaran pinjaman dan jurnal urutan {seq} tidak sama." for seq in session.scalars(query)]


def every_booked_transfer_is_one_payment(session: Session, coop_id: int) -> list[str]:
    """A transfer said to be booked has its kuitansi, and a payment of that loan and that amount behind it."""
    amount_rp = LoanPayment.principal_rp + LoanPayment.interest_rp + LoanPayment.penalty_rp + LoanPayment.excess_rp
    query = (
        select(LoanTransfer.id)
        .outerjoin(Receipt, and_(Receipt.coop_id == coop_id, Receipt.id == LoanTransfer.receipt_id))
        .outerjoin(LoanPayment, and_(LoanPayment.coop_id == coop_id, LoanPayment.source == Receipt.source))
        .where(LoanTransfer.coop_id == coop_id, LoanTransfer.state == "booked")
        .where(
            or_(
                LoanPayment.id.is_(None),
                LoanPayment.loan_id != LoanTransfer.loan_id,
                LoanPayment.booked_on != LoanTransfer.booked_on,
                amount_rp != LoanTransfer.booked_rp,
            )
        )
    )
    return [f"Transfer {transfer_id} tercatat dibukukan, tetapi pembayarannya lain." for transfer_id in
            session.scalars(query)]  # fmt: skip
