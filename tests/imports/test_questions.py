"""Large files: read, judged and booked without a question per row. How long it takes is measured in `bench`."""

from datetime import date, timedelta

from openpyxl import Workbook
from sqlalchemy import event

from services.imports import commands
from services.imports.worker import read_here
from tests.imports.conftest import importer, options

ROWS = 10_000


def _journal(path) -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet("Jurnal")
    page.append(["Tanggal", "No Bukti", "Uraian", "Kode Akun", "Debit", "Kredit"])
    for voucher in range(ROWS // 4):
        day = date(2026, 3, 1) + timedelta(days=voucher % 300)
        for code, debit, credit in (("6104", 700, 0), ("6103", 300, 0), ("11021", 0, 600), ("11012", 0, 400)):
            page.append([day, f"JU-{voucher:05}", f"Pembayaran {voucher}", code, debit, credit])
    book.save(path)


def test_ten_thousand_rows_take_a_handful_of_questions(begun_world, tmp_path):
    path = tmp_path / "jurnal.xlsx"
    _journal(path)
    asked = []
    event.listen(begun_world.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    actor = importer(begun_world)
    files = commands.read([path], "journal", options(), reader=read_here)
    with begun_world.transaction(actor) as session:
        shown = commands.preview(session, actor, files, options(), "journal")
        booked = commands.book(session, actor, shown)
    assert booked.counts == {"jurnal": ROWS // 4, "baris": ROWS}
    assert len(asked) < 60
