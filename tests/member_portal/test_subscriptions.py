"""A cooperative signs itself up: by mail and without, once, for nobody but who holds the link, whatever is typed."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from core.clock import now, today
from models.access import RoleGrant, User
from models.coops import Coop
from models.subscriptions import CoopRegistration, DiscountCode, Plan, Subscription
from services.access.registration import PER_ADDRESS
from services.access.sign_in import actor_in
from services.notifications import outbox
from services.subscriptions import registration
from tests.conftest import PASSWORD
from tests.crowd import outcomes
from tests.member_portal.conftest import Browser, Portal
from tests.notifications.postbox import Postbox, postbox

HERE = "/daftar-koperasi"
MEKAR = {
    "coop_name": "Koperasi Mekar Jaya", "city": "Bantul", "kind": "simpan_pinjam", "full_name": "Sri Rahayu",
    "email": "sri@contoh.id", "phone": "0812-3456-7890", "username": "sri.rahayu", "password": PASSWORD,
    "discount_code": "", "plan_code": "", "website": "", "agrees": "1",
}  # fmt: skip
LINK = re.compile(r"https://koperasi\.contoh\.id(/daftar-koperasi/konfirmasi/[\w-]+)")
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def office() -> Iterator[Postbox]:
    with postbox() as server:
        outbox.use(server.url, "https://koperasi.contoh.id")
        yield server
        outbox.use("")


def ask(portal: Portal, browser: Browser | None = None, *, open_for: int = 30, **changes: str | None) -> TestResponse:
    """The form, filled in by somebody who had it open for so many seconds."""
    browser = browser or portal.anyone()
    token = browser.form_token(HERE)
    with browser.client.session_transaction() as cookie:
        cookie["daftar_sejak"] = (now() - timedelta(seconds=open_for)).isoformat()
    told = {name: value for name, value in (MEKAR | changes).items() if value is not None}
    return browser.client.post(HERE, data=told | {"csrf_token": token})


def letters(portal: Portal, office: Postbox) -> list[str]:
    outbox.send_due(portal.world.database)
    return [f"{mail['Subject']}\n{mail.get_content()}" for mail in office.taken]


def link(portal: Portal, office: Postbox) -> str:
    return LINK.search(letters(portal, office)[-1])[1]


def press(browser: Browser, address: str) -> TestResponse:
    return browser.client.post(address, data={"csrf_token": browser.form_token(address)})


def coops(portal: Portal, name: str = "Koperasi Mekar Jaya") -> list[Coop]:
    with portal.world.database.platform("test") as session:
        return session.query(Coop).filter(Coop.name == name).order_by(Coop.id).all()


def test_the_link_in_the_mail_opens_the_cooperative_and_lets_its_founder_in(portal: Portal, office: Postbox) -> None:
    browser = portal.anyone()
    assert ask(portal, browser).location == f"{HERE}/terkirim"
    assert "sri@contoh.id" in browser.get(f"{HERE}/terkirim").text
    assert coops(portal) == []
    address = link(portal, office)
    assert "Koperasi Mekar Jaya" in portal.anyone().get(address).text
    assert coops(portal) == [], "programs that look through mails open nothing"

    assert press(browser, address).location == "/kopmin/mulai"
    (coop,) = coops(portal)
    assert (coop.slug, coop.city, coop.chart_name) == ("mekar-jaya", "Bantul", "simpan_pinjam")
    with portal.world.database.platform("test") as session:
        user = session.query(User).filter(User.username == "sri.rahayu").one()
        assert (user.full_name, user.email) == ("Sri Rahayu", "sri@contoh.id")
        assert user.email_confirmed_at is not None
        assert {g.role for g in session.query(RoleGrant).filter_by(coop_id=coop.id)} == {"ketua", "bendahara"}
    with portal.world.reading(coop.id) as session:
        assert actor_in(session, user.id, coop.id).may("savings.teller")
    assert "Koperasi Mekar Jaya" in browser.get("/kopmin/", follow_redirects=True).text
    assert portal.anyone().sign_in("sri.rahayu").status_code == 302


def test_the_free_month_begins_with_the_plan_and_the_code_that_were_asked_for(portal: Portal) -> None:
    day = today()
    with portal.world.database.platform("test", writes=True) as session:
        session.add(DiscountCode(code="HEMAT", percent=10, starts_on=day, ends_on=day))
    assert "tidak dikenal" in ask(portal, discount_code="PALSU").text
    ask(portal, discount_code="hemat", plan_code="rintisan")
    ask(portal, coop_name="Koperasi Lain", username="lain", email="lain@contoh.id", plan_code="../x")
    with portal.world.database.platform("test") as session:
        rows = session.execute(
            select(Subscription, Plan.code).join(Plan, Plan.id == Subscription.plan_id).order_by(Subscription.id)
        ).all()
    assert [(code, row.state, bool(row.discount_id)) for row, code in rows] == [
        ("rintisan", "trial", True), ("tumbuh", "trial", False),
    ]  # fmt: skip


def test_without_a_mail_server_it_opens_at_once_and_says_so(portal: Portal) -> None:
    browser = portal.anyone()
    assert ask(portal, browser).location == "/kopmin/mulai"
    assert len(coops(portal)) == 1
    assert "belum dikonfirmasi" in browser.get("/mykoperasi/akun").text
    with portal.world.database.platform("test") as session:
        assert session.query(User).filter(User.username == "sri.rahayu").one().email_confirmed_at is None


def test_a_taken_address_hears_of_it_by_mail_and_the_page_says_what_it_always_says(
    portal: Portal, office: Postbox
) -> None:
    with portal.world.database.platform("test", writes=True) as session:
        session.execute(update(User).where(User.username == "siti").values(email="Siti@contoh.id"))
    known, new = portal.anyone(), portal.anyone()
    answers = [ask(portal, known, email="siti@contoh.id"), ask(portal, new, email="baru@contoh.id")]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    pages = [browser.get(f"{HERE}/terkirim").text for browser in (known, new)]
    plain = [re.sub(r'value="[^"]*"|nonce="[^"]*"|\w+@contoh.id', "", page) for page in pages]
    assert plain[0] == plain[1]
    ask(portal, email="siti@contoh.id")
    first, *others = letters(portal, office)
    assert first.startswith("Anda sudah punya akun eKopz")
    assert "siti" in first
    assert len(others) == 1, "one a day"
    assert not LINK.search(first)


def test_without_a_mail_server_a_taken_address_is_not_told_either(portal: Portal) -> None:
    with portal.world.database.platform("test", writes=True) as session:
        session.execute(update(User).where(User.username == "siti").values(email="sri@contoh.id"))
    assert ask(portal).location == "/kopmin/mulai"
    with portal.world.database.platform("test") as session:
        assert session.query(User).filter(User.email == "sri@contoh.id").one().username == "siti"


def test_a_link_opens_one_cooperative_however_often_it_is_pressed(portal: Portal, office: Postbox) -> None:
    ask(portal)
    address = link(portal, office)
    token = address.rsplit("/", 1)[1]

    found = outcomes([lambda: registration.confirm(portal.world.database, token).coop.slug] * 4)
    assert sorted(found) == ["mekar-jaya", *["subscriptions.link_used"] * 3]
    assert len(coops(portal)) == 1
    again = portal.anyone()
    answer = again.get(address)
    assert answer.status_code == 410
    assert "sudah dipakai" in answer.text
    assert 'href="/masuk"' in answer.text
    assert again.client.post(address, data={"csrf_token": again.form_token()}).status_code == 410


def test_a_late_link_says_so_and_a_new_one_takes_its_place(portal: Portal, office: Postbox) -> None:
    ask(portal)
    old, browser = link(portal, office), portal.anyone()
    with portal.world.database.platform("test", writes=True) as session:
        session.execute(update(CoopRegistration).values(expires_at=now() - timedelta(minutes=1)))
    page = browser.get(old)
    assert page.status_code == 410
    assert "lewat 48 jam" in page.text
    browser.client.post(f"{HERE}/kirim-ulang", data={"csrf_token": browser.form_token(old), "email": "SRI@contoh.id"})
    fresh = link(portal, office)
    assert fresh != old
    assert browser.get(old).status_code == 404
    assert press(browser, fresh).location == "/kopmin/mulai"


def test_asking_again_for_an_address_nobody_gave_says_the_same_and_sends_nothing(
    portal: Portal, office: Postbox
) -> None:
    browser = portal.anyone()
    for email in ("tidak.ada@contoh.id", "", "bukan surel", "x" * 5000):
        data = {"csrf_token": browser.form_token(), "email": email}
        assert browser.client.post(f"{HERE}/kirim-ulang", data=data).location == f"{HERE}/terkirim"
    assert letters(portal, office) == []


def test_two_with_one_name_get_a_slug_and_a_username_each(portal: Portal, office: Postbox) -> None:
    for email in ("satu@contoh.id", "dua@contoh.id"):
        ask(portal, email=email)
    addresses = [LINK.search(letter)[1] for letter in letters(portal, office)]
    for address in addresses:
        assert press(portal.anyone(), address).status_code == 302
    assert [coop.slug for coop in coops(portal)] == ["mekar-jaya", "mekar-jaya-2"]
    with portal.world.database.platform("test") as session:
        names = session.query(User.username).filter(User.full_name == "Sri Rahayu").order_by(User.id)
        assert [name for (name,) in names] == ["sri.rahayu", "sri.rahayu2"]


def test_two_registrations_of_one_address_open_one_cooperative(portal: Portal, office: Postbox) -> None:
    ask(portal)
    ask(portal, coop_name="Koperasi Mekar Jaya Baru", username="sri.lagi")
    addresses = [LINK.search(letter)[1] for letter in letters(portal, office)]
    assert press(portal.anyone(), addresses[1]).status_code == 302
    assert press(portal.anyone(), addresses[0]).status_code == 410
    assert coops(portal) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"coop_name": " "}, "Nama koperasi"),
        ({"kind": "../etc"}, "Jenis koperasi"),
        ({"full_name": ""}, "Nama Anda"),
        ({"email": "bukan surel"}, "Surel"),
        ({"email": "a@b.id\r\nBcc: x@y.id"}, "Surel"),
        ({"phone": "021-555"}, "WhatsApp"),
        ({"username": "siti"}, "sudah dipakai"),
        ({"username": "a b"}, "huruf kecil"),
        ({"password": "pendek"}, "Kata sandi"),
        ({"agrees": None}, "centang"),
    ],
)
def test_what_cannot_be_is_refused_and_the_rest_stays(
    portal: Portal, office: Postbox, changes: dict[str, str | None], said: str
) -> None:
    answer = ask(portal, **changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="Bantul"' in answer.text
    assert PASSWORD not in answer.text
    with portal.world.database.platform("test") as session:
        assert session.query(CoopRegistration).count() == 0


def test_robots_get_no_further(portal: Portal) -> None:
    assert ask(portal, open_for=1).status_code == 422  # faster than anybody types
    blind = portal.anyone()  # never saw the form
    sent = blind.client.post(HERE, data=MEKAR | {"csrf_token": blind.form_token("/daftar")})
    assert sent.status_code == 422
    assert ask(portal, website="https://spam.example").location == f"{HERE}/terkirim"  # fell into the trap
    assert coops(portal) == []


def test_a_letter_box_is_not_filled_from_here(portal: Portal, office: Postbox) -> None:
    for turn in range(registration.MAILS_AN_HOUR + 2):
        assert ask(portal, username=f"sri{turn}").location == f"{HERE}/terkirim"
    assert len(letters(portal, office)) == registration.MAILS_AN_HOUR


def test_registrations_of_one_network_end(portal: Portal) -> None:
    answers = [ask(portal, username="x y").status_code for _ in range(PER_ADDRESS + 1)]
    assert answers == [422] * PER_ADDRESS + [429]


def test_scripts_in_every_field_are_text(portal: Portal, office: Postbox) -> None:
    for name in ("coop_name", "city", "kind", "full_name", "email", "phone", "username", "discount_code", "plan_code"):
        assert EVIL not in ask(portal, username="", **({name: EVIL} if name != "username" else {})).text
    ask(portal, coop_name=EVIL, city=EVIL, full_name=EVIL)
    browser = portal.anyone()
    address = link(portal, office)
    assert EVIL not in browser.get(address).text
    press(browser, address)
    (coop,) = coops(portal, EVIL)
    assert re.fullmatch(r"[a-z0-9-]{3,40}", coop.slug)
    for page in ("/kopmin/", "/mykoperasi/akun", "/kopmin/profil/"):
        assert EVIL not in browser.get(page, follow_redirects=True).text
