"""What Kopnews' pages share: the frame, the actor who reads, addresses of pictures."""

from typing import Any

from flask import Response, g, request, url_for

from core.actor import NOWHERE, Actor
from member_portal.frame import absolute, draw, file_url, for_strangers, portal
from member_portal.typed import Typed
from services.news import newsletter
from services.news.categories import CATEGORIES, label

LONGEST_WORDS = 80


def reader() -> Actor:
    """The signed-in person as one who may say something; what they are in a cooperative plays no part here."""
    return Actor(g.signed_in.user_id, NOWHERE, frozenset(), name=g.signed_in.full_name)


def shown(template: str, *, typed: Typed | None = None, canonical: str = "", **context: Any) -> Response:
    """A page of Kopnews."""
    return for_strangers(draw(
        f"kopnews/{template}", canonical=absolute(canonical or request.path), categories=CATEGORIES,
        category_label=label, may_subscribe=newsletter.is_offered(), typed=typed or Typed({}),
        picture=absolute(file_url("gambar/og.jpg")), **context,
    ))  # fmt: skip


@portal.app_template_global("news_picture")
def news_picture(name: str, *, small: bool = False) -> str:
    """The address of a picture of an article."""
    return url_for("portal.news_picture_file", name=f"{name}-s" if small else name)


@portal.app_template_filter("sisi")
def sides(name: str) -> tuple[str, str]:
    """Width and height of a picture, which its name tells."""
    width, _, height = name.rpartition("-")[2].partition("x")
    return width, height
