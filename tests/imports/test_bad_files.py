"""Fifty broken files: each is answered as it must be, with its real reason, and nothing of it is kept."""

import json
import re
from datetime import date

import pytest
from openpyxl import Workbook

from models.members import Member
from services.imports import commands
from services.imports.refusals import PreviewHasProblems
from services.ledger.balances import balances
from tests.imports.conftest import WORKBOOKS, importer, look, take, told, warned

BAD = WORKBOOKS / "A0" / "bad"
CASES = {case["file"]: case for case in json.loads((BAD / "expected.json").read_text("utf-8"))["files"]}
KINDS = {
    "daftar potongan": "payroll", "realisasi": "settlement", "jurnal umum": "journal", "barang toko": "products",
    "anggota baru": "members", "neraca saldo awal": "opening",
}  # fmt: skip
MARCH = date(2026, 3, 1)
LARGE = "baris_60000.xlsx"  # made in its test
# what the answer says, in our words; where the case names rows, the answer must name one of them too
SAID = {
    "03_potongan_2026-03.xlsx": r"judul menyebut April 2026, .* Maret 2026",
    "akun_induk.xlsx": r"akun 1101 adalah akun induk",
    "akun_tidak_dikenal.xlsx": r"akun 9999 tidak ada di bagan akun",
    "anggota_nik_ganda.xlsx": r"NIK \(KTP\) yang sama dipakai dua kali, di baris 2 dan 3",
    "angka_ambigu.csv": r"bermakna ganda",
    "barang_barcode_ganda.xlsx": r"dipakai dua kali, di baris 4 dan 8",
    "barang_ean_salah.xlsx": r"angka periksa barcode .* salah",
    "bom_zip.xlsx": r"mengembang menjadi 320 MB",
    "formula_1_tambah_1.xlsx": r"berisi rumus, bukan angka",
    "formula_tanpa_nilai.xlsx": r"rumus tanpa nilai tersimpan",
    "gambar.xlsx": r"bukan buku kerja",
    "jurnal_nilai_negatif.xlsx": r"negatif",
    "jurnal_seimbang_total_saja.xlsx": r"bukti JU-2603-902 .* tidak seimbang",
    "jurnal_tahun_depan.xlsx": r"tahun buku 2062 belum dibuka",
    "jurnal_tahun_tertutup.xlsx": r"masa sebelumnya sudah ditutup",
    "jurnal_tidak_seimbang.xlsx": r"bukti JU-2603-901 .* tidak seimbang.* selisih Rp 45\.000",
    "kosong_0_byte.xlsx": r"berkas kosong",
    "kosong_hanya_judul.xlsx": r"tidak ada baris data",
    "makro.xlsm": r"makro tidak diterima",
    "neraca_awal_beda_buku_anggota.xlsx": r"3102 .*berbeda Rp 300\.000 dari jumlah saldo anggota",
    "neraca_awal_tidak_seimbang.xlsx": r"tidak seimbang.* selisih Rp 1\.000",
    "nominal_1e15.xlsx": r"terlalu besar untuk masuk akal",
    "potongan_anggota_tidak_dikenal.xlsx": r"tidak ada di daftar anggota",
    "potongan_baris_ganda.xlsx": r"dipakai dua kali, di baris 4 dan 14",
    "potongan_baris_tidak_cocok.xlsx": r"selisih Rp 5\.000",
    "potongan_kolom_hilang.xlsx": r"kolom wajib 'No Anggota atau NIP' tidak ada",
    "potongan_teks_di_nominal.xlsx": r"'seratus ribu' bukan angka",
    "potongan_total_tidak_cocok.xlsx": r"tertulis Rp 11\.099\.664, jumlah barisnya Rp 11\.089\.664, selisih Rp 10\.000",
    "realisasi_tanggal_bulan_lain.csv": r"di luar Maret 2026",
    "rupiah_pecahan.xlsx": r"bukan rupiah bulat",
    "salah_ekstensi.csv": r"isinya berkas Excel",
    "salah_ekstensi.xlsx": r"bukan buku kerja Excel melainkan teks",
    "sel_gabung_di_data.xlsx": r"sel gabungan di antara data",
    "tanggal_rusak.csv": r"31/02/2026' tidak ada dalam kalender",
    "terenkripsi.xlsx": r"dikunci kata sandi",
    "unggah_ganda_2.csv": r"berkas ini sudah dibukukan .* \(sebagai unggah_ganda_1\.csv\)",
    "unggah_ganda_3.csv": r"realisasi Maret 2026 sudah dibukukan|isi berkas ini sudah dibukukan",
    "xml_entitas.xlsx": r"DTD",
    "xml_luar.xlsx": r"DTD",
    "zip_jalur.xlsx": r"tidak aman",
    "zip_terpotong.xlsx": r"rusak atau tidak lengkap",
}
WARNED = {
    "formula_total_baris.xlsx": r"baris 2, kolom Total Potongan: sel ini rumus",
    "realisasi_lebih.csv": r"baris 2, kolom Jumlah Dipotong: Utama Purwanti dipotong Rp 75\.000 lebih dari daftar",
    "injeksi_formula_nama.csv": r"baris 2, kolom Nama: nama .* berbeda dari daftar anggota",
    "injeksi_formula_nama.xlsx": r"baris 2, kolom Nama: nama .* mencurigakan",
    "injeksi_html_nama.xlsx": r"baris 2, kolom Nama: nama .* mencurigakan",
    "lembar_tambahan.xlsx": r"lembar 'Catatan' tidak dibaca",
    "realisasi_nama_beda.csv": r"baris 2, kolom Nama: nama .* berbeda dari daftar anggota",
}
AFTER = {"unggah_ganda_2.csv": "unggah_ganda_1.csv", "unggah_ganda_3.csv": "unggah_ganda_1.csv"}
BEFORE_OPENING = {"neraca_awal_beda_buku_anggota.xlsx", "neraca_awal_tidak_seimbang.xlsx"}


