"""Coming in, staying in, going out."""

import re
from html import unescape

import pytest
from sqlalchemy import update

from models.access import CoopUser, User
from services.access import sign_in
from tests.admin_panel.conftest import Browser
from tests.conftest import PASSWORD
from web.request import TOKEN

FROM_HERE = {"Origin": "http://localhost"}
PASSWORD_PAGE = "/mykoperasi/akun/kata-sandi"


def kept(answer):
    """What a refusal's page would send again."""
    fields = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', answer.text)
    return {name: unescape(value) for name, value in fields}


def try_form(panel, username, password, **options):
    return panel.anyone().post("/masuk", {"username": username, "password": password}, **options)


def test_the_right_password_leads_to_the_panel(panel):
    username, browser = panel.with_password("bendahara"), panel.anyone()
    answer = browser.post("/masuk", {"username": username, "password": PASSWORD})
    assert (answer.status_code, answer.location) == (302, "/kopmin/")
    assert "Budi" in browser.get("/kopmin/").text


def test_who_comes_from_a_page_goes_back_to_it(panel):
    username = panel.with_password("bendahara")
    answer = panel.anyone().post("/masuk?next=/kopmin/periode/", {"username": username, "password": PASSWORD})
    assert answer.location == "/kopmin/periode/"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.id", "///evil.id", "/\\evil.id", "\\\\evil.id", "https://evil.id", "http:evil.id",
        "javascript:alert(1)", "\t//evil.id", " //evil.id", "http://koperasi@evil.id", "%2F%2Fevil.id", "evil.id",
        "/masuk", "",
    ],
)  # fmt: skip
def test_nobody_is_led_off_the_site(panel, target):
    body = {"username": panel.with_password("bendahara"), "password": PASSWORD}
    assert panel.anyone().post("/masuk", body, query_string={"next": target}).location == "/kopmin/"


def test_wrong_name_and_wrong_password_are_told_apart_by_nobody(panel):
    username = panel.with_password("bendahara")
    wrong, unknown = try_form(panel, username, "bukan ini"), try_form(panel, "tidak.ada", "bukan ini")
    assert wrong.status_code == unknown.status_code == 401
    assert sign_in.SignInFailed.pesan in wrong.text
    assert sign_in.SignInFailed.pesan in unknown.text


def test_guessing_is_stopped_on_the_form(panel):
    username = panel.with_password("bendahara")
    statuses = [try_form(panel, username, "tebak").status_code for _ in range(10)]
    assert statuses == [401] * 8 + [429] * 2
    assert try_form(panel, username, PASSWORD).status_code == 429


def test_guessing_is_stopped_for_programs_too(panel):
    username, client = panel.with_password("bendahara"), panel.app.test_client()
    body = {"username": username, "password": "tebak"}
    statuses = [client.post("/api/v1/security/login", json=body).status_code for _ in range(10)]
    assert statuses == [401] * 8 + [429] * 2
    assert try_form(panel, username, PASSWORD).status_code == 429


def test_signing_out_ends_the_session_for_every_copy_of_its_cookie(panel):
    browser, copy = panel.as_("bendahara"), panel.app.test_client()
    with browser.client.session_transaction() as cookie, copy.session_transaction() as stolen:
        stolen[TOKEN] = cookie[TOKEN]
    assert copy.get("/kopmin/").status_code == 200
    assert browser.post("/keluar").status_code == 302
    assert copy.get("/kopmin/").status_code == 302


def test_a_link_cannot_sign_anybody_out(panel):
    browser = panel.as_("bendahara")
    assert browser.get("/keluar").status_code == 405
    assert browser.get("/kopmin/").status_code == 200


def test_signing_in_starts_a_new_session(panel):
    username, browser = panel.with_password("bendahara"), panel.anyone()
    with browser.client.session_transaction() as cookie:
        cookie[TOKEN], cookie["planted"] = "planted", "x"
    browser.get("/masuk")
    browser.post("/masuk", {"username": username, "password": PASSWORD})
    with browser.client.session_transaction() as cookie:
        assert cookie[TOKEN] != "planted"
        assert "planted" not in cookie


def test_a_new_password_ends_the_other_sessions(panel):
    panel.with_password("bendahara")
    here, elsewhere = panel.as_("bendahara"), panel.as_("bendahara")
    answer = here.post(PASSWORD_PAGE, {"current": PASSWORD, "password": "hujan sore di sawah"})
    assert answer.status_code == 302
    assert here.get("/kopmin/").status_code == 200
    assert elsewhere.get("/kopmin/").status_code == 302


def test_a_weak_password_is_refused_with_advice(panel):
    panel.with_password("bendahara")
    answer = panel.as_("bendahara").post(PASSWORD_PAGE, {"current": PASSWORD, "password": "1234567890"})
    assert "terlalu mudah ditebak" in answer.text


def test_who_is_switched_off_is_out_at_once(panel):
    browser = panel.as_("bendahara")
    with panel.world.database.platform("test", writes=True) as session:
        session.execute(update(User).where(User.id == panel.world.bendahara.user_id).values(is_active=False))
    assert browser.get("/kopmin/").status_code == 302


