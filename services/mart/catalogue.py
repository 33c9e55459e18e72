"""The public storefront: published goods of open shops of every cooperative, and nothing else of them.

The one place that reads across cooperatives for strangers. Every function opens its own session, asks a fixed
number of questions however many goods there are, and gives frozen faces; no row leaves. A stranger's `user_id` is None.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from core.clock import now
from core.errors import NotFound
from models.coops import Coop
from models.mart.campaigns import CampaignItem
from models.mart.products import Product, ProductVariant, WishedProduct
from models.mart.stores import Store
from models.transaction import Database, TenantSession
from services.mart import faces, search, window
from services.mart.categories import CATEGORIES
from services.mart.faces import Card, CoopPage, Deal, Home, Page, ProductFace, StorePage
from services.mart.window import Found, Query

PAGE, MOST_PAGES = 20, 500
NEWEST, BEST, RELATED = 12, 8, 4
IN_A_DEAL, IN_A_SHOP_S_DEAL = 4, 12
MOST_IN_SITEMAP = 45_000
SORTS: dict[str, tuple[str, Any]] = {
    "terbaru": ("Terbaru", Product.id.desc()),
    "terlaris": ("Terlaris", Product.sold.desc()),
    "termurah": ("Termurah", Product.from_rp),
    "termahal": ("Termahal", Product.from_rp.desc()),
}


def home(database: Database, user_id: int | None = None) -> Home:
    """Running campaigns (flash sales first), the newest goods, the best sold."""
    at = now()
    with _open(database) as session:
        campaigns = window.running(session, at)
        inside = window.in_campaigns(session, campaigns, IN_A_DEAL)
        newest = window.newest(session, NEWEST)
        best = window.rows(session, window.goods().where(Product.sold > 0).order_by(Product.sold.desc()).limit(BEST))
        rows = [*newest, *best, *(row for _, row in inside)]
        cards = _cards(session, rows, at, window.member_of(session, user_id))
        return Home(_deals(campaigns, inside, cards), _pick(cards, newest), _pick(cards, best))


def category(database: Database, code: str, number: int, sort: str, user_id: int | None = None) -> Page:
    """A page of 20 of a category. Raises NotFound for a category we do not have."""
    if code not in CATEGORIES:
        raise NotFound(what="Kategori")
    with _open(database) as session:
        return _page(session, window.goods().where(Product.category == code), number, sort, user_id)


def find(database: Database, text: str, number: int, user_id: int | None = None) -> Page:
    """A page of 20 of what a text may mean, best first; the 200 best are known."""
    with _open(database) as session:
        found = search.find(session, text)
        start = (_whole(number) - 1) * PAGE
        ids = [one.product_id for one in found[start : start + PAGE]]
        rows = window.by_ids(session, ids)
        cards = _cards(session, rows, now(), window.member_of(session, user_id))
        return Page(_pick(cards, rows), _whole(number), len(found) > start + PAGE, len(found))


def store(database: Database, coop: str, slug: str, number: int, sort: str, user_id: int | None = None) -> StorePage:
    """An open shop with its campaigns and a page of its goods. Raises NotFound."""
    with _open(database) as session:
        query = select(Store, Coop).join(Coop, Coop.id == Store.coop_id)
        found = session.execute(query.where(Coop.slug == coop, Store.slug == slug, Store.is_open)).first()
        if found is None:
            raise NotFound(what="Toko")
        shop, owner = found
        at, own = now(), window.goods().where(Product.coop_id == shop.coop_id, Product.store_id == shop.id)
        campaigns = window.running(session, at, shop.id)
        inside = window.in_campaigns(session, campaigns, IN_A_SHOP_S_DEAL)
        cards = _cards(session, [row for _, row in inside], at, window.member_of(session, user_id))
        page = _page(session, own, number, sort, user_id)
        return StorePage(faces.store_face(shop, owner), _deals(campaigns, inside, cards), page)


def cooperative(database: Database, slug: str, number: int, sort: str, user_id: int | None = None) -> CoopPage:
    """A cooperative's open shops and a page of their goods. Raises NotFound for one without an open shop."""
    with _open(database) as session:
        query = select(Store, Coop).join(Coop, Coop.id == Store.coop_id).where(Coop.slug == slug, Store.is_open)
        shops = session.execute(query.order_by(Store.name)).all()
        if not shops:
            raise NotFound(what="Toko koperasi ini")
        coop = shops[0][1]
        page = _page(session, window.goods().where(Product.coop_id == coop.id), number, sort, user_id)
        return CoopPage(faces.coop_face(coop), tuple(faces.store_face(one, coop) for one, _ in shops), page)


