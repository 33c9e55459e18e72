"""The tenant, and its units."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from models.base import Base, BelongsToCoop, Id, tenant_table


class Coop(Base):
    """A cooperative. The row itself is shared: its `id` is what `coop_id` means everywhere."""

    __tablename__ = "coops"
    __table_args__ = (CheckConstraint("zone in ('WIB','WITA','WIT')", name="zone"),)

    id: Mapped[Id]
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    chart_name: Mapped[str] = mapped_column(String(40))
    legal_no: Mapped[str] = mapped_column(String(60), default="")
    nik_koperasi: Mapped[str] = mapped_column(String(30), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    city: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    transfer_to: Mapped[str] = mapped_column(String(120), default="", server_default="")  # where members pay by bank
    zone: Mapped[str] = mapped_column(String(4), default="WIB")
    chair_name: Mapped[str] = mapped_column(String(80), default="")
    secretary_name: Mapped[str] = mapped_column(String(80), default="")
    treasurer_name: Mapped[str] = mapped_column(String(80), default="")
    logo_file: Mapped[str | None] = mapped_column(String(80))
    is_demo: Mapped[bool] = mapped_column(default=False)
    books_start_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    def __str__(self) -> str:
        return self.name


class Unit(BelongsToCoop, Base):
    """A business unit with its own results inside one set of books (USP, toko)."""

    __tablename__ = "units"
    __table_args__ = tenant_table(UniqueConstraint("coop_id", "code"))

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(80))
    is_default: Mapped[bool] = mapped_column(default=False)

    def __str__(self) -> str:
        return self.name


class CoopSetting(BelongsToCoop, Base):
    """A figure that a regulator or a members' meeting decides, from the day it holds."""

    __tablename__ = "coop_settings"
    __table_args__ = tenant_table(UniqueConstraint("coop_id", "name", "effective_on"))

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(60))
    effective_on: Mapped[date]
    value: Mapped[str] = mapped_column(String(120))
    decided_by: Mapped[str] = mapped_column(String(120), default="")
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
