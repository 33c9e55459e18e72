"""For machines that index the public pages: what may be read, and what there is."""

from flask import Response, render_template, url_for

from member_portal.frame import absolute, portal, viewer
from services.mart import catalogue
from services.mart.categories import CATEGORIES
from web.request import database

KEPT_SECONDS = 3600
CLOSED = (
    "/mykoperasi/", "/kopmin/", "/api/", "/dasbor/", "/kopmart/cari", "/kopmart/favorit", "/kopmart/keranjang",
    "/kopnews/cari", "/kopnews/kabar/",
)  # fmt: skip
SITEMAPS = ("/sitemap.xml", "/kopmart/sitemap.xml", "/kopnews/sitemap.xml")


@portal.get("/kopmart/sitemap.xml")
def mart_sitemap() -> Response:
    shops, goods = catalogue.addresses(database())
    ways = [
        url_for("portal.mart_home"), *(url_for("portal.mart_category", code=code) for code in CATEGORIES),
        *dict.fromkeys(url_for("portal.mart_coop", coop=coop) for coop, _ in shops),
        *(url_for("portal.mart_store", coop=coop, store=shop) for coop, shop in shops),
        *(url_for("portal.mart_product", public_id=one) for one in goods),
    ]  # fmt: skip
    text = render_template("kopmart/sitemap.xml", addresses=[absolute(way) for way in ways])
    return kept(text, "application/xml")


@portal.get("/robots.txt")
def robots() -> Response:
    found = (f"Sitemap: {absolute(way)}" for way in SITEMAPS)
    return kept("\n".join(["User-agent: *", *(f"Disallow: {way}" for way in CLOSED), *found, ""]), "text/plain")


def kept(text: str, kind: str) -> Response:
    """A file for programs, kept an hour; none is kept for somebody signed in."""
    keep = f"public, max-age={KEPT_SECONDS}" if viewer() is None else "no-store"
    return Response(text, mimetype=kind, headers={"Cache-Control": keep})
