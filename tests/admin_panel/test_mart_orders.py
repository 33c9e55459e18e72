"""Orders at the desk: one's own shops' only, each act once, money in and back as the page says."""

import re
from datetime import timedelta

import pytest

from core.clock import now
from models.mart.orders import Order, OrderPayment
from models.mart.products import ProductVariant
from models.mart.stores import Store
from services.access.sign_in import Confirmed
from services.mart import fulfilment, payments, returns, stores
from tests.admin_panel.conftest import Office
from tests.admin_panel.story import picture
from tests.mart.story import DAY, Shop, shop

LIST = "/kopmin/pesanan/list/"


class Desk(Shop):
    """Toko Maju with its panel; Siti's order waits to be packed."""

    def page(self, address: str, who: object = "pengelola_toko", status: int = 200) -> str:
        answer = self.office.panel.as_(who).get(address)
        assert answer.status_code == status, (address, answer.status_code)
        return str(answer.text)

    def post(self, address: str, who: object = "pengelola_toko", **data: object):
        return self.office.panel.as_(who).post(address, data)

    def at(self, order: Order, act: str = "") -> str:
        return f"/kopmin/pesanan/{order.id}/{act}" if act else f"/kopmin/pesanan/show/{order.id}"


@pytest.fixture
def desk(office: Office) -> Desk:
    made = shop(office.panel.world)
    desk = Desk(made.world, made.store_id, made.keeper, made.actors)
    desk.office = office
    return desk


def paid(desk: Desk, name: str = "Siti Aminah", **changes) -> Order:
    buyer, rice = desk.buyer(name), desk.variant()
    order = desk.place(buyer, (rice, 2), pay_by="savings", phone="081234567890", **changes)
    desk.pay(buyer, order)
    return order


def claimed(desk: Desk, *, name: str = "Pembeli Umum") -> tuple[Order, OrderPayment]:
    """A stranger's order with the proof of a transfer."""
    buyer, rice = desk.stranger(name), desk.variant()
    order = desk.place(buyer, (rice, 1), at=now())
    folder, proof = desk.office.data, picture((33, 44))
    said = {"sender": "BCA Umum", "proof": proof, "folder": folder, "at": now()}
    return order, desk.own(buyer, order, lambda s, o: payments.claim(s, buyer, o, **said))


def test_the_list_knows_states_numbers_and_buyers_of_ones_own_shops(desk):
    order, other = paid(desk), claimed(desk)[0]
    page = desk.page(LIST)
    assert re.search(r"Belum Bayar&nbsp;<span[^>]*>1<", page)
    assert re.search(r"Dikemas&nbsp;<span[^>]*>1<", page)
    for words, found in (("siti", order), ("T/2026/00001", order), ("1", order), ("0812345", order)):
        page = desk.page(f"{LIST}?cari={words}")
        assert (found.label in page, other.label in page) == (True, False), words
    page = desk.page(f"{LIST}?keadaan=unpaid")
    assert (order.label in page, other.label in page) == (False, True)
    assert 'name="keadaan" value="unpaid"' in page, "a search stays on its tab"
    assert "Tidak ada yang cocok" in desk.page(f"{LIST}?toko={desk.store_id}&sampai=2020-01-01")
    table = desk.office.panel.as_("pengelola_toko").get("/kopmin/pesanan/unduh.xlsx")
    assert (table.status_code, table.data[:2]) == (200, b"PK")


def test_another_shop_and_another_cooperative_are_not_there(desk):
    order, payment = claimed(desk)
    theirs = desk.world.other_actors
    for who in (theirs["pengelola_toko"], theirs["bendahara"]):
        assert order.label not in desk.page(LIST, who)
        desk.page(desk.at(order), who, 404)
    for act in ("kirim", "serahkan", "sampai", "batalkan"):
        desk.page(desk.at(order, act), theirs["pengelola_toko"], 404)
        assert desk.post(desk.at(order, act), theirs["pengelola_toko"], reason="x").status_code == 404
    for part in ("", "/bukti", "/tolak"):
        desk.page(f"/kopmin/pembayaran-pesanan/{payment.id}{part}", theirs["bendahara"], 404)
    desk.act(desk.actors["ketua"], lambda s: _nobody_keeps(s, desk))
    assert order.label not in desk.page(LIST)
    desk.page(desk.at(order), status=404)
    assert order.label in desk.page(LIST, "pengawas"), "who only looks sees every shop"
    assert "Batalkan" not in desk.page(desk.at(order), "pengawas")


