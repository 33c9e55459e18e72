"""What readers say below an article: by people signed in, seen by others once the redaktur let it through."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from core.actor import Actor
from core.clock import now
from core.errors import NotFound
from models.access import User
from models.news import Article, ArticleComment
from services.news import reading, texts
from services.news.refusals import WaitForReview

STATES = {"waiting": "Menunggu", "shown": "Tampil", "hidden": "Disembunyikan"}
LONGEST, MOST_WAITING, MOST_SHOWN = 1000, 5, 200


def say(session: Session, actor: Actor, slug: str, body: str, *, token: str) -> ArticleComment:
    """Comment on a published article. The same token again answers with the comment that is there.

    Raises:
        InvalidValue: empty or too long. WaitForReview: too many of theirs wait. NotFound.
    """
    before = session.scalars(select(ArticleComment).where(ArticleComment.token == _own(actor, token))).first()
    if before is not None:
        return before
    article = reading.by_slug(session, slug)
    said = texts.block("Komentar", body, LONGEST, needed="tulis dulu.")
    mine = select(func.count()).where(ArticleComment.user_id == actor.user_id, ArticleComment.state == "waiting")
    many = session.scalar(mine) or 0
    if many >= MOST_WAITING:
        raise WaitForReview(many=many)
    comment = ArticleComment(token=_own(actor, token), article_id=article.id, user_id=actor.user_id, body=said)
    session.add(comment)
    session.flush()  # one comment a token: the database settles a race
    return comment


def _own(actor: Actor, token: str) -> str:
    return f"{actor.user_id}:{token}"[:60]


def below(session: Session, article_id: int, viewer_id: int | None) -> list[ArticleComment]:
    """What stands below an article for this viewer: what was let through, and their own that wait. Newest first."""
    seen = ArticleComment.state == "shown"
    if viewer_id is not None:
        seen = or_(seen, (ArticleComment.state == "waiting") & (ArticleComment.user_id == viewer_id))
    query = select(ArticleComment).where(ArticleComment.article_id == article_id, seen)
    query = query.options(joinedload(ArticleComment.user).load_only(User.full_name))
    return list(session.scalars(query.order_by(ArticleComment.id.desc()).limit(MOST_SHOWN)))


def to_moderate(session: Session, actor: Actor) -> list[tuple[ArticleComment, Article]]:
    """Comments with their articles: those that wait, oldest first, then the newest others."""
    actor.must("platform.news_publish")
    waits = ArticleComment.state == "waiting"
    query = (
        select(ArticleComment, Article)
        .join(Article, Article.id == ArticleComment.article_id)
        .join(ArticleComment.user)
        .options(contains_eager(ArticleComment.user).load_only(User.full_name))
    )
    first = session.execute(query.where(waits).order_by(ArticleComment.id).limit(MOST_SHOWN))
    rest = session.execute(query.where(~waits).order_by(ArticleComment.id.desc()).limit(MOST_SHOWN // 4))
    return [(comment, article) for comment, article in (*first, *rest)]


def waiting(session: Session, actor: Actor) -> int:
    """How many wait for this person."""
    if not actor.may("platform.news_publish"):
        return 0
    return session.scalar(select(func.count()).where(ArticleComment.state == "waiting")) or 0


def decide(session: Session, actor: Actor, comment_id: int, *, shown: bool) -> ArticleComment:
    """Let a comment through or hide it; either can be changed later. Raises NotFound."""
    actor.must("platform.news_publish")
    comment = session.get(ArticleComment, comment_id)
    if comment is None:
        raise NotFound(what="Komentar")
    comment.state = "shown" if shown else "hidden"
    comment.decided_by, comment.decided_at = actor.user_id, now()
    return comment


def counted(session: Session, article_ids: Sequence[int]) -> dict[int, int]:
    """How many comments of each article others see."""
    query = select(ArticleComment.article_id, func.count()).where(
        ArticleComment.article_id.in_(article_ids), ArticleComment.state == "shown"
    )
    return dict(session.execute(query.group_by(ArticleComment.article_id)).tuples().all())
