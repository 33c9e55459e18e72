"""Money members ask for, and what their savings earn: at the desk, once, by two people."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from core.clock import today
from models.savings import InterestRun, SavingsProduct, WithdrawalRequest
from services.savings import products
from tests.admin_panel.conftest import Panel
from tests.admin_panel.story import picture
from tests.journeys.addresses import FORMS
from tests.loans import story

MARK = re.compile(r'name="mark" value="([^"]+)"')
TOKEN = re.compile(r'name="token"[^>]*value="([^"]+)"')


class Desk:
    """What people do, in their words."""

    def __init__(self, panel: Panel) -> None:
        self.panel, self.world = panel, panel.world
        self.member, self.product = story.saver(panel.world, saved_rp=1_000_000), panel.world.product("voluntary")

    def ask(self, amount: str = "400.000", token: str = "w1", who: str = "petugas"):
        data = {"product_id": self.product, "amount_rp": amount, "pay_to": "BRI 0012", "note": "x", "token": token}
        return self.panel.as_(who).post(f"/kopmin/penarikan/catat?anggota={self.member}", data)

    def asked(self, **options: str) -> int:
        return int(self.ask(**options).location.rsplit("/", 1)[1])

    def decide(self, request_id: int, who: str = "ketua", answer: str = "setuju", reason: str = ""):
        body = {"answer": answer, "reason": reason}
        return self.panel.as_(who).post(f"/kopmin/penarikan/{request_id}/putuskan", body, follow_redirects=True)

    def approved(self) -> int:
        request_id = self.asked()
        self.decide(request_id)
        return request_id

    def pay(self, request_id: int, who: str = "bendahara", proof: bytes = b"", **changes: str):
        data = {"paid_on": "2026-03-04", "cash": "bank", "proof": (BytesIO(proof), "a.png"), **changes}
        address = f"/kopmin/penarikan/{request_id}/bayar"
        return self.panel.as_(who).post(address, data, content_type="multipart/form-data")

    def page(self, request_id: int, who: str = "ketua") -> str:
        return str(self.panel.as_(who).get(f"/kopmin/penarikan/show/{request_id}").text)

    def request(self, request_id: int) -> WithdrawalRequest:
        with self.world.reading() as session:
            return session.get_one(WithdrawalRequest, request_id)


@pytest.fixture
def desk(panel: Panel) -> Desk:
    return Desk(panel)


def test_a_request_is_asked_agreed_and_paid_once_with_its_proof(desk):
    assert "dapat ditarik Rp 1.000.000" in desk.panel.as_("petugas").get(
        f"/kopmin/penarikan/catat?anggota={desk.member}").text  # fmt: skip
    request_id = desk.asked()
    assert desk.asked() == request_id
    page = desk.page(request_id)
    for shown in ("Rp 400.000", "Rp 1.000.000", "Rp 600.000", "BRI 0012", "Rina Petugas", "Keputusan Anda"):
        assert shown in page, shown
    assert "disetujui" in desk.decide(request_id).text
    for odd in (b"%PDF-1.7", b"<svg/>", picture((5001, 5000))):
        assert desk.pay(request_id, proof=odd).status_code == 422
    assert desk.request(request_id).state == "approved"
    paid, again = desk.pay(request_id, proof=picture() + b"<script>"), desk.pay(request_id, proof=picture())
    assert "/kopmin/kuitansi/show/" in paid.location
    assert paid.location == again.location
    seen = desk.panel.as_("ketua").get(f"/kopmin/penarikan/{request_id}/bukti")
    assert seen.data.startswith(b"\xff\xd8")
    assert b"<script>" not in seen.data
    assert "no-store" in seen.headers["Cache-Control"]
    theirs = desk.panel.as_(desk.world.other_actors["ketua"])
    for address in (f"{request_id}/bukti", f"show/{request_id}", f"{request_id}/bayar", f"{request_id}/batalkan"):
        assert theirs.get(f"/kopmin/penarikan/{address}").status_code in {403, 404}, address
    assert "Kuitansi" in desk.page(request_id)
    assert desk.panel.as_("bendahara").get(f"/kopmin/penarikan/{request_id}/bayar").status_code == 409


def test_who_asked_does_not_decide_and_a_no_has_a_reason(desk):
    request_id = desk.asked(who="bendahara")
    assert "Keputusan Anda" not in desk.page(request_id, "bendahara")
    assert desk.decide(request_id, "bendahara").status_code == 200
    assert desk.request(request_id).state == "asked"
    assert desk.panel.as_("petugas").post(f"/kopmin/penarikan/{request_id}/putuskan", {}).status_code == 403
    assert "isi dulu" in desk.decide(request_id, answer="tolak").text
    assert "tidak dikenal" in desk.decide(request_id, answer="mungkin").text
    desk.decide(request_id, answer="tolak", reason="Kas kurang")
    assert "Kas kurang" in desk.page(request_id)
    assert desk.pay(request_id).status_code == 422
    assert "tidak dapat" in desk.decide(request_id).text


def test_more_than_is_free_and_odd_values_are_refused(desk):
    for odd in ("1.000.001", "0", "-5", "abc", "", "9" * 16):
        assert desk.ask(odd).status_code == 422, odd
    request_id = desk.asked()
    assert desk.ask("400.000", token="w1").status_code == 302
    assert desk.ask("300.000", token="w1").status_code == 422
    address = f"/kopmin/penarikan/{request_id}/batalkan"
    assert desk.panel.as_("petugas").post(address, {"reason": "Tidak jadi"}).status_code == 302
    assert desk.panel.as_("petugas").post(address, {"reason": "Tidak jadi"}).status_code == 422


def test_home_and_the_list_lead_to_what_waits_for_each(desk):
    request_id = desk.asked()
    assert "Permintaan penarikan</strong>" in desk.panel.as_("ketua").get("/kopmin/").text
    assert "Permintaan penarikan</strong>" not in desk.panel.as_("petugas").get("/kopmin/").text
    desk.decide(request_id)
    assert "Penarikan siap dibayar" in desk.panel.as_("petugas").get("/kopmin/").text
    found = desk.panel.as_("petugas").get("/kopmin/penarikan/list/?keadaan=approved&cari=siti").text
    assert "Siti Aminah" in found
    assert "Tidak ada yang cocok" in desk.panel.as_("petugas").get("/kopmin/penarikan/list/?keadaan=paid").text
    sheet = desk.panel.as_("petugas").get("/kopmin/penarikan/unduh.xlsx")
    assert sheet.data.startswith(b"PK")


def earn(desk: Desk, pct: str = "6", **changes: object):
    with desk.world.reading() as session:
        kept = session.get_one(SavingsProduct, desk.product)
    data = FORMS["/kopmin/jenis-simpanan/edit/<pk>"] | {"code": kept.code, "name": kept.name, "is_active": "y"}
    data |= {"account_id": kept.account_id, "interest_method": "daily", "interest_pct": pct, **changes}
    return desk.panel.as_("bendahara").post(f"/kopmin/jenis-simpanan/edit/{desk.product}", data, follow_redirects=True)


def since_january(desk: Desk) -> None:
    who = desk.world.bendahara
    with desk.world.transaction(who) as session:
        kept = session.get_one(SavingsProduct, desk.product)
        plain = {"code": kept.code, "name": kept.name, "kind": kept.kind, "account_id": kept.account_id}
        products.save(session, who, **plain, product_id=kept.id, interest_method="daily", interest_pct=Decimal(6),
                      interest_from=date(2026, 1, 1))  # fmt: skip


def test_a_month_of_interest_is_looked_at_and_booked_once(desk):
    since_january(desk)
    bendahara = desk.panel.as_("bendahara")
    assert "Januari 2026" in bendahara.get("/kopmin/jasa-simpanan/").text
    assert "Jasa simpanan</strong>" in bendahara.get("/kopmin/").text
    page = bendahara.get("/kopmin/jasa-simpanan/bulan").text
    assert "Rp 4.274" in page  # 26 days of 1.000.000 at 6 %
    assert bendahara.get("/kopmin/jasa-simpanan/bulan.xlsx?bulan=2026-01").data.startswith(b"PK")
    address, mark = "/kopmin/jasa-simpanan/bulan?bulan=2026-01", MARK.search(page)[1]
    assert bendahara.post(address, {"mark": "x"}).status_code == 422
    assert "dibukukan: Rp 4.274" in bendahara.post(address, {"mark": mark}, follow_redirects=True).text
    again = bendahara.post(address, {"mark": mark})
    assert again.status_code == 422
    assert "sudah dibukukan" in again.text
    assert "belum berakhir" in bendahara.get(f"/kopmin/jasa-simpanan/bulan?bulan={today():%Y-%m}").text
    assert desk.panel.as_("ketua").post(address, {"mark": mark}).status_code == 403
    assert desk.panel.as_("pengawas").get("/kopmin/jasa-simpanan/").status_code == 200
    with desk.world.reading() as session:
        assert session.query(InterestRun).filter(InterestRun.entry_seq.is_not(None)).count() == 1


def test_a_kind_in_use_keeps_its_kind_and_account_here_too(desk):
    assert "jenis dan akunnya tetap" in earn(desk, kind="mandatory").text
    assert "di atas batas 9 %" in earn(desk, "12").text
    assert earn(desk, "101").status_code == 422


def test_an_installment_out_of_savings_and_back(desk):
    product = story.product(desk.world)
    loan_id = story.disbursed(desk.world, desk.member, product, asked_rp=600_000, term=6)
    data = {"amount_rp": "106.000", "paid_on": "2026-02-12", "extra": "next", "token": "s1",
            "cash": f"simpanan-{desk.product}"}  # fmt: skip
    petugas = desk.panel.as_("petugas")
    first, again = (petugas.post(f"/kopmin/angsuran/{loan_id}", data) for _ in range(2))
    assert "/kopmin/kuitansi/show/" in first.location
    assert first.location == again.location
    passbook = petugas.get(f"/kopmin/simpanan/buku/{desk.member}").text
    assert "Rp 894.000" in passbook
    assert petugas.post(f"/kopmin/angsuran/{loan_id}", data | {"amount_rp": "106.001"}).status_code == 422
    other = data | {"cash": "simpanan-999", "token": "s2"}
    assert petugas.post(f"/kopmin/angsuran/{loan_id}", other).status_code == 422
    page = desk.panel.as_("bendahara").get(f"/kopmin/pinjaman/show/{loan_id}").text
    assert "Dari simpanan" in page
    undo = re.search(r"/kopmin/angsuran/pembayaran/\d+/batal", page)[0]
    desk.panel.as_("bendahara").post(undo, {"booked_on": "2026-02-13", "reason": "Salah"})
    assert "Rp 1.000.000" in petugas.get(f"/kopmin/simpanan/buku/{desk.member}").text
