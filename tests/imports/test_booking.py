"""Booking is whole or nothing, once, and in the right cooperative."""

from datetime import date

import pytest

from models.imports import BookedFile
from models.ledger import Account, JournalEntry
from models.members import Member
from models.savings import SavingsAccount
from services.imports import commands
from services.imports.refusals import BookedMeanwhile
from services.ledger import periods
from services.ledger.chart import Role
from services.ledger.posting import credit, debit, post
from services.ledger.refusals import PeriodClosed
from services.members import commands as members
from services.savings import commands as savings
from services.savings.refusals import NotEnough
from tests.crowd import at_once
from tests.imports.conftest import WORKBOOKS, importer, look, take, told, warned

JOURNAL = ("Tanggal", "No Bukti", "Uraian", "Kode Akun", "Debit", "Kredit")
CASH = ("Tanggal", "No Bukti", "No Anggota", "Nama", "Jenis", "Masuk", "Keluar")
EXIT = ("Tanggal", "No Anggota", "Simpanan Pokok", "Simpanan Wajib", "Simpanan Sukarela", "Sisa Pinjaman", "Dibayar")
DAY = date(2026, 3, 5)


def _entries(world) -> int:
    with world.reading() as session:
        return session.query(JournalEntry).count()


def _voucher(number: str, amount, *, day: date = DAY, code: str = "6103") -> list[tuple]:
    return [(day, number, "Beli ATK", code, amount, 0), (day, number, "Beli ATK", "11012", 0, amount)]


def test_vouchers_are_booked_in_the_order_of_their_days(begun_world, sheet):
    before = _entries(begun_world)
    late, early = _voucher("B", 2000, day=date(2026, 3, 9)), _voucher("A", 1000, day=date(2026, 3, 2))
    take(begun_world, "journal", sheet("maret.xlsx", JOURNAL, *late, *early))
    with begun_world.reading() as session:
        booked = session.query(JournalEntry).order_by(JournalEntry.seq).all()[before:]
    assert [(entry.voucher_no, entry.memo) for entry in booked] == [("A", "Beli ATK"), ("B", "Beli ATK")]


def test_both_databases_take_members_balances_journals_and_cash(any_world, sheet):
    folder = WORKBOOKS / "A0"
    take(any_world, "members", folder / "01_anggota_dan_saldo_awal.xlsx")
    take(any_world, "opening", folder / "02_neraca_saldo_awal.xlsx")
    take(any_world, "journal", sheet("maret.xlsx", JOURNAL, *_voucher("A", 1000)))
    take(any_world, "cash", sheet("kas.xlsx", CASH, (DAY, "S1", "0001", "", "Setor Sukarela", 50_000, 0)))
    assert _entries(any_world) == 3


def test_the_same_file_twice_is_booked_once(begun_world, sheet):
    path = sheet("maret.xlsx", JOURNAL, *_voucher("A", 1000))
    shown, actor = look(begun_world, "journal", path), importer(begun_world)
    with begun_world.transaction(actor) as session:
        assert commands.book(session, actor, shown).is_new
    before = _entries(begun_world)
    with begun_world.transaction(actor) as session:
        again = commands.book(session, actor, shown)  # the second click
    assert (again.is_new, again.counts, _entries(begun_world)) == (False, {"jurnal": 1, "baris": 2}, before)
    assert "berkas ini sudah dibukukan" in told(look(begun_world, "journal", path))[0]


def test_the_same_rows_in_another_file_are_known_again(begun_world, sheet):
    rows = [*_voucher("A", 1000), *_voucher("B", 2000)]
    take(begun_world, "journal", sheet("maret.xlsx", JOURNAL, *rows))
    other = sheet("lain.csv", JOURNAL, *[(f"{d:%d/%m/%Y}", *rest) for d, *rest in reversed(rows)])
    assert "isi berkas ini sudah dibukukan" in told(look(begun_world, "journal", other))[0]


def test_a_voucher_booked_before_is_told_in_another_file(begun_world, sheet):
    take(begun_world, "journal", sheet("maret.xlsx", JOURNAL, *_voucher("A", 1000)))
    more = look(begun_world, "journal", sheet("lagi.xlsx", JOURNAL, *_voucher("A", 1000), *_voucher("B", 1)))
    assert "bukti A (baris 2-3) tanggal 05/03/2026 sudah dibukukan (jurnal 2026/" in told(more)[0]
    changed = look(begun_world, "journal", sheet("ubah.xlsx", JOURNAL, *_voucher("A", 1500)))
    assert "sudah dibukukan dengan isi lain" in told(changed)[0]


