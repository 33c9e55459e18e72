"""Buku kas and buku besar: accounts page by page, each entry with the balance after it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.money import Rupiah
from models.ledger import JournalEntry, JournalLine
from reports.refusals import MissingChoice
from reports.scope import EARLIEST, AccountInfo, Who, cash_accounts, chart_of, coop_of, frame_of
from reports.shape import Check, Drill, Frame
from services.ledger import balances
from services.ledger.balances import Sums
from services.ledger.refusals import HeaderAccount, UnknownAccount


@dataclass(frozen=True)
class PageEntry:
    """A line of the journal on this account; the balance after it in the account's normal direction."""

    booked_on: date
    entry_seq: int
    label: str
    voucher_no: str
    memo: str
    debit_rp: Rupiah
    credit_rp: Rupiah
    balance_rp: Rupiah


@dataclass(frozen=True)
class Page:
    """One account. `brought_forward_rp` is the balance before the first entry shown (opening, on the first screen)."""

    account_id: int
    code: str
    label: str
    opening_rp: Rupiah
    brought_forward_rp: Rupiah
    entries: tuple[PageEntry, ...]
    debit_rp: Rupiah
    credit_rp: Rupiah
    closing_rp: Rupiah


@dataclass(frozen=True)
class Ledger:
    """`count` is how many entries the days hold, of which a screen may show a part, or none of several accounts'."""

    frame: Frame
    pages: tuple[Page, ...]
    checks: tuple[Check, ...]
    count: int = 0
    notes: tuple[str, ...] = ()

    @property
    def totals(self) -> dict[str, Rupiah]:
        return {
            "opening_rp": sum(page.opening_rp for page in self.pages),
            "debit_rp": sum(page.debit_rp for page in self.pages),
            "credit_rp": sum(page.credit_rp for page in self.pages),
            "closing_rp": sum(page.closing_rp for page in self.pages),
        }


