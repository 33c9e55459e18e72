"""Ten thousand journal rows: read, judged and booked, beside merely opening the workbook."""

from functools import partial
from pathlib import Path

from openpyxl import Workbook, load_workbook

from bench.measure import Result, books, days, folder, median, seconds
from core.actor import Actor
from core.clock import today
from models.transaction import Database
from services.imports import commands
from services.imports.reading import Options

ROWS, ROUNDS = 10_000, 5


def run() -> list[Result]:
    """Each round books into fresh books."""
    with folder() as place:
        file = place / "jurnal.xlsx"
        _write(file)
        ours, theirs = [], []
        for number in range(ROUNDS):
            database, actor = books(f"sqlite:///{place / f'{number}.db'}")
            ours.append(seconds(partial(_import, database, actor, file)))
            theirs.append(seconds(partial(_parse, file)))
            database.engine.dispose()
    mine, bare = median(ours), median(theirs)
    note = f"{ROWS:,} rows, {ROUNDS} rounds, interleaved; preview and booking, reading in a child process included"
    return [Result("import", f"{mine:.2f} s", f"{bare:.2f} s openpyxl alone", mine / bare, "<= 3", note)]


def _write(file: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Jurnal")
    sheet.append(["entry", "date", "account", "debit", "credit", "memo"])
    for number, day in enumerate(days(ROWS // 2)):
        amount_rp = 10_000 + number
        sheet.append([f"J{number}", day, "11011", amount_rp, None, f"Setor ke bank {number}"])
        sheet.append([f"J{number}", day, "11021", None, amount_rp, f"Setor ke bank {number}"])
    book.save(file)


def _import(database: Database, actor: Actor, file: Path) -> None:
    options = Options(today=today())
    files = commands.read([file], "journal", options)
    with database.reading(actor) as session:
        shown = commands.preview(session, actor, files, options, "journal")
    assert shown.clean, shown.problems[:3]
    with database.transaction(actor) as session:
        booked = commands.book(session, actor, shown)
    assert booked.is_new


def _parse(file: Path) -> int:
    book = load_workbook(file, read_only=True, data_only=True)
    rows = sum(1 for row in book.active.iter_rows(values_only=True) if row)
    book.close()
    assert rows == ROWS + 1
    return rows
