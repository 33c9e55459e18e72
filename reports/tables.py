"""Every report as the one `Table` that screens, text, Excel, PDF and JSON draw."""

from functools import singledispatch
from typing import Protocol

from core.money import Rupiah
from reports.equity_changes import EquityChanges
from reports.journal import Journal, line_drill
from reports.ledger_pages import Ledger, entry_drill, opening_drill, page_drill
from reports.member_statement import MemberStatement
from reports.savings_summary import SavingsSummary
from reports.shape import Column, Drill, Frame, Statement, Table, TableRow, money
from reports.trial_balance import TrialBalance


class Report(Protocol):
    """Whatever has a frame and is known to `as_table`: here, or registered where the report is made."""

    @property
    def frame(self) -> Frame: ...


_CODE = Column("code", "Kode", weight=0.7)
_PAGE_CODE = Column("code", "Kode", weight=0.7, on_paper=False)  # the page's heading says it


@singledispatch
def as_table(report: object) -> Table:
    """The report as rows and columns."""
    raise TypeError(f"no table for {type(report).__name__}")


@as_table.register
def _(report: Statement) -> Table:
    compared = report.frame.compare_until is not None
    columns = [_CODE, Column("label", "Uraian", weight=3.2), money("amount_rp", report.frame.heading)]
    if compared:
        columns.append(money("comparison_rp", report.frame.compare_heading))
    rows = []
    for row in report.rows:
        figures = () if row.kind == "header" else (row.amount_rp, row.comparison_rp)[: 2 if compared else 1]
        cells = (row.code, row.label, *(figures or (None,) * (2 if compared else 1)))
        rows.append(TableRow(cells, row.kind, row.level, row.drill))
    return Table(report.frame, tuple(columns), rows, report.totals, report.checks, report.notes)


@as_table.register
def _(report: TrialBalance) -> Table:
    columns = (_CODE, Column("label", "Akun", weight=3), money("debit_rp", "Debit"), money("credit_rp", "Kredit"))
    rows = [TableRow((r.code, r.label, r.debit_rp or None, r.credit_rp or None), drill=r.drill) for r in report.rows]
    rows.append(TableRow(("", "JUMLAH", report.totals["debit_rp"], report.totals["credit_rp"]), "total"))
    return Table(report.frame, columns, rows, report.totals, report.checks)


@as_table.register
def _(report: EquityChanges) -> Table:
    columns = (
        _CODE, Column("label", "Uraian", weight=2.4), money("opening_rp", "Saldo awal"),
        money("increase_rp", "Penambahan"), money("decrease_rp", "Pengurangan"), money("amount_rp", "Saldo akhir"),
    )  # fmt: skip
    rows = [
        TableRow((r.code, r.label, r.opening_rp, r.increase_rp, r.decrease_rp, r.closing_rp), drill=r.drill)
        for r in report.rows
    ]
    rows.append(TableRow(("", "JUMLAH EKUITAS", *report.totals.values()), "total"))
    return Table(report.frame, columns, rows, report.totals, report.checks, report.notes)


@as_table.register
def _(report: Ledger) -> Table:
    columns = (
        _PAGE_CODE, Column("booked_on", "Tanggal", "date", 0.8), Column("entry", "Jurnal", weight=0.9),
        Column("voucher_no", "Bukti", weight=0.9), Column("label", "Uraian", weight=2.2), money("debit_rp", "Debit"),
        money("credit_rp", "Kredit"), money("amount_rp", "Saldo"),
    )  # fmt: skip
    rows: list[TableRow] = []
    for page in report.pages:
        alone = page_drill(report, page) if len(report.pages) > 1 else None
        rows.append(TableRow((page.code, None, "", "", f"{page.code} {page.label}", None, None, None), "header"))
        begun = "Saldo awal" if page.brought_forward_rp == page.opening_rp else "Saldo pindahan"
        opening = (page.code, report.frame.since, "", "", begun, None, None, page.brought_forward_rp)
        rows.append(TableRow(opening, drill=opening_drill(report, page)))
        for e in page.entries:
            cells = (page.code, e.booked_on, e.label, e.voucher_no, e.memo, _shown(e.debit_rp), _shown(e.credit_rp))
            rows.append(TableRow((*cells, e.balance_rp), drill=entry_drill(e)))
        total = (page.code, None, "", "", "Jumlah dan saldo akhir", page.debit_rp, page.credit_rp, page.closing_rp)
        rows.append(TableRow(total, "total", drill=alone))
    if len(report.pages) > 1:
        totals = report.totals
        sums = (totals["debit_rp"], totals["credit_rp"], totals["closing_rp"])
        rows.append(TableRow(("", None, "", "", "SEMUA AKUN", *sums), "total"))
    return Table(report.frame, columns, rows, report.totals, report.checks, report.notes)


