"""Langganan in Kopmin and on the operator's desk, by their pages."""

import re
from datetime import timedelta
from io import BytesIO

import pytest

from core.clock import today
from models.coops import Coop
from models.subscriptions import DiscountCode, Plan, Subscription, SubscriptionInvoice, SubscriptionPayment
from services.mart.ports import configured
from services.subscriptions import chores, terms
from tests.admin_panel.story import picture
from tests.mart.servers import notice

pytest_plugins = ["tests.mart.peers"]
CHOOSE = "/kopmin/langganan/pilih"
FIELD = re.compile(r'name="(seen_rp|token)" value="([^"]*)"')


@pytest.fixture
def trial(panel):
    """Our cooperative on the first day of its trial."""
    with panel.world.database.platform("test", writes=True) as session:
        terms.start_trial(session, panel.world.coop.id, plan_code="maju", on=today(), user_id=panel.world.ketua.user_id)
    return panel


def move(panel, **changes):
    """Another day, without waiting for it."""
    with panel.world.database.platform("test", writes=True) as session:
        held = session.query(Subscription).one()
        for name, value in changes.items():
            setattr(held, name, value)
    chores.run(panel.world.database, panel.world.coop, today(), None)


def chosen(browser, asked="?paket=maju&masa=month"):
    page = browser.get(CHOOSE + asked).text
    answer = browser.post(CHOOSE + asked, dict(FIELD.findall(page)))
    assert answer.status_code == 302, answer.text
    return answer.location


def sent(browser, address, **changes):
    data = {"paid_on": today().isoformat(), "bank": "BRI Budi", "token": "bukti-satu"} | changes
    proof = {"proof": (BytesIO(picture()), "bukti.png")}
    return browser.post(address, data | proof, content_type="multipart/form-data")


def held(panel, model):
    with panel.world.database.platform("test") as session:
        return session.query(model).all()


def test_from_the_price_to_the_operators_yes(trial):
    payer, operator = trial.as_("bendahara"), trial.as_("operator_platform")
    page = payer.get("/kopmin/langganan/").text
    assert "Masa coba gratis sampai" in page
    assert "Hari-hari yang masih tersisa tetap Anda pakai" in payer.get(CHOOSE + "?paket=maju").text
    assert "dari 2.500" in page
    address = chosen(payer)
    assert "Paket Maju, 1 bulan" in payer.get(address).text
    assert payer.get(f"{address}/tagihan.pdf").data.startswith(b"%PDF")
    for _ in range(2):
        assert sent(payer, address).status_code == 302
    assert "menunggu dicocokkan" in payer.get(address).text
    (payment,) = held(trial, SubscriptionPayment)
    desk = f"/platform/langganan/pembayaran/{payment.id}"
    assert "Koperasi Maju Bersama" in operator.get("/platform/langganan/").text
    assert "tagihannya Rp 599.000" in operator.post(desk, {"amount_rp": "1.000"}).text
    for _ in range(2):
        assert operator.post(desk, {"amount_rp": "599.000"}).status_code == 302
    assert "Sudah dibayar sampai" in payer.get("/kopmin/langganan/").text
    assert "Tidak ada bukti transfer" in operator.get("/platform/langganan/").text
    assert [one.state for one in held(trial, SubscriptionInvoice)] == ["paid"]


def test_a_refused_proof_is_told_with_its_reason(trial):
    payer, operator = trial.as_("bendahara"), trial.as_("operator_platform")
    address = chosen(payer)
    sent(payer, address)
    desk = f"/platform/langganan/pembayaran/{held(trial, SubscriptionPayment)[0].id}"
    assert operator.post(f"{desk}/tolak", {"reason": ""}).status_code == 422
    operator.post(f"{desk}/tolak", {"reason": "Bukti terpotong"})
    assert "Bukti terpotong" in payer.get(address).text
    assert sent(payer, address, token="bukti-dua").status_code == 302


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("?paket=rintisan", "memuat 3 pengguna"),
        ("?paket=maju&kode=TIDAKADA", "tidak dikenal"),
        ("?paket=maju&kode=" + "x" * 30, "20"),
        ("?paket=%00&masa=abad", "Rintisan"),
    ],
)
def test_an_odd_choice_is_answered_in_words(trial, asked, says):
    answer = trial.as_("bendahara").get(CHOOSE + asked)
    assert answer.status_code == 200
    assert says in answer.text


def test_another_price_than_was_seen_chooses_nothing(trial):
    payer = trial.as_("bendahara")
    for seen in ("1", "-5", "abc", ""):
        answer = payer.post(f"{CHOOSE}?paket=maju&masa=month", {"seen_rp": seen, "token": "x"})
        assert answer.status_code == 422, seen
    assert held(trial, SubscriptionInvoice) == []


def test_who_only_looks_has_no_buttons(trial):
    address = chosen(trial.as_("bendahara"))
    looking = trial.as_("sekretaris")
    assert "Pilih<span" not in looking.get("/kopmin/langganan/").text
    assert "Kirim bukti" not in looking.get(address).text
    assert looking.get(CHOOSE).status_code == 403
    assert trial.as_("petugas").get("/kopmin/langganan/").status_code == 403
    assert sent(looking, address).status_code == 403


def test_the_notice_stands_above_every_page_when_it_is_time(trial):
    payer, clerk = trial.as_("bendahara"), trial.as_("petugas")
    assert "Buka Langganan" not in payer.get("/kopmin/").text
    move(trial, trial_ends_on=today() + timedelta(days=3))
    assert "4 hari lagi" in payer.get("/kopmin/").text
    assert "Beri tahu bendahara atau ketua" in clerk.get("/kopmin/").text
    move(trial, trial_ends_on=today() - timedelta(days=3))
    assert "Belum dibayar" in payer.get("/kopmin/").text


