"""Pinjaman per bulan: what was outstanding at the end of each month, how much of it in trouble, beside the savings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from core.display import month_long, percent_text
from core.money import Rupiah
from reports.loan_portfolio import loan_portfolio
from reports.monthly import months, savings_by_month
from reports.scope import Who, coop_of, frame_of
from reports.shape import Check, Column, Frame, Table, TableRow, money
from reports.tables import as_table
from services.loans import arrears, collectibility
from services.loans.arrears import Standing


@dataclass(frozen=True)
class LoanMonth:
    """The end of a month. `savings_rp` is what all members have saved."""

    since: date
    until: date
    count: int
    outstanding_rp: Rupiah
    late_rp: Rupiah
    npl_pct: Decimal
    par30_pct: Decimal
    savings_rp: Rupiah

    @property
    def of_savings_pct(self) -> Decimal | None:
        """What is lent in percent of what is saved, one decimal; None where nothing is saved."""
        if not self.savings_rp:
            return None
        return (Decimal(self.outstanding_rp) * 100 / self.savings_rp).quantize(Decimal("0.1"))


@dataclass(frozen=True)
class LoansByMonth:
    frame: Frame
    rows: tuple[LoanMonth, ...]
    checks: tuple[Check, ...]


def loans_by_month(session: Session, who: Who, since: date, until: date) -> LoansByMonth:
    """The portfolio at the end of every month. Raises NotAllowed, PeriodReversed, DayOutOfReach."""
    coop_id = coop_of(who, "loans.view")
    frame = frame_of(session, coop_id, "loans-by-month", "Pinjaman per Bulan", since=since, until=until)
    saved = savings_by_month(session, who, since, until)
    stood = arrears.standings_on(session, coop_id, [last for _, last in months(since, until)])
    rows = tuple(
        _month(session, coop_id, (first, last), stood[last], month.total_rp)
        for (first, last), month in zip(months(since, until), saved.rows, strict=True)
    )
    portfolio = loan_portfolio(session, who, until)
    check = Check("Pinjaman per bulan dan daftar pinjaman", rows[-1].outstanding_rp, portfolio.totals["outstanding_rp"])
    return LoansByMonth(frame, rows, (check, *portfolio.checks, *saved.checks))


def _month(
    session: Session, coop_id: int, days: tuple[date, date], stood: Sequence[Standing], savings_rp: Rupiah
) -> LoanMonth:
    classes = collectibility.by_class(collectibility.table(session, coop_id, days[1]), stood)
    return LoanMonth(
        *days, len(stood), sum(one.outstanding_rp for one in stood), sum(one.late_rp for one in stood),
        collectibility.npl_pct(classes), collectibility.par_pct(stood), savings_rp,
    )  # fmt: skip


@as_table.register
def _(report: LoansByMonth) -> Table:
    columns = (
        Column("label", "Bulan", weight=1.4), Column("count", "Pinjaman", "count", 0.7),
        money("outstanding_rp", "Sisa pokok"), money("late_rp", "Tunggakan"), Column("npl_pct", "NPL %", weight=0.6),
        Column("par30_pct", "PAR30 %", weight=0.6), money("savings_rp", "Simpanan"),
        Column("of_savings_pct", "Pinjaman / simpanan %", weight=0.8),
    )  # fmt: skip
    rows = [
        TableRow(
            (
                month_long(r.until), r.count, r.outstanding_rp, r.late_rp, percent_text(r.npl_pct),
                percent_text(r.par30_pct), r.savings_rp,
                "" if r.of_savings_pct is None else percent_text(r.of_savings_pct),
            )
        )
        for r in report.rows
    ]  # fmt: skip
    return Table(report.frame, columns, rows, {}, report.checks)
