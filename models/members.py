"""Members of a cooperative: people, from application to exit."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from models.base import Base, BelongsToCoop, Id, Rp, points_at, tenant_table


class Member(BelongsToCoop, Base):
    """A person who applied, is a member, or was. KTP and bank account numbers are encrypted (`core.secrets`)."""

    __tablename__ = "members"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "number"),
        UniqueConstraint("coop_id", "nik_index"),
        CheckConstraint("state in ('applied','active','left','rejected')", name="state"),
        CheckConstraint("state <> 'active' or number is not null", name="active_has_number"),
        Index(None, "coop_id", "name"),
        Index(None, "coop_id", "nip"),
    )

    id: Mapped[Id]
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    number: Mapped[str | None] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    nip: Mapped[str | None] = mapped_column(String(30))
    nik_cipher: Mapped[bytes | None] = mapped_column(LargeBinary)
    nik_index: Mapped[str | None] = mapped_column(String(64))
    nik_masked: Mapped[str] = mapped_column(String(20), default="")
    birth_place: Mapped[str] = mapped_column(String(60), default="")
    birth_on: Mapped[date | None]
    address: Mapped[str] = mapped_column(String(200), default="")
    employer: Mapped[str] = mapped_column(String(80), default="")
    work_unit: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    bank_name: Mapped[str] = mapped_column(String(60), default="")
    bank_account_cipher: Mapped[bytes | None] = mapped_column(LargeBinary)
    bank_account_masked: Mapped[str] = mapped_column(String(30), default="")
    voluntary_deduction_rp: Mapped[Rp] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default="applied")
    applied_on: Mapped[date]
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    state_reason: Mapped[str] = mapped_column(String(200), default="")
    card_token: Mapped[str] = mapped_column(String(43), unique=True)
    restricted_since: Mapped[datetime | None]  # asked that their data be kept, but not used for telling them things
    erased_at: Mapped[datetime | None]  # the person's data are gone, the numbers stay
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)

    def __str__(self) -> str:
        return f"{self.number or 'calon'} {self.name}"


class MembershipClaim(BelongsToCoop, Base):
    """Somebody with a sign-in says which member they are; pengurus decide. One open claim per person."""

    __tablename__ = "membership_claims"
    __table_args__ = tenant_table(
        CheckConstraint("state in ('asked','approved','rejected')", name="state"),
        points_at("members", "member_id"),
        Index(
            "uq_membership_claims_open",
            "coop_id",
            "user_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    told_number: Mapped[str] = mapped_column(String(20))
    proof: Mapped[str] = mapped_column(String(8))
    member_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(8), default="asked")
    reason: Mapped[str] = mapped_column(String(200), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class JoinRequest(BelongsToCoop, Base):
    """Somebody who wants to become a member, asked on the cooperative's public page; pengurus decide."""

    __tablename__ = "join_requests"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "token"),
        points_at("members", "member_id"),
        CheckConstraint("state in ('waiting','accepted','refused')", name="state"),
        Index(None, "coop_id", "state"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    consent_version: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    reason: Mapped[str] = mapped_column(String(200), default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # when they were signed in
    member_id: Mapped[int | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
