"""Shops: opening one, whose it is, and where it delivers."""

import re
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import InvalidValue, NotAllowed, NotFound, Refusal
from core.money import LIMIT_RP, Rupiah
from models.access import CoopUser, RoleGrant, User
from models.coops import Unit
from models.mart.products import Product
from models.mart.stores import ShippingZone, Store, StoreManager
from services.access import limits
from services.audit import trail
from services.ledger import chart
from services.ledger.balances import balances
from services.ledger.chart import Role
from services.mart import search

KEEPER = "pengelola_toko"
NEEDED = {
    Role.INVENTORY: "persediaan",
    Role.STORE_CASH: "kas toko",
    Role.SUPPLIER_PAYABLE: "utang pemasok",
    Role.ORDER_ADVANCES: "uang muka pesanan",
    Role.UNIT_CLAIM: "tagihan antar unit",
    Role.UNIT_DEBT: "utang antar unit",
    Role.MEMBER_SALES: "penjualan anggota",
    Role.NONMEMBER_SALES: "penjualan umum",
    Role.SALES_RETURNS: "retur penjualan",
    Role.SALES_DISCOUNTS: "potongan penjualan",
    Role.SHIPPING_INCOME: "pendapatan ongkos kirim",
    Role.MEMBER_COST_OF_SALES: "beban pokok penjualan anggota",
    Role.NONMEMBER_COST_OF_SALES: "beban pokok penjualan umum",
    Role.STOCK_DIFFERENCE: "selisih stok",
}
"""Without these a shop can neither buy, sell nor count; vouchers, points, tax and the rest ask for theirs when used."""
_WORK = ("mart.goods", "mart.stock", "mart.sell", "mart.till")
_BOARD_ONLY = ("commission_pct", "credit_limit_rp", "qris", "sells_to_all")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])")


class StoreRolesMissing(Refusal):
    code = "mart.roles_missing"
    pesan = "Bagan akun belum punya akun untuk: {roles}. Tetapkan di Pengaturan > Peran akun, lalu buka tokonya lagi."


class StoreTaken(Refusal):
    code = "mart.store_taken"
    pesan = "Unit {unit} sudah punya toko {store}. Satu unit satu toko: pilih unit lain, atau ubah toko itu."
    status = 409


@dataclass(frozen=True)
class Shop:
    """What people decide of a shop. `couriers` are codes of the courier service, colon-separated (`jne:pos`)."""

    name: str
    about: str = ""
    address: str = ""
    city: str = ""
    phone: str = ""
    is_open: bool = True
    sells_to_all: bool = True
    has_pickup: bool = True
    origin_id: str = ""
    couriers: str = ""
    qris: str = ""
    commission_pct: Decimal = Decimal(0)
    credit_limit_rp: Rupiah = 0


@dataclass(frozen=True)
class Zone:
    """A part of the world the shop's own courier serves. `places` are comma-separated names of cities, districts."""

    name: str
    places: str
    fee_rp: Rupiah
    eta: str = ""
    is_active: bool = True


def open_store(session: Session, actor: Actor, shop: Shop, *, unit_id: int, slug: str) -> Store:
    """Give a business unit its shop. What the books hold of the unit's inventory waits to be put on stock cards.

    Raises:
        StoreRolesMissing: naming what the chart lacks. StoreTaken: the unit has one. InvalidValue, NotFound.
        LimitReached: the plan allows no more.
    """
    actor.must("mart.stores")
    limits.room(session, actor, "stores")
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise NotFound(what="Unit usaha")
    held = session.scalars(select(Store).where(Store.unit_id == unit_id)).first()
    if held is not None:
        raise StoreTaken(unit=unit.name, store=held.name)
    _slug_free(session, slug)
    roles = chart.roles(session, actor)
    if missing := [f"{word} ({role.value.replace('_', ' ')})" for role, word in NEEDED.items() if role not in roles]:
        raise StoreRolesMissing(roles=", ".join(missing))
    account_id = roles[Role.INVENTORY]
    held_rp = balances(session, actor.coop_id, date.max, unit_id=unit_id, account_ids=[account_id])
    store = Store(coop_id=actor.coop_id, unit_id=unit_id, slug=slug, unopened_rp=held_rp.get(account_id, 0))
    _fill(store, shop)
    session.add(store)
    session.flush()  # callers set its managers
    trail.record(session, actor, "mart.open_store", f"store:{store.id}", slug=slug, unit=unit.code,
                 unopened_rp=store.unopened_rp)  # fmt: skip
    return store


