"""The way of an article: written, reviewed, sent back with a note, published now or later, put right, withdrawn."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.errors import InvalidValue, NotFound, StateChanged
from models.news import Article, ArticleCorrection, ArticleTag
from services.news import categories, pictures, search, texts
from services.news.refusals import NeedsNote, NotComplete, NotYours, WrongMoment

STATES = {"draft": "Draf", "review": "Menunggu redaktur", "published": "Terbit", "withdrawn": "Ditarik"}
LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_BODY, LONGEST_NOTE = 160, 300, 30_000, 300
MOST_TAGS, LONGEST_TAG, LONGEST_SLUG = 6, 40, 100
RESERVED = frozenset({"cari", "kategori", "tag", "gambar", "kabar", "rss-xml", "sitemap-xml"})
_SAME_CLICK = timedelta(minutes=2)


@dataclass(frozen=True)
class Draft:
    """What the editor holds. `tags` are separated by commas, `cover` is the name of a picture of ours or empty."""

    title: str
    category: str
    summary: str = ""
    body: str = ""
    tags: str = ""
    byline: str = ""
    cover: str = ""


def mark(article: Article) -> str:
    """Which version somebody has before them."""
    return f"{article.changed_at:%Y%m%d%H%M%S%f}"


def is_out(article: Article, moment: datetime | None = None) -> bool:
    """Whether anybody may read it."""
    at = article.publish_at
    return article.state == "published" and at is not None and at <= (moment or now())


def write(session: Session, actor: Actor, draft: Draft) -> Article:
    """A new article; a second click finds the first. Raises InvalidValue, NotFound (the picture)."""
    actor.must("platform.news_write")
    title = texts.line("Judul", draft.title, LONGEST_TITLE, needed="isi dulu.")
    fresh = select(Article).where(Article.author_id == actor.user_id, Article.title == title, Article.state == "draft")
    before = session.scalars(fresh.where(Article.created_at > now() - _SAME_CLICK)).first()
    if before is not None:
        return change(session, actor, before.id, draft)
    article = Article(title=title, author_id=actor.user_id, byline="", category="koperasi", slug=_slug(session, title))
    session.add(article)
    session.flush()
    _fill(session, actor, article, draft)
    return article


def change(session: Session, actor: Actor, article_id: int, draft: Draft, *, seen: str = "", note: str = "") -> Article:
    """Change an article. What readers can see is put right with a `note` that stands below it.

    Raises:
        StateChanged: somebody else changed it since `seen`. NeedsNote, NotYours, InvalidValue, NotFound.
    """
    article = _mine(session, actor, article_id, seen)
    if article.state != "draft" and not actor.may("platform.news_publish"):
        raise NotYours(state=STATES[article.state].lower())
    said = texts.line("Catatan koreksi", note, LONGEST_NOTE)
    if is_out(article):
        if not said:
            raise NeedsNote()
        session.add(ArticleCorrection(article_id=article.id, note=said, made_by=actor.user_id))
    _fill(session, actor, article, draft)
    return article


def submit(session: Session, actor: Actor, article_id: int, seen: str = "") -> Article:
    """Ask the redaktur to look at it. A second click changes nothing. Raises NotComplete, StateChanged, NotFound."""
    article = _mine(session, actor, article_id, "")
    if article.state == "review":
        return article
    _must_be(article, "draft")
    _seen(article, seen)
    _whole(article)
    return _now(article, "review", review_note="")


def send_back(session: Session, actor: Actor, article_id: int, note: str) -> Article:
    """Give it back to who wrote it, saying why. Raises InvalidValue, StateChanged, NotFound."""
    actor.must("platform.news_publish")
    article = _mine(session, actor, article_id, "")
    said = texts.line("Catatan", note, LONGEST_NOTE, needed="tulis apa yang perlu diperbaiki.")
    _must_be(article, "review")
    return _now(article, "draft", review_note=said, reviewed_by=actor.user_id)


def publish(session: Session, actor: Actor, article_id: int, at: datetime | None = None, *, seen: str = "") -> Article:
    """Let anybody read it, from now or from a moment to come. A second click changes nothing.

    Raises:
        WrongMoment, NotComplete, StateChanged, NotFound.
    """
    actor.must("platform.news_publish")
    article, moment = _mine(session, actor, article_id, ""), now()
    if article.state == "published" and (article.publish_at == at or (at is None and is_out(article))):
        return article
    if is_out(article):
        raise StateChanged(what="Artikel ini", state="terbit")
    _seen(article, seen)
    _whole(article)
    if at is not None and at < moment - timedelta(minutes=1):
        raise WrongMoment()
    return _now(article, "published", publish_at=at or moment, reviewed_by=actor.user_id, review_note="")


def withdraw(session: Session, actor: Actor, article_id: int) -> Article:
    """Let nobody read it any more; it can be published again. Raises StateChanged, NotFound."""
    actor.must("platform.news_publish")
    article = _mine(session, actor, article_id, "")
    if article.state == "withdrawn":
        return article
    _must_be(article, "published")
    return _now(article, "withdrawn")


def get(session: Session, actor: Actor, article_id: int) -> Article:
    """An article for who writes it or edits all. Raises NotFound."""
    actor.must("platform.news_write")
    query = select(Article).where(Article.id == article_id)
    if not session.info.get("read_only"):
        query = query.with_for_update().execution_options(populate_existing=True)
    article = session.scalars(query).first()
    if article is None or not (actor.may("platform.news_publish") or article.author_id == actor.user_id):
        raise NotFound(what="Artikel")
    return article


def tags_of(session: Session, article_id: int) -> list[ArticleTag]:
    """The words it is filed under, in the order they were given."""
    query = select(ArticleTag).where(ArticleTag.article_id == article_id)
    return list(session.scalars(query.order_by(ArticleTag.id)))


def _mine(session: Session, actor: Actor, article_id: int, seen: str) -> Article:
    article = get(session, actor, article_id)
    _seen(article, seen)
    return article


def _seen(article: Article, seen: str) -> None:
    if seen and seen != mark(article):
        raise StateChanged(what="Artikel ini", state="diubah orang lain sejak Anda membukanya")


def _must_be(article: Article, state: str) -> None:
    if article.state != state:
        raise StateChanged(what="Artikel ini", state=STATES[article.state].lower())


def _whole(article: Article) -> None:
    for text, what in ((article.summary, "ringkasan"), (article.body, "isi artikel")):
        if not text:
            raise NotComplete(what=what)


def _now(article: Article, state: str, **values: object) -> Article:
    article.state, article.changed_at = state, now()
    for name, value in values.items():
        setattr(article, name, value)
    return article


def _fill(session: Session, actor: Actor, article: Article, draft: Draft) -> None:
    title = texts.line("Judul", draft.title, LONGEST_TITLE, needed="isi dulu.")
    if title != article.title and article.publish_at is None:  # an address people know stays
        article.slug = _slug(session, title, article.id)
    cover = pictures.named(session, draft.cover) if draft.cover else None
    article.title, article.category = title, categories.must_be(draft.category)
    article.summary = texts.line("Ringkasan", draft.summary, LONGEST_SUMMARY)
    article.body = texts.block("Isi artikel", draft.body, LONGEST_BODY)
    article.byline = texts.line("Nama penulis", draft.byline, 120) or actor.name[:120] or "Redaksi Kopnews"
    article.cover_file, article.cover_alt = (cover.stored_as, cover.alt) if cover else (None, "")
    article.minutes, article.changed_at = texts.minutes(article.body), now()
    if is_out(article):
        _whole(article)
    search.index(session, article, _file_under(session, article, draft.tags))


def _file_under(session: Session, article: Article, given: str) -> list[ArticleTag]:
    labels: dict[str, str] = {}
    for word in texts.line("Tag", given, 300).split(","):
        said = texts.line("Tag", word, LONGEST_TAG)
        tag = texts.address_of(said, LONGEST_TAG)
        if tag:
            labels.setdefault(tag, said)
    if len(labels) > MOST_TAGS:
        raise InvalidValue(field="Tag", reason=f"paling banyak {MOST_TAGS}, pisahkan dengan koma.")
    session.execute(delete(ArticleTag).where(ArticleTag.article_id == article.id))
    rows = [ArticleTag(article_id=article.id, tag=tag, label=said) for tag, said in labels.items()]
    session.add_all(rows)
    session.flush()
    return rows


def _slug(session: Session, title: str, own_id: int | None = None) -> str:
    """An address of its own for a title: the second of two equal ones gets a number."""
    plain = texts.address_of(title, LONGEST_SLUG) or "artikel"
    query = select(Article.slug).where(Article.slug.startswith(plain, autoescape=True), Article.id != (own_id or 0))
    taken = set(session.scalars(query)) | RESERVED
    if plain not in taken:
        return plain
    return next(one for number in range(2, len(taken) + 3) if (one := f"{plain}-{number}") not in taken)