def _nobody_keeps(session, desk):
    stores.set_managers(session, desk.actors["ketua"], desk.store_id, [])


def test_a_parcel_is_sent_with_its_waybill_and_arrives_once(desk):
    order = paid(desk)
    page = desk.page(desk.at(order))
    for words in ("Beras 5 kg", "Rp 150.000", "Pembayaran diterima", "wa.me/6281234567890", "Serahkan di toko"):
        assert words in page, words
    assert "Terima Rp" not in desk.page(desk.at(order, "serahkan"))
    for _ in range(2):
        assert desk.post(desk.at(order, "serahkan")).status_code == 302
    assert desk.now(order).state == "done"
    assert desk.balance() == 150_000
    desk.page(desk.at(order, "serahkan"), status=409)
    parcel = _by_courier(desk)
    ship = desk.at(parcel, "kirim")
    assert "JNE" in desk.page(ship)
    refused = desk.post(ship, courier="JNE", waybill="")
    assert (refused.status_code, "Nomor resi" in refused.text) == (422, True)
    for _ in range(2):
        assert desk.post(ship, courier="JNE", waybill="JP123").status_code == 302
    for _ in range(2):
        assert desk.post(desk.at(parcel, "sampai")).status_code == 302
    page = desk.page(desk.at(parcel))
    assert page.count("Paket sampai") == 1
    assert "JP123" in page


def _by_courier(desk: Desk) -> Order:
    order = paid(desk, "Budi")

    def done(session):
        row = session.get_one(Order, order.id)
        row.delivery, row.courier, row.address, row.city = "courier", "JNE REG", "Jl. Melati 5", "Bantul"

    desk.act(desk.keeper, done)
    return desk.now(order)


def test_cash_at_the_counter_is_named_before_it_is_taken(desk):
    order = desk.place(desk.stranger("Joko"), (desk.variant(), 1), pay_by="cash")
    assert "Terima Rp 75.000 dan serahkan" in desk.page(desk.at(order, "serahkan"))
    desk.post(desk.at(order, "serahkan"))
    assert desk.journal(f"mart:payment:{_payment(desk, order).id}")["11014", "TOKO"] == 75_000


def _payment(desk: Desk, order: Order) -> OrderPayment:
    with desk.world.reading(desk.keeper) as session:
        return payments.of_order(session, order)[0]


def test_cancelling_names_the_reason_and_the_way_of_the_money_once(desk):
    order = paid(desk)
    cancel = desk.at(order, "batalkan")
    page = desk.page(cancel)
    assert "Ke tabungan anggota" in page
    assert "Transfer dari bank" not in page, "the keeper gives back only what stays in the house"
    assert desk.post(cancel, reason="", refund="savings-1").status_code == 422
    assert desk.post(cancel, reason="Habis", refund="bank").status_code == 422
    way = re.search(r'value="(savings-\d+)"', page)[1]
    for _ in range(2):
        assert desk.post(cancel, reason="Habis", refund=way).status_code in (302, 422)
    gone = desk.now(order)
    assert (gone.state, gone.refunded_rp, gone.held_rp, gone.reason) == ("cancelled", 150_000, 0, "Habis")


def test_what_a_stranger_paid_goes_back_through_the_treasurer(desk):
    order, payment = claimed(desk)
    confirm = f"/kopmin/pembayaran-pesanan/{payment.id}"
    desk.post(confirm, "bendahara", amount_rp="75.000", on=f"{DAY}", account=_bank(desk))
    assert "Minta bendahara" in desk.page(desk.at(order, "batalkan"))
    assert desk.post(desk.at(order, "batalkan"), reason="Habis").status_code == 422
    assert desk.now(order).state == "packing"
    done = desk.post(desk.at(order, "batalkan-bendahara"), "bendahara", reason="Habis", refund="bank")
    assert done.status_code == 302
    assert desk.now(order).state == "cancelled"
    assert desk.now(order).refunded_rp == 75_000


