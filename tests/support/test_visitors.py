"""Strangers write, within limits, and are answered by mail, once."""

import pytest

from core.errors import InvalidValue, NotAllowed, StateChanged
from models.notifications import PlatformMail
from models.support import VisitorMessage
from services.notifications import outbox
from services.support import visitors
from services.support.changes import days, stages
from services.support.refusals import MailNotSet, TooManyVisitorMessages
from services.support.visitors import Told
from tests.notifications.postbox import postbox


@pytest.fixture
def office():
    with postbox() as server:
        outbox.use(server.url, "https://koperasi.contoh.id")
        yield server
        outbox.use("")


def write(world, token="v1", ip="10.0.0.1", **changes):
    fields = {"name": "Dewi", "email": "dewi@contoh.id", "kind": "question", "body": "Berapa harganya?"} | changes
    return visitors.send(world.database, Told(token=token, **fields), ip=ip)


def written(world):
    with world.database.platform("test") as session:
        return session.query(VisitorMessage).order_by(VisitorMessage.id).all()


def act(world, message, body=None, who="operator_platform"):
    operator = world.platform[who]
    with world.database.transaction(operator) as session:
        if body is None:
            return visitors.close(session, operator, message.id)
        return visitors.answer(session, operator, message.id, body)


def test_a_message_is_kept_once_and_answered_by_one_mail(world, office):
    assert write(world).id == write(world).id
    (message,) = written(world)
    for _ in range(2):
        assert act(world, message, "Mulai gratis.").state == "answered"
    with pytest.raises(StateChanged):
        act(world, message, "Lain lagi.")
    assert outbox.send_due(world.database) == (1, 0)
    mail = office.taken[0]
    assert (mail["To"], mail["Subject"]) == ("dewi@contoh.id", "Jawaban dari eKopz")
    assert "Mulai gratis.\n\nPesan Anda:\n> Berapa harganya?" in mail.get_content().replace("\r", "")


def test_without_a_mail_server_the_answer_is_refused_and_the_message_stays(world):
    message = write(world)
    with pytest.raises(MailNotSet, match=r"dewi@contoh\.id"):
        act(world, message, "Mulai gratis.")
    assert written(world)[0].state == "open"
    assert act(world, message).state == act(world, message).state == "closed"


def test_only_who_answers_for_ekopz_reads_them(world):
    message = write(world)
    for who in ("redaktur", "penulis"):
        with pytest.raises(NotAllowed):
            act(world, message, "x", who)
    with world.reading(world.ketua) as session, pytest.raises(NotAllowed):
        visitors.listed(session, world.ketua)
    operator = world.platform["operator_platform"]
    with world.database.reading(operator) as session:
        assert visitors.waiting(session, operator) == 1


def test_an_address_writes_five_times_an_hour(world):
    for number in range(visitors.PER_ADDRESS):
        write(world, f"v{number}")
    with pytest.raises(TooManyVisitorMessages):
        write(world, "more")
    assert write(world, "v0").token == "v0", "the second click of one of the five"
    write(world, "elsewhere", ip="10.0.0.2")


@pytest.mark.parametrize(
    "changes",
    [
        {"name": " "}, {"name": "x" * 121}, {"email": "bukan"}, {"email": "a@b.id\r\nBcc: x@y.id"}, {"email": ""},
        {"email": f"{'x' * 120}@contoh.id"}, {"kind": "x"}, {"body": " "}, {"body": "x" * 5001}, {"token": ""},
    ],
)  # fmt: skip
def test_odd_messages_are_refused_and_leave_nothing(world, changes):
    with pytest.raises(InvalidValue):
        write(world, **changes)
    assert written(world) == []


def test_a_scripted_message_is_plain_text_in_the_mail(world, office):
    message = write(world, name="<script>alert(1)</script>", body="<img src=x onerror=alert(1)>")
    act(world, message, "<b>Baik</b>")
    with world.database.platform("test") as session:
        mail = session.query(PlatformMail).one()
    assert "<b>Baik</b>" in mail.body
    outbox.send_due(world.database)
    assert office.taken[0].get_content_type() == "text/plain"


def test_what_is_new_and_what_comes_is_told_in_order():
    news = days()
    assert [day.on for day in news] == sorted({day.on for day in news}, reverse=True)
    assert all(one.title and one.about for day in news for one in day.changes)
    assert all(plan.title and plan.about for stage in stages() for plan in stage.plans)
