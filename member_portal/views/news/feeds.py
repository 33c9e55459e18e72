"""Kopnews for programs: RSS for readers, a sitemap for those who index."""

from email.utils import format_datetime

from flask import Response, render_template, url_for

from member_portal.frame import absolute, for_programs, portal
from services.news import reading
from services.news.categories import CATEGORIES, label
from web.request import db


@portal.get("/kopnews/rss.xml")
def news_rss() -> Response:
    text = render_template(
        "kopnews/rss.xml", cards=reading.latest(db(), 1).cards, home=absolute(url_for("portal.news_home")),
        here=absolute(url_for("portal.news_rss")), absolute=absolute, when=format_datetime, category_label=label,
    )  # fmt: skip
    return for_programs(text, "application/rss+xml")


@portal.get("/kopnews/sitemap.xml")
def news_sitemap() -> Response:
    ways = [
        url_for("portal.news_home"), *(url_for("portal.news_category", code=code) for code in CATEGORIES),
        *(url_for("portal.news_article", slug=slug) for slug in reading.addresses(db())),
    ]  # fmt: skip
    text = render_template("kopmart/sitemap.xml", addresses=[absolute(way) for way in ways])
    return for_programs(text, "application/xml")
