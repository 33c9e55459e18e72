"""Arus pinjaman: what was lent and what came back, month by month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from core.display import month_long
from core.money import Rupiah
from models.loans import Loan, LoanPayment, LoanProduct
from reports.loan_portfolio import control_checks
from reports.monthly import months
from reports.scope import Who, books_start, coop_of, frame_of
from reports.shape import Check, Column, Frame, Table, TableRow, money
from reports.tables import as_table

NOTES = ("Angsuran termasuk pelunasan, potongan gaji, kompensasi dan pelunasan anggota keluar.",)


@dataclass(frozen=True)
class FlowMonth:
    """`outstanding_rp` is principal at the end: what stood, and what was lent, less what came back or was written off.

    `recovered_rp` came in on loans written off.
    """

    since: date
    until: date
    count: int
    disbursed_rp: Rupiah
    principal_rp: Rupiah
    interest_rp: Rupiah
    penalty_rp: Rupiah
    written_off_rp: Rupiah
    recovered_rp: Rupiah
    outstanding_rp: Rupiah

    @property
    def collected_rp(self) -> Rupiah:
        return self.principal_rp + self.interest_rp + self.penalty_rp


@dataclass(frozen=True)
class LoanFlow:
    frame: Frame
    rows: tuple[FlowMonth, ...]
    checks: tuple[Check, ...]

    @property
    def totals(self) -> dict[str, int]:
        names = ("count", "disbursed_rp", "principal_rp", "interest_rp", "penalty_rp", "written_off_rp", "recovered_rp")
        sums = {name: sum(getattr(row, name) for row in self.rows) for name in names}
        return {**sums, "outstanding_rp": self.rows[-1].outstanding_rp if self.rows else 0}


@dataclass(frozen=True)
class _Moved:
    """What one day did to the loans of one control account."""

    on: date
    account_id: int
    kind: str
    count: int
    principal_rp: Rupiah
    interest_rp: Rupiah
    penalty_rp: Rupiah
    excess_rp: Rupiah


def loan_flow(session: Session, who: Who, since: date, until: date) -> LoanFlow:
    """Disbursement and collection of every month from `since` to `until`, as far as there are books.

    Raises NotAllowed, PeriodReversed, DayOutOfReach.
    """
    coop_id = coop_of(who, "loans.view")
    frame = frame_of(session, coop_id, "loan-flow", "Pencairan dan Angsuran Pinjaman", since=since, until=until)
    since = max(since, books_start(session, coop_id) or since)  # loans of the opening were not lent in these books
    moved = _moved(session, coop_id, until)
    stood_rp = sum(_grown(one) for one in moved if one.on < since)
    rows: list[FlowMonth] = []
    for first, last in months(since, until):
        month = _month(first, last, [one for one in moved if first <= one.on <= last], stood_rp)
        stood_rp = month.outstanding_rp
        rows.append(month)
    owed: dict[int, Rupiah] = {}
    for one in moved:
        owed[one.account_id] = owed.get(one.account_id, 0) + _grown(one)
    return LoanFlow(frame, tuple(rows), control_checks(session, coop_id, until, owed))


def _moved(session: Session, coop_id: int, until: date) -> list[_Moved]:
    paid, product = LoanPayment, LoanProduct
    lent = (
        select(Loan.disbursed_on, product.account_id, func.count(), func.sum(Loan.principal_rp))
        .join(product, and_(product.coop_id == Loan.coop_id, product.id == Loan.product_id))
        .where(Loan.coop_id == coop_id, Loan.disbursed_on <= until)
        .group_by(Loan.disbursed_on, product.account_id)
    )
    sums = [func.sum(column) for column in (paid.principal_rp, paid.interest_rp, paid.penalty_rp, paid.excess_rp)]
    back = (
        select(paid.booked_on, product.account_id, paid.kind, func.count(), *sums)
        .join(Loan, and_(Loan.coop_id == paid.coop_id, Loan.id == paid.loan_id))
        .join(product, and_(product.coop_id == Loan.coop_id, product.id == Loan.product_id))
        .where(paid.coop_id == coop_id, paid.booked_on <= until)
        .group_by(paid.booked_on, product.account_id, paid.kind)
    )
    found = [_Moved(on, key, "lent", count, int(rp), 0, 0, 0) for on, key, count, rp in session.execute(lent) if on]
    return found + [
        _Moved(on, key, kind, count, *(int(rp) for rp in amounts))
        for on, key, kind, count, *amounts in session.execute(back)
    ]


def _grown(one: _Moved) -> Rupiah:
    """By how much it changed what is outstanding."""
    return one.principal_rp if one.kind == "lent" else -one.principal_rp


def _month(since: date, until: date, moved: Iterable[_Moved], stood_rp: Rupiah) -> FlowMonth:
    lent = [one for one in moved if one.kind == "lent"]
    lost = [one for one in moved if one.kind == "write_off"]
    back = [one for one in moved if one.kind not in {"lent", "write_off", "recovery", "opening"}]
    return FlowMonth(
        since, until, sum(one.count for one in lent), sum(one.principal_rp for one in lent),
        sum(one.principal_rp for one in back), sum(one.interest_rp for one in back),
        sum(one.penalty_rp for one in back), sum(one.principal_rp for one in lost),
        sum(one.excess_rp for one in moved if one.kind == "recovery"), stood_rp + sum(_grown(one) for one in moved),
    )  # fmt: skip


@as_table.register
def _(report: LoanFlow) -> Table:
    columns = (
        Column("label", "Bulan", weight=1.4), Column("count", "Pinjaman baru", "count", 0.7),
        money("disbursed_rp", "Dicairkan"), money("principal_rp", "Angsuran pokok"), money("interest_rp", "Jasa"),
        money("penalty_rp", "Denda"), money("written_off_rp", "Hapus buku"), money("recovered_rp", "Pemulihan"),
        money("outstanding_rp", "Sisa pokok"),
    )  # fmt: skip
    rows = [
        TableRow(
            (
                month_long(r.until), r.count, r.disbursed_rp, r.principal_rp, r.interest_rp, r.penalty_rp,
                r.written_off_rp, r.recovered_rp, r.outstanding_rp,
            )
        )
        for r in report.rows
    ]  # fmt: skip
    rows.append(TableRow(("JUMLAH", *report.totals.values()), "total"))
    return Table(report.frame, columns, rows, report.totals, report.checks, NOTES)
