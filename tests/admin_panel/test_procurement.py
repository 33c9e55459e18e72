"""Procurement in Kopmin: from what is needed to what is paid, each screen by the person whose turn it is."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from models.procurement import PurchaseOrder, PurchaseRequest, Quotation, Supplier, SupplierBill, SupplierPayment
from services.procurement import queries
from tests.admin_panel.conftest import Office
from tests.procurement.story import DAY, NEXT, Buying

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
REQUESTS, ORDERS = "/kopmin/permintaan-pengadaan", "/kopmin/pesanan-pembelian"


class Desk(Buying):
    """A shop that buys, and browsers of its people."""

    def __init__(self, office: Office) -> None:
        super().__init__(office.panel.world)
        self.panel = office.panel

    def get(self, address: str, who: object = "bendahara"):
        return self.panel.as_(who).get(address)

    def post(self, address: str, who: object = "bendahara", **data: object):
        return self.panel.as_(who).post(address, data)

    def last(self, model: type):
        with self.world.reading() as session:
            return session.query(model).order_by(model.id.desc()).first()

    def request_lines(self, request_id: int) -> list[int]:
        with self.world.reading() as session:
            return [line.id for line in session.get_one(PurchaseRequest, request_id).lines]


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


def test_a_purchase_goes_through_the_panel(desk):
    asked = {"title": "Isi ulang", "asked_on": DAY, "token": "a", "lines-0-name": "Beras [beras]",
             "lines-0-quantity": "10", "lines-0-estimate": "11.000", "lines-1-name": "Plastik",
             "lines-1-quantity": "2", "lines-1-unit_name": "pak"}  # fmt: skip
    form = desk.get(f"{REQUESTS}/buat", "pengelola_toko").text
    assert "Untuk Toko Maju" in form, "a keeper of one shop is not asked which"
    assert 'value="Beras [beras]"' in form
    assert "Madu" not in form, "goods left for sale are not bought"
    shown = desk.post(f"{REQUESTS}/buat", "pengelola_toko", **asked)
    assert desk.post(f"{REQUESTS}/buat", "pengelola_toko", **asked).location == shown.location, "the second click"
    request = desk.last(PurchaseRequest)
    rice, bags = desk.request_lines(request.id)
    for supplier, price in ((desk.dear, "12.000"), (desk.cheap, "10.000")):
        quote = {"supplier_id": supplier, "quoted_on": DAY, "token": f"q{supplier}", f"price-{rice}": price,
                 f"price-{bags}": "5.000"}  # fmt: skip
        assert desk.post(f"{REQUESTS}/{request.id}/penawaran", "pengelola_toko", **quote).status_code == 302
    page = desk.get(shown.location).text
    assert page.index("CV Murah") < page.index("PT Mahal"), "the cheapest first"
    assert page.count("termurah</span>") == 1
    assert "Rp 110.000" in page
    cheap = desk.last(Quotation)
    order = {"ordered_on": DAY, "token": "o", "deliver_to": "Toko Maju"}
    refused = desk.post(f"{REQUESTS}/penawaran/{cheap.id}/pilih", **order)
    assert (refused.status_code, "Plastik: pilih dicatat sebagai apa" in refused.text) == (422, True)
    order[f"account-{bags}"] = desk.account("1118")
    made = desk.post(f"{REQUESTS}/penawaran/{cheap.id}/pilih", **order)
    order_id = desk.last(PurchaseOrder).id
    assert "Menunggu persetujuan pengurus lain" in desk.get(made.location).text
    assert "Pesanan menunggu persetujuan</strong><b>1</b>" in desk.get("/kopmin/", "ketua").text
    assert ">Setujui</button>" in desk.get(made.location, "ketua").text
    desk.post(f"{ORDERS}/{order_id}/putuskan", "ketua", answer="setuju")
    first, second = (line.id for line in desk.lines(order_id))
    came = {"received_on": NEXT, "token": "c", f"came-{first}": "10", f"came-{second}": "2"}
    assert desk.post(f"{ORDERS}/{order_id}/terima", "pengelola_toko", **came).status_code == 302
    assert desk.stock() == (10, 100_000)
    _bill_and_pay(desk, order_id)


def _bill_and_pay(desk: Desk, order_id: int) -> None:
    with desk.world.reading() as session:
        lines = [one.id for one in queries.to_bill(session, order_id)]
    bill = {"reference": "F-1", "billed_on": NEXT, "booked_on": NEXT, "token": "b", "line": lines,
            f"billed-{lines[0]}": "99.000", f"billed-{lines[1]}": "10.000", "vat_rp": "11.000"}  # fmt: skip
    shown = desk.post(f"{ORDERS}/{order_id}/tagihan", **bill).text
    assert "(Rp 1.000)" in shown, "the difference before anything is booked"
    assert desk.last(SupplierBill) is None
    mark = re.search(r'name="act" value="(\w+)"', shown)[1]
    changed = desk.post(f"{ORDERS}/{order_id}/tagihan", **{**bill, "act": mark, "vat_rp": "0"})
    assert (changed.status_code, desk.last(SupplierBill)) == (200, None), "only what was seen is booked"
    done = desk.post(f"{ORDERS}/{order_id}/tagihan", **bill, act=mark)
    assert desk.post(f"{ORDERS}/{order_id}/tagihan", **bill, act=mark).location == done.location, "the second click"
    kept = desk.last(SupplierBill)
    assert (kept.total_rp, kept.difference_rp, kept.vat_rp) == (120_000, -1_000, 11_000)
    assert "Tagihan pemasok</strong><b>1</b>" in desk.get("/kopmin/").text
    money = {"amount_rp": "120.000", "paid_on": NEXT, "account": desk.account("11021"), "token": "p"}
    too_much = desk.post(f"{ORDERS}/tagihan/{kept.id}/bayar", **{**money, "amount_rp": "120.001"})
    assert (too_much.status_code, "Bayar paling banyak" in too_much.text) == (422, True)
    desk.post(f"{ORDERS}/tagihan/{kept.id}/bayar", **money)
    desk.post(f"{ORDERS}/tagihan/{kept.id}/bayar", **money)
    with desk.world.reading() as session:
        assert session.query(SupplierPayment).count() == 1
    page = desk.get(f"{ORDERS}/show/{order_id}").text
    assert "Selesai</span>" in page
    assert "11021" in page


def test_the_order_is_printed_as_the_supplier_gets_it(desk):
    order_id = desk.ordered(due_on=NEXT, deliver_to="Jl. Mawar 1")
    answer = desk.get(f"{ORDERS}/{order_id}/cetak", "pengelola_toko")
    text = PdfReader(BytesIO(answer.data)).pages[0].extract_text()
    for words in ("PO/2026/00001", "CV Murah", "Beras", "100.000", "10 Maret 2026", "Jl. Mawar 1", "Koperasi Maju"):
        assert words in text, words
    assert "BELUM BERLAKU" not in text
    waiting = desk.choose(desk.quote(desk.ask(), desk.cheap, 10_000)).id
    text = PdfReader(BytesIO(desk.get(f"{ORDERS}/{waiting}/cetak").data)).pages[0].extract_text()
    assert "BELUM BERLAKU" in text


def test_papers_are_kept_and_a_pdf_is_only_downloaded(desk):
    order_id = desk.ordered()
    sent = {"kind": "contract", "label": "SPK 7", "paper": (BytesIO(PDF), "../spk.pdf")}
    desk.post(f"{ORDERS}/{order_id}/dokumen", **sent)
    page = desk.get(f"{ORDERS}/show/{order_id}").text
    address = re.search(rf"{ORDERS}/dokumen/\d+", page)[0]
    answer = desk.get(address)
    assert (answer.data, answer.mimetype) == (PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert desk.get(address, desk.world.other_actors["bendahara"]).status_code == 404
    bad = desk.post(f"{ORDERS}/{order_id}/dokumen", kind="bill", paper=(BytesIO(b"MZ"), "x.pdf"))
    assert bad.status_code == 422


def test_an_advance_and_a_mistake_taken_back(desk):
    order_id = desk.ordered()
    money = {"amount_rp": "30.000", "paid_on": NEXT, "account": desk.account("11021"), "token": "um"}
    assert "Rp 100.000" in desk.get(f"{ORDERS}/{order_id}/uang-muka").text
    desk.post(f"{ORDERS}/{order_id}/uang-muka", **money)
    back = {**money, "amount_rp": "10.000", "token": "back"}
    desk.post(f"{ORDERS}/{order_id}/uang-muka-kembali", **back)
    assert "Rp 20.000" in desk.get(f"{ORDERS}/show/{order_id}").text
    refund = desk.last(SupplierPayment)
    undo = {"booked_on": NEXT, "reason": "Salah catat"}
    assert desk.post(f"{ORDERS}/pembayaran/{refund.id}/batal", **undo).status_code == 403, "a second person's right"
    desk.post(f"{ORDERS}/pembayaran/{refund.id}/batal", "ketua", **undo)
    receipt = desk.receive(order_id, 10)
    bill = desk.bill(order_id)
    desk.post(f"{ORDERS}/tagihan/{bill.id}/batal", **undo)
    desk.post(f"{ORDERS}/penerimaan/{receipt.id}/batal", "pengelola_toko", **undo)
    page = desk.get(f"{ORDERS}/show/{order_id}").text
    assert page.count("(dibatalkan)") == 2
    assert desk.stock() == (0, 0)


def test_an_order_is_refused_called_off_or_finished_with_a_reason(desk):
    order = desk.choose(desk.quote(desk.ask(), desk.cheap, 10_000))
    desk.post(f"{ORDERS}/{order.id}/putuskan", "ketua", answer="tolak")
    assert desk.row(PurchaseOrder, order.id).state == "asked", "no reason"
    desk.post(f"{ORDERS}/{order.id}/putuskan", "ketua", answer="tolak", note="Mahal")
    assert desk.row(PurchaseOrder, order.id).ended_note == "Mahal"
    off = desk.ordered()
    desk.post(f"{ORDERS}/{off}/batalkan", reason="Stok masih ada")
    assert desk.row(PurchaseOrder, off).state == "cancelled"
    short = desk.ordered()
    desk.receive(short, 4)
    desk.pay(desk.bill(short).id, 40_000)
    desk.post(f"{ORDERS}/{short}/selesaikan", reason="Sisanya kosong")
    assert desk.row(PurchaseOrder, short).state == "closed"


def test_lists_are_sought_and_exported_and_hold_only_what_a_keeper_keeps(desk):
    shop, office = desk.ordered(), desk.serviced()
    everything = desk.get(f"{ORDERS}/list/").text
    assert f"show/{shop}" in everything
    assert f"show/{office}" in everything
    keeper = desk.get(f"{ORDERS}/list/", "pengelola_toko").text
    assert f"show/{shop}" in keeper
    assert f"show/{office}" not in keeper
    assert desk.get(f"{ORDERS}/show/{office}", "pengelola_toko").status_code == 404
    assert f"show/{shop}" not in desk.get(f"{ORDERS}/list/?cari=Tidak+ada").text
    for address in (ORDERS, REQUESTS, "/kopmin/tagihan-pemasok", "/kopmin/pemasok"):
        assert desk.get(f"{address}/unduh.xlsx").status_code == 200, address
        assert desk.get(f"{address}/list/", desk.world.other_actors["bendahara"]).status_code == 200
    theirs = desk.get("/kopmin/pemasok/list/", desk.world.other_actors["bendahara"]).text
    assert "CV Murah" not in theirs
    assert "Belum ada pemasok" in theirs


def test_a_supplier_is_written_down_and_changed(desk):
    desk.post("/kopmin/pemasok/add", name="UD Jaya", phone="0812", is_active="y")
    supplier = desk.last(Supplier)
    assert (supplier.name, supplier.phone, supplier.is_active) == ("UD Jaya", "0812", True)
    desk.post(f"/kopmin/pemasok/edit/{supplier.id}", name="UD Jaya", phone="0813")
    supplier = desk.last(Supplier)
    assert (supplier.phone, supplier.is_active) == ("0813", False)
    again = desk.post("/kopmin/pemasok/add", name="UD Jaya", is_active="y")
    assert (again.status_code, "sudah ada di daftar" in again.text) == (422, True)


def test_odd_numbers_are_refused_with_a_sentence(desk):
    asked = {"title": "x", "asked_on": DAY, "token": "a", "lines-0-name": "Beras [beras]"}
    for quantity in ("-1", "1,5", "satu", "9" * 30, "٣"):
        answer = desk.post(f"{REQUESTS}/buat", "pengelola_toko", **asked, **{"lines-0-quantity": quantity})
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True), quantity
    more = desk.post(f"{REQUESTS}/buat", "pengelola_toko", **asked, more="1")
    assert 'name="lines-5-name"' in more.text
    assert 'value="Beras [beras]"' in more.text
