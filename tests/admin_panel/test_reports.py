"""Reports in Kopmin: what they show, where each figure leads, what may be downloaded, and who sees which."""

import gzip
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from reports.catalog import CATALOG, LOANS, SHOPS
from services.access.roles import ROLES
from tests.admin_panel.conftest import Panel
from tests.admin_panel.test_browser import DESK, PHONE, barriers, signed_in
from tests.admin_panel.test_look import ENGLISH, STATIC, text_of
from tests.browsers import on_a_port
from tests.conftest import open_world
from tests.imports.conftest import take
from tests.reports.story import book, tell

QUARTER = "dari=2026-01-01&sampai=2026-03-31&per=2026-03-31"
CHOSEN = {
    "general-ledger": "&akun=11011", "member-statement": "&anggota=0001", "loan-statement": "&anggota=0001",
    "member-month": "&anggota=0001",
}  # fmt: skip
PEOPLE = ["petugas", "bendahara", "sekretaris", "ketua", "pengelola_toko", "pengawas"]


@pytest.fixture(scope="module")
def quarter(one_app, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    """The panel over the quarter of `tests.reports.story`, told once: these tests only look."""
    path = tmp_path_factory.mktemp("quarter") / "world.db"
    path.write_bytes(template.read_bytes())
    world = open_world(f"sqlite:///{path}")
    tell(world)
    yield Panel(one_app, world)
    world.assert_books_hold()
    world.database.engine.dispose()


@pytest.fixture
def desk(quarter: Panel) -> Panel:
    quarter.app.extensions["ekopz.database"] = quarter.world.database
    return quarter


def page_of(name: str, more: str = "") -> str:
    return f"/kopmin/laporan/{name}?{QUARTER}{CHOSEN.get(name, '')}{more}"


def figures(html: str) -> list[str]:
    return re.findall(r">(\(?\d[\d.]*\)?)<", html)


class TestPages:
    def test_the_index_tells_every_report_in_a_sentence(self, desk):
        html = desk.as_("ketua").get("/kopmin/laporan/").text
        for entry in CATALOG.values():
            assert f"/kopmin/laporan/{entry.name}" in html
            assert entry.about in html
        assert html.index("Laporan keuangan") < html.index("Buku dan jurnal")

    @pytest.mark.parametrize("name", CATALOG)
    def test_every_report_opens_without_any_choice_but_what_it_must_have(self, desk, name):
        answer = desk.as_("bendahara").get(f"/kopmin/laporan/{name}?{CHOSEN.get(name, '')}")
        assert answer.status_code == 200
        assert "<table" in answer.text

    @pytest.mark.parametrize("name", CHOSEN)
    def test_what_must_be_chosen_is_asked_for_first(self, desk, name):
        answer = desk.as_("bendahara").get(f"/kopmin/laporan/{name}")
        assert answer.status_code == 200
        assert "ingin dilihat" in answer.text
        assert "<table" not in answer.text

    def test_the_neraca_shows_its_figures_and_that_it_balances(self, desk):
        html = desk.as_("ketua").get(page_of("balance-sheet", "&banding=bulan")).text
        assert {"8.025.000", "9.450.000", "34.675.000", "37.250.000", "(1.800.000)"} <= set(figures(html))
        assert "Aset dan liabilitas + ekuitas cocok: Rp 34.675.000" in html

    def test_a_unit_narrows_and_stays_in_the_links(self, desk):
        html = desk.as_("ketua").get(page_of("income-statement", "&unit=TOKO")).text
        assert "1.900.000" in figures(html)
        assert "1.200.000" not in figures(html)
        assert re.search(r'href="[^"]*general-ledger[^"]*akun=4301[^"]*unit=TOKO', html)

    @pytest.mark.parametrize("name", CATALOG)
    def test_every_page_is_light_indonesian_and_calls_nobody(self, desk, name):
        html = desk.as_("bendahara").get(page_of(name)).text
        files = sum(len(gzip.compress(f.read_bytes())) for f in STATIC.iterdir() if f.is_file())
        assert len(html.encode()) + files <= 120 * 1024
        assert ENGLISH.findall(text_of(html)) == []
        assert re.findall(r'(?:src|href|action)="https?:', html) == []

    def test_the_member_s_page_leads_to_their_card(self, desk):
        browser = desk.as_("petugas")
        page = browser.get("/kopmin/anggota/show/1").text
        link = re.search(r'href="(/kopmin/laporan/member-statement[^"]*)"', page)[1]
        assert "Siti Aminah" in browser.get(link).text


class TestDrill:
    def follow(self, browser, address: str, text: str) -> str:
        """The page behind the link that says `text`."""
        html = browser.get(address).text
        found = re.search(rf'<a[^>]*href="([^"]*)"[^>]*>(?:[^<]*)?{re.escape(text)}', html)
        assert found, f"{text} on {address}"
        return found[1].replace("&amp;", "&")

    def test_from_the_neraca_to_the_kuitansi_in_three_clicks(self, desk):
        browser = desk.as_("ketua")
        ledger = self.follow(browser, page_of("balance-sheet"), "8.025.000")
        entry = self.follow(browser, ledger, "2026/00001")
        journal = browser.get(entry).location
        receipt = self.follow(browser, journal, "kuitansi")
        assert "Siti Aminah" in browser.get(receipt).text

    def test_from_the_phu_to_the_approval_in_three_clicks(self, desk):
        browser = desk.as_("ketua")
        ledger = self.follow(browser, page_of("income-statement"), "1.200.000")
        journal = browser.get(self.follow(browser, ledger, "2026/00004")).location
        approval = self.follow(browser, journal, "persetujuan")
        assert "Gaji Februari" in browser.get(approval).text

    def test_from_the_recap_to_the_member_s_entry(self, desk):
        browser = desk.as_("ketua")
        card = self.follow(browser, page_of("savings-summary"), "250.000")
        journal = browser.get(self.follow(browser, card, "250.000")).location
        assert "anggota 0001 Siti Aminah" in browser.get(journal).text

    def test_an_imported_entry_names_its_file(self, desk, tmp_path):
        path = tmp_path / "jurnal_mei.csv"
        rows = ["1,2026-05-02,11012,5000,,Kas kecil", "1,2026-05-02,11011,,5000,Kas kecil"]
        path.write_text("\n".join(["entry,date,account,debit,credit,memo", *rows]))
        take(desk.world, "journal", path, actor=desk.world.bendahara)
        browser = desk.as_("bendahara")
        ledger = "/kopmin/laporan/general-ledger?akun=11012&dari=2026-05-01&sampai=2026-05-31"
        journal = browser.get(self.follow(browser, ledger, "2026/")).location
        assert "berkas jurnal_mei.csv" in browser.get(journal).text

    @pytest.mark.parametrize("name", CATALOG)
    def test_every_link_of_every_report_opens(self, desk, name):
        browser = desk.as_("ketua")
        html = browser.get(page_of(name)).text
        links = set(re.findall(r'class="drill" href="([^"]+)"', html))
        assert links or CATALOG[name].group in (LOANS, SHOPS)  # nothing is lent or sold in that quarter
        for link in links:
            answer = browser.get(link.replace("&amp;", "&"), follow_redirects=True)
            assert answer.status_code == 200, link

    def test_every_figure_of_an_account_leads_to_the_sum_it_shows(self, desk):
        browser = desk.as_("ketua")
        html = browser.get(page_of("balance-sheet")).text
        for link, text in re.findall(r'class="drill" href="([^"]*general-ledger[^"]*)">([^<]+)<', html):
            closing = figures(browser.get(link.replace("&amp;", "&")).text)
            assert text.strip("()") in {figure.strip("()") for figure in closing}, link

    def test_the_comparison_leads_to_its_own_days(self, desk):
        html = desk.as_("ketua").get(page_of("balance-sheet", "&banding=bulan")).text
        assert re.search(r'akun=11011&amp;sampai=2026-02-28">9.450.000<', html)

    def test_who_may_not_read_the_ledger_is_not_sent_there(self, desk):
        html = desk.as_("petugas").get(page_of("balance-sheet")).text
        assert "8.025.000" in html
        assert "general-ledger" not in html


class TestDownloads:
    def test_excel_carries_the_same_choices(self, desk):
        browser = desk.as_("ketua")
        html = browser.get(page_of("balance-sheet", "&unit=TOKO&banding=bulan")).text
        address = re.search(r'href="([^"]*unduh\.xlsx[^"]*)"', html)[1].replace("&amp;", "&")
        answer = browser.get(address)
        assert 'filename="maju-balance-sheet-2026-03-31.xlsx"' in answer.headers["Content-Disposition"]
        rows = list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))
        assert ("1113", "Persediaan Barang Dagang", 2_000_000, 2_000_000) in rows
        assert any("unit Toko" in str(row[0]) for row in rows)

    @pytest.mark.parametrize("name", CATALOG)
    def test_pdf_and_json_of_every_report(self, desk, name):
        browser, query = desk.as_("bendahara"), f"?{QUARTER}{CHOSEN.get(name, '')}"
        paper = browser.get(f"/kopmin/laporan/{name}/unduh.pdf{query}")
        assert paper.mimetype == "application/pdf"
        assert "Koperasi Maju Bersama" in PdfReader(io.BytesIO(paper.data)).pages[0].extract_text()
        said = json.loads(browser.get(f"/kopmin/laporan/{name}/unduh.json{query}").data)
        assert (said["report"], said["coop"]) == (name, "maju")

    def test_screen_and_file_show_the_same_figures(self, desk):
        browser = desk.as_("ketua")
        for name in ("balance-sheet", "income-statement", "cash-flow", "equity-changes", "trial-balance"):
            said = json.loads(browser.get(f"/kopmin/laporan/{name}/unduh.json?{QUARTER}").data)
            numbers = [amount for row in said["rows"] for key, amount in row.items() if key.endswith("_rp") and amount]
            on_screen = figures(browser.get(page_of(name)).text)
            for amount in numbers:
                text = f"{abs(amount):,}".replace(",", ".")
                assert (f"({text})" if amount < 0 else text) in on_screen, name

    def test_what_is_still_to_be_chosen_is_asked_for_instead_of_a_file(self, desk):
        answer = desk.as_("ketua").get("/kopmin/laporan/general-ledger/unduh.pdf")
        assert "Pilih akun" in answer.text


