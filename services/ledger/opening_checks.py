"""Between bringing members along with their balances and booking the opening entry, control accounts differ: told as
that, with the next step, and only as far as the difference is exactly what was brought along.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.display import rupiah
from core.money import Rupiah
from models.coops import Coop
from models.loans import Loan, LoanPayment, LoanProduct
from models.savings import SavingsAccount, SavingsMovement, SavingsProduct

WAITS = "Saldo awal belum dibukukan"
NEXT = "Langkah berikut: masukkan neraca saldo awal lewat Pembukuan > Impor berkas, atau ./run.sh import opening."


def difference(session: Session, coop_id: int, what: str, account_id: int, booked_rp: Rupiah, own_rp: Rupiah) -> str:
    """The sentence for a control account that is not what its members' list adds up to."""
    if session.get_one(Coop, coop_id).books_start_on is None:
        brought_rp = brought_along(session, coop_id).get(account_id, 0)
        if brought_rp and brought_rp == own_rp - booked_rp:
            return f"{WAITS}: {what} menurut anggota {rupiah(own_rp)}, buku besar {rupiah(booked_rp)}. {NEXT}"
    return f"{what}: buku besar {rupiah(booked_rp)}, anggota {rupiah(own_rp)}."


def brought_along(session: Session, coop_id: int) -> dict[int, Rupiah]:
    """What members' opening balances and loans add up to, per control account."""
    found: dict[int, Rupiah] = {}
    for account_id, sum_rp in (*_saved(session, coop_id), *_lent(session, coop_id)):
        found[account_id] = found.get(account_id, 0) + sum_rp
    return found


def _saved(session: Session, coop_id: int) -> list[tuple[int, Rupiah]]:
    query = (
        select(SavingsProduct.account_id, func.sum(SavingsMovement.amount_rp))
        .join(SavingsAccount, SavingsAccount.product_id == SavingsProduct.id)
        .join(SavingsMovement, SavingsMovement.account_id == SavingsAccount.id)
        .where(
            SavingsProduct.coop_id == coop_id, SavingsAccount.coop_id == coop_id, SavingsMovement.coop_id == coop_id,
            SavingsMovement.kind == "opening",
        )
        .group_by(SavingsProduct.account_id)
    )  # fmt: skip
    return [(account_id, int(sum_rp)) for account_id, sum_rp in session.execute(query)]


def _lent(session: Session, coop_id: int) -> list[tuple[int, Rupiah]]:
    """What was left, at the start, of the loans members brought along."""
    paid = (
        select(LoanPayment.loan_id, func.sum(LoanPayment.principal_rp).label("sum_rp"))
        .where(LoanPayment.coop_id == coop_id, LoanPayment.kind == "opening")
        .group_by(LoanPayment.loan_id)
        .subquery()
    )
    query = (
        select(LoanProduct.account_id, func.sum(Loan.principal_rp - func.coalesce(paid.c.sum_rp, 0)))
        .join(Loan, Loan.product_id == LoanProduct.id)
        .outerjoin(paid, paid.c.loan_id == Loan.id)
        .where(LoanProduct.coop_id == coop_id, Loan.coop_id == coop_id, Loan.token.startswith("import:opening:"))
        .group_by(LoanProduct.account_id)
    )
    return [(account_id, int(sum_rp)) for account_id, sum_rp in session.execute(query)]
