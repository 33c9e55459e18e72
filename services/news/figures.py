"""How often articles are read: sums by day of looks at their pages, of nobody in particular."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.actor import Actor
from models.access import User
from models.news import Article
from services.audit import visits

DAYS, MOST_LISTED = 30, 300


@dataclass(frozen=True)
class Read:
    """Looks at one article today, in seven days, in thirty (today counted in each)."""

    today: int
    week: int
    month: int


def page_of(slug: str) -> str:
    """How looks at an article are counted."""
    return f"/kopnews/{slug}"


def of(session: Session, articles: Sequence[Article], today: date) -> dict[int, Read]:
    """The figures of some articles: three questions however many there are."""
    pages = [page_of(article.slug) for article in articles]
    sums = [visits.views(session, pages, today - timedelta(days=days - 1), today) for days in (1, 7, DAYS)]
    return {one.id: Read(*(found.get(page_of(one.slug), 0) for found in sums)) for one in articles}


def daily(session: Session, slug: str, today: date) -> list[tuple[date, int]]:
    """Thirty days of one article, oldest first, days nobody came with 0."""
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    seen = visits.by_day(session, page_of(slug), days[0], today)
    return [(day, seen.get(day, 0)) for day in days]


def listed(session: Session, actor: Actor, state: str = "") -> list[Article]:
    """Articles for the editor's list, changed last first: all for who publishes, their own for who writes."""
    actor.must("platform.news_write")
    query = select(Article).options(joinedload(Article.author).load_only(User.full_name))
    if not actor.may("platform.news_publish"):
        query = query.where(Article.author_id == actor.user_id)
    if state:
        query = query.where(Article.state == state)
    return list(session.scalars(query.order_by(Article.changed_at.desc(), Article.id.desc()).limit(MOST_LISTED)))
