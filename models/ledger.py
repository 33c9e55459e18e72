"""Chart, periods and the journal. The journal is insert-only; `models.triggers` makes the database insist.

Lines are inserted first and point at an entry that does not exist yet (the key is deferred); inserting the entry
seals them: the database then checks balance, period, number and chain, and takes no further line for it.
"""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.access import User
from models.base import Base, BelongsToCoop, Id, Rp, points_at, tenant_table
from models.coops import Unit

TYPES = ("asset", "liability", "equity", "income", "expense")


class Account(BelongsToCoop, Base):
    """An account of a cooperative's chart. Headers carry others and take no postings."""

    __tablename__ = "accounts"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "code"),
        points_at("accounts", "parent_id"),
        CheckConstraint("type in ('asset','liability','equity','income','expense')", name="type"),
        CheckConstraint("normal_balance in ('debit','credit')", name="normal_balance"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    type: Mapped[str] = mapped_column(String(10))
    normal_balance: Mapped[str] = mapped_column(String(6))
    is_header: Mapped[bool] = mapped_column(default=False)
    parent_id: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(120), default="")
    cash_flow: Mapped[str | None] = mapped_column(String(12))
    statement_line: Mapped[str | None] = mapped_column(String(40))
    is_active: Mapped[bool] = mapped_column(default=True)
    parent: Mapped["Account | None"] = relationship(
        primaryjoin="foreign(Account.parent_id) == remote(Account.id)", viewonly=True
    )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class AccountRole(BelongsToCoop, Base):
    """Which account of this chart plays which part (`services.ledger.chart.Role`)."""

    __tablename__ = "account_roles"
    __table_args__ = tenant_table(UniqueConstraint("coop_id", "role"), points_at("accounts", "account_id"))

    id: Mapped[Id]
    role: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[int]
    account: Mapped[Account] = relationship(primaryjoin="foreign(AccountRole.account_id) == Account.id")


class Period(BelongsToCoop, Base):
    """One month of a book year: open, closed (may be reopened), locked (may not)."""

    __tablename__ = "periods"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "starts_on"),
        CheckConstraint("state in ('open','closed','locked')", name="state"),
        CheckConstraint("ends_on >= starts_on", name="order"),
    )

    id: Mapped[Id]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(6), default="open")


class JournalEntry(BelongsToCoop, Base):
    """A sealed entry. `seq` orders the chain, `number` counts without gaps in the book year."""

    __tablename__ = "journal_entries"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "seq"),
        UniqueConstraint("coop_id", "source"),
        UniqueConstraint("coop_id", "year", "number"),
        UniqueConstraint("coop_id", "reverses_seq"),
        points_at("journal_entries", "reverses_seq", "seq"),
        Index(None, "coop_id", "booked_on"),
    )

    id: Mapped[Id]
    seq: Mapped[int]
    year: Mapped[int]
    number: Mapped[int]
    booked_on: Mapped[date]
    memo: Mapped[str] = mapped_column(String(250))
    voucher_no: Mapped[str] = mapped_column(String(60), default="")
    source: Mapped[str] = mapped_column(String(160))
    reverses_seq: Mapped[int | None]
    total_rp: Mapped[Rp]
    posted_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    posted_at: Mapped[datetime]
    content_hash: Mapped[str] = mapped_column(String(64))
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    lines: Mapped[list["JournalLine"]] = relationship(
        primaryjoin="and_(JournalEntry.coop_id == foreign(JournalLine.coop_id),"
        " JournalEntry.seq == foreign(JournalLine.entry_seq))",
        order_by="JournalLine.position",
        viewonly=True,
        back_populates="entry",
    )
    poster: Mapped[User] = relationship(viewonly=True)

    @property
    def label(self) -> str:
        return f"{self.year}/{self.number:05d}"

    def __str__(self) -> str:
        return f"Jurnal {self.label}"


class JournalLine(BelongsToCoop, Base):
    """One side of an entry. Exactly one of debit and credit is above zero."""

    __tablename__ = "journal_lines"
    __table_args__ = (
        PrimaryKeyConstraint("coop_id", "entry_seq", "position"),
        points_at("journal_entries", "entry_seq", "seq", deferrable=True, initially="DEFERRED"),
        points_at("accounts", "account_id"),
        points_at("units", "unit_id"),
        points_at("members", "member_id"),
        CheckConstraint("debit_rp >= 0 and credit_rp >= 0 and (debit_rp = 0) <> (credit_rp = 0)", name="one_side"),
        Index(None, "coop_id", "account_id", "booked_on"),
        Index(
            "ix_journal_lines_member",
            "coop_id",
            "member_id",
            "booked_on",
            sqlite_where=text("member_id is not null"),
            postgresql_where=text("member_id is not null"),
        ),
        {"sqlite_with_rowid": False},
    )

    entry_seq: Mapped[int]
    position: Mapped[int]
    booked_on: Mapped[date]
    account_id: Mapped[int]
    unit_id: Mapped[int]
    member_id: Mapped[int | None]
    debit_rp: Mapped[Rp]
    credit_rp: Mapped[Rp]
    memo: Mapped[str] = mapped_column(String(250), default="")
    entry: Mapped[JournalEntry] = relationship(
        primaryjoin="and_(JournalEntry.coop_id == foreign(JournalLine.coop_id),"
        " JournalEntry.seq == foreign(JournalLine.entry_seq))",
        viewonly=True,
        back_populates="lines",
    )
    account: Mapped[Account] = relationship(primaryjoin="foreign(JournalLine.account_id) == Account.id", viewonly=True)
    unit: Mapped[Unit] = relationship(primaryjoin="foreign(JournalLine.unit_id) == Unit.id", viewonly=True)


class AccountMonth(BelongsToCoop, Base):
    """Sums of one account in one unit and month, kept by the database as lines arrive; `verify` proves them."""

    __tablename__ = "account_months"
    __table_args__ = (
        PrimaryKeyConstraint("coop_id", "account_id", "unit_id", "month_on"),
        points_at("accounts", "account_id"),
        points_at("units", "unit_id"),
        {"sqlite_with_rowid": False},
    )

    account_id: Mapped[int]
    unit_id: Mapped[int]
    month_on: Mapped[date]
    debit_rp: Mapped[Rp]
    credit_rp: Mapped[Rp]