@as_table.register
def _(report: Journal) -> Table:
    columns = (
        Column("booked_on", "Tanggal", "date", 0.8), Column("entry", "Jurnal", weight=0.9),
        Column("voucher_no", "Bukti", weight=0.9), _CODE, Column("label", "Akun / uraian", weight=3),
        money("debit_rp", "Debit"), money("credit_rp", "Kredit"),
    )  # fmt: skip
    rows = []
    for entry in report.entries:
        heading = (entry.booked_on, entry.label, entry.voucher_no, "", entry.memo, None, None)
        rows.append(TableRow(heading, "header", drill=Drill("journal", entry_seq=entry.seq)))
        for line in entry.lines:
            label = " - ".join(part for part in (line.label, line.member, line.memo) if part)
            cells = (entry.booked_on, entry.label, "", line.code, label, _shown(line.debit_rp), _shown(line.credit_rp))
            level = 1 if line.debit_rp else 2
            rows.append(TableRow(cells, level=level, drill=line_drill(line, report.frame), repeats=2))
    rows.append(TableRow((None, "", "", "", "JUMLAH", *report.totals.values()), "total"))
    return Table(report.frame, columns, rows, report.totals, report.checks)


@as_table.register
def _(report: MemberStatement) -> Table:
    columns = (
        _PAGE_CODE, Column("booked_on", "Tanggal", "date", 0.8), Column("label", "Uraian", weight=2.4),
        money("deposit_rp", "Setor"), money("withdrawal_rp", "Tarik"), money("amount_rp", "Saldo"),
    )  # fmt: skip
    rows: list[TableRow] = []
    for page in report.pages:
        rows.append(TableRow((page.code, None, page.label, None, None, None), "header"))
        rows.append(TableRow((page.code, report.frame.since, "Saldo awal", None, None, page.opening_rp)))
        for m in page.movements:
            drill = Drill("journal", entry_seq=m.entry_seq) if m.entry_seq else None
            cells = (page.code, m.booked_on, m.memo, _shown(m.deposit_rp), _shown(m.withdrawal_rp), m.balance_rp)
            rows.append(TableRow(cells, drill=drill))
        total = (page.code, None, "Jumlah dan saldo akhir", page.deposit_rp, page.withdrawal_rp, page.closing_rp)
        rows.append(TableRow(total, "total"))
    totals = report.totals
    sums = (totals["deposit_rp"], totals["withdrawal_rp"], totals["closing_rp"])
    rows.append(TableRow(("", None, "SEMUA SIMPANAN", *sums), "total"))
    return Table(report.frame, columns, rows, report.totals, report.checks)


@as_table.register
def _(report: SavingsSummary) -> Table:
    products = [money(f"{product.code.lower()}_rp", product.label) for product in report.products]
    columns = (
        Column("code", "No. anggota", weight=0.9), Column("label", "Nama", weight=2.4), *products,
        money("amount_rp", "Jumlah"),
    )  # fmt: skip
    rows = [
        TableRow(
            (r.number, r.name, *r.amounts_rp, r.total_rp),
            drill=Drill("member-statement", member=r.number, until=report.frame.until),
        )
        for r in report.rows
    ]
    rows.append(TableRow(("", f"JUMLAH ({len(report.rows)} anggota)", *report.totals.values()), "total"))
    return Table(report.frame, columns, rows, report.totals, report.checks)


def _shown(amount_rp: Rupiah) -> Rupiah | None:
    """Nothing in place of 0, as ledgers are written."""
    return amount_rp or None
