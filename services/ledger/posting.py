"""The one door to the journal: `post` and `reverse`.

Debit and credit are amounts above zero, one per line; `source` names the event ("savings:42:deposit") and is unique in
a cooperative, so that a double click, a retry or a second upload books once.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, extract, func, insert, select, true
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.display import month_long, rupiah
from core.errors import BooksReadOnly, NotFound
from core.money import LIMIT_RP, Rupiah
from models.coops import Coop, Unit
from models.ledger import Account, AccountRole, JournalEntry, JournalLine, Period
from models.transaction import TenantViolation
from services.ledger.chart import Role
from services.ledger.refusals import (
    AlreadyReversed,
    AmountImplausible,
    EntryIncomplete,
    EntryUnbalanced,
    NoSuchPeriod,
    PeriodClosed,
    ReversalOfReversal,
    RoleUnmapped,
    SourceTaken,
)

_entries, _lines = JournalEntry.__table__, JournalLine.__table__


@dataclass(frozen=True)
class Line:
    """One side of an entry. `account` is a role, or an account's id where a person chose the account."""

    account: Role | int
    debit_rp: Rupiah = 0
    credit_rp: Rupiah = 0
    unit_id: int | None = None
    member_id: int | None = None
    memo: str = ""


@dataclass(frozen=True)
class Posting:
    """An entry that wants to be booked."""

    booked_on: date
    memo: str
    source: str
    lines: Sequence[Line]
    voucher_no: str = ""
    reverses_seq: int | None = None


@dataclass(frozen=True)
class Posted:
    """An entry in the books. `is_new` is False when the same event had been booked before."""

    seq: int
    year: int
    number: int
    booked_on: date
    is_new: bool

    @property
    def label(self) -> str:
        return f"{self.year}/{self.number:05d}"


def debit(account: Role | int, amount_rp: Rupiah, **more: int | str | None) -> Line:
    return Line(account, debit_rp=amount_rp, **more)  # type: ignore[arg-type]


def credit(account: Role | int, amount_rp: Rupiah, **more: int | str | None) -> Line:
    return Line(account, credit_rp=amount_rp, **more)  # type: ignore[arg-type]


def post(
    session: Session,
    actor: Actor,
    *,
    booked_on: date,
    memo: str,
    source: str,
    lines: Sequence[Line],
    voucher_no: str = "",
) -> Posted:
    """Book one entry. The same source with the same content returns the entry booked before.

    Raises:
        PeriodClosed, NoSuchPeriod: the date is not in an open month.
        BooksReadOnly: nobody paid for the cooperative's subscription.
        SourceTaken: the event was booked with other content.
        EntryUnbalanced, EntryIncomplete, AmountImplausible: the lines do not make an entry.
        RoleUnmapped: the chart has no account for a role.
    """
    return post_many(session, actor, [Posting(booked_on, memo, source, lines, voucher_no)])[0]


def post_many(session: Session, actor: Actor, postings: Sequence[Posting]) -> list[Posted]:
    """Book several entries in the order given, all or none. Cost per entry is flat. Raises as `post`."""
    if session.info.get("coop_id") not in (actor.coop_id, 0):
        raise TenantViolation("the actor's cooperative is not the session's")
    if not postings:
        return []
    session.flush()  # members, units and accounts of this transaction must be there for the keys
    connection = session.connection()
    _lock_books(connection, actor.coop_id)
    facts = _facts(connection, actor.coop_id, postings)
    booked: list[Posted] = []
    line_rows: list[dict[str, object]] = []
    entry_rows: list[dict[str, object]] = []
    for posting in postings:
        posted = _book(actor, posting, facts, line_rows, entry_rows)
        booked.append(posted)
    if entry_rows:
        connection.execute(_INSERT_LINES, line_rows)
        connection.execute(_INSERT_ENTRIES, entry_rows)
    return booked


@dataclass
class _Facts:
    """What booking needs to know, read once for the whole batch, then carried forward."""

    seq: int
    hash: str
    numbers: dict[int, int]
    taken: dict[str, tuple[Posted, str]]
    roles: dict[str, int]
    unit_id: int
    months: list[Any]
    are_read_only: bool
    posted_at: datetime