def _bank(desk: Desk) -> int:
    with desk.world.reading() as session:
        return desk.world.account(session, "11021")


def test_a_proof_is_looked_at_then_booked_once_or_refused(desk):
    order, payment = claimed(desk)
    here = f"/kopmin/pembayaran-pesanan/{payment.id}"
    assert "Pembeli Umum" in desk.page("/kopmin/pembayaran-pesanan/", "bendahara")
    assert "BCA Umum" in desk.page(here, "bendahara")
    seen = desk.office.panel.as_("bendahara").get(f"{here}/bukti")
    assert (seen.data[:2], seen.headers["Content-Security-Policy"]) == (b"\xff\xd8", "sandbox")
    for who in ("pengelola_toko", "ketua", "petugas"):
        desk.page(f"{here}/bukti", who, 403)
    wrong = desk.post(here, "bendahara", amount_rp="74.000", on=f"{DAY}", account=_bank(desk))
    assert wrong.status_code == 422
    assert desk.now(order).state == "unpaid"
    for _ in range(2):
        desk.post(here, "bendahara", amount_rp="75.000", on=f"{DAY}", account=_bank(desk))
    assert desk.now(order).state == "packing"
    assert desk.now(order).held_rp == 75_000
    assert "Pembayaran ini diterima" in desk.page(here, "bendahara")
    assert desk.post(f"{here}/tolak", "bendahara", reason="Salah").status_code == 422
    second, proof = _second(desk)
    refuse = f"/kopmin/pembayaran-pesanan/{proof.id}/tolak"
    assert desk.post(refuse, "bendahara", reason="").status_code == 422
    assert desk.post(refuse, "bendahara", reason="Belum masuk").status_code == 302
    again = desk.now(second)
    assert (again.state, again.expires_at > now() + timedelta(minutes=50)) == ("unpaid", True)
    assert "Belum masuk" in desk.page(desk.at(second))


def _second(desk: Desk) -> tuple[Order, OrderPayment]:
    buyer = desk.stranger("Orang Kedua")
    order = desk.place(buyer, (desk.variant("Gula"), 1), at=now())
    said = {"sender": "BRI", "proof": picture((55, 66)), "folder": desk.office.data, "at": now()}
    return order, desk.own(buyer, order, lambda s, o: payments.claim(s, buyer, o, **said))


def test_money_that_came_too_late_goes_back_from_its_list(desk):
    order, payment = claimed(desk)
    desk.act(desk.keeper, lambda s: fulfilment.cancel(s, desk.keeper, order.id, reason="Habis", on=DAY))
    here = f"/kopmin/pembayaran-pesanan/{payment.id}"
    assert "sudah dibatalkan" in desk.page(here, "bendahara")
    desk.post(here, "bendahara", amount_rp="75.000", on=f"{DAY}", account=_bank(desk))
    assert order.label in desk.page("/kopmin/pembayaran-pesanan/", "bendahara")
    assert "Uang Rp 75.000 masuk" in desk.page(desk.at(order))
    back = desk.at(order, "uang-terlambat")
    for _ in range(2):
        assert desk.post(back, "bendahara", refund="bank").status_code in (302, 422)
    assert (desk.now(order).held_rp, desk.now(order).refunded_rp) == (0, 75_000)


