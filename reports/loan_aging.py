"""Tunggakan pinjaman: what is outstanding and late, by class, by how long it has been late and by work unit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from core.money import Rupiah
from reports.loan_portfolio import LoanLine, loan_portfolio
from reports.scope import Who, coop_of, frame_of
from reports.shape import Check, Column, Frame, Table, TableRow, money
from reports.tables import as_table

AGES = ((0, "Tidak menunggak"), (1, "1 - 30 hari"), (31, "31 - 60 hari"), (61, "61 - 90 hari"), (91, "91 - 180 hari"),
        (181, "Lebih dari 180 hari"))  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Loans that belong together; `late_count` of them are late."""

    label: str
    count: int
    outstanding_rp: Rupiah
    late_count: int
    late_rp: Rupiah
    required_rp: Rupiah


@dataclass(frozen=True)
class LoanAging:
    """The same loans three times. Classes and ages in their order, work units by what is late."""

    frame: Frame
    by_class: tuple[Group, ...]
    by_age: tuple[Group, ...]
    by_work_unit: tuple[Group, ...]
    whole: Group
    npl_pct: Decimal
    par30_pct: Decimal
    checks: tuple[Check, ...]
    notes: tuple[str, ...]

    @property
    def totals(self) -> dict[str, int]:
        one = self.whole
        return {
            "count": one.count, "outstanding_rp": one.outstanding_rp, "late_count": one.late_count,
            "late_rp": one.late_rp, "required_rp": one.required_rp,
        }  # fmt: skip


def loan_aging(session: Session, who: Who, as_of: date) -> LoanAging:
    """Who is late at the end of `as_of`, as Daftar Pinjaman of that day tells. Raises NotAllowed, DayOutOfReach."""
    coop_id = coop_of(who, "loans.view")
    portfolio = loan_portfolio(session, who, as_of)
    rows = portfolio.rows
    names = [line.name for line in portfolio.classes]
    places = sorted({row.work_unit for row in rows})
    by_work_unit = sorted(_groups(rows, places, lambda row: row.work_unit), key=lambda one: -one.late_rp)
    return LoanAging(
        frame_of(session, coop_id, "loan-aging", "Tunggakan Pinjaman", since=None, until=as_of),
        _groups(rows, names, lambda row: row.class_name),
        _groups(rows, [label for _, label in AGES], lambda row: _age(row.days_late)),
        tuple(by_work_unit),
        _group("JUMLAH", rows),
        portfolio.npl_pct,
        portfolio.par30_pct,
        portfolio.checks,
        portfolio.notes,
    )


def _age(days: int) -> str:
    return next(label for begins, label in reversed(AGES) if days >= begins)


def _groups(rows: Sequence[LoanLine], labels: Sequence[str], of: Callable[[LoanLine], str]) -> tuple[Group, ...]:
    return tuple(_group(label, [row for row in rows if of(row) == label]) for label in labels)


def _group(label: str, rows: Sequence[LoanLine]) -> Group:
    return Group(
        label, len(rows), sum(row.outstanding_rp for row in rows), sum(row.days_late > 0 for row in rows),
        sum(row.late_rp for row in rows), sum(row.required_rp for row in rows),
    )  # fmt: skip


@as_table.register
def _(report: LoanAging) -> Table:
    columns = (
        Column("label", "Uraian", weight=2.4), Column("count", "Pinjaman", "count", 0.7),
        money("outstanding_rp", "Sisa pokok"), Column("late_count", "Menunggak", "count", 0.8),
        money("late_rp", "Tunggakan"), money("required_rp", "Penyisihan"),
    )  # fmt: skip
    rows: list[TableRow] = []
    parts = (
        ("Menurut kelas", report.by_class), ("Menurut lama menunggak", report.by_age),
        ("Menurut unit kerja", report.by_work_unit),
    )  # fmt: skip
    for title, groups in parts:
        rows.append(TableRow((title, None, None, None, None, None), "header"))
        rows += [TableRow(_cells(one), level=1) for one in groups]
    rows.append(TableRow(_cells(report.whole), "total"))
    return Table(report.frame, columns, rows, report.totals, report.checks, report.notes)


def _cells(one: Group) -> tuple[str, int, Rupiah, int, Rupiah, Rupiah]:
    return one.label, one.count, one.outstanding_rp, one.late_count, one.late_rp, one.required_rp
