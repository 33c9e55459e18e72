"""What the pages show, to whom, and that it is what the reports say."""

import ast
import html
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.actor import Actor
from core.display import rupiah
from core.errors import NotAllowed
from dashboards import data, parts, session
from dashboards.look import short_rp, ticks
from models.access import CoopUser, RoleGrant, User
from models.coops import Coop
from reports.balance_sheet import balance_sheet
from reports.cash_flow import cash_flow
from reports.income_statement import income_statement
from reports.monthly import savings_by_month, surplus_by_month
from reports.savings_summary import savings_summary
from services.access import sign_in
from tests.conftest import World
from tests.dashboards.conftest import signed_in
from tests.dashboards.story import Told

FOLDER = Path(__file__).parents[2] / "dashboards"


def opened(world: World, actor: Actor) -> AppTest:
    """The dashboards in front of this person, after the first run."""
    page = AppTest.from_file(str(FOLDER / "app.py"), default_timeout=60)
    page.user = session.as_user(signed_in(world, actor)[0])
    page.run()
    assert not page.exception
    return page


def shown(page: AppTest) -> str:
    """Everything we drew on the page, as people read it."""
    return html.unescape(" ".join(element.proto.body for element in page.get("html")))


def period_of(world: World, actor: Actor, label: str) -> parts.Period:
    known = data.options(actor)
    return next(period for period in parts.periods(known) if period.label.startswith(label))


def test_the_board_sees_the_figures_of_the_printed_statements(told: Told) -> None:
    ketua = told.world.ketua
    page = opened(told.world, ketua)
    period = period_of(told.world, ketua, "Tahun 2026")
    page.selectbox(key="periode").set_value(period).run()
    text = shown(page)
    with told.world.reading(ketua) as reading:
        cash = cash_flow(reading, ketua, period.since, period.until).totals["closing_rp"]
        sheet = balance_sheet(reading, ketua, period.until).totals
        phu = income_statement(reading, ketua, period.since, period.until).totals["surplus_rp"]
        saved = savings_summary(reading, ketua, period.until).totals["amount_rp"]
    for amount_rp in (cash, sheet["assets_rp"], sheet["liabilities_rp"], sheet["equity_rp"], phu, saved):
        assert amount_rp
        assert rupiah(amount_rp) in text
    assert "Koperasi Maju Bersama" in text
    assert "Gudang" in text


def test_another_period_shows_its_own_figures(told: Told) -> None:
    ketua = told.world.ketua
    page = opened(told.world, ketua)
    page.selectbox(key="periode").set_value(period_of(told.world, ketua, "Tahun 2026")).run()
    page.selectbox(key="neraca-tanggal").set_value(date(2026, 3, 31)).run()
    with told.world.reading(ketua) as reading:
        march = balance_sheet(reading, ketua, date(2026, 3, 31), compare="previous")
    assert rupiah(march.totals["assets_rp"]) in shown(page)
    assert f"bulan lalu: {rupiah(march.comparison_totals['assets_rp'])}" in shown(page)


def test_one_unit_shows_its_own_books(told: Told) -> None:
    ketua = told.world.ketua
    page = opened(told.world, ketua)
    page.selectbox(key="periode").set_value(period_of(told.world, ketua, "Tahun 2026")).run()
    page.selectbox(key="unit").set_value(told.shop).run()
    text = shown(page)
    assert "Melalui unit lain" in text
    assert rupiah(100_000) in text  # its cash
    assert rupiah(40_000) in text  # its SHU
    assert not page.exception


def test_two_cooperatives_side_by_side_never_see_each_other(told: Told) -> None:
    world = told.world
    ours, theirs = world.ketua, world.other_actors["ketua"]
    for _ in range(2):  # the second time from what is kept
        for mine, other in ((ours, theirs), (theirs, ours)):
            text = shown(opened(world, mine))
            period = period_of(world, mine, "12 bulan")
            for who, seen in ((mine, True), (other, False)):
                with world.reading(who) as reading:
                    sums = savings_by_month(reading, who, period.since, period.until).totals["amount_rp"]
                    surplus = surplus_by_month(reading, who, period.since, period.until).totals["surplus_rp"]
                assert (rupiah(sums) in text, rupiah(surplus) in text) == (seen, seen)


