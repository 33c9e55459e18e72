"""The schedule a loan keeps: made at disbursement, made anew when principal is paid early or terms change.

The schedule in force always tells the whole loan: what was paid stays in it as rows, so principal sums to the plafond
and what is left sums to the outstanding.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from core.money import Rupiah
from models.loans import Loan, LoanInstallment
from services.loans import queries
from services.loans.schedule import Installment, Terms, schedule


def terms_of(loan: Loan) -> Terms:
    """The terms the loan keeps, with its dates."""
    return Terms(
        principal_rp=loan.principal_rp,
        rate_pct=loan.rate_pct,
        method=loan.method,  # type: ignore[arg-type]
        periods=loan.term,
        rate_basis=loan.rate_basis,  # type: ignore[arg-type]
        period=loan.period,  # type: ignore[arg-type]
        first_due=loan.first_due_on,
        disbursed_on=_counted_from(loan),
        round_to_rp=loan.round_to_rp,
        round_what=loan.round_what,  # type: ignore[arg-type]
        round_mode=loan.round_mode,  # type: ignore[arg-type]
        grace=min(loan.grace, loan.term - 1),
        day_count=loan.day_count,  # type: ignore[arg-type]
    )


def _counted_from(loan: Loan) -> date | None:
    """The day interest runs from; unknown of a loan taken over, whose first due date lies before the books."""
    disbursed_on, first_due_on = loan.disbursed_on, loan.first_due_on
    return None if disbursed_on and first_due_on and first_due_on <= disbursed_on else disbursed_on


def make(session: Session, loan: Loan, *, starts_on: date) -> list[LoanInstallment]:
    """Write the loan's first schedule."""
    rows = [_row(loan, starts_on, row.no, row, row.due_on or starts_on) for row in schedule(terms_of(loan))]
    session.add_all(rows)
    session.flush()  # payments of this transaction look for them
    return rows


def make_rest(
    session: Session, loan: Loan, *, starts_on: date, first_due_on: date, paid_rp: Rupiah
) -> list[LoanInstallment]:
    """The first schedule of a loan of which only the rest is known: one row for what was paid, then what is left."""
    paid = [_row(loan, starts_on, 1, Installment(1, starts_on, paid_rp, 0, 0), starts_on)] if paid_rp else []
    left = loan.principal_rp - paid_rp
    terms = replace(
        terms_of(loan), principal_rp=left, periods=_months_left(loan, first_due_on), first_due=first_due_on,
        disbursed_on=None, grace=0,
        day_count="30/360", interest_base_rp=loan.principal_rp,
    )  # fmt: skip
    rows = paid + [_row(loan, starts_on, no, row, row.due_on or first_due_on)
                   for no, row in enumerate(schedule(terms), start=len(paid) + 1)]  # fmt: skip
    session.add_all(rows)
    session.flush()  # payments of this transaction look for them
    return rows


def _months_left(loan: Loan, first_due_on: date) -> int:
    assert loan.first_due_on is not None
    behind = (first_due_on.year - loan.first_due_on.year) * 12 + first_due_on.month - loan.first_due_on.month
    return max(1, loan.term - behind)


def _row(loan: Loan, starts_on: date, no: int, row: Installment, due_on: date) -> LoanInstallment:
    return LoanInstallment(
        coop_id=loan.coop_id, loan_id=loan.id, schedule_no=loan.schedule_no, starts_on=starts_on, no=no,
        due_on=due_on, principal_rp=row.principal_rp, interest_rp=row.interest_rp, principal_paid_rp=0,
        interest_paid_rp=0, waived_rp=0, penalty_rp=0, penalty_paid_rp=0,
    )  # fmt: skip


