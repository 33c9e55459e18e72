"""Shops, goods and stock at the desk: kept by who keeps the shop, once, and nothing of another shop."""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from models.ledger import JournalEntry
from models.mart.products import Product, ProductPhoto, ProductVariant, Review, StockMovement
from models.mart.stores import ShippingZone, Store, StoreManager
from models.notifications import Notification
from tests.admin_panel.conftest import Panel
from tests.admin_panel.story import picture
from tests.journeys.addresses import FORMS

MARK = re.compile(r'name="mark"[^>]*value="([^"]+)"')


class Desk:
    """The shop of the peopled world, and what the database says of it."""

    def __init__(self, panel: Panel) -> None:
        self.panel, self.world = panel, panel.world
        self.store_id, self.goods_id = self.one(Store).id, self.one(Product).id
        self.variant_id = self.one(ProductVariant).id

    def one(self, model):
        return self.all(model)[-1]

    def all(self, model):
        with self.world.reading() as session:
            return session.scalars(select(model).order_by(model.id)).all()

    def get(self, address: str, who: object = "pengelola_toko"):
        return self.panel.as_(who).get(address)

    def post(self, address: str, who: object = "pengelola_toko", form: str = "", **changes: object):
        return self.panel.as_(who).post(address, {**FORMS.get(form or address, {}), **changes})


@pytest.fixture
def desk(peopled) -> Desk:
    return Desk(peopled)


@pytest.fixture
def office_goods(peopled, tmp_path) -> Iterator[Desk]:
    """The same, its pictures kept in the test's own folder."""
    extensions = peopled.app.extensions
    before = extensions["ekopz.settings"]
    extensions["ekopz.settings"] = replace(before, data=tmp_path)
    yield Desk(peopled)
    extensions["ekopz.settings"] = before


def test_a_shop_is_opened_kept_and_changed(desk):
    assert desk.post("/kopmin/unit/add", "bendahara", code="DUA", name="Dua").status_code == 302
    page = desk.get("/kopmin/toko/buka", "ketua").text
    unit_id = re.search(r'<option value="(\d+)">Dua</option>', page)[1]
    opened = desk.post("/kopmin/toko/buka", "ketua", unit_id=unit_id)
    again = desk.post("/kopmin/toko/buka", "ketua", unit_id=unit_id)
    assert again.status_code == 422, "the second click"
    toni = desk.world.pengelola_toko.user_id
    assert desk.post(opened.location, "ketua", user_ids=toni).status_code == 302
    made = desk.one(Store)
    assert [row.user_id for row in desk.all(StoreManager) if row.store_id == made.id] == [toni]
    shop = f"/kopmin/toko/{made.id}"
    said = {**FORMS["/kopmin/toko/<row:store_id>/ubah"], "name": "Toko Dua", "city": "Bantul"}
    assert desk.panel.as_("pengelola_toko").post(f"{shop}/ubah", {**said, "credit_limit_rp": "999"}).status_code == 302
    assert (desk.one(Store).city, desk.one(Store).credit_limit_rp) == ("Bantul", 0), "the board decides credit"
    assert desk.panel.as_("ketua").post(f"{shop}/ubah", {**said, "credit_limit_rp": "500.000"}).status_code == 302
    assert desk.panel.as_("pengelola_toko").post(f"{shop}/ubah", said).status_code == 302
    assert (desk.one(Store).credit_limit_rp, desk.one(Store).sells_to_all) == (500_000, True)
    assert desk.post(f"{shop}/zona", form="/kopmin/toko/<row:store_id>/zona").status_code == 302
    zone = f"{shop}/zona/{desk.one(ShippingZone).id}"
    assert desk.post(zone, form="/kopmin/toko/<row:store_id>/zona", fee_rp="7.500").status_code == 302
    assert "Rp 7.500" in desk.get(shop).text
    assert desk.post(f"{shop}/rekening", form="/kopmin/toko/<row:store_id>/rekening").status_code == 302
    page = desk.get(shop).text
    assert "00••••56" in page
    assert "00123456" not in page
    assert {one.title for one in desk.all(Notification)} >= {"Rekening toko Toko Dua diganti"}


