"""Every step of every tour points at something on its page; without a script the same words are a page of help."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Route
from sqlalchemy import func, select

from models.access import UserTour
from models.members import Member
from tests.admin_panel.conftest import Panel
from tests.browsers import on_a_port
from tests.journeys.conftest import employ, siti
from web.tours import KEPT

# where each tour's page shows what its steps speak of; `{member}` is somebody of ours
PAGES = {
    "Home.index": ("ketua bendahara", ["/kopmin/"]),
    "TellerDesk.deposit": ("bendahara", ["/kopmin/simpanan/setor", "/kopmin/simpanan/setor?anggota={member}"]),
    "MemberView.list": ("bendahara", ["/kopmin/anggota/list/"]),
    "ImportDesk.upload": ("bendahara", ["/kopmin/impor/unggah"]),
    "ReportDesk.index": ("bendahara", ["/kopmin/laporan/"]),
    "ApprovalDesk.index": ("ketua", ["/kopmin/persetujuan/"]),
    "SetupDesk.index": ("ketua", ["/kopmin/mulai/"]),
    "PracticeDesk.index": ("petugas", ["/kopmin/latihan/"]),
    "portal.home": ("anggota", ["/mykoperasi/"]),
    "portal.savings_page": ("anggota", ["/mykoperasi/simpanan"]),
    "portal.loans_list": ("anggota", ["/mykoperasi/pinjaman"]),
    "portal.mart_home": ("anggota", ["/kopmart/"]),
}
EMPTY = {"input", "img", "br", "hr", "meta", "link", "path", "rect", "circle", "wbr", "source", "use"}
PART = re.compile(r"([a-z]\w*)|#([\w-]+)|\.([\w-]+)|\[([\w-]+)='([^']*)'\]")


@dataclass
class Elements(HTMLParser):
    """The elements of a page, each with those around it."""

    found: list[list[dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.open: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = {"": tag, **{name: value or "" for name, value in attrs}}
        self.found.append([*self.open, element])
        if tag not in EMPTY:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append([*self.open, {"": tag, **{name: value or "" for name, value in attrs}}])

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[""] != tag:
            pass


def fits(element: dict[str, str], compound: str) -> bool:
    rest = PART.sub("", compound)
    assert rest == "", f"a selector that this test cannot read: {compound}"
    for tag, name, word, attribute, value in PART.findall(compound):
        if (tag and element[""] != tag) or (name and element.get("id") != name):
            return False
        if (word and word not in element.get("class", "").split()) or (attribute and element.get(attribute) != value):
            return False
    return True


def is_there(page: str, selector: str) -> bool:
    """Whether an element fits: tags, #id, .class and [name='value'], one inside another."""
    parser = Elements()
    parser.feed(page)
    *around, last = selector.split(" ")
    for *outer, element in parser.found:
        if not fits(element, last):
            continue
        waiting = list(around)
        for ancestor in outer:
            if waiting and fits(ancestor, waiting[0]):
                waiting.pop(0)
        if not waiting:
            return True
    return False


def test_selectors_are_read_as_a_browser_reads_them() -> None:
    page = "<main><p class='a b' id=x><a href='/y'>z</a></p></main><i></i>"
    for selector in ("main", ".b", "p.a#x", "main a[href='/y']", "main p a"):
        assert is_there(page, selector), selector
    for selector in ("main i", "p.c", "a p", "#y", "a[href='/z']"):
        assert not is_there(page, selector), selector


@pytest.mark.parametrize("name", PAGES)
def test_every_step_points_at_something_on_its_page(peopled: Panel, name: str) -> None:
    roles, addresses = PAGES[name]
    member = siti(peopled.world)
    browser = peopled.as_(employ(peopled.world, "tur", set(roles.split()), member if roles == "anggota" else None))
    pages = [browser.get(address.format(member=member)).text for address in addresses]
    tour = peopled.app.extensions[KEPT][name]
    for step in tour.steps:
        for selector in filter(None, (step.at, step.phone)):
            assert any(is_there(page, selector) for page in pages), selector
    assert f'href="/bantuan/tur/{name}"' in pages[0]
    assert "tour/tour.js" in pages[0]
    assert "tour/driver.js" not in pages[0], "fetched when it is asked for"


def test_every_tour_has_its_case_and_enough_words(peopled: Panel) -> None:
    known = peopled.app.extensions[KEPT]
    assert set(known) == set(PAGES)
    for tour in known.values():
        assert tour.title
        assert all(step.at and step.title and step.text and len(step.text) <= 200 for step in tour.steps), tour.name
        assert peopled.app.view_functions[tour.name]


def test_without_a_script_the_question_mark_leads_to_the_same_words(peopled: Panel) -> None:
    stranger = peopled.app.test_client()
    for tour in peopled.app.extensions[KEPT].values():
        page = stranger.get(f"/bantuan/tur/{tour.name}").text
        assert all(step.title in page for step in tour.steps)
    assert stranger.get("/bantuan/tur/nosuch").status_code == 404
    assert 'class="ask" href="/bantuan"' in peopled.as_("bendahara").get("/kopmin/periode/").text


def test_a_tour_is_new_until_it_was_seen_by_this_person(peopled: Panel) -> None:
    browser, other = peopled.as_("ketua"), peopled.as_("bendahara")
    assert 'class="ask new"' in browser.get("/kopmin/").text
    for name in ("Home.index", "Home.index", "nosuch", "x" * 500):
        assert browser.post(f"/bantuan/tur/{name}").status_code == 302
    assert 'class="ask"' in browser.get("/kopmin/").text
    assert 'class="ask new"' in other.get("/kopmin/").text
    with peopled.world.database.platform("test") as session:
        assert session.scalar(select(func.count()).select_from(UserTour)) == 1
        assert session.query(Member).count() > 0
    assert peopled.app.test_client().post("/bantuan/tur/Home.index").status_code == 400


def test_a_tour_stands_on_the_screen_however_late_its_looks_come(peopled: Panel, chromium: Chromium) -> None:
    held: list[Route] = []
    with on_a_port(peopled.app) as site:
        page = chromium.new_context(viewport={"width": 360, "height": 740}).new_page()
        page.route("**/tour/*.css*", lambda asked: held.append(asked))
        page.goto(f"{site}/kopmart/")
        page.locator("[data-tour]:visible").first.click()
        page.wait_for_function("() => window.driver")
        assert page.locator(".driver-popover").count() == 0
        for asked in held:
            asked.continue_()
        box = page.locator(".driver-popover")
        box.wait_for()
        page.wait_for_function("""() => { const r = document.querySelector('.driver-popover').getBoundingClientRect();
            return r.left >= 0 && r.top >= 0 && r.right <= innerWidth && r.bottom <= innerHeight; }""")
        page.context.close()
