"""What a file is after reading: plain rows of plain cells, before anybody knows what they mean."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from core.errors import Refusal

ROW_LIMIT = 100_000
COLUMN_LIMIT = 500


class FileRefused(Refusal):
    """The file as a whole cannot be read, before its rows are looked at."""

    code = "imports.file_refused"
    pesan = "{file}: {reason} {advice}"


class CellError(NamedTuple):
    """A cell that shows an error of the spreadsheet (`#REF!`)."""

    text: str

    def __str__(self) -> str:
        return self.text


class Row(NamedTuple):
    """`number` is the spreadsheet row, or the line of a text file, from 1. `cells` may be shorter than the heading."""

    number: int
    cells: Sequence[object]


class Span(NamedTuple):
    """A merged range, rows and columns from 1, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass
class Sheet:
    """One table-like page. Empty rows are left out; hidden rows are rows like any other.

    `formulas` holds (row, column) from 1 -> whether a computed value was stored.
    """

    name: str
    rows: list[Row]
    merged: list[Span] = field(default_factory=list)
    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)
    hidden_rows: int = 0


@dataclass
class Book:
    """A file read. `form` is xlsx, html or text; `notes` are sentences the user should see."""

    file: str
    form: str
    sheets: list[Sheet]
    bytes_hash: str
    date_1904: bool = False
    notes: list[str] = field(default_factory=list)
