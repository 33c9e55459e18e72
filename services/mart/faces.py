"""What the public sees of shops and goods: frozen faces made from rows, prices as the viewer would pay them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from core.money import Rupiah
from models.coops import Coop
from models.mart.campaigns import CampaignItem
from models.mart.products import Product, ProductVariant
from models.mart.stores import Store
from services.mart import pricing

Row = TypeVar("Row", ProductVariant, CampaignItem)


@dataclass(frozen=True)
class CoopFace:
    """A cooperative as strangers may know it."""

    slug: str
    name: str
    city: str
    zone: str
    is_demo: bool


@dataclass(frozen=True)
class StoreFace:
    """An open shop. `sells_to_all` is False where only members of the cooperative may buy."""

    slug: str
    name: str
    about: str
    address: str
    city: str
    phone: str
    has_pickup: bool
    sells_to_all: bool
    coop: CoopFace


@dataclass(frozen=True)
class Offer:
    """A price as shown: `was_rp` is struck through, `member_price_rp` is what members would pay when that is less.

    `name` says which price won; of a campaign, `ends_at` and `left` (pieces at this price) are known, or None.
    """

    price_rp: Rupiah
    name: str
    was_rp: Rupiah | None
    off_pct: int
    member_price_rp: Rupiah | None
    ends_at: datetime | None
    left: int | None
    is_flash: bool


@dataclass(frozen=True)
class Card:
    """A product in a list; with several prices `offer` is the lowest and `is_range` is True."""

    public_id: uuid.UUID
    name: str
    category: str
    photo: str | None
    offer: Offer
    is_range: bool
    available: int
    sold: int
    stars: Decimal | None
    reviews: int
    store: StoreFace


@dataclass(frozen=True)
class VariantFace:
    """One kind to choose: `free` pieces can be bought now."""

    id: int
    name: str
    offer: Offer
    free: int


@dataclass(frozen=True)
class PhotoFace:
    name: str
    width: int
    height: int


@dataclass(frozen=True)
class ReviewFace:
    """What somebody who bought it says; `author` is masked."""

    author: str
    stars: int
    body: str
    reply: str
    created_at: datetime


@dataclass(frozen=True)
class ProductFace:
    """A product's page. `is_wished` and `is_member` are the viewer's; False for strangers."""

    product_id: int
    coop_id: int
    card: Card
    about: str
    unit_name: str
    weight_g: int
    is_consigned: bool
    variants: tuple[VariantFace, ...]
    photos: tuple[PhotoFace, ...]
    reviews: tuple[ReviewFace, ...]
    related: tuple[Card, ...]
    is_wished: bool
    is_member: bool


@dataclass(frozen=True)
class Deal:
    """A running campaign and some of its goods."""

    name: str
    about: str
    is_flash: bool
    ends_at: datetime
    store: StoreFace
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Page:
    """One page of a list, numbered from 1. `total` is known for a search, else None."""

    cards: tuple[Card, ...]
    number: int
    has_next: bool
    total: int | None = None


@dataclass(frozen=True)
class Home:
    deals: tuple[Deal, ...]
    newest: tuple[Card, ...]
    best: tuple[Card, ...]


@dataclass(frozen=True)
class StorePage:
    store: StoreFace
    deals: tuple[Deal, ...]
    page: Page


@dataclass(frozen=True)
class CoopPage:
    coop: CoopFace
    stores: tuple[StoreFace, ...]
    page: Page


def coop_face(coop: Coop) -> CoopFace:
    return CoopFace(coop.slug, coop.name, coop.city, coop.zone, coop.is_demo)


def store_face(store: Store, coop: Coop) -> StoreFace:
    return StoreFace(
        store.slug, store.name, store.about, store.address, store.city or coop.city, store.phone, store.has_pickup,
        store.sells_to_all, coop_face(coop),
    )  # fmt: skip


def offer_of(variant: ProductVariant, is_member: bool, items: Iterable[CampaignItem], at: datetime) -> Offer:
    """What a piece costs this viewer now, and what members would pay."""
    best = pricing.offer_of(variant, is_member=is_member, items=items, at=at)
    member_rp, item, saved_rp = variant.member_price_rp, best.item, best.saved_rp
    return Offer(
        best.price_rp, best.name or "Harga", variant.price_rp if saved_rp > 0 else None,
        saved_rp * 100 // variant.price_rp if saved_rp > 0 else 0,
        member_rp if member_rp is not None and member_rp < best.price_rp else None,
        item.campaign.ends_at if item else None,
        item.quota - item.sold if item and item.quota is not None else None,
        item is not None and item.campaign.kind == "flash",
    )  # fmt: skip


def card(
    product: Product, store: StoreFace, variants: Sequence[ProductVariant], is_member: bool,
    items: Sequence[CampaignItem], at: datetime,
) -> Card:  # fmt: skip
    """A product in a list; `variants` are its active ones, at least one."""
    offers = [offer_of(variant, is_member, items, at) for variant in variants]
    lowest = min(offers, key=lambda offer: offer.price_rp)
    return Card(
        product.public_id, product.name, product.category, product.photo, lowest,
        len({offer.price_rp for offer in offers}) > 1, sum(variant.free for variant in variants), product.sold,
        (Decimal(product.stars_sum) / product.reviews).quantize(Decimal("0.1")) if product.reviews else None,
        product.reviews, store,
    )  # fmt: skip


def masked_author(full_name: str) -> str:
    """`S•••i`: the author is known to the shop, not to the street."""
    first = (full_name.split() or ["?"])[0]
    return f"{first[0]}•••{first[-1]}" if len(first) > 1 else f"{first}•••"


def by_product(rows: Iterable[Row]) -> dict[int, list[Row]]:
    """Rows by the product they belong to, their order kept."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.product_id, []).append(row)
    return found