def test_goods_are_added_once_priced_and_shown(desk):
    page = desk.get("/kopmin/barang/tambah").text
    assert re.search(r'name="sku"[^>]*value="B00001"', page), "a code is suggested"
    added = desk.post("/kopmin/barang/tambah", store_id=desk.store_id)
    assert desk.post("/kopmin/barang/tambah", store_id=desk.store_id).status_code == 422, "the second click"
    made, kind = desk.one(Product), desk.one(ProductVariant)
    assert (added.location, kind.price_rp, kind.low_at) == (f"/kopmin/barang/show/{made.id}", 15_000, 2)
    assert "Gula 1 kg" in desk.get(f"/kopmin/barang/show/{made.id}").text
    for _ in range(2):
        desk.post(f"/kopmin/barang/{made.id}/etalase")
    assert not desk.one(Product).is_published
    one = f"/kopmin/barang/varian/{kind.id}"
    assert 'value="15.000"' in desk.get(one).text
    dear = desk.post(one, form="/kopmin/barang/varian/<row:variant_id>", price_rp="16.000", member_price_rp="17.000")
    assert (dear.status_code, "Harga anggota" in dear.text) == (422, True)
    assert desk.post(one, form="/kopmin/barang/varian/<row:variant_id>", price_rp="16.000").status_code == 302
    assert (desk.one(Product).from_rp, desk.one(ProductVariant).name) == (16_000, "1 kg")
    assert desk.post(f"/kopmin/barang/{made.id}/ubah", form="/kopmin/barang/<row:goods_id>/ubah", name="Gula pasir")
    assert desk.one(Product).name == "Gula pasir"
    more = desk.post(
        f"/kopmin/barang/{made.id}/varian", form="/kopmin/barang/<row:goods_id>/varian", variant="2 kg", sku=""
    )
    assert (more.status_code, desk.one(ProductVariant).sku) == (302, "B00001")


def test_the_list_is_searched_and_filtered(desk):
    desk.post("/kopmin/barang/tambah", store_id=desk.store_id)
    both, rice, sugar = {"Beras", "Gula"}, {"Beras"}, {"Gula"}
    for asked, shown in (
        ("", both), ("cari=gula", sugar), ("kategori=sembako", both), ("kategori=jasa", set()), ("tampil=ya", rice),
        ("tampil=tidak", sugar), (f"toko={desk.store_id}", both), ("stok=low", both), ("stok=none", sugar),
        ("toko=999", both), ("stok=x", both),
    ):  # fmt: skip
        page = desk.get(f"/kopmin/barang/list/?{asked}").text
        assert {word for word in both if re.search(rf'show/\d+">{word}', page)} == shown, asked


def test_the_workbook_of_all_goods_has_the_headings_of_an_import(desk):
    book = load_workbook(BytesIO(desk.get("/kopmin/barang/daftar.xlsx").data))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][:3] == ("Kode", "Barcode", "Nama Barang")
    assert rows[1][0] == "BRS"
    assert (rows[1][6], rows[1][8], rows[1][9]) == (15_000, 12_000, 8)


def test_goods_come_in_and_are_paid_or_owed_once(desk):
    paid = desk.post(
        "/kopmin/stok/masuk",
        paid_from="store_cash",
        **{"lines-1-goods": "brs", "lines-1-pieces": "", "lines-1-cost": ""},
    )
    assert (paid.status_code, "Baris 2" in paid.text) == (422, True)
    for _ in range(2):
        assert desk.post("/kopmin/stok/masuk", paid_from="store_cash").status_code == 302
    kind = desk.one(ProductVariant)
    assert (kind.on_hand, kind.value_rp) == (10, 116_000)
    with desk.world.reading() as session:
        assert len(session.scalars(select(JournalEntry).where(JournalEntry.memo == "Nota")).all()) == 1
    page = desk.get(f"/kopmin/stok/kartu/{desk.variant_id}").text
    for words in ("Barang masuk", "+2", "Rp 116.000", "rata-rata Rp 11.600"):
        assert words in page, words
    wrong = desk.post("/kopmin/stok/masuk", token="other", **{"lines-0-goods": "tidak ada"})
    assert (wrong.status_code, "Baris 1: barang" in wrong.text) == (422, True)
    more = desk.post("/kopmin/stok/masuk", more="1", token="other")
    assert (more.status_code, more.text.count("Banyaknya baris")) == (200, 5)


def test_pieces_lost_are_taken_off_the_card_once(desk):
    address, form = f"/kopmin/stok/kartu/{desk.variant_id}/sesuaikan", "/kopmin/stok/kartu/<row:variant_id>/sesuaikan"
    for _ in range(2):
        assert desk.post(address, form=form, pieces="3").status_code == 302
    assert desk.one(ProductVariant).on_hand == 5
    many = desk.post(address, form=form, pieces="99", token="more")
    assert (many.status_code, "tersedia" in many.text) == (422, True)
    assert desk.post(address, form=form, reason="", token="none").status_code == 422
    assert (desk.all(StockMovement)[-1].kind, desk.all(StockMovement)[-1].value_rp) == ("adjustment", -36_000)


