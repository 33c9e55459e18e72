"""A real browser, on a phone and on a desk: no barriers, no sideways scroll, letters and targets large enough."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from core.clock import now
from models.news import Announcement
from tests.admin_panel.conftest import DATA
from tests.browsers import on_a_port
from tests.conftest import PASSWORD

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
AXE = (DATA / "axe-core" / "axe.min.js").read_text("utf-8")
RULES = """where => axe.run(where,
  {resultTypes: ['violations'], preload: false,
  runOnly: {type: 'tag', values: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa']},
  rules: {'target-size': {enabled: true}}})
  .then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html.slice(0, 120)))"""
PROBE = """() => {
  const shown = e => { const r = e.getBoundingClientRect(); return r.width && r.height; };
  const box = e => ((e.type === 'checkbox' || e.type === 'radio') ? e.closest('label') : e).getBoundingClientRect();
  const small = [...document.querySelectorAll('a, button, input, select, textarea, summary')].filter(shown)
    .filter(e => e.type !== 'hidden' && !e.classList.contains('skip')).filter(e => box(e).height < 43.5);
  const tiny = [...document.querySelectorAll('body *')]
    .filter(e => !e.children.length && e.textContent.trim() && parseFloat(getComputedStyle(e).fontSize) < 16);
  const sideways = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  return [...small.map(e => 'small ' + e.outerHTML.slice(0, 100)),
    ...tiny.map(e => 'tiny ' + e.outerHTML.slice(0, 100)),
          ...(sideways > 0 ? ['sideways ' + sideways] : [])];
}"""


@pytest.fixture
def site(peopled) -> Iterator[str]:
    """The panel of a peopled world on a port of its own."""
    with on_a_port(peopled.app) as address:
        yield address


def signed_in(chromium: Chromium, panel, site: str, role: str, size: dict[str, int], **options: object) -> Page:
    page = chromium.new_context(viewport=size, bypass_csp=True, **options).new_page()
    page.goto(f"{site}/masuk")
    page.fill("#username", panel.with_password(role))
    page.fill("#password", PASSWORD)
    page.click("button.btn-block")
    page.wait_for_url("**/kopmin/")
    return page


def barriers(page: Page, where: str = "html") -> list[str]:
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE)
    return page.evaluate(RULES, where) + page.evaluate(PROBE)


def test_no_page_has_a_barrier_on_a_phone(chromium, walked, site):
    """Every page once, as the first of these people whom it opens to; what all pages share, on the first.

    Pages drawn from one template are looked at by the machine's whole list of rules once, all of them by our own.
    """
    found, seen, audited = {}, set(), set()
    page = chromium.new_context(viewport=PHONE, bypass_csp=True).new_page()
    page.goto(f"{site}/masuk")
    page.route(lambda way: "/static/" not in way, lambda asked: asked.abort())  # a page that asks on leads nowhere
    for role in ("bendahara", "ketua"):
        for rule, answer in walked(role).items():
            if rule in seen or (answer.status, answer.mimetype) != (200, "text/html"):
                continue
            page.set_content(answer.text)
            where, is_new = "#isi" if seen else "html", answer.template not in audited
            problems = barriers(page, where) if is_new else page.evaluate(PROBE)
            seen.add(rule), audited.add(answer.template)
            if problems:
                found[rule] = problems
    page.context.close()
    assert found == {}
    assert len(seen) > 60


@pytest.mark.parametrize(
    "path", ["/masuk", "/kopmin/", "/kopmin/anggota/list/", "/kopmin/jurnal/manual", "/kopmin/periode/"]
)
def test_no_page_has_a_barrier_on_a_desk(chromium, peopled, site, path):
    page = signed_in(chromium, peopled, site, "bendahara", DESK)
    page.goto(site + path)
    assert barriers(page) == []
    page.context.close()


def test_a_deposit_takes_five_taps_without_a_script(chromium, peopled, site):
    page = signed_in(chromium, peopled, site, "petugas", PHONE, java_script_enabled=False)
    page.click("main a:has-text('Setor') >> nth=0")
    page.fill("#cari", "siti")
    page.click("button:has-text('Cari')")
    page.select_option("#product_id", label="Simpanan Sukarela")
    page.fill("#amount_rp", "150.000")
    page.click("button:has-text('Simpan')")
    assert "Rp 150.000" in page.inner_text("main")
    page.context.close()


def test_the_menu_opens_and_closes_on_a_phone(chromium, peopled, site):
    page = signed_in(chromium, peopled, site, "ketua", PHONE)
    assert not page.is_visible("#menu")
    page.click(".to-menu")
    assert page.is_visible("#menu")
    page.keyboard.press("Escape")
    assert not page.is_visible("#menu")
    page.context.close()


def test_a_journal_grows_and_adds_up_while_typing(chromium, peopled, site):
    page = signed_in(chromium, peopled, site, "bendahara", DESK)
    page.goto(f"{site}/kopmin/jurnal/manual")
    rows = page.locator("tbody tr").count()
    page.click("[data-more]")
    assert page.locator("tbody tr").count() == rows + 1
    page.fill("[name='lines-0-debit']", "1250000")
    page.fill("[name='lines-1-credit']", "1000000")
    assert page.input_value("[name='lines-0-debit']") == "1.250.000"
    assert "selisih Rp 250.000" in page.inner_text("[data-sum]")
    page.context.close()


def test_what_cannot_be_taken_back_asks_first(chromium, peopled, site):
    page = signed_in(chromium, peopled, site, "ketua", PHONE)
    page.goto(f"{site}/kopmin/periode/")
    page.click("main button:has-text('Tutup') >> nth=-1")
    assert page.is_visible("dialog")
    page.click("dialog button:has-text('Batal')")
    assert page.url.endswith("/kopmin/periode/")
    page.click("main button:has-text('Tutup') >> nth=-1")
    page.click("dialog button[value=ya]")
    page.wait_for_selector("text=sekarang tertutup")
    page.context.close()


def test_a_name_that_is_a_script_stays_a_name(chromium, peopled, site):
    peopled.as_("petugas").post("/kopmin/anggota/daftar", {"name": "<img src=x onerror=alert(1)>"})
    page = signed_in(chromium, peopled, site, "ketua", PHONE)
    page.on("dialog", lambda _: pytest.fail("a script ran"))
    page.goto(f"{site}/kopmin/pendaftaran/list/")
    assert page.locator("img").count() == 0
    page.context.close()


def test_a_page_and_its_files_travel_light(chromium, peopled, site):
    page, sizes = signed_in(chromium, peopled, site, "ketua", PHONE), []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.goto(f"{site}/kopmin/bagan-akun/list/")
    assert len(sizes) <= 12
    assert sum(sizes) <= 120 * 1024
    page.context.close()


def test_two_quick_clicks_on_a_yes_are_one_yes_whatever_lies_below(peopled, site, chromium):
    who = peopled.world.ketua
    with peopled.world.transaction(who) as session:
        at = {"publish_at": now() + timedelta(days=1), "state": "published"}
        one = Announcement(coop_id=who.coop_id, title="Rapat", body="Pukul 09.00", created_by=who.user_id, **at)
        session.add(one)
    page = signed_in(chromium, peopled, site, "ketua", PHONE)
    page.goto(f"{site}/kopmin/pengumuman/{one.id}")
    assert page.get_by_text("Terjadwal").is_visible()
    assert not [told for told in page.evaluate(PROBE) if told.startswith("sideways")]
    page.get_by_role("button", name="Tarik pengumuman").click()
    page.evaluate("document.querySelector('main [data-confirm]').style.cssText = 'position:fixed;inset:0'")
    page.locator("dialog[open] [value=ya]").dblclick()
    page.get_by_text("Pengumuman ditarik.").wait_for()
