"""Jurnal: every entry with its lines, its voucher and the event it came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.money import Rupiah
from models.access import User
from models.coops import Unit
from models.ledger import Account, JournalEntry, JournalLine
from models.members import Member
from reports.scope import Who, coop_of, frame_of
from reports.shape import Check, Drill, Frame


@dataclass(frozen=True)
class JournalRow:
    """One line of an entry. `member` is number and name, where the line is a member's."""

    account_id: int
    code: str
    label: str
    unit: str
    member_id: int | None
    member: str
    memo: str
    debit_rp: Rupiah
    credit_rp: Rupiah


@dataclass(frozen=True)
class Entry:
    """A posted entry. `source` names the event, `reverses_seq` the entry it undoes."""

    seq: int
    label: str
    booked_on: date
    voucher_no: str
    memo: str
    source: str
    posted_by: str
    posted_at: datetime
    reverses_seq: int | None
    total_rp: Rupiah
    lines: tuple[JournalRow, ...]


@dataclass(frozen=True)
class Journal:
    """`count` is how many entries the days hold, of which a screen may show a part."""

    frame: Frame
    entries: tuple[Entry, ...]
    checks: tuple[Check, ...]
    count: int

    @property
    def totals(self) -> dict[str, Rupiah]:
        return {
            "debit_rp": sum(line.debit_rp for entry in self.entries for line in entry.lines),
            "credit_rp": sum(line.credit_rp for entry in self.entries for line in entry.lines),
        }


def journal(
    session: Session,
    who: Who,
    since: date,
    until: date,
    *,
    unit_id: int | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Journal:
    """Entries from `since` to `until` in the order of booking; with a unit, whole entries that touch it.

    Raises NotAllowed, PeriodReversed, NotFound (the unit).
    """
    coop_id = coop_of(who, "ledger.view")
    frame = frame_of(session, coop_id, "journal", "Jurnal", since=since, until=until, unit_id=unit_id)
    where: list[ColumnElement[bool]] = [JournalEntry.coop_id == coop_id, JournalEntry.booked_on.between(since, until)]
    if unit_id is not None:
        line = JournalLine
        touches = (line.coop_id == coop_id, line.entry_seq == JournalEntry.seq, line.unit_id == unit_id)
        where.append(exists().where(*touches))
    count = session.scalar(select(func.count()).select_from(JournalEntry).where(*where)) or 0
    entries = _entries(session, coop_id, where, limit, offset)
    return _journal(frame, entries, count)


def journal_entry(session: Session, who: Who, seq: int) -> Journal:
    """The journal of one entry: where every drill ends. Raises NotAllowed, NotFound."""
    coop_id = coop_of(who, "ledger.view")
    entries = _entries(session, coop_id, [JournalEntry.coop_id == coop_id, JournalEntry.seq == seq], None, 0)
    if not entries:
        raise NotFound(what="Jurnal")
    day = entries[0].booked_on
    title = f"Jurnal {entries[0].label}"
    return _journal(frame_of(session, coop_id, "journal", title, since=day, until=day), entries, 1)


def _journal(frame: Frame, entries: tuple[Entry, ...], count: int) -> Journal:
    debit_rp = sum(line.debit_rp for entry in entries for line in entry.lines)
    credit_rp = sum(line.credit_rp for entry in entries for line in entry.lines)
    return Journal(frame, entries, (Check("Jumlah debit dan kredit", debit_rp, credit_rp),), count)


def _entries(
    session: Session, coop_id: int, where: Sequence[ColumnElement[bool]], limit: int | None, offset: int
) -> tuple[Entry, ...]:
    entry = JournalEntry
    query = (
        select(
            entry.seq, entry.year, entry.number, entry.booked_on, entry.voucher_no, entry.memo, entry.source,
            User.full_name, entry.posted_at, entry.reverses_seq, entry.total_rp,
        )
        .join(User, User.id == entry.posted_by)
        .where(*where)
        .order_by(entry.booked_on, entry.seq)
        .limit(limit)
        .offset(offset or None)
    )  # fmt: skip
    chosen = query.with_only_columns(entry.seq).subquery()
    lines: dict[int, list[JournalRow]] = {}
    for seq, *line in session.execute(_lines(coop_id).join(chosen, chosen.c.seq == JournalLine.entry_seq)):
        account_id, code, label, unit, member_id, number, name, memo, debit_rp, credit_rp = line
        member = f"{number or '-'} {name}" if member_id else ""
        row = JournalRow(account_id, code, label, unit, member_id, member, memo, debit_rp, credit_rp)
        lines.setdefault(seq, []).append(row)
    return tuple(
        Entry(
            row.seq, f"{row.year}/{row.number:05d}", row.booked_on, row.voucher_no, row.memo, row.source, row.full_name,
            row.posted_at, row.reverses_seq, row.total_rp, tuple(lines.get(row.seq, ())),
        )
        for row in session.execute(query)
    )  # fmt: skip


def _lines(coop_id: int):  # type: ignore[no-untyped-def]  # eleven columns: the type says less than the query
    line = JournalLine
    return (
        select(
            line.entry_seq, line.account_id, Account.code, Account.name, Unit.code, line.member_id, Member.number,
            Member.name, line.memo, line.debit_rp, line.credit_rp,
        )
        .join(Account, and_(Account.coop_id == line.coop_id, Account.id == line.account_id))
        .join(Unit, and_(Unit.coop_id == line.coop_id, Unit.id == line.unit_id))
        .outerjoin(Member, and_(Member.coop_id == line.coop_id, Member.id == line.member_id))
        .where(line.coop_id == coop_id)
        .order_by(line.entry_seq, line.position)
    )  # fmt: skip


def line_drill(row: JournalRow, frame: Frame) -> Drill:
    """The account's page over the same days."""
    return Drill("general-ledger", account=row.code, since=frame.since, until=frame.until)
