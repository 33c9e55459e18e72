"""The questions the storefront asks: what is published in open shops, with what a page needs beside it.

They choose by publication, not by cooperative: only `catalogue` calls them, in a session that sees all cooperatives.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select, union_all
from sqlalchemy.orm import Session, contains_eager

from models.access import CoopUser, User
from models.coops import Coop
from models.mart.campaigns import Campaign, CampaignItem
from models.mart.products import Product, ProductPhoto, ProductVariant, Review, WishedProduct
from models.mart.stores import Store
from models.members import Member
from models.transaction import TenantSession
from services.mart import faces
from services.mart.categories import CATEGORIES

DEALS, REVIEWS = 4, 10
SHOWN = and_(Product.is_published, Store.is_open)
Found = tuple[Product, Store, Coop]
Query = Select[Product, Store, Coop]


def goods() -> Query:
    """Published goods of open shops, with the shop and the cooperative."""
    return (
        select(Product, Store, Coop)
        .join(Store, and_(Store.id == Product.store_id, Store.coop_id == Product.coop_id))
        .join(Coop, Coop.id == Product.coop_id)
        .where(SHOWN)
    )


def rows(session: Session, query: Query) -> list[Found]:
    """What `goods()` finds, narrowed and ordered by the caller: ids first, so that sorting carries nothing else."""
    ids = list(session.scalars(query.with_only_columns(Product.id)))
    return by_ids(session, ids)


def by_ids(session: Session, ids: Sequence[int]) -> list[Found]:
    """These goods in this order, those that are shown."""
    if not ids:
        return []
    place = {product_id: at for at, product_id in enumerate(ids)}
    found = session.execute(goods().where(Product.id.in_(ids)))
    return sorted(((one, shop, coop) for one, shop, coop in found), key=lambda row: place[row[0].id])


def newest(session: Session, many: int) -> list[Found]:
    """The newest goods of all categories, found at the ends of the categories' index: more goods take no longer."""
    latest = [
        select(
            select(Product.id)
            .join(Store, and_(Store.id == Product.store_id, Store.coop_id == Product.coop_id))
            .where(SHOWN, Product.category == code)
            .order_by(Product.id.desc())
            .limit(many)
            .subquery()
        )
        for code in CATEGORIES
    ]
    return by_ids(session, sorted(session.scalars(union_all(*latest)), reverse=True)[:many])


def member_of(session: TenantSession, user_id: int | None) -> frozenset[int]:
    """The cooperatives somebody is an active member of; asked once in a session."""
    if user_id is None:
        return frozenset()
    if "member_of" not in session.info:
        is_member = and_(Member.id == CoopUser.member_id, Member.coop_id == CoopUser.coop_id)
        query = select(CoopUser.coop_id).join(Member, is_member)
        found = session.scalars(query.where(CoopUser.user_id == user_id, CoopUser.is_active, Member.state == "active"))
        session.info["member_of"] = frozenset(found)
    kept: frozenset[int] = session.info["member_of"]
    return kept


def running(session: Session, at: datetime, store_id: int | None = None) -> Sequence[Any]:
    query = (
        select(Campaign, Store, Coop)
        .join(Store, and_(Store.id == Campaign.store_id, Store.coop_id == Campaign.coop_id))
        .join(Coop, Coop.id == Campaign.coop_id)
        .where(Store.is_open, Campaign.is_active, Campaign.starts_at <= at, Campaign.ends_at > at)
        .order_by((Campaign.kind == "flash").desc(), Campaign.ends_at, Campaign.id)
        .limit(DEALS)
    )
    return session.execute(query if store_id is None else query.where(Campaign.store_id == store_id)).all()


def in_campaigns(session: Session, campaigns: Sequence[Any], most: int) -> list[tuple[int, Found]]:
    """(campaign, product) of `most` goods of each campaign, those that sell best in it first."""
    if not campaigns:
        return []
    rank = func.row_number().over(
        partition_by=CampaignItem.campaign_id, order_by=(CampaignItem.sold.desc(), CampaignItem.id)
    )
    ranked = (
        select(CampaignItem.campaign_id, CampaignItem.product_id, rank.label("rank"))
        .join(Product, and_(Product.id == CampaignItem.product_id, Product.coop_id == CampaignItem.coop_id))
        .where(
            Product.is_published,
            CampaignItem.coop_id.in_({campaign.coop_id for campaign, _, _ in campaigns}),
            CampaignItem.campaign_id.in_([campaign.id for campaign, _, _ in campaigns]),
        )
        .subquery()
    )
    query = goods().add_columns(ranked.c.campaign_id).join(ranked, ranked.c.product_id == Product.id)
    query = query.where(ranked.c.rank <= most).order_by(ranked.c.rank)
    return [(campaign_id, (one, shop, coop)) for one, shop, coop, campaign_id in session.execute(query)]


def variants(session: Session, rows: Sequence[Found]) -> dict[int, list[ProductVariant]]:
    query = select(ProductVariant).where(
        ProductVariant.coop_id.in_({one.coop_id for one, _, _ in rows}),
        ProductVariant.product_id.in_({one.id for one, _, _ in rows}),
        ProductVariant.is_active,
    )
    return faces.by_product(session.scalars(query.order_by(ProductVariant.id)))


def items(session: Session, rows: Sequence[Found]) -> dict[int, list[CampaignItem]]:
    """What running campaigns say of these goods."""
    query = (
        select(CampaignItem)
        .join(CampaignItem.campaign)
        .options(contains_eager(CampaignItem.campaign))
        .where(
            CampaignItem.coop_id.in_({one.coop_id for one, _, _ in rows}),
            CampaignItem.product_id.in_({one.id for one, _, _ in rows}),
            Campaign.is_active,
        )
    )
    return faces.by_product(session.scalars(query))


def photos(session: Session, row: Product) -> tuple[faces.PhotoFace, ...]:
    query = select(ProductPhoto).where(ProductPhoto.coop_id == row.coop_id, ProductPhoto.product_id == row.id)
    found = session.scalars(query.order_by(ProductPhoto.position, ProductPhoto.id))
    return tuple(faces.PhotoFace(photo.stored_as, photo.width, photo.height) for photo in found)


def reviews(session: Session, row: Product) -> tuple[faces.ReviewFace, ...]:
    query = select(Review, User.full_name).join(User, User.id == Review.user_id)
    query = query.where(Review.coop_id == row.coop_id, Review.product_id == row.id, ~Review.is_hidden)
    found = session.execute(query.order_by(Review.id.desc()).limit(REVIEWS))
    return tuple(
        faces.ReviewFace(faces.masked_author(name), one.stars, one.body, one.reply, one.created_at)
        for one, name in found
    )


def is_wished(session: Session, row: Product, user_id: int | None) -> bool:
    if user_id is None:
        return False
    query = select(WishedProduct.id).where(
        WishedProduct.coop_id == row.coop_id, WishedProduct.product_id == row.id, WishedProduct.user_id == user_id
    )
    return session.scalars(query).first() is not None