def test_a_return_is_answered_by_line_and_refunded_once(desk):
    buyer, rice = desk.buyer(), desk.variant()
    order = desk.place(buyer, (rice, 3), pay_by="savings")
    desk.pay(buyer, order)
    desk.hand_over(order)
    line = desk.now(order).lines[0].id
    ask = {"reason": "Karung bocor", "on": DAY}
    asked = desk.own(buyer, order, lambda s, o: returns.ask(s, buyer, o, {line: 1}, token="token-aa", **ask))
    assert "Pembeli minta uang kembali" in desk.page(desk.at(order))
    here = f"/kopmin/pesanan/pengembalian/{asked.id}"
    way = re.search(r'value="(savings-\d+)"', desk.page(here))[1]
    for _ in range(2):
        assert desk.post(here, act="kembalikan", refund=way, answer="").status_code == 302
    assert desk.now(order).refunded_rp == 75_000
    assert desk.card(rice) == (7, 0, 420_000), "unticked: it is broken and stays off the shelf"
    again = desk.own(buyer, order, lambda s, o: returns.ask(s, buyer, o, {line: 1}, token="token-bb", **ask))
    here = f"/kopmin/pesanan/pengembalian/{again.id}"
    assert desk.post(here, act="tolak", refund=way, answer="").status_code == 422
    assert desk.post(here, act="tolak", refund=way, answer="Sudah dipakai").status_code == 302
    assert "Sudah dipakai" in desk.page(desk.at(order))
    assert desk.now(order).refunded_rp == 75_000


def test_home_shows_each_what_waits_for_them(desk):
    paid(desk)
    claimed(desk)
    desk.act(desk.keeper, _runs_low)
    keeper, treasurer = desk.page("/kopmin/"), desk.page("/kopmin/", "bendahara")
    for label, page, other in (
        ("Pesanan perlu dikemas", keeper, treasurer), ("Barang menipis", keeper, treasurer),
        ("Bukti bayar pesanan", treasurer, keeper),
    ):  # fmt: skip
        assert f"{label}</strong><b>1</b>" in page, label
        assert label not in other, label
    assert "Pesanan perlu dikemas" not in desk.page("/kopmin/", "petugas")


def _runs_low(session) -> None:
    kind = session.query(ProductVariant).order_by(ProductVariant.id).first()
    kind.low_at = 20


def test_kasbon_is_found_and_paid_at_the_desk_once(desk):
    buyer = desk.buyer()
    desk.act(desk.actors["ketua"], lambda s: setattr(s.get_one(Store, desk.store_id), "credit_limit_rp", 500_000))
    order, sure = desk.place(buyer, (desk.variant(), 2), pay_by="credit"), Confirmed(buyer.user_id)
    desk.own(buyer, order, lambda s, o: payments.by_credit(s, buyer, o, confirmed=sure, on=DAY))
    assert "Rp 150.000" in desk.page("/kopmin/kasbon/")
    assert "Terima<" not in desk.page("/kopmin/kasbon/"), "the keeper only looks"
    assert "cocok" in desk.page("/kopmin/kasbon/loket?cari=Budi", "petugas")
    link = re.search(r"/kopmin/kasbon/\d+/bayar", desk.page("/kopmin/kasbon/loket?cari=siti", "petugas"))[0]
    token = re.search(r'name="token"[^>]*value="([^"]+)"', desk.page(link, "petugas"))[1]
    said = {"amount_rp": "100.000", "on": f"{DAY}", "cash": "cash", "token": token}
    for _ in range(2):
        assert desk.post(link, "petugas", **said).status_code == 302
    assert "Rp 50.000" in desk.page("/kopmin/kasbon/loket", "petugas")
    assert desk.post(link, "petugas", **(said | {"token": "another-token"})).status_code == 422
    desk.page(link, desk.world.other_actors["petugas"], 404)
    assert "Semua kasbon sudah dibayar" in desk.page("/kopmin/kasbon/loket", desk.world.other_actors["petugas"])


def test_papers_of_orders_are_printed_for_ones_own_shops(desk):
    order = paid(desk)
    for address in (desk.at(order, "faktur.pdf"), desk.at(order, "label.pdf"), "/kopmin/pesanan/label.pdf",
                    f"/kopmin/pesanan/daftar-kemas.pdf?toko={desk.store_id}"):  # fmt: skip
        answer = desk.office.panel.as_("pengelola_toko").get(address)
        assert (answer.status_code, answer.data[:4]) == (200, b"%PDF"), address
    theirs = desk.world.other_actors["pengelola_toko"]
    desk.page(desk.at(order, "faktur.pdf"), theirs, 404)
    desk.page("/kopmin/pesanan/label.pdf", theirs, 409)
