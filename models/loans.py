"""Loans: products, loans from application to settlement, schedules, payments, transfers, decisions, papers, classes."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from models.access import User
from models.base import Base, BelongsToCoop, Id, Pct, Rp, points_at, tenant_table
from models.members import Member

_TERMS = (
    CheckConstraint("method in ('flat','effective','annuity')", name="method"),
    CheckConstraint("rate_basis in ('year','month','term')", name="rate_basis"),
    CheckConstraint("period in ('month','week','day')", name="period"),
    CheckConstraint("round_what in ('installment','parts')", name="round_what"),
    CheckConstraint("round_mode in ('half-up','half-even','down','up')", name="round_mode"),
    CheckConstraint("day_count in ('30/360','ACT/365')", name="day_count"),
)


class HasTerms:
    """How interest is counted and rounded; a loan keeps its own copy, so that a product may change."""

    method: Mapped[str] = mapped_column(String(10), default="flat")
    rate_pct: Mapped[Pct] = mapped_column(default=Decimal(0))
    rate_basis: Mapped[str] = mapped_column(String(5), default="month")
    period: Mapped[str] = mapped_column(String(5), default="month")
    round_to_rp: Mapped[Rp] = mapped_column(default=1)
    round_what: Mapped[str] = mapped_column(String(11), default="installment")
    round_mode: Mapped[str] = mapped_column(String(9), default="half-up")
    grace: Mapped[int] = mapped_column(default=0)
    day_count: Mapped[str] = mapped_column(String(7), default="30/360")


class LoanProduct(HasTerms, BelongsToCoop, Base):
    """What the cooperative lends, to whom, on which terms; `steps` are the permissions that decide, in order.

    Limits of 0 do not limit. `account_id` is the receivable, the control account of its loans.
    """

    __tablename__ = "loan_products"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "code"),
        points_at("accounts", "account_id"),
        points_at("savings_products", "linked_product_id"),
        *(constraint.copy() for constraint in _TERMS),
        CheckConstraint(
            "penalty_kind in ('none','per_day','balance_pct','installment_pct','once_pct')", name="penalty"
        ),
        CheckConstraint("early_interest in ('running','by_day','all')", name="early_interest"),
        CheckConstraint("minimum_rp >= 0 and maximum_rp >= 0 and longest_term >= 1", name="limits"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(80))
    account_id: Mapped[int]
    minimum_rp: Mapped[Rp] = mapped_column(default=0)
    maximum_rp: Mapped[Rp] = mapped_column(default=0)
    longest_term: Mapped[int] = mapped_column(default=36)
    times_savings: Mapped[Pct] = mapped_column(default=Decimal(0))
    salary_share_pct: Mapped[Pct] = mapped_column(default=Decimal(0))
    most_running: Mapped[int] = mapped_column(default=1)
    fee_pct: Mapped[Pct] = mapped_column(default=Decimal(0))
    admin_rp: Mapped[Rp] = mapped_column(default=0)
    linked_pct: Mapped[Pct] = mapped_column(default=Decimal(0))
    linked_product_id: Mapped[int | None]
    penalty_kind: Mapped[str] = mapped_column(String(16), default="none")
    penalty_value: Mapped[Pct] = mapped_column(default=Decimal(0))
    penalty_free_days: Mapped[int] = mapped_column(default=0)
    early_interest: Mapped[str] = mapped_column(String(8), default="running")
    documents: Mapped[list[str]] = mapped_column(JSON, default=list)
    steps: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    def __str__(self) -> str:
        return self.name


class Loan(HasTerms, BelongsToCoop, Base):
    """One loan, from draft to its end. `outstanding_rp` is principal; the schedule tells what is due when.

    `schedule_no` is the schedule in force: a restructured loan keeps its old ones. `replaces_id` is the loan its
    disbursement pays off (kompensasi).
    """

    __tablename__ = "loans"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "number"),
        UniqueConstraint("coop_id", "token"),
        points_at("members", "member_id"),
        points_at("loan_products", "product_id"),
        points_at("loans", "replaces_id"),
        *(constraint.copy() for constraint in _TERMS),
        CheckConstraint(
            "state in ('draft','asked','analysed','approved','rejected','cancelled','running','settled','written_off')",
            name="state",
        ),
        CheckConstraint("principal_rp > 0 and outstanding_rp >= 0 and outstanding_rp <= principal_rp", name="amounts"),
        CheckConstraint("state <> 'settled' or outstanding_rp = 0", name="settled_owes_nothing"),
        CheckConstraint("collected_by in ('cash','payroll')", name="collected_by"),
        Index(None, "coop_id", "member_id", "state"),
        Index(None, "coop_id", "state"),
    )

    id: Mapped[Id]
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    number: Mapped[str] = mapped_column(String(30))
    token: Mapped[str] = mapped_column(String(60))
    member_id: Mapped[int]
    product_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="draft")
    principal_rp: Mapped[Rp]
    asked_rp: Mapped[Rp]
    term: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(200), default="")
    collected_by: Mapped[str] = mapped_column(String(8), default="cash")
    salary_rp: Mapped[Rp] = mapped_column(default=0)
    other_debts_rp: Mapped[Rp] = mapped_column(default=0)
    related_party: Mapped[bool] = mapped_column(default=False)
    replaces_id: Mapped[int | None]
    asked_on: Mapped[date]
    decided_on: Mapped[date | None]
    disbursed_on: Mapped[date | None]
    first_due_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    fee_rp: Mapped[Rp] = mapped_column(default=0)
    admin_rp: Mapped[Rp] = mapped_column(default=0)
    linked_rp: Mapped[Rp] = mapped_column(default=0)
    outstanding_rp: Mapped[Rp] = mapped_column(default=0)
    written_off_rp: Mapped[Rp] = mapped_column(default=0)
    recovered_rp: Mapped[Rp] = mapped_column(default=0)
    schedule_no: Mapped[int] = mapped_column(default=1)
    analysis: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    note: Mapped[str] = mapped_column(String(250), default="")
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    member: Mapped[Member] = relationship(primaryjoin="foreign(Loan.member_id) == Member.id")
    product: Mapped[LoanProduct] = relationship(primaryjoin="foreign(Loan.product_id) == LoanProduct.id")

    def __str__(self) -> str:
        return f"Pinjaman {self.number}"


class LoanInstallment(BelongsToCoop, Base):
    """One row of a schedule, and what of it has been paid. Interest forgiven at early settlement is `waived_rp`.

    `starts_on` is the day its schedule came into force, `came_paid` marks a row paid under the one before, and
    `penalty_until` is the day up to which penalty is in `penalty_rp`.
    """

    __tablename__ = "loan_installments"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "loan_id", "schedule_no", "no"),
        points_at("loans", "loan_id"),
        CheckConstraint(
            "principal_rp >= 0 and interest_rp >= 0 and waived_rp >= 0 and penalty_rp >= 0"
            " and principal_paid_rp between 0 and principal_rp"
            " and interest_paid_rp >= 0 and interest_paid_rp + waived_rp <= interest_rp"
            " and penalty_paid_rp between 0 and penalty_rp",
            name="amounts",
        ),
        Index(None, "coop_id", "due_on"),
    )

    id: Mapped[Id]
    loan_id: Mapped[int]
    schedule_no: Mapped[int] = mapped_column(default=1)
    starts_on: Mapped[date]
    came_paid: Mapped[bool] = mapped_column(default=False)
    no: Mapped[int]
    due_on: Mapped[date]
    principal_rp: Mapped[Rp]
    interest_rp: Mapped[Rp]
    principal_paid_rp: Mapped[Rp] = mapped_column(default=0)
    interest_paid_rp: Mapped[Rp] = mapped_column(default=0)
    waived_rp: Mapped[Rp] = mapped_column(default=0)
    penalty_rp: Mapped[Rp] = mapped_column(default=0)
    penalty_paid_rp: Mapped[Rp] = mapped_column(default=0)
    penalty_until: Mapped[date | None]
    loan: Mapped[Loan] = relationship(primaryjoin="foreign(LoanInstallment.loan_id) == Loan.id")

    @property
    def principal_left_rp(self) -> int:
        return self.principal_rp - self.principal_paid_rp

    @property
    def interest_left_rp(self) -> int:
        return self.interest_rp - self.interest_paid_rp - self.waived_rp

    @property
    def penalty_left_rp(self) -> int:
        return self.penalty_rp - self.penalty_paid_rp

    @property
    def left_rp(self) -> int:
        return self.principal_left_rp + self.interest_left_rp + self.penalty_left_rp


class LoanPayment(BelongsToCoop, Base):
    """Money that changed what a loan owes; insert-only, each behind one journal entry.

    `parts` are [[installment no, penalty, interest, principal], …]. Amounts of a reversal are below zero. `excess_rp`
    is what nothing was owed for: kept for the member (titipan), or, of a loan written off, recovered.
    """

    __tablename__ = "loan_payments"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "source"),
        UniqueConstraint("coop_id", "reverses_id"),
        points_at("loans", "loan_id"),
        points_at("loan_payments", "reverses_id"),
        points_at("journal_entries", "entry_seq", "seq"),
        CheckConstraint(
            "kind in ('payment','payroll','savings','settlement','top_up','exit','reversal','write_off','recovery',"
            "'opening')",
            name="kind",
        ),
        CheckConstraint("entry_seq is not null or kind = 'opening'", name="entry"),
        Index(None, "coop_id", "loan_id", "booked_on"),
        Index(None, "coop_id", "booked_on"),
    )

    id: Mapped[Id]
    loan_id: Mapped[int]
    schedule_no: Mapped[int] = mapped_column(default=1)
    booked_on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(12))
    principal_rp: Mapped[Rp] = mapped_column(default=0)
    interest_rp: Mapped[Rp] = mapped_column(default=0)
    penalty_rp: Mapped[Rp] = mapped_column(default=0)
    excess_rp: Mapped[Rp] = mapped_column(default=0)
    parts: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    memo: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(160))
    reverses_id: Mapped[int | None]
    entry_seq: Mapped[int | None]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    loan: Mapped[Loan] = relationship(primaryjoin="foreign(LoanPayment.loan_id) == Loan.id")

    @property
    def amount_rp(self) -> int:
        return self.principal_rp + self.interest_rp + self.penalty_rp + self.excess_rp


class LoanTransfer(BelongsToCoop, Base):
    """A member says they paid by bank transfer, with the proof. Booked once, as the bank's statement shows it.

    `amount_rp` and `paid_on` are the member's words, `booked_rp` and `booked_on` the bank's.
    """

    __tablename__ = "loan_transfers"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "token"),
        UniqueConstraint("coop_id", "stored_as"),
        UniqueConstraint("coop_id", "receipt_id"),
        points_at("loans", "loan_id"),
        points_at("receipts", "receipt_id"),
        CheckConstraint("amount_rp > 0 and (booked_rp is null or booked_rp > 0)", name="amounts"),
        CheckConstraint("state in ('waiting','booked','rejected','cancelled')", name="state"),
        CheckConstraint(
            "(state = 'booked') = (receipt_id is not null) and (state = 'booked') = (booked_rp is not null)"
            " and (state = 'booked') = (booked_on is not null)",
            name="booked",
        ),
        CheckConstraint("decided_by is null or decided_by <> created_by", name="four_eyes"),
        Index(None, "coop_id", "state"),
        Index(None, "coop_id", "loan_id"),
        Index(None, "coop_id", "digest"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(60))
    loan_id: Mapped[int]
    amount_rp: Mapped[Rp]
    paid_on: Mapped[date]
    bank: Mapped[str] = mapped_column(String(60))
    sender: Mapped[str] = mapped_column(String(80), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    stored_as: Mapped[str] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(9), default="waiting")
    reason: Mapped[str] = mapped_column(String(200), default="")
    booked_rp: Mapped[Rp | None]
    booked_on: Mapped[date | None]
    receipt_id: Mapped[int | None]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    loan: Mapped[Loan] = relationship(primaryjoin="foreign(LoanTransfer.loan_id) == Loan.id")


class LoanDecision(BelongsToCoop, Base):
    """One step of deciding: who said what, in which part. Insert-only; a person decides a loan once."""

    __tablename__ = "loan_decisions"
    __table_args__ = tenant_table(
        points_at("loans", "loan_id"),
        UniqueConstraint("coop_id", "loan_id", "step"),
        UniqueConstraint("coop_id", "loan_id", "decided_by"),
        CheckConstraint("verdict in ('approved','rejected')", name="verdict"),
    )

    id: Mapped[Id]
    loan_id: Mapped[int]
    step: Mapped[int]
    permission: Mapped[str] = mapped_column(String(40))
    verdict: Mapped[str] = mapped_column(String(8))
    note: Mapped[str] = mapped_column(String(250), default="")
    decided_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime] = mapped_column(default=now)
    decider: Mapped[User] = relationship()


class LoanDocument(BelongsToCoop, Base):
    """A paper handed in with an application: re-encoded, private, served through the guard only."""

    __tablename__ = "loan_documents"
    __table_args__ = tenant_table(points_at("loans", "loan_id"), UniqueConstraint("coop_id", "stored_as"))

    id: Mapped[Id]
    loan_id: Mapped[int]
    label: Mapped[str] = mapped_column(String(80))
    stored_as: Mapped[str] = mapped_column(String(60))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class LoanClass(BelongsToCoop, Base):
    """A line of the collectibility table in force from a day on: lancar … macet, by days past due."""

    __tablename__ = "loan_classes"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "effective_on", "position"),
        CheckConstraint("from_days >= 0", name="from_days"),
    )

    id: Mapped[Id]
    effective_on: Mapped[date]
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    from_days: Mapped[int]
    allowance_pct: Mapped[Pct]
    is_bad: Mapped[bool] = mapped_column(default=False)
    is_loss: Mapped[bool] = mapped_column(default=False)
