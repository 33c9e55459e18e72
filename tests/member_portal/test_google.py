"""Signing in with Google, against a provider on this machine: who comes in, and every answer that lets nobody in."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from models.access import LoginSession, User, UserIdentity
from services.access import google
from services.access.google import Google
from tests.access import oidc
from tests.access.oidc import NEXT_KEY, OTHER_KEY, SITI, Provider, keyed, unsigned
from tests.conftest import PASSWORD
from tests.member_portal.conftest import Browser, Portal

REFUSED = google.GoogleRefused.pesan
SILENT = google.GoogleSilent.pesan


@pytest.fixture
def provider(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with oidc.provider() as made:
        connected = Google(oidc.CLIENT_ID, oidc.CLIENT_SECRET, made.discovery_url)
        monkeypatch.setattr(google, "_google", connected)
        extensions = portal.app.extensions
        monkeypatch.setitem(
            extensions, "ekopz.settings", replace(extensions["ekopz.settings"], public_url="http://localhost")
        )
        yield made


def leave(browser: Browser, url: str = "/masuk/google") -> str:
    """Off to the provider: its address."""
    answer = browser.get(url)
    assert answer.status_code == 302
    return str(answer.location)


def come_back(browser: Browser, address: str, **options: Any) -> Any:
    parts = urlsplit(address)
    return browser.get(f"{parts.path}?{parts.query}", **options)


def through(browser: Browser, provider: Provider, url: str = "/masuk/google", **options: Any) -> Any:
    """There and back again, the person having agreed."""
    return come_back(browser, provider.agree(leave(browser, url)), **options)


def linked(portal: Portal, username: str = "siti") -> None:
    with portal.world.database.platform("test", writes=True) as session:
        user = session.query(User).filter(User.username == username).one()
        session.add(UserIdentity(user_id=user.id, provider="google", subject=SITI["sub"], email="lama@contoh.id"))


def kept(portal: Portal) -> tuple[int, int, int]:
    """How many users, identities and sessions there are."""
    with portal.world.database.platform("test") as session:
        return tuple(session.scalar(select(func.count()).select_from(t)) for t in (User, UserIdentity, LoginSession))


def is_in(browser: Browser) -> bool:
    return browser.get("/mykoperasi/akun").status_code == 200


def test_the_button_is_there_only_with_keys(portal: Portal) -> None:
    for page in ("/masuk", "/daftar"):
        assert "dengan Google" not in portal.anyone().get(page).text
    assert portal.anyone().get("/masuk/google").location == "/masuk"


def test_who_is_linked_is_in_and_where_they_wanted_to_be(portal: Portal, provider: Provider) -> None:
    linked(portal)
    browser = portal.anyone()
    assert "Masuk dengan Google" in browser.get("/masuk").text
    answer = through(browser, provider, "/masuk/google?next=/mykoperasi/simpanan")
    assert answer.location == "/mykoperasi/simpanan"
    assert "Siti" in browser.get("/mykoperasi/akun").text
    with portal.world.database.platform("test") as session:
        assert session.query(UserIdentity).one().last_used_at is not None


def test_nobody_is_led_off_the_site(portal: Portal, provider: Provider) -> None:
    linked(portal)
    for target in ("//evil.id", "https://evil.id", "/\\evil.id", "/keluar", "javascript:alert(1)"):
        assert through(portal.anyone(), provider, f"/masuk/google?next={target}").location == "/mykoperasi/"


def test_somebody_new_gets_a_visitor_s_account(portal: Portal, provider: Provider) -> None:
    browser = portal.anyone()
    assert "Daftar dengan Google" in browser.get("/daftar").text
    answer = through(browser, provider)
    assert answer.location == "/masuk/google/daftar"
    page = browser.get(answer.location).text
    assert 'value="Siti Aminah"' in page
    assert 'value="siti.aminah"' in page
    before = kept(portal)
    told = {"csrf_token": browser.form_token("/masuk/google/daftar"), "full_name": "Siti Aminah", "username": "siti"}
    taken = browser.client.post("/masuk/google/daftar", data=told)
    assert taken.status_code == 422
    assert "sudah dipakai" in taken.text
    assert kept(portal) == before
    for _ in range(2):  # a double click makes one account
        answer = browser.client.post("/masuk/google/daftar", data=told | {"username": "siti.baru"})
        assert answer.status_code in (302, 400)
    assert kept(portal)[:2] == (before[0] + 1, 1)
    assert is_in(browser)
    with portal.world.database.platform("test") as session:
        user = session.query(User).filter(User.username == "siti.baru").one()
        assert (user.email, user.password_hash, user.email_confirmed_at is None) == (
            "siti.aminah@contoh.id",
            None,
            False,
        )
    assert browser.get("/mykoperasi/").status_code == 403  # a visitor: no member's place, no role
    again = portal.anyone()
    assert through(again, provider).location == "/"
    assert is_in(again)


def test_an_address_alone_opens_nothing(portal: Portal, provider: Provider) -> None:
    """Somebody has an account with that mail address and a password: they prove it first, and link by hand."""
    with portal.world.database.platform("test", writes=True) as session:
        session.query(User).filter(User.username == "siti").one().email = "siti.aminah@contoh.id"
    before, browser = kept(portal), portal.anyone()
    page = through(browser, provider, follow_redirects=True).text
    assert "sudah dipakai sebuah akun" in page
    assert not is_in(browser)
    assert kept(portal) == before


def test_linking_asks_the_password_and_then_google(portal: Portal, provider: Provider) -> None:
    browser, address = portal.as_("siti"), "/mykoperasi/akun/google"
    assert leave(browser) == "/mykoperasi/"  # without the password nobody is sent to link
    wrong = browser.post(address, {"sandi": "bukan ini"})
    assert wrong.status_code == 401
    assert "Kata sandi tidak cocok" in wrong.text
    assert "Lanjut ke Google" in browser.post(address, {"sandi": PASSWORD}).text
    assert "sudah terhubung" in through(browser, provider, follow_redirects=True).text
    assert is_in(portal.anyone()) is False
    other = portal.anyone()
    through(other, provider)
    assert "Siti" in other.get("/mykoperasi/akun").text

    joko = portal.as_("joko")  # one Google account opens one account
    joko.post(address, {"sandi": PASSWORD})
    assert "terhubung dengan akun lain" in through(joko, provider, follow_redirects=True).text

    assert browser.post(f"{address}/lepas", {"sandi": "bukan"}).status_code == 401
    assert browser.post(f"{address}/lepas", {"sandi": PASSWORD}).status_code == 302
    assert kept(portal)[1] == 0
    assert through(portal.anyone(), provider).location == "/masuk/google/daftar"


def test_a_link_begun_by_one_is_not_ended_by_another(portal: Portal, provider: Provider) -> None:
    siti = portal.as_("siti")
    siti.post("/mykoperasi/akun/google", {"sandi": PASSWORD})
    address = provider.agree(leave(siti))
    siti.post("/keluar")
    assert REFUSED in come_back(siti, address, follow_redirects=True).text
    assert kept(portal)[1] == 0


def test_the_last_way_in_stays(portal: Portal, provider: Provider) -> None:
    linked(portal)
    browser = portal.anyone()
    through(browser, provider)
    with portal.world.database.platform("test", writes=True) as session:
        session.query(User).filter(User.username == "siti").one().password_hash = None
    answer = browser.post("/mykoperasi/akun/google/lepas", {"sandi": ""})
    assert answer.status_code == 409
    assert kept(portal)[1] == 1
    page = browser.get("/mykoperasi/akun").text
    assert "Buat kata sandi" in page
    assert browser.post("/mykoperasi/akun/kata-sandi/buat", {"password": "pendek"}).status_code == 422
    assert browser.post("/mykoperasi/akun/kata-sandi/buat", {"password": PASSWORD}).status_code == 302
    assert browser.post("/mykoperasi/akun/kata-sandi/buat", {"password": PASSWORD + "x"}).status_code == 409
    assert browser.post("/mykoperasi/akun/google/lepas", {"sandi": PASSWORD}).status_code == 302


def test_who_is_switched_off_stays_out(portal: Portal, provider: Provider) -> None:
    linked(portal)
    with portal.world.database.platform("test", writes=True) as session:
        session.query(User).filter(User.username == "siti").one().is_active = False
    browser = portal.anyone()
    through(browser, provider)
    assert not is_in(browser)


def change(**claims: Any) -> Any:
    return lambda made: made.claims.update(claims)


def answer(token: Any) -> Any:
    return lambda made: setattr(made, "token", token)


WRONG = {
    "another issuer": change(iss="https://accounts.evil.id"),
    "for another client": change(aud="orang-lain.apps.example", azp=None),
    "for several, not us": change(aud=["orang-lain", "lain-lagi"]),
    "for us among others": change(aud=[oidc.CLIENT_ID, "orang-lain"], azp="orang-lain"),
    "no audience": change(aud=None),
    "no issuer": change(iss=None),
    "another nonce": change(nonce="tebakan"),
    "no nonce": change(nonce=None),
    "long over": change(exp=1_700_000_000),
    "never over": change(exp=None),
    "exp is a word": change(exp="besok"),
    "from the future": change(iat=4_000_000_000),
    "no subject": change(sub=None),
    "an empty subject": change(sub=""),
    "a number as subject": change(sub=12),
    "a subject without end": change(sub="1" * 256),
    "a subject with a null": change(sub="1\x00"),
    "signed by somebody else": lambda made: setattr(made, "key", OTHER_KEY),
    "signed with the public key": answer(keyed),
    "not signed": answer(unsigned),
    "no token": answer(lambda said: {"access_token": "a", "token_type": "Bearer"}),
    "a token that is none": answer(lambda said: said | {"id_token": "x.y.z"}),
    "a token that is a list": answer(lambda said: said | {"id_token": [1]}),
    "a list": answer(lambda said: [said]),
    "null": answer(lambda said: None),
    "an error": answer(lambda said: {"error": "invalid_grant", "error_description": "<script>alert(1)</script>"}),
    "mail unproven": change(email_verified=False),
    "mail proven in words": change(email_verified="true"),
    "mail not said to be proven": change(email_verified=None),
    "no mail": change(email=None),
    "mail too long": change(email="x" * 121 + "@contoh.id"),
    "mail is a list": change(email=["a@b.id"]),
}


def test_a_wrong_answer_lets_nobody_in(portal: Portal, provider: Provider) -> None:
    linked(portal)
    before, well = kept(portal), vars(provider).copy()
    for case, spoil in WRONG.items():
        vars(provider).update(well, claims={})
        spoil(provider)
        browser = portal.anyone()
        shown = through(browser, provider, follow_redirects=True)
        assert (shown.status_code, shown.request.path) == (200, "/masuk"), case
        assert any(refusal.pesan in shown.text for refusal in (google.GoogleRefused, google.EmailUnproven)), case
        assert "<script>alert" not in shown.text
        assert not is_in(browser), case
        assert kept(portal) == before, case


def test_a_provider_in_trouble_lets_nobody_in(portal: Portal, provider: Provider) -> None:
    before = kept(portal)
    for mood in ("hangup", "garbage", "html", "empty", "list", "number", "huge", "deep", "truncated", "cut_json",
                 "redirect", "bad_gzip", 500, 503, 404):  # fmt: skip
        for is_late in (False, True):
            browser, provider.peer.mood = portal.anyone(), "well"
            google._google = Google(oidc.CLIENT_ID, oidc.CLIENT_SECRET, provider.discovery_url)
            address = provider.agree(leave(browser)) if is_late else ""
            provider.peer.mood = mood
            begun = {"follow_redirects": True}
            shown = come_back(browser, address, **begun) if is_late else browser.get("/masuk/google", **begun)
            assert shown.request.path == "/masuk", mood
            assert REFUSED in shown.text or SILENT in shown.text, mood
            assert not is_in(browser), mood
            assert kept(portal) == before, mood


def test_a_provider_that_drips_is_left_in_time(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(google, "WHOLE_S", 0.3)
    provider.peer.mood = "drip"
    with pytest.raises(google.GoogleSilent):
        google.provider().begin("http://localhost/masuk/google/kembali")


def test_what_comes_back_must_be_what_was_asked_here_and_now(portal: Portal, provider: Provider) -> None:
    linked(portal)
    browser, other = portal.anyone(), portal.anyone()
    address = provider.agree(leave(browser))
    leave(other)
    for stranger, back in (
        (portal.anyone(), address),  # a browser that asked nothing
        (other, address),  # one that asked something else
        (browser, address.replace("state=", "state=x")),  # forged, and the question is gone with it
        (browser, address),
    ):
        assert REFUSED in come_back(stranger, back, follow_redirects=True).text
        assert not is_in(stranger)
    for odd in ("", "?state=", "?code=x", "?state=%00&code=%ED%A0%80", "?state=" + "x" * 4000, "?error=access_denied"):
        assert REFUSED in browser.get(f"/masuk/google/kembali{odd}", follow_redirects=True).text


def test_a_replayed_answer_is_worth_nothing(portal: Portal, provider: Provider) -> None:
    """Even with the cookie as it was, and a provider that would take the code again."""
    linked(portal)
    browser = portal.anyone()
    address = provider.agree(leave(browser))
    cookie = browser.client.get_cookie("ekopz")
    code = address.rsplit("code=", 1)[1]
    grant = provider.grants[code]
    come_back(browser, address)
    assert is_in(browser)
    thief = portal.anyone()
    thief.client.set_cookie("ekopz", cookie.value)
    provider.grants[code] = grant
    assert REFUSED in come_back(thief, address, follow_redirects=True).text
    assert not is_in(thief)


def test_saying_no_at_google_is_said_plainly(portal: Portal, provider: Provider) -> None:
    browser = portal.anyone()
    state = provider.agree(leave(browser)).split("state=")[1].split("&")[0]
    shown = browser.get(f"/masuk/google/kembali?state={state}&error=access_denied", follow_redirects=True)
    assert "dibatalkan" in shown.text
    assert not is_in(browser)


def test_an_answer_of_another_provider_is_refused(portal: Portal, provider: Provider) -> None:
    linked(portal)
    browser = portal.anyone()
    address = provider.agree(leave(browser)) + "&iss=https://evil.id"
    assert REFUSED in come_back(browser, address, follow_redirects=True).text


def test_keys_of_the_provider_may_change(portal: Portal, provider: Provider) -> None:
    linked(portal)
    through(portal.anyone(), provider)
    provider.key = provider.shown = NEXT_KEY
    provider.header = {"alg": "RS256", "kid": "dua"}
    browser = portal.anyone()
    through(browser, provider)
    assert is_in(browser)
    asked = [one.path for one in provider.peer.asked]
    assert asked.count("/.well-known/openid-configuration") == 1
    assert asked.count("/keys") == 2
