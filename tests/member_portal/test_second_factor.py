"""The second factor through the pages: set up, asked at the door, switched off; Kopmin asks for it; the API, too."""

import re

import pyotp
import pytest

from core.clock import now
from models.access import User
from services.access import codes
from tests.conftest import PASSWORD
from tests.member_portal.conftest import Browser, Portal

PAGE = "/mykoperasi/akun/kode"
TOKEN = "/api/v1/security/login"
SPARE = re.compile(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>")


def code(portal: Portal, username: str = "siti", steps: int = 0) -> str:
    with portal.world.database.platform("test") as session:
        key = codes.key_of(session.query(User).filter(User.username == username).one())
    return pyotp.TOTP(key).at(now(), counter_offset=steps)


def protect(portal: Portal, browser: Browser, username: str = "siti") -> list[str]:
    """Set up by hand; the recovery codes as they were shown."""
    assert browser.post(f"{PAGE}/mulai", {"sandi": PASSWORD}).status_code == 302
    page = browser.get(PAGE).text
    assert "<svg" in page
    assert "<style" not in page
    wrong = browser.post(PAGE, {"kode": "000000"})
    assert wrong.status_code == 401
    assert "Kode tidak cocok" in wrong.text
    shown = browser.post(PAGE, {"kode": code(portal, username, -1)})
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    return SPARE.findall(shown.text)


def test_from_setting_up_to_switching_off(portal: Portal) -> None:
    browser, before = portal.as_("siti"), portal.as_("siti")
    assert browser.post(f"{PAGE}/mulai", {"sandi": "bukan ini"}).status_code == 401
    spare = protect(portal, browser)
    assert len(spare) == 10
    assert before.get("/mykoperasi/").status_code == 302  # what came in without a code is out
    assert "Aktif, 10 kode cadangan tersisa" in browser.get("/mykoperasi/akun").text

    door = portal.anyone()
    first = door.sign_in("siti")
    assert first.location == "/masuk/kode"
    assert door.get("/mykoperasi/").location.startswith("/masuk")
    assert door.get("/mykoperasi/").location.startswith("/masuk")  # asking does not lose the place in the queue
    assert door.get("/masuk").location == "/masuk/kode"
    page = door.get("/masuk/kode")
    assert page.headers["Cache-Control"] == "no-store"
    wrong = door.client.post("/masuk/kode", data={"csrf_token": door.form_token("/masuk/kode"), "code": "000000"})
    assert wrong.status_code == 401
    assert "Kode tidak cocok" in wrong.text
    given = {"csrf_token": door.form_token("/masuk/kode"), "code": code(portal)}
    assert door.client.post("/masuk/kode?next=/mykoperasi/simpanan", data=given).location == "/mykoperasi/simpanan"
    assert "Siti" in door.get("/mykoperasi/akun").text

    lost = portal.anyone()
    lost.sign_in("siti")
    given = {"csrf_token": lost.form_token("/masuk/kode"), "code": spare[3]}
    assert lost.client.post("/masuk/kode?next=//evil.id", data=given).location == "/mykoperasi/"
    again = portal.anyone()
    again.sign_in("siti")
    given = {"csrf_token": again.form_token("/masuk/kode"), "code": spare[3]}
    used = again.client.post("/masuk/kode", data=given)
    assert used.status_code == 401
    assert '<details class="fold" open>' in used.text
    given = {"csrf_token": again.form_token("/masuk/kode"), "batal": "1"}
    assert again.client.post("/masuk/kode", data=given).location == "/masuk"
    assert again.get("/masuk").status_code == 200

    renewed = browser.post(f"{PAGE}/cadangan", {"kode": spare[0]})
    assert len(SPARE.findall(renewed.text)) == 10
    assert browser.post(f"{PAGE}/cadangan", {"kode": spare[1]}).status_code == 401
    fresh = SPARE.findall(renewed.text)
    assert browser.post(f"{PAGE}/matikan", {"sandi": "bukan", "kode": fresh[0]}).status_code == 401
    assert browser.post(f"{PAGE}/matikan", {"sandi": PASSWORD, "kode": "x"}).status_code == 401
    assert browser.post(f"{PAGE}/matikan", {"sandi": PASSWORD, "kode": fresh[0]}).status_code == 302
    assert portal.anyone().sign_in("siti").location == "/mykoperasi/"


def test_a_token_needs_the_code_as_well(portal: Portal) -> None:
    protect(portal, portal.as_("siti"))
    client, known = portal.app.test_client(), {"username": "siti", "password": PASSWORD}
    for otp in ({}, {"otp": ""}, {"otp": 123456}, {"otp": None}, {"otp": ["x"]}):
        answer = client.post(TOKEN, json=known | otp)
        assert answer.status_code == 401
        assert answer.mimetype == "application/problem+json"
        assert answer.json["type"] == "urn:ekopz:access.code_missing"
    assert client.post(TOKEN, json=known | {"otp": "000000"}).json["type"] == "urn:ekopz:access.code_wrong"
    right = known | {"otp": code(portal)}
    assert "access_token" in client.post(TOKEN, json=right).json
    assert client.post(TOKEN, json=right).status_code == 401  # once


def test_nobody_is_asked_for_a_code_out_of_the_blue(portal: Portal) -> None:
    assert portal.anyone().get("/masuk/kode").location == "/masuk"
    assert portal.as_("siti").post("/masuk/kode", {"code": "123456"}).status_code == 302


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/cadangan", f"{PAGE}/matikan"])
def test_without_a_factor_its_forms_do_nothing(portal: Portal, path: str) -> None:
    answer = portal.as_("siti").post(path, {"kode": "123456", "sandi": PASSWORD})
    assert answer.status_code in (401, 409)
    assert "Kode" in answer.text


def test_kopmin_asks_whoever_moves_money(portal: Portal) -> None:
    portal.user("budi", None, {"bendahara"})
    portal.user("kartika", None, {"ketua"})
    portal.user("sari", None, {"pengelola_toko"})
    ketua, bendahara = portal.as_("kartika"), portal.as_("budi")
    assert "Lindungi akun Anda" in bendahara.get("/kopmin/").text
    assert "Lindungi akun Anda" not in portal.as_("sari").get("/kopmin/").text
    assert bendahara.post("/kopmin/pengguna/kode-kedua", {"wajib": "ya"}).status_code == 403
    assert ketua.post("/kopmin/pengguna/kode-kedua", {"wajib": "ya"}).status_code == 302

    for page in ("/kopmin/", "/kopmin/simpanan/setor", "/kopmin/pengguna/"):
        assert bendahara.get(page).location == PAGE
    assert bendahara.post("/kopmin/simpanan/setor", {}).location == PAGE
    assert "mewajibkan kode kedua" in bendahara.get(PAGE).text
    assert portal.as_("sari").get("/kopmin/").status_code == 200  # moves no money
    protect(portal, bendahara, "budi")
    assert bendahara.get("/kopmin/").status_code == 200

    protect(portal, ketua, "kartika")
    with portal.world.database.platform("test") as session:
        ids = {user.username: user.id for user in session.query(User)}
    assert "Atur ulang kode kedua" in ketua.get(f"/kopmin/pengguna/{ids['budi']}").text
    assert ketua.get(f"/kopmin/pengguna/{ids['budi']}/kode-kedua").status_code == 200
    assert ketua.post(f"/kopmin/pengguna/{ids['budi']}/kode-kedua").status_code == 302
    assert bendahara.get("/kopmin/").status_code == 302  # out, everywhere
    ketua.post(f"/kopmin/pengguna/{ids['kartika']}/kode-kedua")
    assert portal.anyone().sign_in("kartika").location == "/masuk/kode"  # not one's own
    ketua.post("/kopmin/pengguna/kode-kedua", {"wajib": "tidak"})
    assert portal.as_("budi").get("/kopmin/").status_code == 200
