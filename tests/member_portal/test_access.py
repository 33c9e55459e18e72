"""Coming in by the one-time link, the account page, and where each person goes."""

import pytest

from models.access import LoginSession
from services.access.sign_in import one_time_link
from tests.conftest import PASSWORD
from tests.member_portal.conftest import Browser, Portal

NEW = "tiga kata rahasia"


def link(portal: Portal, username: str = "baru") -> str:
    """The link a pengurus would send to somebody without a password yet."""
    user_id = portal.user(username, None, {"anggota"})
    with portal.world.database.platform("test", writes=True) as session:
        return f"/tautan/{one_time_link(session, user_id)}"


def post_from(browser: Browser, page: str, address: str, **data: object) -> object:
    return browser.client.post(address, data={"csrf_token": browser.form_token(page), **data})


def test_the_link_sets_the_password_and_lets_its_owner_in(portal: Portal) -> None:
    address, browser = link(portal), portal.anyone()
    assert "Nama pengguna Anda <b>baru</b>" in browser.get(address).text
    assert post_from(browser, address, address, password=NEW).headers["Location"] == "/masuk"
    assert browser.get("/masuk").status_code == 302  # signed in, and sent on
    assert portal.anyone().sign_in("baru", NEW).status_code == 302


def test_a_link_works_once(portal: Portal) -> None:
    address, browser = link(portal), portal.anyone()
    token = browser.form_token(address)
    browser.client.post(address, data={"csrf_token": token, "password": NEW})
    for answer in (portal.anyone().get(address), portal.anyone().get("/tautan/unknown")):
        assert answer.status_code == 410
        assert "Minta tautan baru" in answer.text


@pytest.mark.parametrize("password", ["", "pendek", "koperasi123", "a" * 5000])
def test_a_weak_password_is_refused_beside_its_field_and_the_link_stays(portal: Portal, password: str) -> None:
    address, browser = link(portal), portal.anyone()
    answer = post_from(browser, address, address, password=password)
    assert answer.status_code == 422
    assert 'aria-describedby="salah aturan"' in answer.text
    assert browser.get(address).status_code == 200


def test_a_form_without_its_token_is_refused(portal: Portal) -> None:
    address = link(portal)
    assert portal.anyone().client.post(address, data={"password": NEW}).status_code == 400
    browser = portal.as_("siti")
    for path in ("/keluar", "/mykoperasi/akun/kata-sandi", "/mykoperasi/akun/perangkat", "/mykoperasi/akun/koperasi"):
        assert browser.client.post(path, data={}).status_code == 400


def test_a_new_password_ends_the_other_sessions(portal: Portal) -> None:
    here, elsewhere = portal.as_("siti"), portal.as_("siti")
    answer = here.post("/mykoperasi/akun/kata-sandi", {"current": PASSWORD, "password": NEW})
    assert answer.status_code == 302
    assert here.get("/mykoperasi/").status_code == 200
    assert elsewhere.get("/mykoperasi/").status_code == 302
    assert portal.anyone().sign_in("siti").status_code == 401


@pytest.mark.parametrize(
    ("current", "new", "field"), [("salah sekali", NEW, "current"), (PASSWORD, "pendek", "password")]
)
def test_a_refused_change_of_password_says_which_field(portal: Portal, current: str, new: str, field: str) -> None:
    answer = portal.as_("siti").post("/mykoperasi/akun/kata-sandi", {"current": current, "password": new})
    assert answer.status_code == 422
    assert f'id="{field}" name="{field}"' in answer.text
    assert answer.text.count("aria-invalid") == 1
    assert portal.anyone().sign_in("siti").status_code == 302


def test_devices_are_listed_and_one_can_be_ended(portal: Portal) -> None:
    here, phone = portal.as_("siti"), portal.as_("siti")
    text = here.get("/mykoperasi/akun").text
    assert text.count('name="perangkat"') == 1
    other = text.split('name="perangkat" value="')[1].split('"')[0]
    assert here.post("/mykoperasi/akun/perangkat", {"perangkat": other}).status_code == 302
    assert phone.get("/mykoperasi/").status_code == 302
    assert here.get("/mykoperasi/").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(portal: Portal) -> None:
    siti, joko = portal.as_("siti"), portal.as_("joko")
    with portal.world.database.platform("test") as session:
        newest = session.query(LoginSession).order_by(LoginSession.id.desc()).first()
    assert siti.post("/mykoperasi/akun/perangkat", {"perangkat": newest.id}).status_code == 404
    assert siti.post("/mykoperasi/akun/perangkat", {"perangkat": "x" * 50}).status_code == 404
    assert joko.get("/mykoperasi/").status_code == 200


def test_a_member_of_two_cooperatives_chooses_between_them(portal: Portal) -> None:
    portal.user("dua", portal.world.member("Dewi Dua"), {"anggota"})
    portal.user("dua", None, {"anggota"}, portal.world.other.id)
    browser = portal.as_("dua")
    assert "Koperasi Tetangga Jaya" in browser.get("/mykoperasi/akun").text
    assert browser.post("/mykoperasi/akun/koperasi", {"koperasi": portal.world.other.id}).status_code == 302
    assert "Koperasi Tetangga Jaya" in browser.get("/mykoperasi/akun").text.split("<main")[0]


def test_a_foreign_cooperative_cannot_be_chosen(portal: Portal) -> None:
    browser = portal.as_("siti")
    assert browser.post("/mykoperasi/akun/koperasi", {"koperasi": portal.world.other.id}).status_code == 403
    assert "Koperasi Maju Bersama" in browser.get("/mykoperasi/").text


def test_signing_out_is_a_post_and_ends_the_session(portal: Portal) -> None:
    browser = portal.as_("siti")
    assert browser.get("/keluar").status_code == 405
    assert browser.post("/keluar").status_code == 302
    assert browser.get("/mykoperasi/").headers["Location"].startswith("/masuk?next=")


def test_who_is_member_and_pengurus_chooses_where_to_go(portal: Portal) -> None:
    portal.user("dewi", portal.world.member("Dewi"), {"anggota", "bendahara"})
    browser = portal.anyone()
    assert browser.sign_in("dewi").headers["Location"].endswith("/pilih")
    text = browser.get("/pilih").text
    assert 'href="/mykoperasi/"' in text
    assert 'href="/kopmin/"' in text


def test_a_person_without_a_cooperative_still_reaches_the_account(portal: Portal) -> None:
    browser = portal.as_("siti")
    with portal.world.database.platform("test", writes=True) as session:
        session.query(LoginSession).update({"coop_id": None})
    assert browser.get("/mykoperasi/akun").status_code == 200
    assert browser.get("/mykoperasi/").status_code == 403
