"""The way of an article, who may do what, and what readers see of it at each step."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.clock import now
from core.errors import InvalidValue, NotAllowed, NotFound, StateChanged
from models.news import Article, ArticleCorrection, ArticleGram
from services.news import articles, figures, reading
from services.news.articles import Draft
from services.news.refusals import NeedsNote, NotComplete, NotYours, WrongMoment
from tests.conftest import World
from tests.mart.shelf import statements
from tests.news.payloads import ATTACKS

TEXT = Draft("Harga beras naik", "ekonomi", "Tiga sebabnya.", "Isi *artikel* " * 300, "Pangan, Harga", "Redaksi")


def write(world: World, who: str = "penulis", draft: Draft = TEXT) -> int:
    with world.database.platform("test", writes=True) as session:
        return articles.write(session, world.platform[who], draft).id


def act(world: World, who: str, name: str, article_id: int, *more: object, **named: object) -> Article:
    with world.database.platform("test", writes=True) as session:
        return getattr(articles, name)(session, world.platform[who], article_id, *more, **named)


def out(world: World, draft: Draft = TEXT) -> Article:
    return act(world, "redaktur", "publish", write(world, "redaktur", draft))


def readable(world: World) -> list[str]:
    with world.database.platform("test") as session:
        return [card.title for card in reading.latest(session, 1).cards]


def test_written_reviewed_sent_back_and_published(any_world: World) -> None:
    world = any_world
    one = write(world)
    assert act(world, "penulis", "submit", one).state == "review"
    assert act(world, "penulis", "submit", one).state == "review"
    with pytest.raises(NotYours):
        act(world, "penulis", "change", one, TEXT)
    back = act(world, "redaktur", "send_back", one, "Sebutkan sumbernya")
    assert (back.state, back.review_note) == ("draft", "Sebutkan sumbernya")
    act(world, "penulis", "change", one, replace(TEXT, body="Menurut BPS. " * 250))
    act(world, "penulis", "submit", one)
    assert readable(world) == []
    published = act(world, "redaktur", "publish", one)
    assert (published.slug, published.byline, published.minutes) == ("harga-beras-naik", "Redaksi", 3)
    assert readable(world) == [TEXT.title]
    assert act(world, "redaktur", "publish", one).publish_at == published.publish_at  # a second click
    act(world, "redaktur", "withdraw", one)
    act(world, "redaktur", "withdraw", one)
    assert readable(world) == []
    act(world, "redaktur", "publish", one)
    assert readable(world) == [TEXT.title]


def test_a_moment_to_come_keeps_it_back_and_needs_no_job(world: World) -> None:
    one = write(world)
    with pytest.raises(WrongMoment):
        act(world, "redaktur", "publish", one, now() - timedelta(hours=1))
    act(world, "redaktur", "publish", one, now() + timedelta(hours=1))
    assert readable(world) == []
    with world.database.platform("test") as session, pytest.raises(NotFound):
        reading.by_slug(session, "harga-beras-naik")
    act(world, "redaktur", "change", one, replace(TEXT, body="Lain"))  # nobody saw it: no note
    act(world, "redaktur", "publish", one)
    assert readable(world) == [TEXT.title]


def test_what_readers_saw_is_put_right_with_a_note(world: World) -> None:
    one = out(world)
    with pytest.raises(NeedsNote):
        act(world, "redaktur", "change", one.id, replace(TEXT, title="Lain"))
    changed = act(world, "redaktur", "change", one.id, replace(TEXT, title="Harga turun"), note="Angkanya terbalik.")
    assert changed.slug == "harga-beras-naik"  # an address people know stays
    with world.database.platform("test") as session:
        full = reading.full(session, reading.by_slug(session, one.slug))
        assert [note.note for note in full.corrections] == ["Angkanya terbalik."]
        assert session.scalar(select(func.count()).select_from(ArticleCorrection)) == 1
    with pytest.raises(NotComplete):
        act(world, "redaktur", "change", one.id, replace(TEXT, body=""), note="Kosong")


def test_two_editors_at_once_do_not_overwrite_each_other(world: World) -> None:
    one = write(world, "redaktur")
    with world.database.platform("test") as session:
        seen = articles.mark(session.get_one(Article, one))
    act(world, "redaktur", "change", one, replace(TEXT, body="Pertama"), seen=seen)
    for name, more in (("change", (replace(TEXT, body="Kedua"),)), ("publish", ())):
        with pytest.raises(StateChanged):
            act(world, "operator_platform", name, one, *more, seen=seen)


def test_who_writes_sees_and_changes_their_own_alone(world: World) -> None:
    theirs = write(world, "redaktur")
    for name, more in (("change", (TEXT,)), ("submit", ()), ("get", ())):
        with pytest.raises(NotFound):
            act(world, "penulis", name, theirs, *more)
    mine = write(world, draft=replace(TEXT, title="Milik saya"))
    for name in ("publish", "withdraw"):
        with pytest.raises(NotAllowed):
            act(world, "penulis", name, mine)
    with pytest.raises(NotAllowed):
        act(world, "penulis", "send_back", mine, "x")
    with world.database.platform("test") as session:
        assert [one.id for one in figures.listed(session, world.platform["penulis"])] == [mine]
        assert len(figures.listed(session, world.platform["redaktur"])) == 2
        with pytest.raises(NotAllowed):
            figures.listed(session, world.ketua)


def test_a_second_click_on_save_is_the_first_article(world: World) -> None:
    assert write(world) == write(world)


def test_equal_titles_get_addresses_of_their_own_and_no_page_is_hidden(world: World) -> None:
    slugs = []
    for who, title in (("penulis", "Cari"), ("redaktur", "cari!"), ("operator_platform", "CARI"), ("penulis", "😀")):
        act(world, who, "get", one := write(world, who, replace(TEXT, title=title)))
        slugs.append(act(world, who, "get", one).slug)
    assert slugs == ["cari-2", "cari-3", "cari-4", "artikel"]


@pytest.mark.parametrize(
    ("field", "text"),
    [("title", "x" * 161), ("title", "  "), ("summary", "x" * 301), ("body", "x" * 30_001), ("tags", "a,b,c,d,e,f,g"),
     ("tags", "x" * 41), ("byline", "x" * 121), ("category", "politik"), ("title", "\u202e\u200b")],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_in_a_sentence(world: World, field: str, text: str) -> None:
    with pytest.raises(InvalidValue, match=r"\."):
        write(world, draft=replace(TEXT, **{field: text}))
    with pytest.raises(NotFound):
        write(world, draft=replace(TEXT, cover="nosuch"))


def test_an_unfinished_text_is_not_published(world: World) -> None:
    one = write(world, draft=Draft("Hanya judul", "ekonomi"))
    with pytest.raises(NotComplete):
        act(world, "penulis", "submit", one)
    with pytest.raises(NotComplete):
        act(world, "redaktur", "publish", one)


def test_letters_that_turn_a_line_around_are_taken_out(world: World) -> None:
    for number, attack in enumerate(ATTACKS):
        act(world, "penulis", "get", one := write(world, draft=replace(TEXT, title=f"{number} {attack}", body=attack)))
        kept = act(world, "penulis", "get", one)
        assert not set(kept.title + kept.body) & set("\u202e\u200b\x00"), attack
        assert kept.slug.isascii()
        assert set(kept.slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@pytest.mark.parametrize("typed", ["harga beras", "hrga bers", "BERAS", "pangan", "ekonomi", "harga bérass"])
def test_typing_errors_still_find_it(world: World, typed: str) -> None:
    out(world)
    out(world, replace(TEXT, title="Rapat anggota", tags="", summary="Hadir semua.", category="koperasi"))
    with world.database.platform("test") as session:
        assert reading.found(session, typed, 1).cards[0].title == TEXT.title
        assert reading.found(session, "xqzw", 1).cards == []
        assert reading.found(session, "!?", 1).cards == []


def test_what_nobody_may_read_is_not_found(any_world: World) -> None:
    world = any_world
    one = out(world)
    act(world, "redaktur", "withdraw", one.id)
    with world.database.platform("test") as session:
        assert reading.found(session, "beras", 1).cards == []
        assert reading.tags(session) == []
        with pytest.raises(NotFound):
            reading.tag_label(session, "pangan")
        assert session.scalar(select(func.count()).select_from(ArticleGram)) > 0


def test_like_goes_with_like(any_world: World) -> None:
    world = any_world
    one = out(world)
    for title, tags, category in (
        ("Sama tag", "pangan", "koperasi"),
        ("Sama jenis", "", "ekonomi"),
        ("Lain", "", "keuangan"),
    ):
        out(world, replace(TEXT, title=title, tags=tags, category=category))
    with world.database.platform("test") as session:
        found = reading.full(session, reading.by_slug(session, one.slug)).related
    assert [card.title for card in found] == ["Sama tag", "Sama jenis"]


def test_lists_ask_the_same_few_questions_however_long(world: World) -> None:
    counts = []
    for number in range(1, 14):
        out(world, replace(TEXT, title=f"Artikel {number}"))
        if number in (2, 13):
            with statements(world) as asked, world.database.platform("test") as session:
                reading.latest(session, 1)
                reading.tags(session)
                reading.found(session, "artikel", 1)
                reading.full(session, reading.by_slug(session, "artikel-1"))
                figures.of(session, figures.listed(session, world.platform["redaktur"]), now().date())
            counts.append(len(asked))
    assert counts[0] == counts[1] <= 13
    with world.database.platform("test") as session:
        assert [len(reading.latest(session, number).cards) for number in (1, 2, 3)] == [10, 3, 0]
