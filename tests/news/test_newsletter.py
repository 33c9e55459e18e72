"""The newsletter goes to who confirmed from their mailbox, once a reader and issue, and ends by one click."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from core.clock import now
from core.errors import NotAllowed, NotFound
from models.news import NewsletterReader
from models.notifications import PlatformMail
from services.news import newsletter
from services.news.refusals import LinkOver, NoMail, NothingNew, TooManyAsked, WrongAddress
from services.notifications import outbox
from tests.conftest import World
from tests.news.test_articles import TEXT, out


@pytest.fixture(autouse=True)
def mail() -> Iterator[None]:
    outbox.use("smtp://127.0.0.1:1?from=kabar@contoh.id", "https://ekopz.contoh.id")
    yield
    outbox.use("")


def ask(world: World, email: str = "Budi@Contoh.id") -> None:
    with world.database.platform("test", writes=True) as session:
        newsletter.ask(session, email)


def mails(world: World) -> list[PlatformMail]:
    with world.database.platform("test") as session:
        return list(session.scalars(select(PlatformMail).order_by(PlatformMail.id)))


def link(mail: PlatformMail) -> str:
    return mail.body.rpartition("/kopnews/kabar/")[2].split()[0]


def answer(world: World, name: str, token: str) -> NewsletterReader:
    with world.database.platform("test", writes=True) as session:
        return getattr(newsletter, name)(session, token)


def send(world: World, who: str = "redaktur"):
    with world.database.platform("test", writes=True) as session:
        return newsletter.send(session, world.platform[who])


def test_asked_confirmed_sent_once_and_ended(any_world: World) -> None:
    world = any_world
    ask(world)
    ask(world)  # a second click
    assert [one.to_address for one in mails(world)] == ["budi@contoh.id"]
    token = link(mails(world)[0])
    out(world)
    with pytest.raises(NothingNew, match="belum ada pembaca"):
        send(world)
    first = answer(world, "confirm", token)
    assert answer(world, "confirm", token).confirmed_at == first.confirmed_at
    issue = send(world)
    assert (issue.articles, issue.readers) == (1, 1)
    with pytest.raises(NothingNew):
        send(world)  # a second click
    letters = [one for one in mails(world) if one.key.startswith(f"kopnews:{issue.id}:")]
    assert len(letters) == 1
    assert TEXT.title in letters[0].subject
    assert "https://ekopz.contoh.id/kopnews/harga-beras-naik" in letters[0].body
    assert link(letters[0]) == token
    answer(world, "end", token)
    out(world, replace(TEXT, title="Sesudah berhenti"))
    with pytest.raises(NothingNew):
        send(world)
    assert len(mails(world)) == 2


def test_the_day_sends_once_a_week_when_there_is_news(world: World) -> None:
    def day():
        with world.database.platform("test", writes=True) as session:
            return newsletter.send_due(session)

    ask(world)
    answer(world, "confirm", link(mails(world)[0]))
    assert day() is None  # nothing to tell
    out(world)
    assert day().articles == 1
    out(world, replace(TEXT, title="Esoknya"))
    assert day() is None  # within the week
    with time_machine.travel(now() + timedelta(days=8)):
        assert day().articles == 1
        assert day() is None


def test_links_that_were_guessed_changed_or_are_over(world: World) -> None:
    ask(world)
    token = link(mails(world)[0])
    for wrong in ("", "1", "1-", "-", f"{token}x", f"2-{token[2:]}", token.upper(), "9" * 30, "1-\udcff", "²-x"):
        with pytest.raises(NotFound):
            answer(world, "confirm", wrong)
    with time_machine.travel(now() + timedelta(days=8)), pytest.raises(LinkOver):
        answer(world, "confirm", token)


def test_addresses_and_floods(world: World) -> None:
    for wrong in ("", "budi", "budi@", "a b@c.id", "a@b.id\nBcc: x@y.id,z@y.id", "a@b.id;c@d.id", "<script>@x.id"):
        with pytest.raises(WrongAddress):
            ask(world, wrong)
    with world.database.platform("test", writes=True) as session:
        session.add_all([NewsletterReader(email=f"{n}@contoh.id") for n in range(newsletter.MOST_AN_HOUR)])
    with pytest.raises(TooManyAsked):
        ask(world)


def test_without_a_mail_server_nothing_is_offered(world: World) -> None:
    outbox.use("")
    assert not newsletter.is_offered()
    with pytest.raises(NoMail):
        ask(world)
    with pytest.raises(NoMail):
        send(world)
    with pytest.raises(NotAllowed):
        send(world, "penulis")
