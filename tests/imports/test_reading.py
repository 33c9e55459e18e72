"""The reader sees what a common library sees, cell by cell, in a child that can do no harm; and files of any shape."""

from datetime import date, datetime

import pytest
from openpyxl import load_workbook

from services.imports.reading import read_file
from services.imports.worker import read_here, read_safely
from tests.imports.conftest import DATA, WORKBOOKS, options

WHOLE = sorted(path for path in WORKBOOKS.glob("A[01]/*.xlsx"))
HEAD = "entry,date,account,debit,credit,memo"


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_cell_is_the_one_another_library_reads(path):
    theirs = {}
    for page in load_workbook(path, data_only=True).worksheets:
        for cells in page.iter_rows():
            for cell in cells:
                if cell.value not in {None, ""}:
                    value = cell.value.date() if isinstance(cell.value, datetime) else cell.value
                    theirs[page.title, cell.row, cell.column] = value
    ours = {
        (sheet.name, row.number, place): cell
        for sheet in read_here(path).sheets
        for row in sheet.rows
        for place, cell in enumerate(row.cells, start=1)
        if cell not in {None, ""}
    }
    assert ours == theirs


@pytest.mark.parametrize(
    "name", ["A1/06_jurnal_umum_2026.xlsx", "A1/04_realisasi_2026-03.csv", "A1/03_potongan_2026-03.xlsx"]
)
def test_the_child_hands_back_what_it_read(name):
    assert read_safely(WORKBOOKS / name) == read_here(WORKBOOKS / name)


def test_the_child_refuses_in_words_what_the_parent_refuses():
    for name in ("bom_zip.xlsx", "zip_terpotong.xlsx", "gambar.xlsx"):
        aside, here = (read_file(WORKBOOKS / "A0/bad" / name, options(), reader=r) for r in (read_safely, read_here))
        assert [p.reason for p in aside.problems] == [p.reason for p in here.problems] != []


def _read(tmp_path, name: str, content: str | bytes):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_file(path, options(), reader=read_here)


@pytest.mark.parametrize(
    "encoded",
    [
        f"{HEAD}\r1,2026-01-05,11011,5000,,Awal\r1,2026-01-05,3105,,5000,Awal\r",
        f"sep=,\n{HEAD}\n1,2026-01-05,11011,5000,,Awal\n1,2026-01-05,3105,,5000,Awal\n",
        f"{HEAD}\n1,2026-01-05,11011,5000,,Awal\n1,2026-01-05,3105,,5000,Awal\n".replace(",", ";").encode("utf-16"),
        f"\ufeff{HEAD}\n1,2026-01-05,11011,5000,,Awal\n1,2026-01-05,3105,,5000,Awal\n".replace(",", "\t"),
    ],
)
def test_text_comes_with_any_line_end_sign_and_encoding(encoded, tmp_path):
    found = _read(tmp_path, "jurnal.csv", encoded)
    assert (found.kind.name, found.all_problems) == ("journal", [])
    assert found.tables[0].values["debit_rp"] == [5000, 0]
    assert found.tables[0].values["date"] == [date(2026, 1, 5)] * 2


def test_an_old_export_that_is_html_is_read(tmp_path):
    cells = "".join(f"<th>{word}</th>" for word in ("Tanggal", "No Bukti", "Kode Akun", "Debit", "Kredit"))
    rows = "<tr><td>5 Januari 2026</td><td>A</td><td>11011</td><td>Rp 5.000</td><td>-</td></tr>"
    found = _read(tmp_path, "jurnal.xls", f"<html><body><table><tr>{cells}</tr>{rows}</table></body></html>")
    assert (found.kind.name, found.tables[0].values["debit_rp"]) == ("journal", [5000])


def test_other_words_for_the_same_columns_are_understood(tmp_path):
    head = "id_anggota;jenis;transaksi;jumlah;tanggal;no_referensi;keterangan"
    found = _read(tmp_path, "simpanan.csv", f"{head}\n0001;sukarela;setoran;50.000;25/03/2026;R-1;\n")
    assert (found.kind.name, found.all_problems) == ("cash", [])
    assert found.tables[0].values["amount_rp"] == [50_000]
    head = "NIK,Nama,No Kartu,Departemen,Tipe Anggota,Status,Telepon,Email,Alamat,Tanggal Daftar"
    found = _read(tmp_path, "anggota.csv", f"{head}\n,Siti,0001,Produksi,Biasa,Aktif,0800,,,2026-03-01\n")
    assert (found.kind.name, found.tables[0].values["number"]) == ("members", ["0001"])


def test_the_content_of_a_file_is_the_same_in_any_order(tmp_path):
    lines = [f"{n},2026-01-05,11011,5000,,Awal" for n in range(3)]
    one = _read(tmp_path, "satu.csv", "\n".join([HEAD, *lines]))
    other = _read(tmp_path, "dua.csv", "\r\n".join([HEAD, *reversed(lines)]))
    changed = _read(tmp_path, "tiga.csv", "\n".join([HEAD, *lines[:2], lines[2].replace("5000", "5001")]))
    assert one.content_hash == other.content_hash != changed.content_hash


def test_a_file_of_another_kind_is_told_as_such():
    found = read_file(DATA / "books/textbook/journal.csv", options(), kind="members", reader=read_here)
    assert "tampak seperti jurnal umum, bukan daftar anggota" in found.problems[0].sentence