def _kind(case: dict) -> str:
    return next(kind for words, kind in KINDS.items() if case["import_as"].startswith(words))


def _month(case: dict) -> date | None:
    found = re.search(r"(\d{4})-(\d{2})$", case["import_as"])
    return date(int(found[1]), int(found[2]), 1) if found else None


def _shown(world, case: dict):
    return look(world, _kind(case), BAD / case["file"], month=_month(case))


def _rows(case: dict) -> set[int]:
    """The rows a case names; vouchers and columns are held by the words."""
    if not re.match(r"(?:rows?|lines?) \d", case.get("where", "")) or "row 3102" in case["where"]:
        return set()
    numbers = re.search(r"\d+(?:(?:-| and )\d+)?", case["where"])[0]
    first, *last = map(int, re.split(r"-| and ", numbers))
    return {first, *last} if "and" in numbers else set(range(first, (last or [first])[0] + 1))


@pytest.fixture
def listed_world(begun_world):
    """February booked, the list of March sent; the books are checked at the end."""
    take(begun_world, "payroll", WORKBOOKS / "A0" / "03_potongan_2026-03.xlsx")
    return begun_world


@pytest.mark.parametrize("file", [f for f, case in CASES.items() if case["outcome"] == "rejected"])
def test_a_broken_file_is_refused_with_its_reason(file, request, listed_shared):
    case, world = CASES[file], listed_shared
    if file in BEFORE_OPENING:
        world = request.getfixturevalue("world")
        take(world, "members", WORKBOOKS / "A0" / "01_anggota_dan_saldo_awal.xlsx")
        world.checked = False  # the members' balances wait for the trial balance that is refused
    if file in AFTER:
        world = request.getfixturevalue("listed_world")
        take(world, _kind(case), BAD / AFTER[file], month=_month(case))
    shown = _shown(world, case)
    fitting = [problem for problem in shown.problems if re.search(SAID[file], problem.sentence)]
    assert fitting, told(shown)
    assert not _rows(case) or {problem.row for problem in fitting} & _rows(case), told(shown)
    assert all(problem.advice for problem in shown.problems)
    with world.transaction(importer(world)) as session, pytest.raises(PreviewHasProblems):
        commands.book(session, importer(world), shown)


