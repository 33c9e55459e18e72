"""Loans, deduction lists and settlements from files: what is asked of their rows, and what becomes of them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.errors import NotAllowed
from models.loans import Loan, LoanProduct
from models.members import Member
from models.payroll import PayrollLine, PayrollList
from models.savings import SavingsBill, SavingsProduct
from services.access.roles import permissions_of
from services.ledger.balances import balances
from services.payroll import lists
from tests.imports.conftest import WORKBOOKS, importer, look, take, told, warned

LOAN = ("No Pinjaman", "No Anggota", "Nama", "Tgl Pinjam", "Tgl Setuju", "Tenor", "Jumlah Pinjam", "Bunga", "Biaya",
        "Diterima", "Tgl Realisasi", "Status")  # fmt: skip
DAY = date(2026, 3, 5)
MARCH = date(2026, 3, 1)
LIST = ("No Anggota", "Nama", "Simpanan Wajib + Pokok", "Simpanan Manasuka", "Pinjaman Pokok", "Pinjaman Jasa",
        "Total Potongan")  # fmt: skip
CAME = ("Tanggal", "No Anggota", "Nama", "Jumlah Dipotong")
PAID = date(2026, 3, 25)


def loan(number="P1", member="0001", *, term=10, amount=1_000_000, rate="1", fee=5000, got=995_000, day=DAY, status=""):
    return (number, member, "", DAY, DAY, term, amount, rate, fee, got, day, status)


def of(world, code: str, as_of: date = date(2026, 12, 31)) -> int:
    with world.reading() as session:
        return balances(session, world.coop.id, as_of).get(world.account(session, code), 0)


def test_a_loan_is_booked_on_its_day_with_what_was_kept_back(begun_world, sheet):
    before = of(begun_world, "11051"), of(begun_world, "4102")
    path = sheet("pinjaman.xlsx", LOAN, loan())
    assert take(begun_world, "loans", path).counts == {"pinjaman": 1}
    assert (of(begun_world, "11051") - before[0], of(begun_world, "4102") - before[1]) == (1_000_000, -5000)
    with begun_world.reading() as session:
        made = session.scalars(select(Loan).where(Loan.number == "P1")).one()
        assert (made.first_due_on, made.disbursed_on, made.state) == (date(2026, 4, 25), DAY, "running")
    assert "berkas ini sudah dibukukan" in told(look(begun_world, "loans", path))[0]
    other = sheet("lagi.xlsx", LOAN, loan(), loan("P2", "0002"))
    assert "pinjaman P1 sudah dibukukan" in told(look(begun_world, "loans", other))[0]
    changed = sheet("ubah.xlsx", LOAN, loan(term=12))
    assert "sudah dibukukan dengan isi lain" in told(look(begun_world, "loans", changed))[0]


def test_a_loan_keeps_the_rate_of_the_file(begun_world, sheet):
    shown = look(begun_world, "loans", sheet("a.xlsx", LOAN, loan(rate="1,5%"), loan("P2", "0002", rate=0.01)))
    assert "bunga 1,5 % per bulan berbeda dari Pinjaman uang (1 %)" in warned(shown)
    take(begun_world, "loans", sheet("b.xlsx", LOAN, loan(rate="1,5%"), loan("P2", "0002", rate=0.01)))
    with begun_world.reading() as session:
        rates = dict(session.execute(select(Loan.number, Loan.rate_pct).where(Loan.number.in_(["P1", "P2"]))).all())
        assert rates == {"P1": Decimal("1.5"), "P2": Decimal(1)}
        assert session.scalars(select(LoanProduct)).one().rate_pct == 1


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (loan(member="9999"), "No Anggota 9999 tidak ada"),
        (loan(fee=4000), "biaya tertulis Rp 4.000, plafon dikurangi yang diterima Rp 5.000"),
        (loan(term=0), "tenor kosong"),
        (loan(term=5000), "1 sampai 1200 kali"),
        (loan(day=None), "tanggal realisasi kosong"),
        (loan(rate="banyak"), "bukan persen per bulan"),
        (loan(day=date(2025, 12, 30)), "masa sebelumnya sudah ditutup"),
        (loan(amount=0, fee=0, got=0), "plafon kosong"),
    ],
)
def test_a_doubtful_loan_is_told_with_its_row(begun_shared, sheet, row, sentence):
    problems = look(begun_shared, "loans", sheet("a.xlsx", LOAN, loan("P0", "0002"), row)).problems
    assert [problem.row for problem in problems if sentence in problem.sentence] == [3]


def test_applications_that_came_to_nothing_are_left(begun_shared, sheet):
    rows = [loan("P1", day=None, amount=0), loan("P2", "0002", status="Ditolak"), loan("P3", "0003")]
    shown = look(begun_shared, "loans", sheet("a.xlsx", LOAN, *rows))
    assert (told(shown), shown.counts) == ([], {"pinjaman": 1})
    assert warned(shown).count("pengajuan tanpa pencairan") == 2


def test_one_number_on_two_loans_is_told(begun_shared, sheet):
    shown = look(begun_shared, "loans", sheet("a.xlsx", LOAN, loan()), sheet("b.xlsx", LOAN, loan(member="0002")))
    assert "No Pinjaman P1 juga ada di a.xlsx baris 2" in told(shown)[0]


def test_who_may_not_run_payroll_may_not_import_its_files(begun_shared):

    clerk = replace(importer(begun_shared), permissions=permissions_of({"sekretaris"}))
    for kind, file in (("payroll", "03_potongan_2026-03.xlsx"), ("settlement", "04_realisasi_2026-03.csv"),
                       ("loans", "05_pinjaman_2026.xlsx")):  # fmt: skip
        with pytest.raises(NotAllowed):
            look(begun_shared, kind, WORKBOOKS / "A0" / file, actor=clerk)


def _newcomer(world, sheet, number="0900") -> None:
    heads = ("No Anggota", "Nama", "Tgl Masuk")
    take(world, "members", sheet(f"baru{number}.xlsx", heads, (number, "Warga Baru", date(2026, 3, 2))))


def test_a_combined_column_is_pokok_as_far_as_it_is_missing(begun_world, sheet):
    _newcomer(begun_world, sheet)
    rows = [("0900", "Warga Baru", 300_000, 50_000, 0, 0, 350_000), ("0001", "", 100_000, 0, 0, 0, 100_000)]
    take(begun_world, "payroll", sheet("potongan.xlsx", LIST, *rows), month=MARCH)
    with begun_world.reading() as session:
        query = select(Member, PayrollLine).join(PayrollLine, PayrollLine.member_id == Member.id)
        lines = {
            member.number: (member.voluntary_deduction_rp, line.share_rp, line.mandatory_rp, line.voluntary_rp)
            for member, line in session.execute(
                query.join(PayrollList, PayrollList.id == PayrollLine.list_id).where(PayrollList.month_on == MARCH)
            )
        }
    assert lines == {"0900": (50_000, 200_000, 100_000, 50_000), "0001": (0, 0, 100_000, 0)}


def test_bills_follow_the_list_also_without_an_amount_of_their_own(begun_world, sheet):
    with begun_world.transaction(importer(begun_world)) as session:
        session.scalars(select(SavingsProduct).where(SavingsProduct.kind == "mandatory")).one().amount_rp = 0
    rows = [("0001", "", 75_000, 0, 0, 0, 75_000), ("0002", "", 60_000, 0, 0, 0, 60_000)]
    take(begun_world, "payroll", sheet("potongan.xlsx", LIST, *rows), month=MARCH)
    take(begun_world, "settlement", sheet("r.csv", CAME, ("25/03/2026", "0001", "", 70_000)), month=MARCH)
    with begun_world.reading() as session:
        query = select(Member.number, SavingsBill.amount_rp, SavingsBill.paid_rp).join(
            Member, Member.id == SavingsBill.member_id
        )
        bills = [tuple(row) for row in session.execute(query.where(SavingsBill.month_on == MARCH))]
    assert sorted(bills) == [("0001", 75_000, 70_000), ("0002", 60_000, 0)]
    with begun_world.reading(importer(begun_world)) as session:
        ours = {r.number: r for r in lists.preview(session, importer(begun_world), date(2026, 4, 1)).rows}
    assert (ours["0001"].mandatory_rp, ours["0002"].mandatory_rp) == (5_000, 60_000)


def test_a_list_that_differs_from_the_books_is_told_row_by_row(begun_shared, sheet):
    rows = [("0001", "", 150_000, 0, 0, 0, 150_000), ("0002", "", 100_000, 7, 0, 0, 100_007)]
    shown = look(begun_shared, "payroll", sheet("a.xlsx", LIST, *rows), month=MARCH)
    assert told(shown) == []
    assert "baris 2: berbeda dari buku: simpanan wajib Rp 150.000 (menurut buku Rp 100.000)" in warned(shown)
    assert "potongan sukarela 2 anggota berubah" in warned(shown)
    assert "anggota tidak ada di berkas ini: 0003" in warned(shown)


def test_a_column_of_kasbon_is_part_of_what_is_asked(begun_world, sheet):
    heads = ("No Anggota", "Nama", "Simpanan Wajib", "Kasbon Toko", "Total Potongan")
    file = sheet("kasbon.xlsx", heads, ("0001", "", 100_000, 50_000, 150_000))
    shown = look(begun_world, "payroll", file, month=MARCH)
    assert told(shown) == []
    assert "kasbon Rp 50.000 (menurut buku Rp 0)" in warned(shown)
    take(begun_world, "payroll", file, month=MARCH)
    with begun_world.reading() as session:
        lists_of_march = select(PayrollList.id).where(PayrollList.month_on == MARCH)
        line = session.scalars(select(PayrollLine).where(PayrollLine.list_id.in_(lists_of_march))).one()
    assert (line.store_rp, line.total_rp) == (50_000, 150_000)


def test_a_list_sent_again_replaces_the_one_before_until_it_is_settled(begun_world, sheet):
    first = sheet("satu.xlsx", LIST, ("0001", "", 100_000, 0, 0, 0, 100_000))
    second = sheet("dua.xlsx", LIST, ("0001", "", 120_000, 0, 0, 0, 120_000))
    take(begun_world, "payroll", first, month=MARCH)
    assert "yang sudah dikirim akan diganti" in warned(look(begun_world, "payroll", second, month=MARCH))
    take(begun_world, "payroll", second, month=MARCH)
    with begun_world.reading() as session:
        bill = session.scalars(select(SavingsBill).where(SavingsBill.month_on == MARCH)).one()
        assert (bill.amount_rp, session.query(PayrollList).filter(PayrollList.month_on == MARCH).count()) == (
            120_000,
            1,
        )
    came = sheet("r.csv", CAME, ("25/03/2026", "0001", "", 120_000))
    take(begun_world, "settlement", came, month=MARCH)
    third = sheet("tiga.xlsx", LIST, ("0001", "", 130_000, 0, 0, 0, 130_000))
    assert "daftarnya tidak dapat diganti" in told(look(begun_world, "payroll", third, month=MARCH))[0]


def test_each_employer_has_a_list_of_its_own_and_nobody_is_on_two(world, sheet):
    heads = ("No Anggota", "Nama", "Instansi", "Tgl Masuk")
    people = [("0001", "Ani", "PT Satu"), ("0002", "Budi", "PT Dua")]
    take(world, "members", sheet("a.xlsx", heads, *[(*one, date(2026, 1, 2)) for one in people]))
    rows = [(number, name, 300_000, 0, 0, 0, 300_000) for number, name, _ in people]
    for name, row in (("satu.xlsx", rows[0]), ("dua.xlsx", rows[1])):
        take(world, "payroll", sheet(name, LIST, row), month=MARCH)
    with world.reading() as session:
        assert {one.employer for one in session.scalars(select(PayrollList))} == {"PT Satu", "PT Dua"}
    both = look(world, "payroll", sheet("semua.xlsx", LIST, *rows), month=MARCH)
    assert "2 anggota sudah ada di daftar lain Maret 2026: 0001 Ani, 0002 Budi" in told(both)[0]
    take(world, "settlement", sheet("r.csv", CAME, ("25/03/2026", "0002", "Budi", 300_000)), month=MARCH)
    with world.reading() as session:
        found = {one.employer: one.state for one in session.scalars(select(PayrollList))}
    assert found == {"PT Satu": "sent", "PT Dua": "settled"}


def test_months_come_one_at_a_time_and_in_order(begun_shared):
    a0 = WORKBOOKS / "A0"
    both = look(begun_shared, "payroll", a0 / "03_potongan_2026-03.xlsx", a0 / "03_potongan_2026-04.xlsx")
    assert "lebih dari satu bulan sekaligus" in told(both)[0]
    early = look(begun_shared, "payroll", a0 / "03_potongan_2026-01.xlsx", again=True)
    assert told(early) == []  # known again, and passed over
    nameless = look(begun_shared, "payroll", a0 / "bad" / "lembar_tambahan.xlsx")
    assert "bulannya tidak disebut" in told(nameless)[0]


def test_a_settlement_without_a_list_or_with_a_stranger_is_refused(listed_shared, sheet):
    april = look(listed_shared, "settlement", WORKBOOKS / "A0" / "04_realisasi_2026-04.csv")
    assert "daftar potongan April 2026 belum ada" in told(april)[0]
    rows = [("25/03/2026", "0001", "", 1000), ("25/03/2026", "0001", "", 2000), ("25/03/2026", "7777", "", 1)]
    shown = "\n".join(told(look(listed_shared, "settlement", sheet("r.csv", CAME, *rows), month=MARCH)))
    assert "dipakai dua kali, di baris 2 dan 3" in shown
    assert "No Anggota 7777 tidak ada di daftar anggota" in shown


def test_the_neighbour_sees_nothing_of_it(begun_world, sheet):
    take(begun_world, "payroll", sheet("a.xlsx", LIST, ("0001", "", 100_000, 0, 0, 0, 100_000)), month=MARCH)
    other = importer(begun_world, begun_world.other)
    shown = look(begun_world, "payroll", sheet("a.xlsx", LIST, ("0001", "", 100_000, 0, 0, 0, 100_000)),
                 month=MARCH, actor=other)  # fmt: skip
    assert "tidak ada di daftar anggota" in told(shown)[0]


def test_the_usual_pokok_of_a_members_list_becomes_the_setting(world, sheet):
    heads = ("No Anggota", "Nama", "Tgl Masuk", "Saldo Pokok", "Saldo Wajib")
    rows = [(f"{n:04}", f"Warga {n}", date(2020, 1, 5), 50_000 if n < 6 else 20_000, 0) for n in range(1, 8)]
    path = sheet("anggota per 31 Desember 2025.xlsx", heads, *rows)
    shown = look(world, "members", path, as_of=date(2025, 12, 31))
    assert "Simpanan Pokok di berkas ini umumnya Rp 50.000, di pengaturan Rp 200.000" in warned(shown)
    take(world, "members", path, as_of=date(2025, 12, 31))
    world.checked = False  # the trial balance that carries these balances is not part of this
    with world.reading() as session:
        product = session.scalars(select(SavingsProduct).where(SavingsProduct.kind == "share")).one()
        assert product.amount_rp == 50_000
