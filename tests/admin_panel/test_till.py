"""The till over the wire: sales in batches answered one by one, nobody else's shift, pages that close and undo."""

import re
import uuid

import pytest

from core.clock import now, today
from models.mart.orders import Order, OrderReturn
from models.mart.selling import TillConflict, TillShift
from services.ledger import periods
from tests.admin_panel.conftest import Panel
from tests.mart.story import Shop, shop
from tests.mart.test_qris import made as qris_text
from tests.mart.till_story import another_cashier, change_store, number_of


@pytest.fixture
def store(panel: Panel) -> Shop:
    found = shop(panel.world, credit_limit_rp=200_000)
    bendahara = found.actors["bendahara"]
    found.act(bendahara, lambda s: periods.open_year(s, bendahara, today().year))
    return found


def opened(panel: Panel, store: Shop, who=None) -> tuple[object, str]:
    """A cashier's browser with an open shift, and the shift's address."""
    browser = panel.as_(who or store.keeper)
    answer = browser.post("/kopmin/kasir/", {"store_id": store.store_id, "opening_rp": "100.000"})
    assert answer.status_code == 302, answer.text
    return browser, answer.location


def sale(*items: tuple[int, int, int], **changes) -> dict[str, object]:
    total = sum(pieces * price for _, pieces, price in items)
    return {
        "token": str(uuid.uuid4()), "barang": [list(item) for item in items], "bayar": "cash", "anggota": "",
        "diterima": total, "pada": int(now().timestamp() * 1000), "terjadi": True,
    } | changes  # fmt: skip


def send(browser, till: str, *sales, status: int = 200):
    token = browser.get(f"{till}/siapa.json").json.get("csrf", "")
    answer = browser.client.post(f"{till}/kirim", json={"penjualan": list(sales)}, headers={"X-CSRFToken": token})
    assert answer.status_code == status, answer.text
    return [one["keadaan"] for one in answer.json["penjualan"]] if status == 200 else answer


def test_a_batch_is_answered_sale_by_sale_and_booked_once(panel, store):
    browser, till = opened(panel, store)
    rice = store.variant(pieces=10)
    batch = [
        sale((rice, 1, 75_000)), sale((rice, 99, 75_000)), sale((rice, 99, 75_000), terjadi=False),
        sale((rice, 1, 75_000), bayar="qris"), sale((rice, 1.5, 75_000)), sale((rice, True, 75_000)), "x",
        sale((rice, 1, 75_000), token="x"), {"token": str(uuid.uuid4())},
    ]  # fmt: skip
    told = ["done", "waiting", "refused", "done"] + ["refused"] * 5
    assert send(browser, till, *batch) == told
    assert send(browser, till, *batch) == ["known", "waiting", "refused", "known"] + ["refused"] * 5
    assert store.card(rice) == (8, 0, 480_000)


def test_what_is_no_batch_is_refused_in_words(panel, store):
    browser, till = opened(panel, store)
    many = [sale((1, 1, 1)) for _ in range(101)]
    assert "paling banyak 100" in send(browser, till, *many, status=422).text
    token = browser.get(f"{till}/siapa.json").json["csrf"]
    for body in (b"", b"[]", b'{"penjualan": 5}', b"\xff", b"{" * 5000):
        answer = browser.client.post(
            f"{till}/kirim", data=body, headers={"X-CSRFToken": token, "Content-Type": "application/json"}
        )
        assert answer.status_code in {400, 422}, body
    assert browser.client.post(f"{till}/kirim", json={"penjualan": []}).status_code == 400, "no token of the form"


def test_another_person_on_the_device_sends_nothing_of_the_first(panel, store):
    rice = store.variant()
    _, till = opened(panel, store)
    dina = panel.as_(another_cashier(store))
    who = dina.get(f"{till}/siapa.json").json
    assert (who["mine"], who["cashier"]) == (False, "Toni Toko")
    answer = dina.client.post(
        f"{till}/kirim", json={"penjualan": [sale((rice, 1, 75_000))]}, headers={"X-CSRFToken": who["csrf"]}
    )
    assert answer.status_code == 403
    assert "milik Toni Toko" in answer.text
    assert dina.get(till).status_code == 403
    assert panel.anyone().get(f"{till}/siapa.json").status_code == 302, "signed out: the page asks to sign in"
    assert store.card(rice) == (10, 0, 600_000)


