"""What a variant cost through a day, read from the trail that every change of a price leaves."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.money import Rupiah
from models.audit import AuditRecord
from models.mart.campaigns import Campaign, CampaignItem
from models.mart.products import ProductVariant
from services.mart import pricing


def through(
    session: Session, variant: ProductVariant, start: datetime, end: datetime, *, is_member: bool
) -> set[Rupiah]:
    """Every price a piece had for such a buyer at some time from `start` to `end`, campaigns with theirs."""
    lists = _held(session, variant, "price_rp", variant.price_rp, start, end)
    found = set(lists)
    if is_member:
        found |= _held(session, variant, "member_price_rp", variant.member_price_rp, start, end)
    query = (
        select(CampaignItem)
        .join(CampaignItem.campaign)
        .where(CampaignItem.product_id == variant.product_id)
        .where(Campaign.is_active, Campaign.starts_at < end, Campaign.ends_at > start)
    )
    found |= {pricing.reduced(list_rp, item) for item in session.scalars(query) for list_rp in lists}
    return found


def _held(
    session: Session, variant: ProductVariant, field: str, now_rp: Rupiah | None, start: datetime, end: datetime
) -> set[Rupiah]:
    found, since = set[Rupiah](), start
    for at, before_rp in _changes(session, variant, field, start):
        if since < end and before_rp:
            found.add(before_rp)
        since = at
    if since < end and now_rp:
        found.add(now_rp)
    return found


def _changes(
    session: Session, variant: ProductVariant, field: str, start: datetime
) -> Iterator[tuple[datetime, Rupiah | None]]:
    """When the price changed since `start`, and what it was before; oldest first."""
    query = select(AuditRecord).where(
        or_(AuditRecord.subject == f"variant:{variant.id}", AuditRecord.action == "mart.prices"),
        AuditRecord.at >= start,
    )
    for record in session.scalars(query.order_by(AuditRecord.seq)):
        told = record.detail
        if record.action == "mart.price" and field in told:
            yield record.at, told[field][0]
        elif record.action == "mart.prices" and field in told["fields"]:  # a whole list of goods at once
            place = told["fields"].index(field)
            for sku, before, after in told["changed"]:
                if sku == variant.sku and before[place] != after[place]:
                    yield record.at, before[place]
