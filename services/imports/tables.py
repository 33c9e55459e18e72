"""From a headed sheet to columns of values: what is data and what is title, group, total or signature; what adds up."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.dates import parse_dates, parse_place_and_date
from core.display import rupiah
from core.numbers import Style, parse_amounts
from services.imports.headings import Headed
from services.imports.preview import Caution, Problem
from services.imports.sheets import CellError
from services.imports.specs import Column, Sum, Table, words

_TOTAL = re.compile(r"(?:sub[\s-]*|grand[\s-]*)?(?:jumlah|total|jml)\b", re.IGNORECASE)
_GROUP = re.compile(r"(unit kerja|unit|instansi|bagian|departemen|divisi|lokasi|kelompok)\s*:\s*(\S.*)", re.IGNORECASE)
_VALUES = "Salin kolom itu lalu tempel sebagai nilai (Paste Values)."


@dataclass(frozen=True)
class ReadOptions:
    """What a person chose for reading. `pivot_year` decides two-digit years."""

    pivot_year: int
    round_fractions: bool = False
    style: Style = Style.AUTO


@dataclass
class ReadTable:
    """A table's columns, each as long as `rows` (row numbers). A column the file lacks is absent from `values`.

    `unread` holds, per amount column, the rows whose cell is no amount (a problem tells why); their 0 means nothing.
    """

    file: str
    sheet: str
    table: Table
    rows: list[int] = field(default_factory=list)
    values: dict[str, list[object]] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    rounded: dict[str, dict[int, Decimal]] = field(default_factory=dict)
    titles: tuple[tuple[int, str], ...] = ()
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Caution] = field(default_factory=list)
    skipped: list[tuple[str, int, str]] = field(default_factory=list)
    unread: dict[str, set[int]] = field(default_factory=dict)

    def column(self, key: str, default: object = None) -> Sequence[object]:
        """Values of a column, or `default` for every row when the file has no such column."""
        return self.values[key] if key in self.values else [default] * len(self.rows)

    def problem(self, row: int | None, key: str, reason: str, advice: str = "") -> None:
        self.problems.append(Problem(self.file, self.sheet, row, self.label(key), reason, advice))

    def warn(self, row: int | None, key: str, reason: str, advice: str = "") -> None:
        self.warnings.append(Caution(self.file, self.sheet, row, self.label(key), reason, advice))

    def label(self, key: str) -> str:
        return self.table.column(key).label if key in self.table.keys else key

    def totals(self) -> dict[str, int]:
        return {
            column.key: sum(self.values[column.key])  # type: ignore[arg-type]
            for column in self.table.columns
            if column.type == "amount" and column.key in self.values
        }


@dataclass
class _Lines:
    """The rows below the headings, sorted by what they are."""

    data: list[tuple[int, Sequence[object]]] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    totals: list[tuple[int, int, str, Sequence[object]]] = field(default_factory=list)


def read_table(file: str, headed: Headed, options: ReadOptions, *, date_1904: bool = False) -> ReadTable:
    """Read the table under its headings; everything doubtful is in `problems`, nothing is guessed."""
    table = headed.table
    result = ReadTable(file, headed.sheet.name, table, titles=headed.titles)
    for label, first, second in headed.twice:
        reason = f"ada dua kolom untuk {label}: '{first}' dan '{second}'."
        result.problem(headed.last_row, label, reason, "Hapus atau ganti judul salah satunya.")
    for label in headed.missing:
        result.problem(headed.last_row, label, f"kolom wajib '{label}' tidak ada.", "Tambahkan kolom itu di berkas.")
    if headed.missing:
        return result
    lines = _sort_lines(headed, result)
    if not lines.data and not result.problems:
        result.problem(None, "", "tidak ada baris data di bawah judul kolom.", "Isi datanya lalu unggah lagi.")
    _read_columns(headed, lines, options, date_1904, result)
    result.groups = lines.groups
    _check_merged(headed, result)
    _check_sums(headed, result)
    _check_unique(result)
    return result


def _sort_lines(headed: Headed, result: ReadTable) -> _Lines:
    lines = _Lines()
    columns, table = headed.columns, headed.table
    proofs = [columns[key] for key in table.proof if key in columns]
    by_name = "account" in table.proof
    amounts = [columns[c.key] for c in table.columns if c.type == "amount" and c.key in columns]
    telling = [columns[c.key] for c in table.columns if c.type in {"amount", "date", "count"} and c.key in columns]
    required = [columns[c.key] for c in table.columns if c.required and c.key in columns]
    sequence = columns.get("sequence")
    carried = {key: columns[key] for key in table.carried if key in columns}
    above: dict[str, object] = {}
    group = ""
    for number, cells in headed.sheet.rows:
        if number <= headed.last_row:
            continue
        width = len(cells)
        proof = next((cells[p] for p in proofs if p < width and cells[p] is not None and not _is_blank(cells[p])), None)
        if (
            proof is not None
            and not _is_label(proof)
            and _is_data(cells, width, proof, by_name, telling, required, sequence)
        ):
            if carried:
                cells = _carry(cells, carried, above)
            lines.data.append((number, cells))
            lines.groups.append(group)
            continue
        label = next((cell for cell in cells if isinstance(cell, str) and not _is_blank(cell)), "")
        if _TOTAL.match(label.strip()):
            lines.totals.append((number, len(lines.data), " ".join(label.split()), cells))
        elif found := _GROUP.match(label.strip()):
            group = " ".join(found[2].split()).title()
        elif any(p < width and _is_amount(cells[p]) for p in amounts) and not _repeats(headed, cells):
            _without_proof(result, table, number)
        elif label and not _repeats(headed, cells):
            result.skipped.append((result.sheet, number, " ".join(label.split())[:80]))
    return lines


def _is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and cell.replace("\xa0", " ").strip() in {"", "-", "\u2013"})


def _is_label(proof: object) -> bool:
    return isinstance(proof, str) and _TOTAL.match(proof.strip()) is not None


def _is_amount(cell: object) -> bool:
    if isinstance(cell, int | float):
        return cell != 0
    return isinstance(cell, str) and any(c.isdigit() for c in cell) and not any(c.isalpha() for c in cell[4:])


def _is_data(
    cells: Sequence[object], width: int, proof: object, by_name: bool, telling: list[int], required: list[int],
    sequence: int | None,
) -> bool:  # fmt: skip
    """Whether a row that carries a code is a record, not a line of a signature block that happens to stand there."""
    if not isinstance(proof, str):
        return True
    if any(p < width and not isinstance(cells[p], str | None) for p in telling):
        return True
    filled = sum(1 for place, cell in enumerate(cells) if place != sequence and not _is_blank(cell))
    coded = any(c.isdigit() for c in proof) and len(proof.strip()) <= 24 and "," not in proof
    if not coded and not by_name:
        return any(p < width and _is_amount(cells[p]) for p in telling)
    if filled <= 1 and any(p >= width or _is_blank(cells[p]) for p in required):
        return False
    return coded or any(p < width and not _is_blank(cells[p]) for p in telling)


def _carry(cells: Sequence[object], carried: dict[str, int], above: dict[str, object]) -> Sequence[object]:
    """Blank means the same as above: the date, the voucher, and the text of that voucher."""
    filled = list(cells)
    for key, place in carried.items():
        if place < len(filled) and not _is_blank(filled[place]):
            if key == "voucher" and filled[place] != above.get(key):
                above.pop("memo", None)  # a new voucher does not inherit the text of the one before
            above[key] = filled[place]
        else:
            filled.extend([None] * (place + 1 - len(filled)))
            filled[place] = above.get(key)
    return filled


def _repeats(headed: Headed, cells: Sequence[object]) -> bool:
    """Headings again, as at the top of a printed page."""
    same = [
        1
        for place in headed.columns.values()
        if place < len(cells) and isinstance(cells[place], str) and words(str(cells[place])) and
        set(words(str(cells[place]))) <= set(words(headed.headings[place]))
    ]  # fmt: skip
    return 2 * len(same) >= len(headed.columns)


def _without_proof(result: ReadTable, table: Table, number: int) -> None:
    label = " atau ".join(table.column(key).label for key in table.proof if key in table.keys)
    result.problem(number, "", f"baris berisi jumlah tetapi {label} kosong.", "Isi kolom itu atau hapus barisnya.")


def _read_columns(headed: Headed, lines: _Lines, options: ReadOptions, date_1904: bool, result: ReadTable) -> None:
    result.rows = [number for number, _ in lines.data]
    count = len(lines.data)
    totals: dict[str, list[int]] = {}
    for column in headed.table.columns:
        place = headed.columns.get(column.key)
        if place is None or column.key == "sequence":
            continue
        cells = [line[place] if place < len(line) else None for _, line in lines.data]
        if column.required:
            for row, cell in zip(result.rows, cells, strict=True):
                if _is_blank(cell) and column.type != "amount":
                    result.problem(row, column.key, f"{column.label} kosong.", "Isi dulu.")
        _formulas(headed, column, place, result)
        if column.type == "amount":
            stated = [line[place] if place < len(line) else None for _, _, _, line in lines.totals]
            both = _amounts(column, cells + stated, options, result, [n for n, *_ in lines.totals])
            result.values[column.key] = list(both[:count])
            totals[column.key] = both[count:]
        else:
            result.values[column.key] = _plain_column(column, cells, options, date_1904, result)
    _check_totals(headed, lines, totals, result)


def _amounts(
    column: Column, cells: list[object], options: ReadOptions, result: ReadTable, total_rows: list[int]
) -> list[int]:
    read = parse_amounts(cells, style=options.style, round_fractions=options.round_fractions)
    numbers = result.rows + total_rows
    for place, reason in read.problems.items():
        advice = "Tulis angka tanpa pemisah, atau samakan bentuknya di seluruh kolom." if "ganda" in reason else (
            "Perbaiki menjadi rupiah bulat (atau pilih pembulatan)." if "bulat" in reason else "Perbaiki isi sel itu."
        )  # fmt: skip
        result.unread.setdefault(column.key, set()).add(numbers[place])
        result.problem(numbers[place], column.key, f"{reason}.", advice)
    if not column.negative and min(read.values_rp, default=0) < 0:
        for place, amount_rp in enumerate(read.values_rp[: len(result.rows)]):
            if amount_rp < 0:
                advice = "Tulis angka positif; pakai sisi atau kolom sebaliknya."
                result.problem(numbers[place], column.key, f"jumlah {rupiah(amount_rp)} negatif.", advice)
    inside = {place: added for place, added in read.rounded.items() if place < len(result.rows)}
    if inside:
        result.rounded[column.key] = inside
        for place, added in inside.items():
            result.warn(numbers[place], column.key, f"dibulatkan; selisih {added.normalize():f} rupiah.")
    return read.values_rp


def _plain_column(
    column: Column, cells: list[object], options: ReadOptions, date_1904: bool, result: ReadTable
) -> list[object]:
    if column.type == "date":
        days = parse_dates(cells, pivot_year=_pivot(column, options), date_1904=date_1904)
        for place, reason in days.problems.items():
            result.problem(result.rows[place], column.key, f"{reason}.", "Perbaiki tanggalnya.")
        return list(days.values)
    for row, cell in zip(result.rows, cells, strict=True):
        if isinstance(cell, CellError):
            result.problem(row, column.key, f"sel menampilkan kesalahan {cell}.", "Perbaiki rumus atau isi nilainya.")
    if column.type == "count":
        return _counts(column, cells, result)
    if column.type == "place_and_date":
        return [_birth(column, cell, row, options, result) for row, cell in zip(result.rows, cells, strict=True)]
    return _texts(cells)


def _texts(cells: list[object]) -> list[object]:
    known: dict[object, str] = {None: ""}
    read: list[object] = []
    for cell in cells:
        text = known.get(cell) if cell is None or type(cell) is str else _code(cell)
        if text is None:
            text = known[cell] = _clean(str(cell))
        read.append(text)
    return read


def _pivot(column: Column, options: ReadOptions) -> int:
    return options.pivot_year - 10 if column.key == "birth_on" else options.pivot_year


def _clean(text: str) -> str:
    text = " ".join(text.split())
    return "" if text in {"-", "\u2013"} else text


def _code(cell: object) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)


def _counts(column: Column, cells: list[object], result: ReadTable) -> list[object]:
    read = parse_amounts(cells)
    for place, reason in read.problems.items():
        result.problem(result.rows[place], column.key, f"{reason}.", "Tulis bilangan bulat.")
    return list(read.values_rp)


def _birth(column: Column, cell: object, row: int, options: ReadOptions, result: ReadTable) -> tuple[str, date | None]:
    if cell is None or not isinstance(cell, str):
        return ("", cell if isinstance(cell, date) else None)
    try:
        return parse_place_and_date(cell, pivot_year=options.pivot_year - 10)
    except ValueError as problem:
        result.problem(row, column.key, f"{problem}.", "Tulis misalnya: Solok, 1 April 1987.")
        return ("", None)


def _formulas(headed: Headed, column: Column, place: int, result: ReadTable) -> None:
    formulas = headed.sheet.formulas
    if not formulas:
        return
    may_be_computed = any(total.total == column.key for total in headed.table.sums)
    for row in result.rows:
        stored = formulas.get((row, place + 1))
        if stored is None:
            continue
        if not stored:
            result.unread.setdefault(column.key, set()).add(row)
            result.problem(row, column.key, "sel berisi rumus tanpa nilai tersimpan.", _VALUES)
        elif column.type == "amount" and not may_be_computed:
            result.problem(row, column.key, "sel isian berisi rumus, bukan angka.", _VALUES)
        else:
            checked = " dan dicocokkan dengan bagian-bagiannya" if may_be_computed else ""
            result.warn(row, column.key, f"sel ini rumus; nilai tersimpannya dipakai{checked}.")


def _check_totals(headed: Headed, lines: _Lines, totals: dict[str, list[int]], result: ReadTable) -> None:
    """A stated total equals the rows since the last total (a group) or all rows so far."""
    since = 0
    for index, (number, upto, label, cells) in enumerate(lines.totals):
        stated = {key: values[index] for key, values in totals.items() if _states(headed, key, cells)}
        whole = {key: sum(result.values[key][:upto]) for key in stated}  # type: ignore[arg-type]
        group = {key: sum(result.values[key][since:upto]) for key in stated}  # type: ignore[arg-type]
        if stated not in (whole, group):
            is_group = sum(stated[k] == group[k] for k in stated) > sum(stated[k] == whole[k] for k in stated)
            _differences(result, number, label, stated, group if is_group else whole)
        since = upto


def _states(headed: Headed, key: str, cells: Sequence[object]) -> bool:
    place = headed.columns[key]
    return place < len(cells) and not _is_blank(cells[place])


def _differences(result: ReadTable, number: int, label: str, stated: dict[str, int], counted: dict[str, int]) -> None:
    for key, amount_rp in stated.items():
        if amount_rp != counted[key] and key not in result.unread:
            difference = rupiah(abs(amount_rp - counted[key]))
            reason = (
                f"'{label}' tertulis {rupiah(amount_rp)}, jumlah barisnya {rupiah(counted[key])}, selisih {difference}."
            )
            result.problem(number, key, reason, "Periksa baris yang kurang atau total yang salah.")


def _check_merged(headed: Headed, result: ReadTable) -> None:
    if not headed.sheet.merged or not result.rows:
        return
    rows, places = set(result.rows), {place + 1: key for key, place in headed.columns.items()}
    for span in headed.sheet.merged:
        touched = [row for row in range(span.first_row, min(span.last_row, span.first_row + 5000) + 1) if row in rows]
        columns = [places[c] for c in range(span.first_column, span.last_column + 1) if c in places]
        if touched and columns and (len(touched) > 1 or len(columns) > 1):
            where = f"baris {touched[0]}-{touched[-1]}" if len(touched) > 1 else f"baris {touched[0]}"
            reason = f"sel gabungan di antara data ({where}); isi sel kedua terbaca kosong."
            result.problem(touched[0], columns[0], reason, "Pisahkan sel gabungan (Unmerge) lalu isi tiap sel.")


def _check_sums(headed: Headed, result: ReadTable) -> None:
    for total in headed.table.sums:
        if total.total not in result.values:
            continue
        parts = list(_parts(total, headed.table, result.values))
        if not parts:
            continue
        place = headed.columns[total.total]
        given: dict[int, Sequence[object]] = dict(headed.sheet.rows)  # type: ignore[arg-type]
        unread = set().union(*(result.unread.get(key, set()) for key in [total.total, *parts]))
        for index, row in enumerate(result.rows):
            if row in unread:
                continue
            stated = result.values[total.total][index]
            counted = sum(result.values[key][index] for key in parts)  # type: ignore[misc]
            if stated != counted and not (place >= len(given[row]) or _is_blank(given[row][place])):
                assert isinstance(stated, int)
                reason = (
                    f"tertulis {rupiah(stated)}, jumlah bagiannya {rupiah(counted)}, "
                    f"selisih {rupiah(abs(stated - counted))}."
                )
                result.problem(row, total.total, reason, "Perbaiki bagian atau jumlah di baris itu.")


def _parts(total: Sum, table: Table, values: dict[str, list[object]]) -> Iterable[str]:
    nested = {one.total: one for one in table.sums}
    for key in total.parts:
        if key in values:
            yield key
        elif key in nested:
            yield from _parts(nested[key], table, values)


def _check_unique(result: ReadTable) -> None:
    for key in result.table.unique:
        if key not in result.values:
            continue
        first: dict[object, int] = {}
        for row, value in zip(result.rows, result.values[key], strict=True):
            if value in {"", None}:
                continue
            if value in first:
                label = result.label(key)
                shown = f"{label} yang sama" if key == "nik" else f"{label} {value}"
                reason = f"{shown} dipakai dua kali, di baris {first[value]} dan {row}."
                result.problem(row, key, reason, "Hapus atau perbaiki salah satunya.")
            else:
                first[value] = row
