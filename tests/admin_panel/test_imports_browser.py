"""Moving in, as a bendahara does it in a browser: members, opening balances, a year of journals; then the neraca."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from core.display import rupiah
from models.ledger import JournalEntry
from tests.admin_panel.conftest import DATA
from tests.admin_panel.imports_data import JOURNAL
from tests.admin_panel.test_browser import DESK, PHONE, barriers, signed_in
from tests.browsers import on_a_port

BOOKS = DATA / "workbooks" / "A0"
READY, LONG = "main >> text=Siap dibukukan", 60_000


@pytest.fixture
def desk(office) -> Iterator[str]:
    """The panel on a port of its own; the queue works when a test starts it."""
    with on_a_port(office.panel.app) as address:
        yield address


def send(page: Page, desk: str, *files: object) -> None:
    page.goto(f"{desk}/kopmin/impor/unggah")
    page.set_input_files("#files", files)
    page.click("button:has-text('Unggah dan periksa')")


def book(page: Page) -> str:
    """Presses Bukukan, reads the question, says yes; the question."""
    page.click("main button:has-text('Bukukan')")
    asked = page.inner_text("dialog p")
    page.click("dialog button[value=ya]")
    page.wait_for_selector("main >> text=Dibukukan:", timeout=LONG)
    return asked


def test_a_cooperative_moves_in_with_three_files(chromium, office, desk):
    expected = json.loads((BOOKS.parent / "expected.json").read_text("utf-8"))
    assets_rp = sum(v for code, v in expected["opening"]["trial_balance"].items() if code.startswith("1"))
    office.queue.start()
    page = signed_in(chromium, office.panel, desk, "bendahara", DESK)

    send(page, desk, BOOKS / "01_anggota_dan_saldo_awal.xlsx")
    page.wait_for_selector(READY, timeout=LONG)
    seen = page.inner_text("main")
    for total in expected["opening"]["savings"].values():
        assert rupiah(total) in seen
    assert "114 anggota" in book(page)

    send(page, desk, BOOKS / "02_neraca_saldo_awal.xlsx")
    page.wait_for_selector(READY, timeout=LONG)
    assert "Rp 1.168.539.160" in book(page)

    send(page, desk, BOOKS / "06_jurnal_umum_2026.xlsx")
    page.wait_for_selector(READY, timeout=LONG)
    assert "671 jurnal" in book(page)

    page.click("main a:has-text('Lihat neraca')")
    page.goto(f"{desk}/kopmin/laporan/balance-sheet?per=2025-12-31")
    assert rupiah(assets_rp).removeprefix("Rp ") in page.inner_text("main")
    page.goto(f"{desk}/kopmin/anggota/list/")
    assert "114" in page.inner_text("main")
    page.context.close()


def test_no_state_of_an_import_is_a_barrier_on_a_phone(chromium, office, desk):
    page, found = signed_in(chromium, office.panel, desk, "bendahara", PHONE), {}

    def look(state: str) -> None:
        if problems := barriers(page):
            found[state] = problems

    page.goto(f"{desk}/kopmin/impor/")
    look("none yet")
    page.goto(f"{desk}/kopmin/impor/unggah")
    page.click("summary:has-text('Pilihan lain')")
    look("upload")
    send(page, desk, BOOKS / "06_jurnal_umum_2026.xlsx")
    page.wait_for_selector("#kemajuan progress")
    look("waiting")
    office.queue.start()
    page.wait_for_selector(READY, timeout=LONG)
    for summary in page.locator("main details:not([open]) > summary").all():
        summary.click()
    look("preview")
    page.set_viewport_size(DESK)
    look("preview on a desk")
    page.set_viewport_size(PHONE)
    book(page)
    look("booked")
    send(page, desk, {"name": "salah.csv", "mimeType": "text/csv", "buffer": JOURNAL.replace(b"11011", b"99999")})
    page.wait_for_selector("main >> text=Perlu diperbaiki", timeout=LONG)
    look("problems")
    page.set_viewport_size(DESK)
    look("problems on a desk")
    page.goto(f"{desk}/kopmin/impor/")
    look("list")
    page.context.close()
    assert found == {}


def test_an_import_needs_no_script(chromium, office, desk):
    page = signed_in(chromium, office.panel, desk, "bendahara", PHONE, java_script_enabled=False)
    send(page, desk, {"name": "jurnal.csv", "mimeType": "text/csv", "buffer": JOURNAL})
    assert "Menunggu giliran" in page.inner_text("main")
    office.queue.start()
    page.wait_for_selector(READY, timeout=LONG)  # the page reloads by itself
    page.click("main button:has-text('Bukukan')")
    page.wait_for_selector("main >> text=Dibukukan:", timeout=LONG)
    with office.panel.world.reading() as session:
        assert session.query(JournalEntry).count() == 1
    page.context.close()


def test_a_file_too_large_is_said_before_it_travels(chromium, office, desk):
    page, posts = signed_in(chromium, office.panel, desk, "bendahara", PHONE), []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.goto(f"{desk}/kopmin/impor/unggah")
    page.evaluate("document.getElementById('files').dataset.most = 20010")  # a large file in little
    page.set_input_files("#files", {"name": "besar.csv", "mimeType": "text/csv", "buffer": JOURNAL})
    page.click("button:has-text('Unggah dan periksa')")
    assert page.is_visible("#files-error")
    assert posts == []
    page.context.close()


def test_a_file_too_large_is_answered_in_words_without_a_script(chromium, office, desk):
    page = signed_in(chromium, office.panel, desk, "bendahara", PHONE, java_script_enabled=False)
    send(page, desk, {"name": "besar.csv", "mimeType": "text/csv", "buffer": b"x" * 12 * 1024 * 1024})
    assert "Paling besar 10 MB" in page.inner_text("body")
    page.context.close()
