"""Tabungan: asking for money once, taking it back, seeing how it goes; and time deposits."""

import re
from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from core.clock import today
from models.savings import WithdrawalRequest
from services.savings import products, requests
from tests.deposits.story import offer, placed
from tests.member_portal.conftest import Browser, Portal

FORM = "/mykoperasi/tabungan/tarik"


def wish(portal: Portal, **changes: object) -> dict[str, object]:
    product_id = portal.world.product("voluntary")
    usual = {"jenis": product_id, "jumlah": "400.000", "tujuan": "BRI 0012", "catatan": "Sekolah", "token": "w1"}
    return usual | changes


def kept(portal: Portal) -> list[WithdrawalRequest]:
    with portal.world.reading() as session:
        return session.query(WithdrawalRequest).order_by(WithdrawalRequest.id).all()


def asked(portal: Portal, browser: Browser, **changes: object) -> int:
    assert browser.post(FORM, wish(portal, **changes)).status_code == 302
    return kept(portal)[-1].id


def decided(portal: Portal, request_id: int, reason: str = "") -> None:
    with portal.world.transaction(portal.world.ketua) as session:
        if reason:
            requests.reject(session, portal.world.ketua, request_id, reason=reason)
        else:
            requests.approve(session, portal.world.ketua, request_id)


def paid(portal: Portal, request_id: int, proof: str | None = None) -> None:
    with portal.world.transaction() as session:
        requests.pay(session, portal.world.bendahara, request_id, paid_on=date(2026, 3, 9), proof_file=proof)


def test_tabungan_shows_what_is_saved_what_is_free_and_each_month(portal: Portal) -> None:
    browser = portal.as_("siti")
    text = browser.get("/mykoperasi/tabungan").text
    assert "Tabungan sukarela" in text
    assert text.index("Februari 2026") > text.index("Maret 2026")
    for figure in ("Rp 750.000", "Rp 1.000.000", "Rp 250.000"):
        assert figure in text
    asked(portal, browser)
    assert re.search(r"Dapat ditarik</dt><dd>.*Rp 350.000", browser.get("/mykoperasi/tabungan").text)


def test_a_double_click_asks_once(portal: Portal) -> None:
    browser = portal.as_("siti")
    form = wish(portal)
    assert [browser.post(FORM, form).status_code for _ in range(2)] == [302, 302]
    (request,) = kept(portal)
    assert (request.amount_rp, request.pay_to, request.note) == (400_000, "BRI 0012", "Sekolah")
    assert request.asked_on == today()
    assert "Diproses" in browser.get("/mykoperasi/tabungan").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"jumlah": "900.000"}, "Rp 750.000"),
        ({"jumlah": "0"}, "di atas nol"),
        ({"jumlah": "-5"}, "di atas nol"),
        ({"jumlah": ""}, "di atas nol"),
        ({"jumlah": "1.000,50"}, "bukan rupiah bulat"),
        ({"jumlah": "banyak"}, "bukan angka"),
        ({"token": ""}, "muat ulang halaman"),
    ],
)
def test_a_refused_wish_keeps_what_was_typed(portal: Portal, changes: dict[str, str], said: str) -> None:
    answer = portal.as_("siti").post(FORM, wish(portal, **changes))
    assert answer.status_code == 422
    assert said in answer.text
    for value in (changes.get("jumlah", "400.000"), "BRI 0012", "Sekolah"):
        assert f'value="{value}"' in answer.text
    assert '<details class="box fold" id="tarik" open>' in answer.text
    assert kept(portal) == []


def test_wajib_and_a_foreign_product_cannot_be_asked_for(portal: Portal) -> None:
    browser, other = portal.as_("siti"), portal.world.other_actors["bendahara"]
    with portal.world.reading(other) as session:
        foreign = products.of_kind(session, other, "voluntary").id
    assert browser.post(FORM, wish(portal, jenis=portal.world.product("mandatory"))).status_code == 422
    assert browser.post(FORM, wish(portal, jenis=foreign)).status_code == 404
    assert browser.post(FORM, wish(portal, jenis="x")).status_code == 404
    assert kept(portal) == []


def test_the_same_form_with_another_amount_is_refused_and_gets_a_new_token(portal: Portal) -> None:
    browser = portal.as_("siti")
    asked(portal, browser)
    answer = browser.post(FORM, wish(portal, jumlah="100.000"))
    assert answer.status_code == 409
    assert 'name="token" value="w1"' not in answer.text
    assert len(kept(portal)) == 1


