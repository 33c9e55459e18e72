"""From nobody to a member: an account of one's own, a claim that tells nothing, a decision, and the savings."""

import re
from datetime import date
from urllib.parse import urlencode

import pytest

from models.access import SignInAttempt, User
from models.members import Member, MembershipClaim
from services.access.registration import PER_ADDRESS
from services.members import claims
from services.members import commands as members
from tests.conftest import PASSWORD
from tests.member_portal.conftest import Browser, Portal

BORN, NIK = date(1990, 1, 1), "3201010101900001"
DEWI = {"full_name": "Dewi Baru", "username": "dewi.baru", "email": "", "password": PASSWORD, "setuju": "ya"}


def dewi(portal: Portal) -> Member:
    """A member who has no account yet."""
    world, data = portal.world, members.PersonData(name="Dewi Baru", nik=NIK, birth_on=BORN)
    with world.transaction(world.petugas) as session:
        applied = members.apply(session, world.petugas, data, applied_on=date(2026, 1, 5))
    with world.transaction(world.ketua) as session:
        return members.approve(session, world.ketua, applied.id, joined_on=date(2026, 1, 5))


def registered(portal: Portal) -> Browser:
    browser = portal.anyone()
    answer = browser.client.post("/daftar", data=DEWI | {"csrf_token": browser.form_token("/daftar")})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/klaim")
    return browser


def told(portal: Portal, **changes: object) -> dict[str, object]:
    return {"koperasi": portal.world.coop.id, "nomor": "0003", "lahir": "1990-01-01", "ktp": "", **changes}


def kept(portal: Portal) -> list[MembershipClaim]:
    with portal.world.reading() as session:
        return session.query(MembershipClaim).all()


def test_the_way_in_stands_on_the_front_page_and_at_the_door(portal: Portal) -> None:
    for address in ("/", "/masuk"):
        assert 'href="/daftar"' in portal.anyone().get(address).text
    portal.user("kosong", None, {"bendahara", "anggota"})
    assert 'href="/klaim"' in portal.as_("kosong").get("/mykoperasi/").text


def test_the_link_that_pengurus_give_out_still_names_their_cooperative_after_the_door(portal: Portal) -> None:
    link = f"/klaim?koperasi={portal.world.coop.id}"
    door = portal.anyone().get(link).location
    browser, way = portal.anyone(), re.search(r'href="(/daftar\?next=[^"]+)"', portal.anyone().get(door).text)[1]
    answer = browser.client.post(way, data=DEWI | {"csrf_token": browser.form_token(way)})
    assert answer.location == link
    for wanted, reached in ((link, link), ("//evil.id/klaim?koperasi=1", "/"), ("/kopmin/", "/")):
        later, door = portal.anyone(), f"/masuk?{urlencode({'next': wanted})}"
        typed = {"csrf_token": later.form_token(door), "username": DEWI["username"], "password": DEWI["password"]}
        assert later.client.post(door, data=typed).location == reached


def test_from_an_account_to_ones_own_savings(portal: Portal) -> None:
    member, browser = dewi(portal), registered(portal)
    assert browser.get("/mykoperasi/").status_code == 403
    assert browser.post("/klaim", told(portal)).headers["Location"] == "/klaim"
    assert "Menunggu" in browser.get("/klaim").text
    ketua = portal.world.ketua
    with portal.world.transaction(ketua) as session:
        claims.approve(session, ketua, kept(portal)[0].id)
    text = browser.get("/klaim").text
    assert "Disetujui" in text
    assert "sudah terhubung dengan anggota Koperasi Maju Bersama" in text
    assert "Total simpanan" in browser.get("/mykoperasi/").text
    assert member.number in browser.get("/mykoperasi/kartu").text


def test_a_cooperative_is_found_by_its_name_and_none_is_listed_unasked(portal: Portal) -> None:
    browser = registered(portal)
    assert "Maju Bersama" not in browser.get("/klaim").text
    found = browser.get("/klaim?cari=maju").text
    assert f'href="/klaim?koperasi={portal.world.coop.id}"' in found
    assert "Tetangga" not in found
    for words in ("ma", "%25%25%25", "___", "zzz"):
        assert "/klaim?koperasi=" not in browser.get(f"/klaim?cari={words}").text
    assert 'name="nomor"' in browser.get(f"/klaim?koperasi={portal.world.coop.id}").text
    assert 'name="cari"' in browser.get(f"/klaim?koperasi={10**18}").text


