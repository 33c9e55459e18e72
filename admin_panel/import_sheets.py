"""Workbooks around an import: an empty one per kind to fill in, and the list of what must be put right."""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Response
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from admin_panel.exports import XLSX, spreadsheet
from services.imports.specs import KINDS, Column, Table

# the columns of each empty workbook, per table; the reading knows more of them and other words for these
FILLED = {
    "members": (
        "number", "nip", "nik", "name", "birth_place", "birth_on", "address", "work_unit", "phone", "email",
        "bank_name", "bank_account", "joined_on", "share_rp", "mandatory_rp", "voluntary_rp", "loan_rp", "loan_term",
        "loan_paid", "loan_left_rp",
    ),
    "opening": ("account", "account_name", "debit_rp", "credit_rp"),
    "journal": ("date", "voucher", "memo", "account", "account_name", "debit_rp", "credit_rp", "unit"),
    "movements": ("date", "voucher", "number", "name", "product", "in_rp", "out_rp", "memo"),
    "exits": (
        "date", "voucher", "number", "name", "share_rp", "mandatory_rp", "voluntary_rp", "loan_rp", "paid_rp", "reason",
    ),
    "loans": (
        "loan_no", "number", "name", "asked_on", "approved_on", "term", "asked_rp", "principal_rp", "rate_pct",
        "fee_rp", "received_rp", "purpose", "disbursed_on",
    ),
    "payroll": (
        "number", "nip", "name", "share_rp", "mandatory_rp", "voluntary_rp", "principal_rp", "interest_rp", "total_rp",
        "term", "installment", "loan_left_rp",
    ),
    "settlement": ("date", "number", "nip", "name", "received_rp"),
    "products": (
        "code", "barcode", "name", "variant", "category", "unit", "price_rp", "member_price_rp", "cost_rp", "stock",
        "minimum", "weight_g", "about", "active",
    ),
}  # fmt: skip
SHEETS = {"members": "Anggota", "opening": "Neraca saldo", "journal": "Jurnal", "movements": "Mutasi",
          "exits": "Keluar", "loans": "Pinjaman", "payroll": "Potongan", "settlement": "Realisasi",
          "products": "Barang"}  # fmt: skip
_FORMATS = {"text": "@", "code": "@", "amount": "#,##0", "date": "dd/mm/yyyy", "count": "0",
            "percent": "@"}  # fmt: skip
_HINTS = {
    "text": "Teks.",
    "code": "Ditulis sebagai teks, supaya nol di depan tidak hilang.",
    "amount": "Rupiah bulat, tanpa rumus.",
    "date": "Tanggal, misalnya 31/12/2025.",
    "count": "Bilangan bulat.",
    "percent": "Persen per bulan, misalnya 1 atau 1,5.",
}
_HEADING = PatternFill("solid", fgColor="E0F0EA")


def empty_workbook(kind: str) -> Response:
    """The workbook of a kind with its headings, columns formatted for what goes in, a note on each."""
    book = Workbook()
    del book["Sheet"]
    for table in KINDS[kind].tables:
        columns = [table.column(key) for key in FILLED[table.key]]
        _head(book.create_sheet(SHEETS[table.key]), table, columns)
    body = io.BytesIO()
    book.save(body)
    named = {"Content-Disposition": f'attachment; filename="contoh-{KINDS[kind].label.replace(" ", "-")}.xlsx"'}
    return Response(body.getvalue(), mimetype=XLSX, headers=named)


def _head(sheet: Worksheet, table: Table, columns: Sequence[Column]) -> None:
    wanted = {column.key for column in columns if column.required}.union(*table.one_of)
    for place, column in enumerate(columns, start=1):
        cell = sheet.cell(1, place, column.label)
        cell.font, cell.fill = Font(bold=True), _HEADING
        hint = _HINTS[column.type] + (" Wajib." if column.key in wanted else " Boleh kosong.")
        cell.comment = Comment(hint, "eKopz", height=60, width=240)
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = 28 if column.type == "text" else 18
        sheet.column_dimensions[letter].number_format = _FORMATS[column.type]
    sheet.freeze_panes = "A2"


def problem_list(run_id: int, preview: Mapping[str, Any]) -> Response:
    """Everything to put right and everything to look at, where it is, as a workbook."""
    return spreadsheet(f"Masalah impor {run_id}", _problem_rows(preview))


def _problem_rows(preview: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    yield ["Sifat", "Berkas", "Lembar", "Baris", "Kolom", "Masalah", "Yang harus dilakukan"]
    for key, nature in (("problems", "Harus diperbaiki"), ("warnings", "Perhatikan")):
        found = preview.get(key, [])
        for one in found:
            yield [nature, one["file"], one["sheet"], one["row"], one["column"], one["reason"], one["advice"]]
        left = preview.get(f"{key[:-1]}_count", 0) - len(found)
        if left > 0:
            yield [nature, "", "", None, "", f"dan {left} lagi, tidak dimuat di daftar ini.", ""]
