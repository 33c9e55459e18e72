"""Campaigns: discounts, flash sales and events of a shop, planned before they run and kept true while they do.

What was sold is never planned away: a quota does not go below it, and a product that somebody ordered stays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.actor import Actor
from core.clock import moment_of, now
from core.display import rupiah
from core.errors import InvalidValue, NotFound
from core.money import LIMIT_RP, Rupiah
from models.coops import Coop
from models.mart.campaigns import Campaign, CampaignItem
from models.mart.orders import OrderLine
from models.mart.products import Product
from models.mart.stores import Store
from services.audit import trail
from services.mart import pricing, stores
from services.mart.refusals import PromoPriceTooLow, PromoSold

KINDS = {"discount": "Diskon", "flash": "Flash sale", "event": "Acara (akhir tahun, cuci gudang)"}
PHASES = {"coming": "Akan datang", "running": "Berjalan", "over": "Selesai", "stopped": "Dihentikan"}
MOST_PIECES = 1_000_000


@dataclass(frozen=True)
class Plan:
    """A campaign as people plan it. `starts` and `ends` are what a clock on the wall of the cooperative shows."""

    name: str
    kind: str
    starts: datetime
    ends: datetime
    about: str = ""


@dataclass(frozen=True)
class Place:
    """A product's place in a campaign: percent or rupiah off a piece; quota and pieces per buyer where limited."""

    product_id: int
    off_pct: Decimal | None = None
    off_rp: Rupiah | None = None
    quota: int | None = None
    per_buyer: int | None = None


def save(
    session: Session,
    actor: Actor,
    store_id: int,
    plan: Plan,
    *,
    campaign_id: int | None = None,
    is_active: bool = True,
) -> Campaign:
    """Plan a new campaign of a shop, or change one; the same again is the one there is.

    Raises InvalidValue, NotFound, NotAllowed.
    """
    actor.must("mart.goods")
    store = stores.must_keep(session, actor, store_id)
    kept = _kept(session, actor, campaign_id) if campaign_id is not None else None
    if kept is not None and kept.store_id != store.id:
        raise NotFound(what="Promo")
    campaign = kept or Campaign(
        coop_id=actor.coop_id, store_id=store.id, is_active=is_active, created_by=actor.user_id
    )  # fmt: skip
    before = None if kept is None else _facts(campaign)
    _fill(campaign, plan, session.get_one(Coop, actor.coop_id).zone)
    if kept is None and (there := _same(session, campaign)) is not None:
        return there
    session.add(campaign)
    session.flush()  # the trail names its id
    if before != (after := _facts(campaign)):
        trail.record(session, actor, "mart.save_campaign", f"campaign:{campaign.id}", before=before, after=after)
    return campaign


def _fill(campaign: Campaign, plan: Plan, zone: str) -> None:
    name = " ".join(plan.name.split())[:80]
    if not name:
        raise InvalidValue(field="Nama promo", reason="isi dulu, misalnya Diskon gajian.")
    if plan.kind not in KINDS:
        raise InvalidValue(field="Jenis", reason="pilih salah satu dari daftar.")
    if plan.ends <= plan.starts:
        raise InvalidValue(field="Berakhir", reason="harus sesudah mulainya.")
    campaign.name, campaign.kind, campaign.about = name, plan.kind, " ".join(plan.about.split())[:200]
    campaign.starts_at, campaign.ends_at = moment_of(plan.starts, zone), moment_of(plan.ends, zone)


def _same(session: Session, campaign: Campaign) -> Campaign | None:
    """A campaign of the shop with this name, kind and time: what the second click finds."""
    query = select(Campaign).where(
        Campaign.store_id == campaign.store_id, Campaign.name == campaign.name, Campaign.kind == campaign.kind,
        Campaign.starts_at == campaign.starts_at, Campaign.ends_at == campaign.ends_at,
    )  # fmt: skip
    return session.scalars(query.order_by(Campaign.id)).first()


