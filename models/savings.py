"""Savings: products, each member's accounts, their movements, monthly bills, receipts."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from models.base import Base, BelongsToCoop, Id, Pct, Rp, points_at, tenant_table
from models.members import Member

KINDS = ("share", "mandatory", "voluntary")


class SavingsProduct(BelongsToCoop, Base):
    """What may be saved: simpanan pokok (share), wajib (mandatory), sukarela (voluntary) and their like.

    `amount_rp` is the share due once or the mandatory amount due each month; 0 for voluntary. `interest_pct` is percent
    a year on the balance that `interest_method` names (lowest, average, daily).
    """

    __tablename__ = "savings_products"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "code"),
        points_at("accounts", "account_id"),
        CheckConstraint("kind in ('share','mandatory','voluntary')", name="kind"),
        CheckConstraint("amount_rp >= 0 and minimum_balance_rp >= 0", name="amounts"),
        CheckConstraint("interest_method in ('none','lowest','average','daily')", name="interest_method"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[int]
    amount_rp: Mapped[Rp] = mapped_column(default=0)
    minimum_balance_rp: Mapped[Rp] = mapped_column(default=0)
    interest_method: Mapped[str] = mapped_column(String(7), default="none")
    interest_pct: Mapped[Pct] = mapped_column(default=Decimal(0))
    is_active: Mapped[bool] = mapped_column(default=True)

    def __str__(self) -> str:
        return self.name


class SavingsAccount(BelongsToCoop, Base):
    """One member's balance in one product; never below zero."""

    __tablename__ = "savings_accounts"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "member_id", "product_id"),
        points_at("members", "member_id"),
        points_at("savings_products", "product_id"),
        CheckConstraint("balance_rp >= 0", name="balance"),
    )

    id: Mapped[Id]
    member_id: Mapped[int]
    product_id: Mapped[int]
    balance_rp: Mapped[Rp] = mapped_column(default=0)
    member: Mapped[Member] = relationship(primaryjoin="foreign(SavingsAccount.member_id) == Member.id")
    product: Mapped[SavingsProduct] = relationship(
        primaryjoin="foreign(SavingsAccount.product_id) == SavingsProduct.id"
    )


class SavingsMovement(BelongsToCoop, Base):
    """Money in (positive) or out (negative) of a savings account; insert-only, each behind one journal entry.

    `billed_rp` is the part of a deposit that paid bills, so that undoing it takes exactly that part off again.
    An opening movement has no entry of its own: the opening trial balance carries the control account.
    """

    __tablename__ = "savings_movements"
    __table_args__ = tenant_table(
        points_at("savings_accounts", "account_id"),
        points_at("journal_entries", "entry_seq", "seq"),
        UniqueConstraint("coop_id", "source"),
        CheckConstraint("amount_rp <> 0", name="amount"),
        CheckConstraint("entry_seq is not null or kind = 'opening'", name="entry"),
        CheckConstraint("kind in ('opening','deposit','withdrawal','exit','reversal','interest','tax')", name="kind"),
        Index(None, "coop_id", "account_id", "booked_on"),
    )

    id: Mapped[Id]
    account_id: Mapped[int]
    booked_on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(12))
    amount_rp: Mapped[Rp]
    billed_rp: Mapped[Rp | None]
    memo: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(160))
    entry_seq: Mapped[int | None]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    account: Mapped[SavingsAccount] = relationship(
        primaryjoin="foreign(SavingsMovement.account_id) == SavingsAccount.id"
    )


class SavingsBill(BelongsToCoop, Base):
    """What a member owes of one product for one month. Unpaid, partial, paid follow from the amounts."""

    __tablename__ = "savings_bills"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "member_id", "product_id", "month_on"),
        points_at("members", "member_id"),
        points_at("savings_products", "product_id"),
        CheckConstraint("amount_rp > 0 and paid_rp >= 0 and paid_rp <= amount_rp", name="amounts"),
        Index(None, "coop_id", "month_on"),
    )

    id: Mapped[Id]
    member_id: Mapped[int]
    product_id: Mapped[int]
    month_on: Mapped[date]
    amount_rp: Mapped[Rp]
    paid_rp: Mapped[Rp] = mapped_column(default=0)
    is_waived: Mapped[bool] = mapped_column(default=False)
    member: Mapped[Member] = relationship(primaryjoin="foreign(SavingsBill.member_id) == Member.id")
    product: Mapped[SavingsProduct] = relationship(primaryjoin="foreign(SavingsBill.product_id) == SavingsProduct.id")


class Receipt(BelongsToCoop, Base):
    """A kuitansi: numbered without gaps per year, verifiable by its token, counted each time it is printed."""

    __tablename__ = "receipts"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "year", "number"),
        UniqueConstraint("coop_id", "source"),
        points_at("members", "member_id"),
        points_at("journal_entries", "entry_seq", "seq"),
    )

    id: Mapped[Id]
    year: Mapped[int]
    number: Mapped[int]
    token: Mapped[str] = mapped_column(String(43), unique=True)
    source: Mapped[str] = mapped_column(String(160))
    member_id: Mapped[int]
    entry_seq: Mapped[int]
    issued_on: Mapped[date]
    issued_at: Mapped[datetime] = mapped_column(default=now)
    issued_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    is_payment_in: Mapped[bool]
    purpose: Mapped[str] = mapped_column(String(200))
    amount_rp: Mapped[Rp]
    balance_after_rp: Mapped[Rp]
    printed: Mapped[int] = mapped_column(default=0)
    member: Mapped[Member] = relationship(primaryjoin="foreign(Receipt.member_id) == Member.id")

    @property
    def label(self) -> str:
        return f"KW/{self.year}/{self.number:05d}"


class WithdrawalRequest(BelongsToCoop, Base):
    """A member asks for money from voluntary savings: diproses, disetujui, dibayar, or ditolak."""

    __tablename__ = "withdrawal_requests"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "token"),
        points_at("members", "member_id"),
        points_at("savings_products", "product_id"),
        CheckConstraint("amount_rp > 0", name="amount"),
        CheckConstraint("state in ('asked','approved','paid','rejected','cancelled')", name="state"),
        CheckConstraint("decided_by is null or decided_by <> created_by", name="four_eyes"),
        Index(None, "coop_id", "state"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(60))
    member_id: Mapped[int]
    product_id: Mapped[int]
    amount_rp: Mapped[Rp]
    pay_to: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(9), default="asked")
    reason: Mapped[str] = mapped_column(String(200), default="")
    proof_file: Mapped[str | None] = mapped_column(String(60))
    asked_on: Mapped[date]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    paid_on: Mapped[date | None]
    receipt_id: Mapped[int | None]
    member: Mapped[Member] = relationship(primaryjoin="foreign(WithdrawalRequest.member_id) == Member.id")
    product: Mapped[SavingsProduct] = relationship(
        primaryjoin="foreign(WithdrawalRequest.product_id) == SavingsProduct.id"
    )


class InterestRun(BelongsToCoop, Base):
    """Interest of one product for one month, booked once for all members."""

    __tablename__ = "interest_runs"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "product_id", "month_on"),
        points_at("savings_products", "product_id"),
        points_at("journal_entries", "entry_seq", "seq"),
    )

    id: Mapped[Id]
    product_id: Mapped[int]
    month_on: Mapped[date]
    interest_rp: Mapped[Rp]
    tax_rp: Mapped[Rp]
    entry_seq: Mapped[int | None]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