def test_a_double_click_claims_once(portal: Portal) -> None:
    dewi(portal)
    browser = registered(portal)
    assert [browser.post("/klaim", told(portal)).status_code for _ in range(2)] == [302, 302]
    assert len(kept(portal)) == 1


def test_a_declined_claim_tells_its_reason(portal: Portal) -> None:
    dewi(portal)
    browser, ketua = registered(portal), portal.world.ketua
    browser.post("/klaim", told(portal, lahir="", ktp="3201 0101 0190 0001"))
    with portal.world.transaction(ketua) as session:
        claims.reject(session, ketua, kept(portal)[0].id, reason="Datang ke kantor dulu")
    assert "Alasan: Datang ke kantor dulu" in browser.get("/klaim").text
    assert "Datang ke kantor" not in portal.as_("siti").get("/klaim").text


def test_a_wrong_claim_never_tells_what_was_wrong(portal: Portal) -> None:
    """A number nobody has, a wrong birth date, a member with a user, another cooperative: one answer, values kept."""
    dewi(portal)
    browser, said = registered(portal), set()
    for changes in ({"nomor": "9999"}, {"lahir": "1991-02-03"}, {"nomor": "0001"}, {"koperasi": portal.world.other.id}):
        answer = browser.post("/klaim", told(portal, **changes))
        assert answer.status_code == 422
        assert f'value="{changes.get("nomor", "0003")}"' in answer.text
        said.add(answer.text.split('role="alert">')[1].split("<")[0])
    assert len(said) == 1
    assert kept(portal) == []


def test_tries_end_for_the_day(portal: Portal) -> None:
    dewi(portal)
    browser = registered(portal)
    answers = [browser.post("/klaim", told(portal, nomor=str(n))).status_code for n in range(claims.PER_USER + 1)]
    assert answers == [422] * claims.PER_USER + [429]
    assert f"{claims.PER_USER} kali salah" in browser.get(f"/klaim?koperasi={portal.world.coop.id}").text
    assert browser.post("/klaim", told(portal)).status_code == 429


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"koperasi": ""}, "pilih dulu koperasi"),
        ({"lahir": "", "ktp": ""}, "isi nomor anggota, dan tanggal lahir"),
        ({"nomor": " "}, "isi nomor anggota"),
        ({"lahir": "31 Februari 1990"}, "tidak ada dalam kalender"),
    ],
)
def test_what_cannot_be_read_is_no_try(portal: Portal, changes: dict[str, str], said: str) -> None:
    browser = registered(portal)
    answer = browser.post("/klaim", told(portal, **changes))
    assert answer.status_code == 422
    assert said in answer.text
    with portal.world.database.platform("test") as session:
        assert session.query(SignInAttempt).filter(SignInAttempt.account.startswith(":klaim")).count() == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"username": "siti"}, "sudah dipakai"),
        ({"username": "a b"}, "huruf kecil"),
        ({"full_name": " "}, "Nama lengkap"),
        ({"email": "bukan email"}, "Email"),
        ({"password": "pendek"}, "Kata sandi"),
    ],
)
def test_a_refused_registration_keeps_all_but_the_password(portal: Portal, changes: dict[str, str], said: str) -> None:
    browser = portal.anyone()
    answer = browser.client.post("/daftar", data=DEWI | changes | {"csrf_token": browser.form_token("/daftar")})
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{(DEWI | changes)["username"]}"' in answer.text
    assert (DEWI | changes)["password"] not in answer.text
    with portal.world.database.platform("test") as session:
        assert session.query(User).filter(User.username == "dewi.baru").count() == 0


def test_registrations_of_one_address_end(portal: Portal) -> None:
    browser = portal.anyone()
    form = DEWI | {"username": "x y", "csrf_token": browser.form_token("/daftar")}
    answers = [browser.client.post("/daftar", data=form).status_code for _ in range(PER_ADDRESS + 1)]
    assert answers == [422] * PER_ADDRESS + [429]


def test_who_has_an_account_is_not_asked_to_register(portal: Portal) -> None:
    assert portal.as_("siti").get("/daftar").headers["Location"] == "/klaim"
    assert portal.anyone().get("/klaim").headers["Location"].startswith("/masuk?next=/klaim")
    assert portal.anyone().post("/klaim").status_code == 401
