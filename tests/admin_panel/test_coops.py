"""The first steps and the practice cooperative on the screen: each button, twice, by the wrong person, odd values."""

import re

import pytest
from sqlalchemy import func, select

from models.access import User
from models.coops import Coop, SetupMark
from models.members import Member
from services.coops import practice
from services.coops.practice_story import SITI
from services.members import commands as members
from tests.admin_panel.conftest import Browser, Panel
from tests.journeys.conftest import employ

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def founder(panel: Panel) -> Browser:
    """Ketua and bendahara in one person, as whoever has just registered."""
    return panel.as_(employ(panel.world, "sri", {"ketua", "bendahara"}))


def rows(*names: str) -> dict[str, str]:
    sent = {}
    for place, name in enumerate(names):
        sent |= {f"lines-{place}-number": f"{place + 1:04d}", f"lines-{place}-name": name, f"lines-{place}-phone": ""}
    return sent


def test_the_card_leads_through_the_steps_until_they_are_done(panel: Panel, founder: Browser) -> None:
    assert "Mulai memakai eKopz" in founder.get("/kopmin/").text
    assert "2 dari 8 selesai" in founder.get("/kopmin/mulai/").text  # the chart and the others of this world
    profile = {"name": "Koperasi Maju Bersama", "zone": "WIB", "address": "Jalan 1", "phone": "0274", "legal_no": "A-1"}
    assert founder.post("/kopmin/profil/?next=/kopmin/mulai/", profile).location == "/kopmin/mulai/"
    assert founder.post("/kopmin/profil/?next=//evil.id", profile).location == "/kopmin/profil/"
    amounts = {"share_rp": "150.000", "mandatory_rp": "25.000"}
    assert founder.post("/kopmin/mulai/simpanan", amounts).location == "/kopmin/mulai/"
    assert founder.post("/kopmin/mulai/anggota", rows("Bu Siti", "", "Pak Joko")).location == "/kopmin/mulai/"
    founder.post("/kopmin/mulai/nol")
    founder.post("/kopmin/mulai/nanti/deposit")
    page = founder.get("/kopmin/mulai/").text
    assert "7 dari 8 selesai" in page
    assert "Simpanan Pokok (Rp 150.000)" in founder.get("/kopmin/simpanan/setor?cari=Siti").text
    assert "Mulai memakai eKopz" not in founder.get("/kopmin/").text


def test_two_clicks_on_members_enroll_once(panel: Panel, founder: Browser) -> None:
    for _ in range(2):
        assert founder.post("/kopmin/mulai/anggota", rows("Bu Siti")).status_code == 302
    answer = founder.post("/kopmin/mulai/anggota", rows("Bu Ani"))
    assert answer.status_code == 422
    assert "0001" in answer.text
    with panel.world.reading() as session:
        assert session.scalar(select(func.count()).select_from(Member)) == 1


def test_a_colleague_is_invited_by_whatsapp(panel: Panel, founder: Browser) -> None:
    sent = {"full_name": "Budi Santoso", "phone": "0812 3456 7890", "role": "bendahara"}
    page = founder.post("/kopmin/mulai/pengurus", sent).text
    assert "https://wa.me/6281234567890?text=Halo%20Budi%20Santoso" in page
    link = re.search(r'value="[^"]*(/tautan/[^"]+)"', page)[1]
    assert "budi.santoso" in panel.anyone().get(link).text
    again = founder.post("/kopmin/mulai/pengurus", sent).text
    assert "budi.santoso2" in again
    plain = founder.post("/kopmin/mulai/pengurus", {"full_name": "安", "phone": "x", "role": "petugas"}).text
    assert "https://wa.me/?text=" in plain


