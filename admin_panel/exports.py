"""Answers that are files: a table as Excel that a person may open without harm, a paper as PDF."""

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from core.pictures import MEDIA_TYPE
from reports.spreadsheet import harmless

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def spreadsheet(title: str, rows: Iterable[Sequence[Any]]) -> Response:
    """The rows, first one as heading, as a download named after the title."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
    sheet.freeze_panes = "A2"
    for index, row in enumerate(rows):
        cells = [_cell(sheet, value) for value in row]
        if index == 0:
            for column, cell in enumerate(cells, start=1):
                cell.font = Font(bold=True)
                sheet.column_dimensions[chr(64 + min(column, 26))].width = 22
        sheet.append(cells)
    body = io.BytesIO()
    book.save(body)
    name = re.sub(r"\W+", "-", title.lower()).strip("-")
    return Response(
        body.getvalue(), mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    )


def pdf(body: bytes, name: str) -> Response:
    """A PDF the browser opens by itself."""
    shown = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(body, mimetype="application/pdf", headers=shown)


def picture(body: bytes, name: str) -> Response:
    """A private picture: shown by the browser, kept by nobody, running nothing."""
    return Response(body, mimetype=MEDIA_TYPE, headers={
        "Content-Disposition": f'inline; filename="{name}.jpg"', "Cache-Control": "no-store",
        "Content-Security-Policy": "sandbox",
    })  # fmt: skip


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, harmless(value))
        cell.data_type = "s"
        return cell
    cell = WriteOnlyCell(sheet, value if isinstance(value, (int, float)) or hasattr(value, "isoformat") else None)
    if isinstance(value, int) and not isinstance(value, bool):
        cell.number_format = "#,##0"
    return cell
