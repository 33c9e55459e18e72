"""Told once, read once, mailed once: over a real mail server, through its refusals, to the end of patience."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from core import settings
from core.clock import now, today
from core.errors import NotFound
from core.settings import BadSetting
from models.access import User
from models.members import Member
from models.notifications import Notification, OutgoingMail
from services.notifications import outbox, queries, smtp, texts
from services.notifications.commands import mark_all_read, mark_read, notify
from services.notifications.texts import Message
from tests.loans import story
from tests.notifications.postbox import postbox

HELLO = Message("Halo, Bu Siti", "Ada kabar untuk Anda.", "/mykoperasi/")


@pytest.fixture
def office():
    """A mail server at work."""
    with postbox() as server:
        outbox.use(server.url, "https://koperasi.contoh.id")
        yield server
        outbox.use("")
        outbox.wake_with(lambda: None)


@pytest.fixture
def siti(world):
    member_id = world.member()
    with world.transaction(world.petugas) as session:
        session.get_one(Member, member_id).email = "siti@contoh.id"
    return member_id


def tell(world, key="k1", message=HELLO, topic="simpanan", **whom):
    with world.transaction(world.ketua) as session:
        return notify(session, world.coop.id, key, message, topic=topic, **whom)


def mails(world, **which):
    with world.reading() as session:
        return session.query(OutgoingMail).filter_by(**which).order_by(OutgoingMail.id).all()


# in the app


def test_one_key_tells_once(world, siti):
    assert tell(world, member_id=siti) is not None
    assert tell(world, member_id=siti) is None
    with world.reading() as session:
        assert session.query(Notification).count() == 1


def test_a_person_sees_their_own_and_reads_it(world, siti):
    told = tell(world, member_id=siti)
    tell(world, "k2", user_id=world.ketua.user_id)
    member = replace(world.pengelola_toko, member_id=siti)
    with world.transaction(member) as session:
        assert [one.key for one in queries.latest(session, member)] == ["k1"]
        assert queries.unread(session, member) == 1
        first = mark_read(session, member, told.id).read_at
        assert mark_read(session, member, told.id).read_at == first
        assert (queries.unread(session, member), mark_all_read(session, member)) == (0, 0)
    with world.transaction(world.ketua) as session:
        with pytest.raises(NotFound):
            mark_read(session, world.ketua, told.id)
        assert (queries.unread(session, world.ketua), mark_all_read(session, world.ketua)) == (1, 1)


def test_the_neighbour_sees_nothing_and_has_the_same_keys(world, siti):
    told, neighbour = tell(world, member_id=siti), replace(world.other_actors["ketua"], member_id=siti)
    with world.transaction(neighbour) as session:
        assert queries.latest(session, neighbour) == []
        with pytest.raises(NotFound):
            mark_read(session, neighbour, told.id)
        assert notify(session, neighbour.coop_id, "k1", HELLO, topic="simpanan", user_id=neighbour.user_id) is not None


def test_a_loan_is_told_of_step_by_step(world):
    product_id, member_id = story.product(world), story.saver(world)
    loan_id = story.approved(world, member_id, product_id)
    story.pay_out(world, loan_id, paid_on=today(), first_due_on=today() + timedelta(days=30))
    member = replace(world.pengelola_toko, member_id=member_id)
    with world.reading(member) as session:
        titles = [one.title for one in queries.latest(session, member)]
    # decided in January: who reads today is told of what is news, the payout among it
    assert titles == [
        "Pinjaman P/2026/0001 dicairkan",
        "Pinjaman P/2026/0001 dianalisis",
        "Pinjaman P/2026/0001 diterima",
    ]


# words


@pytest.mark.parametrize(
    ("phone", "address"),
    [
        ("0812-3456-7890", "https://wa.me/6281234567890?text=Halo%20Bu"),
        ("+62 812 3456 7890", "https://wa.me/6281234567890?text=Halo%20Bu"),
        ("81234567890", "https://wa.me/6281234567890?text=Halo%20Bu"),
        ("021-5551234", ""),
        ("+1 202 555 0100", ""),
        ("0062812345", ""),
        ("", ""),
        ("0812", ""),
        ("０８１２３４５６７８９", ""),
    ],
)
def test_a_chat_opens_with_a_mobile_number_of_here(phone, address):
    assert texts.whatsapp(phone, "Halo Bu") == address


def test_every_message_fits_its_place():
    long = "x" * 250
    told = [
        *(texts.application("P/2026/0001", state, long) for state in ("asked", "approved", "rejected", "settled")),
        texts.disbursed("P/2026/0001", 10**14, today()),
        texts.due_soon("P/2026/0001", 10**14, today()),
        texts.late("P/2026/0001", 10**14, 30),
        *(texts.withdrawal("Simpanan Sukarela", 10**14, state, long[:200]) for state in texts._WITHDRAWAL),
        texts.deposit_matured("SB/2026/0001", 10**14),
        texts.deposit_rolled("SB/2026/0001", 10**14, today(), "6,5"),
        texts.claim("K" * 120, approved=False, reason=long[:200]),
        texts.statement(today()),
    ]
    assert all(len(one.title) <= 120 and len(one.body) <= 500 and len(one.url) <= 200 for one in told)
    assert texts.application("P/2026/0001", "running") is None


# by mail


def test_without_a_mail_server_nothing_is_queued(world, siti):
    outbox.use("")
    tell(world, member_id=siti)
    assert (mails(world), outbox.send_due(world.database), outbox.due(world.database)) == ([], (0, 0), [])


def test_a_mail_goes_out_after_what_it_tells_of_and_once(world, siti, office):
    tell(world, member_id=siti)
    assert office.taken == []
    assert outbox.due(world.database) == [(outbox.TASK, {})]
    outbox.work(world.database)
    assert outbox.send_due(world.database) == (0, 0)
    mail = office.taken[0]
    assert (mail["To"], mail["From"], mail["Subject"]) == ("siti@contoh.id", "koperasi@contoh.id", "Halo, Bu Siti")
    assert mail.get_content().replace("\r", "") == "Ada kabar untuk Anda.\n\nhttps://koperasi.contoh.id/mykoperasi/\n"
    assert (len(office.taken), mails(world)[0].state, outbox.due(world.database)) == (1, "sent", [])


def test_what_was_rolled_back_is_never_mailed(world, siti, office):
    with pytest.raises(ZeroDivisionError), world.transaction(world.ketua) as session:
        notify(session, world.coop.id, "k1", HELLO, topic="simpanan", member_id=siti)
        raise ZeroDivisionError
    assert outbox.send_due(world.database) == (0, 0)
    assert office.taken == []


def test_a_users_own_address_serves_when_the_member_has_none(world, office):
    with world.transaction(world.ketua) as session:
        session.get_one(User, world.ketua.user_id).email = "ketua@contoh.id"
    tell(world, user_id=world.ketua.user_id)
    tell(world, "k2", member_id=world.member())
    assert [mail.to_address for mail in mails(world)] == ["ketua@contoh.id"]


@pytest.mark.parametrize("address", ["bukan", "a@b.id\r\nBcc: x@y.id", "a b@c.id", "a@b.id, c@d.id", "@", "ä@b.id"])
def test_an_address_that_is_none_gets_no_mail(world, siti, office, address):
    with world.transaction(world.petugas) as session:
        session.get_one(Member, siti).email = address
    assert tell(world, member_id=siti) is not None
    assert mails(world) == []


def test_a_refused_mail_is_tried_again_with_longer_pauses_and_then_given_up(world, siti, office):
    tell(world, member_id=siti)
    office.refusing = "451 greylisted, come back"
    at, pauses = now(), []
    for _ in range(outbox.MOST_TRIES):
        assert outbox.send_due(world.database, at=at) == (0, 1)
        mail = mails(world)[0]
        assert outbox.send_due(world.database, at=at) == (0, 0)
        pauses.append((mail.next_try_at - at).total_seconds() / 60)
        at = mail.next_try_at
    assert pauses[:-1] == [1, 2, 4, 8, 16, 32, 64]
    assert (mail.state, mail.tries) == ("given_up", 8)
    assert "451" in mail.last_error
    office.refusing = ""
    assert outbox.send_due(world.database, at=at + timedelta(days=30)) == (0, 0)


def test_a_server_that_is_down_loses_nothing_however_long(world, siti, office):
    tell(world, member_id=siti)
    tell(world, "k2", member_id=siti)
    outbox.use("smtp://127.0.0.1:1?from=koperasi@contoh.id")
    at = now()
    for _ in range(2 * outbox.MOST_TRIES):
        at += timedelta(minutes=1)
        assert outbox.send_due(world.database, at=at) == (0, 1)  # the others are not even tried
    assert [(mail.state, mail.tries) for mail in mails(world)] == [("waiting", 0)] * 2
    outbox.use(office.url)
    assert outbox.send_due(world.database, at=at + timedelta(minutes=1)) == (2, 0)


def test_who_sends_is_told_when_a_mail_is_committed_and_of_what_is_left(world, siti, office, monkeypatch):
    monkeypatch.setattr(outbox, "_AT_ONCE", 4)
    woken = []
    outbox.wake_with(lambda: woken.append(len(mails(world))))
    many = 4 + 3
    with world.transaction(world.ketua) as session:
        for number in range(many):
            notify(session, world.coop.id, f"k{number}", HELLO, topic="simpanan", member_id=siti)
        assert woken == []
    assert woken == [many]
    with pytest.raises(ZeroDivisionError), world.transaction(world.ketua) as session:
        notify(session, world.coop.id, "never", HELLO, topic="simpanan", member_id=siti)
        raise ZeroDivisionError
    with world.database.session(writes=True) as session:
        for key in ("link", "link2"):  # a session may commit more than once
            outbox.queue(session, None, key=key, to_address="rina@contoh.id", message=HELLO)
            session.commit()
    assert woken == [many, many, many]
    outbox.work(world.database)
    assert office.taken[0]["To"] == "rina@contoh.id"  # who waits at a sign-in comes first
    assert (len(office.taken), len(woken)) == (6, 4)
    outbox.work(world.database)
    assert (len(office.taken), len(woken)) == (9, 4)


def test_two_senders_send_a_mail_once(any_world, office):
    world = any_world
    member_id = world.member()
    with world.transaction(world.petugas) as session:
        session.get_one(Member, member_id).email = "siti@contoh.id"
    for number in range(5):
        tell(world, f"k{number}", member_id=member_id)
    threads = [threading.Thread(target=outbox.send_due, args=(world.database,)) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(office.taken) == 5


def test_a_password_is_not_sent_in_the_open(office):
    server = replace(smtp.server_of(office.url), username="a", password="rahasia")
    assert "rahasia" not in repr(server)
    with pytest.raises(smtp.Unreachable, match="TLS"):
        smtp.send(server, "siti@contoh.id", "Halo", "Isi")


@pytest.mark.parametrize(
    "url",
    [
        "http://server?from=a@b.id", "smtp://", "smtp://server", "smtp://server:99999?from=a@b.id",
        "smtp://server:x?from=a@b.id", "smtp://server?from=bukan", "smtp://server?from=a@b.id%0d%0aBcc:x@y.id",
    ],
)  # fmt: skip
def test_a_bad_mail_server_stops_the_start_and_is_named(url, tmp_path):
    with pytest.raises(BadSetting, match="SMTP_URL"):
        settings.load({"EKOPZ_DATA": str(tmp_path), "SMTP_URL": url})


def test_a_good_mail_server_is_read(tmp_path):
    url = "smtps://nama%40contoh.id:san%3Adi@server"
    kept = settings.load({"EKOPZ_DATA": str(tmp_path), "SMTP_URL": url})
    assert "san" not in repr(kept)
    server = smtp.server_of(kept.smtp_url)
    assert (server.host, server.port, server.sender, server.password) == ("server", 465, "nama@contoh.id", "san:di")
