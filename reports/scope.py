"""Who asks for a report, of which cooperative, over which days: what every report begins with."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import date_long
from core.errors import NotFound
from models.coops import Coop, Unit
from models.ledger import Account, AccountRole
from reports.refusals import DayOutOfReach, NoCashAccounts, PeriodReversed
from reports.shape import Frame, Head
from services.ledger.balances import month_end
from services.ledger.chart import Role

Who = Actor | int
"""An actor, whose permission is checked, or a cooperative's id where the caller has checked (command line, jobs)."""
Compare = Literal["previous", "year"]
"""The period before (for one day: a month earlier), or the same days a year earlier."""

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)

_CASH_ROLES = {Role.CASH, Role.PETTY_CASH, Role.TELLER_CASH, Role.STORE_CASH, Role.BANK, Role.BANK_SAVINGS}
_CASH_NAMES = ("kas", "bank", "cash")


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """An account of the chart, without the ORM."""

    id: int
    code: str
    name: str
    type: str
    normal_balance: str
    is_header: bool
    parent_id: int | None
    note: str
    cash_flow: str | None
    statement_line: str | None

    @property
    def is_result(self) -> bool:
        """Income or expense."""
        return self.type in {"income", "expense"}


def coop_of(who: Who, permission: str = "reports.view") -> int:
    """The cooperative asked about. Raises NotAllowed."""
    if isinstance(who, Actor):
        who.must(permission)
        return who.coop_id
    return who


def chart_of(session: Session, coop_id: int) -> dict[int, AccountInfo]:
    """Every account by id, in the order of the codes."""
    a = Account
    query = select(
        a.id, a.code, a.name, a.type, a.normal_balance, a.is_header, a.parent_id, a.note, a.cash_flow, a.statement_line
    ).where(a.coop_id == coop_id)
    return {row[0]: AccountInfo(*tuple(row)) for row in session.execute(query.order_by(a.code))}


def cash_accounts(session: Session, coop_id: int, chart: Iterable[AccountInfo]) -> list[AccountInfo]:
    """Cash and bank, in the order of the codes: marked so in the chart, or playing a cash role.

    A chart of one's own that says neither is read by names that begin with kas, bank or cash. Raises NoCashAccounts.
    """
    query = select(AccountRole.account_id).where(
        AccountRole.coop_id == coop_id, AccountRole.role.in_(sorted(role.value for role in _CASH_ROLES))
    )
    playing = set(session.scalars(query))
    assets = [account for account in chart if account.type == "asset" and not account.is_header]
    found = [account for account in assets if account.cash_flow == "kas" or account.id in playing]
    found = found or [account for account in assets if account.name.casefold().startswith(_CASH_NAMES)]
    if not found:
        raise NoCashAccounts()
    return found


def books_start(session: Session, coop_id: int) -> date | None:
    """The day after the opening balances, when the books began with some."""
    return session.get_one(Coop, coop_id).books_start_on


def frame_of(
    session: Session,
    coop_id: int,
    name: str,
    title: str,
    *,
    since: date | None,
    until: date,
    unit_id: int | None = None,
    compare: Compare | None = None,
) -> Frame:
    """Letterhead, days and unit of a report. Raises DayOutOfReach, PeriodReversed, NotFound (the unit)."""
    for day in (since, until):
        if day is not None and not EARLIEST <= day <= LATEST:
            raise DayOutOfReach(day=day.isoformat())
    if since is not None and since > until:
        raise PeriodReversed(since=date_long(since), until=date_long(until))
    coop = session.get_one(Coop, coop_id)
    address = ", ".join(part for part in (coop.address, coop.city) if part)
    head = Head(
        coop.slug, coop.name, coop.legal_no, address, coop.city, coop.phone, coop.zone, coop.chair_name,
        coop.treasurer_name, coop.logo_file,
    )  # fmt: skip
    before_since, before_until = compared_days(since, until, compare)
    return Frame(name, title, head, since, until, before_since, before_until, _unit_name(session, coop_id, unit_id))


def _unit_name(session: Session, coop_id: int, unit_id: int | None) -> str | None:
    if unit_id is None:
        return None
    name = session.scalar(select(Unit.name).where(Unit.coop_id == coop_id, Unit.id == unit_id))
    if name is None:
        raise NotFound(what="Unit usaha")
    return name


def compared_days(since: date | None, until: date, compare: Compare | None) -> tuple[date | None, date | None]:
    """The days a comparison column covers; (None, None) without one."""
    if compare is None:
        return None, None
    back = 12
    if compare == "previous":
        back = 1 if since is None else (until.year - since.year) * 12 + until.month - since.month + 1
    return (None if since is None else _earlier(since, back)), earlier(until, back)


def earlier(day: date, months: int) -> date:
    """The same day so many months before; the end of a month stays the end of a month."""
    moved = _earlier(day, months)
    return month_end(moved) if day == month_end(day) else moved


def _earlier(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
