"""Lending at the desk: from the wish to the last kuitansi, and what is refused on the way."""

import re
from io import BytesIO

import pytest

from models.loans import Loan
from models.members import Member
from tests.admin_panel.conftest import Panel
from tests.admin_panel.story import picture
from tests.journeys.addresses import FORMS
from tests.loans import story

MARK = re.compile(r'name="mark" value="([^"]+)"')
TOKEN = re.compile(r'name="token"[^>]*value="([^"]+)"')


@pytest.fixture
def desk(panel: Panel) -> "Desk":
    return Desk(panel)


class Desk:
    """What people do, in their words."""

    def __init__(self, panel: Panel) -> None:
        self.panel, self.world = panel, panel.world
        self.product = story.product(panel.world, times_savings=story.percent("10"))
        self.member = story.saver(panel.world)

    def wish(self, who: str = "petugas", **changes: object):
        page = self.panel.as_(who).get(f"/kopmin/pinjaman/ajukan?anggota={self.member}").text
        data = {
            "product_id": self.product, "asked_rp": "12.000.000", "term": "12", "purpose": "Renovasi rumah",
            "collected_by": "cash", "salary_rp": "5.000.000", "other_debts_rp": "", "asked_on": "2026-01-10",
            "token": TOKEN.search(page)[1], **changes,
        }  # fmt: skip
        return self.panel.as_(who).post(f"/kopmin/pinjaman/ajukan?anggota={self.member}", data)

    def asked(self) -> int:
        return int(self.wish().location.rsplit("/", 1)[1])

    def analysed(self, **changes: object) -> int:
        loan_id = self.asked()
        self.analyse(loan_id, **changes)
        return loan_id

    def analyse(self, loan_id: int, who: str = "bendahara", **changes: object):
        data = {"principal_rp": "12.000.000", "term": "12", "note": "Layak", **changes}
        return self.panel.as_(who).post(f"/kopmin/pinjaman/{loan_id}/analisis", data)

    def decide(self, loan_id: int, who: str, answer: str = "setuju", note: str = ""):
        body = {"answer": answer, "note": note}
        return self.panel.as_(who).post(f"/kopmin/pinjaman/{loan_id}/putuskan", body, follow_redirects=True)

    def approved(self) -> int:
        loan_id = self.analysed()
        for who in ("bendahara", "ketua"):
            self.decide(loan_id, who)
        return loan_id

    def pay_out(self, loan_id: int, who: str = "bendahara", mark: str = "", **options: object):
        address = f"/kopmin/pinjaman/{loan_id}/cairkan?cair=2026-01-12&tempo=2026-02-12"
        mark = mark or MARK.search(self.panel.as_(who).get(address).text)[1]
        return self.panel.as_(who).post(address, {"mark": mark, "cash": "bank", "voucher_no": "BK-1"}, **options)

    def running(self) -> int:
        loan_id = self.approved()
        self.pay_out(loan_id)
        return loan_id

    def pay(self, loan_id: int, amount: str = "1.120.000", token: str = "t1", **changes: object):
        data = {"amount_rp": amount, "paid_on": "2026-02-12", "extra": "next", "cash": "cash", "token": token}
        return self.panel.as_("petugas").post(f"/kopmin/angsuran/{loan_id}", data | changes)

    def loan(self, loan_id: int) -> Loan:
        with self.world.reading() as session:
            return session.get_one(Loan, loan_id)

    def page(self, loan_id: int, who: str = "bendahara") -> str:
        return str(self.panel.as_(who).get(f"/kopmin/pinjaman/show/{loan_id}").text)


def test_a_loan_goes_from_wish_to_settled(desk):
    loan_id = desk.running()
    assert desk.loan(loan_id).outstanding_rp == 12_000_000
    paid = desk.pay(loan_id)
    assert "/kopmin/kuitansi/show/" in paid.location
    assert desk.loan(loan_id).outstanding_rp == 11_000_000
    address = f"/kopmin/angsuran/{loan_id}/lunasi?per=2026-03-12"
    page = desk.panel.as_("petugas").get(address).text
    assert "Rp 11.120.000" in page
    assert "Rp 1.200.000" in page  # interest that is not asked for any more
    data = {"mark": MARK.search(page)[1], "token": TOKEN.search(page)[1], "cash": "cash"}
    assert "/kopmin/kuitansi/show/" in desk.panel.as_("petugas").post(address, data).location
    assert desk.loan(loan_id).state == "settled"
    assert "Lunas" in desk.page(loan_id)


def test_the_second_click_pays_out_nothing(desk):
    loan_id = desk.approved()
    address = f"/kopmin/pinjaman/{loan_id}/cairkan?cair=2026-01-12&tempo=2026-02-12"
    mark = MARK.search(desk.panel.as_("bendahara").get(address).text)[1]
    assert desk.pay_out(loan_id, mark=mark).status_code == 302
    again = desk.pay_out(loan_id, mark=mark)
    assert again.status_code == 422
    assert "sedang berjalan" in again.text
    assert desk.panel.as_("bendahara").get(address).status_code == 409