def _facts(campaign: Campaign) -> dict[str, str]:
    return {
        "name": campaign.name, "kind": campaign.kind, "about": campaign.about,
        "starts_at": campaign.starts_at.isoformat(), "ends_at": campaign.ends_at.isoformat(),
    }  # fmt: skip


def set_places(session: Session, actor: Actor, campaign_id: int, places: Sequence[Place]) -> list[CampaignItem]:
    """These and no other products are in the campaign from now on.

    Raises:
        PromoPriceTooLow: a variant would cost nothing or less. PromoSold: a quota below what was sold, or a product
        taken out that was ordered. InvalidValue, NotFound, NotAllowed.
    """
    actor.must("mart.goods")
    campaign = _kept(session, actor, campaign_id)
    products = _products(session, campaign, places)
    held = {item.product_id: item for item in _held(session, campaign)}
    for place in places:
        _check(products[place.product_id], place)
    changed = _drop(session, [item for key, item in held.items() if key not in products], products=held)
    for place in places:
        item = held.get(place.product_id)
        if item is None:
            item = CampaignItem(coop_id=actor.coop_id, campaign_id=campaign.id, product_id=place.product_id, sold=0)
            session.add(item)
        changed += _put(item, place, products[place.product_id])
    session.flush()
    if changed:
        trail.record(session, actor, "mart.plan_campaign", f"campaign:{campaign.id}", changed=changed)
    return items(session, actor, campaign.id)


def _held(session: Session, campaign: Campaign) -> list[CampaignItem]:
    """The campaign's items as they are now: buyers count on them while it is planned."""
    query = select(CampaignItem).where(CampaignItem.campaign_id == campaign.id).order_by(CampaignItem.id)
    if not session.info.get("read_only"):
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(query))


def _products(session: Session, campaign: Campaign, places: Sequence[Place]) -> dict[int, Product]:
    wanted = {place.product_id for place in places}
    if len(wanted) != len(places):
        raise InvalidValue(field="Barang", reason="masing-masing satu kali dalam satu promo.")
    query = select(Product).where(Product.id.in_(wanted), Product.store_id == campaign.store_id)
    found = {product.id: product for product in session.scalars(query.options(selectinload(Product.variants)))}
    if len(found) != len(wanted):
        raise NotFound(what="Barang")
    return found


def _check(product: Product, place: Place) -> None:
    if (place.off_pct is None) == (place.off_rp is None):
        raise InvalidValue(field=product.name, reason="isi potongan dalam persen atau rupiah, salah satu.")
    if place.off_pct is not None and not 0 < place.off_pct <= 100:
        raise InvalidValue(field=product.name, reason="potongan harus lebih dari 0 dan paling banyak 100 persen.")
    if place.off_rp is not None and not (type(place.off_rp) is int and 0 < place.off_rp < LIMIT_RP):
        raise InvalidValue(field=product.name, reason="potongan harus rupiah bulat lebih dari nol.")
    for label, number in (("kuota", place.quota), ("batas per pembeli", place.per_buyer)):
        if number is not None and not (type(number) is int and 0 < number <= MOST_PIECES):
            raise InvalidValue(field=product.name, reason=f"{label} harus angka bulat lebih dari nol, atau kosong.")
    for variant in product.variants:
        if variant.is_active and variant.price_rp - off_of(variant.price_rp, place) <= 0:
            raise PromoPriceTooLow(product=f"{product.name} {variant.name}".strip(), price=rupiah(variant.price_rp))


def off_of(list_rp: Rupiah, place: Place) -> Rupiah:
    """What a place takes off a piece at this price."""
    return pricing.off_of(list_rp, place.off_pct, place.off_rp)


def _drop(session: Session, gone: Sequence[CampaignItem], *, products: dict[int, CampaignItem]) -> list[str]:
    if not gone:
        return []
    ordered = select(OrderLine.campaign_item_id).where(OrderLine.campaign_item_id.in_([item.id for item in gone]))
    if (kept := session.scalars(ordered.limit(1)).first()) is not None:
        item = next(one for one in products.values() if one.id == kept)
        name = session.get_one(Product, item.product_id).name
        raise PromoSold(product=name, reason="sudah pernah dipesan dalam promo ini. Hentikan promonya bila perlu.")
    for item in gone:
        session.delete(item)
    return [f"-{item.product_id}" for item in gone]