def test_what_is_kept_is_kept_apart_by_cooperative_and_by_permission(told: Told) -> None:
    ours, theirs = told.world.ketua, told.world.other_actors["ketua"]
    days = (date(2026, 1, 1), date(2026, 6, 30))
    mine = data.ask(ours, 1, savings_by_month, *days)
    assert data.ask(theirs, 1, savings_by_month, *days).totals != mine.totals
    assert data.ask(ours, 1, savings_by_month, *days) == mine
    curious = replace(ours, permissions=ours.permissions - {"savings.view"})
    with pytest.raises(NotAllowed):
        data.ask(curious, 1, savings_by_month, *days)


def test_a_new_entry_is_seen_at_once(told: Told) -> None:
    ketua = told.world.ketua
    page = opened(told.world, ketua)
    before = data.options(ketua).head
    with told.world.transaction(told.world.petugas) as writing:
        from services.savings import commands, products

        wajib = products.of_kind(writing, told.world.bendahara, "mandatory").id
        commands.deposit(
            writing, told.world.petugas, member_id=told.members["Joko"], product_id=wajib, amount_rp=777_000,
            booked_on=date(2026, 6, 9), token="another",
        )  # fmt: skip
    assert data.options(ketua).head == before + 1
    page.selectbox(key="periode").set_value(period_of(told.world, ketua, "Tahun 2026")).run()
    assert rupiah(3 * 380_000 + 3_000 + 777_000) in shown(page)


def test_a_member_sees_their_own_savings_and_nobody_elses(told: Told) -> None:
    page = opened(told.world, told.own["Siti"])
    page.selectbox(key="periode").set_value(_own_period(page)).run()
    text = shown(page)
    assert "Siti Aminah" in text
    assert rupiah(380_000) in text
    assert "(Rp 120.000)" in text
    assert "Joko" not in text
    assert "Kas dan bank" not in text
    assert "Kopmin" not in text


def _own_period(page: AppTest) -> parts.Period:
    known = parts.Choices(date(2026, 11, 1), date(2026, 3, 6), None, 0, ())
    label = next(option for option in page.selectbox(key="periode").options if option.startswith("Tahun 2026"))
    return replace(next(p for p in parts.periods(known) if p.label.startswith("Tahun 2026")), label=label)


def test_a_user_without_a_member_number_is_told_what_to_do(told: Told) -> None:
    world = told.world
    with world.database.platform("test", writes=True) as writing:
        user = User(username="baru", full_name="Baru")
        writing.add(user)
        writing.flush()
        writing.add(CoopUser(coop_id=world.coop.id, user_id=user.id))
        writing.add(RoleGrant(coop_id=world.coop.id, user_id=user.id, role="anggota"))
        actor = Actor(user.id, world.coop.id, frozenset({"own.view"}))
    assert "belum terhubung dengan nomor anggota" in shown(opened(world, actor))


def test_who_may_see_no_dashboard_gets_the_page_that_is_for_everybody(told: Told) -> None:
    text = shown(opened(told.world, told.world.petugas))
    assert "Simulasi pinjaman" in text
    assert "Kas dan bank" not in text


def test_signed_out_between_two_runs_shows_nothing_more(told: Told) -> None:
    world = told.world
    page = AppTest.from_file(str(FOLDER / "app.py"), default_timeout=60)
    who, _ = signed_in(world, world.ketua)
    page.user = session.as_user(who)
    assert "Kas dan bank" in shown(page.run())
    sign_in.end(world.database, who.session_id)
    text = shown(page.run())
    assert "Muat ulang halaman ini untuk masuk lagi" in text
    assert "Rp" not in text


