"""The facts a loan is decided on, and a score whose every point has its reason beside it."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import rupiah
from core.money import Rupiah, percent_of
from models.loans import Loan, LoanInstallment
from models.savings import SavingsAccount
from services.loans import products, schedules
from services.loans.schedule import effective_annual_pct, periods_per_year, schedule
from services.settings import dated


@dataclass(frozen=True)
class Reason:
    """One line of the score: points given, of how many, and why."""

    points: int
    of: int
    text: str


@dataclass(frozen=True)
class Card:
    """The analysis card. Amounts in rupiah; `ability_rp` is what the income leaves for installments each month."""

    savings_rp: Rupiah
    running_loans: int
    running_rp: Rupiah
    late_installments: int
    worst_days_late: int
    member_months: int
    installment_rp: Rupiah
    total_interest_rp: Rupiah
    yearly_pct: str
    above_cap_pct: str
    ability_rp: Rupiah
    savings_limit_rp: Rupiah
    salary_limit_rp: Rupiah
    score: int
    reasons: list[Reason]


def card(session: Session, actor: Actor, loan: Loan, *, principal_rp: Rupiah, term: int, on: date) -> Card:
    """Everything about the member that bears on this loan, as of `on`. The score is 0 to 100."""
    product = loan.product
    terms = replace(
        schedules.terms_of(loan), principal_rp=principal_rp, periods=term, grace=min(loan.grace, term - 1),
        disbursed_on=on,  # interest by the day needs one; the real one is not known yet
    )  # fmt: skip
    rows = schedule(terms)
    fees = products.fees_of(product, principal_rp)
    yearly = effective_annual_pct(rows, principal_rp - fees.fee_rp - fees.admin_rp, periods_per_year(terms))
    cap = products.too_dear(session, actor.coop_id, yearly, on)
    savings_rp = _savings(session, loan.member_id)
    running = _running(session, loan)
    late, worst = _history(session, loan.member_id, on)
    ability_rp = _ability(session, actor, loan, on)
    months = _months(loan.member.joined_on, on)
    installment_rp = max(row.installment_rp for row in rows)
    savings_limit_rp = int(product.times_savings * savings_rp)
    salary_limit_rp = percent_of(loan.salary_rp, product.salary_share_pct, "down")
    reasons = [
        _ability_reason(loan, ability_rp, installment_rp),
        _history_reason(late, worst),
        _savings_reason(savings_rp, principal_rp, product.times_savings),
        _membership_reason(months),
    ]
    return Card(
        savings_rp, len(running), sum(running), late, worst, months, installment_rp,
        sum(row.interest_rp for row in rows), f"{yearly}", "" if cap is None else f"{cap}", ability_rp,
        savings_limit_rp, salary_limit_rp, sum(reason.points for reason in reasons), reasons,
    )  # fmt: skip


def _savings(session: Session, member_id: int) -> Rupiah:
    query = select(func.sum(SavingsAccount.balance_rp)).where(SavingsAccount.member_id == member_id)
    return int(session.scalar(query) or 0)


def _running(session: Session, loan: Loan) -> list[Rupiah]:
    query = select(Loan.outstanding_rp).where(
        Loan.member_id == loan.member_id, Loan.state == "running", Loan.id != (loan.replaces_id or 0)
    )
    return list(session.scalars(query))


def _history(session: Session, member_id: int, on: date) -> tuple[int, int]:
    """Installments past due and not paid, and the most days any of them is late."""
    query = (
        select(LoanInstallment)
        .join(Loan, Loan.id == LoanInstallment.loan_id)
        .where(
            Loan.member_id == member_id, Loan.state == "running", LoanInstallment.due_on < on,
            LoanInstallment.schedule_no == Loan.schedule_no,
        )
    )  # fmt: skip
    late = [row for row in session.scalars(query) if row.left_rp]
    return len(late), max(((on - row.due_on).days for row in late), default=0)


def _ability(session: Session, actor: Actor, loan: Loan, on: date) -> Rupiah:
    percent = dated.percent(session, actor.coop_id, "loans.ability_pct", on)
    return max(0, percent_of(loan.salary_rp, percent, "down") - loan.other_debts_rp)


def _months(joined_on: date | None, on: date) -> int:
    return 0 if joined_on is None else max(0, (on.year - joined_on.year) * 12 + on.month - joined_on.month)


def _ability_reason(loan: Loan, ability_rp: Rupiah, installment_rp: Rupiah) -> Reason:
    if not loan.salary_rp:
        return Reason(0, 40, "Penghasilan belum diisi, kemampuan bayar tidak dapat dihitung.")
    text = f"Angsuran terbesar {rupiah(installment_rp)}, kemampuan {rupiah(ability_rp)} per bulan."
    if installment_rp > ability_rp:
        return Reason(0, 40, f"Di atas kemampuan. {text}")
    return Reason(40 if installment_rp * 2 <= ability_rp else 30, 40, text)


def _history_reason(late: int, worst: int) -> Reason:
    if not late:
        return Reason(30, 30, "Tidak ada tunggakan.")
    return Reason(10 if worst <= 30 else 0, 30, f"{late} angsuran menunggak, terlama {worst} hari.")


def _savings_reason(savings_rp: Rupiah, principal_rp: Rupiah, times: Decimal) -> Reason:
    ratio = f"{principal_rp / max(1, savings_rp):.1f}".replace(".", ",")
    text = f"Simpanan {rupiah(savings_rp)}, pinjaman {ratio} kali simpanan."
    limit = times or Decimal(10)
    if principal_rp > limit * savings_rp:
        return Reason(0, 20, f"{text} Batas {limit:f} kali.".replace(".0 kali", " kali"))
    return Reason(20 if principal_rp * 2 <= limit * savings_rp else 12, 20, text)


def _membership_reason(months: int) -> Reason:
    return Reason(10 if months >= 12 else 5 if months >= 6 else 0, 10, f"Anggota selama {months} bulan.")