@pytest.mark.parametrize("file", [f for f, case in CASES.items() if case["outcome"] == "accepted" and f != LARGE])
def test_an_odd_file_is_taken_with_a_warning(file, request, listed_shared):
    case, kind = CASES[file], _kind(CASES[file])
    shown = _shown(listed_shared, case)
    assert told(shown) == []
    assert re.search(WARNED.get(file, ""), warned(shown)), warned(shown)
    if "rows" in case.get("expect", {}):
        assert shown.rows == case["expect"]["rows"]
    if "total" in case.get("expect", {}):
        assert case["expect"]["total"] in {total.amount_rp for total in shown.control_totals}
    if kind == "members":
        begun_world = request.getfixturevalue("begun_world")
        assert take(begun_world, kind, BAD / file).counts == {"anggota": 1}
        with begun_world.reading() as session:  # kept as the text it is
            assert session.query(Member).filter(Member.number == "8801").one().name in {
                "=cmd|' /C calc'!A0", "<script>alert(1)</script>",
            }  # fmt: skip


def test_more_than_the_list_becomes_titipan(listed_world):
    expected = CASES["realisasi_lebih.csv"]["expect"]
    before = _balance(listed_world, "11021")
    take(listed_world, "settlement", BAD / "realisasi_lebih.csv", month=MARCH)
    assert _balance(listed_world, "2109") == -expected["account_2109"]
    assert _balance(listed_world, "11021") - before == expected["total"]


def test_a_short_list_is_taken_with_what_is_missing_told_and_its_settlement_follows(begun_world):
    shown = look(begun_world, "payroll", BAD / "lembar_tambahan.xlsx", month=MARCH)
    assert "103 anggota tidak ada di berkas ini" in warned(shown)
    take(begun_world, "payroll", BAD / "lembar_tambahan.xlsx", month=MARCH)
    refused = look(begun_world, "settlement", BAD / "unggah_ganda_1.csv", month=MARCH)
    assert "tidak ada di daftar potongan Maret 2026" in told(refused)[0]


def _balance(world, code: str) -> int:
    with world.reading() as session:
        return balances(session, world.coop.id, date(2026, 3, 31)).get(world.account(session, code), 0)


def test_every_case_has_its_words():
    rejected = {file for file, case in CASES.items() if case["outcome"] == "rejected"}
    assert rejected == SAID.keys()
    assert WARNED.keys() <= CASES.keys() - rejected


def test_sixty_thousand_rows_are_read_aside_and_booked_whole(begun_world, tmp_path, pytestconfig):
    """A tenth of them, but in the long form."""
    expected, part = CASES[LARGE]["expect"], 1 if pytestconfig.getoption("--long") else 10
    vouchers, rows, debit_rp = (expected[name] // part for name in ("vouchers", "rows", "total_debit"))
    path = tmp_path / LARGE
    book = Workbook(write_only=True)
    page = book.create_sheet("Data")
    page.append(["Tanggal", "No Bukti", "Uraian", "Kode Akun", "Debit", "Kredit"])
    for voucher in range(vouchers):
        for _ in range(50):
            for debit, credit, code in ((3450, 0, "6103"), (0, 3450, "11012")):
                page.append([date(2026, 3, 1 + voucher % 28), f"BR-{voucher:04}", "Beli ATK", code, debit, credit])
    book.save(path)
    shown = look(begun_world, "journal", path)
    assert (shown.rows, shown.counts["jurnal"], told(shown)) == (rows, vouchers, [])
    assert {total.amount_rp for total in shown.control_totals} == {debit_rp}
    actor = importer(begun_world)
    with begun_world.transaction(actor) as session:
        assert commands.book(session, actor, shown).counts == {"jurnal": vouchers, "baris": rows}
