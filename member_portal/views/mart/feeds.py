"""For machines that index the public pages: what may be read, and what there is."""

from flask import Response, render_template, url_for

from member_portal.frame import absolute, for_programs, portal
from services.mart import catalogue
from services.mart.categories import CATEGORIES
from web.request import database

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
    return for_programs(text, "application/xml")


@portal.get("/robots.txt")
def robots() -> Response:
    found = (f"Sitemap: {absolute(way)}" for way in SITEMAPS)
    return for_programs("\n".join(["User-agent: *", *(f"Disallow: {way}" for way in CLOSED), *found, ""]), "text/plain")
