"""Borrowing from one's phone: ask, hand in papers, watch it move, know what is left; nobody else's loan."""

import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from openpyxl import load_workbook
from playwright.sync_api import Browser as Chromium
from werkzeug.test import TestResponse

from core.display import rupiah
from models.loans import Loan, LoanDocument, LoanProduct
from services.loans import applications, repayment
from tests.admin_panel.story import picture
from tests.loans import story
from tests.member_portal.conftest import Browser, Portal
from tests.member_portal.test_browser import PHONE, enter, looked_at

ASK = "/mykoperasi/pinjaman/ajukan"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
HIDDEN = re.compile(r'<span class="rp[^"]*"><span>[^<]*</span></span>')
WISH = {
    "produk": "UANG", "jumlah": "5.000.000", "tenor": "10", "tujuan": "Modal warung", "bayar": "cash",
    "penghasilan": "4.000.000", "angsuran_lain": "", "setuju": "ya",
}  # fmt: skip

REFUSED = [
    ({"jumlah": "99.000.000"}, "jumlah", "Yang diajukan Rp 99.000.000."),
    ({"jumlah": "lima juta"}, "jumlah", "bukan angka"),
    ({"jumlah": "0"}, "jumlah", "di atas nol"),
    ({"tenor": "37"}, "tenor", "paling"),
    ({"tenor": "1,5"}, "tenor", "angka bulat"),
    ({"tujuan": " "}, "tujuan", "Tulis dulu untuk keperluan apa."),
    ({"setuju": ""}, "setuju", "Centang dulu"),
    ({"produk": "LAIN"}, "produk", "Pilih jenis pinjaman"),
    ({"bayar": "emas"}, "bayar", "Pilih salah satu"),
    ({"penghasilan": "-1"}, "penghasilan", "tanpa minus"),
]


def ask(browser: Browser, **changes: str) -> TestResponse:
    token = TOKEN.search(browser.get(ASK).text)[1]
    return browser.post(ASK, {**WISH, "token": token, **changes})


def loans(portal: Portal) -> list[Loan]:
    with portal.world.reading() as session:
        return session.query(Loan).order_by(Loan.id).all()


def address(loan: Loan) -> str:
    return f"/mykoperasi/pinjaman/{loan.public_id}"


def lent(portal: Portal, name: str = "Siti") -> Loan:
    """Rp 12.000.000 paid out on 12 January, twelve installments of Rp 1.120.000 from 12 February on."""
    story.saver(portal.world, "Dewi", 20_000_000)  # so that there is cash to lend
    loan_id = story.disbursed(portal.world, portal.members[name], story.product(portal.world))
    with portal.world.reading() as session:
        return session.get_one(Loan, loan_id)


def paid(portal: Portal, loan: Loan, on: date = date(2026, 2, 12)) -> None:
    clerk = portal.world.petugas
    with portal.world.transaction(clerk) as session:
        repayment.pay(session, clerk, repayment.Payment(loan.id, 1_120_000, on, f"paid-{on}"))


@pytest.fixture
def on_20_march() -> None:
    with time_machine.travel(datetime(2026, 3, 20, 5, tzinfo=UTC), tick=True):
        yield


def test_the_first_page_tells_what_is_left_what_is_due_and_what_is_late(portal: Portal, on_20_march: None) -> None:
    loan = lent(portal)
    paid(portal, loan)
    text = portal.as_("siti").get("/mykoperasi/").text
    plain = re.sub(r"<[^>]+>", " ", text)
    assert "Rp 11.000.000" in plain
    assert re.search(r"Harus dibayar\s+Rp 2\.240\.000\s+paling lambat 12 April 2026", plain)
    assert re.search(r"Terlambat\s+Rp 1\.120\.000\s+dari 1 angsuran", plain)
    assert "Sisa pinjaman" not in portal.as_("joko").get("/mykoperasi/").text


def test_a_loan_row_by_row_with_its_payments_and_what_ends_it_today(portal: Portal, on_20_march: None) -> None:
    loan = lent(portal)
    paid(portal, loan)
    browser = portal.as_("siti")
    text = browser.get(address(loan)).text
    schedule_table = text[text.index('class="rows full"') : text.index("</table>")]
    assert re.findall(r'class="tag (\w*)">(\w+)<', schedule_table) == [
        ("good", "Lunas"), ("bad", "Terlambat"), ("warn", "Berikutnya"), *[("", "Belum")] * 9,
    ]  # fmt: skip
    with portal.world.reading() as session:
        quote = repayment.quote(session, portal.world.bendahara, loan.id, on=date(2026, 3, 20))
    assert quote.total_rp > 11_000_000
    assert rupiah(quote.total_rp) in text
    assert "Februari 2026" in text
    receipt = re.search(r'href="(/mykoperasi/kuitansi/\d+)"', text)[1]
    assert "Angsuran pinjaman" in browser.get(receipt).text
    book = load_workbook(io.BytesIO(browser.get(f"{address(loan)}/jadwal.xlsx").data)).active
    row = [cell.value for cell in book[3]]
    assert row[1].date() == date(2026, 3, 12)
    assert row[2:] == [1_000_000, 120_000, 1_120_000, 0, 1_120_000, "Terlambat"]


