"""The books' truths, as a list. Every test, the nightly job, `verify` and pengawas run it.

Each check answers one Indonesian line per broken truth, naming where. A new truth is one function here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.orm import Session

from core.display import rupiah
from models.access import ApprovalRequest
from models.audit import AuditRecord
from models.ledger import AccountMonth, AccountRole, JournalEntry, JournalLine, Period
from services.audit import trail
from services.ledger.chart import Role
from services.ledger.deposit_checks import (
    deposits_equal_their_control_account,
    deposits_equal_their_movements,
    every_deposit_movement_is_booked,
)
from services.ledger.loan_checks import (
    every_booked_transfer_is_one_payment,
    every_loan_payment_is_booked,
    loans_equal_their_control_account,
    loans_equal_their_payments,
)
from services.ledger.mart_checks import shops_and_the_books_agree
from services.ledger.member_checks import (
    every_receipt_is_counted_and_booked,
    every_savings_movement_is_booked,
    kept_balances,
    savings_balances_equal_their_movements,
    savings_equal_their_control_accounts,
)
from services.ledger.opening_checks import WAITS
from services.ledger.posting import chain_hash, content_of, digest_of
from services.ledger.procurement_checks import TRUTHS as PROCUREMENT


@dataclass(frozen=True)
class Finding:
    """A truth that does not hold."""

    check: str
    message: str

    @property
    def waits(self) -> bool:
        """Whether it will hold once the opening entry is booked, and nothing went wrong."""
        return self.message.startswith(WAITS)


def every_entry_balances(session: Session, coop_id: int) -> list[str]:
    """Sum of debit = sum of credit = the entry's total, for each entry."""
    sums = (
        select(
            JournalLine.entry_seq,
            func.sum(JournalLine.debit_rp).label("debit_rp"),
            func.sum(JournalLine.credit_rp).label("credit_rp"),
        )
        .where(JournalLine.coop_id == coop_id)
        .group_by(JournalLine.entry_seq)
        .subquery()
    )
    query = (
        select(JournalEntry.seq, sums.c.debit_rp, sums.c.credit_rp)
        .outerjoin(sums, sums.c.entry_seq == JournalEntry.seq)
        .where(JournalEntry.coop_id == coop_id)
        .where(
            or_(
                sums.c.debit_rp.is_(None),
                sums.c.debit_rp != sums.c.credit_rp,
                sums.c.debit_rp != JournalEntry.total_rp,
            )
        )
    )
    return [f"Jurnal urutan {seq}: debit {d}, kredit {c}." for seq, d, c in session.execute(query)]


def months_equal_the_lines(session: Session, coop_id: int) -> list[str]:
    """The kept sums per account, unit and month equal the raw sums of the lines."""
    raw: dict[tuple[int, int, str], list[int]] = {}
    month = (
        func.strftime("%Y-%m", JournalLine.booked_on)
        if session.get_bind().dialect.name == "sqlite"
        else func.to_char(JournalLine.booked_on, "YYYY-MM")
    )
    lines = select(
        JournalLine.account_id,
        JournalLine.unit_id,
        month,
        func.sum(JournalLine.debit_rp),
        func.sum(JournalLine.credit_rp),
    ).where(JournalLine.coop_id == coop_id)
    for account_id, unit_id, of_month, debit_rp, credit_rp in session.execute(
        lines.group_by(JournalLine.account_id, JournalLine.unit_id, month)
    ):
        raw[account_id, unit_id, of_month] = [int(debit_rp), int(credit_rp)]
    kept = {
        (row.account_id, row.unit_id, f"{row.month_on:%Y-%m}"): [row.debit_rp, row.credit_rp]
        for row in session.scalars(select(AccountMonth).where(AccountMonth.coop_id == coop_id))
    }
    differing = [key for key in raw.keys() | kept.keys() if raw.get(key) != kept.get(key)]
    return [f"Saldo bulanan akun {a} unit {u} bulan {m} berbeda dari barisnya." for a, u, m in sorted(differing)]


def the_chain_is_unbroken(session: Session, coop_id: int) -> list[str]:
    """Every entry's hash covers its content and the entry before it; numbers have no gaps."""
    problems: list[str] = []
    prev_hash, expected_seq = "", 1
    numbers: dict[int, int] = {}
    for entry, lines in _entries_with_lines(session, coop_id):
        content = content_of(entry.booked_on, entry.memo, entry.voucher_no, entry.source, entry.reverses_seq, lines)
        content_hash = digest_of(content)
        own = chain_hash(prev_hash, entry.seq, entry.year, entry.number, content_hash, entry.posted_at, entry.posted_by)
        if (entry.seq, entry.prev_hash, entry.content_hash, entry.hash) != (expected_seq, prev_hash, content_hash, own):
            problems.append(
                f"Rantai jurnal putus atau isi berubah di urutan {entry.seq} ({entry.year}/{entry.number})."
            )
        if entry.number != numbers.get(entry.year, 0) + 1:
            problems.append(f"Nomor jurnal {entry.year}/{entry.number} melompat.")
        numbers[entry.year] = entry.number
        prev_hash, expected_seq = entry.hash, entry.seq + 1
    return problems[:20]


