"""The whole product on one port, in a real browser."""

import io
import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import streamlit as st
import uvicorn
from openpyxl import load_workbook
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

import app as wiring
from core.display import rupiah
from core.settings import load
from dashboards import data, parts, session
from reports.balance_sheet import balance_sheet
from reports.cash_flow import cash_flow
from reports.shape import span_long
from tests.conftest import PASSWORD, open_world
from tests.dashboards.story import Told, tell
from tests.member_portal.conftest import AXE

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
FIRST_LOAD = 1_200_000  # bytes of the member's page, with nothing kept from before
FIGURES = ".k-figures .k-main"
ENGLISH = re.compile(r"\b(running|stop|deploy|settings|open|close|choose|select|download|loading|error|page)\b", re.I)
WIDER = """() => [...document.querySelectorAll('.stApp *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1
  && !e.closest('.k-scroll')).map(e => e.outerHTML.slice(0, 100))"""
SAID = """() => document.body.innerText + ' '
  + [...document.querySelectorAll('.stApp [aria-label], .stApp [placeholder]')]
  .map(e => (e.getAttribute('aria-label') || '') + ' ' + (e.getAttribute('placeholder') || '')).join(' ')"""
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
RUN_AXE = """async () => (await axe.run(document.querySelector('.stApp'), {runOnly: ['wcag2a', 'wcag2aa', 'wcag22aa']}))
  .violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 160))])"""


@dataclass
class Live:
    """The served product and the story in it."""

    url: str
    told: Told

    def enter(self, page: Page, username: str, path: str) -> None:
        page.goto(f"{self.url}/masuk?next={path}")
        page.fill("#username", username)
        page.fill("#password", PASSWORD)
        page.get_by_role("button", name="Masuk").click()
        page.wait_for_selector(FIGURES)


