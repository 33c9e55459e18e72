"""Shops of business units, where they deliver and for how much."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from models.base import Base, BelongsToCoop, Id, Pct, Rp, points_at, tenant_table
from models.coops import Unit


class Store(BelongsToCoop, Base):
    """The shop of one business unit.

    `unopened_rp` is what the books held of the unit's inventory before it stood on stock cards; opening stock takes
    from it. `balance_rp` is what the cooperative's treasury owes the unit for completed orders. `qris` is the text of
    the shop's static QRIS. `origin_id` is the place goods are sent from, in the courier service's own numbers.
    """

    __tablename__ = "stores"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "unit_id"),
        UniqueConstraint("coop_id", "slug"),
        points_at("units", "unit_id"),
        CheckConstraint("commission_pct >= 0 and commission_pct <= 100000000", name="commission"),
        CheckConstraint("credit_limit_rp >= 0", name="credit_limit"),
    )

    id: Mapped[Id]
    unit_id: Mapped[int]
    slug: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    about: Mapped[str] = mapped_column(String(500), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    city: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    is_open: Mapped[bool] = mapped_column(default=True)
    sells_to_all: Mapped[bool] = mapped_column(default=True)
    has_pickup: Mapped[bool] = mapped_column(default=True)
    origin_id: Mapped[str] = mapped_column(String(20), default="")
    couriers: Mapped[str] = mapped_column(String(80), default="")
    qris: Mapped[str] = mapped_column(String(600), default="")
    commission_pct: Mapped[Pct] = mapped_column(default=Decimal(0))
    credit_limit_rp: Mapped[Rp] = mapped_column(default=0)
    unopened_rp: Mapped[Rp] = mapped_column(default=0)
    balance_rp: Mapped[Rp] = mapped_column(default=0)
    bank_name: Mapped[str] = mapped_column(String(60), default="")
    bank_holder: Mapped[str] = mapped_column(String(80), default="")
    bank_account_cipher: Mapped[bytes | None] = mapped_column(LargeBinary)
    bank_account_masked: Mapped[str] = mapped_column(String(30), default="")
    bank_changed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    unit: Mapped[Unit] = relationship(primaryjoin="foreign(Store.unit_id) == Unit.id")

    def __str__(self) -> str:
        return self.name


class StoreManager(BelongsToCoop, Base):
    """Who keeps a shop: people with the role `pengelola_toko` work in the shops named here only."""

    __tablename__ = "store_managers"
    __table_args__ = tenant_table(UniqueConstraint("coop_id", "store_id", "user_id"), points_at("stores", "store_id"))

    id: Mapped[Id]
    store_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class ShippingZone(BelongsToCoop, Base):
    """Where the shop's own courier goes; `places` are names of cities and districts, comma-separated."""

    __tablename__ = "shipping_zones"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "store_id", "name"),
        points_at("stores", "store_id"),
        CheckConstraint("fee_rp >= 0", name="fee"),
    )

    id: Mapped[Id]
    store_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    places: Mapped[str] = mapped_column(String(500), default="")
    fee_rp: Mapped[Rp]
    eta: Mapped[str] = mapped_column(String(40), default="")
    is_active: Mapped[bool] = mapped_column(default=True)


class ShippingQuote(BelongsToCoop, Base):
    """What the courier service answered, kept so that the same way and weight is not asked again."""

    __tablename__ = "shipping_quotes"
    __table_args__ = tenant_table(UniqueConstraint("coop_id", "origin_id", "destination_id", "weight_g", "couriers"))

    id: Mapped[Id]
    origin_id: Mapped[str] = mapped_column(String(20))
    destination_id: Mapped[str] = mapped_column(String(20))
    weight_g: Mapped[int]
    couriers: Mapped[str] = mapped_column(String(80))
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    fetched_at: Mapped[datetime]


class PartnerCoop(BelongsToCoop, Base):
    """A cooperative whose members may use vouchers for partners."""

    __tablename__ = "partner_coops"
    __table_args__ = tenant_table(UniqueConstraint("coop_id", "partner_id"))

    id: Mapped[Id]
    partner_id: Mapped[int] = mapped_column(ForeignKey("coops.id"))
