"""Mail at once, once a day, or not: chosen by topic; in the app everything is told."""

import ast
from datetime import timedelta

import pytest

from core.clock import now, today
from core.errors import InvalidValue
from models.access import CoopUser, User
from models.notifications import Notification, OutgoingMail, PlatformMail
from services.jobs import daily
from services.notifications import choices, digest, outbox
from services.notifications.commands import mark_read, notify
from services.notifications.texts import Message
from services.notifications.topics import TOPICS
from tests.architecture.tree import ROOT, python_files
from tests.notifications.postbox import postbox


@pytest.fixture
def office():
    with postbox() as server:
        outbox.use(server.url, "https://koperasi.contoh.id")
        yield server
        outbox.use("")


@pytest.fixture
def siti(world):
    """A member with an account in both cooperatives, and the mail address of the account."""
    with world.database.platform("test", writes=True) as session:
        user = User(username="siti", full_name="Siti", email="siti@contoh.id")
        session.add(user)
        session.flush()
        session.add(CoopUser(coop_id=world.coop.id, user_id=user.id, member_id=world.siti))
        session.add(CoopUser(coop_id=world.other.id, user_id=user.id))
        return user.id


@pytest.fixture(autouse=True)
def member(world):
    world.siti = world.member()
    return world.siti


def tell(world, key, topic="simpanan", title="", **whom):
    coop = whom.pop("coop", world.coop)
    with world.database.transaction(coop.id) as session:
        message = Message(title or f"Kabar {key}", "Isi kabar.", "/mykoperasi/tabungan")
        return notify(session, coop.id, key, message, topic=topic, **whom)


def choose(world, user_id, **wanted):
    with world.database.platform("test", writes=True) as session:
        choices.choose(session, user_id, wanted)


def rows(world, kind):
    with world.database.platform("test") as session:
        return session.query(kind).order_by(kind.id).all()


def states(world):
    return [one.mailed for one in rows(world, Notification)]


def test_each_way_of_mail_is_kept_to(world, siti, office):
    choose(world, siti, simpanan="never", pinjaman="daily")
    for key, topic in (("a", "simpanan"), ("b", "pinjaman"), ("c", "belanja"), ("d", "keamanan")):
        tell(world, key, topic, member_id=world.siti)
    assert states(world) == ["", "digest", "now", "now"]
    assert [mail.key for mail in rows(world, OutgoingMail)] == ["c", "d"]
    body = rows(world, OutgoingMail)[0].body
    assert body.endswith("Atur surat mana yang Anda terima: https://koperasi.contoh.id/mykoperasi/akun/pemberitahuan")
    with world.reading() as session:
        assert session.query(Notification).filter_by(member_id=world.siti).count() == 4


def test_what_keeps_an_account_safe_cannot_be_turned_off(world, siti):
    for topic in ("keamanan", "langganan", "nonsense"):
        with pytest.raises(InvalidValue):
            choose(world, siti, **{topic: "never"})
    with pytest.raises(InvalidValue):
        choose(world, siti, simpanan="hourly")
    with world.database.platform("test") as session:
        assert choices.of(session, siti) == dict.fromkeys(TOPICS, "now")


def test_the_last_choice_counts(world, siti, office):
    choose(world, siti, simpanan="never")
    choose(world, siti, simpanan="now")
    tell(world, "a", member_id=world.siti)
    assert states(world) == ["now"]


def test_people_without_an_account_choose_nothing(world, office):
    with world.transaction(world.petugas) as session:
        from models.members import Member

        session.get_one(Member, world.siti).email = "rumah@contoh.id"
    tell(world, "a", member_id=world.siti)
    (mail,) = rows(world, OutgoingMail)
    assert mail.to_address == "rumah@contoh.id"
    assert "Atur surat" not in mail.body


def test_a_digest_comes_once_a_day_with_all_cooperatives_in_it(world, siti, office):
    choose(world, siti, simpanan="daily", bantuan="daily")
    tell(world, "a", title="Penarikan dibayar", member_id=world.siti)
    tell(world, "b", "bantuan", title="T-2026-0001 dijawab", user_id=siti, coop=world.other)
    read = tell(world, "c", title="Sudah dibaca", user_id=siti)
    with world.transaction(world.ketua) as session:
        actor = world.ketua.__class__(siti, world.coop.id, frozenset())
        mark_read(session, actor, read.id)
    assert digest.send(world.database, today()) == 1
    assert digest.send(world.database, today()) == 0
    assert states(world) == ["sent", "sent", ""]
    (mail,) = rows(world, PlatformMail)
    assert mail.subject.startswith("2 kabar dari koperasi Anda, ")
    for words in ("Koperasi Maju Bersama\n\nPenarikan dibayar", "Koperasi Tetangga Jaya\n\nT-2026-0001 dijawab",
                  "https://koperasi.contoh.id/mykoperasi/tabungan", "Atur surat"):  # fmt: skip
        assert words in mail.body
    assert "Sudah dibaca" not in mail.body


def test_what_comes_after_the_digest_waits_for_the_next_day(world, siti, office):
    choose(world, siti, simpanan="daily")
    tell(world, "a", member_id=world.siti)
    digest.send(world.database, today())
    tell(world, "b", member_id=world.siti)
    digest.send(world.database, today())
    assert states(world) == ["sent", "digest"]
    tomorrow = today() + timedelta(days=1)
    assert "Ringkasan kabar: 1 surat." in daily.run(world.database, tomorrow)
    assert "Ringkasan kabar: 1 surat." not in daily.run(world.database, tomorrow)
    assert (set(states(world)), len(office.taken)) == ({"sent"}, 2)
    assert "kabar dari Koperasi Maju Bersama" in office.taken[-1]["Subject"]


def test_whoever_thinks_better_of_it_gets_no_digest(world, siti, office):
    choose(world, siti, simpanan="daily")
    tell(world, "a", member_id=world.siti)
    choose(world, siti, simpanan="never")
    assert digest.send(world.database, today()) == 0
    assert states(world) == [""]


def test_a_long_day_says_how_much_more_there_is(world, siti, office):
    choose(world, siti, simpanan="daily")
    for number in range(digest.MOST + 3):
        tell(world, f"k{number}", member_id=world.siti)
    assert digest.send(world.database, today()) == 1
    (mail,) = rows(world, PlatformMail)
    assert mail.subject.startswith(f"{digest.MOST + 3} kabar dari")
    assert "dan 3 kabar lain di halaman Pesan." in mail.body
    assert set(states(world)) == {"sent"}


def test_without_mail_nothing_waits(world, siti):
    choose(world, siti, simpanan="daily")
    tell(world, "a", member_id=world.siti)
    assert (states(world), digest.send(world.database, today())) == ([""], 0)


def test_a_digest_is_one_on_both_databases(any_world, office):
    from tests.support.conftest import enrol

    user = enrol(any_world, any_world.ketua, "Budi", any_world.member())
    choose(any_world, user.user_id, simpanan="daily")
    tell(any_world, "a", user_id=user.user_id)
    assert [digest.send(any_world.database, today()) for _ in range(2)] == [1, 0]
    assert outbox.send_due(any_world.database, at=now() + timedelta(minutes=1)) == (1, 0)
    assert len(office.taken) == 1


def test_every_message_of_the_house_says_its_topic():
    silent = []
    for path in python_files("services"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "notify":
                given = {word.arg for word in node.keywords}
                silent += [] if "topic" in given else [f"{path.relative_to(ROOT)}:{node.lineno}"]
    assert silent == []
