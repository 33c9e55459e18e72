"""A year from one folder of workbooks, clean and as real offices keep them: the known result to the rupiah.

Nothing is set up but what `coop create` makes. What the files say decides amounts, rates and rounding.
"""

import json
import shutil
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from models.ledger import Account, JournalEntry
from models.loans import Loan, LoanPayment
from models.members import Member
from models.payroll import PayrollLine, PayrollList
from models.savings import SavingsAccount, SavingsBill, SavingsMovement, SavingsProduct
from reports.balance_sheet import balance_sheet
from reports.income_statement import income_statement
from reports.loan_flow import loan_flow
from reports.loan_months import loans_by_month
from reports.loan_portfolio import loan_portfolio
from services.imports import folder
from services.ledger.balances import balances, movements
from services.loans import arrears
from tests.conftest import open_world
from tests.imports.conftest import WORKBOOKS, take_folder

EXPECTED = json.loads((WORKBOOKS / "expected.json").read_text("utf-8"))
MONTH_ENDS = {date.fromisoformat(day): known for day, known in EXPECTED["month_end"].items()}
BEGIN, END = date(2025, 12, 31), date(2026, 12, 31)


def whole(world, name: str, *, keep: bool = True) -> folder.FolderRun:
    return take_folder(world, *folder.files_in(WORKBOOKS / name), keep=keep)


@pytest.fixture(scope="module", params=["A0", "A1"])
def year(request, template, tmp_path_factory):
    path = tmp_path_factory.mktemp("year") / "world.db"
    shutil.copy(template, path)
    world = open_world(f"sqlite:///{path}")
    result = whole(world, request.param)
    assert [problem.sentence for problem in result.all_problems] == []
    yield world, request.param, result
    world.assert_books_hold()
    world.database.engine.dispose()


def _trial_balance(session, world, as_of: date) -> dict[str, int]:
    codes = {account.id: account.code for account in session.query(Account)}
    held = balances(session, world.coop.id, as_of)
    return {codes[id_]: amount for id_, amount in sorted(held.items(), key=lambda p: codes[p[0]]) if amount}


def test_what_was_booked_is_counted(year):
    assert year[2].counts == {
        "anggota": 122, "akun": 27, "jurnal": 671, "baris": 2615, "pinjaman": 39, "mutasi": 74, "anggota keluar": 6,
        "daftar potongan": 12, "realisasi": 12,
    }  # fmt: skip
    assert [file for file, _ in year[2].left_out] == ["08_barang_toko.xlsx"]


def test_the_opening_is_the_known_one(year):
    with year[0].reading() as session:
        assert _trial_balance(session, year[0], BEGIN) == EXPECTED["opening"]["trial_balance"]


def test_the_trial_balance_is_the_known_one_at_every_month_end(year):
    with year[0].reading() as session:
        for as_of, known in MONTH_ENDS.items():
            assert _trial_balance(session, year[0], as_of) == known["trial_balance"], as_of


def test_the_cash_books_are_the_known_ones_in_every_month(year):
    world = year[0]
    with world.reading() as session:
        ids = {code: world.account(session, code) for code in ("11011", "11021")}
        for as_of, known in MONTH_ENDS.items():
            moved, held = (
                movements(session, world.coop.id, as_of.replace(day=1), as_of),
                balances(session, world.coop.id, as_of),
            )
            for code, book in known["cash_book"].items():
                sums = moved[ids[code]]
                assert (sums.debit_rp, sums.credit_rp, held[ids[code]]) == (
                    book["debit"], book["credit"], book["closing"],
                ), (as_of, code)  # fmt: skip


def test_loans_and_what_is_late_are_the_known_ones_at_every_month_end(year):
    world = year[0]
    with world.reading() as session:
        for as_of, known in MONTH_ENDS.items():
            loans = arrears.standings(session, world.coop.id, as_of)
            late = {
                "jasa": sum(one.late_interest_rp for one in loans),
                "principal": sum(one.late_principal_rp for one in loans),
            }
            assert late.items() <= known["arrears"].items(), as_of
            assert len(loans) == known["active_loans"], as_of
            assert sum(one.outstanding_rp for one in loans) == known["loan_outstanding"], as_of


def test_the_reports_of_loans_are_the_known_ones_at_every_month_end(year):
    world = year[0]
    with world.reading(world.ketua) as session:
        months = loans_by_month(session, world.ketua, date(2026, 1, 1), END).rows
        flow = loan_flow(session, world.ketua, date(2026, 1, 1), END)
        assert [month.outstanding_rp for month in months] == [one["loan_outstanding"] for one in MONTH_ENDS.values()]
        assert [month.outstanding_rp for month in flow.rows] == [month.outstanding_rp for month in months]
        assert flow.totals["count"] == EXPECTED["control"]["loans_disbursed"]
        for as_of in (date(2026, 6, 30), END):
            report, known = loan_portfolio(session, world.ketua, as_of), MONTH_ENDS[as_of]
            assert all(check.holds for check in (*report.checks, *flow.checks))
            assert report.totals["outstanding_rp"] == known["loan_outstanding"]
            assert report.totals["late_rp"] == known["arrears"]["principal"] + known["arrears"]["jasa"]


