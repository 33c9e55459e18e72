"""What machines read of a product's page: schema.org as JSON-LD, nothing that is not on the page."""

from typing import Any

from flask import url_for

from member_portal.frame import absolute
from member_portal.views.mart.page import photo_url
from services.mart.categories import label
from services.mart.faces import ProductFace

Data = dict[str, Any]


def product(found: ProductFace, here: str) -> Data:
    """Product with its offers and stars."""
    card = found.card
    data: Data = {
        "@context": "https://schema.org", "@type": "Product", "name": card.name, "url": here,
        "category": label(card.category), "offers": _offers(found, here),
    }  # fmt: skip
    if found.about:
        data["description"] = found.about
    if found.photos:
        data["image"] = [absolute(photo_url(photo.name)) for photo in found.photos]
    if card.stars is not None:
        data["aggregateRating"] = {
            "@type": "AggregateRating", "ratingValue": str(card.stars), "reviewCount": card.reviews, "bestRating": 5,
        }  # fmt: skip
    return data


def _offers(found: ProductFace, here: str) -> Data:
    prices = [variant.offer.price_rp for variant in found.variants]
    state = "InStock" if found.card.available > 0 else "OutOfStock"
    data: Data = {
        "priceCurrency": "IDR", "url": here, "availability": f"https://schema.org/{state}",
        "seller": {"@type": "Organization", "name": found.card.store.name},
    }  # fmt: skip
    if len(prices) == 1:
        return {"@type": "Offer", "price": prices[0], **data}
    return {"@type": "AggregateOffer", "lowPrice": min(prices), "highPrice": max(prices), "offerCount": len(prices),
            **data}  # fmt: skip


def crumbs(found: ProductFace) -> Data:
    """The way to the page: Kopmart, its category, the product."""
    way = [
        ("Kopmart", url_for("portal.mart_home")),
        (label(found.card.category), url_for("portal.mart_category", code=found.card.category)),
        (found.card.name, url_for("portal.mart_product", public_id=found.card.public_id)),
    ]
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
        for place, (name, path) in enumerate(way, 1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}
