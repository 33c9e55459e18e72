"""`import KIND FILE…` and `import folder DIR` as they are typed: exit codes, what is said, what is kept."""

import json
import shutil
from datetime import date

import pytest

from cli.__main__ import main
from core import secrets
from models.ledger import JournalEntry
from models.members import Member
from models.transaction import Database
from tests.conftest import open_world
from tests.imports.conftest import WORKBOOKS, importer

A0 = WORKBOOKS / "A0"
BOOKING = ("01_anggota_dan_saldo_awal.xlsx", "02_neraca_saldo_awal.xlsx", "06_jurnal_umum_2026.xlsx",
           "07_mutasi_kas_anggota_2026.xlsx", "09_anggota_masuk_2026.xlsx")  # fmt: skip


@pytest.fixture
def line(tmp_path, monkeypatch, capsys):
    """Type a command: (exit code, what it printed). The cooperatives are `maju` and `tetangga`."""
    monkeypatch.setenv("EKOPZ_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert main(["migrate", "--quiet"]) == 0
    for slug in ("maju", "tetangga"):
        assert main(["coop", "create", "--slug", slug, "--name", f"Koperasi {slug}"]) == 0
    capsys.readouterr()

    def type_(*words: object) -> tuple[int, str]:
        code = main(["import", *map(str, words)])
        said = capsys.readouterr()
        return code, said.out + said.err

    yield type_
    secrets.use_key(bytes(range(32)))
    world = open_world_of(tmp_path)
    world.assert_books_hold()
    world.database.engine.dispose()


def open_world_of(folder):
    return open_world(f"sqlite:///{folder / 'ekopz.db'}")


def _count(tmp_path, table) -> int:
    database = Database(f"sqlite:///{tmp_path / 'ekopz.db'}")
    with database.platform("test") as session:
        found = session.query(table).count()
    database.engine.dispose()
    return found


def test_a_preview_tells_headings_totals_and_that_nothing_was_kept(line, tmp_path):
    code, said = line("members", A0 / BOOKING[0], "--coop", "maju")
    assert code == 0
    assert "SALDO manasuka = Simpanan Sukarela" in said
    assert "daftar anggota, Simpanan Wajib: Rp 586.600.000" in said
    assert "Bersih: 114 anggota. Ini pratinjau saja" in said
    assert _count(tmp_path, Member) == 0


def test_committing_keeps_and_repeating_is_refused(line, tmp_path):
    assert "Dibukukan: 114 anggota." in line("members", A0 / BOOKING[0], "--coop", "maju", "--commit")[1]
    assert line("opening", A0 / BOOKING[1], "--coop", "maju", "--commit")[0] == 0
    code, said = line("members", A0 / BOOKING[0], "--coop", "maju", "--commit")
    assert (code, _count(tmp_path, Member)) == (2, 114)
    assert "sudah dibukukan" in said
    assert "tidak ada yang disimpan" in said


def test_problems_are_json_with_their_place(line, tmp_path):
    code, said = line("journal", A0 / "bad/akun_induk.xlsx", "--coop", "maju", "--commit", "--format", "json")
    answer = json.loads(said)
    problem = next(one for one in answer["problems"] if "akun induk" in one["reason"])
    assert (code, answer["committed"], problem["file"], problem["row"]) == (2, False, "akun_induk.xlsx", 3)
    assert (problem["sheet"], problem["column"], bool(problem["advice"])) == ("Data", "Kode Akun", True)
    assert _count(tmp_path, JournalEntry) == 0


def test_goods_without_a_shop_are_refused_with_the_way_on(line):
    code, said = line("products", A0 / "08_barang_toko.xlsx", "--coop", "maju", "--commit")
    assert code == 2
    assert "08_barang_toko.xlsx: belum ada toko yang Anda kelola. Buka toko dulu di Kopmin, menu Toko." in said


def test_a_month_by_itself_is_list_then_settlement(line):
    for kind, file in (("members", BOOKING[0]), ("opening", BOOKING[1])):
        assert line(kind, A0 / file, "--coop", "maju", "--commit")[0] == 0
    code, said = line("settlement", A0 / "04_realisasi_2026-01.csv", "--coop", "maju", "--commit")
    assert (code, "daftar potongan Januari 2026 belum ada" in said) == (2, True)
    code, said = line("payroll", A0 / "03_potongan_2026-01.xlsx", "--coop", "maju", "--month", "2026-02", "--commit")
    assert code == 0, said  # neither title nor dates speak against the month chosen
    code, said = line("payroll", A0 / "03_potongan_2026-01.xlsx", "--coop", "tetangga", "--commit")
    assert (code, "tidak ada di daftar anggota" in said) == (2, True)
    code, said = line("settlement", A0 / "04_realisasi_2026-01.csv", "--coop", "maju", "--month", "2026-02", "--commit")
    assert (code, "di luar Februari 2026" in said) == (2, True)


def test_a_folder_is_taken_whole_in_the_order_of_the_days_and_later_the_rest(line, tmp_path):
    folder = tmp_path / "berkas"
    folder.mkdir()
    for name in BOOKING:
        shutil.copy(A0 / name, folder)
    (folder / "~$06.xlsx").write_bytes(b"kunci")
    code, said = line("folder", folder, "--coop", "maju", "--until", "2026-01-20")
    assert (code, _count(tmp_path, Member)) == (0, 0), said
    code, said = line("folder", folder, "--coop", "maju", "--until", "2026-01-20", "--commit")
    assert (code, _count(tmp_path, Member)) == (0, 114), said
    first = _count(tmp_path, JournalEntry)
    code, said = line("folder", folder, "--coop", "maju", "--until", "2026-02-20", "--commit", "--format", "json")
    assert (code, json.loads(said)["committed"]) == (0, True), said
    world = open_world_of(tmp_path)
    with world.reading(importer(world)) as session:
        entries = session.query(JournalEntry).order_by(JournalEntry.seq).all()
    world.database.engine.dispose()
    assert len(entries) > first
    for part in (entries[:first], entries[first:]):  # each run by date, journals and cash together
        assert [entry.booked_on for entry in part] == sorted(entry.booked_on for entry in part)
    assert {entry.source.split(":")[1] for entry in entries} == {"opening", "journal", "cash"}
    assert len({entry.voucher_no for entry in entries}) == len(entries)
    assert entries[-1].booked_on > date(2026, 1, 20)


def test_a_folder_takes_lists_loans_and_settlements_and_tells_what_it_leaves(line, tmp_path):
    folder = tmp_path / "berkas"
    folder.mkdir()
    for name in (*BOOKING, "03_potongan_2026-01.xlsx", "05_pinjaman_2026.xlsx", "04_realisasi_2026-01.csv",
                 "08_barang_toko.xlsx"):  # fmt: skip
        shutil.copy(A0 / name, folder)
    code, said = line("folder", folder, "--coop", "maju", "--until", "2026-01-20", "--commit")
    assert code == 0, said
    assert "2 pinjaman" in said
    assert "1 daftar potongan" in said
    assert "04_realisasi_2026-01.csv: realisasi potongan: sesudah tanggal yang dipilih" in said
    assert "08_barang_toko.xlsx: barang toko: tidak mengubah pembukuan" in said
    code, said = line("folder", folder, "--coop", "maju", "--until", "2026-01-31", "--commit")
    assert code == 0, said
    assert "1 realisasi" in said
    code, said = line("folder", folder, "--coop", "maju", "--until", "2026-01-31", "--commit")
    assert (code, "Sudah pernah dibukukan" in said) == (0, True), said


def test_a_problem_in_the_middle_of_the_days_keeps_nothing_and_says_where(line, tmp_path):
    folder = tmp_path / "berkas"
    folder.mkdir()
    for name in (*BOOKING, "05_pinjaman_2026.xlsx"):
        shutil.copy(A0 / name, folder)
    code, said = line("folder", folder, "--coop", "maju", "--until", "2026-03-31", "--commit")  # no lists: exits differ
    assert (code, _count(tmp_path, Member)) == (2, 0)
    assert "07_mutasi_kas_anggota_2026.xlsx, lembar Keluar, baris 2" in said
    assert "baris sesudah masalah ini (26 Februari 2026) baru diperiksa" in said


def test_a_folder_with_one_bad_file_keeps_nothing(line, tmp_path):
    folder = tmp_path / "berkas"
    folder.mkdir()
    for name in (*BOOKING[:2], "bad/jurnal_tidak_seimbang.xlsx"):
        shutil.copy(A0 / name, folder)
    code, said = line("folder", folder, "--coop", "maju", "--commit")
    assert (code, _count(tmp_path, Member)) == (2, 0)
    assert "bukti JU-2603-901" in said


def test_mistakes_of_typing_are_one_sentence(line, tmp_path):
    for words, sentence in (
        (("members", tmp_path / "tidak-ada.xlsx", "--coop", "maju"), "tidak ada"),
        (("members", A0 / BOOKING[0], "--coop", "entah"), "'entah' tidak ada"),
        (("folder", tmp_path, "--coop", "maju"), "tidak berisi berkas"),
        (("members", A0 / BOOKING[0], "--coop", "maju", "--until", "2026-01-01"), "hanya untuk 'import folder'"),
    ):
        code, said = line(*words)
        assert code == 2
        assert sentence in said
        assert "Traceback" not in said
