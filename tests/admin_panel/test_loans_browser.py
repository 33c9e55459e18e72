"""A loan as people make it in a browser: asked, analysed, agreed twice, paid out, paid back, ended; clicks counted."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from models.loans import Loan
from tests.admin_panel.test_browser import DESK, PHONE, barriers, signed_in
from tests.browsers import on_a_port
from tests.loans import story


@pytest.fixture
def site(panel) -> Iterator[str]:
    with on_a_port(panel.app) as address:
        yield address


class Hand:
    """A person at a browser; every click and every yes is counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.found = page, 0, {}

    def click(self, what: str) -> None:
        self.page.click(what)
        self.clicks += 1
        self.page.wait_for_load_state()

    def agree(self, what: str) -> None:
        """The button, and the yes to its question."""
        self.click(what)
        with self.page.expect_navigation():  # the form is sent once the dialog has closed
            self.click("dialog button[value=ya]")

    def look(self, name: str) -> None:
        for size in (PHONE, DESK):
            self.page.set_viewport_size(size)
            if problems := barriers(self.page):
                self.found[name, size["width"]] = problems

    def text(self) -> str:
        return self.page.inner_text("main")


def test_a_loan_from_wish_to_end(chromium, panel, site):
    story.product(panel.world, times_savings=story.percent("10"))
    story.saver(panel.world)
    hands = {role: Hand(signed_in(chromium, panel, site, role, DESK)) for role in ("petugas", "bendahara", "ketua")}
    clerk, treasurer, chair = hands["petugas"], hands["bendahara"], hands["ketua"]

    clerk.page.goto(f"{site}/kopmin/pinjaman/ajukan?cari=siti")
    for field, value in (
        ("asked_on", "2026-01-10"),
        ("asked_rp", "12000000"),
        ("purpose", "Warung"),
        ("salary_rp", "5000000"),
    ):
        clerk.page.fill(f"#{field}", value)
    clerk.click("button:has-text('Hitung')")
    assert "Rp 1.120.000" in clerk.text()
    clerk.look("asking")
    clerk.click("button:has-text('Simpan pengajuan')")
    assert "menunggu analisis" in clerk.text()

    treasurer.page.goto(f"{site}/kopmin/")
    treasurer.click("a.tile:has-text('Analisis pinjaman')")
    treasurer.click("a:has-text('Analisis') >> nth=-1")
    treasurer.look("analysis")
    treasurer.click("button:has-text('Simpan analisis')")
    treasurer.agree("button:has-text('Setujui')")
    assert "disetujui" in treasurer.text()

    chair.page.goto(f"{site}/kopmin/")
    chair.clicks = 0
    chair.click("a.tile:has-text('Putuskan pinjaman')")
    chair.agree("button:has-text('Setujui')")
    assert chair.clicks <= 3
    chair.page.wait_for_selector("main >> text=disetujui")
    chair.look("approved")

    loan_id = int(chair.page.url.rsplit("/", 1)[1])
    treasurer.page.goto(f"{site}/kopmin/pinjaman/{loan_id}/cairkan?cair=2026-01-12&tempo=2026-02-12")
    treasurer.look("paying out")
    treasurer.agree("button:has-text('Cairkan Rp 12.000.000')")
    treasurer.page.wait_for_url("**/kuitansi/show/**")

    clerk.page.goto(f"{site}/kopmin/angsuran/terima?cari=siti")
    clerk.look("installment")
    clerk.page.fill("#amount_rp", "1120000")
    clerk.page.fill("#paid_on", "2026-02-12")
    clerk.click("button:has-text('Simpan dan buat kuitansi')")
    assert "Rp 1.120.000" in clerk.text()

    clerk.page.goto(f"{site}/kopmin/angsuran/{loan_id}/lunasi?per=2026-03-12")
    clerk.look("early end")
    clerk.agree("button:has-text('Terima Rp 11.120.000')")
    clerk.page.wait_for_url("**/kuitansi/show/**")
    clerk.page.goto(f"{site}/kopmin/pinjaman/show/{loan_id}")
    clerk.look("settled")
    assert "Lunas" in clerk.text()
    with panel.world.reading() as session:
        assert session.get_one(Loan, loan_id).state == "settled"
    assert {name: problems for hand in hands.values() for name, problems in hand.found.items()} == {}
    for hand in hands.values():
        hand.page.context.close()


def test_an_installment_needs_no_script(chromium, panel, site):
    loan_id = story.disbursed(panel.world, story.saver(panel.world), story.product(panel.world))
    page = signed_in(chromium, panel, site, "petugas", PHONE, java_script_enabled=False)
    page.click("main a:has-text('Terima angsuran') >> nth=0")
    page.fill("#cari", "siti")
    page.click("button:has-text('Cari')")
    page.fill("#amount_rp", "1.120.000")
    page.fill("#paid_on", "2026-02-12")
    page.click("button:has-text('Simpan')")
    assert "Rp 1.120.000" in page.inner_text("main")
    with panel.world.reading() as session:
        assert session.get_one(Loan, loan_id).outstanding_rp == 11_000_000
    page.context.close()
