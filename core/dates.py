"""Dates as spreadsheets and people in Indonesia write them: day first, both languages' months, serials.

A date that does not exist is refused, never moved on; a column that writes the month first cannot be trusted, so its
doubtful dates are refused too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

EARLIEST, LATEST = date(1900, 3, 1), date(2199, 12, 31)

_MONTHS = {
    1: "januari january jan",
    2: "februari february pebruari feb peb",
    3: "maret march mar mrt",
    4: "april apr",
    5: "mei may",
    6: "juni june jun",
    7: "juli july jul",
    8: "agustus august agu agt ags agust aug",
    9: "september sep sept",
    10: "oktober october okt oct",
    11: "november nopember nov nop",
    12: "desember december des dec",
}
MONTH_BY_NAME = {name: month for month, names in _MONTHS.items() for name in names.split()}

_SPACES = re.compile(r"[\s\u00a0\u2007\u202f\u200e\u200f\ufeff]+")
_TIME = re.compile(r"[ t]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?(?: ?(?:am|pm|wib|wita|wit|z))?$", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad|(?:mon|tues|wednes|thurs|fri|satur|sun)day),? +",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})([/.-])(\d{1,2})\2(\d{1,2})")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ /.-]*([a-z]{3,9})\.?[ /.,-]*(\d{4}|\d{2})", re.IGNORECASE)
_ENGLISH = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.IGNORECASE)
_MONTH_YEAR = re.compile(r"\b([a-z]{3,9})\.?[ /-]*((?:19|20)\d{2})\b", re.IGNORECASE)
_DAY_MONTH_YEAR = re.compile(r"\b(\d{1,2})[ -]+([a-z]{3,9})[ -]+((?:19|20)\d{2})\b", re.IGNORECASE)


@dataclass
class DateColumn:
    """A column read: one date per cell (None where blank or refused), and the refusals by position."""

    values: list[date | None]
    problems: dict[int, str]


class _NoDate(ValueError):
    """Why a cell is not a date."""


def parse_dates(cells: Sequence[object], *, pivot_year: int, date_1904: bool = False) -> DateColumn:
    """Read a column of dates; blank and "-" are None.

    Two-digit years up to `pivot_year` belong to its century, later ones to the century before. `date_1904` is the
    workbook's own flag for serials.
    """
    read: dict[object, date | str | None] = {}
    column = DateColumn([None] * len(cells), {})
    month_first = doubtful = False
    for place, cell in enumerate(cells):
        if cell is None:
            continue
        key = (type(cell), cell)
        if key not in read:
            read[key] = _one(cell, pivot_year, date_1904)
        found = read[key]
        if isinstance(found, str):
            column.problems[place] = found
        else:
            column.values[place] = found
        if isinstance(cell, str):
            month_first = month_first or _writes_month_first(cell)
            doubtful = doubtful or _is_doubtful(cell)
    if month_first and doubtful:
        _refuse_doubtful(cells, column)
    return column


def parse_date(cell: object, *, pivot_year: int, date_1904: bool = False) -> date | None:
    """One date on its own. Raises ValueError with the reason."""
    column = parse_dates([cell], pivot_year=pivot_year, date_1904=date_1904)
    if 0 in column.problems:
        raise ValueError(column.problems[0])
    return column.values[0]


def parse_place_and_date(text: str, *, pivot_year: int) -> tuple[str, date | None]:
    """`Solok, 1 April 1987` -> ("Solok", 1 April 1987). Raises ValueError when what follows the place is no date."""
    text = _SPACES.sub(" ", text).strip()
    match = re.search(r"\d", text)
    if match is None:
        return text.strip(" ,/-"), None
    english = re.search(r"[A-Za-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}$", text)
    start = english.start() if english and english.group().split()[0].lower() in MONTH_BY_NAME else match.start()
    return text[:start].strip(" ,/-"), parse_date(text[start:], pivot_year=pivot_year)


def month_in(text: str) -> date | None:
    """The first day of the month a title speaks of (`BULAN : MARET 2026`), or None."""
    for name, year in _MONTH_YEAR.findall(text):
        month = MONTH_BY_NAME.get(name.lower())
        if month:
            return date(int(year), month, 1)
    return None


def day_in(text: str) -> date | None:
    """The day a title speaks of (`PER 31 DESEMBER 2025`), or None."""
    for day, name, year in _DAY_MONTH_YEAR.findall(text):
        month = MONTH_BY_NAME.get(name.lower())
        if month:
            try:
                return date(int(year), month, int(day))
            except ValueError:
                return None
    return None


def of_serial(serial: float, *, date_1904: bool = False) -> date | None:
    """The day of a spreadsheet serial, or None outside 1900 to 2199 (Excel's 29 February 1900 does not exist)."""
    days = int(serial)
    if date_1904:
        days += 1462
    if not 61 <= days <= (LATEST - date(1899, 12, 30)).days:
        return None
    return date(1899, 12, 30) + timedelta(days=days)


def _one(cell: object, pivot_year: int, date_1904: bool) -> date | str | None:
    try:
        return _read(cell, pivot_year, date_1904)
    except _NoDate as problem:
        return str(problem)


def _read(cell: object, pivot_year: int, date_1904: bool) -> date | None:
    if isinstance(cell, datetime):
        return _within(cell.date(), cell)
    if isinstance(cell, date):
        return _within(cell, cell)
    if isinstance(cell, bool):
        raise _NoDate(f"'{cell}' bukan tanggal")
    if isinstance(cell, int | float):
        return _of_number(cell, date_1904)
    if not isinstance(cell, str):
        raise _NoDate(f"'{cell}' bukan tanggal")
    text = _WEEKDAY.sub("", _SPACES.sub(" ", cell).strip(), count=1)
    text = _TIME.sub("", text).strip()
    if text.strip("-\u2013\u2014\u2212") == "":
        return None
    return _of_text(text, pivot_year)


def _of_number(number: float, date_1904: bool) -> date:
    compact = _COMPACT.fullmatch(str(number))
    if compact:
        return _made(int(compact[1]), int(compact[2]), int(compact[3]), str(number))
    found = of_serial(number, date_1904=date_1904)
    if found is None or found.year < 1920:  # a year or an amount typed into a date column
        raise _NoDate(f"angka '{number}' bukan tanggal yang masuk akal")
    return found


def _of_text(text: str, pivot_year: int) -> date:
    if match := _NUMERIC.fullmatch(text):
        return _made(_year(match[4], pivot_year), int(match[3]), int(match[1]), text)
    if match := _ISO.fullmatch(text):
        return _made(int(match[1]), int(match[3]), int(match[4]), text)
    if match := _COMPACT.fullmatch(text):
        return _made(int(match[1]), int(match[2]), int(match[3]), text)
    if match := _NAMED.fullmatch(text):
        return _made(_year(match[3], pivot_year), _month(match[2], text), int(match[1]), text)
    if match := _ENGLISH.fullmatch(text):
        return _made(int(match[3]), _month(match[1], text), int(match[2]), text)
    if text.isascii() and text.isdigit() and len(text) == 5:
        return _of_number(int(text), date_1904=False)
    raise _NoDate(f"'{text[:40]}' bukan tanggal yang dikenal; tulis misalnya 25/03/2026")


@cache
def _month(name: str, text: str) -> int:
    month = MONTH_BY_NAME.get(name.lower())
    if month is None:
        raise _NoDate(f"bulan '{name}' pada '{text[:40]}' tidak dikenal")
    return month


def _year(digits: str, pivot_year: int) -> int:
    if len(digits) == 4:
        return int(digits)
    year = pivot_year // 100 * 100 + int(digits)
    return year if year <= pivot_year else year - 100


def _made(year: int, month: int, day: int, text: str) -> date:
    if not 1 <= month <= 12:
        raise _NoDate(f"'{text}': bulan {month} tidak ada (tanggal dibaca hari/bulan/tahun)")
    try:
        found = date(year, month, day)
    except ValueError:
        raise _NoDate(f"tanggal '{text}' tidak ada dalam kalender") from None
    return _within(found, text)


def _within(day: date, shown: object) -> date:
    if not EARLIEST <= day <= LATEST:
        raise _NoDate(f"tanggal '{shown}' di luar tahun 1900 sampai 2199")
    return day


def _writes_month_first(text: str) -> bool:
    match = _NUMERIC.fullmatch(_TIME.sub("", text.strip()))
    return match is not None and int(match[3]) > 12 and int(match[1]) <= 12


def _is_doubtful(text: str) -> bool:
    match = _NUMERIC.fullmatch(_TIME.sub("", text.strip()))
    return match is not None and int(match[1]) <= 12 and int(match[3]) <= 12 and match[1] != match[3]


def _refuse_doubtful(cells: Sequence[object], column: DateColumn) -> None:
    for place, cell in enumerate(cells):
        if isinstance(cell, str) and place not in column.problems and _is_doubtful(cell):
            column.values[place] = None
            column.problems[place] = f"'{cell.strip()}' bermakna ganda: kolom ini juga menulis bulan di depan"
