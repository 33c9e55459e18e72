"""Pesan: what is new stands at the bell, is read once, and belongs to one person."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from models.access import User
from models.coops import Coop
from models.notifications import Notification
from services.notifications import choices, leaving, outbox
from services.notifications.commands import notify
from services.notifications.texts import Message
from tests.member_portal.conftest import Portal


def tell(portal: Portal, name: str, key: str = "k1", url: str = "/mykoperasi/tabungan") -> int:
    coop = portal.world.other if name == "Agus" else portal.world.coop
    with portal.world.database.transaction(coop.id) as session:
        message = Message(f"Kabar {name} {key}", "Penarikan Rp 9.000 dibayar.", url)
        return notify(session, coop.id, key, message, topic="simpanan", member_id=portal.members[name]).id


def head(text: str) -> str:
    return text.split("<main")[0]


def is_read(portal: Portal, message_id: int) -> bool:
    with portal.world.database.platform("test") as session:
        return session.get_one(Notification, message_id).read_at is not None


def test_the_bell_counts_what_is_new(portal: Portal) -> None:
    browser = portal.as_("siti")
    assert "belum dibaca" not in head(browser.get("/mykoperasi/").text)
    tell(portal, "Siti"), tell(portal, "Siti", "k2"), tell(portal, "Joko", "k3"), tell(portal, "Agus")
    assert '<b>2</b><span class="sr"> belum dibaca' in head(browser.get("/mykoperasi/").text)
    assert 'class="bell"' not in portal.anyone().get("/").text


def test_the_count_costs_one_question(portal: Portal) -> None:
    browser = portal.as_("siti")
    tell(portal, "Siti")
    with questions(portal) as asked:
        browser.get("/mykoperasi/kuitansi")
    assert len([question for question in asked if "notifications" in question]) == 1


@contextmanager
def questions(portal: Portal) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    event.listen(portal.world.database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(portal.world.database.engine, "before_cursor_execute", note)


def test_looking_reads_nothing_opening_reads_one(portal: Portal) -> None:
    browser, first, second = portal.as_("siti"), tell(portal, "Siti"), tell(portal, "Siti", "k2")
    text = browser.get("/mykoperasi/pesan").text
    assert text.index("Kabar Siti k2") < text.index("Kabar Siti k1")
    assert not is_read(portal, first)
    assert browser.post(f"/mykoperasi/pesan/{first}", {"buka": "1"}).headers["Location"] == "/mykoperasi/tabungan"
    assert browser.post(f"/mykoperasi/pesan/{first}").headers["Location"] == "/mykoperasi/pesan"
    assert (is_read(portal, first), is_read(portal, second)) == (True, False)


def test_a_message_never_leads_off_the_site(portal: Portal) -> None:
    message_id = tell(portal, "Siti", url="//evil.example")
    answer = portal.as_("siti").post(f"/mykoperasi/pesan/{message_id}", {"buka": "1"})
    assert answer.headers["Location"] == "/mykoperasi/pesan"


def test_everything_is_read_at_once_but_only_ones_own(portal: Portal) -> None:
    own, joko, agus = tell(portal, "Siti"), tell(portal, "Joko", "k2"), tell(portal, "Agus")
    browser = portal.as_("siti")
    assert browser.post("/mykoperasi/pesan/semua").status_code == 302
    assert [is_read(portal, one) for one in (own, joko, agus)] == [True, False, False]
    assert "Tandai semua" not in browser.get("/mykoperasi/pesan").text


def test_the_messages_of_others_are_not_there(portal: Portal) -> None:
    browser = portal.as_("siti")
    for message_id in (tell(portal, "Joko", "k2"), tell(portal, "Agus"), 10**18):
        assert browser.post(f"/mykoperasi/pesan/{message_id}", {"buka": "1"}).status_code == 404
    assert "Belum ada pesan" in browser.get("/mykoperasi/pesan").text


def test_the_office_can_be_asked_about_a_message(portal: Portal) -> None:
    tell(portal, "Siti")
    browser = portal.as_("siti")
    assert "wa.me" not in browser.get("/mykoperasi/pesan").text
    with portal.world.database.platform("test", writes=True) as session:
        session.get_one(Coop, portal.world.coop.id).phone = "0812-3456-7890"
    text = browser.get("/mykoperasi/pesan").text
    assert "https://wa.me/6281234567890?text=Halo%20pengurus" in text
    assert "9.000" not in text.split("wa.me")[1].split('"')[0]


def test_a_mail_program_ends_a_kind_of_mail_by_itself(portal: Portal) -> None:
    """RFC 8058: a POST without cookies and without a form's token; looking alone changes nothing."""
    with portal.world.database.platform("test") as session:
        siti = session.query(User).filter(User.username == "siti").one().id
    outbox.use("", "https://ekopz.contoh.id")
    link = leaving.line("pengumuman", siti).rpartition("contoh.id")[2]
    outbox.use("")
    stranger = portal.app.test_client()
    assert "Berhenti menerima</button>" in stranger.get(link).text
    for _ in range(2):
        assert stranger.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert stranger.post(f"{link}x", data={"List-Unsubscribe": "One-Click"}).status_code == 404
    with portal.world.database.platform("test") as session:
        assert choices.of(session, siti)["pengumuman"] == "never"
