"""The months add up to the statements, and to nobody else's."""

from datetime import date

import pytest

from core.errors import NotAllowed
from reports.balance_sheet import balance_sheet
from reports.cash_flow import cash_flow
from reports.choices import choices, own_choices
from reports.composition import composition
from reports.export import render
from reports.income_statement import income_statement
from reports.member_statement import member_statement
from reports.membership import membership
from reports.monthly import cash_by_month, member_by_month, months, savings_by_month, surplus_by_month
from reports.savings_summary import savings_summary
from reports.tables import as_table
from tests.dashboards.story import Told

SINCE, UNTIL = date(2026, 1, 1), date(2026, 6, 10)


def test_months_are_cut_at_both_ends() -> None:
    found = list(months(date(2025, 12, 15), date(2026, 2, 10)))
    assert found == [
        (date(2025, 12, 15), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 10)),
    ]


def test_cash_by_month_is_the_arus_kas_of_each_month(told: Told) -> None:
    ketua = told.world.ketua
    with told.world.reading(ketua) as session:
        report = cash_by_month(session, ketua, SINCE, UNTIL)
        whole = cash_flow(session, ketua, SINCE, UNTIL)
        april = cash_flow(session, ketua, date(2026, 4, 1), date(2026, 4, 30))
    assert report.totals["closing_rp"] == whole.totals["closing_rp"] > 0
    assert report.totals["in_rp"] - report.totals["out_rp"] == whole.totals["net_rp"]
    assert report.rows[3].closing_rp == april.totals["closing_rp"]
    assert report.rows[3].in_rp == 400_000 + 4 * 1_111 + 3 * 50_000
    assert report.rows[3].out_rp == 150_000
    assert all(check.holds for check in report.checks)


def test_surplus_by_month_adds_up_to_the_phu(told: Told) -> None:
    ketua = told.world.ketua
    with told.world.reading(ketua) as session:
        report = surplus_by_month(session, ketua, SINCE, UNTIL)
        phu = income_statement(session, ketua, SINCE, UNTIL, compare="year")
    assert report.totals["surplus_rp"] == phu.totals["surplus_rp"] > 0
    assert report.totals["year_before_rp"] == phu.comparison_totals["surplus_rp"] == 0
    assert all(check.holds for check in report.checks)


def test_savings_by_month_end_at_the_rekap_of_that_day(told: Told) -> None:
    ketua = told.world.ketua
    with told.world.reading(ketua) as session:
        report = savings_by_month(session, ketua, SINCE, UNTIL)
        for row in report.rows:
            assert row.total_rp == savings_summary(session, ketua, row.until).totals["amount_rp"]
    assert report.rows[0].total_rp == 0
    assert report.rows[-1].total_rp == 3 * (100_000 + 50_000 + 350_000 - 120_000) + 3_000
    assert all(check.holds for check in report.checks)


def test_membership_counts_who_came_and_where_they_work(told: Told) -> None:
    ketua = told.world.ketua
    with told.world.reading(ketua) as session:
        report = membership(session, ketua, SINCE, UNTIL)
    assert [row.joined for row in report.rows] == [1, 1, 1, 0, 0, 0]
    assert [row.active for row in report.rows] == [1, 2, 3, 3, 3, 3]
    assert report.by_work_unit == (("Gudang", 2), ("Kantor", 1))


@pytest.mark.parametrize(("side", "total"), [("ASET", "assets"), ("LIABILITAS", "liabilities"), ("EKUITAS", "equity")])
def test_the_parts_of_a_neraca_add_up_to_its_sides(told: Told, side: str, total: str) -> None:
    ketua = told.world.ketua
    with told.world.reading(ketua) as session:
        sheet = balance_sheet(session, ketua, UNTIL, compare="previous")
    parts = composition(sheet, side)
    assert parts
    assert sum(part.amount_rp for part in parts) == sheet.totals[f"{total}_rp"]
    assert sum(part.comparison_rp or 0 for part in parts) == sheet.comparison_totals[f"{total}_rp"]


def test_a_member_by_month_ends_at_their_card(told: Told) -> None:
    siti = told.own["Siti"]
    with told.world.reading(siti) as session:
        card = member_statement(session, siti, SINCE, UNTIL, member=siti.member_id)
    rows = member_by_month(card)
    assert [row.total_rp for row in rows] == [0, 0, 100_000, 150_000, 500_000, 380_000]
    assert rows[-1].total_rp == card.totals["closing_rp"]


def test_every_series_becomes_a_workbook(told: Told) -> None:
    ketua = told.world.ketua
    with told.world.reading(ketua) as session:
        for report in (cash_by_month, surplus_by_month, savings_by_month, membership):
            drawn = as_table(report(session, ketua, SINCE, UNTIL))
            assert all(len(row.cells) == len(drawn.columns) for row in drawn.rows)
            assert render(report(session, ketua, SINCE, UNTIL), "xlsx")[:2] == b"PK"


def test_no_figure_of_the_neighbour_gets_in(told: Told) -> None:
    ours, theirs = told.world.ketua, told.world.other_actors["ketua"]
    found = []
    for who in (ours, theirs):
        with told.world.reading(who) as session:
            cash = cash_by_month(session, who, SINCE, UNTIL).totals["closing_rp"]
            saved = savings_by_month(session, who, SINCE, UNTIL).totals["amount_rp"]
            found.append((cash, saved, membership(session, who, SINCE, UNTIL).totals["active"]))
    assert (found[0][2], found[1][2]) == (3, 1)
    assert found[1][1] == 7 * (100_000 + 50_000 + 350_000 - 120_000)


def test_each_series_asks_for_its_permission(told: Told) -> None:
    siti = told.own["Siti"]
    with told.world.reading(siti) as session:
        for report in (cash_by_month, surplus_by_month, savings_by_month, membership):
            with pytest.raises(NotAllowed):
                report(session, siti, SINCE, UNTIL)
        with pytest.raises(NotAllowed):
            choices(session, siti)
        assert own_choices(session, siti, "WIB").first_on == date(2026, 3, 6)
