"""From the landing to the first real deposit in a browser: every tap counted, and every field typed into."""

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from models.access import User
from models.coops import Coop
from models.savings import Receipt
from services.ledger.checks import check_books
from tests.admin_panel.conftest import Panel
from tests.browsers import on_a_port
from tests.conftest import PASSWORD

MOST_TAPS = 35
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


class Hand:
    """A person at a page: everything they touch counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def press(self, name: str, role: str = "button") -> None:
        self.taps += 1
        self.page.get_by_role("main").get_by_role(role, name=name).first.click()

    def follow(self, name: str) -> None:
        self.press(name, "link")

    def write(self, label: str, text: str) -> None:
        self.taps += 1
        self.page.get_by_label(label, exact=False).first.fill(text)


def register(hand: Hand, page: Page, site: str) -> None:
    page.goto(site)
    hand.follow("Daftarkan koperasi")
    hand.write("Nama koperasi", "Koperasi Mekar Jaya")
    hand.write("Kota", "Bantul")
    hand.write("Nama lengkap", "Sri Rahayu")
    hand.write("Surel", "sri@contoh.id")
    hand.write("WhatsApp", "081234567890")
    hand.write("Nama pengguna", "sri.rahayu")
    hand.write("Kata sandi", PASSWORD)
    hand.taps += 1
    page.get_by_text("Saya setuju").click()
    page.wait_for_timeout(3_100)  # nobody is faster than this
    hand.press("Daftarkan koperasi")
    page.wait_for_url("**/kopmin/mulai/")


def set_up(hand: Hand, page: Page) -> None:
    hand.follow("Isi profil")
    hand.write("Nomor badan hukum", "AHU-0001")
    hand.write("Alamat", "Jalan Merdeka 1")
    hand.press("Simpan")
    hand.follow("Isi jumlahnya")
    hand.write("Simpanan wajib", "50.000")
    hand.press("Simpan")
    hand.follow("Undang pengurus")
    hand.write("Nama lengkap", "Budi Santoso")
    hand.write("WhatsApp", "081234567891")
    hand.press("Buat undangan")
    hand.follow("Selesai")
    hand.follow("Masukkan anggota")
    for place, name in enumerate(("Bu Siti", "Pak Joko", "Bu Ani"), 1):
        hand.write(f"Nama {place}", name)
    hand.press("Simpan anggota")
    hand.press("Mulai dari nol")


def deposit(hand: Hand, page: Page) -> None:
    hand.follow("Catat setoran")
    hand.write("Jumlah", "200000")
    hand.press("Simpan dan buat kuitansi")
    page.wait_for_url("**/kuitansi/show/*")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_from_the_landing_to_the_first_deposit(
    panel: Panel, chromium: Chromium, size: dict[str, int], pytestconfig: pytest.Config
) -> None:
    if size is DESK and not pytestconfig.getoption("--long"):
        pytest.skip("the desk's turn comes in the long form")
    with on_a_port(panel.app) as site:
        page = chromium.new_context(viewport=size).new_page()
        hand = Hand(page)
        register(hand, page, site)
        assert page.get_by_text("1 dari 8 selesai").is_visible()
        set_up(hand, page)
        assert page.get_by_text("7 dari 8 selesai").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        deposit(hand, page)
        receipt = page.url.rsplit("/", 1)[1]
        page.goto(f"{site}/kopmin/")
        assert page.get_by_text("Mulai memakai eKopz").count() == 0
        page.context.close()
    assert hand.taps <= MOST_TAPS, hand.taps
    with panel.world.database.platform("test") as session:
        coop = session.query(Coop).filter(Coop.slug == "mekar-jaya").one()
        assert session.query(User).filter(User.username == "budi.santoso").count() == 1
    with panel.world.reading(coop.id) as session:
        assert session.get_one(Receipt, int(receipt)).amount_rp == 200_000
        assert check_books(session, coop.id) == []
