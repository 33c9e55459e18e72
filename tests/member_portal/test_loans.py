"""Borrowing from one's phone: compare, ask, hand in papers, watch it move, know what is left; nobody else's loan."""

import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from openpyxl import load_workbook
from playwright.sync_api import Browser as Chromium
from werkzeug.test import TestResponse

from core.display import number, rupiah
from models.loans import Loan, LoanDocument, LoanProduct
from services.loans import applications, repayment
from services.loans.schedule import Terms, effective_annual_pct, schedule
from services.settings import dated
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
        assert not re.search(r"Rp [\d•]|\d\.\d{3}", main), page


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


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
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
    ],
)
def test_what_is_refused_stays_as_typed_with_its_sentence(
    portal: Portal, changes: dict[str, str], field: str, sentence: str
) -> None:
    story.product(portal.world, maximum_rp=10_000_000)
    answer = ask(portal.as_("siti"), **changes)
    assert answer.status_code == 422
    error = re.search(rf'id="{field}-salah">([^<]*)<', answer.text)[1]
    assert sentence in error
    for name, value in (WISH | changes).items():
        if name in {"jumlah", "tenor", "tujuan", "penghasilan"} and value.strip():
            assert f'value="{value}"' in answer.text, name
    assert loans(portal) == []


def test_one_open_application_at_a_time(portal: Portal) -> None:
    browser = portal.as_("siti")
    ask(browser)
    answer = ask(browser, jumlah="6.000.000")
    assert answer.status_code == 409
    assert "masih punya pengajuan" in answer.text
    assert 'value="6.000.000"' in answer.text


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


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a not ours", b"%PDF-1.7", picture()[:60], b"\x89PNG" + b"0" * (5 * 1024 * 1024)]
)
def test_what_is_no_picture_is_not_kept(portal: Portal, content: bytes) -> None:
    browser = portal.as_("siti")
    page = ask(browser).location
    answer = browser.post(f"{page}/dokumen", {"dokumen": "KTP", "gambar": (io.BytesIO(content), "ktp.png")})
    assert answer.status_code == 422
    assert re.search(r'id="gambar-salah">[^<]*PNG, JPEG atau WebP', answer.text)
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


@pytest.mark.parametrize(("way", "method"), [("flat", "flat"), ("menurun", "effective"), ("anuitas", "annuity")])
def test_the_simulator_tells_what_the_schedule_tells(portal: Portal, way: str, method: str) -> None:
    question = f"jumlah=7.500.000&tenor=18&jasa=1,5&per=bulan&cara={way}"
    stranger = portal.anyone()
    text = stranger.get(f"/simulasi?{question}").text
    rows = schedule(Terms(7_500_000, Decimal("1.5"), method, 18, "month"))
    interest_rp, yearly = sum(row.interest_rp for row in rows), effective_annual_pct(rows, 7_500_000, Decimal(12))
    for figure in (rows[0].installment_rp, rows[-1].installment_rp, interest_rp, 7_500_000 + interest_rp):
        assert rupiah(figure) in text
    assert f"{yearly:f}".rstrip("0").rstrip(".").replace(".", ",") + " %" in text
    for row in rows:
        assert f'data-l="Sisa">{number(row.balance_rp)}<' in text
    sheet = load_workbook(io.BytesIO(stranger.get(f"/simulasi.xlsx?{question}").data)).active
    found = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2, max_row=19)]
    assert found == [[r.no, r.principal_rp, r.interest_rp, r.installment_rp, r.balance_rp] for r in rows]


def test_the_simulator_warns_above_the_cap_and_says_what_an_income_bears(portal: Portal) -> None:
    stranger = portal.anyone()
    dear = "/simulasi?jumlah=12000000&tenor=12&jasa=2.5&per=bulan&cara=flat"
    assert "di atas batas 24 % setahun" in stranger.get(dear).text
    assert "di atas batas" not in stranger.get(dear.replace("2.5", "1")).text
    assert 'class="note good"' in stranger.get(f"{dear}&penghasilan=4.000.000").text  # 1.300.000 is 32,5 %
    assert 'class="note warn" id="mampu"' in stranger.get(f"{dear}&penghasilan=4.000.000&angsuran_lain=400.000").text
    assert "tidak akan terbayar" in stranger.get(f"{dear}&penghasilan=1.000.000").text


def test_members_simulate_what_their_cooperative_offers(portal: Portal) -> None:
    story.product(portal.world, method="effective", rate_pct=Decimal(2), fee_pct=Decimal(1), admin_rp=25_000)
    world = portal.world
    with world.transaction(world.ketua) as session:
        dated.decide(session, world.ketua, "loans.cap_pct", "20", effective_on=date(2026, 1, 1))
    text = portal.as_("siti").get("/simulasi?jumlah=10.000.000&tenor=10&jasa=99").text
    assert "Jasa 2 % per bulan, dihitung menurun." in text
    assert "Rp 9.875.000" in text  # after provisi and administrasi
    assert "di atas batas 20 % setahun" in text
    assert f"{ASK}?produk=UANG&amp;jumlah=10.000.000&amp;tenor=10" in text
    assert "UANG" not in portal.anyone().get("/simulasi?produk=UANG").text
    assert 'name="jasa"' in portal.as_("siti").get("/simulasi?produk=bebas").text


def test_the_simulator_is_for_anyone_and_for_search_engines(portal: Portal) -> None:
    answer = portal.anyone().get("/simulasi")
    assert answer.status_code == 200
    assert "noindex" not in answer.text
    assert 'rel="canonical"' in answer.text
    assert 'href="/simulasi"' in portal.anyone().get("/").text


@pytest.mark.parametrize(
    "question",
    ["jumlah=abc", "jumlah=-5", "jumlah=9999999999999999", "tenor=0", "tenor=9999", "jasa=1e9", "jasa=-1", "jasa=nan",
     "per=abad", "cara=x", "penghasilan=x", "jumlah=%3Cscript%3E", "jumlah=1&jumlah=2&tenor=%00", "jasa=101"],
)  # fmt: skip
def test_an_impossible_question_is_answered_beside_its_field(portal: Portal, question: str) -> None:
    for page in ("/simulasi", "/simulasi.xlsx"):
        answer = portal.anyone().get(f"{page}?{question}")
        assert answer.status_code == 422
        assert 'class="error"' in answer.text
        assert "<script>" not in answer.text


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
