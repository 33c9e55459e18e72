"""Looking around: home, categories, search, a shop, a cooperative's shops."""

from flask import Response, request, url_for

from member_portal.frame import asked_page, portal, viewer
from member_portal.views.mart.page import LONGEST_WORDS, asked_sort, shown
from services.mart import catalogue
from services.mart.categories import label
from web.request import database

ABOUT = "Belanja sembako, makanan, kerajinan, dan hasil tani langsung dari toko koperasi. Anggota dapat harga khusus."


@portal.get("/kopmart/")
def mart_home() -> Response:
    found = catalogue.home(database(), viewer())
    return shown("home.html", title="Kopmart, toko koperasi", about=ABOUT, found=found)


@portal.get("/kopmart/kategori/<code>")
def mart_category(code: str) -> Response:
    page = catalogue.category(database(), code, asked_page(), asked_sort(), viewer())
    about = f"{label(code)} dari toko-toko koperasi di Kopmart: lihat harga, stok, dan ulasan pembelinya."
    return shown("category.html", title=label(code), about=about, code=code, goods=page, sort=asked_sort())


@portal.get("/kopmart/cari")
def mart_search() -> Response:
    words = request.args.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS]
    page = catalogue.find(database(), words, asked_page(), viewer()) if words else None
    title = f"Hasil pencarian {words}" if words else "Cari barang"
    return shown("search.html", title=title, about=ABOUT, words=words, goods=page, is_hidden=True)


@portal.get("/kopmart/toko/<coop>/<store>")
def mart_store(coop: str, store: str) -> Response:
    found = catalogue.store(database(), coop, store, asked_page(), asked_sort(), viewer())
    about = found.store.about or f"{found.store.name}, toko {found.store.coop.name} di Kopmart."
    return shown("store.html", title=found.store.name, about=about, found=found, goods=found.page, sort=asked_sort())


@portal.get("/kopmart/koperasi/<coop>")
def mart_coop(coop: str) -> Response:
    found = catalogue.cooperative(database(), coop, asked_page(), asked_sort(), viewer())
    canonical = url_for("portal.mart_coop", coop=found.coop.slug)
    return shown(
        "coop.html", title=f"Toko {found.coop.name}", about=f"Toko dan barang {found.coop.name} di Kopmart.",
        found=found, goods=found.page, sort=asked_sort(), canonical=canonical,
    )  # fmt: skip
