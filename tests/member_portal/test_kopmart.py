"""Kopmart on the web: strangers look around, nothing private is shown or kept, members wish and review."""

import json
import re
import uuid
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from models.access import User
from models.mart.products import Product, Review, WishedProduct
from models.mart.stores import Store
from services.mart import photos
from tests.mart.shelf import Shelf, open_shelf, photo
from tests.member_portal.conftest import Portal

NOWHERE = uuid.UUID(int=0)


@pytest.fixture
def shelf(portal: Portal) -> Shelf:
    return open_shelf(portal.world)


def page_of(product: Product) -> str:
    return f"/kopmart/barang/{product.public_id}"


def user_id(portal: Portal, username: str) -> int:
    with portal.world.database.platform("test") as session:
        return session.scalars(select(User.id).where(User.username == username)).one()


def data_of(text: str) -> list[dict[str, object]]:
    return [json.loads(found) for found in re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', text)]


def test_every_page_of_the_storefront_is_open_to_strangers(portal: Portal, shelf: Shelf) -> None:
    product = shelf.product("Beras Premium", 1_250_000)
    shelf.campaign("Cuci gudang", 50_000, product)
    ways = ["", "kategori/sembako", "kategori/jasa", "cari", "cari?q=bers+premum", "toko/maju/toko", "koperasi/maju"]
    for way in ways:
        answer = portal.anyone().get(f"/kopmart/{way}")
        assert answer.status_code == 200, way
        assert ("Rp 1.200.000" in answer.text) == (way not in {"kategori/jasa", "cari"}), way
    assert "Masukkan keranjang" in portal.anyone().get(page_of(product)).text


def test_empty_places_say_what_to_do_next(portal: Portal) -> None:
    stranger = portal.anyone()
    assert "Belum ada barang yang dijual" in stranger.get("/kopmart/").text
    assert "Coba kategori lain" in stranger.get("/kopmart/kategori/jasa").text
    assert "Coba satu kata saja" in stranger.get("/kopmart/cari?q=beras").text
    open_shelf(portal.world)
    assert "belum memajang barang" in stranger.get("/kopmart/toko/maju/toko").text
    assert "Belum ada barang favorit" in portal.as_("siti").get("/kopmart/favorit").text


def test_what_is_not_there_is_said(portal: Portal, shelf: Shelf) -> None:
    hidden = shelf.product("Rahasia", is_published=False)
    for way in (
        "kategori/zzz",
        "toko/maju/zzz",
        "toko/zzz/toko",
        "koperasi/tetangga",
        f"barang/{NOWHERE}",
        "foto/x.webp",
    ):
        assert portal.anyone().get(f"/kopmart/{way}").status_code == 404, way
    assert portal.anyone().get(page_of(hidden)).status_code == 404
    for way in (f"barang/{NOWHERE}/favorit", f"barang/{NOWHERE}/ulasan"):
        assert portal.as_("siti").post(f"/kopmart/{way}").status_code == 404


def test_a_stranger_s_pages_may_be_kept_and_hold_nothing_of_a_session(portal: Portal, shelf: Shelf) -> None:
    product = shelf.product()
    for way in ("/kopmart/", "/kopmart/kategori/sembako", "/kopmart/toko/maju/toko", "/kopmart/cari?q=beras"):
        answer = portal.anyone().get(way)
        assert answer.headers["Cache-Control"] == "public, max-age=60", way
        assert "Cookie" in answer.headers["Vary"]
        assert "Set-Cookie" not in answer.headers
        assert "csrf_token" not in answer.text
    with_form = portal.anyone().get(page_of(product))
    assert "public" not in with_form.headers["Cache-Control"]
    for way in ("/kopmart/", page_of(product), "/kopmart/favorit", "/robots.txt", "/kopmart/sitemap.xml"):
        assert portal.as_("siti").get(way).headers["Cache-Control"] == "no-store", way


def test_members_see_their_own_price(portal: Portal, shelf: Shelf) -> None:
    product = shelf.product("Beras", 70_000, member_rp=65_000)
    stranger, member, neighbour = (
        browser.get(page_of(product)).text for browser in (portal.anyone(), portal.as_("siti"), portal.as_("agus"))
    )
    for text in (stranger, neighbour):
        assert "<b>Rp 70.000</b>" in text
        assert "Harga anggota Rp 65.000" in text
    assert "<b>Rp 65.000</b>" in member
    assert "hemat Rp 5.000" in member


def test_stock_is_told_as_it_is(portal: Portal, shelf: Shelf) -> None:
    few, none, many = (
        shelf.product("Tiga", stock=3),
        shelf.product("Nol", stock=0),
        shelf.product("Banyak", stock=1_200),
    )
    assert "Sisa 3" in portal.anyone().get(page_of(few)).text
    assert "Stok 1.200" in portal.anyone().get(page_of(many)).text
    gone = portal.anyone().get(page_of(none)).text
    assert "Habis" in gone
    assert "Masukkan keranjang" not in gone


def test_kinds_are_chosen_by_their_own_price_and_stock(portal: Portal, shelf: Shelf) -> None:
    product = shelf.product("Kaos", kinds=[("M", 50_000), ("XL", 55_000)])
    text = portal.anyone().get(page_of(product)).text
    assert len(re.findall(r'type="radio" name="variant_id"', text)) == 2
    assert text.count("Rp 55.000") == 1
    assert 'action="/kopmart/keranjang"' in text


def test_a_shop_for_members_only_sells_to_them_alone(portal: Portal, shelf: Shelf) -> None:
    product = shelf.product()
    with portal.world.transaction(shelf.actor) as session:
        session.execute(update(Store).values(sells_to_all=False))
    assert "hanya melayani anggota" in portal.anyone().get(page_of(product)).text
    assert "Hubungkan akun Anda" in portal.as_("agus").get(page_of(product)).text
    assert "Masukkan keranjang" in portal.as_("siti").get(page_of(product)).text


def test_a_flash_sale_says_how_long_and_how_many(portal: Portal, shelf: Shelf) -> None:
    product = shelf.product("Beras", 70_000)
    shelf.campaign("Kilat malam", Decimal(20), product, kind="flash", quota=10, sold=4)
    home, page = (portal.anyone().get(way).text for way in ("/kopmart/", page_of(product)))
    assert "Berakhir 2 jam 5 menit lagi" in home
    assert "<s>" in home
    assert "hemat Rp 14.000 (20%)" in page
    assert "Sisa 6 dengan harga ini" in page


def test_machines_read_the_same_as_people(portal: Portal, shelf: Shelf) -> None:
    product = shelf.product('Beras </script><b>"', 70_000, about="Pulen & wangi")
    with portal.world.transaction(shelf.actor) as session:
        session.execute(update(Product).values(stars_sum=9, reviews=2))
    text = portal.anyone().get(page_of(product)).text
    goods, crumbs = data_of(text)
    assert goods["name"] == product.name
    assert goods["offers"] | {"url": "", "seller": ""} == {
        "@type": "Offer", "price": 70_000, "priceCurrency": "IDR", "availability": "https://schema.org/InStock",
        "url": "", "seller": "",
    }  # fmt: skip
    assert goods["aggregateRating"]["ratingValue"] == "4.5"
    assert [one["name"] for one in crumbs["itemListElement"]] == ["Kopmart", "Sembako", product.name]
    assert re.search(r'<link rel="canonical" href="http[^"]+/kopmart/barang/', text)
    assert '<meta name="description" content="Rp 70.000. Pulen &amp; wangi">' in text
    kinds = shelf.product("Kaos", kinds=[("M", 50_000), ("XL", 55_000)], stock=0)
    offers = data_of(portal.anyone().get(page_of(kinds)).text)[0]["offers"]
    assert (offers["@type"], offers["lowPrice"], offers["highPrice"]) == ("AggregateOffer", 50_000, 55_000)
    assert offers["availability"].endswith("OutOfStock")


def test_the_site_tells_machines_what_there_is_and_what_to_leave(portal: Portal, shelf: Shelf) -> None:
    shown, hidden = shelf.product("Beras"), shelf.product("Rahasia", is_published=False)
    text = portal.anyone().get("/kopmart/sitemap.xml").text
    assert f"/kopmart/barang/{shown.public_id}</loc>" in text
    assert "/kopmart/toko/maju/toko</loc>" in text
    assert str(hidden.public_id) not in text
    rules = portal.anyone().get("/robots.txt").text
    assert "Disallow: /mykoperasi/" in rules
    assert "/kopmart/sitemap.xml" in rules
    assert 'content="noindex"' in portal.anyone().get("/kopmart/cari?q=beras").text
    assert 'content="noindex"' not in portal.anyone().get("/kopmart/").text


def test_photos_are_kept_for_ever_while_they_are_public(portal: Portal, shelf: Shelf) -> None:
    product, folder = shelf.product(), portal.app.extensions["ekopz.settings"].data
    with portal.world.transaction(shelf.actor) as session:
        name = photos.keep(session, shelf.actor, product.id, photo(300, 300), folder).stored_as
    text = portal.anyone().get(page_of(product)).text
    assert f"/kopmart/foto/{name}.webp" in text
    for one in (name, f"{name}-s"):
        answer = portal.anyone().get(f"/kopmart/foto/{one}.webp")
        assert answer.mimetype == "image/webp"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers
    with portal.world.transaction(shelf.actor) as session:
        session.execute(update(Product).values(is_published=False))
    assert portal.anyone().get(f"/kopmart/foto/{name}.webp").status_code == 404
    assert portal.as_("siti").get(f"/kopmart/foto/{name}.webp").status_code == 404


def test_a_favourite_is_kept_found_and_taken_away(portal: Portal, shelf: Shelf) -> None:
    product, agus = shelf.product(), portal.as_("agus")  # at home in the other cooperative
    assert "Simpan ke Favorit" in agus.get(page_of(product)).text
    for _ in range(2):
        assert agus.post(f"{page_of(product)}/favorit", {"simpan": "1"}).status_code == 302
    with portal.world.database.platform("test") as session:
        assert len(session.scalars(select(WishedProduct)).all()) == 1
    assert "Beras Premium" in agus.get("/kopmart/favorit").text
    assert "Beras Premium" not in portal.as_("siti").get("/kopmart/favorit").text
    assert "Hapus dari Favorit" in agus.get(page_of(product)).text
    agus.post(f"{page_of(product)}/favorit", {"simpan": "0"})
    assert "Beras Premium" not in agus.get("/kopmart/favorit").text


def test_buyers_review_what_they_have_and_nobody_else(portal: Portal, shelf: Shelf) -> None:
    product, agus = shelf.product(), portal.as_("agus")
    line = shelf.order(product, user_id(portal, "agus"))
    said = {"baris": str(line), "bintang": "5", "isi": "Pulen <b>sekali</b>"}
    assert "Kirim ulasan" in agus.get(page_of(product)).text
    assert "Kirim ulasan" not in portal.as_("siti").get(page_of(product)).text
    refused = portal.as_("siti").post(f"{page_of(product)}/ulasan", said)
    assert refused.status_code == 403
    assert "setelah pesanan barang ini Selesai" in refused.text
    wrong = agus.post(f"{page_of(product)}/ulasan", said | {"bintang": "9"})
    assert wrong.status_code == 422
    assert "pilih 1 sampai 5 bintang" in wrong.text
    assert "Pulen &lt;b&gt;" in wrong.text
    for _ in range(2):
        assert agus.post(f"{page_of(product)}/ulasan", said).status_code == 302
    with portal.world.reading(shelf.actor) as session:
        assert [(one.stars, one.body) for one in session.scalars(select(Review))] == [(5, "Pulen <b>sekali</b>")]
    text = portal.anyone().get(page_of(product)).text
    assert "Pulen &lt;b&gt;sekali" in text
    assert "A•••s" in text
    assert "Agus Tetangga" not in text
    assert "Kirim ulasan" not in agus.get(page_of(product)).text


def test_strangers_are_led_to_sign_in_and_back(portal: Portal, shelf: Shelf) -> None:
    product = shelf.product()
    assert f"/masuk?next={page_of(product)}" in portal.anyone().get(page_of(product)).text.replace("%2F", "/")
    assert portal.anyone().get("/kopmart/favorit").headers["Location"].startswith("/masuk?next=")
    for way in ("favorit", "ulasan"):
        assert portal.anyone().post(f"{page_of(product)}/{way}").status_code == 401


def test_kopmart_is_one_tap_away(portal: Portal) -> None:
    for browser, way in (
        (portal.anyone(), "/"),
        (portal.as_("siti"), "/mykoperasi/"),
        (portal.as_("siti"), "/bantuan"),
    ):
        assert 'href="/kopmart/"' in browser.get(way).text


@pytest.mark.parametrize(
    "odd", ["hal=0", "hal=-1", "hal=99999", "hal=%F0%9F%98%80", "urut=xx", "q=%00", "q=%ED%A0%80", "hal=" + "9" * 30]
)
def test_odd_questions_are_answered_calmly(portal: Portal, shelf: Shelf, odd: str) -> None:
    shelf.product()
    for way in ("", "kategori/sembako", "cari?q=beras&", "toko/maju/toko", "koperasi/maju", "favorit"):
        address = f"/kopmart/{way}{'' if '?' in way else '?'}{odd}"
        assert portal.as_("siti").get(address).status_code == 200, address


def test_the_neighbours_goods_stand_beside_ours_but_their_people_do_not(portal: Portal, shelf: Shelf) -> None:
    theirs = open_shelf(portal.world, other=True, slug="warung", name="Warung Jaya")
    shelf.product("Beras Kami")
    theirs.product("Gula Mereka")
    text = portal.as_("siti").get("/kopmart/").text
    assert "Beras Kami" in text
    assert "Gula Mereka" in text
    for word in ("Agus", "Joko", "7.000.000"):
        assert word not in text
