"""What makes things cheaper: campaigns, vouchers, points."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from models.base import Base, BelongsToCoop, Id, Pct, Rp, points_at, tenant_table


class Campaign(BelongsToCoop, Base):
    """A discount, flash sale or event (year-end, clearance) of a shop, from one moment to another."""

    __tablename__ = "campaigns"
    __table_args__ = tenant_table(
        points_at("stores", "store_id"),
        CheckConstraint("kind in ('discount','flash','event')", name="kind"),
        CheckConstraint("starts_at < ends_at", name="window"),
        Index(None, "coop_id", "store_id"),
    )

    id: Mapped[Id]
    store_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    about: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(8))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    is_active: Mapped[bool] = mapped_column(default=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    items: Mapped[list["CampaignItem"]] = relationship(
        primaryjoin="Campaign.id == foreign(CampaignItem.campaign_id)", order_by="CampaignItem.id", viewonly=True
    )

    def __str__(self) -> str:
        return self.name


class CampaignItem(BelongsToCoop, Base):
    """A product in a campaign: percent off, or rupiah off a piece. `quota` and `per_buyer` of None do not limit."""

    __tablename__ = "campaign_items"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "campaign_id", "product_id"),
        points_at("campaigns", "campaign_id"),
        points_at("products", "product_id"),
        CheckConstraint("(off_pct is null) <> (off_rp is null)", name="one_kind"),
        CheckConstraint("off_pct is null or (off_pct > 0 and off_pct < 100000000)", name="off_pct"),
        CheckConstraint("off_rp is null or off_rp > 0", name="off_rp"),
        CheckConstraint("quota is null or (quota > 0 and sold <= quota)", name="quota"),
        CheckConstraint("sold >= 0 and (per_buyer is null or per_buyer > 0)", name="counts"),
        Index(None, "coop_id", "product_id"),
    )

    id: Mapped[Id]
    campaign_id: Mapped[int]
    product_id: Mapped[int]
    off_pct: Mapped[Pct | None]
    off_rp: Mapped[Rp | None]
    quota: Mapped[int | None]
    per_buyer: Mapped[int | None]
    sold: Mapped[int] = mapped_column(default=0)
    campaign: Mapped[Campaign] = relationship(primaryjoin="foreign(CampaignItem.campaign_id) == Campaign.id")


class Voucher(BelongsToCoop, Base):
    """A code that takes something off an order: an amount, or percent up to `most_rp`.

    `store_id` of None is good in every shop of the cooperative; `quota` and `per_buyer` of None do not limit.
    """

    __tablename__ = "vouchers"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "code"),
        points_at("stores", "store_id"),
        CheckConstraint("(off_pct is null) <> (off_rp is null)", name="one_kind"),
        CheckConstraint("off_pct is null or (off_pct > 0 and off_pct <= 100000000)", name="off_pct"),
        CheckConstraint("off_rp is null or off_rp > 0", name="off_rp"),
        CheckConstraint("most_rp is null or most_rp > 0", name="most"),
        CheckConstraint("minimum_rp >= 0", name="minimum"),
        CheckConstraint("used >= 0 and (quota is null or used <= quota)", name="quota"),
        CheckConstraint("audience in ('all','members','partners')", name="audience"),
        CheckConstraint("starts_at < ends_at", name="window"),
    )

    id: Mapped[Id]
    store_id: Mapped[int | None]
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    off_pct: Mapped[Pct | None]
    off_rp: Mapped[Rp | None]
    most_rp: Mapped[Rp | None]
    minimum_rp: Mapped[Rp] = mapped_column(default=0)
    quota: Mapped[int | None]
    per_buyer: Mapped[int | None] = mapped_column(default=1)
    used: Mapped[int] = mapped_column(default=0)
    audience: Mapped[str] = mapped_column(String(8), default="all")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    is_active: Mapped[bool] = mapped_column(default=True)

    def __str__(self) -> str:
        return self.code


class PointMovement(BelongsToCoop, Base):
    """Points a member earned or used, and what they are worth in the books; insert-only."""

    __tablename__ = "point_movements"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "source"),
        points_at("members", "member_id"),
        points_at("orders", "order_id"),
        points_at("journal_entries", "entry_seq", "seq"),
        CheckConstraint("kind in ('earned','used','given_back','taken_back')", name="kind"),
        CheckConstraint("points <> 0", name="points"),
        Index(None, "coop_id", "member_id"),
    )

    id: Mapped[Id]
    member_id: Mapped[int]
    order_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    points: Mapped[int]
    value_rp: Mapped[Rp]
    booked_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(160))
    entry_seq: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