@pytest.fixture(scope="module")
def live(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("live")
    (folder / "world.db").write_bytes(template.read_bytes())
    world = open_world(f"sqlite:///{folder / 'world.db'}")
    told = tell(world)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        settings = load({"EKOPZ_DATA": str(folder), "FIELD_KEY": bytes(range(32)).hex(), "PUBLIC_URL": url})
        st.cache_data.clear()
        asgi = wiring.create_asgi(settings, world.database)
        server = uvicorn.Server(uvicorn.Config(asgi, log_config=None, access_log=False, timeout_graceful_shutdown=2))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 60
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            thread.join(0.05)
        assert server.started
        yield Live(url, told)
        server.should_exit = True
        thread.join(15)
    world.assert_books_hold()
    world.database.engine.dispose()


@pytest.fixture
def desk(chromium: Browser) -> Iterator[Page]:
    yield from _page(chromium, DESK)


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    yield from _page(chromium, PHONE)


def _page(chromium: Browser, size: dict[str, int]) -> Iterator[Page]:
    context = chromium.new_context(viewport=size, locale="en-US")  # Indonesian whatever the browser speaks
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def test_the_board_opens_its_page_with_the_printed_figures_and_picks_a_year(live: Live, desk: Page) -> None:
    hosts: set[str] = set()
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    def note(request: Request) -> None:
        hosts.add(request.url.split("/")[2])

    desk.on("request", note)
    desk.on("console", hear)
    live.enter(desk, "ketua.maju", "/dasbor/")
    choose(desk, "Periode", "Tahun 2026")
    ketua = live.told.world.ketua
    session.open_to(live.told.world.database, 30)
    period = next(p for p in parts.periods(data.options(ketua)) if p.label.startswith("Tahun 2026"))
    with live.told.world.reading(ketua) as reading:
        cash = cash_flow(reading, ketua, period.since, period.until).totals
        sheet = balance_sheet(reading, ketua, date(2026, 3, 31)).totals
    desk.locator(".st-key-kartu-shu").get_by_text(span_long(period.since, period.until)).first.wait_for()
    assert rupiah(cash["closing_rp"]) in desk.inner_text(".st-key-kartu-kas")
    desk.wait_for_selector(".st-key-kartu-kas .js-plotly-plot .bars")
    choose(desk, "Per tanggal", "31 Maret 2026")
    for key in ("assets_rp", "liabilities_rp", "equity_rp"):
        desk.locator(".st-key-kartu-neraca").get_by_text(rupiah(sheet[key]), exact=True).first.wait_for()
    assert hosts == {live.url.removeprefix("http://")}
    assert complaints == []
    assert (desk.title(), desk.get_attribute("html", "lang")) == ("Dasbor eKopz", "id")
    assert ENGLISH.findall(desk.evaluate(SAID)) == []


def choose(page: Page, label: str, option: str) -> None:
    page.wait_for_selector('.stApp[data-test-script-state="notRunning"]')
    box = page.get_by_role("combobox", name=label).first
    box.scroll_into_view_if_needed()
    page.evaluate(TWO_FRAMES)  # a list closes when its page scrolls
    box.click()
    page.get_by_role("option", name=re.compile(f"^{option}")).first.click()


def test_what_is_seen_comes_as_a_workbook(live: Live, desk: Page) -> None:
    live.enter(desk, "ketua.maju", "/dasbor/pengurus")
    desk.get_by_text("Lihat neraca lengkap").click()
    with desk.expect_download() as caught:
        desk.locator(".st-key-unduh-neraca button").click()
    assert caught.value.suggested_filename.startswith("maju-balance-sheet-")
    book = load_workbook(io.BytesIO(Path(caught.value.path()).read_bytes()))
    cells = {cell for row in book.active.iter_rows(values_only=True) for cell in row if isinstance(cell, int)}
    total = re.sub(r"\D", "", desk.inner_text(".st-key-kartu-neraca .k-main dd:nth-of-type(1)"))
    assert int(total) in cells


def test_a_member_on_a_phone_loads_little_and_sees_their_own(live: Live, phone: Page) -> None:
    phone.goto(f"{live.url}/masuk")
    phone.fill("#username", "siti")
    phone.fill("#password", PASSWORD)
    phone.get_by_role("button", name="Masuk").click()
    phone.wait_for_url("**/mykoperasi/")
    wire = phone.context.new_cdp_session(phone)
    wire.send("Network.enable")
    sizes: list[int] = []
    urls: list[str] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    phone.on("request", lambda request: urls.append(request.url))
    phone.get_by_role("link", name="Grafik simpanan").click()
    phone.wait_for_selector(".st-key-kartu-mutasi .k-table")
    phone.wait_for_load_state("networkidle")
    assert sum(sizes) <= FIRST_LOAD
    assert [url for url in urls if "Plotly" in url or "woff" in url] == []
    assert "Rp 380.000" in phone.inner_text(FIGURES)
    assert "Joko" not in phone.inner_text("body")
    assert ENGLISH.findall(phone.evaluate(SAID)) == []
    phone.get_by_role("link", name="MyKoperasi").click()
    phone.wait_for_url("**/mykoperasi/")


@pytest.mark.parametrize(("username", "path"), [("siti", "/dasbor/simpanan-saya"), ("ketua.maju", "/dasbor/pengurus")])
def test_a_narrow_phone_never_scrolls_sideways_and_no_barrier_is_of_our_making(
    live: Live, phone: Page, username: str, path: str
) -> None:
    live.enter(phone, username, path)
    phone.wait_for_load_state("networkidle")
    phone.wait_for_selector(".st-key-kartu-mutasi, .st-key-kartu-anggota .k-bars")
    assert phone.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth") <= 360
    assert phone.evaluate(WIDER) == []
    phone.evaluate(AXE.read_text("utf-8"))
    ours = [found for found in phone.evaluate(RUN_AXE) if any("k-" in node for node in found[1])]
    assert ours == []


def test_signing_out_elsewhere_leads_to_the_sign_in_at_the_next_touch(live: Live, desk: Page) -> None:
    live.enter(desk, "joko", "/dasbor/")
    other = desk.context.new_page()
    other.goto(f"{live.url}/mykoperasi/")
    other.evaluate(
        "() => fetch('/keluar', {method: 'POST', body: new URLSearchParams("
        "{csrf_token: document.querySelector('[name=csrf_token]').value})})"
    )
    other.wait_for_timeout(1_100)  # the door looks at most once a second
    choose(desk, "Periode", "Tahun 2026")
    desk.wait_for_url("**/masuk?next=*")
    assert "Rp" not in desk.inner_text("body")
    desk.goto(f"{live.url}/dasbor/")
    assert "/masuk" in desk.url


def test_a_member_at_the_boards_address_is_told_plainly(live: Live, phone: Page) -> None:
    live.enter(phone, "siti", "/dasbor/")
    phone.goto(f"{live.url}/dasbor/pengurus")
    phone.get_by_text("Anda tidak berhak melihat halaman ini").wait_for()
    assert "Kas dan bank" not in phone.inner_text("body")
    phone.goto(f"{live.url}/dasbor/tidak-ada")
    phone.wait_for_selector(FIGURES)
    assert phone.url == f"{live.url}/dasbor/"


def test_health_and_readiness_answer_without_sign_in(live: Live, desk: Page) -> None:
    assert desk.request.get(f"{live.url}/healthz").status == 200
    assert desk.request.get(f"{live.url}/readyz").status == 503  # made without migrations
    assert desk.request.get(f"{live.url}/dasbor", max_redirects=0).headers["location"] == "/dasbor/"
    assert desk.request.get(f"{live.url}/dasbor/_stcore/agent/openapi.json").status == 404