def test_a_payout_that_was_not_shown_is_not_made(desk):
    loan_id = desk.approved()
    answer = desk.pay_out(loan_id, mark="x")
    assert answer.status_code == 422
    assert "berubah sejak ditampilkan" in answer.text
    assert desk.loan(loan_id).state == "approved"


def test_the_second_click_of_a_payment_is_the_same_kuitansi(desk):
    loan_id = desk.running()
    first, again = desk.pay(loan_id), desk.pay(loan_id)
    assert first.location == again.location
    assert desk.loan(loan_id).outstanding_rp == 11_000_000
    other = desk.pay(loan_id, "500.000")
    assert other.status_code == 422  # the same button cannot mean another amount
    too_much = desk.pay(loan_id, "99.000.000", "t2")
    assert "lebih besar dari seluruh sisa utang" in too_much.text


def test_more_than_due_makes_it_shorter_or_smaller_and_the_last_payment_can_be_undone(desk):
    loan_id = desk.running()
    desk.pay(loan_id, "4.120.000", "t2", extra="smaller")
    assert desk.loan(loan_id).outstanding_rp == 8_000_000
    address = re.search(r"/kopmin/angsuran/pembayaran/\d+/batal", desk.page(loan_id))[0]
    assert desk.panel.as_("petugas").get(address).status_code == 403
    desk.panel.as_("bendahara").post(address, {"booked_on": "2026-02-13", "reason": "Salah ketik"})
    assert desk.loan(loan_id).outstanding_rp == 12_000_000
    again = desk.panel.as_("bendahara").post(address, {"booked_on": "2026-02-13", "reason": "Salah ketik"})
    assert "sudah dibatalkan" in again.text


def test_who_asked_does_not_decide_and_a_no_has_a_reason(desk):
    loan_id = int(desk.wish("bendahara").location.rsplit("/", 1)[1])
    assert "pinjaman Anda sendiri" in desk.analyse(loan_id).text
    desk.analyse(loan_id, "petugas")
    assert "Keputusan Anda" not in desk.page(loan_id)
    assert "pinjaman Anda sendiri" in desk.decide(loan_id, "bendahara").text
    other = desk.panel.as_("ketua").post(f"/kopmin/pinjaman/{loan_id}/putuskan", {"answer": "tolak", "note": ""})
    assert other.status_code in {302, 403}  # the turn is the treasurer's
    assert desk.loan(loan_id).state == "analysed"


def test_a_rejection_is_told_with_its_reason(desk):
    loan_id = desk.analysed()
    assert "Alasan" in desk.decide(loan_id, "bendahara", "tolak").text
    desk.decide(loan_id, "bendahara", "tolak", "Angsuran di atas kemampuan")
    assert desk.loan(loan_id).state == "rejected"
    assert "Angsuran di atas kemampuan" in desk.page(loan_id)


def test_odd_values_are_refused_beside_their_field(desk):
    for odd in ("-5", "1,5", "abc", "0", "9" * 16, "１２", ""):
        assert desk.wish(asked_rp=odd).status_code == 422, odd
    for odd in ("0", "-1", "1.5", "9" * 30, "x", ""):
        assert desk.wish(term=odd).status_code == 422, odd
    shown = desk.wish(act="hitung")
    assert shown.status_code == 200
    assert "Rp 1.120.000" in shown.text
    with desk.world.reading() as session:
        assert session.query(Loan).count() == 0


def test_a_paper_is_redrawn_private_and_a_picture(desk):
    product = story.product(desk.world, documents=("Slip gaji",))
    assert product == desk.product
    loan_id = int(desk.wish().location.split("/")[-2])
    address = f"/kopmin/pinjaman/{loan_id}/dokumen"
    for content in (b"", b"%PDF-1.7 x", b"<svg/>", b"\x89PNG\r\n\x1a\n" + b"x" * 50, picture((5001, 5000))):
        sent = {"label": "Slip gaji", "paper": (BytesIO(content), "a.png")}
        answer = desk.panel.as_("petugas").post(address, sent, content_type="multipart/form-data")
        assert answer.status_code == 422, content[:8]
    sent = {"label": "Slip gaji", "paper": (BytesIO(picture() + b"<script>"), "../../x.png")}
    assert desk.panel.as_("petugas").post(address, sent, content_type="multipart/form-data").status_code == 302
    desk.panel.as_("petugas").post(f"/kopmin/pinjaman/{loan_id}/ajukan")
    assert desk.loan(loan_id).state == "asked"
    link = re.search(r"/kopmin/pinjaman/dokumen/\d+", desk.page(loan_id))[0]
    seen = desk.panel.as_("ketua").get(link)
    assert seen.data.startswith(b"\xff\xd8")
    assert b"<script>" not in seen.data
    assert "no-store" in seen.headers["Cache-Control"]
    assert desk.panel.as_(desk.world.other_actors["ketua"]).get(link).status_code == 404
    assert desk.panel.as_("pengelola_toko").get(link).status_code == 403