def test_read_only_books_are_read_exported_and_paid_for(trial):
    move(trial, trial_ends_on=today() - timedelta(days=40))
    payer, operator = trial.as_("bendahara"), trial.as_("operator_platform")
    assert "Buku hanya dapat dibaca" in payer.get("/kopmin/").text
    assert payer.get("/kopmin/laporan/balance-sheet").status_code == 200
    assert payer.get("/kopmin/anggota/unduh.xlsx").status_code == 200
    refused = payer.get("/kopmin/simpanan/setor")
    assert refused.status_code == 403
    assert "hanya dapat dibaca dan diunduh" in refused.text
    clerk, typed = trial.as_("petugas"), {"name": "Pak Baru", "address": "Jalan Panjang 12"}
    caught = clerk.post("/kopmin/anggota/daftar", typed)
    kept = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', caught.text))
    assert (caught.status_code, kept.items() >= typed.items()) == (403, True)
    assert ("Buka Langganan" in refused.text, "Buka Langganan" in caught.text) == (True, False)
    sent(payer, chosen(payer))
    payment = held(trial, SubscriptionPayment)[0]
    operator.post(f"/platform/langganan/pembayaran/{payment.id}", {"amount_rp": "599.000"})
    assert payer.get("/kopmin/simpanan/setor").status_code == 200
    assert clerk.post("/kopmin/anggota/daftar", kept).status_code == 302  # what was typed when the books closed
    assert held(trial, Coop)[0].read_only_since is None


def test_without_a_subscription_there_are_no_limits(panel):
    assert "tanpa langganan" in panel.as_("bendahara").get("/kopmin/langganan/").text
    assert "tidak ditemukan" in panel.as_("bendahara").get(CHOOSE).text


def test_online_is_not_offered_without_the_service(trial):
    payer = trial.as_("bendahara")
    address = chosen(payer)
    assert "Bayar online" not in payer.get(address).text
    answer = payer.post(f"{address}/online")
    assert answer.location == f"{address}#bayar"
    assert "Pembayaran online tidak tersedia" in payer.get(address).text


def test_paid_online_by_the_door_that_orders_share(trial, midtrans, midtrans_server, monkeypatch):
    monkeypatch.setattr(configured, "_midtrans", midtrans)
    payer, door = trial.as_("bendahara"), trial.anyone().client
    address = chosen(payer)
    assert payer.post(f"{address}/online").location == f"{address}#bayar"  # browsers follow a form nowhere outside
    assert f'href="{midtrans_server.url}/snap/' in payer.get(address).text
    (payment,) = held(trial, SubscriptionPayment)
    assert payment.reference.startswith("EKZ-")
    forged = notice(payment.reference, 599_000, key="SB-somebody-else")
    assert door.post("/kopmart/pembayaran/midtrans", json=forged).status_code == 403
    told = midtrans_server.known[payment.reference] = notice(payment.reference, 599_000)
    for _ in range(2):
        assert door.post("/kopmart/pembayaran/midtrans", json=told).json == {"state": "paid"}
    assert "lunas" in payer.get(address).text
    assert midtrans_server.url not in payer.get(address).text
    assert door.post("/kopmart/pembayaran/midtrans", json=notice("EKZ-1-9-9", 599_000)).status_code == 404


def test_the_operator_changes_plans_and_codes(trial):
    operator, soon = trial.as_("operator_platform"), today().isoformat()
    plan = next(one for one in held(trial, Plan) if one.code == "maju")
    wanted = {"name": "Maju", "pitch": "x", "monthly_rp": "650.000", "yearly_rp": "6.500.000", "members": "3000",
              "users": "", "stores": "0", "features": "Satu\n\nDua", "is_offered": "y"}  # fmt: skip
    assert operator.post(f"/platform/paket/{plan.id}", wanted).status_code == 422
    assert operator.post(f"/platform/paket/{plan.id}", wanted | {"stores": ""}).status_code == 302
    changed = next(one for one in held(trial, Plan) if one.code == "maju")
    assert (changed.monthly_rp, changed.limits, changed.features) == (650_000, {"members": 3000}, ["Satu", "Dua"])
    code = {"code": "hemat", "percent": "10", "starts_on": soon, "ends_on": soon, "invoices": "1", "plan_id": "0"}
    for odd in ({"percent": ""}, {"percent": "101"}, {"off_rp": "5.000"}, {"code": "a b"}, {"ends_on": "2020-01-01"},
                {"plan_id": "99"}, {"quota": "-1"}):  # fmt: skip
        assert operator.post("/platform/diskon/buat", code | odd).status_code == 422, odd
    assert operator.post("/platform/diskon/buat", code).status_code == 302
    assert operator.post("/platform/diskon/buat", code).status_code == 422
    (made,) = held(trial, DiscountCode)
    assert operator.post(f"/platform/diskon/{made.id}", code | {"percent": "20"}).status_code == 302
    assert held(trial, DiscountCode)[0].percent == 20


def test_the_operator_gives_more_time_with_a_reason(trial):
    operator, until = trial.as_("operator_platform"), today() + timedelta(days=45)
    address = f"/platform/koperasi/{trial.world.coop.id}/perpanjang"
    for odd in ({"until": "2020-01-01", "reason": "x"}, {"until": until.isoformat(), "reason": ""}):
        assert operator.post(address, odd).status_code == 422
    assert operator.post(address, {"until": until.isoformat(), "reason": "Menunggu rapat"}).status_code == 302
    assert held(trial, Subscription)[0].trial_ends_on == until
    assert operator.get(f"/platform/koperasi/{trial.world.other.id}/perpanjang").status_code == 404
    assert trial.as_("redaktur").get(address).status_code == 403