def test_two_people_booking_the_same_file_at_once_book_it_once(begun_world, sheet):
    shown = look(begun_world, "journal", sheet("maret.xlsx", JOURNAL, *_voucher("A", 1000)))
    actor, before = importer(begun_world), _entries(begun_world)

    def book() -> bool:
        with begun_world.transaction(actor) as session:
            return commands.book(session, actor, shown).is_new

    assert sorted(at_once([book] * 2)) == [False, True]
    assert _entries(begun_world) == before + 1


def test_one_of_two_files_booked_meanwhile_stops_the_other(begun_world, sheet):
    first, second = (sheet(f"{n}.xlsx", JOURNAL, *_voucher(n, 1000)) for n in "AB")
    both, actor = look(begun_world, "journal", first, second), importer(begun_world)
    take(begun_world, "journal", first)
    with begun_world.transaction(actor) as session, pytest.raises(BookedMeanwhile, match=r"A\.xlsx"):
        commands.book(session, actor, both)


def test_a_month_closed_after_the_preview_keeps_everything_out(begun_world, sheet):
    rows = [*_voucher("A", 1000, day=date(2026, 1, 5)), *_voucher("B", 1000)]
    shown, before = look(begun_world, "journal", sheet("maret.xlsx", JOURNAL, *rows)), _entries(begun_world)
    actor = importer(begun_world)
    with begun_world.transaction(actor) as session:
        january = periods.period_of(session, actor, date(2026, 1, 5))
        periods.change(session, actor, january.id, "close")
    with pytest.raises(PeriodClosed), begun_world.transaction(actor) as session:
        commands.book(session, actor, shown)
    assert _entries(begun_world) == before
    shown = look(begun_world, "journal", sheet("maret.xlsx", JOURNAL, *rows))
    assert "periode Januari 2026 sudah ditutup" in told(shown)[0]


def test_when_the_last_row_fails_nothing_is_kept(begun_world, sheet):
    rows = [
        (DAY, "S1", "0001", "", "Setor Sukarela", 50_000, 0),
        (DAY, "T1", "0002", "", "Tarik Sukarela", 0, 2_349_000),
    ]
    shown, before, actor = look(begun_world, "cash", sheet("kas.xlsx", CASH, *rows)), _entries(begun_world), None
    actor = importer(begun_world)
    with begun_world.transaction(actor) as session:  # meanwhile somebody is at the desk
        member = session.query(Member).filter(Member.number == "0002").one()
        product_id = begun_world.product("voluntary")
        savings.withdraw(
            session, actor, member_id=member.id, product_id=product_id, amount_rp=1, booked_on=DAY, token="meja"
        )
    with pytest.raises(NotEnough), begun_world.transaction(actor) as session:
        commands.book(session, actor, shown)
    assert _entries(begun_world) == before + 1
    with begun_world.reading() as session:
        assert session.query(BookedFile).filter(BookedFile.kind == "cash").count() == 0


def test_deposits_come_before_the_withdrawals_they_pay_for(begun_world, sheet):
    rows = [
        (date(2026, 3, 8), "T1", "2", "", "Tarik Sukarela", 0, 2_400_000),
        (date(2026, 3, 7), "S1", "0002", "Ciaobella Rahmawati", "Setor Sukarela", 51_000, 0),
        (date(2026, 3, 7), "S2", "0002", "", "Setor wajib", 100_000, 0),
    ]
    assert take(begun_world, "cash", sheet("kas.xlsx", CASH, *rows)).counts == {"mutasi": 3, "anggota keluar": 0}
    too_much = sheet("lagi.xlsx", CASH, (date(2026, 3, 9), "T2", "0002", "", "Tarik Sukarela", 0, 1))
    assert "hanya Rp 0, tidak cukup untuk menarik Rp 1" in told(look(begun_world, "cash", too_much))[0]