def test_new_terms_are_asked_by_one_and_agreed_by_another(desk):
    loan_id = desk.running()
    data = {"starts_on": "2026-03-01", "first_due_on": "2026-04-12", "term": "24", "rate_pct": "0,8", "reason": "Sakit"}
    asked = desk.panel.as_("bendahara").post(f"/kopmin/pinjaman/{loan_id}/restrukturisasi", data)
    agreed = desk.panel.as_("ketua").post(asked.location, {"answer": "setuju"}, follow_redirects=True)
    assert "Disetujui" in agreed.text
    assert desk.loan(loan_id).rate_pct == story.percent("0.8")
    assert f"/kopmin/pinjaman/{loan_id}/jadwal/1" in desk.page(loan_id)
    assert "sudah diganti" in desk.panel.as_("ketua").get(f"/kopmin/pinjaman/{loan_id}/jadwal/1").text
    assert desk.panel.as_("ketua").get(f"/kopmin/pinjaman/{loan_id}/jadwal/3").status_code == 404
    early = {"on": "2026-03-02", "reason": "Macet"}
    assert "belum dapat dihapusbukukan" in desk.panel.as_("bendahara").post(
        f"/kopmin/pinjaman/{loan_id}/hapus-buku", early).text  # fmt: skip


def test_the_allowance_of_a_month_is_booked_once(desk):
    desk.running()
    address = "/kopmin/kolektibilitas/penyisihan?bulan=2026-02"
    mark = MARK.search(desk.panel.as_("bendahara").get(address).text)[1]
    done = desk.panel.as_("bendahara").post(address, {"mark": mark}, follow_redirects=True)
    assert "Rp 60.000" in done.text
    assert desk.panel.as_("bendahara").post(address, {"mark": mark}).status_code == 422
    classes = {"effective_on": "2026-02-01", "name-0": "Lancar", "days-0": "0", "pct-0": "1", "name-1": "Macet",
               "days-1": "91", "pct-1": "100"}  # fmt: skip
    assert desk.panel.as_("bendahara").post("/kopmin/kolektibilitas/kelas", classes).status_code == 302
    assert "Rp 120.000" in desk.panel.as_("bendahara").get(address).text
    odd = desk.panel.as_("bendahara").post("/kopmin/kolektibilitas/kelas", classes | {"days-1": "-1"})
    assert odd.status_code == 422


def test_a_product_is_changed_and_shown_with_an_example(desk):
    data = FORMS["/kopmin/jenis-pinjaman/tambah"] | {"method": "annuity", "rate_pct": "1,5", "code": "ANU"}
    made = desk.panel.as_("bendahara").post("/kopmin/jenis-pinjaman/tambah", data)
    page = desk.panel.as_("petugas").get(f"{made.location}?plafon=12.000.000&tenor=12").text
    assert "Rp 1.100.160" in page
    assert "Anuitas, 1,5 % per bulan" in page
    assert desk.panel.as_("bendahara").post("/kopmin/jenis-pinjaman/tambah", data).status_code == 422


def test_a_figure_of_the_meeting_holds_from_its_day(desk):
    address = "/kopmin/angka-keputusan/loans.cap_pct"
    data = {"value": "18,5", "effective_on": "2026-01-01", "decided_by": "Rapat anggota"}
    assert desk.panel.as_("ketua").post(address, data).status_code == 302
    assert "18,5 %" in desk.panel.as_("ketua").get("/kopmin/angka-keputusan/").text
    assert desk.panel.as_("ketua").post(address, data | {"value": "abc"}).status_code == 422
    assert desk.panel.as_("bendahara").get(address).status_code == 403


def test_who_is_late_is_reminded_in_words_of_their_own_chat(desk):
    loan_id = desk.running()
    with desk.world.transaction() as session:
        session.get_one(Member, desk.member).phone = "081234567890"
    for page in (desk.page(loan_id), desk.panel.as_("bendahara").get("/kopmin/kolektibilitas/?per=2026-03-01").text):
        assert "https://wa.me/6281234567890?text=Siti%20Aminah" in page


def test_home_leads_to_what_waits_for_each(desk):
    loan_id = desk.analysed()
    there = f"/kopmin/pinjaman/show/{loan_id}"
    assert there in desk.panel.as_("bendahara").get("/kopmin/").text
    assert there not in desk.panel.as_("ketua").get("/kopmin/").text
    desk.decide(loan_id, "bendahara")
    assert there in desk.panel.as_("ketua").get("/kopmin/").text


def test_nobody_reaches_a_loan_of_the_neighbour(desk):
    loan_id = desk.running()
    theirs = desk.panel.as_(desk.world.other_actors["bendahara"])
    for address in ("pinjaman/show/{}", "pinjaman/{}/cairkan", "angsuran/{}", "angsuran/{}/lunasi",
                    "pinjaman/{}/restrukturisasi", "pinjaman/{}/jadwal/1"):  # fmt: skip
        assert theirs.get(f"/kopmin/{address.format(loan_id)}").status_code == 404, address
    data = {"amount_rp": "1.000", "paid_on": "2026-02-12", "extra": "next", "cash": "cash", "token": "t"}
    assert theirs.post(f"/kopmin/angsuran/{loan_id}", data).status_code == 404
    assert desk.loan(loan_id).outstanding_rp == 12_000_000
