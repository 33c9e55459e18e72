"""Passkeys in a real browser with a virtual authenticator: added, used at the door, copied, removed."""

import json
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page

from models.access import Passkey, User
from services.access import passkeys
from services.access.passkeys import Place
from tests.conftest import PASSWORD
from tests.member_portal.conftest import Portal
from tests.member_portal.test_second_factor import protect

PAGE = "/mykoperasi/akun/kunci"


def with_key(page: Page) -> tuple[object, str]:
    """A device that holds keys and knows its owner's finger."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return cdp, made["authenticatorId"]


def enter(page: Page, site: str) -> None:
    page.goto(f"{site}/masuk")
    page.get_by_role("button", name="Masuk dengan kunci").click()


@pytest.mark.usefixtures("template")
def test_a_key_from_adding_to_removing(
    portal: Portal, served: str, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, extensions = served.replace("127.0.0.1", "localhost"), portal.app.extensions
    monkeypatch.setitem(extensions, "ekopz.settings", replace(extensions["ekopz.settings"], public_url=served))
    page = chromium.new_context(viewport={"width": 360, "height": 740}).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if "Content Security" in message.text else None)
    cdp, device = with_key(page)

    page.goto(f"{site}/masuk")
    page.fill("#username", "siti")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.goto(f"{site}{PAGE}")
    page.fill("#label", "HP Siti")
    page.fill("#sandi", "bukan ini")
    page.get_by_role("button", name="Tambah kunci").click()
    page.get_by_text("Kata sandi tidak cocok").wait_for()
    page.fill("#sandi", PASSWORD)
    page.get_by_role("button", name="Tambah kunci").click()
    page.get_by_text("Kunci masuk tersimpan").wait_for()
    assert page.get_by_text("Belum pernah dipakai").is_visible()

    page.get_by_role("button", name="Keluar").click()
    enter(page, site)
    page.wait_for_url(f"{site}/mykoperasi/")
    with portal.world.database.platform("test") as session:
        key = session.query(Passkey).one()
        assert (key.label, key.last_used_at is None) == ("HP Siti", False)
        assert key.sign_count > 0

    # a copy of the key falls behind: its count went back
    with portal.world.database.platform("test", writes=True) as session:
        session.query(Passkey).one().sign_count = 1_000
    page.get_by_role("button", name="Keluar").click()
    enter(page, site)
    page.get_by_text("tidak dikenali").wait_for()
    with portal.world.database.platform("test", writes=True) as session:
        session.query(Passkey).one().sign_count = 1

    # a finger that is not the owner's
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    enter(page, site)
    page.get_by_text("Kunci belum terpakai").wait_for()
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})

    # it stands for both factors
    protect(portal, portal.as_("siti"))
    enter(page, site)
    page.wait_for_url(f"{site}/mykoperasi/")
    page.goto(f"{site}{PAGE}")
    page.get_by_text("Hapus").first.click()
    page.locator("input[name=sandi]").first.fill(PASSWORD)
    page.get_by_role("button", name="Hapus kunci ini").click()
    page.get_by_text("Kunci masuk sudah dihapus").wait_for()
    page.get_by_role("button", name="Keluar").click()
    enter(page, site)
    page.get_by_text("tidak dikenali").wait_for()
    assert said == []
    page.context.close()


NONSENSE = [{}, {"id": ""}, {"id": "x" * 5000}, {"id": 5}, {"id": "AAAA", "rawId": "AAAA", "response": []}, {"id": "é"}]


def test_nonsense_is_refused_and_a_challenge_counts_once(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    extensions = portal.app.extensions
    monkeypatch.setitem(
        extensions, "ekopz.settings", replace(extensions["ekopz.settings"], public_url="http://localhost")
    )
    with portal.world.database.platform("test", writes=True) as session:
        siti = session.query(User).filter(User.username == "siti").one()
        session.add(Passkey(user_id=siti.id, credential_id=b"\x00\x00\x00", public_key=b"x", label="HP"))
    browser = portal.anyone()
    head = {"X-CSRFToken": browser.form_token("/masuk")}
    for sent in NONSENSE:
        assert browser.post("/masuk/kunci/mulai").status_code == 200
        for _ in range(2):
            answer = browser.client.post("/masuk/kunci", json=sent, headers=head)
            assert answer.status_code == 401, sent
            assert answer.json == {"problem": passkeys.PasskeyRefused.pesan}
    for body in (b"", b"[]", b"{", b"\xff"):
        browser.post("/masuk/kunci/mulai")
        sent = browser.client.post("/masuk/kunci", data=body, headers=head | {"Content-Type": "application/json"})
        assert sent.status_code == 400
    assert browser.get("/mykoperasi/").status_code == 302

    signed_in = portal.as_("siti")
    head = {"X-CSRFToken": signed_in.form_token("/mykoperasi/akun")}
    assert signed_in.client.post(PAGE, json={}, headers=head).status_code == 401
    wrong = signed_in.post(f"{PAGE}/mulai", {"sandi": "bukan", "label": "HP"})
    assert (wrong.status_code, "tidak cocok" in wrong.json["problem"]) == (401, True)
    options = json.loads(signed_in.post(f"{PAGE}/mulai", {"sandi": PASSWORD, "label": "HP"}).text)
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert signed_in.client.post(PAGE, json={"id": "x"}, headers=head).status_code == 401
    assert signed_in.post(f"{PAGE}/hapus", {"kunci": "999", "sandi": PASSWORD}).status_code == 404


def test_where_browsers_keep_keys() -> None:
    assert passkeys.place_of("https://koperasi.id") == Place("koperasi.id", "https://koperasi.id")
    assert passkeys.place_of("https://koperasi.id:8443") == Place("koperasi.id", "https://koperasi.id:8443")
    assert passkeys.place_of("http://127.0.0.1:8080") == Place("localhost", "http://localhost:8080")
    for unsafe in ("http://koperasi.id", "https://10.0.0.5", "http://0.0.0.0:8080"):
        assert passkeys.place_of(unsafe) is None