def test_the_way_of_a_request_is_told_to_its_end(portal: Portal) -> None:
    browser = portal.as_("siti")
    first, second = asked(portal, browser), asked(portal, browser, token="w2", jumlah="100.000")
    decided(portal, first)
    decided(portal, second, "Rekeningnya salah")
    text = browser.get("/mykoperasi/tabungan").text
    assert "Disetujui</span>" in text
    assert "Alasan: Rekeningnya salah" in text
    assert "Bukti transfer" not in text
    paid(portal, first, "bukti1")
    text = browser.get("/mykoperasi/tabungan").text
    assert "dibayar 9 Maret 2026" in text
    assert f'href="/mykoperasi/kuitansi/{kept(portal)[0].receipt_id}"' in text


def test_the_proof_is_shown_to_its_owner_alone(portal: Portal) -> None:
    browser = portal.as_("siti")
    request_id = asked(portal, browser)
    address = f"/mykoperasi/tabungan/pengajuan/{request_id}/bukti"
    assert browser.get(address).status_code == 404  # not paid yet
    decided(portal, request_id)
    paid(portal, request_id, "bukti1")
    assert browser.get(address).status_code == 404  # the file is gone
    folder, body = portal.app.extensions["ekopz.settings"].uploads / "withdrawals", BytesIO()
    place = folder / str(portal.world.coop.id) / "bukti1"
    Image.new("RGB", (9, 9)).save(body, "JPEG")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(body.getvalue())
    answer = browser.get(address)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/jpeg", body.getvalue())
    for other in ("joko", "agus"):
        assert portal.as_(other).get(address).status_code == 404


def test_a_request_is_taken_back_by_its_owner_and_once(portal: Portal) -> None:
    browser = portal.as_("siti")
    request_id = asked(portal, browser)
    address = f"/mykoperasi/tabungan/pengajuan/{request_id}/batal"
    for other in ("joko", "agus"):
        assert portal.as_(other).post(address).status_code == 404
    assert kept(portal)[0].state == "asked"
    assert browser.post(address).status_code == 302
    assert kept(portal)[0].state == "cancelled"
    again = browser.post(address)
    assert again.status_code == 409
    assert "dibatalkan" in again.text
    assert browser.post(f"/mykoperasi/tabungan/pengajuan/{10**18}/batal").status_code == 404


def test_nobody_reads_the_requests_of_somebody_else(portal: Portal) -> None:
    asked(portal, portal.as_("siti"))
    for other in ("joko", "agus"):
        text = portal.as_(other).get("/mykoperasi/tabungan").text
        assert "Sekolah" not in text
        assert "Belum ada pengajuan" in text


def test_a_time_deposit_is_shown_with_its_terms_and_its_kuitansi(portal: Portal) -> None:
    offer(portal.world)
    deposit_id = placed(portal.world, portal.members["Siti"], rollover="principal")
    browser = portal.as_("siti")
    text = browser.get("/mykoperasi/tabungan").text
    for part in ("SB/2026/0001", "Rp 10.000.000", "12 bulan, 6 % setahun", "31 Januari 2027", "Perpanjang pokok"):
        assert part in text
    page = browser.get(f"/mykoperasi/tabungan/berjangka/{deposit_id}").text
    for part in ("Saat jatuh tempo", "Ditempatkan", "31 Januari 2026", "Kuitansi penempatan"):
        assert part in page
    for other in ("joko", "agus"):
        assert portal.as_(other).get(f"/mykoperasi/tabungan/berjangka/{deposit_id}").status_code == 404
        assert "SB/2026/0001" not in portal.as_(other).get("/mykoperasi/tabungan").text
    assert browser.get(f"/mykoperasi/tabungan/berjangka/{10**18}").status_code == 404


def test_a_member_without_savings_reads_what_to_do(portal: Portal) -> None:
    portal.user("dewi", portal.world.member("Dewi"), {"anggota"})
    text = portal.as_("dewi").get("/mykoperasi/tabungan").text
    assert "Belum ada tabungan" in text
    assert 'name="jumlah"' not in text
    assert "Belum ada tagihan" in portal.as_("dewi").get("/mykoperasi/simpanan").text