def test_the_eye_covers_every_amount(portal: Portal, on_20_march: None) -> None:
    loan = lent(portal)
    paid(portal, loan)
    browser = portal.as_("siti")
    ask(browser, produk="UANG")
    for page in ("/mykoperasi/", "/mykoperasi/pinjaman", address(loan)):
        text = browser.get(page).text
        assert 'id="tutup"' in text
        main = HIDDEN.sub("", text[text.index("<main") : text.index("</main>")])
        assert not re.search(r"Rp \d|\d\.\d{3}", re.sub(r"<[^>]+>", " ", main)), page


def test_asking_leads_to_the_application_and_a_second_click_makes_no_other(portal: Portal) -> None:
    browser = portal.as_("siti")
    token = TOKEN.search(browser.get(ASK).text)[1]
    first, second = (browser.post(ASK, {**WISH, "token": token}) for _ in range(2))
    (made,) = loans(portal)
    assert first.location == second.location == address(made)
    assert (made.state, made.asked_rp, made.term, made.salary_rp, made.purpose) == (
        "asked", 5_000_000, 10, 4_000_000, "Modal warung",
    )  # fmt: skip
    assert made.member_id == portal.members["Siti"]
    other = browser.post(ASK, {**WISH, "token": token, "jumlah": "6.000.000"})
    assert other.status_code == 409
    assert "sudah dikirim dengan isi lain" in other.text
    assert len(loans(portal)) == 1


def test_what_is_refused_stays_as_typed_with_its_sentence(portal: Portal) -> None:
    story.product(portal.world, maximum_rp=10_000_000)
    browser = portal.as_("siti")
    for changes, field, sentence in REFUSED:
        answer = ask(browser, **changes)
        assert answer.status_code == 422, changes
        assert sentence in re.search(rf'id="{field}-salah">([^<]*)<', answer.text)[1], changes
        for name, value in (WISH | changes).items():
            if name in {"jumlah", "tenor", "tujuan", "penghasilan"} and value.strip():
                assert f'value="{value}"' in answer.text, (changes, name)
    assert loans(portal) == []


def test_one_open_application_at_a_time(portal: Portal) -> None:
    browser = portal.as_("siti")
    ask(browser)
    answer = ask(browser, jumlah="6.000.000")
    assert answer.status_code == 409
    assert "masih punya pengajuan" in answer.text
    assert 'value="6.000.000"' in answer.text


def test_a_new_loan_may_pay_off_the_running_one(portal: Portal) -> None:
    loan = lent(portal)
    browser = portal.as_("siti")
    refused = ask(browser)
    assert refused.status_code == 422
    assert "ajukan sebagai kompensasi" in refused.text
    assert 'id="ganti-salah"' in ask(browser, ganti="P/2026/9999").text
    assert ask(browser, ganti=loan.number, jumlah="13.000.000").status_code == 302
    assert loans(portal)[-1].replaces_id == loan.id


def test_counting_saves_nothing(portal: Portal) -> None:
    answer = ask(portal.as_("siti"), act="hitung", tujuan="", setuju="")
    assert answer.status_code == 200
    assert "Rp 550.000" in answer.text  # 5.000.000 over ten months and 1 % of it
    assert "Tulis dulu" not in answer.text
    assert loans(portal) == []


def test_papers_first_then_sent_then_decided(portal: Portal) -> None:
    story.product(portal.world, documents=("Slip gaji",))
    browser = portal.as_("siti")
    page = ask(browser).location
    assert "Unggah dokumennya" in browser.get(page).text
    too_early = browser.post(f"{page}/kirim")
    assert too_early.status_code == 422
    assert "Dokumen belum lengkap: Slip gaji" in too_early.text
    paper = {"dokumen": "Slip gaji", "gambar": (io.BytesIO(picture()), "slip.png")}
    assert browser.post(f"{page}/dokumen", paper).status_code == 302
    browser.post(f"{page}/kirim")
    text = browser.get(page).text
    assert re.search(r'class="now"[^>]*><b>Dianalisis</b><span>Menunggu diperiksa pengurus', text)
    (loan,) = loans(portal)
    world = portal.world
    with world.transaction(world.bendahara) as session:
        applications.analyse(
            session, world.bendahara, loan.id, on=date(2026, 3, 5), principal_rp=5_000_000, term=10, note="rahasia kami"
        )
        applications.decide(
            session, world.bendahara, loan.id, approved=False, on=date(2026, 3, 6), note="Simpanan belum cukup."
        )
    text = browser.get(page).text
    assert '<li class="stopped"><b>Ditolak</b><span>Simpanan belum cukup.</span>' in text
    assert "5 Maret 2026" in text
    assert "rahasia kami" not in text
    assert browser.post(f"{page}/dokumen", {**paper, "gambar": (io.BytesIO(picture()), "x.png")}).status_code == 409


