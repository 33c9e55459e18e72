"""A whole journey in a real browser, two cooperatives side by side: browse, buy out of savings and through the payment
service, pack, ship, receive, draw the shop's balance; every button that moves money is clicked twice."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from core.clock import now
from models.access import User
from models.mart.orders import Order, OrderPayment
from models.mart.stores import Store
from services.ledger.checks import check_books
from services.mart import search, stores
from services.mart.ports import configured
from services.mart.ports.midtrans import Midtrans
from tests.conftest import PASSWORD, PASSWORD_HASH
from tests.mart import servers, story
from tests.mart.story import Shop, shop
from tests.member_portal.conftest import Portal

PHONE, DESK = {"width": 360, "height": 780}, {"width": 1280, "height": 800}
LOOK = os.environ.get("EKOPZ_LOOK")  # a folder: pictures of the way, to look at


def look(page: Page, name: str) -> None:
    if LOOK:
        page.screenshot(path=Path(LOOK) / f"{name}.png", full_page=True)


@pytest.fixture
def gateway() -> Iterator[servers.Peer]:
    with servers.serving(servers.midtrans()) as peer:
        configured._midtrans = Midtrans(servers.KEY, peer.url, peer.url)
        yield peer
        configured._midtrans = None


@pytest.fixture
def shops(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> tuple[Shop, Shop]:
    """Ours sells rice, the neighbour's sells salt; everybody who works there can sign in."""
    today = now().date()
    monkeypatch.setattr(story, "DAY", today)
    ours, theirs = shop(portal.world, address="Jalan Parangtritis 12"), shop(portal.world, neighbour=True)
    for one, name in ((ours, "Beras Pandan 5 kg"), (theirs, "Garam Tetangga")):
        one.variant(name, price_rp=75_000, member_price_rp=72_000)
        keeper = one.keeper
        one.act(keeper, lambda s: search.index_many(s, _goods(s)))
        zone = stores.Zone("Dalam kota", "Bantul", 8_000)
        one.act(keeper, lambda s, o=one, k=keeper, z=zone: stores.save_zone(s, k, o.store_id, z))
    with portal.world.database.platform("test", writes=True) as session:
        for user in session.query(User).filter(User.password_hash.is_(None)):
            user.password_hash = PASSWORD_HASH
    return ours, theirs


def _goods(session) -> list:
    from models.mart.products import Product

    return list(session.query(Product))


def enter(browser: Browser, served: str, username: str, size: dict[str, int] = DESK) -> Page:
    page = browser.new_context(viewport=size).new_page()  # type: ignore[arg-type]
    page.goto(f"{served}/masuk")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_load_state()
    return page


def order(page: Page, served: str, way: str, *, far: bool) -> str:
    """Find the rice with a typing error, put two in the cart, order; the address of the order."""
    page.goto(f"{served}/kopmart/cari?q=brs+pandan")
    look(page, f"01-cari-{way}")
    page.get_by_role("link", name=re.compile("Beras Pandan")).first.click()
    page.fill("#quantity", "2")
    look(page, f"02-barang-{way}")
    page.get_by_role("button", name="Masukkan keranjang").click()
    look(page, f"03-keranjang-{way}")
    page.get_by_role("link", name=re.compile("^Pesan dari")).click()
    if far:
        if not page.locator("#kota").is_visible():
            page.locator("summary", has_text="Kirim ke alamat").click()
        page.fill("#alamat", "Jalan Melati 7, RT 02")
        page.fill("#kota", "Bantul")
        page.get_by_role("button", name="Hitung ongkir").click()
        page.locator("label.pick", has_text="Kurir toko").click()
    page.locator("label.pick", has_text=way).click()
    page.get_by_role("button", name="Hitung", exact=True).click()
    look(page, f"04-hitung-{way}")
    page.get_by_role("button", name="Buat pesanan").dblclick()
    expect(page).to_have_url(re.compile("/kopmart/pesanan/"), timeout=30_000)  # the second click breaks the first off
    look(page, f"05-pesanan-{way}")
    return page.url


def twice(page: Page, label: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=label).first.dblclick()
    page.wait_for_load_state("networkidle")


def found(portal: Portal) -> list[Order]:
    with portal.world.reading() as session:
        return session.query(Order).order_by(Order.id).all()


