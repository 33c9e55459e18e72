"""A file to tables of a kind, with everything that can be said about it without the database."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from core.dates import month_in
from core.display import date_long, month_long
from core.numbers import Style
from services.imports.headings import Headed, find, recognise
from services.imports.preview import Caution, Heading, Problem
from services.imports.sheets import Book, FileRefused
from services.imports.specs import KINDS, Kind
from services.imports.tables import ReadOptions, ReadTable, read_table
from services.imports.worker import read_safely

_MONTH_IN_NAME = re.compile(r"(20[0-9]{2})[-_ .]?(0[1-9]|1[0-2])(?![0-9])")
_MONTH_LINE = re.compile(r"\b(?:bulan|periode|masa)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Options:
    """What the person chose. `today` is the cooperative's day.

    `until` takes only rows up to that day; `again` passes over what was booked before instead of refusing it (folders);
    `sheets` limits the reading to these sheets; `month` is the month a monthly file is meant for; `shop` is the shop
    (its name, address or unit) that goods without one are of.
    """

    today: date
    round_fractions: bool = False
    style: Style = Style.AUTO
    as_of: date | None = None
    until: date | None = None
    month: date | None = None
    sheets: tuple[str, ...] = ()
    again: bool = False
    shop: str = ""


@dataclass(eq=False)  # a file is itself
class ReadFile:
    """A file and what was understood of it. `content_hash` is the same for the same rows in another order or form.

    `month` is what a monthly file is of, as far as its name, its title, its dates or the person say.
    """

    name: str
    kind: Kind | None = None
    bytes_hash: str = ""
    content_hash: str = ""
    tables: list[ReadTable] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Caution] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    month: date | None = None

    def problem(self, reason: str, advice: str = "", *, sheet: str = "", row: int | None = None) -> None:
        self.problems.append(Problem(self.name, sheet, row, "", reason, advice))

    def warn(self, reason: str, advice: str = "", *, sheet: str = "", row: int | None = None) -> None:
        self.warnings.append(Caution(self.name, sheet, row, "", reason, advice))

    @property
    def all_problems(self) -> list[Problem]:
        return self.problems + [problem for table in self.tables for problem in table.problems]

    @property
    def all_warnings(self) -> list[Caution]:
        return self.warnings + [warning for table in self.tables for warning in table.warnings]


def read_file(
    path: Path,
    options: Options,
    *,
    kind: str | None = None,
    shown_as: str = "",
    reader: Callable[[Path, str], Book] = read_safely,
) -> ReadFile:
    """Read and check one file as `kind`, or as what its headings say. Never raises for what is in the file."""
    name = shown_as or path.name
    result = ReadFile(name, KINDS[kind] if kind else None)
    try:
        book = reader(path, name)
    except FileRefused as refusal:
        result.problem(refusal.fields["reason"], refusal.fields["advice"])
        return result
    result.bytes_hash = book.bytes_hash
    for note in book.notes:
        result.warn(note)
    meant = recognise(book)
    result.kind = result.kind or meant
    if result.kind is None:
        known = ", ".join(one.label for one in KINDS.values())
        result.problem("jenis berkas tidak dikenali dari judul kolomnya.", f"Pilih jenisnya sendiri: {known}.")
        return result
    _read_sheets(book, result, options, meant)
    _check_month(result, options)
    result.content_hash = content_hash(result.tables, result.month)
    return result


def _read_sheets(book: Book, result: ReadFile, options: Options, meant: Kind | None) -> None:
    assert result.kind is not None
    chosen = [sheet for sheet in book.sheets if not options.sheets or sheet.name in options.sheets]
    for name in options.sheets:
        if name not in [sheet.name for sheet in book.sheets]:
            result.problem(f"lembar '{name}' tidak ada.", "Periksa nama lembarnya.")
    headed = {sheet.name: find(sheet, result.kind.tables) for sheet in chosen}
    if _better_elsewhere(result, meant, [one for one in headed.values() if one], book):
        return
    complete = [one for one in headed.values() if one is not None and not one.missing]
    taken = complete or [one for one in headed.values() if one is not None]
    for sheet in book.sheets:
        if headed.get(sheet.name) not in taken and sheet.rows:
            why = "tidak dipilih" if sheet not in chosen else f"tidak ada judul kolom {result.kind.label}"
            result.warn(f"lembar '{sheet.name}' tidak dibaca ({why}).", sheet=sheet.name)
    if not taken:
        _no_table(book, result)
    read = ReadOptions(options.today.year + 10, options.round_fractions, options.style)
    for one in taken:
        table = read_table(book.file, one, read, date_1904=book.date_1904)
        result.tables.append(table)
        _tell_headings(one, result)
        if options.until is not None and not result.kind.monthly:  # a month is taken whole or not at all
            _only_until(table, options.until)
    _one_empty_sheet_is_no_fault(result)


def _one_empty_sheet_is_no_fault(result: ReadFile) -> None:
    """A sheet with headings alone (a month without entries) is fine when another one has rows."""
    if any(table.rows for table in result.tables):
        for table in result.tables:
            if not table.rows and len(table.problems) == 1 and not table.problems[0].row:
                table.problems.clear()
                table.warn(None, "", "lembar ini tidak berisi baris data.")


def _better_elsewhere(result: ReadFile, meant: Kind | None, found: Sequence[Headed], book: Book) -> bool:
    """Whether the file is plainly of another kind: then reading it as the chosen one would only confuse."""
    assert result.kind is not None
    if meant is None or meant is result.kind:
        return False
    best = max((one.score for one in found), default=(False, 0, 0))
    other = max(one.score for sheet in book.sheets if (one := find(sheet, meant.tables)) is not None)
    if other <= best:
        return False
    result.problem(
        f"berkas ini tampak seperti {meant.label}, bukan {result.kind.label}.",
        f"Unggah sebagai {meant.label}, atau pilih berkas yang benar.",
    )
    return True


def _no_table(book: Book, result: ReadFile) -> None:
    assert result.kind is not None
    if not any(sheet.rows for sheet in book.sheets):
        result.problem("berkas tidak berisi apa-apa.", "Periksa berkas aslinya.")
        return
    table = result.kind.tables[0]
    wanted = [column.label for column in table.columns if column.required]
    wanted += [" atau ".join(table.column(key).label for key in group) for group in table.one_of]
    result.problem(
        f"judul kolom {result.kind.label} tidak ditemukan.",
        f"Beri judul di atas data, paling sedikit: {', '.join(wanted)}.",
    )


def _tell_headings(headed: Headed, result: ReadFile) -> None:
    by_place = {place: headed.table.column(key).label for key, place in headed.columns.items()}
    for place, heading in headed.headings.items():
        result.headings.append(Heading(result.name, headed.sheet.name, heading, by_place.get(place, "")))
    for heading in headed.unknown:
        result.warn(f"kolom '{heading}' tidak dipakai.", sheet=headed.sheet.name, row=headed.last_row)


def _only_until(table: ReadTable, until: date) -> None:
    days = next((table.values[key] for key in ("date", "joined_on", "disbursed_on") if key in table.values), None)
    if days is None:
        return
    kept = [place for place, day in enumerate(days) if not isinstance(day, date) or day <= until]
    if len(kept) == len(days):
        return
    table.warn(None, "", f"{len(days) - len(kept)} baris setelah {date_long(until)} tidak diambil.")
    late = {table.rows[place] for place in range(len(days))} - {table.rows[place] for place in kept}
    table.problems[:] = [problem for problem in table.problems if problem.row not in late]
    for key, values in table.values.items():
        table.values[key] = [values[place] for place in kept]
    for key, rounded in table.rounded.items():
        position = {place: new for new, place in enumerate(kept)}
        table.rounded[key] = {position[place]: added for place, added in rounded.items() if place in position}
    table.groups = [table.groups[place] for place in kept]
    table.rows = [table.rows[place] for place in kept]


def _check_month(result: ReadFile, options: Options) -> None:
    """Title, file name, chosen month and dates of a monthly file agree."""
    assert result.kind is not None
    if not result.kind.monthly or not result.tables:
        return
    found = _MONTH_IN_NAME.search(result.name)
    in_name = date(int(found[1]), int(found[2]), 1) if found else None
    meant = options.month or in_name
    where = "bulan yang dipilih" if options.month else "nama berkas" if in_name else "judul lain"
    for table in result.tables:
        for row, text in table.titles:
            month = month_in(text) if _MONTH_LINE.search(text) else None
            meant = meant or month
            if month is not None and meant is not None and month != meant:
                reason = f"judul menyebut {month_long(month)}, {where} {month_long(meant)}."
                table.problem(row, "", reason, "Pastikan bulannya, lalu perbaiki judul atau nama berkas.")
    days = [day for table in result.tables for day in table.column("date") if isinstance(day, date)]
    result.month = meant or (days[0].replace(day=1) if days else None)
    if result.month is not None:
        for table in result.tables:
            _dates_inside(table, result.month)


def _dates_inside(table: ReadTable, month: date) -> None:
    outside = [
        (row, day)
        for row, day in zip(table.rows, table.column("date"), strict=True)
        if isinstance(day, date) and day.replace(day=1) != month
    ]
    if outside:
        row, day = outside[0]
        reason = f"{len(outside)} baris bertanggal di luar {month_long(month)}, misalnya {date_long(day)}."
        table.problem(row, "date", reason, "Pilih bulan yang benar atau perbaiki tanggalnya.")


def content_hash(tables: Sequence[ReadTable], month: date | None = None) -> str:
    """The hash of the rows read, whatever their order, the file's form, or spaces and capitals in it.

    A monthly file is of its month: the same deductions a month later are another list.
    """
    digest = hashlib.sha256(month.isoformat().encode() if month else b"")
    for table in sorted(tables, key=lambda one: (one.table.key, one.sheet)):
        keys = sorted(key for key in table.values if key != "note")
        lines = [
            "\x1f".join(map(str, row)).casefold() for row in zip(*(table.values[key] for key in keys), strict=True)
        ]
        digest.update("\x1e".join([table.table.key, *keys, *sorted(lines)]).encode("utf-8", "replace"))
    return digest.hexdigest()
