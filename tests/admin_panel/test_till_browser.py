"""The till in a real browser: eight taps for three goods, and a hundred sales while cut off, each booked once."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from core.clock import today
from models.mart.orders import Order
from models.mart.selling import TillConflict, TillShift
from models.mart.stores import Store
from services.ledger import periods
from tests.admin_panel.test_browser import PHONE, barriers, signed_in
from tests.browsers import on_a_port
from tests.mart.story import Shop, shop
from tests.mart.test_qris import made as qris_text
from tests.mart.till_story import change_store, number_of

TABLET = {"width": 1024, "height": 768}


@pytest.fixture
def site(panel) -> Iterator[str]:
    with on_a_port(panel.app) as address:
        yield address


@pytest.fixture
def store(panel) -> Shop:
    found = shop(panel.world, credit_limit_rp=200_000)
    bendahara = found.actors["bendahara"]
    found.act(bendahara, lambda s: periods.open_year(s, bendahara, today().year))
    change_store(found, qris=qris_text())
    return found


def at_the_till(chromium, panel, site, size) -> Page:
    """Toni with an open shift and Rp 100.000 in the drawer, the page ready to be cut off."""
    page = signed_in(chromium, panel, site, "pengelola_toko", size)
    page.goto(f"{site}/kopmin/kasir/")
    page.fill("#opening_rp", "100000")
    page.click("button:has-text('Buka kasir')")
    page.wait_for_selector("body[data-offline=siap]")
    page.wait_for_selector("#barang button")
    return page


def orders_of(store: Shop) -> list[Order]:
    with store.world.reading() as session:
        return list(session.query(Order).order_by(Order.id))


def test_three_goods_are_sold_in_eight_taps_and_no_page_has_a_barrier(chromium, panel, site, store):
    siti, taps, found = store.world.member(), 0, {}
    store.variant(barcode="8991234567890", member_price_rp=70_000)
    store.variant("Minyak goreng 1 liter", price_rp=18_000, cost_rp=15_000, barcode="8990000000017")
    page = at_the_till(chromium, panel, site, PHONE)

    def look(name: str) -> None:
        for size in (TABLET, PHONE):
            page.set_viewport_size(size)
            if problems := barriers(page):
                found[name, size["width"]] = problems

    look("empty")
    page.locator("#cari").press_sequentially("8991234567890\n")  # what a scanner types
    page.click("#barang button:has-text('Minyak')")
    page.locator("#cari").press_sequentially("8990000000017\n")
    look("cart")
    page.click("#bayar")
    look("paying")
    page.click("dialog button:has-text('Rp 120.000')")
    taps += 5
    page.wait_for_selector("dialog >> text=Selesai T/")
    look("done")
    assert page.inner_text("dialog .total") == "Rp 9.000", "the change, in large letters"
    page.emulate_media(media="print")
    assert "Minyak goreng 1 liter 2 x 18.000" in page.inner_text("#struk")
    page.emulate_media(media="screen")
    page.click("dialog button:has-text('Penjualan baru')")
    assert taps + 1 <= 8

    page.fill("#nomor", number_of(store, siti))
    page.click("#anggota button")
    page.wait_for_selector("#anggota >> text=Siti Aminah")
    page.click("#barang button:has-text('Beras')")
    assert "Bayar Rp 70.000" in page.inner_text("#bayar"), "the price of members"
    page.click("#bayar")
    page.click("dialog button:has-text('QRIS')")
    page.wait_for_function("document.querySelector('.qr').naturalWidth > 0")
    look("qris")
    page.click("dialog button:has-text('Kasbon')")
    look("kasbon")
    page.click("dialog button:has-text('Catat kasbon')")
    page.wait_for_selector("dialog >> text=Selesai T/")
    sold = [(order.due_rp, order.pay_by, order.member_id) for order in orders_of(store)]
    assert sold == [(111_000, "cash", None), (70_000, "credit", siti)]
    for path in ("penjualan", "tutup"):
        page.goto(f"{page.url.rstrip('/')}/{path}" if path == "penjualan" else page.url.replace("penjualan", path))
        look(path)
    page.goto(f"{site}/kopmin/kasir/")
    look("shifts")
    page.goto(f"{site}/kopmin/kasir/struk/{orders_of(store)[0].id}")
    look("strip")
    assert found == {}
    page.context.close()


def test_a_hundred_sales_while_cut_off_are_a_hundred_orders(chromium, panel, site, store):
    rice, rare = store.variant(pieces=150), store.variant("Gula", pieces=1, cost_rp=10_000, price_rp=14_000)
    page = at_the_till(chromium, panel, site, TABLET)
    till = page.url
    page.context.set_offline(True)
    page.reload()  # the page, its files and its prices come from what was kept
    page.wait_for_selector("#barang button")
    assert "Tanpa sambungan" in page.inner_text("#sambungan")
    page.click("#barang button:has-text('Beras')")
    page.click("#bayar")
    page.click("dialog button:has-text('Uang pas')")
    page.wait_for_selector("dialog >> text=menunggu sambungan")
    page.click("dialog button:has-text('Penjualan baru')")
    sell = "async ([id, many]) => { for (let n = 0; n < many; n++) { await Kasir.sell([[id, 1]], 'cash', 100000); } }"
    page.evaluate(sell, [rice, 98])
    page.evaluate("id => Kasir.sell([[id, 2]])", rare)  # more than the shelf is said to hold
    assert page.evaluate("Kasir.left()") == 100
    page.reload()
    page.wait_for_selector("body[data-left='100']")
    assert orders_of(store) == []
    page.context.set_offline(False)
    page.evaluate("Promise.all([Kasir.sync(), Kasir.sync()])")
    for _ in range(2):
        page.reload()
        page.wait_for_selector("body[data-left='0']")
    assert len(orders_of(store)) == 99
    assert store.card(rice) == (51, 0, 51 * 60_000)
    page.goto(f"{site}/kopmin/kasir/menunggu")
    store.receive((rare, 1, 10_000))
    page.click("button:has-text('Coba lagi')")
    page.wait_for_selector("text=Penjualan dibukukan")
    assert len(orders_of(store)) == 100
    page.goto(f"{till}/tutup")
    assert "Rp 7.553.000" in page.inner_text("main")
    page.fill("#counted_rp", "7553000")
    page.click("main button:has-text('Tutup giliran')")
    page.click("dialog button[value=ya]")
    page.wait_for_selector("text=Giliran yang sudah ditutup")
    with store.world.reading() as session:
        shift = session.query(TillShift).one()
        assert (shift.state, shift.expected_rp, shift.counted_rp, shift.entry_seq) == (
            "closed",
            7_553_000,
            7_553_000,
            None,
        )
        assert [kept.state for kept in session.query(TillConflict)] == ["done"]
        assert session.query(Store).one().balance_rp == 0
    page.context.close()


def test_sales_of_who_signed_out_wait_for_that_person(chromium, panel, site, store):
    rice = store.variant()
    page = at_the_till(chromium, panel, site, PHONE)
    till = page.url
    page.context.set_offline(True)
    page.evaluate("id => Kasir.sell([[id, 1]])", rice)
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.wait_for_selector("text=Masuk lagi untuk mengirim")
    assert orders_of(store) == []
    page.goto(f"{site}/masuk?next={till.removeprefix(site)}")
    page.fill("#username", panel.with_password("pengelola_toko"))
    page.fill("#password", "kuda lari pagi hari")
    page.click("button.btn-block")
    page.wait_for_selector("body[data-left='0']")
    assert [order.due_rp for order in orders_of(store)] == [75_000]
    page.context.close()
