"""What anybody reads of Kopnews: lists, one article, what belongs to it. A fixed number of questions for every page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from core.clock import now
from core.errors import NotFound
from models.news import Article, ArticleCorrection, ArticleTag
from services.news import search
from services.news.articles import tags_of

A_PAGE, RELATED, MOST_TAGS, MOST_ADDRESSES = 10, 3, 12, 5_000


@dataclass(frozen=True)
class Card:
    """An article as lists show it."""

    id: int
    slug: str
    title: str
    summary: str
    category: str
    byline: str
    publish_at: datetime
    minutes: int
    cover_file: str | None
    cover_alt: str


@dataclass(frozen=True)
class Page:
    """One page of a list; `number` counts from 1."""

    cards: list[Card]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class Full:
    """An article with everything its page shows, but for what readers say."""

    article: Article
    tags: list[ArticleTag]
    corrections: list[ArticleCorrection]
    related: list[Card]


def _out(moment: datetime | None = None) -> tuple[ColumnElement[bool], ...]:
    return Article.state == "published", Article.publish_at <= (moment or now())


def _cards() -> Select[Any]:
    return select(*(getattr(Article, name) for name in Card.__dataclass_fields__)).where(*_out())


def latest(session: Session, number: int, *, category: str = "", tag: str = "") -> Page:
    """A page of the newest articles: of all, of a category, or under a tag. Pages after the last are empty."""
    only: list[ColumnElement[bool]] = [Article.category == category] if category else []
    if tag:
        only.append(Article.id.in_(select(ArticleTag.article_id).where(ArticleTag.tag == tag)))
    total = session.scalar(select(func.count()).select_from(Article).where(*_out(), *only)) or 0
    newest = _cards().where(*only).order_by(Article.publish_at.desc(), Article.id.desc())
    rows = session.execute(newest.limit(A_PAGE).offset((max(1, number) - 1) * A_PAGE))
    return Page([Card(*row) for row in rows], max(1, number), max(1, -(-total // A_PAGE)), total)


def found(session: Session, words: str, number: int) -> Page:
    """A page of what the search finds, best first."""
    ids = search.find(session, words, now())
    here = ids[(max(1, number) - 1) * A_PAGE :][:A_PAGE]
    by_id = {row.id: Card(*row) for row in session.execute(_cards().where(Article.id.in_(here)))}
    cards = [by_id[one] for one in here if one in by_id]
    return Page(cards, max(1, number), max(1, -(-len(ids) // A_PAGE)), len(ids))


def tags(session: Session) -> list[tuple[str, str]]:
    """The words most articles stand under, as (address, label)."""
    many = func.count()
    query = select(ArticleTag.tag, func.min(ArticleTag.label)).join(Article, Article.id == ArticleTag.article_id)
    order = query.where(*_out()).group_by(ArticleTag.tag).order_by(many.desc(), ArticleTag.tag)
    return [(tag, label) for tag, label in session.execute(order.limit(MOST_TAGS))]


def tag_label(session: Session, tag: str) -> str:
    """A tag as people read it, where an article anybody may read stands under it. Raises NotFound."""
    query = select(ArticleTag.label).join(Article, Article.id == ArticleTag.article_id)
    label = session.scalars(query.where(*_out(), ArticleTag.tag == tag).order_by(ArticleTag.id).limit(1)).first()
    if label is None:
        raise NotFound(what="Tag")
    return label


def by_slug(session: Session, slug: str) -> Article:
    """A published article by its address. Raises NotFound: also before its moment, and when withdrawn."""
    article = session.scalars(select(Article).where(Article.slug == slug, *_out())).first()
    if article is None:
        raise NotFound(what="Artikel")
    return article


def full(session: Session, article: Article) -> Full:
    """An article with its tags, what was put right, and what is like it."""
    held = tags_of(session, article.id)
    notes = select(ArticleCorrection).where(ArticleCorrection.article_id == article.id).order_by(ArticleCorrection.id)
    return Full(article, held, list(session.scalars(notes)), _related(session, article, held))


def _related(session: Session, article: Article, held: Sequence[ArticleTag]) -> list[Card]:
    """More tags in common first, then the same category, newer before older."""
    shared = (
        select(ArticleTag.article_id, func.count().label("many"))
        .where(ArticleTag.tag.in_([tag.tag for tag in held]))
        .group_by(ArticleTag.article_id)
        .subquery()
    )
    many = func.coalesce(shared.c.many, 0)
    same = Article.category == article.category
    query = _cards().outerjoin(shared, shared.c.article_id == Article.id)
    query = query.where(Article.id != article.id, (many > 0) | same)
    order = query.order_by(many.desc(), same.desc(), Article.publish_at.desc()).limit(RELATED)
    return [Card(*row) for row in session.execute(order)]


def addresses(session: Session) -> list[str]:
    """Slugs of everything anybody may read, newest first, for a sitemap."""
    query = select(Article.slug).where(*_out()).order_by(Article.publish_at.desc()).limit(MOST_ADDRESSES)
    return list(session.scalars(query))


def since(session: Session, from_at: datetime, until_at: datetime) -> list[Card]:
    """What came out after one moment and up to another, oldest first."""
    query = _cards().where(Article.publish_at > from_at, Article.publish_at <= until_at)
    return [Card(*row) for row in session.execute(query.order_by(Article.publish_at))]
