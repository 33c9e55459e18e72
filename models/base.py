"""Base of all tables, and what makes a table belong to one cooperative."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite autoincrements INTEGER only
Id = Annotated[int, mapped_column(BigId, primary_key=True)]


class RupiahColumn(TypeDecorator[int]):
    """Whole rupiah in a BIGINT. Refuses float, Decimal and bool instead of rounding them."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        if value is not None and type(value) is not int:
            raise TypeError(f"rupiah must be int, not {type(value).__name__}: {value!r}")
        return value


class RateColumn(TypeDecorator[Decimal]):
    """A rate in percent, exact to six decimals, in a BIGINT: SQLite has no decimals of its own."""

    impl = BigInteger
    cache_ok = True
    _parts = 10**6

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if type(value) is not Decimal or value * self._parts % 1:
            raise TypeError(f"a rate must be a Decimal of at most six decimals: {value!r}")
        return int(value * self._parts)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else (Decimal(value) / self._parts).normalize() + 0


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite would hand it back naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise TypeError(f"a moment must know its zone: {value!r}")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        moment: datetime | None = value
        return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


Rp = Annotated[int, mapped_column(RupiahColumn)]
Pct = Annotated[Decimal, mapped_column(RateColumn)]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment(), uuid.UUID: Uuid()}


class BelongsToCoop:
    """Every row is one cooperative's. The session guard filters by it, composite keys keep it."""

    @declared_attr
    def coop_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("coops.id"))


def tenant_table(*args: Any, **options: Any) -> tuple[Any, ...]:
    """`__table_args__` of a tenant table with an `id`: UNIQUE(coop_id, id), so that others can point at both."""
    return (UniqueConstraint("coop_id", "id"), *args, options)


def points_at(table: str, column: str, target: str = "id", **options: Any) -> ForeignKeyConstraint:
    """A foreign key that cannot leave the cooperative: (coop_id, column) -> table(coop_id, target)."""
    return ForeignKeyConstraint(["coop_id", column], [f"{table}.coop_id", f"{table}.{target}"], **options)