def test_movements_that_make_no_sense_are_told_row_by_row(begun_shared, sheet):
    rows = [
        (DAY, "1", "9999", "", "Setor Sukarela", 1000, 0), (DAY, "2", "0001", "Orang Lain", "Setor Sukarela", 1000, 0),
        (DAY, "3", "0001", "", "Tarik Wajib", 0, 1000), (DAY, "4", "0001", "", "Setor Sukarela", 0, 1000),
        (DAY, "5", "0001", "", "Deposito", 1000, 0), (DAY, "6", "0001", "", "Setor Sukarela", 1000, 1000),
        (DAY, "7", "0001", "", "Setor Sukarela", 0, 0), (date(2025, 12, 1), "8", "0001", "", "Setor Sukarela", 1000, 0),
    ]  # fmt: skip
    shown = look(begun_shared, "cash", sheet("kas.xlsx", CASH, *rows))
    reasons = {problem.row: problem.reason for problem in shown.problems}
    assert {row: reasons[row][:30] for row in sorted(reasons)} == {
        2: "No Anggota 9999 tidak ada di d", 4: "Simpanan Wajib tidak dapat dit", 5: "kata dan kolomnya berlawanan (",
        6: "jenis simpanan 'Deposito' tida", 7: "masuk dan keluar terisi bersam", 8: "jumlahnya nol.",
        9: "bertanggal 1 Desember 2025: bu",
    }  # fmt: skip
    assert "nama 'Orang Lain' berbeda dari daftar anggota" in warned(shown)


def test_an_exit_pays_out_what_the_books_say_and_the_file_too(begun_world, sheet):
    row = (DAY, "0002", 200_000, 7_400_000, 2_349_000, 0, 9_949_000)
    wrong = look(begun_world, "cash", sheet("salah.xlsx", EXIT, (*row[:3], 7_300_000, *row[4:])))
    assert "tertulis Rp 7.300.000, menurut buku Rp 7.400.000, selisih Rp 100.000" in told(wrong)[0]
    take(begun_world, "cash", sheet("keluar.xlsx", EXIT, row))
    with begun_world.reading() as session:
        member = session.query(Member).filter(Member.number == "0002").one()
        assert (member.state, member.left_on) == ("left", DAY)
        accounts = session.query(SavingsAccount).filter(SavingsAccount.member_id == member.id)
        assert [account.balance_rp for account in accounts] == [0, 0, 0]
    later = sheet("lagi.xlsx", CASH, (date(2026, 3, 9), "S", "0002", "", "Setor Sukarela", 1, 0))
    assert "keluar per 5 Maret 2026" in told(look(begun_world, "cash", later))[0]


def test_whoever_may_not_decide_on_members_imports_no_exits(begun_shared, sheet):
    path = sheet("keluar.xlsx", EXIT, (DAY, "0002", 200_000, 7_400_000, 2_349_000, 0, 9_949_000))
    shown = look(begun_shared, "cash", path, actor=begun_shared.bendahara)
    assert "yang tidak boleh Anda proses" in told(shown)[0]


def test_a_journal_leaves_members_balances_alone(begun_shared, sheet):
    shown = look(begun_shared, "journal", sheet("maret.xlsx", JOURNAL, *_voucher("A", 1000, code="2101")))
    assert "adalah jumlah saldo anggota; perubahannya masuk lewat mutasi kas anggota" in told(shown)[0]


def test_sen_are_rounded_only_when_wished_and_the_difference_is_booked(begun_world, sheet):
    rows = [
        (DAY, "A", "ATK", "6103", 1000.5, 0),
        (DAY, "A", "ATK", "6104", 1000.5, 0),
        (DAY, "A", "ATK", "11012", 0, 2001),
    ]
    path = sheet("sen.xlsx", JOURNAL, *rows)
    assert "bukan rupiah bulat" in told(look(begun_world, "journal", path))[0]
    assert "selisih pembulatan Rp 1 dibukukan" in warned(look(begun_world, "journal", path, round_fractions=True))
    take(begun_world, "journal", path, round_fractions=True)
    with begun_world.reading() as session:
        entry = session.query(JournalEntry).order_by(JournalEntry.seq.desc()).first()
        codes = {account.id: account.code for account in session.query(Account)}
        last = entry.lines[-1]
    assert (codes[last.account_id], last.credit_rp, entry.total_rp) == ("7104", 1, 2002)


