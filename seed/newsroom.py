"""Kopnews of the demo: who writes and edits, some articles that are of use to anybody, what readers said and read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select

from core.actor import NOWHERE, Actor
from core.clock import moment_of, today
from models.access import User
from models.news import Article
from models.transaction import Database, TenantSession
from seed import logins
from services.access import passwords
from services.access.roles import ROLES
from services.audit.visits import Visits
from services.news import articles, comments, figures
from services.news.articles import Draft

FOLDER = Path(__file__).parent / "articles"
BYLINE = "Redaksi Kopnews (contoh)"
EVERY_DAYS = 4
SAID = (
    ("anggota", 2, "Baru paham kenapa SHU saya lebih kecil dari tetangga. Contohnya membantu.", True),
    ("tamu", 5, "Boleh minta contoh anggaran untuk penghasilan yang tidak tetap setiap bulan?", False),
)


@dataclass(frozen=True)
class Text:
    """An article as it lies in a file: its heads, a blank line, its body."""

    number: int
    draft: Draft


def texts() -> Iterator[Text]:
    """Every article of the demo, in the order of their files."""
    for path in sorted(FOLDER.glob("*.md")):
        head, _, body = path.read_text("utf-8").partition("\n\n")
        held = dict(line.split(": ", 1) for line in head.splitlines())
        draft = Draft(held["judul"], held["kategori"], held["ringkasan"], body, held["tag"], BYLINE)
        yield Text(int(path.stem.partition("-")[0]), draft)


def open_up(database: Database) -> None:
    """Make the newsroom, once."""
    with database.platform("demo newsroom", writes=True) as session:
        if session.scalars(select(User.id).where(User.username == logins.NEWSROOM["redaktur"].username)).first():
            return
        people = {role: _person(session, role) for role in logins.NEWSROOM}
        every = list(texts())
        for text in every[:-1]:
            article = articles.write(session, people["redaktur"], text.draft)
            articles.publish(session, people["redaktur"], article.id)
            article.publish_at = article.changed_at = _morning((len(every) - text.number) * EVERY_DAYS - 3)
        waits = articles.write(session, people["penulis"], every[-1].draft)
        articles.submit(session, people["penulis"], waits.id)
        _say(session, people["redaktur"])
        slugs = [article.slug for article in _by_age(session)]
    _read(database, slugs)


def _person(session: TenantSession, role: str) -> Actor:
    person = logins.NEWSROOM[role]
    hidden = passwords.hashed(logins.PASSWORD)
    user = User(username=person.username, full_name=person.full_name, platform_role=role, password_hash=hidden)
    session.add(user)
    session.flush()
    return Actor(user.id, NOWHERE, ROLES[role].permissions, name=user.full_name)


def _morning(days: int) -> datetime:
    return moment_of(datetime.combine(today() - timedelta(days=days), time(7, 15)))


def _by_age(session: TenantSession) -> list[Article]:
    return list(session.scalars(select(Article).where(Article.state == "published").order_by(Article.publish_at)))


def _say(session: TenantSession, editor: Actor) -> None:
    """Readers' words below articles: one let through, one that waits."""
    published = _by_age(session)
    for username, number, body, shown in SAID:
        user = session.scalars(select(User).where(User.username == username)).first()
        if user is None:
            continue
        reader = Actor(user.id, NOWHERE, frozenset(), name=user.full_name)
        said = comments.say(session, reader, published[number - 1].slug, body, token="demo")  # noqa: S106  no secret
        if shown:
            comments.decide(session, editor, said.id, shown=True)


def _read(database: Database, slugs: list[str]) -> None:
    """A month of looks, more at what is newer and at the weekend."""
    visits, day = Visits(), today()
    for place, slug in enumerate(slugs, 1):
        for back in range(min(figures.DAYS, (len(slugs) - place + 1) * EVERY_DAYS)):
            on = day - timedelta(days=back)
            for _ in range(3 + place + (4 if on.weekday() > 4 else 0) + (back * place) % 5):
                visits.look(database, figures.page_of(slug), on)
    visits.write(database)
