"""Who is late, as of any day: from the schedules and the payments booked up to that day, for many loans at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.money import Rupiah
from models.loans import Loan, LoanInstallment, LoanPayment


@dataclass(frozen=True)
class Standing:
    """A loan on a day. Late amounts are of installments due up to that day; `days_late` counts from the oldest."""

    loan_id: int
    member_id: int
    product_id: int
    outstanding_rp: Rupiah
    late_principal_rp: Rupiah
    late_interest_rp: Rupiah
    days_late: int

    @property
    def late_rp(self) -> Rupiah:
        return self.late_principal_rp + self.late_interest_rp


def standings(session: Session, coop_id: int, as_of: date, *, member_id: int | None = None) -> list[Standing]:
    """Every loan that still had principal outstanding at the end of `as_of`, by loan id. Four questions, any number."""
    return standings_on(session, coop_id, [as_of], member_id=member_id)[as_of]


def standings_on(
    session: Session, coop_id: int, days: Sequence[date], *, member_id: int | None = None
) -> dict[date, list[Standing]]:
    """As `standings`, of several days for the questions of one."""
    last = max(days)
    query = select(Loan).where(Loan.coop_id == coop_id, Loan.disbursed_on <= last).order_by(Loan.id)
    if member_id is not None:
        query = query.where(Loan.member_id == member_id)
    loans = list(session.scalars(query))
    only = None if member_id is None else [loan.id for loan in loans]
    paid, schedules = _payments(session, coop_id, last, only), _schedules(session, coop_id, last, only)
    return {
        day: [
            found
            for loan in loans
            if (found := _standing(loan, schedules.get(loan.id, []), paid.get(loan.id, []), day)) is not None
        ]
        for day in days
    }


class _Paid(NamedTuple):
    loan_id: int
    booked_on: date
    schedule_no: int
    interest_rp: Rupiah
    principal_rp: Rupiah
    parts: list[list[int]]


class _Row(NamedTuple):
    loan_id: int
    schedule_no: int
    starts_on: date
    no: int
    due_on: date
    came_paid: bool
    principal_rp: Rupiah
    interest_rp: Rupiah


# plain rows: a portfolio has tens of thousands, and objects that can be changed cost ten times as much to read
_PAID = select(*(getattr(LoanPayment, name) for name in _Paid._fields))
_ROW = select(*(getattr(LoanInstallment, name) for name in _Row._fields))


def _payments(session: Session, coop_id: int, last: date, only: list[int] | None) -> dict[int, list[_Paid]]:
    by_loan: dict[int, list[_Paid]] = defaultdict(list)
    query = _PAID.where(LoanPayment.coop_id == coop_id, LoanPayment.booked_on <= last, LoanPayment.kind != "recovery")
    if only is not None:
        query = query.where(LoanPayment.loan_id.in_(only))
    for payment in session.execute(query.order_by(LoanPayment.id)):
        by_loan[payment.loan_id].append(_Paid(*payment))
    return by_loan


def _schedules(session: Session, coop_id: int, last: date, only: list[int] | None) -> dict[int, list[list[_Row]]]:
    """The schedules of each loan that began up to `last`, the oldest first."""
    by_loan: dict[int, list[list[_Row]]] = defaultdict(list)
    query = _ROW.where(LoanInstallment.coop_id == coop_id, LoanInstallment.starts_on <= last)
    if only is not None:
        query = query.where(LoanInstallment.loan_id.in_(only))
    order = (LoanInstallment.loan_id, LoanInstallment.schedule_no, LoanInstallment.no)
    for found in session.execute(query.order_by(*order)):
        row = _Row(*found)
        held = by_loan[row.loan_id]
        if not held or held[-1][0].schedule_no != row.schedule_no:
            held.append([])
        held[-1].append(row)
    return by_loan


def _standing(
    loan: Loan, schedules: Sequence[Sequence[_Row]], payments: Sequence[_Paid], as_of: date
) -> Standing | None:
    """How the loan stood that day under the schedule in force then; None before it began and when nothing was owed."""
    paid = [payment for payment in payments if payment.booked_on <= as_of]
    outstanding_rp = loan.principal_rp - sum(payment.principal_rp for payment in paid)
    if loan.disbursed_on is None or loan.disbursed_on > as_of or outstanding_rp <= 0:
        return None
    rows: Sequence[_Row] = next((held for held in reversed(schedules) if held[0].starts_on <= as_of), [])
    got = _got(rows, paid)
    late_principal_rp = late_interest_rp = 0
    oldest: date | None = None
    for row in rows:
        if row.due_on > as_of:
            continue  # not the end: a row paid ahead stays in its place when the terms after it change
        interest_rp, principal_rp = got.get(row.no, (0, 0))
        lacks = row.principal_rp - principal_rp, row.interest_rp - interest_rp
        if any(lacks):
            late_principal_rp += lacks[0]
            late_interest_rp += lacks[1]
            oldest = min(oldest or row.due_on, row.due_on)
    days = (as_of - oldest).days if oldest else 0
    return Standing(loan.id, loan.member_id, loan.product_id, outstanding_rp, late_principal_rp, late_interest_rp, days)


def _got(rows: Sequence[_Row], paid: Sequence[_Paid]) -> dict[int, tuple[Rupiah, Rupiah]]:
    """Interest and principal that each row had got: what it brought along from an older schedule, and since."""
    got = {row.no: [row.interest_rp, row.principal_rp] for row in rows if row.came_paid}
    for payment in paid:
        if rows and payment.schedule_no > rows[0].schedule_no:  # new terms that begin later were agreed before it
            _spread(rows, got, [payment.interest_rp, payment.principal_rp])
        elif rows and payment.schedule_no == rows[0].schedule_no:
            for no, _, interest_rp, principal_rp in payment.parts:
                had = got.setdefault(no, [0, 0])
                had[0] += interest_rp
                had[1] += principal_rp
    return {no: (interest_rp, principal_rp) for no, (interest_rp, principal_rp) in got.items()}


def _spread(rows: Sequence[_Row], got: dict[int, list[Rupiah]], left: list[Rupiah]) -> None:
    """Give interest and principal to the rows that lack them, oldest first."""
    for row in rows:
        had = got.setdefault(row.no, [0, 0])
        for place, whole_rp in enumerate((row.interest_rp, row.principal_rp)):
            give_rp = max(0, min(left[place], whole_rp - had[place]))
            had[place] += give_rp
            left[place] -= give_rp