def cash_book(
    session: Session,
    who: Who,
    since: date,
    until: date,
    *,
    account: int | str | None = None,
    unit_id: int | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Ledger:
    """Each cash and bank account with its entries; accounts that neither stood nor moved are left out.

    `account` (id or code) narrows to one. More entries than `limit`: of one account a part, of several only the sums.
    Raises NotAllowed, PeriodReversed, NoCashAccounts, UnknownAccount.
    """
    coop_id = coop_of(who)
    frame = frame_of(session, coop_id, "cash-book", "Buku Kas", since=since, until=until, unit_id=unit_id)
    chart = chart_of(session, coop_id)
    chosen = cash_accounts(session, coop_id, chart.values())
    if account is not None:
        chosen = [found for found in chosen if account in {found.id, found.code}]
        if not chosen:
            raise UnknownAccount(code=account)
    ledger = _ledger(session, coop_id, frame, chosen, unit_id, limit, offset)
    if account is not None:
        return ledger
    pages = tuple(page for page in ledger.pages if page.opening_rp or page.debit_rp or page.credit_rp)
    return replace(ledger, pages=pages)


def general_ledger(
    session: Session,
    who: Who,
    since: date,
    until: date,
    *,
    account: int | str | None = None,
    unit_id: int | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Ledger:
    """One account (id, code or exact name), every entry from `since` to `until`; `limit` and `offset` for screens.

    Raises NotAllowed, PeriodReversed, MissingChoice, UnknownAccount, HeaderAccount, NotFound (the unit).
    """
    coop_id = coop_of(who, "ledger.view")
    if account is None:
        raise MissingChoice(report="buku besar", what="akun (kode akun)")
    frame = frame_of(session, coop_id, "general-ledger", "Buku Besar", since=since, until=until, unit_id=unit_id)
    return _ledger(session, coop_id, frame, [_chosen(session, coop_id, account)], unit_id, limit, offset)


def _chosen(session: Session, coop_id: int, account: int | str) -> AccountInfo:
    chart = chart_of(session, coop_id)
    if isinstance(account, int):
        if account not in chart:
            raise NotFound(what="Akun")
        return chart[account]
    wanted = account.strip()
    found = [info for info in chart.values() if info.code == wanted] or [i for i in chart.values() if i.name == wanted]
    if not found:
        raise UnknownAccount(code=account)
    if found[0].is_header:
        raise HeaderAccount(code=found[0].code)
    return found[0]


def _ledger(
    session: Session,
    coop_id: int,
    frame: Frame,
    accounts: Sequence[AccountInfo],
    unit_id: int | None,
    limit: int | None,
    offset: int,
) -> Ledger:
    assert frame.since is not None
    ids = [account.id for account in accounts]
    before = balances.balances(session, coop_id, frame.since - timedelta(days=1), unit_id=unit_id, account_ids=ids)
    moved = balances.movements(session, coop_id, frame.since, frame.until, unit_id=unit_id, account_ids=ids)
    lines: dict[int, list[tuple[date, int, str, str, str, int, int]]] = {}
    count = None if limit is None else _count(session, coop_id, frame, ids, unit_id)
    is_whole = count is None or limit is None or (count <= limit and not offset)
    skipped = 0 if is_whole or len(ids) > 1 else _skipped(session, coop_id, frame, ids[0], unit_id, offset)
    if is_whole or len(ids) == 1:
        for account_id, *line in _lines(session, coop_id, frame, ids, unit_id, limit, offset):
            lines.setdefault(account_id, []).append(tuple(line))  # type: ignore[arg-type]
    pages = []
    for account in accounts:
        sums = moved.get(account.id, Sums())
        pages.append(_page(account, before.get(account.id, 0), skipped, sums, lines.get(account.id, [])))
    shown = sum(len(page.entries) for page in pages)
    checks = tuple(_adds_up(page) for page in pages) if is_whole else ()
    return Ledger(frame, tuple(pages), checks, shown if count is None else count)


def _page(
    account: AccountInfo,
    before_rp: Rupiah,
    skipped_rp: Rupiah,
    sums: Sums,
    lines: Sequence[tuple[date, int, str, str, str, int, int]],
) -> Page:
    sign = 1 if account.normal_balance == "debit" else -1
    opening_rp, forward_rp = sign * before_rp, sign * (before_rp + skipped_rp)
    entries, balance_rp = [], forward_rp
    for booked_on, seq, label, voucher_no, memo, debit_rp, credit_rp in lines:
        balance_rp += sign * (debit_rp - credit_rp)
        entries.append(PageEntry(booked_on, seq, label, voucher_no, memo, debit_rp, credit_rp, balance_rp))
    closing_rp = opening_rp + sign * sums.net_rp
    return Page(
        account.id, account.code, account.name, opening_rp, forward_rp, tuple(entries), sums.debit_rp, sums.credit_rp,
        closing_rp,
    )  # fmt: skip


def _adds_up(page: Page) -> Check:
    last_rp = page.entries[-1].balance_rp if page.entries else page.opening_rp
    return Check(f"Saldo akhir {page.code} dan mutasinya", page.closing_rp, last_rp)


def _lines(
    session: Session,
    coop_id: int,
    frame: Frame,
    ids: Sequence[int],
    unit_id: int | None,
    limit: int | None,
    offset: int,
) -> Iterator[tuple[int, date, int, str, str, str, int, int]]:
    """(account, day, seq, label, voucher, memo, debit, credit) by day within each account."""
    line, entry = JournalLine, JournalEntry
    query = (
        select(
            line.account_id, line.booked_on, line.entry_seq, entry.year, entry.number, entry.voucher_no, entry.memo,
            line.memo, line.debit_rp, line.credit_rp,
        )
        .join(entry, and_(entry.coop_id == line.coop_id, entry.seq == line.entry_seq))
        .where(*_where(coop_id, frame, ids, unit_id))
        .order_by(line.account_id, line.booked_on, line.entry_seq, line.position)
    )  # fmt: skip
    if limit is not None or offset:
        query = query.limit(limit).offset(offset)
    for account_id, day, seq, year, number, voucher, memo, own, debit_rp, credit_rp in session.execute(query):
        yield account_id, day, seq, f"{year}/{number:05d}", voucher, own or memo, debit_rp, credit_rp


def _where(coop_id: int, frame: Frame, ids: Sequence[int], unit_id: int | None) -> list[ColumnElement[bool]]:
    line = JournalLine
    where = [
        line.coop_id == coop_id, line.account_id.in_(ids), line.booked_on >= frame.since, line.booked_on <= frame.until,
    ]  # fmt: skip
    return where if unit_id is None else [*where, line.unit_id == unit_id]


def _count(session: Session, coop_id: int, frame: Frame, ids: Sequence[int], unit_id: int | None) -> int:
    where = _where(coop_id, frame, ids, unit_id)
    return session.scalar(select(func.count()).select_from(JournalLine).where(*where)) or 0


def _skipped(session: Session, coop_id: int, frame: Frame, account_id: int, unit_id: int | None, offset: int) -> Rupiah:
    """Debit less credit of the first `offset` lines."""
    where = _where(coop_id, frame, [account_id], unit_id)
    order = (JournalLine.booked_on, JournalLine.entry_seq, JournalLine.position)
    first = select(JournalLine.debit_rp, JournalLine.credit_rp).where(*where).order_by(*order).limit(offset).subquery()
    return int(session.scalar(select(func.coalesce(func.sum(first.c.debit_rp - first.c.credit_rp), 0))) or 0)


def entry_drill(entry: PageEntry) -> Drill:
    """The entry itself, with its source."""
    return Drill("journal", entry_seq=entry.entry_seq)


def page_drill(ledger: Ledger, page: Page) -> Drill:
    """This account alone."""
    return Drill(ledger.frame.name, account=page.code, since=ledger.frame.since, until=ledger.frame.until)


def opening_drill(ledger: Ledger, page: Page) -> Drill | None:
    """What the opening balance is made of: the account up to the day before, from the beginning of that year."""
    assert ledger.frame.since is not None
    if not page.opening_rp or ledger.frame.since <= EARLIEST:
        return None
    before = ledger.frame.since - timedelta(days=1)
    return Drill(ledger.frame.name, account=page.code, since=date(before.year, 1, 1), until=before)
