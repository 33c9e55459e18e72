"""CSV and ".xls that is HTML": text of any usual encoding, delimiter and line end, to the same plain rows."""

import csv
import io
import re
from html.parser import HTMLParser

from services.imports.sheets import COLUMN_LIMIT, ROW_LIMIT, Row, Sheet, Span
from services.imports.xlsx import Unreadable

_DELIMITERS = ";,\t|"
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([a-zA-Z0-9_-]{3,20})", re.IGNORECASE)
_SPREAD_LIMIT = 1000


def decoded(content: bytes, declared: str | None = None) -> str:
    """The text, by byte-order mark, else UTF-8, else what Windows in Indonesia writes (cp1252)."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise Unreadable("huruf di dalam berkas rusak.") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode(declared or "cp1252", "strict")
    except (LookupError, UnicodeDecodeError):
        return content.decode("cp1252", "replace")


def read_csv(content: bytes) -> list[Sheet]:
    """One sheet; row numbers are the lines of the file. Raises Unreadable."""
    text = decoded(content)
    if "\x00" in text:
        raise Unreadable("isinya bukan teks biasa.", "Simpan ulang sebagai CSV UTF-8 atau .xlsx.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith("sep=") and "\n" in text:
        text = "\n" + text.split("\n", 1)[1]  # a hint Excel writes for itself; the line still counts
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    sheet = Sheet("", [])
    line = 0
    try:
        for cells in reader:
            number, line = line + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                _add(sheet, number, [cell if cell.strip() else None for cell in cells])
    except csv.Error:
        reason = f"tanda kutip di sekitar baris {line + 1} tidak ditutup atau tidak pada tempatnya."
        raise Unreadable(reason, "Perbaiki baris itu, atau simpan ulang dari Excel.") from None
    return [sheet]


def _add(sheet: Sheet, number: int, cells: list[object]) -> None:
    while cells and cells[-1] is None:
        cells.pop()
    if len(cells) > COLUMN_LIMIT:
        raise Unreadable(f"baris {number} lebih dari {COLUMN_LIMIT} kolom.", "Hapus kolom yang tidak dipakai.")
    sheet.rows.append(Row(number, cells))
    if len(sheet.rows) > ROW_LIMIT:
        raise Unreadable(f"berkas berisi lebih dari {ROW_LIMIT:,} baris.", "Bagi menjadi beberapa berkas.")


def _delimiter(text: str) -> str:
    """The sign that splits the first lines most evenly; a semicolon before a comma, which may be a decimal mark."""
    lines = [line for line in text[:65536].split("\n") if line.strip()][:60]
    best, best_score = ",", 0.0
    for sign in _DELIMITERS:
        counts = [_outside_quotes(line, sign) for line in lines]
        if not any(counts):
            continue
        usual = max(set(counts) - {0}, key=lambda count: (counts.count(count), count))
        score = counts.count(usual) * min(usual, 30) ** 0.5
        if score > best_score:
            best, best_score = sign, score
    return best


def _outside_quotes(line: str, sign: str) -> int:
    return "".join(line.split('"')[::2]).count(sign)


def read_html(content: bytes) -> list[Sheet]:
    """Every table of the page, spans kept as merged ranges. Raises Unreadable when there is none."""
    found = _CHARSET.search(content[:4096])
    text = decoded(content, found[1].decode("ascii") if found else None)
    reader = _Tables()
    reader.feed(text)
    reader.close()
    sheets = [sheet for sheet in reader.sheets if sheet.rows]
    if not sheets:
        raise Unreadable("berkas .xls ini berisi HTML tanpa tabel.", "Simpan ulang sebagai .xlsx.")
    return sheets


class _Tables(HTMLParser):
    """Outer tables to rows; what a nested table says becomes text of its cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[Sheet] = []
        self._depth = 0
        self._number = 0
        self._cells: dict[int, object] = {}
        self._reserved: set[tuple[int, int]] = set()
        self._text: list[str] | None = None
        self._spans = (1, 1)
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"style", "script"}:
            self._silent += 1
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.sheets.append(Sheet(f"Tabel {len(self.sheets) + 1}", []))
                self._number, self._reserved = 0, set()
        elif self._depth == 1 and tag == "tr":
            self._close_row()
            self._number += 1
        elif self._depth == 1 and tag in {"td", "th"} and self._number:
            self._close_cell()
            given = dict(attrs)
            self._spans = (_span(given.get("rowspan")), _span(given.get("colspan")))
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"style", "script"}:
            self._silent = max(0, self._silent - 1)
        elif tag in {"td", "th"} and self._depth == 1:
            self._close_cell()
        elif tag == "tr" and self._depth == 1:
            self._close_row()
        elif tag == "table":
            if self._depth == 1:
                self._close_row()
            self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._silent:
            self._text.append(data)

    def close(self) -> None:
        super().close()
        if self.sheets:
            self._close_row()

    def _close_cell(self) -> None:
        if self._text is None:
            return
        column = 1
        while column in self._cells or (self._number, column) in self._reserved:
            column += 1
        if column > COLUMN_LIMIT:
            raise Unreadable(f"tabel lebih lebar dari {COLUMN_LIMIT} kolom.", "Hapus kolom yang tidak dipakai.")
        text = " ".join("".join(self._text).split())
        self._cells[column] = text or None
        self._text = None
        down, right = self._spans
        for place in range(column, min(column + right, COLUMN_LIMIT + 1)):
            self._cells.setdefault(place, None)
            self._reserved.update((self._number + below, place) for below in range(1, down))
        if (down, right) != (1, 1):
            self.sheets[-1].merged.append(Span(self._number, column, self._number + down - 1, column + right - 1))

    def _close_row(self) -> None:
        self._close_cell()
        if any(value is not None for value in self._cells.values()):
            width = max(self._cells)
            _add(self.sheets[-1], self._number, [self._cells.get(place) for place in range(1, width + 1)])
        self._cells = {}


def _span(given: str | None) -> int:
    return min(int(given), _SPREAD_LIMIT) if given and given.isascii() and given.isdigit() and int(given) else 1
