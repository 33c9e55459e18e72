"""Looking around in Kopnews: home, categories, tags, search."""

from flask import Response, request, url_for

from member_portal.frame import asked_page, portal
from member_portal.typed import Typed
from member_portal.views.news.page import LONGEST_WORDS, shown
from services.news import reading, texts
from services.news.categories import CATEGORIES, label
from web.request import db, looked_at

ABOUT = "Kabar dan pengetahuan tentang koperasi, ekonomi, dan keuangan keluarga, ditulis dengan bahasa sehari-hari."


@portal.get("/kopnews/")
def news_home() -> Response:
    looked_at("/kopnews/")
    return home_page(Typed({}))


def home_page(typed: Typed) -> Response:
    """The home, with the newsletter's form as it was typed."""
    news, tags = reading.latest(db(), asked_page()), reading.tags(db())
    return shown("home.html", title="Kopnews", about=ABOUT, news=news, tags=tags, typed=typed,
                 canonical=url_for("portal.news_home"))  # fmt: skip


@portal.get("/kopnews/kategori/<code>")
def news_category(code: str) -> Response:
    title, about = label(code), CATEGORIES[code][1]
    news = reading.latest(db(), asked_page(), category=code)
    return shown("list.html", title=title, about=about, lead=about, news=news, code=code)


@portal.get("/kopnews/tag/<tag>")
def news_tag(tag: str) -> Response:
    title = reading.tag_label(db(), tag)
    news = reading.latest(db(), asked_page(), tag=tag)
    return shown("list.html", title=title, about=f"Artikel Kopnews tentang {title}.", lead="", news=news, is_tag=True)


@portal.get("/kopnews/cari")
def news_search() -> Response:
    words = texts.line("Pencarian", request.args.get("q", "")[: LONGEST_WORDS * 2], LONGEST_WORDS * 2)[:LONGEST_WORDS]
    news = reading.found(db(), words, asked_page()) if words else None
    title = f"Hasil pencarian {words}" if words else "Cari artikel"
    return shown("list.html", title=title, about=ABOUT, lead="", news=news, words=words, is_search=True)
