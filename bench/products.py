"""Five thousand goods with opening stock: read, judged and booked, beside merely opening the workbook."""

from functools import partial
from pathlib import Path

from openpyxl import Workbook, load_workbook

from bench.measure import Result, books, folder, median, seconds
from core.actor import Actor
from core.clock import today
from models.transaction import Database
from services.coops.commands import add_unit
from services.imports import commands
from services.imports.reading import Options
from services.ledger.chart import Role
from services.ledger.posting import credit, debit, post
from services.mart.stores import Shop, open_store

ROWS, ROUNDS = 5_000, 3
_HEAD = ("Kode", "Barcode", "Nama Barang", "Kategori", "Satuan", "Harga Beli", "Harga Jual", "Harga Anggota", "Stok",
         "Stok Minimum", "Berat (gram)")  # fmt: skip


def run() -> list[Result]:
    """Each round books into fresh books."""
    with folder() as place:
        file = place / "barang.xlsx"
        write(file, ROWS)
        ours, theirs = [], []
        for number in range(ROUNDS):
            database, actor = books(f"sqlite:///{place / f'{number}.db'}")
            open_shop(database, actor)
            ours.append(seconds(partial(import_goods, database, actor, file)))
            theirs.append(seconds(partial(_parse, file)))
            database.engine.dispose()
    mine, bare = median(ours), median(theirs)
    note = f"{ROWS:,} goods with stock, {ROUNDS} rounds, interleaved; preview and booking, reading in a child included"
    return [Result("products", f"{mine:.2f} s", f"{bare:.2f} s openpyxl alone", mine / bare, "<= 6", note)]


def open_shop(database: Database, actor: Actor) -> None:
    """A unit with inventory in the books, and its shop."""
    with database.transaction(actor) as session:
        unit_id, rp = add_unit(session, actor, code="TOKO", name="Toko").id, 10**9
        lines = [debit(Role.INVENTORY, rp, unit_id=unit_id), credit(Role.CASH, rp)]
        post(session, actor, booked_on=today(), memo="Persediaan", source="bench:inventory", lines=lines)
        open_store(session, actor, Shop("Toko"), unit_id=unit_id, slug="toko")


def write(file: Path, rows: int) -> None:
    """A list of goods as a shop keeps it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Barang")
    sheet.append(_HEAD)
    for number in range(rows):
        cost_rp = 1_000 + number
        sheet.append([f"K{number:05}", f"8{number:011}", f"Barang {number}", "Sembako", "pcs", cost_rp, cost_rp * 2,
                      cost_rp * 2 - 100, 3, 1, 250])  # fmt: skip
    book.save(file)


def import_goods(database: Database, actor: Actor, file: Path) -> None:
    """Preview and book, as the command line does."""
    options = Options(today=today())
    files = commands.read([file], "products", options)
    with database.reading(actor) as session:
        shown = commands.preview(session, actor, files, options, "products")
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
