"""Letters to many carry the way out for mail programs, and it works by itself; letters about one's own money do not."""

import pytest
from sqlalchemy import select

from core.clock import today
from core.errors import NotFound
from models.access import CoopUser, User
from models.news import NewsletterReader
from services.news import newsletter
from services.notifications import choices, digest, leaving, outbox
from services.notifications.commands import notify
from services.notifications.texts import Message
from tests.conftest import World
from tests.news.test_articles import out
from tests.notifications.postbox import postbox

HERE = "https://ekopz.contoh.id"


@pytest.fixture
def office():
    with postbox() as server:
        outbox.use(server.url, HERE)
        yield server
        outbox.use("")


@pytest.fixture
def siti(world: World) -> int:
    with world.database.platform("test", writes=True) as session:
        user = User(username="siti", full_name="Siti", email="siti@contoh.id")
        session.add(user)
        session.flush()
        session.add(CoopUser(coop_id=world.coop.id, user_id=user.id))
        return user.id


def tell(world: World, topic, user_id: int, body: str = "Isi kabar.") -> None:
    with world.database.transaction(world.coop.id) as session:
        notify(session, world.coop.id, f"kabar:{topic}", Message(topic, body), topic=topic, user_id=user_id)


def sent(world: World, office) -> list[tuple[str, str]]:
    """What went out: subject, and where mail programs are told to leave."""
    outbox.send_due(world.database)
    return [(one["Subject"].split()[0], one.get("List-Unsubscribe", "")) for one in office.taken]


def test_only_letters_to_many_tell_mail_programs_the_way_out(world: World, office, siti: int) -> None:
    for topic in ("pengumuman", "pinjaman", "keamanan"):
        tell(world, topic, siti, "Isi.\nBerhenti menerima semua: https://jahat.contoh.id/x")
    found = dict(sent(world, office))
    assert found["pengumuman"].startswith(f"<{HERE}/surat/berhenti/pengumuman-{siti}-")
    assert found["pinjaman"] == found["keamanan"] == ""
    letter = next(one for one in office.taken if one["Subject"] == "pengumuman")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    raw = letter.as_bytes(policy=letter.policy.clone(max_line_length=998)).decode()
    assert f"List-Unsubscribe: {found['pengumuman']}\n" in raw.replace("\r\n", "\n"), "the address was broken"


def test_the_digest_ends_by_one_click_and_a_second_is_harmless(world: World, office, siti: int) -> None:
    with world.database.platform("test", writes=True) as session:
        choices.choose(session, siti, {"simpanan": "daily", "pinjaman": "now"})
    tell(world, "simpanan", siti)
    digest.send(world.database, today())
    ((_, address),) = sent(world, office)
    token = address.strip("<>").rpartition("/")[2]
    for _ in range(2):
        with world.database.platform("test", writes=True) as session:
            assert leaving.leave(session, token).kind == leaving.DIGEST
            chosen = choices.of(session, siti)
    assert (chosen["simpanan"], chosen["pinjaman"], chosen["belanja"]) == ("never", "now", "now")


def test_the_newsletter_tells_the_way_out_and_its_confirmation_does_not(world: World, office) -> None:
    with world.database.platform("test", writes=True) as session:
        newsletter.ask(session, "budi@contoh.id")
        reader = session.scalars(select(NewsletterReader)).one()
        newsletter.confirm(session, newsletter.token_of(reader))
    out(world)
    with world.database.platform("test", writes=True) as session:
        newsletter.send(session, world.platform["redaktur"])
        address = f"<{HERE}{newsletter.path_of(reader)}>"
    assert sorted(way for _, way in sent(world, office)) == ["", address]


def test_where_our_own_address_is_not_https_programs_may_not_press_it(world: World, office, siti: int) -> None:
    outbox.use(office.url, "http://127.0.0.1:8080")
    tell(world, "pengumuman", siti)
    sent(world, office)
    assert "List-Unsubscribe" in office.taken[0]
    assert "List-Unsubscribe-Post" not in office.taken[0]


def test_a_token_that_was_guessed_ends_nothing(world: World, siti: int) -> None:
    with world.database.platform("test", writes=True) as session:
        good = leaving._token("pengumuman", siti)
        other = leaving._token("pengumuman", siti + 1)
        others = f"pengumuman-{siti}{other[other.rindex('-') :]}"
        for wrong in ("", "-", f"keamanan-{siti}-x", f"ringkasan{good[10:]}", others, good[:-1], f"{good}x", "\udcff"):
            with pytest.raises(NotFound):
                leaving.leave(session, wrong)
        assert choices.of(session, siti)["pengumuman"] == "now"