def _slug_free(session: Session, slug: str) -> None:
    if not _SLUG.fullmatch(slug):
        raise InvalidValue(field="Alamat toko", reason="3 sampai 40 huruf kecil, angka, atau tanda hubung.")
    if session.scalars(select(Store.id).where(Store.slug == slug)).first() is not None:
        raise InvalidValue(field="Alamat toko", reason=f"'{slug}' sudah dipakai toko lain. Pilih yang lain.")


def _fill(store: Store, shop: Shop) -> None:
    if not shop.name.strip():
        raise InvalidValue(field="Nama toko", reason="isi dulu.")
    if shop.qris.strip() and not shop.qris.strip().startswith("000201"):
        raise InvalidValue(field="QRIS", reason="salin teks QRIS statis lengkap; isinya dimulai dengan 000201.")
    if not 0 <= shop.commission_pct <= 100:
        raise InvalidValue(field="Komisi", reason="isi 0 sampai 100 persen.")
    if type(shop.credit_limit_rp) is not int or not 0 <= shop.credit_limit_rp < LIMIT_RP:
        raise InvalidValue(field="Batas kasbon", reason="isi rupiah bulat, 0 bila tanpa kasbon.")
    for field, value in asdict(shop).items():
        limit = getattr(getattr(Store, field).type, "length", None)
        setattr(store, field, value.strip()[:limit] if isinstance(value, str) else value)


def save(session: Session, actor: Actor, store_id: int, shop: Shop) -> Store:
    """Change a shop. Its managers may, save what the board decides: commission, kasbon, QRIS, who may buy.

    Raises NotAllowed, InvalidValue, NotFound.
    """
    store = _for_settings(session, actor, store_id)
    before = {field: getattr(store, field) for field in asdict(shop)}
    if not actor.may("mart.stores") and any(before[field] != getattr(shop, field) for field in _BOARD_ONLY):
        raise NotAllowed(permission="mart.stores")
    _fill(store, shop)
    changed = {field: [old, new] for field, old in before.items() if old != (new := getattr(store, field))}
    if "name" in changed:  # goods are found by the name of their shop
        goods = session.scalars(select(Product).where(Product.store_id == store.id))
        search.index_many(session, list(goods))
    if changed:
        trail.record(session, actor, "mart.save_store", f"store:{store.id}", changed=changed)
    return store


def _for_settings(session: Session, actor: Actor, store_id: int) -> Store:
    store = must_keep(session, actor, store_id)
    if not actor.may("mart.stores"):
        actor.must("mart.goods")
    return store


def mine(session: Session, actor: Actor) -> list[Store]:
    """The shops the actor sees, by name.

    All of them with `mart.every_store`, and for those who only look (pengawas); else the shops that name them.
    """
    actor.must("mart.view")
    query = select(Store).order_by(Store.name, Store.id)
    if not _sees_all(actor):
        query = query.where(Store.id.in_(_named(actor)))
    return list(session.scalars(query))


def get(session: Session, actor: Actor, store_id: int) -> Store:
    """One of the shops the actor sees. Raises NotFound for any other."""
    actor.must("mart.view")
    store = session.get(Store, store_id)
    if store is None or not (_sees_all(actor) or is_named(session, actor, store.id)):
        raise NotFound(what="Toko")
    return store


def must_keep(session: Session, actor: Actor, store_id: int) -> Store:
    """The shop, for work in it: the actor is one of its managers, or works in every shop. Raises NotFound."""
    store = get(session, actor, store_id)
    if not (actor.may("mart.every_store") or is_named(session, actor, store.id)):
        raise NotFound(what="Toko")
    return store


def _sees_all(actor: Actor) -> bool:
    return actor.may("mart.every_store") or not any(actor.may(word) for word in _WORK)


def _named(actor: Actor) -> Select[int]:
    return select(StoreManager.store_id).where(StoreManager.user_id == actor.user_id)


