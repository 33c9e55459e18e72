"""The quarter of `story`, every figure worked out by hand."""

from datetime import date

import pytest

from reports.catalog import run
from reports.shape import Statement
from tests.reports.story import book

JANUARY_1, MARCH_31 = date(2026, 1, 1), date(2026, 3, 31)


def read(world, name, **choices):
    with world.reading() as session:
        return run(session, world.bendahara, name, **choices)


def lines(statement: Statement) -> dict[str, int]:
    return {row.label: row.amount_rp for row in statement.rows if row.kind == "line"}


def before(statement: Statement) -> dict[str, int | None]:
    return {row.label: row.comparison_rp for row in statement.rows if row.kind == "line"}


def all_hold(report) -> bool:
    return bool(report.checks) and all(check.holds for check in report.checks)


def test_the_neraca_of_march(told):
    neraca = read(told, "balance-sheet", as_of=MARCH_31)
    assert lines(neraca) == {
        "Kas Besar": 8_025_000,  # 5.000.000 + 550.000 + 4.000.000 - 100.000 - 1.500.000 + 75.000
        "Bank - Giro": 15_950_000,  # 20.000.000 - 1.200.000 - 2.000.000 - 1.000.000 + 150.000
        "Piutang Usaha Toko - Anggota": 3_000_000,
        "Penyisihan Piutang Usaha": -500_000,
        "Persediaan Barang Dagang": 2_000_000,
        "Inventaris dan Peralatan": 8_000_000,
        "Akumulasi Penyusutan": -1_800_000,
        "Simpanan Sukarela/Tabungan Anggota": 250_000,
        "Utang Usaha Toko/Pemasok": 2_500_000,
        "Utang Bank Jangka Panjang": 21_000_000,
        "Simpanan Pokok": 200_000,
        "Simpanan Wajib": 100_000,
        "Cadangan Umum": 10_000_000,
        "SHU tahun berjalan (belum ditutup)": 625_000,
    }
    assert neraca.totals["assets_rp"] == neraca.totals["liabilities_and_equity_rp"] == 34_675_000
    assert neraca.totals["equity_rp"] == 10_925_000
    assert all_hold(neraca)


def test_contra_accounts_reduce_what_they_belong_to(told):
    neraca = read(told, "balance-sheet", as_of=MARCH_31)
    sums = {row.label: row.amount_rp for row in neraca.rows if row.kind == "total"}
    assert sums["Jumlah Aset tidak lancar"] == 8_000_000 - 1_800_000
    phu = read(told, "income-statement", since=JANUARY_1, until=MARCH_31)
    assert lines(phu)["Retur Penjualan"] == -100_000


def test_the_phu_of_the_quarter_ends_in_the_shu_of_the_neraca(told):
    phu = read(told, "income-statement", since=JANUARY_1, until=MARCH_31)
    assert lines(phu) == {
        "Pendapatan Administrasi Anggota": 75_000,
        "Penjualan kepada Anggota": 4_000_000,
        "Beban Pokok Penjualan - Anggota": 2_000_000,
        "Retur Penjualan": -100_000,
        "Beban Gaji, Honor, Lembur, THR": 1_200_000,
        "Beban Penyusutan dan Amortisasi": 300_000,
        "Pendapatan Bunga Bank": 150_000,
    }
    assert phu.totals["member_net_rp"] == 75_000 + 4_000_000 - 2_000_000
    assert phu.totals["gross_surplus_rp"] == 1_975_000
    assert phu.totals["surplus_before_cooperative_rp"] == 475_000
    assert phu.totals["surplus_rp"] == 625_000
    assert phu.totals["surplus_rp"] == read(told, "balance-sheet", as_of=MARCH_31).totals["surplus_rp"]
    assert all_hold(phu)


def test_the_cash_flow_goes_from_the_opening_to_the_cash_of_the_neraca(told):
    flow = read(told, "cash-flow", since=JANUARY_1, until=MARCH_31)
    assert flow.totals["operating_rp"] == 250_000 + 4_000_000 + 75_000 + 150_000 - 100_000 - 1_200_000 - 1_500_000
    assert flow.totals["investing_rp"] == -2_000_000
    assert flow.totals["financing_rp"] == 200_000 + 100_000 - 1_000_000
    assert (flow.totals["opening_rp"], flow.totals["net_rp"], flow.totals["closing_rp"]) == (
        25_000_000, -1_025_000, 23_975_000,
    )  # fmt: skip
    neraca = lines(read(told, "balance-sheet", as_of=MARCH_31))
    assert flow.totals["closing_rp"] == neraca["Kas Besar"] + neraca["Bank - Giro"]
    assert all_hold(flow)


def test_the_changes_of_equity(told):
    changes = read(told, "equity-changes", since=JANUARY_1, until=MARCH_31)
    found = {row.label: (row.opening_rp, row.increase_rp, row.decrease_rp, row.closing_rp) for row in changes.rows}
    assert found == {
        "Simpanan Pokok": (0, 200_000, 0, 200_000),
        "Simpanan Wajib": (0, 100_000, 0, 100_000),
        "Cadangan Umum": (10_000_000, 0, 0, 10_000_000),
        "SHU belum ditutup": (0, 625_000, 0, 625_000),
    }
    assert changes.totals["closing_rp"] == 10_925_000
    assert all_hold(changes)


