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
from tests.conftest import World
from tests.dashboards.story import Told, tell

SINCE, UNTIL = date(2026, 1, 1), date(2026, 6, 10)


def test_months_are_cut_at_both_ends() -> None:
    found = list(months(date(2025, 12, 15), date(2026, 2, 10)))
    assert found == [
        (date(2025, 12, 15), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 10)),
    ]


@pytest.mark.parametrize("of_shop", [False, True])
@pytest.mark.parametrize("days", [(SINCE, UNTIL), (date(2025, 12, 15), date(2026, 6, 30))])
def test_every_month_says_what_the_statements_of_that_month_say(
    told: Told, days: tuple[date, date], of_shop: bool
) -> None:
    ketua = told.world.ketua
    with told.world.reading(ketua) as session:
        unit_id = told.shop if of_shop else None
        cash = cash_by_month(session, ketua, *days, unit_id=unit_id)
        surplus = surplus_by_month(session, ketua, *days, unit_id=unit_id)
        for row, earned in zip(cash.rows, surplus.rows, strict=True):
            flow = cash_flow(session, ketua, row.since, row.until, unit_id=unit_id).totals
            phu = income_statement(session, ketua, earned.since, earned.until, unit_id=unit_id, compare="year")
            assert (row.opening_rp, row.closing_rp) == (flow["opening_rp"], flow["closing_rp"])
            assert row.in_rp - row.out_rp + row.between_rp == flow["net_rp"]
            assert earned.surplus_rp == phu.totals["surplus_rp"]
            assert earned.year_before_rp == phu.comparison_totals["surplus_rp"]
        assert all(check.holds for check in (*cash.checks, *surplus.checks))


def test_a_units_cash_that_came_through_the_others_is_told_apart(told: Told) -> None:
    ketua = told.world.ketua
    with told.world.reading(ketua) as session:
        may = cash_by_month(session, ketua, SINCE, UNTIL, unit_id=told.shop).rows[4]
        drawn = as_table(cash_by_month(session, ketua, SINCE, UNTIL, unit_id=told.shop))
    assert (may.in_rp, may.out_rp, may.between_rp, may.closing_rp) == (10_000, 0, 90_000, 100_000)
    assert "Melalui unit lain" in [column.label for column in drawn.columns]


def test_cash_of_a_month_comes_and_goes_as_the_arus_kas_lists_it(told: Told) -> None:
    ketua = told.world.ketua
    with told.world.reading(ketua) as session:
        april = cash_by_month(session, ketua, SINCE, UNTIL).rows[3]
    assert april.in_rp == 400_000 + 4 * 1_111 + 3 * 50_000
    assert (april.out_rp, april.between_rp) == (150_000, 0)


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


def test_the_months_are_the_same_on_postgresql(told: Told, pg_world: World) -> None:
    elsewhere = tell(pg_world)
    found = []
    for world, shop in ((told.world, told.shop), (pg_world, elsewhere.shop)):
        with world.reading(world.ketua) as session:
            found.append(
                (
                    cash_by_month(session, world.ketua, SINCE, UNTIL, unit_id=shop).rows,
                    surplus_by_month(session, world.ketua, SINCE, UNTIL).rows,
                    savings_by_month(session, world.ketua, SINCE, UNTIL).rows,
                    membership(session, world.ketua, SINCE, UNTIL).rows,
                )
            )
    assert found[0] == found[1]