# Built once: a till posts one entry at a time, and building a query costs more than SQLite needs to answer it.
_entry, _period, _unit, _role = _entries.c, Period.__table__.c, Unit.__table__.c, AccountRole.__table__.c
_coop = Coop.__table__.c
_COOP: BindParameter[int] = bindparam("coop_id")
_LOCK = select(func.pg_advisory_xact_lock(func.hashtext("ekopz.books"), _COOP))
_HEAD = select(_entry.seq, _entry.hash).where(_entry.coop_id == _COOP).order_by(_entry.seq.desc()).limit(1).subquery()
_LAST_NUMBER = (
    select(func.max(_entry.number))
    .where(_entry.coop_id == _COOP, _entry.year == extract("year", _period.starts_on))
    .scalar_subquery()
)
_BEFORE = _entries.alias("before").c
_FACTS = (
    select(
        _unit.id, _HEAD.c.seq, _HEAD.c.hash, _coop.read_only_since,
        _period.starts_on, _period.ends_on, _period.state, _LAST_NUMBER.label("last_number"),
        _role.role, _role.account_id,
        _BEFORE.seq.label("before_seq"), _BEFORE.year, _BEFORE.number, _BEFORE.booked_on, _BEFORE.content_hash,
    )
    .select_from(
        Unit.__table__.join(Coop.__table__, _coop.id == _unit.coop_id)
        .outerjoin(_HEAD, true())
        .outerjoin(
            Period.__table__,
            and_(
                _period.coop_id == _COOP, _period.ends_on >= bindparam("first"), _period.starts_on <= bindparam("last")
            ),
        )
        .outerjoin(
            AccountRole.__table__,
            and_(_role.coop_id == _COOP, _role.role.in_(bindparam("roles", expanding=True))),
        )
        .outerjoin(_BEFORE.seq.table, and_(_BEFORE.coop_id == _COOP, _BEFORE.source == bindparam("source")))
    )
    .where(_unit.coop_id == _COOP, _unit.is_default)
)  # fmt: skip
_TAKEN = select(_entry.seq, _entry.year, _entry.number, _entry.booked_on, _entry.content_hash, _entry.source).where(
    _entry.coop_id == _COOP, _entry.source.in_(bindparam("sources", expanding=True))
)
_INSERT_LINES, _INSERT_ENTRIES = insert(JournalLine), insert(JournalEntry)


def _lock_books(connection: Connection, coop_id: int) -> None:
    # SQLite's BEGIN IMMEDIATE already excludes other writers; elsewhere the books of one coop are taken in turn
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"coop_id": coop_id})


def _facts(connection: Connection, coop_id: int, postings: Sequence[Posting]) -> _Facts:
    days = [posting.booked_on for posting in postings]
    wanted = sorted({line.account.value for p in postings for line in p.lines if isinstance(line.account, Role)})
    only = postings[0].source if len(postings) == 1 else None
    asked = {"coop_id": coop_id, "first": min(days), "last": max(days), "roles": wanted, "source": only}
    rows = connection.execute(_FACTS, asked).all()  # one question: every month asked for beside every role
    if not rows:
        raise NotFound(what="Unit usaha utama")
    place = rows[0]
    months = {row.starts_on: row for row in rows if row.starts_on is not None}
    sources = [posting.source for posting in postings]
    return _Facts(
        seq=place.seq or 0,
        hash=place.hash or "",
        numbers={month.starts_on.year: month.last_number or 0 for month in months.values()},
        taken=_taken(connection, coop_id, sources) if only is None else _the_one_before(place, only),
        roles=_mapped({row.role: row.account_id for row in rows}, wanted),
        unit_id=place.id,
        months=list(months.values()),
        are_read_only=place.read_only_since is not None,
        posted_at=now(),
    )


