"""Kopnews: articles of the platform for anybody, announcements of a cooperative for its own people."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from models.access import User
from models.base import Base, BelongsToCoop, Id, tenant_table


class Article(Base):
    """An article. Anybody reads it once it is published and its moment (`publish_at`) has come."""

    __tablename__ = "articles"
    __table_args__ = (
        CheckConstraint("state in ('draft','review','published','withdrawn')", name="state"),
        CheckConstraint("state <> 'published' or publish_at is not null", name="moment"),
        Index(None, "state", "publish_at"),
        Index(None, "category", "publish_at"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(160))
    summary: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    byline: Mapped[str] = mapped_column(String(120))
    cover_file: Mapped[str | None] = mapped_column(String(80))
    cover_alt: Mapped[str] = mapped_column(String(200), default="")
    minutes: Mapped[int] = mapped_column(default=1)
    publish_at: Mapped[datetime | None]
    review_note: Mapped[str] = mapped_column(String(300), default="")
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    author: Mapped[User] = relationship(foreign_keys=[author_id])


class ArticleTag(Base):
    """A word an article is filed under; `tag` is how it stands in an address, `label` how people read it."""

    __tablename__ = "article_tags"
    __table_args__ = (UniqueConstraint("article_id", "tag"), Index(None, "tag"))

    id: Mapped[Id]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    tag: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(40))


class ArticleGram(Base):
    """Three letters of an article's title, tags and summary: what the search looks for (ADR 0013)."""

    __tablename__ = "article_grams"
    __table_args__ = (Index(None, "article_id"),)

    gram: Mapped[str] = mapped_column(String(3), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)


class ArticlePicture(Base):
    """A picture for use in articles, drawn anew as WebP."""

    __tablename__ = "article_pictures"

    id: Mapped[Id]
    stored_as: Mapped[str] = mapped_column(String(80), unique=True)
    alt: Mapped[str] = mapped_column(String(200))
    width: Mapped[int]
    height: Mapped[int]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class ArticleCorrection(Base):
    """What was put right in a published article; shown below it."""

    __tablename__ = "article_corrections"

    id: Mapped[Id]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    note: Mapped[str] = mapped_column(String(300))
    made_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)


class ArticleComment(Base):
    """What somebody signed in wrote below an article; others see it once a moderator let it through."""

    __tablename__ = "article_comments"
    __table_args__ = (
        CheckConstraint("state in ('waiting','shown','hidden')", name="state"),
        Index(None, "article_id", "state"),
        Index(None, "state", "created_at"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(60), unique=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    body: Mapped[str] = mapped_column(String(1000))
    state: Mapped[str] = mapped_column(String(7), default="waiting")
    created_at: Mapped[datetime] = mapped_column(default=now)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(foreign_keys=[user_id])


class NewsletterReader(Base):
    """A mail address that wants the newsletter; it counts from the confirmation to the end."""

    __tablename__ = "newsletter_readers"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(120), unique=True)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class NewsletterIssue(Base):
    """One newsletter: what came out between the issue before it and its own moment."""

    __tablename__ = "newsletter_issues"

    id: Mapped[Id]
    from_at: Mapped[datetime] = mapped_column(unique=True)
    until_at: Mapped[datetime]
    articles: Mapped[int]
    readers: Mapped[int]


class Announcement(BelongsToCoop, Base):
    """News of one cooperative for its members and pengurus."""

    __tablename__ = "announcements"
    __table_args__ = tenant_table(
        CheckConstraint("state in ('draft','published','withdrawn')", name="state"),
        Index(None, "coop_id", "state", "publish_at"),
    )

    id: Mapped[Id]
    title: Mapped[str] = mapped_column(String(160))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    is_pinned: Mapped[bool] = mapped_column(default=False)
    publish_at: Mapped[datetime | None]
    until_on: Mapped[date | None]
    told_at: Mapped[datetime | None]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
