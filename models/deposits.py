"""Time deposits (simpanan berjangka): rates by term, deposits, and every movement of them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from models.base import Base, BelongsToCoop, Id, Pct, Rp, points_at, tenant_table
from models.members import Member


class DepositRate(BelongsToCoop, Base):
    """What a deposit of so many months earns in a year, for deposits placed from a day on."""

    __tablename__ = "deposit_rates"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "term_months", "effective_on"),
        CheckConstraint("term_months between 1 and 60", name="term"),
    )

    id: Mapped[Id]
    term_months: Mapped[int]
    rate_pct: Mapped[Pct]
    effective_on: Mapped[date]


class TimeDeposit(BelongsToCoop, Base):
    """One deposit. Its rate and what breaking it early costs are fixed when it is placed or rolled over."""

    __tablename__ = "time_deposits"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "number"),
        UniqueConstraint("coop_id", "token"),
        points_at("members", "member_id"),
        CheckConstraint("amount_rp >= 0", name="amount"),
        CheckConstraint("payout in ('monthly','maturity','capitalised')", name="payout"),
        CheckConstraint("rollover in ('none','principal','all')", name="rollover"),
        CheckConstraint("state in ('running','matured','closed')", name="state"),
        Index(None, "coop_id", "state", "matures_on"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(30))
    token: Mapped[str] = mapped_column(String(60))
    member_id: Mapped[int]
    amount_rp: Mapped[Rp]
    term_months: Mapped[int]
    rate_pct: Mapped[Pct]
    break_pct: Mapped[Pct]
    payout: Mapped[str] = mapped_column(String(11), default="maturity")
    rollover: Mapped[str] = mapped_column(String(9), default="none")
    placed_on: Mapped[date]
    matures_on: Mapped[date]
    interest_until: Mapped[date]
    state: Mapped[str] = mapped_column(String(8), default="running")
    closed_on: Mapped[date | None]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    member: Mapped[Member] = relationship(primaryjoin="foreign(TimeDeposit.member_id) == Member.id")

    def __str__(self) -> str:
        return f"Simpanan berjangka {self.number}"


class DepositMovement(BelongsToCoop, Base):
    """What happened to a deposit; insert-only, each behind one journal entry. `amount_rp` changes the deposit itself.

    Interest, its tax and a penalty are told beside it: they change the deposit only where interest is capitalised.
    """

    __tablename__ = "deposit_movements"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "source"),
        points_at("time_deposits", "deposit_id"),
        points_at("journal_entries", "entry_seq", "seq"),
        CheckConstraint("kind in ('placed','interest','rolled','broken','paid')", name="kind"),
        CheckConstraint("interest_rp >= 0 and tax_rp >= 0 and penalty_rp >= 0", name="amounts"),
    )

    id: Mapped[Id]
    deposit_id: Mapped[int]
    booked_on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(8))
    amount_rp: Mapped[Rp] = mapped_column(default=0)
    interest_rp: Mapped[Rp] = mapped_column(default=0)
    tax_rp: Mapped[Rp] = mapped_column(default=0)
    penalty_rp: Mapped[Rp] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(String(160))
    entry_seq: Mapped[int]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    deposit: Mapped[TimeDeposit] = relationship(primaryjoin="foreign(DepositMovement.deposit_id) == TimeDeposit.id")