def is_named(session: Session, actor: Actor, store_id: int) -> bool:
    """Whether the actor is one of the shop's managers."""
    return session.scalars(_named(actor).where(StoreManager.store_id == store_id)).first() is not None


def keepers(session: Session, actor: Actor) -> list[User]:
    """Who may be made a manager: people of this cooperative with the role pengelola toko, by name."""
    return people(session, RoleGrant.role == KEEPER)


def managers(session: Session, actor: Actor, store_id: int) -> list[User]:
    """Who keeps the shop, by name. Raises NotFound."""
    get(session, actor, store_id)
    return people(session, User.id.in_(select(StoreManager.user_id).where(StoreManager.store_id == store_id)))


def people(session: Session, which: ColumnElement[bool]) -> list[User]:
    """Active users of this cooperative, by name, whose row or role fits."""
    query = (
        select(User)
        .join(CoopUser, CoopUser.user_id == User.id)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(CoopUser.is_active, User.is_active, which)
        .distinct()
        .order_by(User.full_name, User.id)
    )
    return list(session.scalars(query))


def set_managers(session: Session, actor: Actor, store_id: int, user_ids: Collection[int]) -> None:
    """Who keeps the shop from now on. Raises InvalidValue for people without the role pengelola toko here."""
    actor.must("mart.stores")
    store, wanted = must_keep(session, actor, store_id), set(user_ids)
    if not wanted <= {user.id for user in keepers(session, actor)}:
        raise InvalidValue(field="Pengelola", reason="pilih pengguna aktif yang berperan pengelola toko.")
    before = set(session.scalars(select(StoreManager.user_id).where(StoreManager.store_id == store.id)))
    if gone := before - wanted:
        session.execute(delete(StoreManager).where(StoreManager.store_id == store.id, StoreManager.user_id.in_(gone)))
    session.add_all(
        [StoreManager(coop_id=actor.coop_id, store_id=store.id, user_id=user_id) for user_id in sorted(wanted - before)]
    )
    if before != wanted:
        trail.record(session, actor, "mart.set_managers", f"store:{store.id}", before=sorted(before),
                     after=sorted(wanted))  # fmt: skip


def zones(session: Session, actor: Actor, store_id: int) -> list[ShippingZone]:
    """Where the shop's own courier goes, by name. Raises NotFound."""
    get(session, actor, store_id)
    query = select(ShippingZone).where(ShippingZone.store_id == store_id)
    return list(session.scalars(query.order_by(ShippingZone.name, ShippingZone.id)))


def save_zone(session: Session, actor: Actor, store_id: int, zone: Zone, *, zone_id: int | None = None) -> ShippingZone:
    """A new zone, or a changed one. Raises InvalidValue, NotFound."""
    store = _for_settings(session, actor, store_id)
    name = " ".join(zone.name.split())[:60]
    if not name:
        raise InvalidValue(field="Nama zona", reason="isi dulu, misalnya Dalam kota.")
    if type(zone.fee_rp) is not int or not 0 <= zone.fee_rp < LIMIT_RP:
        raise InvalidValue(field="Ongkos kirim", reason="isi rupiah bulat, 0 bila gratis.")
    same = select(ShippingZone.id).where(ShippingZone.store_id == store.id, ShippingZone.name == name)
    if session.scalars(same.where(ShippingZone.id != (zone_id or 0))).first() is not None:
        raise InvalidValue(field="Nama zona", reason=f"'{name}' sudah ada di toko ini.")
    kept = session.get(ShippingZone, zone_id) if zone_id else ShippingZone(coop_id=actor.coop_id, store_id=store.id)
    if kept is None or kept.store_id != store.id:
        raise NotFound(what="Zona pengiriman")
    kept.name, kept.fee_rp, kept.eta, kept.is_active = name, zone.fee_rp, zone.eta.strip()[:40], zone.is_active
    kept.places = ", ".join(place for part in zone.places.split(",") if (place := " ".join(part.split())))[:500]
    session.add(kept)
    session.flush()  # the trail names its id
    trail.record(session, actor, "mart.save_zone", f"store:{store.id}", zone=kept.id, name=name, fee_rp=zone.fee_rp)
    return kept