def test_prices_travel_once_until_they_change(panel, store):
    browser, till = opened(panel, store)
    rice = store.variant(member_price_rp=70_000)
    first = browser.get(f"{till}/harga.json")
    assert first.json["barang"][0][:2] == [rice, "Beras 5 kg"]
    assert first.json["barang"][0][4:] == [75_000, 70_000, []]
    again = browser.get(f"{till}/harga.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    store.variant("Minyak")
    changed = browser.get(f"{till}/harga.json", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_a_member_is_found_by_number_and_nobody_elses_is(panel, store):
    browser, till = opened(panel, store)
    siti = store.world.member()
    found = browser.get(f"{till}/anggota.json?cari={number_of(store, siti)}").json
    assert found == {"number": number_of(store, siti), "name": "Siti Aminah", "kasbon_rp": 200_000}
    for odd in ("9999", "", "%00", "%ED%A0%80", "x" * 5000):
        assert browser.get(f"{till}/anggota.json?cari={odd}").status_code == 404


def test_the_qr_asks_for_the_amount(panel, store):
    browser, till = opened(panel, store)
    change_store(store, qris=qris_text())
    drawn = browser.get(f"{till}/qris.svg?jumlah=75000")
    assert drawn.mimetype == "image/svg+xml"
    assert drawn.text.startswith("<svg xmlns")
    for odd in ("0", "99999999999", ""):
        assert browser.get(f"{till}/qris.svg?jumlah={odd}").status_code in {400, 409, 422}, odd


def test_the_page_may_use_the_camera_and_its_helper_reaches_the_till_alone(panel, store):
    browser, till = opened(panel, store)
    page = browser.get(till)
    assert page.headers["Permissions-Policy"].startswith("camera=(self)")
    assert "csrf" not in page.text, "it is kept on the device"
    worker = browser.get("/kopmin/kasir/sw.js")
    assert worker.mimetype == "text/javascript"
    assert "Service-Worker-Allowed" not in worker.headers


def test_a_shift_is_closed_with_its_sums(panel, store):
    browser, till = opened(panel, store)
    rice = store.variant()
    assert send(browser, till, sale((rice, 2, 75_000)), sale((rice, 50, 75_000))) == ["done", "waiting"]
    page = browser.get(f"{till}/tutup").text
    assert "Rp 250.000" in page
    assert "1 penjualan sebesar Rp 3.750.000 menunggu" in page
    short = browser.post(f"{till}/tutup", {"counted_rp": "240.000", "note": ""})
    assert (short.status_code, "tulis sebabnya" in short.text) == (422, True)
    for _ in range(2):
        answer = browser.post(f"{till}/tutup", {"counted_rp": "240.000", "note": "Salah kembali"})
        assert answer.status_code == 302
    assert "(Rp 10.000)" in browser.get(f"{till}/tutup").text
    with store.world.reading() as session:
        assert session.query(TillShift).one().counted_rp == 240_000


def test_a_sale_that_waits_is_tried_again_or_dropped(panel, store):
    browser, till = opened(panel, store)
    rice = store.variant(pieces=1)
    send(browser, till, sale((rice, 2, 75_000)), sale((rice, 3, 75_000)))
    page = browser.get("/kopmin/kasir/menunggu").text
    assert page.count("Coba lagi") == 2
    assert "di rak tercatat 1" in page
    first, second = re.findall(r"/kopmin/kasir/menunggu/(\d+)/coba", page)
    browser.post(f"/kopmin/kasir/menunggu/{first}/coba")
    assert "di rak tercatat 1" in browser.get("/kopmin/kasir/menunggu").text
    store.receive((rice, 1, 60_000))
    browser.post(f"/kopmin/kasir/menunggu/{first}/coba")
    assert browser.post(f"/kopmin/kasir/menunggu/{second}/hapus", {"reason": ""}).status_code == 422
    browser.post(f"/kopmin/kasir/menunggu/{second}/hapus", {"reason": "Sudah dicatat tangan"})
    with store.world.reading() as session:
        assert [kept.state for kept in session.query(TillConflict).order_by(TillConflict.id)] == ["done", "dropped"]
    assert "Tidak ada penjualan" in browser.get("/kopmin/kasir/menunggu").text


def test_a_receipt_is_printed_and_goods_come_back_once(panel, store):
    browser, till = opened(panel, store)
    rice = store.variant()
    send(browser, till, sale((rice, 2, 75_000), diterima=200_000))
    with store.world.reading() as session:
        order = session.query(Order).one()
        line_id = order.lines[0].id
    strip = browser.get(f"/kopmin/kasir/struk/{order.id}?lebar=80").text
    assert "80mm" in strip
    assert "kembali Rp 50.000" in strip
    assert "Retur" in browser.get(f"{till}/penjualan").text
    back = f"{till}/retur/{order.id}"
    token = re.search(r'name="token"[^>]*value="([^"]+)"', browser.get(back).text)[1]
    assert browser.post(back, {f"b-{line_id}": "x", "reason": "Bocor sekali", "token": token}).status_code == 422
    for _ in range(2):
        assert browser.post(back, {f"b-{line_id}": "1", "reason": "Bocor sekali", "token": token}).status_code == 302
    with store.world.reading() as session:
        assert session.query(OrderReturn).one().amount_rp == 75_000
    assert "1 kali" in browser.get(f"{till}/tutup").text