def test_a_count_is_shown_before_it_is_booked_once(desk):
    address = f"/kopmin/opname/{desk.store_id}"
    assert "Lembar hitung" in desk.get(address).text
    assert desk.get("/kopmin/opname/").location == address
    assert "_________" in desk.get(f"{address}/lembar").text
    moved = len(desk.all(StockMovement))
    first = {"booked_on": "2026-02-12", "token": "count", f"v-{desk.variant_id}": "6"}
    shown = desk.panel.as_("pengelola_toko").post(address, first)
    assert "Rugi selisih" in shown.text
    assert "Rp 24.000" in shown.text
    assert desk.one(ProductVariant).on_hand == 8, "looking books nothing"
    mark = MARK.search(shown.text)[1]
    kept = {"booked_on": "2026-02-12", "token": "count", "counted": f"[[{desk.variant_id},6]]", "mark": mark}
    stale = desk.panel.as_("pengelola_toko").post(address, {**kept, "mark": "x", "act": "bukukan"})
    assert "berubah sejak ditampilkan" in stale.text
    for _ in range(2):
        desk.panel.as_("pengelola_toko").post(address, {**kept, "act": "bukukan"})
    assert (desk.one(ProductVariant).on_hand, desk.one(ProductVariant).value_rp) == (6, 72_000)
    assert len(desk.all(StockMovement)) == moved + 1
    for typed, words in (("-1", "isi angka bulat"), ("", "paling sedikit satu"), ("x", "isi angka bulat")):
        answer = desk.panel.as_("pengelola_toko").post(address, {**first, f"v-{desk.variant_id}": typed})
        assert (answer.status_code, words in answer.text) == (422, True), typed
    for counted in ("x", "[[1]]", "[[999,1]]", '{"a":1}', "[" * 3000):
        answer = desk.panel.as_("pengelola_toko").post(address, {**kept, "counted": counted, "act": "bukukan"})
        assert answer.status_code in {404, 422}, counted


def test_a_review_is_answered_hidden_and_put_back(desk):
    review_id = desk.one(Review).id
    assert "Kata Siti" in desk.get("/kopmin/ulasan/").text
    desk.post(f"/kopmin/ulasan/{review_id}", form="/kopmin/ulasan/<row:review_id>")
    assert desk.one(Review).reply == "Terima kasih"
    for hidden, stars in ((True, 0), (False, 4)):
        desk.post(f"/kopmin/ulasan/{review_id}/sembunyikan")
        assert (desk.one(Review).is_hidden, desk.one(Product).stars_sum) == (hidden, stars)


def test_what_is_another_shops_is_not_there(desk):
    moved = len(desk.all(StockMovement))
    with desk.world.transaction(desk.world.ketua) as session:
        session.delete(session.scalars(select(StoreManager)).one())
    places = (
        f"toko/{desk.store_id}", f"toko/{desk.store_id}/ubah", f"toko/{desk.store_id}/rekening",
        f"barang/show/{desk.goods_id}", f"barang/{desk.goods_id}/ubah", f"barang/varian/{desk.variant_id}",
        f"stok/kartu/{desk.variant_id}", f"stok/kartu/{desk.variant_id}/sesuaikan", f"opname/{desk.store_id}",
        f"opname/{desk.store_id}/lembar", f"ulasan/{desk.one(Review).id}",
    )  # fmt: skip
    for who in ("pengelola_toko", desk.world.other_actors["pengelola_toko"]):
        for place in places:
            assert desk.get(f"/kopmin/{place}", who).status_code == 404, place
        for page in ("toko/", "barang/list/", "stok/", "ulasan/", "barang/daftar.xlsx"):
            assert b"Siti" not in desk.get(f"/kopmin/{page}", who).data
        lines = desk.post("/kopmin/stok/masuk", who, **({"lines-0-goods": "BRS"} if who == "pengelola_toko" else {}))
        assert lines.status_code in {302, 422}
    assert len(desk.all(StockMovement)) == moved


def test_a_keeper_sends_a_list_of_goods_and_sees_only_their_own(office, peopled_folder):
    assert office.panel.as_("pengelola_toko").get("/kopmin/impor/").status_code == 200
    page = office.panel.as_("pengelola_toko").get("/kopmin/impor/unggah").text
    assert "Barang toko" in page
    assert "Jurnal umum" not in page
    assert "Barang toko" not in office.panel.as_("bendahara").get("/kopmin/impor/unggah").text
    office_run = office.read(("j.csv", b"Tanggal;No Bukti;Kode Akun;Debit;Kredit\n"))
    assert office.panel.as_("pengelola_toko").get(office_run).status_code == 404
    sent = office.upload(("b.csv", b"kode;nama;harga jual\nA;Teh;5000\n"), who="pengelola_toko", kind="products")
    office.work()
    text = office.page(sent.location, "pengelola_toko")
    assert "Belum ada toko yang Anda kelola" in text
    refused = office.upload(("m.csv", b"Nama;No Anggota\nA;1\n"), who="pengelola_toko", kind="members")
    assert refused.status_code in {403, 422}


def test_photos_are_added_shown_and_taken_away(office_goods):
    desk = office_goods
    address = f"/kopmin/barang/{desk.goods_id}/foto"
    sent = {"photo": (BytesIO(picture((80, 60))), "beras.png")}
    who = desk.panel.as_("pengelola_toko")
    assert who.post(address, sent, content_type="multipart/form-data").status_code == 302
    kept = desk.one(ProductPhoto)
    assert f"/kopmart/foto/{kept.stored_as}-s.webp" in who.get(address).text
    bad = {"photo": (BytesIO(b"<svg/>"), "x.png")}
    assert who.post(address, bad, content_type="multipart/form-data").status_code == 422
    assert who.post(f"{address}/999/hapus").status_code == 404
    assert who.post(f"{address}/{kept.id}/hapus").status_code == 302
    assert kept.id not in {one.id for one in desk.all(ProductPhoto)}
