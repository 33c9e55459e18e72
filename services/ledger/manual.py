"""Manual journals and reversals: one person asks, another approves, the approval executes exactly what was asked."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import month_long, rupiah
from core.errors import InvalidValue
from models.access import ApprovalRequest
from models.ledger import Account, JournalEntry
from services.access import approvals
from services.ledger import chart, periods
from services.ledger.posting import Line, Posted, checked_total, entry_by_seq, post, reverse
from services.ledger.refusals import (
    AlreadyReversed,
    ControlAccount,
    EntryIncomplete,
    HeaderAccount,
    NoSuchPeriod,
    PeriodClosed,
    ReversalOfReversal,
    ReversedElsewhere,
    UnknownAccount,
)


@dataclass(frozen=True)
class JournalDraft:
    """A manual journal as typed; `token` makes the form's second click the same request."""

    booked_on: date
    memo: str
    lines: Sequence[Line]
    token: str
    voucher_no: str = ""


def request_journal(session: Session, actor: Actor, draft: JournalDraft) -> ApprovalRequest:
    """Ask for a manual journal. It is checked now and again when approved. Raises as `post`, and HeaderAccount."""
    actor.must("ledger.journal")
    _check(session, actor, draft)
    payload = {
        "booked_on": draft.booked_on.isoformat(),
        "memo": draft.memo.strip(),
        "voucher_no": draft.voucher_no.strip(),
        "lines": [asdict(line) for line in draft.lines],
    }
    total = rupiah(sum(line.debit_rp for line in draft.lines))
    title = f"Jurnal {draft.booked_on:%d/%m/%Y} {total}: {draft.memo.strip()}"
    return approvals.ask(session, actor, "ledger.journal", f"journal:{draft.token}", title, payload)


def _check(session: Session, actor: Actor, draft: JournalDraft) -> None:
    if not draft.memo.strip():
        raise InvalidValue(field="Uraian", reason="isi dulu, supaya orang lain tahu untuk apa jurnal ini.")
    _must_be_open(session, actor, draft.booked_on)
    if len(draft.lines) < 2:
        raise EntryIncomplete()
    checked_total(draft.lines)
    wanted = {int(line.account) for line in draft.lines}
    found = {account.id: account for account in session.scalars(select(Account).where(Account.id.in_(wanted)))}
    for account_id in wanted:
        if account_id not in found or not found[account_id].is_active:
            raise UnknownAccount(code=account_id)
        if found[account_id].is_header:
            raise HeaderAccount(code=found[account_id].code)
    if controlled := wanted & chart.control_accounts(session):
        raise ControlAccount(account=found[min(controlled)])


def _must_be_open(session: Session, actor: Actor, day: date) -> None:
    period = periods.period_of(session, actor, day)
    if period is None:
        raise NoSuchPeriod(year=day.year)
    if period.state != "open":
        raise PeriodClosed(period=month_long(day))


def request_reversal(session: Session, actor: Actor, seq: int, *, booked_on: date, reason: str) -> ApprovalRequest:
    """Ask to reverse an entry. Entries of a sub-ledger are undone by their own command instead.

    Raises:
        ReversedElsewhere, AlreadyReversed, ReversalOfReversal, PeriodClosed.
    """
    actor.must("ledger.journal")
    entry = entry_by_seq(session, actor, seq)
    _reversible(session, entry)
    _must_be_open(session, actor, booked_on)
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu alasan pembatalan.")
    payload = {"seq": seq, "booked_on": booked_on.isoformat(), "reason": reason.strip()}
    title = f"Batalkan jurnal {entry.label} {rupiah(entry.total_rp)}: {reason.strip()}"
    return approvals.ask(session, actor, "ledger.reversal", f"reversal:{seq}", title, payload)


def _reversible(session: Session, entry: JournalEntry) -> None:
    if {line.account_id for line in entry.lines} & chart.control_accounts(session):
        raise ReversedElsewhere(label=entry.label)
    if entry.reverses_seq is not None:
        raise ReversalOfReversal(label=entry.label)
    if session.scalars(select(JournalEntry.id).where(JournalEntry.reverses_seq == entry.seq)).first():
        raise AlreadyReversed(label=entry.label)


def execute_journal(session: Session, actor: Actor, request: ApprovalRequest) -> Posted:
    """Book the approved journal exactly as it was asked for, if it may still be. Raises as `request_journal`."""
    payload: dict[str, Any] = request.payload
    booked_on, lines = date.fromisoformat(payload["booked_on"]), [Line(**line) for line in payload["lines"]]
    draft = JournalDraft(booked_on, payload["memo"], lines, request.subject, payload["voucher_no"])
    _check(session, actor, draft)
    return post(
        session,
        actor,
        booked_on=booked_on,
        memo=draft.memo,
        source=f"manual:{request.id}",
        lines=lines,
        voucher_no=draft.voucher_no,
    )


def execute_reversal(session: Session, actor: Actor, request: ApprovalRequest) -> Posted:
    """Reverse the entry exactly as it was asked for."""
    payload: dict[str, Any] = request.payload
    entry = entry_by_seq(session, actor, payload["seq"])
    _reversible(session, entry)
    booked_on = date.fromisoformat(payload["booked_on"])
    return reverse(session, actor, entry, booked_on=booked_on, memo=f"Pembatalan {entry.label}: {payload['reason']}")
