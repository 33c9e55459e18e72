"""Payroll deduction: the list sent to a paymaster, and what really came back."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from models.base import Base, BelongsToCoop, Id, Rp, RupiahColumn, points_at, tenant_table
from models.members import Member


class PayrollList(BelongsToCoop, Base):
    """The deductions asked of one paymaster (`employer`, empty for all) for one month; sent, then settled once."""

    __tablename__ = "payroll_lists"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "month_on", "employer"),
        CheckConstraint("state in ('sent','settled')", name="state"),
        points_at("journal_entries", "entry_seq", "seq"),
    )

    id: Mapped[Id]
    month_on: Mapped[date]
    employer: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[str] = mapped_column(String(8), default="sent")
    sent_on: Mapped[date]
    due_on: Mapped[date]
    settled_on: Mapped[date | None]
    entry_seq: Mapped[int | None]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class PayrollLine(BelongsToCoop, Base):
    """One member on a list: what was asked, and, once settled, what was received in all.

    `store_rp` is kasbon of the cooperative's shops.
    """

    __tablename__ = "payroll_lines"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "list_id", "member_id"),
        points_at("payroll_lists", "list_id"),
        points_at("members", "member_id"),
        CheckConstraint(
            "share_rp >= 0 and mandatory_rp >= 0 and voluntary_rp >= 0 and principal_rp >= 0 and interest_rp >= 0"
            " and (received_rp is null or received_rp >= 0)",
            name="amounts",
        ),
    )

    id: Mapped[Id]
    list_id: Mapped[int]
    member_id: Mapped[int]
    share_rp: Mapped[Rp] = mapped_column(default=0)
    mandatory_rp: Mapped[Rp] = mapped_column(default=0)
    voluntary_rp: Mapped[Rp] = mapped_column(default=0)
    principal_rp: Mapped[Rp] = mapped_column(default=0)
    interest_rp: Mapped[Rp] = mapped_column(default=0)
    term: Mapped[int] = mapped_column(default=0)
    installment_no: Mapped[int] = mapped_column(default=0)
    outstanding_rp: Mapped[Rp] = mapped_column(default=0)
    store_rp: Mapped[Rp] = mapped_column(default=0, server_default=text("0"))
    received_rp: Mapped[int | None] = mapped_column(RupiahColumn)
    member: Mapped[Member] = relationship(primaryjoin="foreign(PayrollLine.member_id) == Member.id")

    @property
    def total_rp(self) -> int:
        saved_rp = self.share_rp + self.mandatory_rp + self.voluntary_rp
        return saved_rp + self.principal_rp + self.interest_rp + self.store_rp
