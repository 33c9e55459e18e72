"""What must hold of loans at any moment, counted anew from the rows, without the services' own arithmetic."""

from datetime import date

from sqlalchemy import func
from sqlalchemy.orm import Session

from models.ledger import AccountMonth, AccountRole
from models.loans import Loan, LoanInstallment, LoanPayment
from services.ledger.chart import Role
from services.ledger.checks import check_books
from services.loans import arrears
from tests.conftest import World


def assert_truths(world: World, as_of: date) -> None:
    """Every truth of the books, of each loan, of who is late as of `as_of` (no booking of a loan is later)."""
    with world.reading() as session:
        assert check_books(session, world.coop.id) == []
        loans = session.query(Loan).filter(Loan.disbursed_on.is_not(None)).order_by(Loan.id).all()
        for loan in loans:
            _assert_loan(session, loan)
        _assert_income(session)
        told = arrears.standings(session, world.coop.id, as_of)
        found = [_late(session, loan, as_of) for loan in loans if loan.outstanding_rp]
        assert [
            (s.loan_id, s.outstanding_rp, s.late_principal_rp, s.late_interest_rp, s.days_late) for s in told
        ] == found


def rows_in_force(session: Session, loan: Loan) -> list[LoanInstallment]:
    query = session.query(LoanInstallment).filter_by(loan_id=loan.id, schedule_no=loan.schedule_no)
    return query.order_by(LoanInstallment.no).all()


def _assert_loan(session: Session, loan: Loan) -> None:
    rows, paid = rows_in_force(session, loan), session.query(LoanPayment).filter_by(loan_id=loan.id).all()
    assert sum(row.principal_rp for row in rows) == loan.principal_rp
    assert [row.no for row in rows] == list(range(1, len(rows) + 1))
    assert 0 <= loan.outstanding_rp == loan.principal_rp - sum(payment.principal_rp for payment in paid)
    assert sum(row.principal_left_rp for row in rows) == loan.outstanding_rp
    assert all(min(row.principal_left_rp, row.interest_left_rp, row.penalty_left_rp) >= 0 for row in rows)
    assert sum(row.interest_paid_rp for row in rows) == sum(payment.interest_rp for payment in paid)
    assert sum(row.penalty_paid_rp for row in rows) == sum(payment.penalty_rp for payment in paid)
    if loan.state == "settled":
        assert not any(row.left_rp for row in rows)
    assert (loan.state == "running") == (loan.ended_on is None)


def _assert_income(session: Session) -> None:
    """Interest and penalty in the books are those of the payments: nothing is earned twice or forgotten."""
    for role, column in ((Role.LOAN_INTEREST_INCOME, "interest_rp"), (Role.PENALTY_INCOME, "penalty_rp")):
        account = session.query(AccountRole.account_id).filter(AccountRole.role == role.value).scalar()
        months = session.query(AccountMonth).filter(AccountMonth.account_id == account)
        booked_rp = sum(month.credit_rp - month.debit_rp for month in months)
        paid = session.query(func.sum(getattr(LoanPayment, column))).filter(LoanPayment.entry_seq.is_not(None))
        assert booked_rp == (paid.scalar() or 0), role


def _late(session: Session, loan: Loan, as_of: date) -> tuple[int, int, int, int, int]:
    """From what each row lacks now."""
    late = [row for row in rows_in_force(session, loan) if row.due_on <= as_of]
    lacking = [row.due_on for row in late if row.principal_left_rp or row.interest_left_rp]
    return (
        loan.id, loan.outstanding_rp, sum(row.principal_left_rp for row in late),
        sum(row.interest_left_rp for row in late), (as_of - min(lacking)).days if lacking else 0,
    )  # fmt: skip