def _the_one_before(place: Any, source: str) -> dict[str, tuple[Posted, str]]:
    if place.before_seq is None:
        return {}
    posted = Posted(place.before_seq, place.year, place.number, place.booked_on, is_new=False)
    return {source: (posted, place.content_hash)}


def _taken(connection: Connection, coop_id: int, sources: list[str]) -> dict[str, tuple[Posted, str]]:
    found: dict[str, tuple[Posted, str]] = {}
    for start in range(0, len(sources), 500):
        for row in connection.execute(_TAKEN, {"coop_id": coop_id, "sources": sources[start : start + 500]}):
            posted = Posted(row.seq, row.year, row.number, row.booked_on, is_new=False)
            found[row.source] = (posted, row.content_hash)
    return found


def booked_before(session: Session, actor: Actor, postings: Sequence[Posting]) -> dict[str, tuple[Posted, bool]]:
    """Those of the events that stand in the books, by source: their entry, and whether its content is the same."""
    connection = session.connection()
    if not _taken(connection, actor.coop_id, [posting.source for posting in postings]):
        return {}
    facts = _facts(connection, actor.coop_id, postings)
    found = {}
    for posting in postings:
        if posting.source in facts.taken:
            rows = [_line_row(actor, posting, facts, at, line) for at, line in enumerate(posting.lines, start=1)]
            before, booked_hash = facts.taken[posting.source]
            found[posting.source] = (before, booked_hash == digest_of(_content(posting, rows)))
    return found


def _mapped(roles: dict[str, int], wanted: list[str]) -> dict[str, int]:
    if missing := [name for name in wanted if name not in roles]:
        raise RoleUnmapped(role=missing[0])
    return roles


def _book(
    actor: Actor,
    posting: Posting,
    facts: _Facts,
    line_rows: list[dict[str, object]],
    entry_rows: list[dict[str, object]],
) -> Posted:
    total_rp = checked_total(posting.lines)
    rows = [_line_row(actor, posting, facts, position, line) for position, line in enumerate(posting.lines, start=1)]
    content_hash = digest_of(_content(posting, rows))
    if posting.source in facts.taken:
        before, booked_hash = facts.taken[posting.source]
        if booked_hash != content_hash:
            raise SourceTaken(label=before.label)
        return before
    if facts.are_read_only:
        raise BooksReadOnly()
    _must_be_open(facts, posting.booked_on)
    year = posting.booked_on.year
    seq, number = facts.seq + 1, facts.numbers[year] + 1
    entry_hash = chain_hash(facts.hash, seq, year, number, content_hash, facts.posted_at, actor.user_id)
    for row in rows:
        row["entry_seq"] = seq
    line_rows.extend(rows)
    entry = {
        "coop_id": actor.coop_id,
        "seq": seq,
        "year": year,
        "number": number,
        "booked_on": posting.booked_on,
        "memo": posting.memo[:250],
        "voucher_no": posting.voucher_no[:60],
        "source": posting.source,
        "reverses_seq": posting.reverses_seq,
        "total_rp": total_rp,
        "posted_by": actor.user_id,
        "posted_at": facts.posted_at,
        "content_hash": content_hash,
        "prev_hash": facts.hash,
        "hash": entry_hash,
    }
    entry_rows.append(entry)
    facts.seq, facts.hash, facts.numbers[year] = seq, entry_hash, number
    facts.taken[posting.source] = (Posted(seq, year, number, posting.booked_on, is_new=False), content_hash)
    return Posted(seq, year, number, posting.booked_on, is_new=True)


def checked_total(lines: Sequence[Line]) -> Rupiah:
    """What the lines move, when they make an entry. Raises EntryIncomplete, AmountImplausible, EntryUnbalanced."""
    for line in lines:
        amount_rp = line.debit_rp + line.credit_rp
        if min(line.debit_rp, line.credit_rp) != 0 or amount_rp <= 0:
            raise EntryIncomplete()
        if amount_rp >= LIMIT_RP:
            raise AmountImplausible(amount=rupiah(amount_rp))
    debit_rp = sum(line.debit_rp for line in lines)
    credit_rp = sum(line.credit_rp for line in lines)
    if debit_rp != credit_rp:
        difference = rupiah(abs(debit_rp - credit_rp))
        raise EntryUnbalanced(debit=rupiah(debit_rp), credit=rupiah(credit_rp), difference=difference)
    if len(lines) < 2:
        raise EntryIncomplete()
    return debit_rp