def test_the_neraca_saldo_has_equal_sides(told):
    trial = read(told, "trial-balance", as_of=MARCH_31)
    debits = 8_025_000 + 15_950_000 + 3_000_000 + 2_000_000 + 8_000_000 + 100_000 + 2_000_000 + 1_200_000 + 300_000
    assert (
        trial.totals == {"debit_rp": debits, "credit_rp": debits} == {"debit_rp": 40_575_000, "credit_rp": 40_575_000}
    )
    sides = {row.code: (row.debit_rp, row.credit_rp) for row in trial.rows}
    assert sides["1215"] == (0, 1_800_000)
    assert sides["4301"] == (0, 4_000_000)
    assert all_hold(trial)


def test_a_day_on_either_side_of_a_month_s_end(told):
    assert read(told, "income-statement", since=JANUARY_1, until=MARCH_31).totals["surplus_rp"] == 625_000
    april = read(told, "income-statement", since=date(2026, 4, 1), until=date(2026, 4, 1))
    assert april.totals["surplus_rp"] == -400_000
    assert lines(read(told, "balance-sheet", as_of=date(2026, 4, 1)))["Kas Besar"] == 7_625_000
    mid = read(told, "income-statement", since=date(2026, 2, 1), until=date(2026, 2, 27))
    assert mid.totals["surplus_rp"] == 2_000_000  # the return and the wages are of the 28th


def test_last_year_s_surplus_stands_apart_until_it_is_closed(told):
    neraca = read(told, "balance-sheet", as_of=date(2027, 1, 31))
    assert lines(neraca)["SHU tahun-tahun lalu (belum ditutup)"] == 625_000 - 400_000
    assert lines(neraca)["SHU tahun berjalan (belum ditutup)"] == 0
    assert all_hold(neraca)


class TestComparison:
    def test_a_month_earlier_is_the_end_of_that_month(self, told):
        neraca = read(told, "balance-sheet", as_of=MARCH_31, compare="previous")
        assert neraca.frame.compare_until == date(2026, 2, 28)
        assert before(neraca)["Kas Besar"] == 5_000_000 + 550_000 + 4_000_000 - 100_000
        assert before(neraca)["Bank - Giro"] == 18_800_000
        assert neraca.comparison_totals["assets_rp"] == 37_250_000

    def test_a_year_earlier_there_were_no_books(self, told):
        neraca = read(told, "balance-sheet", as_of=MARCH_31, compare="year")
        assert set(neraca.comparison_totals.values()) == {0}

    def test_the_quarter_before_began_with_the_opening_and_moved_nothing(self, told):
        flow = read(told, "cash-flow", since=JANUARY_1, until=MARCH_31, compare="previous")
        assert (flow.frame.compare_since, flow.frame.compare_until) == (date(2025, 10, 1), date(2025, 12, 31))
        assert flow.comparison_totals["net_rp"] == 0
        assert flow.comparison_totals["closing_rp"] == 25_000_000

    def test_a_line_that_is_only_in_one_of_the_two_is_shown(self, told):
        march = {"since": date(2026, 3, 1), "until": MARCH_31}
        phu = read(told, "income-statement", **march, compare="previous")
        assert lines(phu)["Beban Gaji, Honor, Lembur, THR"] == 0
        assert before(phu)["Beban Gaji, Honor, Lembur, THR"] == 1_200_000
        assert before(phu)["Pendapatan Bunga Bank"] == 0


class TestUnits:
    def test_the_store_alone_stands_on_what_the_office_did_for_it(self, told):
        store = read(told, "balance-sheet", as_of=MARCH_31, unit="TOKO")
        assert lines(store) == {
            "Persediaan Barang Dagang": 2_000_000,
            "Utang Usaha Toko/Pemasok": 2_500_000,
            "SHU tahun berjalan (belum ditutup)": 1_900_000,  # 4.000.000 - 100.000 - 2.000.000
            "Hubungan dengan unit lain": -2_400_000,  # cash taken by the office, less what it paid
        }
        assert all_hold(store)

    def test_the_units_add_up_to_the_whole(self, told):
        office, store = (read(told, "balance-sheet", as_of=MARCH_31, unit=unit) for unit in ("pusat", "TOKO"))
        assert lines(office)["Hubungan dengan unit lain"] == 2_400_000
        assert office.totals["assets_rp"] + store.totals["assets_rp"] == 34_675_000
        parts = [read(told, "income-statement", since=JANUARY_1, until=MARCH_31, unit=u) for u in ("PUSAT", "TOKO")]
        assert [part.totals["surplus_rp"] for part in parts] == [625_000 - 1_900_000, 1_900_000]

    def test_cash_that_moved_through_another_unit_has_its_line(self, told):
        office = read(told, "cash-flow", since=JANUARY_1, until=MARCH_31, unit="PUSAT")
        assert lines(office)["Melalui unit lain"] == 4_000_000 - 100_000 - 1_500_000
        assert office.totals["closing_rp"] == 23_975_000
        assert all_hold(office)

    def test_the_journal_of_a_unit_shows_whole_entries_that_touch_it(self, told):
        journal = read(told, "journal", since=JANUARY_1, until=MARCH_31, unit="TOKO")
        assert [entry.memo for entry in journal.entries] == [
            "Beli barang dari CV Sumber", "Penjualan toko Januari", "Pokok penjualan Januari", "Retur barang rusak",
            "Bayar CV Sumber",
        ]  # fmt: skip
        assert all(len(entry.lines) == 2 for entry in journal.entries)


