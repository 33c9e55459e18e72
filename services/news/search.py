"""Finding articles by three letters, typing errors and all: the way of ADR 0013 over title, tags and summary."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from core.grams import asked, grams, least_share
from models.news import Article, ArticleGram, ArticleTag
from services.news.categories import label

MOST = 100


def index(session: Session, article: Article, tags: Sequence[ArticleTag]) -> None:
    """Let an article be found by what it says now."""
    text = " ".join([article.title, article.summary, label(article.category), *(tag.label for tag in tags)])
    session.execute(delete(ArticleGram).where(ArticleGram.article_id == article.id))
    rows = [{"gram": gram, "article_id": article.id} for gram in sorted(grams(text))]
    if rows:
        session.execute(insert(ArticleGram), rows)


def find(session: Session, text: str, moment: datetime) -> list[int]:
    """Ids of articles anybody may read at a moment, best first, newer before older: one question."""
    pieces = asked(text)
    if not pieces:
        return []
    many = func.count().label("many")
    query = (
        select(Article.id, many)
        .join(ArticleGram, ArticleGram.article_id == Article.id)
        .where(Article.state == "published", Article.publish_at <= moment, ArticleGram.gram.in_(pieces))
        .group_by(Article.id, Article.publish_at)
        .order_by(many.desc(), Article.publish_at.desc())
        .limit(MOST)
    )
    hits = [(article_id, held / len(pieces)) for article_id, held in session.execute(query)]
    least = least_share(max((share for _, share in hits), default=0))
    return [article_id for article_id, share in hits if share >= least]