def test_two_ways_to_pay_one_way_to_the_books(
    portal: Portal,
    served: str,
    chromium: Browser,
    shops: tuple[Shop, Shop],
    gateway: servers.Peer,
) -> None:
    ours, theirs = shops
    siti = enter(chromium, served, "siti", PHONE)
    keeper, treasurer = enter(chromium, served, "pengelola_toko.maju"), enter(chromium, served, "bendahara.maju")

    order(siti, served, "Saldo tabungan", far=False)
    siti.fill("#sandi", PASSWORD)
    twice(siti, re.compile("^Bayar Rp"))
    look(siti, "06-dibayar")
    assert found(portal)[0].state == "packing"
    by_gateway = order(siti, served, "Pembayaran online", far=True)
    twice(siti, "Siapkan pembayaran online")
    look(siti, "06-online")
    _the_service_says_paid(portal, served, gateway)
    siti.goto(by_gateway)
    assert siti.get_by_text("Toko sedang menyiapkan").is_visible()

    _shop_sends(keeper, served, found(portal)[0], found(portal)[1])
    siti.goto(by_gateway)
    look(siti, "10-dikirim")
    twice(siti, "Pesanan saya terima")
    look(siti, "11-selesai")
    assert [one.state for one in found(portal)] == ["done", "done"]
    assert ours.balance() == 144_000 + 152_000

    _shop_draws(keeper, treasurer, served, ours)
    assert ours.balance() == 296_000 - 200_000
    _nothing_of_it_next_door(chromium, served, theirs, found(portal)[0])
    with portal.world.reading() as session:
        assert check_books(session, portal.world.coop.id) == []


def _the_service_says_paid(portal: Portal, served: str, gateway: servers.Peer) -> None:
    with portal.world.reading() as session:
        payment = session.query(OrderPayment).filter(OrderPayment.kind == "gateway").one()
    notice = servers.notice(payment.reference, payment.amount_rp)
    gateway.known[payment.reference] = notice
    forged = servers.notice(payment.reference, payment.amount_rp, key="bukan kuncinya")
    address = f"{served}/kopmart/pembayaran/midtrans"
    answers = [httpx.post(address, json=told).status_code for told in (forged, notice, notice)]
    assert answers == [403, 200, 200]


def _shop_sends(keeper: Page, served: str, fetched: Order, sent: Order) -> None:
    keeper.goto(f"{served}/kopmin/pesanan/list/?keadaan=packing")
    look(keeper, "07-daftar-pesanan")
    _act(keeper, f"{served}/kopmin/pesanan/show/{fetched.id}", "Serahkan di toko", "08-serahkan")
    _act(keeper, f"{served}/kopmin/pesanan/show/{sent.id}", "Kirim", "09-kirim")
    look(keeper, "09-terkirim")


def _act(page: Page, address: str, label: str, picture: str) -> None:
    page.goto(address)
    look(page, f"{picture}-pesanan")
    page.get_by_role("link", name=label, exact=True).first.click()
    look(page, picture)
    page.locator("form button.btn-primary").first.dblclick()
    page.wait_for_load_state("networkidle")


def _shop_draws(keeper: Page, treasurer: Page, served: str, ours: Shop) -> None:
    """The bank account is new, so the shop has to wait a day; then two people move the money once."""
    keeper.goto(f"{served}/kopmin/toko/{ours.store_id}/rekening")
    for name, value in (("bank", "BRI"), ("holder", "Toko Maju"), ("account", "001201000345")):
        keeper.fill(f"[name={name}]", value)
    keeper.locator("form button.btn-primary").first.click()
    keeper.wait_for_load_state()
    ask = f"{served}/kopmin/saldo-toko/{ours.store_id}/tarik"
    _draw(keeper, ask)
    assert keeper.get_by_text("Rekening toko baru diubah").first.is_visible()
    look(keeper, "12-tunggu-sehari")
    ours.act(ours.keeper, lambda s: _a_day_ago(s.query(Store).one()))
    _draw(keeper, ask)
    look(keeper, "13-diajukan")
    here = keeper.url
    treasurer.goto(here)
    look(treasurer, "14-putuskan")
    treasurer.get_by_role("button", name="Setujui").click()
    treasurer.locator("dialog [value=ya]").click()
    treasurer.wait_for_load_state("networkidle")
    treasurer.goto(f"{here}/bayar")
    look(treasurer, "15-bayar")
    treasurer.locator("form button.btn-primary").first.dblclick()
    treasurer.wait_for_load_state("networkidle")
    treasurer.goto(f"{served}/kopmin/saldo-toko/{ours.store_id}")
    look(treasurer, "16-saldo")


def _draw(page: Page, address: str) -> None:
    page.goto(address)
    page.fill("[name=amount_rp]", "200.000")
    page.locator("form button.btn-primary").first.dblclick()
    page.wait_for_load_state("networkidle")


def _a_day_ago(store: Store) -> None:
    store.bank_changed_at = now() - timedelta(hours=25)


def _nothing_of_it_next_door(browser: Browser, served: str, theirs: Shop, order: Order) -> None:
    neighbour, agus = enter(browser, served, "pengelola_toko.tetangga"), enter(browser, served, "agus", PHONE)
    assert neighbour.goto(f"{served}/kopmin/pesanan/show/{order.id}").status == 404  # type: ignore[union-attr]
    assert agus.goto(f"{served}/kopmart/pesanan/{order.public_id}").status == 404  # type: ignore[union-attr]
    agus.goto(f"{served}/kopmart/")
    assert agus.get_by_text("Beras Pandan").count(), "anybody may buy in any cooperative's shop"
    assert theirs.balance() == 0
