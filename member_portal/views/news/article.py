"""One article: its page, its pictures, what readers say below it."""

import secrets
from typing import Any
from urllib.parse import quote

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refusal
from member_portal.frame import absolute, portal, signed_in_only, viewer
from member_portal.typed import Typed
from member_portal.views.news.page import news_picture, reader, shown
from models.news import Article
from services.news import comments, markdown, pictures, reading
from services.news.categories import label
from web.headers import shop_photo
from web.request import db, looked_at, settings, transaction


@portal.get("/kopnews/<slug>")
def news_article(slug: str) -> Response:
    answer = article_page(slug, Typed({}))
    looked_at(f"/kopnews/{slug}")
    return answer


def article_page(slug: str, typed: Typed) -> Response:
    """The page, with the comment's form as it was typed. Raises NotFound."""
    article = reading.by_slug(db(), slug)
    full = reading.full(db(), article)
    here = absolute(url_for("portal.news_article", slug=slug))
    return shown(
        "article.html", title=article.title, about=article.summary, full=full, article=article, typed=typed,
        body=markdown.html(article.body), said=comments.below(db(), article.id, viewer()),
        token=typed["token"] or secrets.token_urlsafe(12), longest=comments.LONGEST, data=_structured(article, here),
        share=f"https://wa.me/?text={quote(f'{article.title}: {here}')}",
    )  # fmt: skip


def _structured(article: Article, here: str) -> dict[str, Any]:
    """What machines read of it: schema.org, nothing that is not on the page."""
    assert article.publish_at is not None, article.slug
    data: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": article.title[:110], "url": here,
        "mainEntityOfPage": here, "description": article.summary, "inLanguage": "id",
        "datePublished": article.publish_at.isoformat(),
        "dateModified": max(article.publish_at, article.changed_at).isoformat(),
        "articleSection": label(article.category), "author": {"@type": "Person", "name": article.byline},
        "publisher": {"@type": "Organization", "name": "Kopnews eKopz", "url": absolute("/kopnews/")},
    }  # fmt: skip
    if article.cover_file:
        data["image"] = [absolute(news_picture(article.cover_file))]
    return data


@portal.get("/kopnews/gambar/<name>.webp")
def news_picture_file(name: str) -> Response:
    return shop_photo(pictures.read(db(), name, settings().data), is_public=True)


@portal.post("/kopnews/<slug>/komentar")
@signed_in_only
def news_comment(slug: str) -> ResponseReturnValue:
    typed = Typed(request.form, longest=comments.LONGEST * 2)
    try:
        with transaction() as session:
            comments.say(session, reader(), slug, typed["isi"], token=typed["token"])
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        typed.refused("isi", refusal)
        return article_page(slug, typed), refusal.status
    flash("Terima kasih. Komentar Anda tampil setelah diperiksa redaksi.", "success")
    return redirect(url_for("portal.news_article", slug=slug, _anchor="komentar"))