def test_a_one_time_link_works_once(panel):
    ketua = panel.as_("ketua")
    target = panel.world.actors["petugas"].user_id
    shown = ketua.post(f"/kopmin/pengguna/{target}/tautan").text
    link = shown.split("/tautan/")[1].split('"')[0]
    stranger = panel.anyone()
    first = stranger.post(f"/tautan/{link}", {"password": "pagi cerah di ladang"})
    assert first.status_code == 302
    assert stranger.get("/kopmin/").status_code == 200
    assert panel.anyone().get(f"/tautan/{link}").status_code == 410


class TestTokens:
    def tokens(self, panel):
        username = panel.with_password("bendahara")
        body = {"username": username, "password": PASSWORD, "refresh": True}
        return panel.app.test_client().post("/api/v1/security/login", json=body).json

    def refreshed(self, panel, token):
        return panel.app.test_client().post("/api/v1/security/refresh", headers={"Authorization": f"Bearer {token}"})

    def test_a_program_gets_and_renews_a_token(self, panel):
        assert "access_token" in self.refreshed(panel, self.tokens(panel)["refresh_token"]).json

    def test_an_access_token_is_no_refresh_token(self, panel):
        assert self.refreshed(panel, self.tokens(panel)["access_token"]).status_code == 401

    def test_a_token_dies_with_the_password_it_came_from(self, panel):
        token = self.tokens(panel)["refresh_token"]
        panel.as_("bendahara").post(PASSWORD_PAGE, {"current": PASSWORD, "password": "hujan sore di sawah"})
        assert self.refreshed(panel, token).status_code == 401

    @pytest.mark.parametrize("body", [None, [], "x", {}, {"username": 1, "password": 2}, {"username": "a"}])
    def test_nonsense_is_refused_in_words(self, panel, body):
        answer = panel.app.test_client().post("/api/v1/security/login", json=body)
        assert answer.status_code == 400
        assert "username" in answer.json["detail"]
        assert answer.mimetype == "application/problem+json"


def test_the_sign_in_page_is_not_kept_by_browsers(panel):
    assert "no-store" in panel.as_("bendahara").get("/kopmin/").headers["Cache-Control"]


def test_a_form_without_its_token_is_refused(panel):
    browser = panel.as_("bendahara")
    for said in ({}, {"Origin": "https://evil.id"}, {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"}):
        answer = browser.client.post("/kopmin/periode/buka", data={"year": "2030"}, headers=said)
        assert answer.status_code == 400
        assert "tidak dikirim dari halaman kami" in answer.text
        assert "2030" not in answer.text  # what another site made up is not offered


def test_what_was_typed_outlives_the_session_it_was_typed_in(panel):
    """Signed out under their hands, they come in again beside it and send what they had."""
    username, browser = panel.with_password("sekretaris"), panel.anyone()
    browser.post("/masuk", {"username": username, "password": PASSWORD})
    typed = {"csrf_token": browser.form_token(), "name": 'Ratna & "Dewi"', "kata_sandi": "rahasia"}
    with panel.world.database.platform("test", writes=True) as session:
        sign_in.revoke_all(session, panel.world.sekretaris.user_id)

    for _ in range(2):  # sent again before coming in
        answer = browser.client.post("/kopmin/anggota/daftar", data=typed, headers=FROM_HERE)
        assert answer.status_code == 401
        assert "Anda belum masuk" in answer.text
        typed = kept(answer)
        assert {**typed, "csrf_token": ""} == {"csrf_token": "", "name": 'Ratna & "Dewi"'}  # no secret in a page
    door = Browser(browser.client)
    door.post("/masuk", {"username": username, "password": PASSWORD})
    answer = browser.client.post("/kopmin/anggota/daftar", data=typed, headers=FROM_HERE)
    assert answer.status_code == 400
    assert "masuk sebagai Sari Sekretaris" in answer.text
    sent = browser.client.post("/kopmin/anggota/daftar", data=kept(answer), headers=FROM_HERE)
    assert "Ratna &amp; &#34;Dewi&#34;" in browser.get(sent.location).text


def test_a_button_alone_can_be_pressed_again_too(panel):
    browser = panel.as_("ketua")
    answer = browser.client.post("/kopmin/periode/buka", data={"csrf_token": "of a session before"}, headers=FROM_HERE)
    assert answer.status_code == 400
    assert "Tekan Kirim lagi" in answer.text
    assert "tidak hilang" not in answer.text
    assert {*kept(answer)} == {"csrf_token"}
    stranger = panel.anyone().get("/kopmin/periode/", headers=FROM_HERE)
    assert stranger.status_code == 302  # who only looks is led to the sign-in


def test_who_has_no_place_is_not_led_in_circles(panel):
    browser = panel.as_("bendahara")
    with panel.world.database.platform("test", writes=True) as session:
        session.execute(
            update(CoopUser).where(CoopUser.user_id == panel.world.bendahara.user_id).values(is_active=False)
        )
    first = browser.get("/kopmin/")
    assert first.location.startswith("/masuk")
    assert browser.get(first.location).location == "/"
