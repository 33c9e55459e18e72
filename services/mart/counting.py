"""What an order costs: campaigns with their quotas, the voucher, points, tax, by the rule of `pricing`."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from core.actor import Actor
from core.clock import local
from core.money import Rupiah
from models.coops import Coop
from models.mart.campaigns import Campaign, CampaignItem, Voucher
from models.mart.orders import Order, OrderLine
from models.mart.products import ProductVariant
from models.mart.stores import Store
from services.mart import buyers, points, pricing
from services.mart.refusals import VoucherRefused
from services.settings import dated

MOST_PIECES = 9_999


def count(
    session: Session,
    buyer: Actor,
    store: Store,
    wanted: Sequence[tuple[ProductVariant, int]],
    *,
    fee_rp: Rupiah,
    voucher_code: str = "",
    points_wanted: int = 0,
    held: Mapping[int, Rupiah] | None = None,
    at: datetime,
) -> pricing.Quote:
    """The quote for pieces of variants; `held` are prices of variants that were agreed before, whatever holds now.

    Raises VoucherRefused, PointsRefused.
    """
    day = business_day(session, store.coop_id, at)
    voucher = _voucher(session, buyer, store, voucher_code, at) if voucher_code.strip() else None
    pieces = _wanted(session, buyer, wanted, held or {}, at)
    rate = vat_pct(session, store.coop_id, day)

    def counted(used: int, worth_rp: Rupiah) -> pricing.Quote:
        return pricing.quote(pieces, voucher=voucher, shipping_rp=fee_rp, points=used, points_rp=worth_rp, vat_pct=rate)

    plain = counted(0, 0)
    if not points_wanted:
        return plain
    points.worth(session, buyer.member_id, points_wanted)  # refuses more than there are
    goods_rp = plain.total_rp - plain.shipping_rp
    used = min(points_wanted, points.needed(session, buyer.member_id, goods_rp))  # no more than pay for the goods
    return counted(used, points.worth(session, buyer.member_id, used))


def business_day(session: Session, coop_id: int, at: datetime) -> date:
    """The day where a cooperative is."""
    return local(at, session.get_one(Coop, coop_id).zone).date()


def vat_pct(session: Session, coop_id: int, day: date) -> Decimal:
    """The rate that prices of taxed goods contain: PKP's rate on its base, 0 for others."""
    rate = dated.percent(session, coop_id, "mart.vat_pct", day)
    return rate * 11 / 12 if dated.value(session, coop_id, "mart.vat_base", day) == "11/12" else rate


def running(session: Session, product_ids: Sequence[int], at: datetime) -> list[CampaignItem]:
    """Places of products in campaigns that run now."""
    query = (
        select(CampaignItem)
        .join(CampaignItem.campaign)
        .options(contains_eager(CampaignItem.campaign))
        .where(
            CampaignItem.product_id.in_(product_ids),
            Campaign.is_active,
            Campaign.starts_at <= at,
            Campaign.ends_at > at,
        )
        .order_by(CampaignItem.id)
    )
    return list(session.scalars(query))


def _wanted(
    session: Session,
    buyer: Actor,
    wanted: Sequence[tuple[ProductVariant, int]],
    held: Mapping[int, Rupiah],
    at: datetime,
) -> list[pricing.Wanted]:
    places = pricing.by_product(running(session, [variant.product_id for variant, _ in wanted], at))
    had = _had(session, buyer, [item.id for items in places.values() for item in items])
    left: dict[int, int] = {}
    found = []
    for variant, pieces in wanted:
        if (price_rp := held.get(variant.id)) is not None:
            found.append(pricing.Wanted(variant, pieces, pricing.Offer(price_rp, price_rp, price_rp), 0))
            continue
        items = places.get(variant.product_id, [])
        offer = pricing.offer_of(variant, is_member=buyer.member_id is not None, items=items, at=at)
        covered = 0
        if (item := offer.item) is not None:
            room = left.setdefault(item.id, _room(item, had.get(item.id, 0)))
            covered = min(pieces, room)
            left[item.id] = room - covered
        found.append(pricing.Wanted(variant, pieces, offer, covered))
    return found


def _room(item: CampaignItem, had: int) -> int:
    """How many more pieces one buyer may have at the campaign's price."""
    by_quota = MOST_PIECES if item.quota is None else item.quota - item.sold
    by_buyer = MOST_PIECES if item.per_buyer is None else item.per_buyer - had
    return max(0, min(by_quota, by_buyer))


def _had(session: Session, buyer: Actor, item_ids: Sequence[int]) -> dict[int, int]:
    query = (
        select(OrderLine.campaign_item_id, func.sum(OrderLine.covered))
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.campaign_item_id.in_(item_ids), Order.buyer_id == buyer.user_id, Order.state != "cancelled")
        .group_by(OrderLine.campaign_item_id)
    )
    return {int(row[0] or 0): int(row[1]) for row in session.execute(query)} if item_ids else {}


def _voucher(session: Session, buyer: Actor, store: Store, code: str, at: datetime) -> Voucher:
    told = code.strip().upper()[:20]
    voucher = session.scalars(select(Voucher).where(Voucher.code == told)).first()

    def no(reason: str) -> VoucherRefused:
        return VoucherRefused(code=told, reason=reason)

    if voucher is None or not voucher.is_active or voucher.store_id not in (None, store.id):
        raise no("kode ini tidak berlaku di toko ini.")
    if not voucher.starts_at <= at < voucher.ends_at:
        raise no("belum mulai atau sudah berakhir.")
    if voucher.quota is not None and voucher.used >= voucher.quota:
        raise no("kuotanya sudah habis.")
    if voucher.audience == "members" and buyer.member_id is None:
        raise no("hanya untuk anggota koperasi ini.")
    if voucher.audience == "partners" and not buyers.is_partner(session, buyer):
        raise no("hanya untuk anggota koperasi mitra.")
    used = select(func.count()).where(
        Order.voucher_id == voucher.id, Order.buyer_id == buyer.user_id, Order.state != "cancelled"
    )
    if voucher.per_buyer is not None and (session.scalar(used) or 0) >= voucher.per_buyer:
        raise no("sudah Anda pakai.")
    return voucher