def _put(item: CampaignItem, place: Place, product: Product) -> list[str]:
    if place.quota is not None and place.quota < item.sold:
        raise PromoSold(
            product=product.name, reason=f"sudah terjual {item.sold}, kuotanya tidak dapat kurang dari itu."
        )
    before = (item.off_pct, item.off_rp, item.quota, item.per_buyer)
    item.off_pct, item.off_rp, item.quota, item.per_buyer = place.off_pct, place.off_rp, place.quota, place.per_buyer
    after = (item.off_pct, item.off_rp, item.quota, item.per_buyer)
    return [] if before == after else [f"{product.id}: {_told(before)} -> {_told(after)}"]


def _told(facts: Iterable[object]) -> str:
    return "/".join("-" if one is None else str(one) for one in facts)


def start(session: Session, actor: Actor, campaign_id: int) -> Campaign:
    """Let a campaign run, as soon and as long as its window is open. Raises InvalidValue (no products), NotFound."""
    actor.must("mart.goods")
    campaign = _kept(session, actor, campaign_id)
    if session.scalars(select(CampaignItem.id).where(CampaignItem.campaign_id == campaign.id).limit(1)).first() is None:
        raise InvalidValue(field="Barang", reason="promo ini belum punya barang. Pilih dulu barangnya.")
    return _switch(session, actor, campaign, is_active=True)


def stop(session: Session, actor: Actor, campaign_id: int) -> Campaign:
    """End a campaign now; orders keep the price they were made at. Raises NotFound."""
    actor.must("mart.goods")
    return _switch(session, actor, _kept(session, actor, campaign_id), is_active=False)


def _switch(session: Session, actor: Actor, campaign: Campaign, *, is_active: bool) -> Campaign:
    if campaign.is_active != is_active:
        campaign.is_active = is_active
        word = "start" if is_active else "stop"
        trail.record(session, actor, f"mart.{word}_campaign", f"campaign:{campaign.id}")
    return campaign


def _kept(session: Session, actor: Actor, campaign_id: int) -> Campaign:
    campaign = get(session, actor, campaign_id)
    stores.must_keep(session, actor, campaign.store_id)
    return campaign


def get(session: Session, actor: Actor, campaign_id: int) -> Campaign:
    """A campaign of a shop the actor sees. Raises NotFound."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound(what="Promo")
    stores.get(session, actor, campaign.store_id)
    return campaign


def items(session: Session, actor: Actor, campaign_id: int) -> list[CampaignItem]:
    """What is in a campaign, in the order it came in. Raises NotFound."""
    campaign = get(session, actor, campaign_id)
    query = select(CampaignItem).where(CampaignItem.campaign_id == campaign.id).order_by(CampaignItem.id)
    return list(session.scalars(query))


def phase(campaign: Campaign, at: datetime | None = None) -> str:
    """Where it stands: a key of PHASES."""
    at = at or now()
    if campaign.ends_at <= at:
        return "over"
    if not campaign.is_active:
        return "stopped"
    return "running" if campaign.starts_at <= at else "coming"


@dataclass(frozen=True)
class Listed:
    """A campaign in the list: its shop, how many products it has and how many pieces it sold."""

    campaign: Campaign
    store: Store
    products: int
    sold: int


def listed(session: Session, actor: Actor) -> list[Listed]:
    """Campaigns of the shops the actor sees, the latest start first."""
    seen = {store.id: store for store in stores.mine(session, actor)}
    query = select(Campaign).where(Campaign.store_id.in_(seen)).options(selectinload(Campaign.items))
    found = session.scalars(query.order_by(Campaign.starts_at.desc(), Campaign.id.desc()))
    return [Listed(one, seen[one.store_id], len(one.items), sum(item.sold for item in one.items)) for one in found]
