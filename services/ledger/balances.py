"""Raw sums of the books, for services and reports alike: what moved, and what stands, per account.

Whole months come from the sums the database keeps (`account_months`); only a month cut by a date is read line by line,
and the month under way is whole as long as nothing is booked after the date. Time does not grow with the books.
"""

from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session

from core.money import Rupiah
from models.ledger import Account, AccountMonth, JournalEntry, JournalLine

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sums:
    """Debit and credit of one account over some days."""

    debit_rp: Rupiah = 0
    credit_rp: Rupiah = 0

    @property
    def net_rp(self) -> Rupiah:
        """Debit less credit."""
        return self.debit_rp - self.credit_rp

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.debit_rp + other.debit_rp, self.credit_rp + other.credit_rp)


@dataclass(frozen=True)
class _Days:
    """Whole months from `first_month` (None: from the start) up to, not with, `end_month`; and cut ranges of days."""

    first_month: date | None
    end_month: date | None
    ranges: Sequence[tuple[date, date]]


def movements(
    session: Session,
    coop_id: int,
    since: date | None,
    until: date,
    *,
    unit_id: int | None = None,
    account_ids: Collection[int] | None = None,
) -> dict[int, Sums]:
    """Debit and credit per account from `since` (None: the first entry) to `until`, both days included.

    Accounts without lines in those days are absent.
    """
    latest = session.scalar(select(func.max(JournalEntry.booked_on)).where(JournalEntry.coop_id == coop_id))
    if latest is None or (since is not None and since > min(until, latest)):
        return {}
    days = _days(since, month_end(latest) if until >= latest else until)
    parts: list[Select[int, int, int]] = []
    if days.end_month is not None:
        parts.append(_of_months(coop_id, days.first_month, days.end_month))
    parts += [_of_lines(coop_id, first, last) for first, last in days.ranges]
    found: dict[int, Sums] = {}
    for row in session.execute(union_all(*(_only(part, unit_id, account_ids) for part in parts))):
        found[row[0]] = found.get(row[0], Sums()) + Sums(int(row[1]), int(row[2]))
    return found


def balances(
    session: Session,
    coop_id: int,
    as_of: date,
    *,
    unit_id: int | None = None,
    account_ids: Collection[int] | None = None,
) -> dict[int, Rupiah]:
    """Debit less credit per account at the end of `as_of`."""
    moved = movements(session, coop_id, None, as_of, unit_id=unit_id, account_ids=account_ids)
    return {account_id: sums.net_rp for account_id, sums in moved.items()}


def by_month(
    session: Session, coop_id: int, first_month: date, last_month: date, *, unit_id: int | None = None
) -> dict[tuple[date, int], Sums]:
    """Debit and credit per (first day of month, account), for whole months."""
    query = (
        select(
            AccountMonth.month_on,
            AccountMonth.account_id,
            func.sum(AccountMonth.debit_rp),
            func.sum(AccountMonth.credit_rp),
        )
        .where(AccountMonth.coop_id == coop_id, AccountMonth.month_on.between(first_month, last_month))
        .group_by(AccountMonth.month_on, AccountMonth.account_id)
    )
    if unit_id is not None:
        query = query.where(AccountMonth.unit_id == unit_id)
    return {(month_on, account_id): Sums(int(d), int(c)) for month_on, account_id, d, c in session.execute(query)}


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _days(since: date | None, until: date) -> _Days:
    whole_until = until == month_end(until)
    end_month = until + _DAY if whole_until else until.replace(day=1)
    if since is None:
        first_month, head = None, None
    elif since.day == 1:
        first_month, head = since, None
    else:
        first_month = month_end(since) + _DAY
        head = (since, min(until, month_end(since)))
    ranges = [head] if head else []
    if not whole_until and (head is None or until > head[1]):
        ranges.append((end_month, until))
    if first_month is not None and first_month >= end_month:
        return _Days(None, None, ranges)
    return _Days(first_month, end_month, ranges)


def _of_months(coop_id: int, first: date | None, end: date) -> Select[int, int, int]:
    query = (
        select(AccountMonth.account_id, func.sum(AccountMonth.debit_rp), func.sum(AccountMonth.credit_rp))
        .where(AccountMonth.coop_id == coop_id, AccountMonth.month_on < end)
        .group_by(AccountMonth.account_id)
    )
    return query if first is None else query.where(AccountMonth.month_on >= first)


def _of_lines(coop_id: int, first: date, last: date) -> Select[int, int, int]:
    # naming the accounts lets the database go from account to account by its index, straight to these days
    accounts = select(Account.id).where(Account.coop_id == coop_id)
    return (
        select(JournalLine.account_id, func.sum(JournalLine.debit_rp), func.sum(JournalLine.credit_rp))
        .where(JournalLine.coop_id == coop_id, JournalLine.booked_on.between(first, last))
        .where(JournalLine.account_id.in_(accounts))
        .group_by(JournalLine.account_id)
    )


def _only(
    part: Select[int, int, int], unit_id: int | None, account_ids: Collection[int] | None
) -> Select[int, int, int]:
    table = part.get_final_froms()[0]
    if unit_id is not None:
        part = part.where(table.c.unit_id == unit_id)
    if account_ids is not None:
        part = part.where(table.c.account_id.in_(sorted(account_ids)))
    return part
