"""Reading a file aside: a child process with limits on memory and time, so that no file can hurt the server.

The child imports no database and no web; it answers with JSON, which cannot carry anything but plain values.
"""

import hashlib
import json
import resource
import subprocess
import sys
from datetime import date
from pathlib import Path

from services.imports.opening_files import BYTES_LIMIT, form_of
from services.imports.sheets import Book, CellError, FileRefused, Row, Sheet, Span
from services.imports.text_files import read_csv, read_html
from services.imports.xlsx import Unreadable, read_workbook

SECONDS_LIMIT = 60
MEMORY_LIMIT = 768 * 1024 * 1024
_ROOT = Path(__file__).resolve().parents[2]
_TOO_MUCH = ("berkas terlalu besar untuk dibaca.", "Hapus lembar yang tidak perlu, atau bagi per bulan.")


def read_safely(path: Path, shown_as: str = "") -> Book:
    """The rows of a file, read in a child process. `shown_as` is the name people gave it.

    Raises:
        FileRefused: the file is unsafe, damaged, too large, or not what its name says.
    """
    file = shown_as or path.name
    command = [sys.executable, "-S", "-c", "import sys; sys.path[:0] = [sys.argv[1]]; "
               "from services.imports.worker import main; main()", str(_ROOT), str(path), file]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS_LIMIT, check=False)  # noqa: S603  our own module
    except subprocess.TimeoutExpired:
        raise FileRefused(file=file, reason=_TOO_MUCH[0], advice=_TOO_MUCH[1]) from None
    if done.returncode != 0:
        raise FileRefused(file=file, reason=_TOO_MUCH[0], advice=_TOO_MUCH[1])
    answer = json.loads(done.stdout)
    if "reason" in answer:
        raise FileRefused(file=file, reason=answer["reason"], advice=answer["advice"])
    return _book(answer)


def read_here(path: Path, shown_as: str = "") -> Book:
    """What `read_safely` does, in this process: for files of our own."""
    file = shown_as or path.name
    with path.open("rb") as stream:
        content = stream.read(BYTES_LIMIT + 1)
    form = form_of(file, content)
    notes: list[str] = []
    date_1904 = False
    try:
        if form == "xlsx":
            sheets, date_1904, hidden = read_workbook(content)
            notes = [f"Lembar tersembunyi '{name}' tidak dibaca." for name in hidden]
        else:
            sheets = read_html(content) if form == "html" else read_csv(content)
    except Unreadable as problem:
        raise FileRefused(file=file, reason=problem.reason, advice=problem.advice) from None
    return Book(file, form, sheets, hashlib.sha256(content).hexdigest(), date_1904, notes)


def main() -> None:
    """The child: read the file named on the command line, answer on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_LIMIT, SECONDS_LIMIT))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    answer: dict[str, object]
    try:
        answer = _plain(read_here(Path(sys.argv[2]), sys.argv[3]))
    except FileRefused as refusal:
        answer = {"reason": refusal.fields["reason"], "advice": refusal.fields["advice"]}
    except (MemoryError, RecursionError):
        answer = {"reason": _TOO_MUCH[0], "advice": _TOO_MUCH[1]}
    sys.stdout.write(json.dumps(answer, default=_cell, separators=(",", ":")))


def _cell(value: object) -> list[object]:
    # cells hold no lists of their own, so a list can stand for what JSON lacks
    return [value.toordinal()] if isinstance(value, date) else [0, str(value)]


def _plain(book: Book) -> dict[str, object]:
    sheets = [
        {
            "name": sheet.name,
            "rows": [[row.number, _without_errors(row.cells)] for row in sheet.rows],
            "merged": sheet.merged,
            "formulas": [[*place, stored] for place, stored in sheet.formulas.items()],
            "hidden": sheet.hidden_rows,
        }
        for sheet in book.sheets
    ]
    return {"file": book.file, "form": book.form, "hash": book.bytes_hash, "date_1904": book.date_1904,
            "notes": book.notes, "sheets": sheets}  # fmt: skip


def _without_errors(cells: object) -> list[object]:
    assert isinstance(cells, list)
    if CellError in map(type, cells):  # JSON would take the named tuple for a list of its text
        return [[0, cell.text] if type(cell) is CellError else cell for cell in cells]
    return cells


def _book(answer: dict[str, object]) -> Book:
    given: list[dict[str, list[list[object]]]] = answer["sheets"]  # type: ignore[assignment]
    sheets = [
        Sheet(
            str(one["name"]),
            [Row(number, _decoded(cells)) for number, cells in one["rows"]],  # type: ignore[arg-type]
            [Span(*corners) for corners in one["merged"]],  # type: ignore[arg-type]
            {(row, column): bool(stored) for row, column, stored in one["formulas"]},  # type: ignore[misc]
            one["hidden"],  # type: ignore[arg-type]
        )
        for one in given
    ]
    return Book(str(answer["file"]), str(answer["form"]), sheets, str(answer["hash"]), bool(answer["date_1904"]),
                list(answer["notes"]))  # type: ignore[call-overload]  # fmt: skip


def _decoded(cells: list[object]) -> list[object]:
    if list in map(type, cells):
        return [_of_list(cell) if type(cell) is list else cell for cell in cells]
    return cells


def _of_list(cell: list[object]) -> object:
    return date.fromordinal(cell[0]) if len(cell) == 1 else CellError(str(cell[1]))  # type: ignore[arg-type]