BAD = [
    ("balance-sheet?per=2026-02-30", 422, "Tanggal ini tidak benar"),
    ("balance-sheet?per=besok", 422, "Tanggal ini tidak benar"),
    ("balance-sheet?per=0001-01-01", 422, "antara tahun 1900 dan 2199"),
    ("cash-flow?sampai=9999-12-31", 422, "antara tahun 1900 dan 2199"),
    ("journal?dari=2026-05-01&sampai=2026-04-01", 422, "Tukar kedua tanggal"),
    ("general-ledger?akun=99999", 422, "Akun 99999 tidak ada"),
    ("general-ledger?akun=1101", 422, "akun induk"),
    ("general-ledger?akun=%00", 422, "tidak dapat disimpan"),
    ("general-ledger?akun=%ED%A0%80", 422, "tidak ada di bagan akun"),
    ("general-ledger?akun=" + "9" * 500, 422, "class=\"error\""),
    ("cash-book?akun=3201", 422, "Akun 3201 tidak ada"),
    ("member-statement?anggota=9999", 404, "Anggota tidak ditemukan"),
    ("balance-sheet?unit=PASAR", 422, "class=\"error\""),
    ("balance-sheet?banding=dua", 422, "class=\"error\""),
    ("neraka", 404, "Laporan &#39;neraka&#39; tidak ada"),
    ("journal?hal=-1", 400, ""),
    ("journal?hal=99999999999999999999", 400, ""),
    ("jurnal/99999999999999999999", 404, ""),
    ("jurnal/9999", 404, ""),
]  # fmt: skip