@pytest.mark.parametrize("change", [{"user": "1"}, {"coop": "2"}, {"session": "999"}, {"proof": "x"}, {"proof": ""}])
def test_a_claim_without_our_proof_shows_nothing(told: Told, change: dict[str, str]) -> None:
    page = AppTest.from_file(str(FOLDER / "app.py"), default_timeout=60)
    page.user = session.as_user(signed_in(told.world, told.world.ketua)[0]) | change
    assert "Rp" not in shown(page.run())


def test_nobody_at_all_shows_nothing(told: Told) -> None:
    page = AppTest.from_file(str(FOLDER / "app.py"), default_timeout=60)
    page.user = {}
    assert "Muat ulang" in shown(page.run())


def test_a_page_left_open_while_its_person_moved_to_another_cooperative_shows_nothing(told: Told) -> None:
    world = told.world
    with world.database.platform("test", writes=True) as writing:
        writing.add(CoopUser(coop_id=world.other.id, user_id=world.ketua.user_id))
    who, _ = signed_in(world, world.ketua)
    page = AppTest.from_file(str(FOLDER / "app.py"), default_timeout=60)
    page.user = session.as_user(who)
    assert "Kas dan bank" in shown(page.run())
    sign_in.choose_coop(world.database, who, world.other.id)
    assert "Rp" not in shown(page.run())


def test_a_role_taken_away_counts_on_the_next_run(told: Told) -> None:
    world = told.world
    page = opened(world, world.ketua)
    with world.database.transaction(world.coop.id) as writing:
        for grant in writing.query(RoleGrant).filter(RoleGrant.user_id == world.ketua.user_id):
            writing.delete(grant)
    text = shown(page.run())
    assert "Simulasi pinjaman" in text
    assert "Kas dan bank" not in text


def test_demo_data_says_so(told: Told) -> None:
    assert "DATA CONTOH" not in shown(opened(told.world, told.own["Siti"]))
    with told.world.database.platform("test", writes=True) as writing:
        writing.get_one(Coop, told.world.coop.id).is_demo = True
    assert "DATA CONTOH" in shown(opened(told.world, told.own["Siti"]))


def test_an_empty_cooperative_is_told_what_comes_next(world: World) -> None:
    session.open_to(world.database, 30)
    text = shown(opened(world, world.ketua))
    assert "Belum ada yang dibukukan" in text


def test_what_people_typed_stays_text(told: Told) -> None:
    with told.world.database.platform("test", writes=True) as writing:
        writing.get_one(Coop, told.world.coop.id).name = "<img src=x onerror=alert(1)>"
    page = opened(told.world, told.world.ketua)
    drawn = " ".join(element.proto.body for element in page.get("html"))
    assert "<img src=x" not in drawn
    assert "&lt;img src=x" in drawn


def test_html_is_handed_over_in_one_place_and_never_as_it_was_typed() -> None:
    raw = {"st.html", "st.markdown", "st.write", "st.components.v1.html", "Markup.format"}
    calls = []
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            if name in raw:
                calls.append(f"{path.name}: {name}")
            if name == "Markup" and node.args:
                assert isinstance(node.args[0], ast.Constant), f"{path.name}:{node.lineno}"
    assert calls == ["parts.py: st.html"]


@pytest.mark.parametrize(
    ("amount_rp", "text"),
    [(0, "0"), (850_000, "850 rb"), (2_500_000, "2,5 jt"), (1_200_000_000, "1,2 M"), (-850_000, "-850 rb")],
)
def test_an_axis_is_short(amount_rp: int, text: str) -> None:
    assert short_rp(amount_rp) == text


@pytest.mark.parametrize("amounts", [[0], [3], [1_250_000, -300_000], [999_999_999], [-5], [10**13, 1]])
def test_an_axis_holds_every_amount_at_round_values(amounts: list[int]) -> None:
    marks = ticks(amounts)
    assert marks[0] <= min(0, *amounts)
    assert marks[-1] >= max(0, *amounts)
    assert 0 in marks
    assert len(marks) <= 9