def terms_of_rest(
    loan: Loan, rows: Sequence[LoanInstallment], rest: Sequence[LoanInstallment], left_rp: Rupiah, *, shorter: bool
) -> Terms:
    """The loan's terms for the principal that an extra payment leaves, at the rate of a row as before.

    Over the rows that are left, or with `shorter` over as few as keep the installments no larger than they were. Flat
    interest shrinks as the principal does, not more: a thousand rupiah early do not buy the rest anew.
    """
    terms, first_due_on = terms_of(loan), rest[0].due_on
    paid_until = max(row.due_on for row in rows if row.due_on < first_due_on)  # interest is paid up to that day
    if loan.rate_basis == "term":
        terms = replace(terms, rate_pct=terms.rate_pct * len(rest) / loan.term)
    fits = loan.round_to_rp * len(rest) <= left_rp
    terms = replace(
        terms, principal_rp=left_rp, periods=len(rest), grace=0, disbursed_on=paid_until, first_due=first_due_on,
        round_to_rp=loan.round_to_rp if fits else 1,
    )  # fmt: skip
    if terms.method == "flat":
        whole = schedule(replace(terms, principal_rp=sum(row.principal_left_rp for row in rest)))
        anew_rp, owed_rp = (sum(row.interest_rp for row in held) for held in (whole, rest))
        terms = replace(terms, interest_base_rp=left_rp * owed_rp // anew_rp if anew_rp else left_rp)
    return _shortest_within(terms, max(row.principal_rp + row.interest_rp for row in rest)) if shorter else terms


def _shortest_within(terms: Terms, installment_rp: Rupiah) -> Terms:
    """The same loan in the fewest rows whose installments are not above `installment_rp`."""
    for periods in range(1, terms.periods):
        shorter = replace(terms, periods=periods, rate_pct=_rate_over(terms, periods), grace=0)
        if max(row.installment_rp for row in schedule(shorter)) <= installment_rp:
            return shorter
    return terms


def _rate_over(terms: Terms, periods: int) -> Decimal:
    """The rate that keeps a row's interest when a rate for the whole term goes over fewer rows."""
    return terms.rate_pct * periods / terms.periods if terms.rate_basis == "term" else terms.rate_pct


def renew(
    session: Session, loan: Loan, *, on: date, extra_rp: Rupiah, terms: Terms, dues: Sequence[date]
) -> list[LoanInstallment]:
    """Put a new schedule in force: what was paid, an extra payment of principal, then `terms` on what is left.

    `terms.principal_rp` is what is left after the extra payment; `dues` are the due dates of its rows. Interest and
    penalty that were due and not paid go with the first new row.
    """
    old = queries.installments(session, loan)
    loan.schedule_no += 1
    rows = [_kept(loan, on, row) for row in old if row.principal_paid_rp or row.interest_paid_rp or row.penalty_paid_rp]
    if extra_rp:
        extra = _row(loan, on, 0, Installment(0, on, extra_rp, 0, 0), on)
        extra.principal_paid_rp, extra.came_paid = extra_rp, True
        rows.append(extra)
    overdue = [row for row in old if row.due_on <= on]
    new = [
        _row(loan, on, 0, row, due_on) for row, due_on in zip(schedule(terms), dues, strict=True)
    ] if terms.principal_rp else []  # fmt: skip
    if new:
        new[0].interest_rp += sum(row.interest_left_rp for row in overdue)
        new[0].penalty_rp += sum(row.penalty_left_rp for row in old)
    rows += new
    for no, row in enumerate(rows, start=1):
        row.no = no
    session.add_all(rows)
    session.flush()  # payments of this transaction look for them
    return rows


def _kept(loan: Loan, on: date, old: LoanInstallment) -> LoanInstallment:
    """An old row as far as it was paid."""
    return LoanInstallment(
        coop_id=loan.coop_id, loan_id=loan.id, schedule_no=loan.schedule_no, starts_on=on, came_paid=True, no=0,
        due_on=old.due_on,
        principal_rp=old.principal_paid_rp, interest_rp=old.interest_paid_rp + old.waived_rp,
        principal_paid_rp=old.principal_paid_rp, interest_paid_rp=old.interest_paid_rp, waived_rp=old.waived_rp,
        penalty_rp=old.penalty_paid_rp, penalty_paid_rp=old.penalty_paid_rp, penalty_until=old.penalty_until,
    )  # fmt: skip


def unpaid(rows: Sequence[LoanInstallment]) -> list[LoanInstallment]:
    """Rows that still lack principal or interest."""
    return [row for row in rows if row.principal_left_rp or row.interest_left_rp]