@pytest.mark.parametrize(("address", "status", "sentence"), BAD)
def test_a_bad_choice_is_answered_in_one_sentence(desk, address, status, sentence):
    answer = desk.as_("bendahara").get(f"/kopmin/laporan/{address}")
    assert answer.status_code == status
    assert sentence in answer.text
    assert "Traceback" not in answer.text
    name, _, query = address.partition("?")
    if query and "hal=" not in query:
        file = desk.as_("bendahara").get(f"/kopmin/laporan/{name}/unduh.xlsx?{query}")
        assert (file.status_code, file.mimetype) == (status, "text/html")


def test_a_page_past_the_end_is_simply_empty(desk):
    assert desk.as_("bendahara").get(page_of("journal", "&hal=50")).status_code == 200


@pytest.mark.parametrize("role", PEOPLE)
def test_a_role_sees_exactly_the_reports_it_may(desk, role):
    browser, held = desk.as_(role), ROLES[role].permissions
    index = browser.get("/kopmin/laporan/")
    for name, entry in CATALOG.items():
        may = {"reports.view", entry.permission} <= held
        assert browser.get(page_of(name)).status_code == (200 if may else 403), name
        assert browser.get(page_of(name).replace("?", "/unduh.json?")).status_code == (200 if may else 403), name
        assert (f"/kopmin/laporan/{name}" in index.text) == may, name


