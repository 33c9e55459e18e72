"""Prices at the till: the list a device keeps, and whether what a device showed was the shop's price that day."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import ZONES, local
from core.display import rupiah
from core.money import Rupiah
from models.coops import Coop
from models.mart.campaigns import CampaignItem
from models.mart.products import Product, ProductVariant
from models.mart.stores import Store
from services.mart import counting, price_history, pricing
from services.mart.till_refusals import PriceUnknown


class Shown(Protocol):
    """A line of a till: pieces of a variant at the price of a piece that was shown."""

    @property
    def variant_id(self) -> int: ...
    @property
    def pieces(self) -> int: ...
    @property
    def price_rp(self) -> Rupiah: ...


def agreed(
    session: Session,
    buyer: Actor,
    store: Store,
    items: Sequence[Shown],
    variants: Mapping[int, ProductVariant],
    *,
    at: datetime,
    any_price: bool,
) -> pricing.Quote:
    """What the sale costs: by today's rules where they agree with the till, else at the till's price if it was the
    shop's that day (or a person takes it, `any_price`). Raises PriceUnknown.
    """
    wanted = [(variants[item.variant_id], item.pieces) for item in items]
    held: dict[int, Rupiah] = {}
    while True:  # each round holds one more price at least
        counted = counting.count(session, buyer, store, wanted, fee_rp=0, held=held, at=at)
        odd = [
            (item, line)
            for item, line in zip(items, counted.lines, strict=True)
            if line.net_rp != item.pieces * item.price_rp
        ]
        if not odd:
            return counted
        for item, line in odd:
            variant = variants[item.variant_id]
            if not any_price and item.price_rp not in _of_the_day(session, buyer, store, variant, at):
                raise PriceUnknown(product=variant.label, seen=rupiah(item.price_rp), now=rupiah(line.price_rp))
            held[item.variant_id] = item.price_rp


def _of_the_day(session: Session, buyer: Actor, store: Store, variant: ProductVariant, at: datetime) -> set[Rupiah]:
    zone = session.get_one(Coop, store.coop_id).zone
    start = datetime.combine(local(at, zone).date(), time(), ZoneInfo(ZONES[zone])).astimezone(UTC)
    is_member = buyer.member_id is not None
    return price_history.through(session, variant, start, start + timedelta(days=1), is_member=is_member)


def price_list(session: Session, store: Store, at: datetime) -> tuple[str, str]:
    """What a device keeps of a shop's goods, as JSON and a mark of its content.

    Rows: id, name, barcode, code, price, member price (0: none), campaigns that run now or within a day as
    [price, from, until, most pieces at once (0: any)], moments in milliseconds.
    """
    query = (
        select(ProductVariant.id, Product.name, ProductVariant.name, ProductVariant.barcode, ProductVariant.sku,
               ProductVariant.price_rp, ProductVariant.member_price_rp, Product.id)
        .join(Product, Product.id == ProductVariant.product_id)
        .where(Product.store_id == store.id, ProductVariant.is_active)
        .order_by(Product.name, ProductVariant.name, ProductVariant.id)
    )  # fmt: skip
    rows = session.execute(query).all()
    runs = _campaigns(session, store, at)
    goods = [
        [row[0], f"{row[1]} {row[2]}".strip(), row[3] or "", row[4], row[5], row[6] or 0,
         [_run(item, row[5]) for item in runs.get(row[7], [])]]
        for row in rows
    ]  # fmt: skip
    text = json.dumps({"barang": goods}, ensure_ascii=False, separators=(",", ":"))
    return text, hashlib.sha256(text.encode()).hexdigest()[:20]


def _campaigns(session: Session, store: Store, at: datetime) -> Mapping[int, list[CampaignItem]]:
    ids = list(session.scalars(select(Product.id).where(Product.store_id == store.id)))
    soon = counting.running(session, ids, at) + counting.running(session, ids, at + timedelta(hours=24))
    kept = {item.id: item for item in soon if item.quota is None or item.sold < item.quota}
    return pricing.by_product(kept.values())


def _run(item: CampaignItem, list_rp: Rupiah) -> list[Any]:
    limits = [most for most in (item.per_buyer, item.quota and item.quota - item.sold) if most]
    campaign = item.campaign
    moments = [int(moment.timestamp() * 1000) for moment in (campaign.starts_at, campaign.ends_at)]
    return [pricing.reduced(list_rp, item), *moments, min(limits, default=0)]
