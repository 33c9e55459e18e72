"""In a real browser at 360 px: the member's way without JavaScript, weight, readability, accessibility."""

import pytest
from playwright.sync_api import Browser, Page, Request

from models.loans import Loan
from models.members import Member
from tests.conftest import PASSWORD
from tests.member_portal.conftest import AXE, Portal, lend

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async tags => (await axe.run(document, {resultTypes: ['violations'], preload: false,
  runOnly: tags, rules: {'target-size': {enabled: true}}}))
  .violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 120))])"""
SMALL_TARGETS = """() => [...document.querySelectorAll(
    'a, button, select, input:not([type=hidden]):not(.sr), summary, label.eye')]
  .filter(e => { const r = e.getBoundingClientRect(), inText = getComputedStyle(e).display === 'inline';
    return r.width && r.bottom > 0 && !inText && (r.height < 43.5 || r.width < 43.5); })
  .map(e => e.outerHTML.slice(0, 120))"""
SMALL_TEXT = """() => [...document.querySelectorAll('body *')]
  .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())
  && parseFloat(getComputedStyle(e).fontSize) < 16).map(e => e.outerHTML.slice(0, 120))"""


def enter(page: Page, served: str, username: str = "siti") -> None:
    page.goto(f"{served}/masuk")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_load_state("networkidle")


def test_balance_mutasi_and_kuitansi_without_javascript(portal: Portal, served: str, chromium: Browser) -> None:
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(served)
    page.get_by_role("main").get_by_role("link", name="Masuk").click()
    page.fill("#username", "siti")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    assert page.url == f"{served}/mykoperasi/"
    assert page.locator(".total").inner_text() == "Rp 900.000"  # no tap needed

    page.locator("label.eye").click()
    assert not page.get_by_text("Rp 900.000").is_visible()
    page.locator("label.eye").click()

    page.get_by_role("link", name="Semua mutasi").click()
    page.select_option("#bulan", "2026-02")
    page.get_by_role("button", name="Tampilkan").click()
    assert page.get_by_text("Setor Sukarela").is_visible()
    assert page.get_by_text("Tarik Sukarela").count() == 0

    page.get_by_role("link", name="Beranda").click()
    page.get_by_role("link", name="Kuitansi", exact=True).click()  # from home: kuitansi, receipt, share = 3 taps
    page.locator(".linked a").first.click()
    assert page.get_by_role("link", name="Kirim WhatsApp").get_attribute("href").startswith("https://wa.me/?text=")
    with page.expect_download() as download:
        page.get_by_role("button", name="Unduh PDF").click()
    assert download.value.suggested_filename.startswith("kuitansi-KW-2026-")

    page.get_by_role("button", name="Keluar").click()
    page.goto(f"{served}/mykoperasi/")
    assert "/masuk" in page.url
    context.close()


def addresses(portal: Portal) -> tuple[list[str], list[str]]:
    """Public pages, and pages of a signed-in member."""
    receipt = portal.receipts["Siti"][2]
    with portal.world.reading() as session:
        token = session.get_one(Member, portal.members["Siti"]).card_token
        loan = session.query(Loan).one().public_id
    public = [
        "/",
        "/bantuan",
        "/daftar",
        "/daftar-koperasi",
        "/daftar-koperasi/terkirim",
        "/daftar-koperasi/konfirmasi/unknown",
        "/bantuan/tur/portal.home",
        "/bantuan/panduan",
        "/bantuan/panduan/setor-simpanan",
        "/simulasi?jasa=3&penghasilan=900000",
        f"/v/{receipt.token}",
        "/v/unknown",
        f"/kartu/{token}",
    ]
    own = [
        "",
        "mutasi",
        "kuitansi",
        f"kuitansi/{receipt.id}",
        "kartu",
        "akun",
        "akun/google",
        "akun/kode",
        "akun/kunci",
        "simpanan",
        "tabungan",
        "laporan",
        "pesan",
        "pinjaman",
        f"pinjaman/{loan}",
        "pinjaman/ajukan?jumlah=5000000",
    ]
    ways = ["/pilih", "/bantuan", "/klaim?cari=maju", f"/klaim?koperasi={portal.world.coop.id}"]
    return public, [*(f"/mykoperasi/{name}" for name in own), *ways]


def looked_at(page: Page, address: str) -> dict[str, object]:
    """What is wrong with the page now shown; empty when nothing is."""
    page.evaluate(AXE.read_text())
    wrong = {
        "axe": page.evaluate(RUN_AXE, TAGS),
        "sideways": page.evaluate("document.documentElement.scrollWidth > innerWidth"),
        "small targets": page.evaluate(SMALL_TARGETS),
        "small text": page.evaluate(SMALL_TEXT),
        "language": page.evaluate("document.documentElement.lang !== 'id'"),
    }
    return {f"{address} {name}": found for name, found in wrong.items() if found}


@pytest.mark.parametrize(("letters", "size"), [("besar", PHONE), ("biasa", DESK)])
def test_every_page_is_readable_and_accessible(
    portal: Portal, served: str, chromium: Browser, size: dict[str, int], letters: str
) -> None:
    lend(portal, "Siti")
    wrong: dict[str, object] = {}
    context = chromium.new_context(viewport=size)
    page = context.new_page()
    page.goto(f"{served}/teks/{letters}")
    public, own = addresses(portal)
    for address in public:
        page.goto(served + address)
        wrong |= looked_at(page, address)
    enter(page, served)
    for address in own:
        page.goto(served + address)
        wrong |= looked_at(page, address)
    page.goto(f"{served}/mykoperasi/kuitansi/{portal.receipts['Siti'][2].id}")
    page.locator("summary").click()
    page.get_by_role("button", name="Cetak struk 58 mm").click()
    wrong |= looked_at(page, "struk")
    context.close()
    assert wrong == {}


def test_the_members_home_is_light(portal: Portal, served: str, chromium: Browser) -> None:
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    seen: list[Request] = []
    enter(page, served)
    page.on("request", lambda request: seen.append(request))  # a bound builtin is not taken
    page.goto(f"{served}/mykoperasi/", wait_until="networkidle")
    context.close()
    names = {request.url.removeprefix(served) for request in seen}
    assert len(seen) <= 8
    assert all(name.startswith("/") for name in names)  # no other host
    client, packed = portal.as_("siti").client, {"Accept-Encoding": "gzip"}
    files = {name: client.get(name, headers=packed) for name in names}
    assert sum(len(answer.data) for answer in files.values()) <= 60_000
    kept = [name for name, answer in files.items() if "immutable" in answer.headers["Cache-Control"]]
    assert sum(len(answer.data) for name, answer in files.items() if name not in kept) <= 15_000
    assert sum(len(client.get(name).data) for name in names if ".js?" in name) <= 5_000


def test_a_hidden_balance_stays_hidden_on_the_next_page(portal: Portal, served: str, chromium: Browser) -> None:
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    enter(page, served)
    page.locator("label.eye").click()
    page.goto(f"{served}/mykoperasi/mutasi")
    assert not page.get_by_text("Rp 750.000").is_visible()
    page.locator("label.eye").click()
    page.goto(f"{served}/mykoperasi/")
    assert page.get_by_text("Rp 900.000").is_visible()
    context.close()


def test_the_strip_fits_its_roll(portal: Portal, served: str, chromium: Browser) -> None:
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    enter(page, served)
    for width in (58, 80):
        page.goto(f"{served}/mykoperasi/kuitansi/{portal.receipts['Siti'][2].id}")
        page.locator("summary").click()
        page.get_by_role("button", name=f"Cetak struk {width} mm").click()
        page.emulate_media(media="print")
        box = page.locator(".strip").bounding_box()
        assert box["width"] <= width * 96 / 25.4 + 1
        assert page.evaluate(
            "document.querySelector('.strip').scrollWidth <= document.querySelector('.strip').clientWidth"
        )
        page.emulate_media(media="screen")
    context.close()


def test_keyboard_alone_reaches_the_content_and_the_eye(portal: Portal, served: str, chromium: Browser) -> None:
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    enter(page, served)
    page.goto(f"{served}/mykoperasi/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "tutup"
    page.keyboard.press("Space")
    assert not page.get_by_text("Rp 900.000").is_visible()
    context.close()
