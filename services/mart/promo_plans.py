"""What a promo would do, before it does it: prices against cost and stock; and which goods lie too long."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from core.actor import Actor
from core.display import date_long
from core.money import Rupiah, round_rp
from models.mart.campaigns import Campaign, CampaignItem
from models.mart.orders import Order, OrderLine
from models.mart.products import Product, ProductVariant, StockMovement
from services.mart import campaigns, counting, pricing, stores
from services.mart.campaigns import Place, Plan

SLOW_DAYS = 60
CLEARANCE_DAYS = 14
CLEARANCE_STEPS = (Decimal(30), Decimal(20), Decimal(10))


@dataclass(frozen=True)
class Preview:
    """A product in a promo. Prices are (lowest, highest) of its variants; `margin_rp` is the smallest left of a piece.

    Margin is what is left of the promo price without its tax after the moving-average cost; None where nothing lies
    on the shelf to tell the cost.
    """

    product: Product
    place: Place | None
    list_rp: tuple[Rupiah, Rupiah]
    member_rp: tuple[Rupiah, Rupiah] | None
    promo_rp: tuple[Rupiah, Rupiah] | None
    cost_rp: Rupiah | None
    margin_rp: Rupiah | None
    stock: int
    sold: int

    @property
    def is_below_cost(self) -> bool:
        return self.margin_rp is not None and self.margin_rp < 0

    @property
    def is_idle(self) -> bool:
        """Whether members pay no more than the promo price anyway."""
        return bool(self.promo_rp and self.member_rp and self.member_rp[1] <= self.promo_rp[0])


def shown(
    session: Session,
    actor: Actor,
    products: Sequence[Product],
    places: Mapping[int, Place],
    *,
    on: date,
    sold: Mapping[int, int],
) -> list[Preview]:
    """Products with their place in a promo, or as they are; `sold` is what the promo sold of each."""
    rate = counting.vat_pct(session, actor.coop_id, on)
    return [_preview(one, places.get(one.id), rate, sold.get(one.id, 0)) for one in products]


def _preview(product: Product, place: Place | None, rate: Decimal, sold: int) -> Preview:
    sale = [variant for variant in product.variants if variant.is_active] or list(product.variants)
    prices = [variant.price_rp for variant in sale]
    member = [variant.member_price_rp or variant.price_rp for variant in sale]
    promo = [variant.price_rp - campaigns.off_of(variant.price_rp, place) if place else 0 for variant in sale]
    costs = [cost_of(variant, product) for variant in sale]
    shown = promo if place else prices
    tax = rate if product.is_taxed and not product.is_consigned else Decimal(0)
    pairs = [(price, cost) for price, cost in zip(shown, costs, strict=True) if cost is not None]
    margins = [price - pricing.contained(price, tax) - cost for price, cost in pairs]
    known = [cost for cost in costs if cost is not None]
    has_member = any(variant.member_price_rp for variant in sale)
    return Preview(
        product, place, _span(prices), _span(member) if has_member else None, _span(promo) if place else None,
        max(known, default=None), min(margins, default=None), sum(variant.free for variant in sale), sold,
    )  # fmt: skip


def _span(amounts: Sequence[Rupiah]) -> tuple[Rupiah, Rupiah]:
    return min(amounts, default=0), max(amounts, default=0)


def cost_of(variant: ProductVariant, product: Product) -> Rupiah | None:
    """What a piece costs the shop: the owner's part of consigned goods, else the moving average of what lies there."""
    if product.is_consigned:
        return variant.owner_rp
    return round_rp(Decimal(variant.value_rp) / variant.on_hand) if variant.on_hand else None


def places_of(items: Iterable[CampaignItem]) -> list[Place]:
    """A campaign's items as their plan."""
    return [Place(one.product_id, one.off_pct, one.off_rp, one.quota, one.per_buyer) for one in items]


def held_products(session: Session, actor: Actor, campaign_id: int) -> list[Product]:
    """Products of a campaign with their variants, by name. Raises NotFound."""
    wanted = [item.product_id for item in campaigns.items(session, actor, campaign_id)]
    query = select(Product).where(Product.id.in_(wanted)).options(selectinload(Product.variants))
    return list(session.scalars(query.order_by(Product.name, Product.id)))


def sought(session: Session, actor: Actor, store_id: int, text: str, *, most: int = 20) -> list[Product]:
    """Published products of a shop whose name has these letters, by name. Raises NotFound."""
    store = stores.get(session, actor, store_id)
    query = select(Product).where(Product.store_id == store.id, Product.is_published)
    query = query.where(Product.name.icontains(text.strip()[:60], autoescape=True)) if text.strip() else query
    query = query.options(selectinload(Product.variants)).order_by(Product.name, Product.id).limit(most)
    return list(session.scalars(query))


def slow(session: Session, actor: Actor, store_id: int, *, on: date, days: int = SLOW_DAYS) -> list[Product]:
    """As `lying` of one shop. Raises NotFound."""
    return lying(session, [stores.get(session, actor, store_id).id], on=on, days=days)


def lying(session: Session, store_ids: Collection[int], *, on: date, days: int = SLOW_DAYS) -> list[Product]:
    """Published goods on the shelf that came before and were not ordered for so many days, most pieces first."""
    since = on - timedelta(days=days)
    of_product = ProductVariant.product_id
    bought = (
        select(of_product)
        .join(OrderLine, OrderLine.variant_id == ProductVariant.id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.store_id.in_(store_ids), Order.state != "cancelled", Order.placed_on > since)
    )
    came = (
        select(of_product)
        .join(StockMovement, StockMovement.variant_id == ProductVariant.id)
        .group_by(of_product)
        .having(func.min(StockMovement.booked_on) <= since)
    )
    query = select(Product).where(
        Product.store_id.in_(store_ids), Product.is_published, Product.available > 0, Product.id.in_(came),
        Product.id.not_in(bought),
    )  # fmt: skip
    query = query.options(selectinload(Product.variants)).order_by(Product.available.desc(), Product.id)
    return list(session.scalars(query))


def clear_out(session: Session, actor: Actor, store_id: int, *, on: date) -> Campaign | None:
    """Plan a clearance of what lies too long: a stopped event to be looked at and started; None with nothing slow.

    Each product gets the largest usual reduction that is not below its cost, and its stock as quota. The second click
    of a day finds the first plan. Raises NotFound, NotAllowed.
    """
    actor.must("mart.goods")
    store = stores.must_keep(session, actor, store_id)
    name = f"Cuci gudang {date_long(on)}"
    same = select(Campaign).where(Campaign.store_id == store.id, Campaign.name == name)
    if (before := session.scalars(same).first()) is not None:
        return before
    found = slow(session, actor, store_id, on=on)
    if not found:
        return None
    begins = datetime.combine(on, time())
    plan = Plan(name, "event", begins, begins + timedelta(days=CLEARANCE_DAYS), "Stok lama, harga khusus.")
    campaign = campaigns.save(session, actor, store_id, plan, is_active=False)
    rate = counting.vat_pct(session, actor.coop_id, on)
    campaigns.set_places(session, actor, campaign.id, [_cleared(product, rate) for product in found])
    return campaign


def _cleared(product: Product, rate: Decimal) -> Place:
    offers = [Place(product.id, off_pct=step, quota=product.available) for step in CLEARANCE_STEPS]
    return next((one for one in offers if not _preview(product, one, rate, 0).is_below_cost), offers[-1])
