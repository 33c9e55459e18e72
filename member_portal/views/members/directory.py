"""The directory of cooperatives, and each one's public page."""

from flask import request
from flask.typing import ResponseReturnValue

from member_portal.frame import asked_page, portal
from member_portal.public import SCHEMA, Data, absolute, crumbs, shown
from services.coops import directory
from services.coops.directory import Listed
from web.request import database

LONGEST_WORDS = 80
ABOUT = "Temukan koperasi di kota Anda, lihat tokonya, dan daftar menjadi anggota lewat ponsel."


@portal.get("/koperasi")
def coops() -> ResponseReturnValue:
    words = request.args.get("cari", "").replace("\x00", "").strip()[:LONGEST_WORDS]
    found = directory.find(database(), words, asked_page())
    return shown("public/coops.html", title="Koperasi di eKopz", about=ABOUT, found=found, words=words,
                 is_hidden=bool(words))  # fmt: skip


@portal.get("/koperasi/<coop>")
def coop_page(coop: str) -> ResponseReturnValue:
    found = directory.page(database(), coop)
    about = " ".join(found.about.split())[:155] or f"{found.name} di {found.city}."
    return shown("public/coop.html", title=found.name, about=about, found=found, data=[_structured(found), _way(found)])


def _structured(found: Listed) -> Data:
    address = {"streetAddress": found.address, "addressLocality": found.city, "addressCountry": "ID"}
    told = {
        "name": found.name, "url": absolute(f"/koperasi/{found.slug}"), "description": found.about,
        "telephone": found.phone, "email": found.email,
        "address": {"@type": "PostalAddress"} | {name: text for name, text in address.items() if text},
    }  # fmt: skip
    return {"@context": SCHEMA, "@type": "Organization"} | {name: value for name, value in told.items() if value}


def _way(found: Listed) -> Data:
    return crumbs(("Koperasi", "/koperasi"), (found.name, f"/koperasi/{found.slug}"))