@pytest.mark.parametrize("name", CATALOG)
def test_the_neighbour_s_figures_are_nowhere(desk, name):
    ours = desk.as_("ketua").get(page_of(name)).text
    assert "77.777" not in ours
    assert "Tetangga" not in ours
    theirs = desk.as_(desk.world.other_actors["ketua"]).get(page_of(name))
    assert "8.025.000" not in theirs.text
    assert "Siti" not in theirs.text


def test_long_books_come_in_light_pages(one_app, template, tmp_path):
    path = tmp_path / "long.db"
    path.write_bytes(template.read_bytes())
    world = open_world(f"sqlite:///{path}")
    tell(world)
    for n in range(130):
        sides = (("11012", "PUSAT", 1_000_000 + n), ("11011", "PUSAT", -1_000_000 - n))
        memo = f"Mengisi kas kecil untuk keperluan kantor nomor {n}"
        book(world, date(2026, 3, 1 + n % 28), memo, *sides, source=f"m:{n}")
    one_app.extensions["ekopz.database"] = world.database
    browser = Panel(one_app, world).as_("bendahara")
    files = sum(len(gzip.compress(f.read_bytes())) for f in STATIC.iterdir() if f.is_file())
    for address in ("journal", "general-ledger", "cash-book", "cash-book&akun=11011"):
        name, _, more = address.partition("&")
        html = browser.get(page_of(name, f"&{more}")).text
        assert len(html.encode()) + files <= 120 * 1024, address
    ledger = browser.get(page_of("general-ledger", "&hal=1")).text
    assert "Halaman 2 dari 2" in ledger
    assert "Saldo pindahan" in ledger
    brief = browser.get(page_of("cash-book")).text
    assert "2026/00" not in brief
    assert re.search(r'href="[^"]*cash-book[^"]*akun=11011', brief)
    world.database.engine.dispose()


@pytest.fixture
def site(desk: Panel) -> Iterator[str]:
    with on_a_port(desk.app) as address:
        yield address


@pytest.mark.parametrize(("size", "script"), [(PHONE, True), (DESK, True), (PHONE, False)])
def test_a_person_clicks_from_the_index_to_the_source(chromium, desk, site, size, script):
    page = signed_in(chromium, desk, site, "ketua", size, java_script_enabled=script)
    page.goto(f"{site}/kopmin/laporan/")
    page.click("main a:has-text('Neraca') >> nth=0")
    page.fill("[name=per]", "2026-03-31")
    page.click("button:has-text('Tampilkan')")
    page.click("a.drill:has-text('8.025.000')")  # one
    assert "11011 Kas Besar" in page.inner_text("main")
    page.click("a.drill:has-text('2026/00001')")  # two
    page.click("main a:has-text('kuitansi')")  # three
    assert "Siti Aminah" in page.inner_text("main")
    page.context.close()


def test_no_report_has_a_barrier(chromium, desk, site):
    page, found = signed_in(chromium, desk, site, "bendahara", PHONE), {}
    for address in [*map(page_of, CATALOG), page_of("balance-sheet", "&banding=tahun"), "/kopmin/laporan/"]:
        page.goto(site + address)
        if problems := barriers(page):
            found[address] = problems
    page.context.close()
    assert found == {}
