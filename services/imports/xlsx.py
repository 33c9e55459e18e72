"""Workbooks, read in one pass over their XML: cells, which of them are formulas, merged ranges, hidden rows.

One pass of expat costs a third of what openpyxl needs and also tells which values were computed; a test compares every
cell with openpyxl's. A DTD anywhere stops the reading.
"""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from posixpath import join, normpath
from typing import Any
from xml.parsers import expat

from core.dates import of_serial
from services.imports.sheets import COLUMN_LIMIT, ROW_LIMIT, CellError, Row, Sheet, Span

_INTEGER = re.compile(r"-?[0-9]{1,18}")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]|\*.')
_DATE_FORMATS = {*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)}


class Unreadable(Exception):
    """Why the workbook cannot be read: reason and advice."""

    def __init__(self, reason: str, advice: str = "Minta salinan yang utuh lalu unggah lagi.") -> None:
        super().__init__(reason)
        self.reason, self.advice = reason, advice


def read_workbook(content: bytes) -> tuple[list[Sheet], bool, list[str]]:
    """The visible sheets, whether serials count from 1904, and the names of hidden sheets (left unread).

    Raises:
        Unreadable: damaged, or beyond the limits of rows and columns.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(archive)
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, expat.ExpatError):
        raise Unreadable("berkas rusak atau tidak lengkap.") from None


def _read(archive: zipfile.ZipFile) -> tuple[list[Sheet], bool, list[str]]:
    names = {name.lower(): name for name in archive.namelist()}
    targets = _targets(archive, names)
    listed, date_1904 = _listed(archive.read(names["xl/workbook.xml"]))
    strings = _strings(archive, names)
    formats = _date_formats(archive, names)
    sheets, hidden = [], []
    for title, relation, state in listed:
        part = names.get(targets.get(relation, "").lower())
        if part is None or "worksheets/" not in part.lower():
            continue  # a chart sheet
        if state != "visible":
            hidden.append(title)
            continue
        reader = _SheetReader(title, strings, formats, date_1904)
        with archive.open(part) as stream:
            reader.read(stream.read)
        sheets.append(reader.sheet)
    return sheets, date_1904, hidden


def _parser(start: Callable[..., Any], end: Callable[..., Any] | None = None) -> Any:
    parser = expat.ParserCreate(namespace_separator="|")
    parser.buffer_text = True
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end

    def doctype(*_: object) -> None:
        raise Unreadable("berkas berisi XML dengan DTD, yang tidak diterima.")

    parser.StartDoctypeDeclHandler = doctype
    return parser


def _targets(archive: zipfile.ZipFile, names: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("|Relationship"):
            target = attributes.get("Target", "")
            found[attributes.get("Id", "")] = target.lstrip("/") if target[:1] == "/" else normpath(join("xl", target))

    _parser(start).Parse(archive.read(names["xl/_rels/workbook.xml.rels"]), True)
    return found


def _listed(workbook: bytes) -> tuple[list[tuple[str, str, str]], bool]:
    listed: list[tuple[str, str, str]] = []
    flags = {"date1904": False}

    def start(tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition("|")[2]
        if local == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith("/relationships|id")), "")
            listed.append((attributes.get("name", ""), relation, attributes.get("state", "visible")))
        elif local == "workbookPr":
            flags["date1904"] = attributes.get("date1904", "0") in {"1", "true"}

    _parser(start).Parse(workbook, True)
    return listed, flags["date1904"]


def _strings(archive: zipfile.ZipFile, names: dict[str, str]) -> list[str]:
    part = names.get("xl/sharedstrings.xml")
    if part is None:
        return []
    strings: list[str] = []
    pieces: list[str] = []
    state = {"text": False, "phonetic": 0}

    def start(tag: str, _: dict[str, str]) -> None:
        local = tag.rpartition("|")[2]
        state["phonetic"] += local == "rPh"
        state["text"] = local == "t" and not state["phonetic"]

    def end(tag: str) -> None:
        local = tag.rpartition("|")[2]
        state["text"] = False
        state["phonetic"] -= local == "rPh"
        if local == "si":
            strings.append("".join(pieces))
            pieces.clear()

    def characters(text: str) -> None:
        if state["text"]:
            pieces.append(text)

    parser = _parser(start, end)
    parser.CharacterDataHandler = characters
    with archive.open(part) as stream:
        while chunk := stream.read(1 << 18):
            parser.Parse(chunk)
        parser.Parse(b"", True)
    return strings


def _date_formats(archive: zipfile.ZipFile, names: dict[str, str]) -> list[bool]:
    """Per cell style, whether its numbers are dates."""
    part = names.get("xl/styles.xml")
    if part is None:
        return []
    custom: dict[int, str] = {}
    styles: list[int] = []
    inside = {"cellXfs": False}

    def start(tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition("|")[2]
        if local == "numFmt":
            custom[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
        elif local == "cellXfs":
            inside["cellXfs"] = True
        elif local == "xf" and inside["cellXfs"]:
            styles.append(int(attributes.get("numFmtId", "0")))

    def end(tag: str) -> None:
        if tag.endswith("|cellXfs"):
            inside["cellXfs"] = False

    _parser(start, end).Parse(archive.read(part), True)
    return [_is_date(custom[number]) if number in custom else number in _DATE_FORMATS for number in styles]


def _is_date(code: str) -> bool:
    plain = _QUOTED.sub("", code.split(";")[0]).lower()
    return "y" in plain or "d" in plain or ("m" in plain and "h" not in plain and "s" not in plain and "0" not in plain)


class _SheetReader:
    """Collects one sheet while expat walks through it."""

    def __init__(self, title: str, strings: list[str], formats: list[bool], date_1904: bool) -> None:
        self.sheet = Sheet(title, [])
        self._strings, self._formats, self._date_1904 = strings, formats, date_1904
        self._row_number = 0
        self._column = 0
        self._cells: list[object] = []
        self._any = False
        self._type, self._style, self._has_formula = "", "", False
        self._pieces: list[str] = []
        self._texts: list[str] = []
        self._collecting = False
        self._value: str | None = None
        self._letters: dict[str, int] = {}
        self._tags: dict[str, str] = {}

    def read(self, chunk_of: Callable[[int], bytes]) -> None:
        parser = _parser(self._start, self._end)
        parser.CharacterDataHandler = self._characters
        while chunk := chunk_of(1 << 18):
            parser.Parse(chunk)
        parser.Parse(b"", True)

    def _local(self, tag: str) -> str:
        local = self._tags.get(tag)
        if local is None:
            local = self._tags[tag] = tag.rpartition("|")[2]
        return local

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        local = self._local(tag)
        if local == "c":
            self._open_cell(attributes)
        elif local in {"v", "t"}:
            self._collecting = True
            self._pieces.clear()
        elif local == "f":
            self._has_formula = True
        elif local == "row":
            self._open_row(attributes)
        elif local == "rPh":
            self._collecting = False
        elif local == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _open_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r")
        self._row_number = int(given) if given else self._row_number + 1
        self._column, self._cells, self._any = 0, [], False
        if attributes.get("hidden") in {"1", "true"}:
            self.sheet.hidden_rows += 1

    def _open_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference:
            letters = reference.rstrip("0123456789")
            column = self._letters.get(letters)
            self._column = column if column is not None else self._place(letters)
        else:
            self._column += 1
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._has_formula, self._value = False, None
        self._texts = []

    def _place(self, letters: str) -> int:
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        self._letters[letters] = column
        return column

    def _characters(self, text: str) -> None:
        if self._collecting:
            self._pieces.append(text)

    def _end(self, tag: str) -> None:
        local = self._local(tag)
        if local == "v":
            self._value, self._collecting = "".join(self._pieces), False
        elif local == "t":
            self._texts.append("".join(self._pieces))
            self._collecting = False
        elif local == "c":
            self._close_cell()
        elif local == "row" and self._any:
            self.sheet.rows.append(Row(self._row_number, self._cells))
            if len(self.sheet.rows) > ROW_LIMIT:
                advice = "Bagi menjadi beberapa berkas, misalnya per bulan."
                raise Unreadable(f"lembar '{self.sheet.name}' berisi lebih dari {ROW_LIMIT:,} baris.", advice)

    def _close_cell(self) -> None:
        value = self._read_value()
        if self._has_formula:
            self.sheet.formulas[self._row_number, self._column] = value is not None
        elif value is None:
            return
        if self._column > COLUMN_LIMIT:
            reason = f"lembar '{self.sheet.name}' lebih lebar dari {COLUMN_LIMIT} kolom."
            raise Unreadable(reason, "Hapus kolom yang tidak dipakai di sebelah kanan, lalu unggah lagi.")
        missing = self._column - 1 - len(self._cells)
        if missing > 0:
            self._cells.extend([None] * missing)
        elif missing < 0:
            raise Unreadable("urutan sel di dalam berkas rusak.")
        self._cells.append(value)
        self._any = True

    def _read_value(self) -> object:
        kind, raw = self._type, self._value
        if kind == "inlineStr":
            return "".join(self._texts) or None
        if raw is None:
            return None
        if kind == "s":
            place = int(raw) if raw.isdigit() else -1
            if not 0 <= place < len(self._strings):
                raise Unreadable("teks bersama di dalam berkas rusak.")
            return self._strings[place] or None
        if kind == "str":
            return raw or None
        if kind == "b":
            return raw.strip() in {"1", "true"}
        if kind == "e":
            return CellError(raw)
        if kind == "d":
            return _iso(raw)
        return self._number(raw)

    def _number(self, raw: str) -> object:
        if _INTEGER.fullmatch(raw):
            number: int | float = int(raw)
        else:
            try:
                number = float(raw)
            except ValueError:
                return raw.strip() or None
            if number.is_integer() and abs(number) < 2**53:
                number = int(number)
        if self._style and self._style.isdigit():
            style = int(self._style)
            if style < len(self._formats) and self._formats[style]:
                day = of_serial(number, date_1904=self._date_1904)
                return day if day is not None else number
        return number

    def _merge(self, reference: str) -> None:
        corners = _REFERENCE.findall(reference)
        if len(corners) == 2:
            (left, top), (right, bottom) = corners
            span = Span(int(top), self._place(left), int(bottom), self._place(right))
            self.sheet.merged.append(span)


def _iso(raw: str) -> object:
    try:
        found: date = datetime.fromisoformat(raw).date()
    except ValueError:
        return raw
    return found


__all__ = ["Unreadable", "read_workbook"]
