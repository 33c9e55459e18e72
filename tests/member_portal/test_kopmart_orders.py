"""A buyer on their phone: from a guest's cart to goods in hand, and nobody else's order is there."""

import re
import uuid
from io import BytesIO

import pytest
from sqlalchemy import update

from models.mart.orders import Order
from models.mart.products import CartItem, Product, ProductVariant
from models.savings import SavingsAccount
from services.mart import fulfilment, payments
from tests.admin_panel.story import picture
from tests.conftest import PASSWORD
from tests.mart.story import DAY, Shop, shop
from tests.member_portal.conftest import Browser, Portal
from tests.member_portal.test_savings import pdf_text


@pytest.fixture
def store(portal: Portal) -> Shop:
    return shop(portal.world, credit_limit_rp=500_000)


def checkout(browser: Browser, **changes: str) -> dict[str, str]:
    """What the page of the shop holds, as a browser would send it back."""
    page = browser.get("/kopmart/beli/maju/toko-maju").text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    usual = {"act": "pesan", "cara": "pickup", "bayar": "savings", "nama": "Siti", "alamat": "", "kota": ""}
    return {**{name: fields[name] for name in ("token", "total")}, **usual, **changes}


def ordered(browser: Browser, variant_id: int, pieces: int = 1, **changes: str) -> str:
    """The address of an order that was just made."""
    browser.post("/kopmart/keranjang", {"variant_id": str(variant_id), "quantity": str(pieces)})
    answer = browser.post("/kopmart/beli/maju/toko-maju", checkout(browser, **changes))
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def only(portal: Portal) -> Order:
    with portal.world.reading() as session:
        return session.query(Order).one()


def test_a_guests_cart_is_theirs_after_sign_in_and_becomes_an_order_in_hand(portal: Portal, store: Shop) -> None:
    rice = store.variant(price_rp=75_000, member_price_rp=72_000)
    browser = portal.anyone()
    assert "keranjang masih kosong" in browser.get("/kopmart/keranjang").text.lower()
    for _ in range(2):
        browser.post("/kopmart/keranjang", {"variant_id": str(rice), "quantity": "1"})
    assert "Rp 150.000" in browser.get("/kopmart/keranjang").text
    assert browser.get("/kopmart/beli/maju/toko-maju").headers["Location"].startswith("/masuk?next=/kopmart/beli")
    browser.sign_in("siti")
    page = browser.get("/kopmart/keranjang").text
    assert "Harga anggota: lebih murah" in page
    assert "Rp 144.000" in page
    first = browser.post("/kopmart/beli/maju/toko-maju", fields := checkout(browser))
    again = browser.post("/kopmart/beli/maju/toko-maju", fields)
    assert again.status_code == 404, "what was ordered is in the cart no more"
    here = first.headers["Location"]
    assert "Barang kami simpan sampai" in browser.get(here).text
    purse = {"simpanan": str(portal.world.product("voluntary"))}
    wrong = browser.post(f"{here}/tabungan", {**purse, "sandi": "bukan ini sandinya"})
    assert (wrong.status_code, "tidak cocok" in wrong.text) == (403, True)
    for _ in range(2):
        browser.post(f"{here}/tabungan", {**purse, "sandi": PASSWORD})
    order = only(portal)
    assert (order.state, order.held_rp) == ("packing", 144_000)
    store.hand_over(order)
    page = browser.get(here).text
    assert "Selesai" in page
    assert "Beri ulasan" in page
    assert order.label in browser.get("/kopmart/pesanan").text
    assert order.label in pdf_text(browser.get(f"{here}/faktur.pdf").data)
    assert "Tanyakan ke toko" in browser.get(f"{here}/lacak").text
    with portal.world.reading() as session:
        assert session.query(CartItem).count() == 0


def test_a_price_that_changed_meanwhile_is_shown_before_anything_is_ordered(portal: Portal, store: Shop) -> None:
    rice = store.variant()
    browser = portal.as_("siti")
    browser.post("/kopmart/keranjang", {"variant_id": str(rice), "quantity": "1"})
    seen = checkout(browser)
    store.act(store.keeper, lambda s: s.execute(update(ProductVariant).values(price_rp=80_000)))
    answer = browser.post("/kopmart/beli/maju/toko-maju", seen)
    assert answer.status_code == 409
    assert "berubah dari Rp 75.000 menjadi Rp 80.000" in answer.text
    forged = browser.post("/kopmart/beli/maju/toko-maju", {**seen, "total": "1"})
    assert forged.status_code == 409
    with portal.world.reading() as session:
        assert session.query(Order).count() == 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cara": "courier:1:jne:REG", "alamat": "Jalan Melati 3", "kota": "Bantul"}, "Cara pengiriman itu tidak"),
        ({"bayar": "gratis"}, "Cara bayar itu tidak tersedia"),
        ({"voucher": "NGAWUR"}, "Voucher NGAWUR tidak dapat dipakai"),
        ({"poin": "999"}, "Poin yang dapat dipakai paling banyak 0"),
        ({"total": "abc"}, "hitung dulu"),
        ({"token": "x"}, "muat ulang halaman"),
    ],
)
def test_what_was_changed_in_the_browser_is_refused_in_words(portal, store, change, sentence) -> None:
    rice = store.variant()
    browser = portal.as_("siti")
    browser.post("/kopmart/keranjang", {"variant_id": str(rice), "quantity": "1"})
    answer = browser.post("/kopmart/beli/maju/toko-maju", checkout(browser, **change))
    assert answer.status_code in (409, 422)
    assert sentence in answer.text
    with portal.world.reading() as session:
        assert session.query(Order).count() == 0


