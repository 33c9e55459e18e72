"""What people see first: the public home, and their own savings."""

import re

from models.coops import Coop
from tests.member_portal.conftest import Browser, Portal, lend


def home(portal: Portal, username: str = "siti") -> str:
    return portal.as_(username).get("/mykoperasi/").text


def demo(portal: Portal) -> None:
    with portal.world.database.platform("test", writes=True) as session:
        session.get_one(Coop, portal.world.coop.id).is_demo = True


def test_the_public_home_tells_what_ekopz_is_and_where_to_sign_in(portal: Portal) -> None:
    page = portal.anyone().get("/")
    assert page.status_code == 200
    assert "Koperasi yang rapi" in page.text
    assert 'href="/masuk"' in page.text
    assert "Pengurus" in page.text
    assert "Pengawas" in page.text


def test_a_member_who_signs_in_meets_their_total_first(portal: Portal) -> None:
    browser = portal.anyone()
    answer = browser.sign_in("siti")
    assert answer.headers["Location"].endswith("/mykoperasi/")
    text = browser.get("/mykoperasi/").text
    assert (
        text.index("Rp 900.000") < text.index("Simpanan Pokok") < text.index("Tagihan") < text.index("Mutasi terakhir")
    )
    for figure in ("Rp 100.000", "Rp 50.000", "Rp 750.000"):
        assert figure in text


def test_unpaid_bills_are_named_with_their_month(portal: Portal) -> None:
    text = home(portal)
    assert "Simpanan Wajib, Maret 2026" in text
    assert "Februari 2026</span><b>" not in text  # the month that was paid


def test_a_member_without_debts_reads_that_all_is_paid(portal: Portal) -> None:
    assert "Semua tagihan sudah lunas" in home(portal, "joko")  # Joko's deposit of 150.000 covered both months


def test_the_loan_taken_over_is_shown_with_what_is_left(portal: Portal) -> None:
    lend(portal, "Siti")
    text = home(portal)
    assert "Sisa pinjaman" in text
    assert "Rp 7.500.000" in text
    assert "SA/" in text
    assert "Sisa pinjaman" not in home(portal, "joko")


def test_demo_data_is_marked_on_every_page_of_the_member_area(portal: Portal) -> None:
    browser = portal.as_("siti")
    assert "DATA CONTOH" not in browser.get("/mykoperasi/").text
    demo(portal)
    for address in (
        "/mykoperasi/",
        "/mykoperasi/mutasi",
        "/mykoperasi/kuitansi",
        "/mykoperasi/kartu",
        "/mykoperasi/akun",
    ):
        assert "DATA CONTOH" in browser.get(address).text


def test_the_way_to_help_stands_in_the_head_of_every_page(portal: Portal) -> None:
    browser = portal.as_("siti")
    for address in ("/", "/bantuan", "/mykoperasi/", "/mykoperasi/akun", "/v/unknown"):
        head = browser.get(address).text.split("<main")[0]
        assert re.search(r'class="help( new)?" href="/bantuan(/tur/[\w.]+)?"', head), address


def test_help_leads_to_the_cooperatives_own_whatsapp(portal: Portal) -> None:
    with portal.world.database.platform("test", writes=True) as session:
        session.get_one(Coop, portal.world.coop.id).phone = "0812-3456-7890"
    assert "https://wa.me/6281234567890?text=" in portal.as_("siti").get("/bantuan").text
    assert "wa.me" not in portal.anyone().get("/bantuan").text


def test_larger_letters_are_remembered_and_never_lead_off_the_site(portal: Portal) -> None:
    browser = Browser(portal.app.test_client())
    answer = browser.get("/teks/besar?next=/bantuan")
    assert answer.headers["Location"] == "/bantuan"
    assert 'class="teks-besar"' in browser.get("/").text
    assert browser.get("/teks/biasa?next=//evil.example").headers["Location"] == "/"
    assert browser.get("/teks/raksasa").status_code == 404


def test_pages_of_a_person_are_kept_by_nobody(portal: Portal) -> None:
    assert portal.as_("siti").get("/mykoperasi/").headers["Cache-Control"] == "no-store"


def test_a_pengurus_without_member_number_is_told_the_way_on(portal: Portal) -> None:
    portal.user("kosong", None, {"bendahara", "anggota"})
    answer = portal.as_("kosong").get("/mykoperasi/")
    assert answer.status_code == 403
    assert "belum terhubung dengan nomor anggota" in answer.text
    assert 'href="/kopmin/"' in answer.text