def test_two_cooperatives_import_the_same_files_and_see_only_their_own(begun_world):
    folder, neighbour = WORKBOOKS / "A0", importer(begun_world, begun_world.other)
    # the neighbour has no such members, though our cooperative has
    shown = look(begun_world, "cash", folder / "07_mutasi_kas_anggota_2026.xlsx", actor=neighbour)
    assert "No Anggota 0112 tidak ada di daftar anggota" in told(shown)[0]
    # what we booked is new to them: numbers, KTP, vouchers and fingerprints are each cooperative's own
    take(begun_world, "members", folder / "01_anggota_dan_saldo_awal.xlsx", actor=neighbour)
    take(begun_world, "opening", folder / "02_neraca_saldo_awal.xlsx", actor=neighbour)
    with begun_world.reading(neighbour) as session:
        assert session.query(Member).count() == 114
    with begun_world.reading() as session:
        assert session.query(Member).count() == 115


def test_members_known_by_number_or_ktp_are_not_taken_again(begun_world, sheet):
    head = ("No Anggota", "NIK", "Nama", "Tgl Masuk")
    rows = [
        ("0001", "", "Orang Baru", DAY),
        ("0901", "9904042503710001", "Orang Lain", DAY),
        ("0902", "123", "Si Tiga", DAY),
    ]
    reasons = {
        problem.row: problem.reason
        for problem in look(begun_world, "members", sheet("baru.xlsx", head, *rows)).problems
    }
    assert reasons[2] == "No Anggota 0001 sudah terdaftar atas nama Utama Purwanti."
    assert reasons[3] == "nomor KTP ini sudah terdaftar atas nama Utama Purwanti (0001)."
    assert reasons[4] == "nomor KTP harus 16 angka."


def test_numbers_that_lost_their_zeros_get_them_back(begun_world, sheet):
    head = ("No Anggota", "Nama", "Tgl Masuk")
    take(begun_world, "members", sheet("baru.xlsx", head, (123, "Si Seratus", DAY), ("", "Si Kosong", DAY)))
    with begun_world.reading() as session:
        numbers = {member.name: member.number for member in session.query(Member).filter(Member.joined_on == DAY)}
    assert numbers == {"Si Seratus": "0123", "Si Kosong": "0116"}


def test_balances_come_before_the_books_begin(begun_shared, sheet):
    head = ("No Anggota", "Nama", "Tgl Masuk", "Saldo Wajib")
    shown = look(begun_shared, "members", sheet("baru.xlsx", head, ("0901", "Si Baru", DAY, 100_000)))
    assert "saldo awal sudah dibukukan (buku dimulai 1 Januari 2026)" in told(shown)[0]
    again = look(
        begun_shared, "opening", sheet("awal.xlsx", ("Kode", "Debit", "Kredit"), ("11011", 1, 0), ("3105", 0, 1))
    )
    assert "saldo awal sudah dibukukan" in told(again)[0]


def test_an_opening_needs_the_members_behind_its_control_accounts(world, sheet):
    rows = [("Kode", "Nama", "Debit", "Kredit"), ("11011", "Kas", 500, 0), ("3102", "Wajib", 0, 500)]
    shown = look(world, "opening", sheet("awal.xlsx", *rows))
    assert "3102 Simpanan Wajib berbeda Rp 500 dari jumlah saldo anggota (Rp 0)" in told(shown)[0]


def test_a_single_column_of_balances_is_read_in_each_accounts_own_direction(world, sheet):
    rows = [("NERACA SALDO PER 31 DESEMBER 2025",), ("Kode", "Saldo"), ("11011", 500), ("1107", 100), ("3105", 400)]
    take(world, "opening", sheet("awal.xlsx", *rows))
    with world.reading() as session:
        entry = session.query(JournalEntry).one()
        assert (entry.booked_on, entry.total_rp) == (date(2025, 12, 31), 500)


def test_a_desk_and_an_import_do_not_disturb_each_other(begun_world, sheet):
    actor = importer(begun_world)
    shown = look(begun_world, "journal", sheet("maret.xlsx", JOURNAL, *_voucher("A", 1000)))
    with begun_world.transaction(actor) as session:
        lines = [debit(begun_world.account(session, "6103"), 5), credit(Role.CASH, 5)]
        post(session, actor, booked_on=DAY, memo="Meja", source="meja", lines=lines)
        members.apply(session, actor, members.PersonData(name="Calon Baru"), applied_on=DAY)
    with begun_world.transaction(actor) as session:
        assert commands.book(session, actor, shown).is_new