def _line_row(actor: Actor, posting: Posting, facts: _Facts, position: int, line: Line) -> dict[str, object]:
    account_id = facts.roles[line.account.value] if isinstance(line.account, Role) else line.account
    return {
        "coop_id": actor.coop_id,
        "position": position,
        "booked_on": posting.booked_on,
        "account_id": account_id,
        "unit_id": line.unit_id or facts.unit_id,
        "member_id": line.member_id,
        "debit_rp": line.debit_rp,
        "credit_rp": line.credit_rp,
        "memo": line.memo[:250],
    }


def _must_be_open(facts: _Facts, day: date) -> None:
    state = next((m.state for m in facts.months if m.starts_on <= day <= m.ends_on), None)
    if state is None:
        raise NoSuchPeriod(year=day.year)
    if state != "open":
        raise PeriodClosed(period=month_long(day))


def _content(posting: Posting, rows: list[dict[str, object]]) -> list[object]:
    lines = [
        [row["account_id"], row["unit_id"], row["member_id"], row["debit_rp"], row["credit_rp"], row["memo"]]
        for row in rows
    ]
    return content_of(posting.booked_on, posting.memo, posting.voucher_no, posting.source, posting.reverses_seq, lines)


def content_of(
    booked_on: date, memo: str, voucher_no: str, source: str, reverses_seq: int | None, lines: list[list[object]]
) -> list[object]:
    """What the hash of an entry covers: everything a person could want to change."""
    return [booked_on.isoformat(), memo[:250], voucher_no[:60], source, reverses_seq, lines]


def digest_of(content: list[object]) -> str:
    """SHA-256 of the canonical JSON of a content."""
    canonical = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def chain_hash(
    prev_hash: str, seq: int, year: int, number: int, content_hash: str, posted_at: datetime, posted_by: int
) -> str:
    """SHA-256 that ties an entry, its place, its moment and its poster to the entry before it."""
    return digest_of([prev_hash, seq, year, number, content_hash, posted_at.isoformat(), posted_by])


def reverse(session: Session, actor: Actor, entry: JournalEntry, *, booked_on: date, memo: str = "") -> Posted:
    """Undo `entry` with its mirror image, once. The original stays: auditors read both.

    Raises:
        AlreadyReversed, ReversalOfReversal: nothing left to undo.
        PeriodClosed: the reversal's own date lies in a closed month.
    """
    if entry.reverses_seq is not None:
        raise ReversalOfReversal(label=entry.label)
    before = session.scalars(select(JournalEntry).where(JournalEntry.reverses_seq == entry.seq)).first()
    if before is not None:
        raise AlreadyReversed(label=entry.label)
    mirrored = [
        Line(line.account_id, line.credit_rp, line.debit_rp, line.unit_id, line.member_id, line.memo)
        for line in entry.lines
    ]
    text_ = memo or f"Pembatalan jurnal {entry.label}: {entry.memo}"
    posting = Posting(booked_on, text_[:250], f"reversal:{entry.seq}", mirrored, entry.voucher_no, entry.seq)
    return post_many(session, actor, [posting])[0]


def entry_by_seq(session: Session, actor: Actor, seq: int) -> JournalEntry:
    """The entry at this place of the chain, lines with it. Raises NotFound."""
    found = session.scalars(select(JournalEntry).where(JournalEntry.seq == seq)).first()
    if found is None:
        raise NotFound(what="Jurnal")
    return found


__all__ = [
    "Account",
    "JournalEntry",
    "JournalLine",
    "Line",
    "Posted",
    "Posting",
    "Role",
    "booked_before",
    "credit",
    "debit",
    "entry_by_seq",
    "post",
    "post_many",
    "reverse",
]