def test_odd_values_are_refused_in_words_and_scripts_are_text(panel: Panel, founder: Browser) -> None:
    refused = [
        founder.post("/kopmin/mulai/simpanan", {"share_rp": "-5", "mandatory_rp": "1,5"}),
        founder.post("/kopmin/mulai/anggota", rows(" ")),
        founder.post("/kopmin/mulai/pengurus", {"full_name": "", "role": "operator_platform"}),
        founder.post("/kopmin/mulai/pengurus", {"full_name": "Budi", "role": "operator_platform"}),
    ]
    assert [answer.status_code for answer in refused] == [422] * 4
    founder.post("/kopmin/mulai/anggota", rows(EVIL))
    pages = [
        founder.post("/kopmin/mulai/pengurus", {"full_name": EVIL, "phone": EVIL, "role": "petugas"}),
        founder.post("/kopmin/mulai/anggota", rows(EVIL, EVIL) | {"lines-1-number": EVIL}),
        founder.post("/kopmin/mulai/nanti/nosuch", follow_redirects=True),
        founder.get("/kopmin/simpanan/setor?cari=script"),
    ]
    assert all(EVIL not in page.text and page.status_code < 500 for page in pages)
    with panel.world.reading() as session:
        assert session.scalar(select(func.count()).select_from(SetupMark)) == 0


def test_who_may_not_set_up_sees_no_card_and_no_page(panel: Panel) -> None:
    petugas = panel.as_("petugas")
    assert "Mulai memakai eKopz" not in petugas.get("/kopmin/").text
    assert petugas.get("/kopmin/mulai/").status_code == 403
    for path in ("nol", "nanti/legal", "simpanan", "anggota", "pengurus"):
        assert petugas.post(f"/kopmin/mulai/{path}").status_code == 403


def test_one_tap_into_practice_and_one_tap_home(panel: Panel) -> None:
    petugas = panel.as_("petugas")
    assert "Mulai latihan" in petugas.get("/kopmin/latihan/").text
    petugas.post("/kopmin/latihan/buka")
    page = petugas.get("/kopmin/latihan/").text
    assert "LATIHAN." in page
    assert "0 dari 6 tugas selesai" in page
    assert "LATIHAN." in petugas.get("/kopmin/simpanan/setor").text
    assert "LATIHAN." in petugas.get("/mykoperasi/akun").text
    assert SITI in petugas.get("/kopmin/simpanan/setor?cari=bu").text
    wrong = petugas.post("/kopmin/latihan/jawab", {"answer": "1"}, follow_redirects=True).text
    assert "Belum cocok" in wrong
    assert "rupiah bulat" in petugas.post("/kopmin/latihan/jawab", {"answer": EVIL}, follow_redirects=True).text
    assert petugas.get("/kopmin/latihan/sertifikat.pdf").status_code == 404
    petugas.post("/kopmin/latihan/buka")
    petugas.post("/kopmin/latihan/pulang")
    home = petugas.get("/kopmin/simpanan/setor?cari=bu").text
    assert "LATIHAN." not in home
    assert SITI not in home
    with panel.world.database.platform("test") as session:
        assert session.scalar(select(func.count()).select_from(Coop).where(Coop.practice_of_id.is_not(None))) == 1


def test_beginning_anew_and_the_certificate(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    who = panel.world.petugas
    petugas = panel.as_("petugas")
    petugas.post("/kopmin/latihan/buka")
    petugas.post("/kopmin/latihan/mulai-ulang")
    coop = practice.open_own(panel.world.database, who)
    assert coop.slug.endswith("-2")
    done = {task.key: True for task in practice._TASKS}
    monkeypatch.setattr(practice, "_done", lambda *_: done)
    assert "Hebat" in petugas.get("/kopmin/latihan/").text
    paper = petugas.get("/kopmin/latihan/sertifikat.pdf")
    assert paper.data.startswith(b"%PDF")
    for _ in range(practice.STARTS_A_DAY):
        said = petugas.post("/kopmin/latihan/mulai-ulang", follow_redirects=True).text
    assert "lima kali hari ini" in said


def test_the_trainers_have_no_way_in_and_nobody_else_comes_into_ones_practice(panel: Panel) -> None:
    coop = practice.open_own(panel.world.database, panel.world.petugas)
    with panel.world.database.platform("test") as session:
        trainers = session.query(User).filter(User.username.endswith(coop.slug)).all()
        assert [user.password_hash for user in trainers] == [None, None]
    other = panel.as_("ketua")
    other.post("/mykoperasi/akun/koperasi", {"koperasi": str(coop.id)})
    assert "LATIHAN." not in other.get("/kopmin/").text
    with panel.world.reading(panel.world.ketua) as session:
        assert members.next_number(session, panel.world.ketua) == "0001"