class TestBooks:
    def test_the_cash_book_runs_from_opening_to_closing(self, told):
        cash, bank = read(told, "cash-book", since=date(2026, 2, 1), until=MARCH_31).pages
        assert (cash.opening_rp, cash.debit_rp, cash.credit_rp, cash.closing_rp) == (
            5_550_000, 4_075_000, 1_600_000, 8_025_000,
        )  # fmt: skip
        assert [entry.balance_rp for entry in cash.entries] == [9_550_000, 9_450_000, 7_950_000, 8_025_000]
        assert (bank.code, bank.opening_rp, bank.closing_rp) == ("11021", 20_000_000, 15_950_000)

    def test_a_page_of_the_ledger_brings_forward_what_was_before_it(self, told):
        whole = read(told, "general-ledger", account="11011", since=JANUARY_1, until=MARCH_31)
        part = read(told, "general-ledger", account="11011", since=JANUARY_1, until=MARCH_31, limit=3, offset=3)
        assert (whole.count, part.count) == (7, 7)
        assert part.pages[0].entries == whole.pages[0].entries[3:6]
        assert part.pages[0].brought_forward_rp == whole.pages[0].entries[2].balance_rp

    def test_a_credit_account_is_read_in_its_own_direction(self, told):
        debt = read(told, "general-ledger", account="Utang Bank Jangka Panjang", since=JANUARY_1, until=MARCH_31)
        assert (debt.pages[0].opening_rp, debt.pages[0].closing_rp) == (22_000_000, 21_000_000)
        contra = read(told, "general-ledger", account="1215", since=JANUARY_1, until=MARCH_31)
        assert (contra.pages[0].opening_rp, contra.pages[0].closing_rp) == (1_500_000, 1_800_000)

    def test_of_several_long_accounts_a_screen_gets_the_sums(self, told):
        brief = read(told, "cash-book", since=JANUARY_1, until=MARCH_31, limit=5)
        assert [(page.entries, page.closing_rp) for page in brief.pages] == [((), 8_025_000), ((), 15_950_000)]
        assert brief.count == 7 + 4

    def test_the_member_s_card_and_the_recap_agree_with_the_ledger(self, told):
        card = read(told, "member-statement", member="0001", since=JANUARY_1, until=MARCH_31)
        assert [(page.code, page.closing_rp) for page in card.pages] == [
            ("POKOK", 200_000), ("WAJIB", 100_000), ("SUKARELA", 250_000),
        ]  # fmt: skip
        recap = read(told, "savings-summary", as_of=MARCH_31)
        assert recap.totals == {
            "pokok_rp": 200_000, "wajib_rp": 100_000, "sukarela_rp": 250_000, "amount_rp": 550_000,
        }  # fmt: skip
        assert all_hold(card)
        assert all_hold(recap)

    def test_the_journal_is_in_the_order_of_days_and_adds_up(self, told):
        journal = read(told, "journal", since=JANUARY_1, until=date(2026, 12, 31))
        assert journal.totals == {"debit_rp": 17_275_000, "credit_rp": 17_275_000}
        assert [entry.booked_on for entry in journal.entries] == sorted(entry.booked_on for entry in journal.entries)
        assert read(told, "journal", since=JANUARY_1, until=MARCH_31, limit=2, offset=1).count == 14


EMPTY = ["balance-sheet", "income-statement", "cash-flow", "equity-changes", "trial-balance", "cash-book", "journal",
         "savings-summary"]  # fmt: skip


@pytest.mark.parametrize("name", EMPTY)
def test_empty_books_give_an_empty_report_that_holds(world, name):
    report = read(world, name, as_of=MARCH_31, since=JANUARY_1, until=MARCH_31)
    assert all(check.holds for check in report.checks)
    assert not any(report.totals.values())


def test_an_amount_near_the_largest_is_still_exact(told):
    most = 999_999_999_999_999
    book(told, date(2026, 3, 31), "Hibah", ("11021", "PUSAT", most), ("3105", "PUSAT", -most), source="large")
    neraca = read(told, "balance-sheet", as_of=MARCH_31)
    assert lines(neraca)["Bank - Giro"] == most + 15_950_000
    assert all_hold(neraca)
