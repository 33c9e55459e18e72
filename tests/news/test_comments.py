"""What readers say: once a click, seen by others once it was let through, never more than waits already."""

import pytest

from core.errors import InvalidValue, NotAllowed, NotFound
from models.news import ArticleComment
from services.news import articles, comments
from services.news.refusals import WaitForReview
from tests.conftest import World
from tests.news.test_articles import out


def say(world: World, body: str = "Terima kasih", token: str = "t1", slug: str = "harga-beras-naik") -> ArticleComment:
    with world.database.platform("test", writes=True) as session:
        return comments.say(session, world.petugas, slug, body, token=token)


def seen(world: World, article_id: int, viewer_id: int | None = None) -> list[str]:
    with world.database.platform("test") as session:
        return [one.body for one in comments.below(session, article_id, viewer_id)]


def test_said_let_through_hidden_again(world: World) -> None:
    article, said = out(world), say(world)
    assert say(world).id == said.id  # a second click
    assert seen(world, article.id) == []
    assert seen(world, article.id, world.petugas.user_id) == ["Terima kasih"]
    assert seen(world, article.id, world.ketua.user_id) == []
    for shown in (True, True, False):
        with world.database.platform("test", writes=True) as session:
            comments.decide(session, world.platform["redaktur"], said.id, shown=shown)
        assert seen(world, article.id) == (["Terima kasih"] if shown else [])
    with world.database.platform("test") as session:
        assert comments.counted(session, [article.id]) == {}
        assert comments.waiting(session, world.platform["redaktur"]) == 0


def test_only_the_editor_moderates(world: World) -> None:
    out(world)
    said = say(world)
    for who in (world.platform["penulis"], world.ketua):
        with world.database.platform("test", writes=True) as session:
            with pytest.raises(NotAllowed):
                comments.decide(session, who, said.id, shown=True)
            with pytest.raises(NotAllowed):
                comments.to_moderate(session, who)
            assert comments.waiting(session, who) == 0
    with world.database.platform("test", writes=True) as session, pytest.raises(NotFound):
        comments.decide(session, world.platform["redaktur"], 999, shown=True)


def test_nobody_floods_or_says_nothing(world: World) -> None:
    article = out(world)
    for body in ("", "   ", "x" * 1001):
        with pytest.raises(InvalidValue):
            say(world, body)
    for number in range(comments.MOST_WAITING):
        say(world, f"Komentar {number}", f"t{number}")
    with pytest.raises(WaitForReview):
        say(world, "Satu lagi", "t99")
    with world.database.platform("test", writes=True) as session:
        articles.withdraw(session, world.platform["redaktur"], article.id)
    with pytest.raises(NotFound):
        say(world, "Terlambat", "t100")
