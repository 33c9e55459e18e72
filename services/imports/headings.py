"""Finding the table on a sheet: where its headings are and what each of them means."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from services.imports.sheets import Book, Row, Sheet
from services.imports.specs import KINDS, Column, Kind, Table, column_of, words

_SEARCHED_ROWS = 60
_ROWS_AFTER = 3  # a complete heading may still be bettered by its second row, not by the data below


@dataclass(frozen=True)
class Headed:
    """A sheet whose headings were understood as `table`. Columns are positions from 0."""

    sheet: Sheet
    table: Table
    first_row: int
    last_row: int
    columns: dict[str, int]
    headings: dict[int, str]
    twice: tuple[tuple[str, str, str], ...] = ()
    titles: tuple[tuple[int, str], ...] = field(default=())

    @property
    def missing(self) -> list[str]:
        """Labels of what the table cannot do without and does not have."""
        wanted = [c.label for c in self.table.columns if c.required and c.key not in self.columns]
        groups = [
            " atau ".join(self.table.column(key).label for key in group)
            for group in self.table.one_of
            if not any(key in self.columns for key in group)
        ]
        return wanted + groups

    @property
    def unknown(self) -> list[str]:
        known = set(self.columns.values())
        return [text for place, text in self.headings.items() if place not in known and words(text)]

    @property
    def score(self) -> tuple[bool, int, int]:
        """Complete first, then how much was understood, then how little was not."""
        return not self.missing, len(self.columns), -len(self.unknown)


class Reading(NamedTuple):
    """A way to read a row (or two) as headings: position -> (full text, text of the lower row)."""

    position: int
    row: Row
    last_row: int
    headings: dict[int, tuple[str, str]]


def find(sheet: Sheet, tables: Sequence[Table], readings: Sequence[Reading] | None = None) -> Headed | None:
    """The best reading of a sheet as one of `tables`; None when nothing on it looks like their headings."""
    best: Headed | None = None
    complete_at = len(sheet.rows)
    for reading in all_readings(sheet) if readings is None else readings:
        if reading.position > complete_at + _ROWS_AFTER:
            break
        for table in tables:
            found = _match(sheet, table, reading.row, reading.last_row, reading.headings)
            if found is not None and (best is None or found.score > best.score):
                best = found
                complete_at = complete_at if found.missing else reading.position
    return best


def all_readings(sheet: Sheet) -> list[Reading]:
    """Every way to read one of the first rows as headings."""
    rows = sheet.rows[:_SEARCHED_ROWS]
    found = []
    for index, row in enumerate(rows):
        if sum(isinstance(cell, str) for cell in row.cells) < 2:
            continue
        below = rows[index + 1] if index + 1 < len(rows) and rows[index + 1].number == row.number + 1 else None
        found += [Reading(index, row, last_row, headings) for headings, last_row in _readings(sheet, row, below)]
    return found


def _readings(sheet: Sheet, row: Row, below: Row | None) -> list[tuple[dict[int, tuple[str, str]], int]]:
    """A row alone, and joined with the row below."""
    alone = {place: (text, text) for place, cell in enumerate(row.cells) if (text := _text(cell))}
    readings = [(alone, row.number)]
    if below is not None and all(cell is None or isinstance(cell, str) for cell in below.cells):
        readings.append((_joined(sheet, row, below), below.number))
    return readings


def _text(cell: object) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else ""


def _joined(sheet: Sheet, row: Row, below: Row) -> dict[int, tuple[str, str]]:
    width = max(len(row.cells), len(below.cells))
    upper = [_text(row.cells[place]) if place < len(row.cells) else "" for place in range(width)]
    lower = [_text(below.cells[place]) if place < len(below.cells) else "" for place in range(width)]
    spans = [span for span in sheet.merged if span.first_row <= row.number <= span.last_row]
    for span in spans:
        for place in range(span.first_column, min(span.last_column, width)):
            if lower[place] and not upper[place]:
                upper[place] = upper[span.first_column - 1]
    if not any(span.last_column > span.first_column for span in spans):  # headings that span without being merged
        for place in range(1, width):
            if lower[place] and not upper[place] and lower[place - 1]:
                upper[place] = upper[place - 1]
    joined = {}
    for place in range(width):
        full = f"{upper[place]} {lower[place]}".strip()
        if full:
            joined[place] = (full, lower[place] or upper[place])
    return joined


def _match(sheet: Sheet, table: Table, row: Row, last_row: int, headings: dict[int, tuple[str, str]]) -> Headed | None:
    claims: dict[str, tuple[int, int]] = {}
    twice: list[tuple[str, str, str]] = []
    for place, (full, lower) in headings.items():
        claim = column_of(table, full) or _under_any(table, lower)
        if claim is None:
            continue
        key, rank = claim
        held = claims.get(key)
        if held is None or rank < held[1]:
            claims[key] = (place, rank)
        if held is not None and held[1] == rank:
            twice.append((table.column(key).label, headings[held[0]][0], full))
    if len(claims) < 2 or 2 * len(claims) < min(len(headings), 6):
        return None
    columns = {key: place for key, (place, _) in claims.items()}
    shown = {place: full for place, (full, _) in headings.items()}
    above = [earlier for earlier in sheet.rows[:_SEARCHED_ROWS] if earlier.number < row.number]
    titles = [(line.number, " ".join(_text(c) or _day(c) for c in line.cells if c is not None)) for line in above]
    return Headed(sheet, table, row.number, last_row, columns, shown, tuple(twice), tuple(titles))


def _day(cell: object) -> str:
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)


def _under_any(table: Table, lower: str) -> tuple[str, int] | None:
    claim = column_of(table, lower)
    return claim if claim is not None and _column(table, claim).under_any else None


def _column(table: Table, claim: tuple[str, int]) -> Column:
    return table.column(claim[0])


def recognise(book: Book) -> Kind | None:
    """The kind whose headings fit this file best; None when none is complete or two fit equally."""
    scored = []
    looked = [(sheet, all_readings(sheet)) for sheet in book.sheets]
    for kind in KINDS.values():
        found = [headed for sheet, readings in looked if (headed := find(sheet, kind.tables, readings)) is not None]
        best = max(found, key=lambda headed: headed.score, default=None)
        if best is not None and not best.missing:
            scored.append((best.score, kind))
    scored.sort(key=lambda pair: pair[0], reverse=True)
    if not scored or (len(scored) > 1 and scored[0][0] == scored[1][0]):
        return None
    return scored[0][1]