def product(database: Database, public_id: uuid.UUID, user_id: int | None = None) -> ProductFace:
    """Everything a product's page shows. Raises NotFound for what is not published, or not sold now."""
    at = now()
    with _open(database) as session:
        rows = window.rows(session, window.goods().where(Product.public_id == public_id))
        if not rows:
            raise NotFound(what="Barang")
        row, _, _ = rows[0]
        beside = window.goods().where(
            Product.coop_id == row.coop_id, Product.store_id == row.store_id, Product.id != row.id
        )
        related = window.rows(session, beside.order_by(Product.sold.desc()).limit(RELATED))
        member_of = window.member_of(session, user_id)
        variants, items = window.variants(session, [*rows, *related]), window.items(session, [*rows, *related])
        cards = _made([*rows, *related], variants, items, at, member_of)
        if row.id not in cards:
            raise NotFound(what="Barang")
        is_member = row.coop_id in member_of
        return ProductFace(
            row.id, row.coop_id, cards[row.id], row.about, row.unit_name, row.weight_g, row.is_consigned,
            tuple(
                faces.VariantFace(one.id, one.name, faces.offer_of(one, is_member, items.get(row.id, ()), at), one.free)
                for one in variants[row.id]
            ),
            window.photos(session, row), window.reviews(session, row), _pick(cards, related),
            window.is_wished(session, row, user_id), is_member,
        )  # fmt: skip


def place_of(database: Database, public_id: uuid.UUID) -> tuple[int, int]:
    """(cooperative, product) of something that is sold, for writing about it there. Raises NotFound."""
    with _open(database) as session:
        query = select(Product.coop_id, Product.id).join(Store, Store.id == Product.store_id)
        found = session.execute(query.where(window.SHOWN, Product.public_id == public_id)).first()
        if found is None:
            raise NotFound(what="Barang")
        return found[0], found[1]


def wished(database: Database, user_id: int, number: int) -> Page:
    """What somebody wants to find again, latest wish first; what is no longer sold is left out."""
    with _open(database) as session:
        mine = and_(WishedProduct.product_id == Product.id, WishedProduct.coop_id == Product.coop_id)
        query = window.goods().join(WishedProduct, mine).where(WishedProduct.user_id == user_id)
        return _sliced(session, query.order_by(WishedProduct.id.desc()), number, user_id)


def addresses(database: Database) -> tuple[list[tuple[str, str]], list[uuid.UUID]]:
    """For machines that index: open shops as (cooperative, shop) slugs, and the public ids of published goods."""
    with _open(database) as session:
        shops = select(Coop.slug, Store.slug).join(Coop, Coop.id == Store.coop_id).where(Store.is_open)
        goods = select(Product.public_id).join(Store, Store.id == Product.store_id).where(window.SHOWN)
        found = session.scalars(goods.order_by(Product.id.desc()).limit(MOST_IN_SITEMAP)).all()
        return [(coop, shop) for coop, shop in session.execute(shops.order_by(Coop.slug, Store.slug))], list(found)


def _open(database: Database) -> Any:
    return database.platform("kopmart: what strangers see")


def _whole(number: int) -> int:
    return min(max(number, 1), MOST_PAGES)


def _page(session: TenantSession, query: Query, number: int, sort: str, user_id: int | None) -> Page:
    _, order = SORTS.get(sort, SORTS["terbaru"])
    return _sliced(session, query.order_by(order, Product.id.desc()), number, user_id)


def _sliced(session: TenantSession, query: Query, number: int, user_id: int | None) -> Page:
    number = _whole(number)
    rows = window.rows(session, query.limit(PAGE + 1).offset((number - 1) * PAGE))
    cards = _cards(session, rows[:PAGE], now(), window.member_of(session, user_id))
    return Page(_pick(cards, rows[:PAGE]), number, len(rows) > PAGE)


def _deals(
    campaigns: Sequence[Any], inside: Sequence[tuple[int, Found]], cards: Mapping[int, Card]
) -> tuple[Deal, ...]:
    made = [
        Deal(
            campaign.name, campaign.about, campaign.kind == "flash", campaign.ends_at, faces.store_face(shop, coop),
            _pick(cards, [row for campaign_id, row in inside if campaign_id == campaign.id]),
        )
        for campaign, shop, coop in campaigns
    ]  # fmt: skip
    return tuple(deal for deal in made if deal.cards)


def _cards(session: Session, rows: Sequence[Found], at: datetime, member_of: frozenset[int]) -> dict[int, Card]:
    """Faces by product id; two questions for all of them."""
    return _made(rows, window.variants(session, rows), window.items(session, rows), at, member_of) if rows else {}


def _made(
    rows: Sequence[Found], variants: Mapping[int, list[ProductVariant]], items: Mapping[int, list[CampaignItem]],
    at: datetime, member_of: frozenset[int],
) -> dict[int, Card]:  # fmt: skip
    return {
        one.id: faces.card(
            one, faces.store_face(shop, coop), variants[one.id], one.coop_id in member_of, items.get(one.id, ()), at
        )
        for one, shop, coop in rows
        if one.id in variants
    }


def _pick(cards: Mapping[int, Card], rows: Iterable[Found]) -> tuple[Card, ...]:
    return tuple(cards[one.id] for one, _, _ in rows if one.id in cards)
