"""A product's page and its photos."""

import uuid

from flask import Response, g, url_for

from core.display import rupiah
from member_portal.frame import absolute, portal, viewer
from member_portal.typed import Typed
from member_portal.views.mart import structured
from member_portal.views.mart.page import ONE, shown
from services.mart import catalogue, photos, reviews
from services.mart.faces import ProductFace
from services.notifications.texts import share, whatsapp
from web.headers import shop_photo
from web.request import database, settings


@portal.get(ONE)
def mart_product(public_id: uuid.UUID) -> Response:
    return product_page(public_id, Typed({}))


@portal.get("/kopmart/foto/<name>.webp")
def mart_photo(name: str) -> Response:
    photo = photos.read(database(), g.get("actor"), name, settings().data)
    return shop_photo(photo.body, is_public=photo.is_public)


def product_page(public_id: uuid.UUID, typed: Typed) -> Response:
    """The page, with a review form for those who bought it. Raises NotFound."""
    found = catalogue.product(database(), public_id, viewer())
    here = absolute(url_for("portal.mart_product", public_id=public_id))
    about = " ".join(found.about.split())[:155] or f"{found.card.name} dari {found.card.store.name} di Kopmart."
    return shown(
        "product.html", title=found.card.name, about=f"{rupiah(found.card.offer.price_rp)}. {about}", found=found,
        typed=typed, to_review=reviews.waiting(database(), viewer(), found.coop_id, found.product_id),
        data=structured.product(found, here), crumbs=structured.crumbs(found), ask=_ask(found, here),
        share=share(f"{found.card.name} di Kopmart: {here}"),
    )  # fmt: skip


def _ask(found: ProductFace, here: str) -> str:
    """A chat with the shop, when it has a phone."""
    return whatsapp(found.card.store.phone, f"Halo, saya mau bertanya tentang {found.card.name}: {here}")
