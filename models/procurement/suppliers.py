"""Whom the cooperative buys goods and services from."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from models.base import Base, BelongsToCoop, Id, tenant_table


class Supplier(BelongsToCoop, Base):
    """Somebody who delivers goods or services, or leaves goods to be sold for them (titip jual)."""

    __tablename__ = "suppliers"
    __table_args__ = tenant_table(UniqueConstraint("coop_id", "name"))

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120))
    contact: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    npwp: Mapped[str] = mapped_column(String(30), default="")
    bank: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    def __str__(self) -> str:
        return self.name
