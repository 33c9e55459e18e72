"""DAFTAR POTONGAN as the workbook a paymaster knows: titles, a heading of two rows, a total, signatures."""

import io
import re
from collections.abc import Sequence
from datetime import date

from flask import Response
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from admin_panel.exports import XLSX
from core.display import date_long, month_long
from models.coops import Coop
from models.payroll import PayrollLine, PayrollList
from reports.spreadsheet import harmless

# heading, sub-headings, width; the reading of imports knows these words
HEADS: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("NO", (), 6), ("NO ANGGOTA", (), 12), ("NIP", (), 16), ("NAMA", (), 30), ("UNIT KERJA", (), 22),
    ("SIMPANAN", ("POKOK", "WAJIB", "SUKARELA"), 14), ("PINJAMAN", ("POKOK", "JASA", "JUMLAH"), 14),
    ("KASBON TOKO", (), 14), ("TOTAL POTONGAN", (), 16), ("CICILAN", ("JML", "KE"), 7), ("SALDO PINJAMAN", (), 16),
)  # fmt: skip
FIRST_ROW = 6
_LINE = Side(style="thin", color="B8C4BD")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_FILL = PatternFill("solid", fgColor="E0F0EA")
_AMOUNTS = range(6, 14)


def deduction_list(coop: Coop, sent: PayrollList, lines: Sequence[PayrollLine]) -> Response:
    """The sent list as a download."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Daftar potongan"
    _titles(sheet, coop, sent)
    _heads(sheet)
    rows = [_row(no, line) for no, line in enumerate(lines, start=1)]
    for place, row in enumerate(rows, start=FIRST_ROW + 2):
        _write(sheet, place, row)
    last = FIRST_ROW + 2 + len(rows)
    totals = [sum(int(str(row[column - 1])) for row in rows) for column in _AMOUNTS]
    _write(sheet, last, ["", "", "", "JUMLAH", "", *totals, None, None, None], bold=True)
    _signatures(sheet, coop, last + 2, sent.sent_on)
    sheet.freeze_panes = f"E{FIRST_ROW + 2}"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    body = io.BytesIO()
    book.save(body)
    unit = f"-{re.sub(r'[^A-Za-z0-9]+', '-', sent.employer).strip('-')}" if sent.employer else ""
    named = f'attachment; filename="daftar-potongan-{sent.month_on:%Y-%m}{unit.lower()}.xlsx"'
    return Response(body.getvalue(), mimetype=XLSX, headers={"Content-Disposition": named})


def _titles(sheet: Worksheet, coop: Coop, sent: PayrollList) -> None:
    texts = ["DAFTAR POTONGAN", coop.name.upper(), f"BULAN {month_long(sent.month_on).upper()}", sent.employer.upper()]
    for row, text in enumerate((text for text in texts if text), start=1):
        cell = sheet.cell(row, 1, harmless(text))
        cell.data_type = "s"
        cell.font = Font(bold=True, size=14 if row == 1 else 11)


def _heads(sheet: Worksheet) -> None:
    column = 1
    for text, below, width in HEADS:
        for place, sub in enumerate(below or ("",)):
            for row, said in ((FIRST_ROW, text if place == 0 else ""), (FIRST_ROW + 1, sub)):
                cell = sheet.cell(row, column + place, said or None)
                cell.font, cell.fill, cell.border = Font(bold=True), _FILL, _BOX
                cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            sheet.column_dimensions[get_column_letter(column + place)].width = width
        wide = max(1, len(below))
        last_row = FIRST_ROW if below else FIRST_ROW + 1
        sheet.merge_cells(start_row=FIRST_ROW, end_row=last_row, start_column=column, end_column=column + wide - 1)
        column += wide


def _row(no: int, line: PayrollLine) -> list[int | str | None]:
    member = line.member
    loan = line.principal_rp + line.interest_rp
    return [
        no, member.number or "", member.nip or "", member.name, member.work_unit, line.share_rp, line.mandatory_rp,
        line.voluntary_rp, line.principal_rp, line.interest_rp, loan, line.store_rp, line.total_rp, line.term or None,
        line.installment_no or None, line.outstanding_rp,
    ]  # fmt: skip


def _write(sheet: Worksheet, row: int, values: Sequence[int | str | None], *, bold: bool = False) -> None:
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column, harmless(value) if isinstance(value, str) else value)
        cell.border = _BOX
        if isinstance(value, str):
            cell.data_type = "s"
        elif value is not None and column > 5:
            cell.number_format = "#,##0"
        if bold:
            cell.font = Font(bold=True)


def _signatures(sheet: Worksheet, coop: Coop, row: int, sent_on: date) -> None:
    blank = "(.............................)"
    place = f"{coop.city}, {date_long(sent_on)}" if coop.city else date_long(sent_on)
    for column, lines in (
        (4, ("", "Ketua", coop.chair_name or blank)), (11, (place, "Bendahara", coop.treasurer_name or blank)),
    ):  # fmt: skip
        for down, text in zip((0, 1, 5), lines, strict=True):
            sheet.cell(row + down, column, harmless(text) or None)