def test_what_is_no_picture_is_not_kept(portal: Portal) -> None:
    browser = portal.as_("siti")
    page = ask(browser).location
    large = b"\x89PNG" + b"0" * (5 * 1024 * 1024)
    for content in (b"", b"GIF89a not ours", b"%PDF-1.7", picture()[:60], large):
        answer = browser.post(f"{page}/dokumen", {"dokumen": "KTP", "gambar": (io.BytesIO(content), "ktp.png")})
        assert answer.status_code == 422, content[:9]
        assert re.search(r'id="gambar-salah">[^<]*PNG, JPEG atau WebP', answer.text), content[:9]
    with portal.world.reading() as session:
        assert session.query(LoanDocument).count() == 0


def test_taking_an_application_back_needs_a_reason(portal: Portal) -> None:
    browser = portal.as_("siti")
    page = ask(browser).location
    refused = browser.post(f"{page}/batalkan", {"alasan": " "})
    assert refused.status_code == 422
    assert "Alasan: isi dulu" in refused.text
    browser.post(f"{page}/batalkan", {"alasan": "Sudah tidak perlu"})
    assert loans(portal)[0].state == "cancelled"
    assert "Sudah tidak perlu" in browser.get(page).text
    assert browser.post(f"{page}/batalkan", {"alasan": "lagi"}).status_code == 409


@pytest.mark.parametrize("who", ["joko", "agus", "dewi"])
def test_a_loan_of_somebody_else_is_not_there(portal: Portal, who: str) -> None:
    """Another member, the neighbour's member, and a pengurus in the member area."""
    portal.user("dewi", portal.world.member("Dewi"), {"anggota", "bendahara", "ketua"})
    siti = portal.as_("siti")
    page = ask(siti).location
    siti.post(f"{page}/dokumen", {"dokumen": "KTP", "gambar": (io.BytesIO(picture()), "ktp.png")})
    paper = re.search(rf'href="({page}/dokumen/\d+)"', siti.get(page).text)[1]
    own = siti.get(paper)
    assert own.mimetype == "image/jpeg"
    assert own.headers["Cache-Control"] == "no-store"
    assert own.headers["Content-Security-Policy"] == "sandbox"
    browser = portal.as_(who)
    for place in (page, f"{page}/jadwal.xlsx", paper):
        assert browser.get(place).status_code == 404, place
    for act in ("kirim", "batalkan", "dokumen"):
        body = {"alasan": "iseng", "dokumen": "KTP", "gambar": (io.BytesIO(picture()), "ktp.png")}
        assert browser.post(f"{page}/{act}", body).status_code == 404, act
    assert "P/2026" not in browser.get("/mykoperasi/pinjaman").text
    mine = ask(browser).location
    assert browser.get(paper.replace(page, mine)).status_code == 404, "by the way of one's own loan"
    assert loans(portal)[0].state == "asked"


def test_a_product_by_the_day_is_simulated_as_it_is_lent(portal: Portal) -> None:
    story.product(portal.world, rate_basis="year", rate_pct=Decimal(12), method="effective", day_count="ACT/365")
    browser = portal.as_("siti")
    assert browser.get("/simulasi?jumlah=5.000.000&tenor=10").status_code == 200
    assert ask(browser).status_code == 302
    assert "Perkiraan angsuran" in browser.get(address(loans(portal)[0])).text


def test_without_a_product_nothing_is_offered(portal: Portal) -> None:
    world = portal.world
    with world.transaction(world.bendahara) as session:
        session.query(LoanProduct).one().is_active = False
    browser = portal.as_("siti")
    assert "belum menawarkan pinjaman" in browser.get(ASK).text
    assert browser.get("/simulasi").status_code == 200
    assert browser.post(ASK, {**WISH, "token": "x"}).status_code == 422


def test_from_home_to_diajukan_in_six_taps_on_a_phone(portal: Portal, served: str, chromium: Chromium) -> None:
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    enter(page, served)
    page.get_by_role("link", name="Simulasi").click()
    page.fill("#jumlah", "5000000")
    assert page.input_value("#jumlah") == "5.000.000"
    page.press("#jumlah", "Tab")  # no tap: the figures follow the field
    page.get_by_text("Rp 466.667").first.wait_for()
    wrong = looked_at(page, "simulasi")
    page.get_by_role("link", name="Ajukan pinjaman ini").click()
    page.fill("#tujuan", "Modal warung")
    page.get_by_text("Data ini benar").click()
    wrong |= looked_at(page, "ajukan")
    page.get_by_role("button", name="Kirim pengajuan").click()
    assert page.get_by_text("menunggu diperiksa pengurus").first.is_visible()
    assert page.locator(".tag", has_text="Diajukan").is_visible()
    wrong |= looked_at(page, "pengajuan")
    context.close()
    assert wrong == {}
    assert errors == []
    assert [loan.state for loan in loans(portal)] == ["asked"]
