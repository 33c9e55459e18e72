"""A table as an Excel file a person may open without harm: real numbers and dates, no text taken for a formula."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Border, Font, Side

from core.display import moment
from reports.shape import Cell, Kind, Table
from reports.signatures import signatures

MONEY_FORMAT = "#,##0;(#,##0)"
_FORMULA_LIKE = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BOLD, _TITLE = Font(bold=True), Font(bold=True, size=14)
_OVER = Border(top=Side(style="thin"))
_UNDER = Border(bottom=Side(style="thin"))


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula, without signs a workbook may not hold."""
    clean = _UNPRINTABLE.sub("", text)
    return f"'{clean}" if text.startswith(_FORMULA_LIKE) or clean.startswith(_FORMULA_LIKE) else clean


def draw_xlsx(table: Table, *, logo: bytes | None = None, printed_at: datetime) -> bytes:
    """Letterhead, title, period, one row per line, signatures of ketua and bendahara."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", table.title)[:31])
    sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = 9, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    places = table.on_paper
    for index, place in enumerate(places, start=1):
        column = table.columns[place]
        width = 18 if column.kind == "money" else 12 if column.kind == "date" else 12 * max(column.weight, 0.8)
        sheet.column_dimensions[_letter(index)].width = width
    head = table.frame.coop
    top: list[tuple[str, Font | None]] = [(head.name, _TITLE)]
    if head.legal_no:
        top.append((f"Badan hukum {head.legal_no}", None))
    if head.address:
        top.append((head.address, None))
    top += [("", None), (table.title, _TITLE), (f"{table.subtitle} (dalam rupiah)", _BOLD), ("", None)]
    sheet.freeze_panes = f"A{len(top) + 2}"
    sheet.print_title_rows = f"{len(top) + 1}:{len(top) + 1}"
    if logo is not None:
        sheet.add_image(_picture(logo), f"{_letter(len(places) + 1)}1")
    for text, font in top:
        sheet.append([_cell(sheet, text, font)])
    sheet.append([_cell(sheet, table.columns[place].label, _BOLD, _UNDER) for place in places])
    for row in table.rows:
        sheet.append(_row(sheet, table, row.cells, row.kind, row.level, places))
    for sentence in (*table.notes, *(f"PERIKSA: {text}" for text in table.broken)):
        sheet.append([_cell(sheet, sentence, Font(italic=True))])
    _foot(sheet, table, len(places), printed_at)
    return _saved(book)


def plain_xlsx(title: str, rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows without letterhead, the first one as heading: whole numbers, days, harmless text; nothing else is shown."""
    return plain_book([(title, rows)])


def plain_book(sheets: Iterable[tuple[str, Iterable[Sequence[Any]]]]) -> bytes:
    """As `plain_xlsx`, with a sheet for each title."""
    book = Workbook(write_only=True)
    for title, rows in sheets:
        sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
        sheet.freeze_panes = "A2"
        for index, row in enumerate(rows):
            cells = [_plain(sheet, value) for value in row]
            if index == 0:
                for column, cell in enumerate(cells, start=1):
                    cell.font = _BOLD
                    sheet.column_dimensions[chr(64 + min(column, 26))].width = 22
            sheet.append(cells)
    return _saved(book)


def _plain(sheet: Any, value: Any) -> Any:
    if isinstance(value, str):
        return _cell(sheet, value)
    cell = WriteOnlyCell(sheet, value if isinstance(value, (int, float)) or hasattr(value, "isoformat") else None)
    if isinstance(value, int) and not isinstance(value, bool):
        cell.number_format = "#,##0"
    return cell


def _saved(book: Workbook) -> bytes:
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def _row(
    sheet: Any, table: Table, cells: tuple[Cell, ...], kind: Kind, level: int, places: tuple[int, ...]
) -> list[Any]:
    font = _BOLD if kind != "line" else None
    made = []
    for place in places:
        column = table.columns[place]
        cell = _cell(sheet, cells[place], font, _OVER if kind == "total" and column.kind == "money" else None)
        if column.key == "label":
            cell.alignment = Alignment(indent=level, wrap_text=True, vertical="top")
        made.append(cell)
    return made


def _cell(sheet: Any, value: Cell, font: Font | None = None, border: Border | None = None) -> Any:
    content: Any = harmless(value) if isinstance(value, str) else value
    cell: Any = WriteOnlyCell(sheet, content)
    if isinstance(value, str):
        cell.data_type = "s"
    elif isinstance(value, int):
        cell.number_format = MONEY_FORMAT
    elif value is not None:
        cell.number_format = "dd/mm/yyyy"
    if font is not None:
        cell.font = font
    if border is not None:
        cell.border = border
    return cell


def _foot(sheet: Any, table: Table, columns: int, printed_at: datetime) -> None:
    block = signatures(table.frame, printed_at)
    right = max(columns - 1, 2)

    def pair(left: str, right_text: str, font: Font | None = None) -> None:
        cells = [_cell(sheet, left, font)] + [None] * (right - 2) + [_cell(sheet, right_text, font)]
        sheet.append(cells)

    sheet.append([])
    pair("", block.place)
    pair(block.left_office, block.right_office)
    for _ in range(4):
        sheet.append([])
    pair(block.left_name, block.right_name, _BOLD)
    sheet.append([])
    sheet.append([_cell(sheet, f"Dicetak {moment(printed_at, table.frame.coop.zone)}", Font(italic=True, size=9))])


def _picture(logo: bytes) -> Image:
    picture = Image(io.BytesIO(logo))
    scale = 72 / max(picture.height, picture.width, 1)
    picture.height, picture.width = int(picture.height * scale), int(picture.width * scale)
    return picture


def _letter(index: int) -> str:
    return chr(64 + index) if index <= 26 else f"A{chr(64 + index - 26)}"