def test_lists_and_settlements_are_the_known_ones(year):
    with year[0].reading() as session:
        for as_of, known in MONTH_ENDS.items():
            sent = session.scalars(select(PayrollList).where(PayrollList.month_on == as_of.replace(day=1))).one()
            lines = session.scalars(select(PayrollLine).where(PayrollLine.list_id == sent.id)).all()
            listed, came = sum(line.total_rp for line in lines), sum(line.received_rp or 0 for line in lines)
            told = known["payroll"]
            assert (len(lines), listed, came) == (told["rows_sent"], told["sent_total"], told["received_total"]), as_of
            assert (sent.state, sent.sent_on.day, sent.settled_on) == ("settled", 10, as_of.replace(day=25))


def test_neraca_and_phu_are_the_known_ones(year):
    ketua = year[0].ketua
    with year[0].reading(ketua) as session:
        for as_of, known in MONTH_ENDS.items():
            neraca = balance_sheet(session, ketua, as_of)
            assert all(check.holds for check in neraca.checks)
            assert (neraca.totals["assets_rp"], neraca.totals["liabilities_rp"]) == (
                known["neraca"]["aset"], known["neraca"]["liabilitas"],
            ), as_of  # fmt: skip
            assert neraca.totals["surplus_rp"] == known["neraca"]["shu_berjalan"]
        phu = income_statement(session, ketua, date(2026, 1, 1), END).totals
    lines = EXPECTED["year_end"]["phu"]["lines"]
    assert phu["gross_surplus_rp"] == lines["shu_kotor"]
    assert phu["surplus_before_cooperative_rp"] == lines["shu_sebelum_beban_perkoperasian"]
    assert phu["surplus_before_tax_rp"] == lines["shu_sebelum_pajak"]
    assert phu["surplus_rp"] == lines["shu_setelah_pajak"]


def _saved(session) -> dict[int, dict[str, int]]:
    query = select(SavingsAccount.member_id, SavingsProduct.kind, SavingsAccount.balance_rp).join(
        SavingsProduct, SavingsProduct.id == SavingsAccount.product_id
    )
    found: dict[int, dict[str, int]] = {}
    for member_id, kind, balance_rp in session.execute(query):
        found.setdefault(member_id, {})[kind] = balance_rp
    return found


def _wajib_owed(session) -> Counter:
    owed: Counter[int] = Counter()
    for bill in session.scalars(select(SavingsBill)):
        owed[bill.member_id] += bill.amount_rp - bill.paid_rp
    return owed


def test_every_member_ends_the_year_with_what_is_known(year):
    world = year[0]
    with world.reading() as session:
        members = {member.number: member for member in session.scalars(select(Member))}
        saved, owed = _saved(session), _wajib_owed(session)
        late = {one.member_id: one for one in arrears.standings(session, world.coop.id, END)}
        paid: Counter[int] = Counter()
        query = select(Loan.member_id, LoanPayment.interest_rp).join(LoanPayment, LoanPayment.loan_id == Loan.id)
        for member_id, interest_rp in session.execute(query.where(LoanPayment.kind != "opening")):
            paid[member_id] += interest_rp
    assert len(members) == len(EXPECTED["year_end"]["members"])
    for known in EXPECTED["year_end"]["members"]:
        member = members[known["no"]]
        own, loan = saved.get(member.id, {}), late.get(member.id)
        assert (member.joined_on.isoformat(), member.left_on and member.left_on.isoformat()) == (
            known["join_date"], known["exit_date"],
        )  # fmt: skip
        assert [own.get(kind, 0) for kind in ("share", "mandatory", "voluntary")] == [
            known["pokok"], known["wajib"], known["sukarela"],
        ], known["no"]  # fmt: skip
        assert (loan.outstanding_rp if loan else 0) == known["outstanding"], known["no"]
        assert paid[member.id] == known["jasa_paid"], known["no"]
        if known["status"] == "aktif":
            told = known["arrears"]
            assert owed[member.id] == told["wajib"], known["no"]
            assert (loan.late_interest_rp if loan else 0, loan.late_principal_rp if loan else 0) == (
                told["jasa"], told["principal"],
            ), known["no"]  # fmt: skip


def test_the_books_ask_what_the_office_asked(year):
    """Our own list never differs from the office's, so no row of a list is told as different."""
    told = [warning.reason for preview in year[2].previews for warning in preview.warnings]
    assert not [reason for reason in told if "berbeda dari buku" in reason or "tidak ada di daftar" in reason]


def test_entries_follow_the_days(year):
    with year[0].reading() as session:
        days = list(session.scalars(select(JournalEntry.booked_on).order_by(JournalEntry.seq)))
        kept = session.query(SavingsMovement).filter(SavingsMovement.booked_on > END).count()
    assert days == sorted(days)
    assert kept == 0


def test_the_same_folder_again_books_nothing(year):
    world, name, _ = year
    with world.reading() as session:
        before = session.query(JournalEntry).count()
    again = whole(world, name)
    with world.reading() as session:
        assert session.query(JournalEntry).count() == before
    assert (again.all_problems, sum(again.counts.values())) == ([], 0)


def test_the_other_form_of_the_same_year_is_known_again(year):
    """The clean files after the real ones, or the other way round: the same events, so nothing is booked twice."""
    world, name, _ = year
    other = whole(world, "A1" if name == "A0" else "A0", keep=False)
    assert [problem.sentence for problem in other.all_problems] == []
    assert not {noun: count for noun, count in other.counts.items() if count and noun not in {"akun", "baris"}}
