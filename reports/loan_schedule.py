"""A borrower's own view: their running loans, the schedule of one, and what paying extra today would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import date_long
from core.money import Rupiah
from models.loans import Loan, LoanInstallment
from reports.scope import frame_of
from reports.shape import Check, Column, Frame, Table, TableRow, money
from reports.tables import as_table
from services.loans import queries, repayment, schedules
from services.loans.schedule import schedule

Result = Literal["shorter", "smaller"]
RESULTS: dict[Result, str] = {"shorter": "Lebih cepat lunas", "smaller": "Angsuran lebih kecil"}
"""What an extra payment of principal may do to the rest."""


@dataclass(frozen=True)
class ScheduleRow:
    """An installment: what it asks, what is still open of it, and the principal left once it is paid."""

    no: int
    due_on: date
    principal_rp: Rupiah
    interest_rp: Rupiah
    left_rp: Rupiah
    balance_rp: Rupiah
    state: str

    @property
    def installment_rp(self) -> Rupiah:
        return self.principal_rp + self.interest_rp


@dataclass(frozen=True)
class OwnLoan:
    """A loan of one's own as of a day. `open_rp` must be paid before anything counts as extra; penalty is in it."""

    frame: Frame
    loan_id: int
    number: str
    product: str
    principal_rp: Rupiah
    outstanding_rp: Rupiah
    due_on: date | None
    due_rp: Rupiah
    late_rp: Rupiah
    open_rp: Rupiah
    payoff_rp: Rupiah
    rows: tuple[ScheduleRow, ...]

    @property
    def ends_on(self) -> date:
        return self.rows[-1].due_on

    @property
    def most_extra_rp(self) -> Rupiah:
        """Principal that would still be left after what is open now."""
        return sum(row.principal_rp for row in self.rows if row.state == "belum")


@dataclass(frozen=True)
class ExtraPaid:
    """What an extra payment of principal changes: the rest of the schedule before and after it."""

    extra_rp: Rupiah
    count_before: int
    count: int
    installment_before_rp: Rupiah
    installment_rp: Rupiah
    ends_before: date
    ends_on: date
    interest_before_rp: Rupiah
    interest_rp: Rupiah

    @property
    def saved_rp(self) -> Rupiah:
        return self.interest_before_rp - self.interest_rp


def own_loans(session: Session, who: Actor, on: date) -> tuple[OwnLoan, ...]:
    """The member's running loans as they stand, the newest first. Raises NotAllowed, NotFound."""
    who.must("own.view")
    found = queries.of_member(session, who, who.member_id or 0)
    return tuple(_own(session, who, loan, on) for loan in found if loan.state == "running")


def _own(session: Session, who: Actor, loan: Loan, on: date) -> OwnLoan:
    frame = frame_of(session, who.coop_id, "loan-schedule", f"Jadwal Angsuran {loan.number}", since=None, until=on)
    rows = queries.installments(session, loan)
    due = queries.next_due(rows, on)
    now, _ = _now_and_later(rows, on)
    grown = repayment.penalties(loan, rows, on)
    new_rp = sum(grown.values())
    balance_rp, shown = loan.principal_rp, []
    for row in rows:
        balance_rp -= row.principal_rp
        state = (
            "lunas" if not row.left_rp else "terlambat" if row.due_on < on else "sekarang" if row in now else "belum"
        )
        left_rp = row.left_rp + grown[row.no]
        shown.append(ScheduleRow(row.no, row.due_on, row.principal_rp, row.interest_rp, left_rp, balance_rp, state))
    payoff_rp = repayment.quote_of(session, loan, max(on, loan.disbursed_on or on)).total_rp
    return OwnLoan(
        frame, loan.id, loan.number, loan.product.name, loan.principal_rp, loan.outstanding_rp,
        due.due_on if due else None, (due.amount_rp if due else 0) + new_rp, (due.late_rp if due else 0) + new_rp,
        sum(row.left_rp for row in now) + new_rp, payoff_rp, tuple(shown),
    )  # fmt: skip


def _now_and_later(rows: Sequence[LoanInstallment], on: date) -> tuple[list[LoanInstallment], list[LoanInstallment]]:
    """Rows a payment of today goes to first (late ones and the next), and those an extra payment changes."""
    unpaid = [row for row in rows if row.left_rp]
    later = [row for row in unpaid if row.due_on >= on][1:]
    return [row for row in unpaid if row not in later], later


def extra_paid(
    session: Session, who: Actor, loan_id: int, on: date, extra_rp: Rupiah, result: Result
) -> ExtraPaid | None:
    """What paying `extra_rp` of principal that day on top of what is open would change, as `repayment.pay` does it.

    None where nothing of the loan would be left to change. Raises NotFound.
    """
    loan = queries.loan(session, who, loan_id)
    rows = queries.installments(session, loan)
    _, later = _now_and_later(rows, on)
    left_rp = sum(row.principal_left_rp for row in later) - extra_rp
    if left_rp <= 0 or extra_rp <= 0:
        return None
    terms = schedules.terms_of_rest(loan, rows, later, left_rp, shorter=result == "shorter")
    new, dues = schedule(terms), [row.due_on for row in later]
    return ExtraPaid(
        extra_rp, len(later), len(new), max(row.principal_rp + row.interest_rp for row in later),
        max(row.installment_rp for row in new), dues[-1], dues[len(new) - 1],
        sum(row.interest_left_rp for row in later), sum(row.interest_rp for row in new),
    )  # fmt: skip


@as_table.register
def _(report: OwnLoan) -> Table:
    columns = (
        Column("code", "Ke", "count", 0.5), Column("due_on", "Jatuh tempo", "date", 1),
        Column("label", "Keadaan", weight=1), money("principal_rp", "Pokok"), money("interest_rp", "Jasa"),
        money("installment_rp", "Angsuran"), money("balance_rp", "Sisa pokok"),
    )  # fmt: skip
    rows = [
        TableRow((r.no, r.due_on, r.state, r.principal_rp, r.interest_rp, r.installment_rp, r.balance_rp))
        for r in report.rows
    ]
    check = Check("Pokok jadwal dan plafon", sum(row.principal_rp for row in report.rows), report.principal_rp)
    notes = (f"Berakhir {date_long(report.ends_on)} bila dibayar menurut jadwal.",)
    return Table(report.frame, columns, rows, {"principal_rp": report.principal_rp}, (check,), notes)
