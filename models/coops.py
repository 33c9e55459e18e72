"""The tenant, its units, and how far it has come in setting up."""

import uuid
from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint, false
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
    # the public page: what it says of itself, whether it stands in the directory and takes requests to join
    about: Mapped[str] = mapped_column(Text, default="", server_default="")
    is_listed: Mapped[bool] = mapped_column(default=False, server_default=false())
    takes_members: Mapped[bool] = mapped_column(default=False, server_default=false())
    # what its subscription allows, written by `services.subscriptions`; no row there: everything
    limits: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, server_default="{}")
    read_only_since: Mapped[datetime | None]
    # people whose roles move money must sign in with a second factor
    needs_second_factor: Mapped[bool] = mapped_column(default=False, server_default=false())
    practice_of_id: Mapped[int | None]  # the cooperative that trains here
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


class SetupMark(BelongsToCoop, Base):
    """A step of the guided set-up that somebody put aside ("nanti saja"); all others are seen from the data."""

    __tablename__ = "setup_marks"
    __table_args__ = tenant_table(UniqueConstraint("coop_id", "step"))

    id: Mapped[Id]
    step: Mapped[str] = mapped_column(String(30))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)


class PracticeDone(BelongsToCoop, Base):
    """A task of the practice cooperative that the server saw done."""

    __tablename__ = "practice_done"
    __table_args__ = tenant_table(UniqueConstraint("coop_id", "task"))

    id: Mapped[Id]
    task: Mapped[str] = mapped_column(String(30))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    done_at: Mapped[datetime] = mapped_column(default=now)
