"""Payments that lie with the payment service: seen beside the books, paid out once, asked about again."""

import json

import pytest

from models.ledger import JournalEntry
from models.mart.orders import OrderPayment
from services.mart import gateway
from services.mart.ports import configured
from services.mart.ports.midtrans import Midtrans
from tests.admin_panel.conftest import Panel
from tests.mart.servers import notice
from tests.mart.story import NOW, shop

pytest_plugins = ["tests.mart.peers"]
HOME = "/kopmin/pembayaran-online/"
PAYOUT = {"received_on": "2026-02-12", "fee_rp": "1.500", "token": "payout-1"}


@pytest.fixture
def references(panel: Panel, midtrans: Midtrans, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two orders of Rp 75.000 at the service; the first is paid there and here, the second there only."""
    monkeypatch.setattr(configured, "_midtrans", midtrans)
    store = shop(panel.world)
    buyer, rice = store.stranger(), store.variant(price_rp=75_000)
    for _ in range(2):
        order = store.place(buyer, (rice, 1), pay_by="gateway")
        gateway.begin(panel.world.database, buyer, order.public_id, midtrans, finish_url="https://k.id", at=NOW)
    with panel.world.reading() as session:
        found = [one.reference for one in session.query(OrderPayment).order_by(OrderPayment.id)]
    gateway.receive(panel.world.database, notice_of(midtrans, found[0]), None, at=NOW)
    return found


def notice_of(midtrans: Midtrans, reference: str):
    return midtrans.read_notice(json.dumps(notice(reference, 75_000)).encode())


def bank(panel: Panel) -> int:
    with panel.world.reading() as session:
        return panel.world.account(session, "11021")


def payouts(panel: Panel) -> int:
    with panel.world.reading() as session:
        return session.query(JournalEntry).filter(JournalEntry.source.like("mart:settlement:%")).count()


def test_a_days_payments_stand_beside_the_books(panel, references):
    page = panel.as_("bendahara").get(f"{HOME}?tanggal=2026-02-10").text
    assert "Dibayar pembeli 10 Februari 2026" in page
    assert page.count("Rp 75.000") >= 5
    assert references[0] in page
    assert 'role="alert"' not in page
    for odd in ("?tanggal=2026-02-30", "?tanggal=x", "?tanggal="):
        assert panel.as_("bendahara").get(HOME + odd).status_code == 200


def test_a_payout_is_booked_once_however_often_it_is_sent(panel, references):
    clerk = panel.as_("bendahara")
    form = clerk.get(f"{HOME}cairkan").text
    assert form.count('name="payment"') == 1
    for _ in range(2):
        answer = clerk.post(f"{HOME}cairkan", {**PAYOUT, "account": bank(panel), "payment": "1"})
        assert answer.location == HOME
    assert payouts(panel) == 1
    page = clerk.get(HOME).text
    assert "Pencairan 1 pembayaran dibukukan, biaya Rp 1.500." in page
    assert "Semua pembayaran sudah dicairkan." in page


def test_a_refused_payout_keeps_what_was_typed(panel, references):
    clerk, account = panel.as_("bendahara"), bank(panel)
    for change, why in (
        ({"payment": "2"}, "Pembayaran tidak ditemukan"), ({"payment": "x"}, "pilih 1 sampai"),
        ({"fee_rp": "75.000"}, "kurang dari Rp 75.000"), ({"received_on": "2026-02-01"}, "lebih awal"),
        ({"fee_rp": ""}, "fee_rp"),
    ):  # fmt: skip
        answer = clerk.post(f"{HOME}cairkan", {**PAYOUT, "account": account, "payment": "1", **change})
        assert (answer.status_code, why in answer.text) == (422, True), change
    assert payouts(panel) == 0


def test_a_lost_notice_is_asked_for_at_the_desk(panel, references, midtrans_server):
    clerk = panel.as_("bendahara")
    assert "Tanyakan lagi" in clerk.get(HOME).text
    clerk.post(f"{HOME}tanya", {"reference": references[1]})
    assert f"{references[1]}: menunggu." in clerk.get(HOME).text
    midtrans_server.known[references[1]] = notice(references[1], 75_000)
    clerk.post(f"{HOME}tanya", {"reference": references[1]})
    assert f"{references[1]}: diterima." in clerk.get(HOME).text
    midtrans_server.mood = 500
    clerk.post(f"{HOME}tanya", {"reference": references[1]})
    assert "sedang tidak dapat dihubungi" in clerk.get(HOME).text


def test_only_who_minds_the_money_and_only_of_their_cooperative(panel, references, midtrans_server):
    for who in ("petugas", "ketua", "pengelola_toko", "pengawas"):
        assert panel.as_(who).get(HOME).status_code == 403
        assert panel.as_(who).post(f"{HOME}tanya", {"reference": references[1]}).status_code == 403
    neighbour = panel.as_(panel.world.other_actors["bendahara"])
    assert references[0] not in neighbour.get(HOME).text
    midtrans_server.known[references[1]] = notice(references[1], 75_000)
    asked = len(midtrans_server.asked)
    neighbour.post(f"{HOME}tanya", {"reference": references[1]})
    assert "Pembayaran tidak ditemukan" in neighbour.get(HOME).text
    assert len(midtrans_server.asked) == asked
    assert neighbour.post(f"{HOME}cairkan", {**PAYOUT, "account": bank(panel), "payment": "1"}).status_code == 422
    assert payouts(panel) == 0
