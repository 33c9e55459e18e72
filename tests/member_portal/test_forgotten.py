"""The way back in of somebody who forgot their password, and what strangers, guessers and the signed-in see of it."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from core.clock import now
from models.access import User, UserIdentity
from models.notifications import PlatformMail
from services.notifications import outbox
from tests.member_portal.conftest import Portal

NEW = "tiga kata rahasia"
PAGE = "/lupa-kata-sandi"


@pytest.fixture
def mail() -> Iterator[None]:
    outbox.use("smtp://127.0.0.1:1?from=kabar@contoh.id", "https://ekopz.contoh.id")
    yield
    outbox.use("")


def confirm(portal: Portal, **more: object) -> None:
    """Siti's address is confirmed."""
    with portal.world.database.platform("test", writes=True) as session:
        siti = session.query(User).filter(User.username == "siti").one()
        siti.email, siti.email_confirmed_at = "siti@contoh.id", now()
        for name, value in more.items():
            setattr(siti, name, value)


def link(portal: Portal) -> str:
    with portal.world.database.platform("test") as session:
        body = session.scalars(select(PlatformMail.body).order_by(PlatformMail.id)).first() or ""
    return "/tautan/" + body.rpartition("/tautan/")[2].split()[0]


@pytest.mark.usefixtures("mail")
def test_everybody_reads_the_same_and_siti_comes_back_in(portal: Portal) -> None:
    confirm(portal)
    stranger, elsewhere = portal.anyone(), portal.as_("siti")
    assert f'href="{PAGE}"' in stranger.get("/masuk").text
    pages = set()
    for whom in ("siti", "siti@contoh.id", "joko", "nobody"):
        answer = stranger.post(PAGE, {"siapa": whom})
        pages.add((answer.status_code, answer.headers["Location"]))
    assert pages == {(302, f"{PAGE}/terkirim")}
    assert "minta tautan kepada ketua" in stranger.get(f"{PAGE}/terkirim").text
    browser = portal.anyone()
    assert browser.post(link(portal), {"password": NEW}).headers["Location"] == "/masuk"
    assert browser.get("/mykoperasi/").status_code == 200
    assert elsewhere.get("/mykoperasi/").status_code == 302, "an old session lived on"
    over = portal.anyone().get(link(portal))
    assert over.status_code == 410
    assert f'href="{PAGE}"' in over.text


@pytest.mark.usefixtures("mail")
def test_the_second_factor_is_still_asked(portal: Portal) -> None:
    confirm(portal, totp_since=now(), totp_cipher=b"x")
    portal.anyone().post(PAGE, {"siapa": "siti"})
    browser = portal.anyone()
    browser.post(link(portal), {"password": NEW})
    assert browser.get("/mykoperasi/").status_code == 302
    assert browser.get("/masuk").headers["Location"].startswith("/masuk/kode")


@pytest.mark.usefixtures("mail")
def test_an_empty_form_and_too_many_are_said_beside_the_field(portal: Portal) -> None:
    browser = portal.anyone()
    empty = browser.post(PAGE, {"siapa": ""})
    assert (empty.status_code, empty.text.count("aria-invalid")) == (422, 1)
    answers = [browser.post(PAGE, {"siapa": "tebak <b>"}) for _ in range(11)]
    assert answers[-1].status_code == 429
    assert 'value="tebak &lt;b&gt;"' in answers[-1].text


def test_without_a_mail_server_people_are_sent_to_their_ketua(portal: Portal) -> None:
    confirm(portal)
    for answer in (portal.anyone().get(PAGE), portal.anyone().post(PAGE, {"siapa": "siti"})):
        assert "kepada ketua" in answer.text
        assert not re.search(r'name="siapa"|/tautan/', answer.text)


@pytest.mark.usefixtures("mail")
def test_somebody_without_a_password_is_told_that_none_is_needed(portal: Portal) -> None:
    confirm(portal)
    browser = portal.as_("siti")
    assert 'name="siapa"' in browser.get(PAGE).text
    with portal.world.database.platform("test", writes=True) as session:
        siti = session.query(User).filter(User.username == "siti").one()
        siti.password_hash = None
        session.add(UserIdentity(user_id=siti.id, provider="google", subject="1", email="siti@contoh.id"))
    page = browser.get(PAGE).text
    assert 'name="siapa"' not in page
    assert "/mykoperasi/akun#sandi" in page
    portal.anyone().post(PAGE, {"siapa": "siti"})
    with portal.world.database.platform("test") as session:
        assert "masuk dengan Google seperti biasa" in session.scalars(select(PlatformMail)).one().body