def _entries_with_lines(session: Session, coop_id: int) -> Iterator[tuple[Row[Any], list[list[object]]]]:
    """Entries in chain order, each with its lines' content; streamed, so that a million lines need no memory."""
    entry, line = JournalEntry.__table__.c, JournalLine.__table__.c
    lines = (
        select(line.entry_seq, line.account_id, line.unit_id, line.member_id, line.debit_rp, line.credit_rp, line.memo)
        .where(line.coop_id == coop_id)
        .order_by(line.entry_seq, line.position)
    )
    entries = select(*entry).where(entry.coop_id == coop_id).order_by(entry.seq)
    grouped = groupby(session.execute(lines.execution_options(yield_per=5000)), key=lambda row: row.entry_seq)
    seq, group = next(grouped, (None, iter(())))
    for row in session.execute(entries.execution_options(yield_per=2000)):
        content: list[list[object]] = []
        while seq is not None and seq <= row.seq:
            content = [list(columns[1:]) for columns in group] if seq == row.seq else []
            seq, group = next(grouped, (None, iter(())))
        yield row, content


def the_opening_account_is_zero(session: Session, coop_id: int) -> list[str]:
    """3901 carries nothing once the opening is complete."""
    account_id = session.scalar(
        select(AccountRole.account_id).where(
            AccountRole.coop_id == coop_id, AccountRole.role == Role.OPENING_BALANCE.value
        )
    )
    balance_rp = kept_balances(session, coop_id, [account_id]).get(account_id, 0) if account_id else 0
    return [f"Akun saldo awal (3901) masih {rupiah(balance_rp)}; saldo awal belum lengkap."] if balance_rp else []


def every_entry_lies_in_a_period(session: Session, coop_id: int) -> list[str]:
    """No entry outside the months kept, and no line dated other than its entry."""
    query = (
        select(JournalEntry.seq)
        .outerjoin(
            Period,
            and_(
                Period.coop_id == JournalEntry.coop_id,
                Period.starts_on <= JournalEntry.booked_on,
                Period.ends_on >= JournalEntry.booked_on,
            ),
        )
        .where(JournalEntry.coop_id == coop_id, Period.id.is_(None))
    )
    return [f"Jurnal urutan {seq} bertanggal di luar periode." for seq in session.scalars(query)]


def the_audit_trail_is_unbroken(session: Session, coop_id: int) -> list[str]:
    """Every act's hash covers its content and the act before it."""
    problems, prev_hash, expected = [], "", 1
    query = select(AuditRecord).where(AuditRecord.coop_id == coop_id).order_by(AuditRecord.seq)
    for row in session.scalars(query):
        own = trail.digest(prev_hash, row.seq, row.at.isoformat(), row.user_id, row.action, row.subject, row.detail)
        if (row.seq, row.prev_hash, row.hash) != (expected, prev_hash, own):
            problems.append(f"Jejak audit putus atau berubah di urutan {row.seq}.")
        prev_hash, expected = row.hash, row.seq + 1
    return problems[:20]


def four_eyes_decided_every_approval(session: Session, coop_id: int) -> list[str]:
    """Who asked never decided."""
    query = select(ApprovalRequest.id).where(
        ApprovalRequest.coop_id == coop_id, ApprovalRequest.decided_by == ApprovalRequest.requested_by
    )
    return [f"Pengajuan {request_id} disetujui oleh pengaju sendiri." for request_id in session.scalars(query)]


CHECKS: list[Callable[[Session, int], list[str]]] = [
    every_entry_balances,
    months_equal_the_lines,
    the_chain_is_unbroken,
    every_entry_lies_in_a_period,
    the_opening_account_is_zero,
    savings_balances_equal_their_movements,
    savings_equal_their_control_accounts,
    every_savings_movement_is_booked,
    every_receipt_is_counted_and_booked,
    loans_equal_their_control_account,
    loans_equal_their_payments,
    every_loan_payment_is_booked,
    every_booked_transfer_is_one_payment,
    deposits_equal_their_control_account,
    deposits_equal_their_movements,
    every_deposit_movement_is_booked,
    shops_and_the_books_agree,
    *PROCUREMENT,
    the_audit_trail_is_unbroken,
    four_eyes_decided_every_approval,
]


def check_books(session: Session, coop_id: int) -> list[Finding]:
    """Every truth of one cooperative's books; an empty list means they all hold."""
    return [Finding(check.__name__, message) for check in CHECKS for message in check(session, coop_id)]
