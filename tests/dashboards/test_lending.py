"""The pages of loans: the board's, a member's own and the simulator, and who may see which."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from core.actor import Actor
from core.clock import today
from core.display import rupiah
from dashboards import session
from reports.loan_portfolio import loan_portfolio
from tests.conftest import World
from tests.dashboards.conftest import signed_in
from tests.dashboards.story import Told
from tests.dashboards.test_pages import FOLDER, shown
from tests.loans import story


@pytest.fixture
def lent(told: Told) -> Told:
    """Siti borrows Rp 12.000.000 over 36 months from today on; nobody else does."""
    world = told.world
    begun = today()
    product_id = story.product(world, maximum_rp=50_000_000)
    loan_id = story.approved(world, told.members["Siti"], product_id, term=36)
    later = date(begun.year + (begun.month == 12), begun.month % 12 + 1, 1)
    story.pay_out(world, loan_id, begun, later)
    return told


def opened(world: World, actor: Actor, path: str, **query: str) -> AppTest:
    """One page of the dashboards in front of this person."""
    page = AppTest.from_file(str(FOLDER / "app.py"), default_timeout=60)
    page.user = session.as_user(signed_in(world, actor)[0])
    page._page_hash = calc_hash(path)  # Streamlit's own way to name a page that is a function
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def test_the_board_sees_what_the_report_says_and_never_the_neighbour_s(lent: Told) -> None:
    world = lent.world
    text = shown(opened(world, world.ketua, "pinjaman"))
    with world.reading(world.ketua) as reading:
        report = loan_portfolio(reading, world.ketua, today())
    assert report.totals["outstanding_rp"] == 12_000_000
    assert rupiah(report.totals["outstanding_rp"]) in text
    assert rupiah(report.totals["required_rp"]) in text
    assert "Vintage" in text
    theirs = shown(opened(world, world.other_actors["ketua"], "pinjaman"))
    assert "Belum ada pinjaman pada periode ini" in theirs
    assert "12.000.000" not in theirs


def test_a_member_sees_their_own_loan_and_calculates(lent: Told) -> None:
    page = opened(lent.world, lent.own["Siti"], "pinjaman-saya")
    assert rupiah(12_000_000) in shown(page)
    page.number_input[0].set_value(4_000_000).run()
    assert "Jasa yang dihemat" in shown(page)
    page.radio(key="hasil").set_value("smaller").run()
    assert "sebelumnya 35 kali" in shown(page)
    others = shown(opened(lent.world, lent.own["Joko"], "pinjaman-saya"))
    assert "Tidak ada pinjaman berjalan" in others
    assert "12.000.000" not in others


@pytest.mark.parametrize("path", ["pengurus", "pinjaman"])
def test_who_may_not_see_a_page_is_told_so(lent: Told, path: str) -> None:
    for actor in (lent.world.petugas, lent.own["Siti"]):
        text = shown(opened(lent.world, actor, path))
        assert "tidak berhak" in text
        assert "Rp" not in text


def test_the_simulator_counts_for_everybody_and_leads_members_on(lent: Told) -> None:
    page = opened(lent.world, lent.own["Joko"], "simulasi", produk="UANG", jumlah="12000000", tenor="12")
    text = shown(page)
    assert rupiah(1_120_000) in text
    assert rupiah(1_440_000) in text
    assert "/mykoperasi/pinjaman/ajukan?produk=UANG&jumlah=12000000&tenor=12" in text
    page.number_input(key="jumlah").set_value(60_000_000).run()
    assert "paling banyak Rp 50.000.000" in shown(page)
    page.number_input(key="penghasilan").set_value(5_000_000).run()
    assert "Di atas kemampuan bayar" in shown(page)
    page.number_input(key="lunas-ke").set_value(6).run()
    assert "Lunas bersama angsuran ke-6" in shown(page)
    clerk = shown(opened(lent.world, lent.world.petugas, "simulasi"))
    assert "ajukan?" not in clerk
    assert "Perbandingan" in clerk


@pytest.mark.parametrize("value", ["-1", "9" * 30, "x", "", "٣", "1e9", "<b>"])
def test_an_odd_address_counts_with_what_may_be_chosen(lent: Told, value: str) -> None:
    page = opened(lent.world, lent.own["Joko"], "simulasi", produk=value, jumlah=value, tenor=value)
    assert "Perbandingan" in shown(page)


def test_terms_of_one_s_own_warn_above_the_cap(lent: Told) -> None:
    page = opened(lent.world, lent.own["Joko"], "simulasi", produk="sendiri", jumlah="12000000", tenor="12")
    page.number_input(key="bunga").set_value(2.0).run()
    assert "Di atas batas 24 % setahun" in shown(page)
    assert "41,7 %" in shown(page)
    page.number_input(key="administrasi").set_value(12_000_000).run()
    assert "lebih kecil dari pinjaman" in shown(page)