@pytest.mark.parametrize("pieces", ["0", "-1", "1.5", "99999", "dua", "١"])
def test_a_quantity_that_is_none_stays_out_of_the_cart(portal: Portal, store: Shop, pieces: str) -> None:
    rice = store.variant()
    browser = portal.anyone()
    answer = browser.post("/kopmart/keranjang", {"variant_id": str(rice), "quantity": pieces})
    assert answer.status_code == 302
    with portal.world.reading() as session:
        assert session.query(CartItem).count() == 0


def test_a_transfer_waits_for_the_treasurer_with_its_picture(portal: Portal, store: Shop) -> None:
    rice = store.variant()
    browser = portal.as_("siti")
    here = ordered(browser, rice, bayar="transfer")
    bad = browser.post(f"{here}/bukti", {"pengirim": "BRI Siti", "bukti": (BytesIO(b"<svg/>"), "x.png")})
    assert (bad.status_code, "bukan gambar" in bad.text) == (422, True)
    for _ in range(2):
        proof = (BytesIO(picture((40, 40))), "bukti.png")
        browser.post(f"{here}/bukti", {"pengirim": "BRI Siti", "bukti": proof})
    assert "sedang dicocokkan" in browser.get(here).text
    who = portal.world.bendahara
    found = store.act(who, lambda s: [p.id for p in payments.waiting(s, who)])
    assert len(found) == 1
    store.act(who, lambda s: payments.confirm(s, who, found[0], amount_rp=75_000, on=DAY))
    assert only(portal).state == "packing"


def test_what_is_owed_on_kasbon_stands_with_the_bills(portal: Portal, store: Shop) -> None:
    browser = portal.as_("siti")
    here = ordered(browser, store.variant(), bayar="credit")
    assert "Kasbon" not in browser.get("/mykoperasi/").text, "an order alone is no debt"
    for _ in range(2):
        browser.post(f"{here}/kasbon", {"sandi": PASSWORD})
    page = browser.get("/mykoperasi/").text
    assert page.count(f"Kasbon {only(portal).label}</a></span><b>") == 1
    assert here in page
    assert "Kasbon" not in portal.as_("joko").get("/mykoperasi/").text


def test_nobody_sees_or_touches_the_order_of_another(portal: Portal, store: Shop) -> None:
    rice = store.variant()
    here = ordered(portal.as_("siti"), rice, bayar="cash")
    other = portal.as_("joko")
    assert other.get(here).status_code == 404
    for act in ("batal", "diterima", "tarik", "cara", "keluhan", "kembalikan", "poin", "tabungan", "kasbon", "bukti"):
        assert other.post(f"{here}/{act}", {"sandi": PASSWORD, "simpanan": "1"}).status_code == 404, act
    for page in ("", "/lacak", "/faktur.pdf"):
        assert other.get(f"{here}{page}").status_code == 404
        assert other.get(f"/kopmart/pesanan/{uuid.uuid4()}{page}").status_code == 404
    assert only(portal).state == "packing"
    assert "belum pernah memesan" in other.get("/kopmart/pesanan").text


def test_a_buyer_complains_gives_back_and_reads_the_answer(portal: Portal, store: Shop) -> None:
    rice = store.variant()
    browser = portal.as_("siti")
    here = ordered(browser, rice, 2)
    browser.post(f"{here}/tabungan", {"simpanan": str(portal.world.product("voluntary")), "sandi": PASSWORD})
    order = only(portal)
    store.hand_over(order)
    assert browser.post(f"{here}/keluhan", {"keluhan": "x"}).status_code == 422
    browser.post(f"{here}/keluhan", {"keluhan": "Karungnya bocor"})
    line = store.now(order).lines[0].id
    answer = browser.post(f"{here}/kembalikan", {f"baris{line}": "3", "alasan": "Bocor semua", "token": "kembali-1"})
    assert (answer.status_code, "dapat dikembalikan 2" in answer.text) == (409, True)
    for _ in range(2):
        browser.post(f"{here}/kembalikan", {f"baris{line}": "1", "alasan": "Bocor satu", "token": "kembali-2"})
    assert "menunggu toko" in browser.get(here).text
    assert only(portal).state == "returned"


def test_goods_of_a_closed_shop_or_sold_out_say_so_in_the_cart(portal: Portal, store: Shop) -> None:
    rice = store.variant(pieces=2)
    browser = portal.as_("siti")
    browser.post("/kopmart/keranjang", {"variant_id": str(rice), "quantity": "2"})
    other = store.stranger()
    store.place(other, (rice, 1), pay_by="cash")
    assert "Tinggal 1. Kurangi jumlahnya." in browser.get("/kopmart/keranjang").text
    store.act(store.keeper, lambda s: s.execute(update(Product).values(is_published=False)))
    assert "Tidak dijual lagi" in browser.get("/kopmart/keranjang").text
    browser.post(f"/kopmart/keranjang/{rice}/keluarkan")
    assert "masih kosong" in browser.get("/kopmart/keranjang").text


def test_a_cancelled_order_leaves_savings_alone(portal: Portal, store: Shop) -> None:
    rice = store.variant()
    browser = portal.as_("siti")

    def saved() -> int:
        with portal.world.reading() as session:
            return sum(account.balance_rp for account in session.query(SavingsAccount))

    before, here = saved(), ordered(browser, rice)
    for _ in range(2):
        browser.post(f"{here}/batal")
    assert only(portal).state == "cancelled"
    assert saved() == before
    with pytest.raises(Exception, match="Dibatalkan"):
        store.act(store.keeper, lambda s: fulfilment.hand_over(s, store.keeper, only(portal).id, on=DAY))
