"""Months of a book year: open, closed (may be reopened), locked (never again). Closed and locked in order."""

from calendar import monthrange
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import month_long
from core.errors import NotFound
from models.ledger import JournalEntry, Period
from services.audit import trail
from services.ledger.refusals import PeriodOrder

# from each state, the act that leads on and the state it leads to; anything absent is refused
NEXT = {("open", "close"): "closed", ("closed", "reopen"): "open", ("closed", "lock"): "locked"}
_PERMISSION = {"close": "ledger.close", "reopen": "ledger.reopen", "lock": "ledger.lock"}
_WORD = {"close": "ditutup", "reopen": "dibuka kembali", "lock": "dikunci"}


def open_year(session: Session, actor: Actor, year: int) -> list[Period]:
    """Twelve open months for a book year; months that exist stay as they are. Returns the new ones."""
    actor.must("ledger.close")
    held = set(
        session.scalars(select(Period.starts_on).where(Period.starts_on.between(date(year, 1, 1), date(year, 12, 31))))
    )
    new = [_month(actor, date(year, month, 1)) for month in range(1, 13) if date(year, month, 1) not in held]
    session.add_all(new)
    session.flush()  # postings of this transaction look for the period
    if new:
        trail.record(session, actor, "ledger.open_year", f"year:{year}")
    return new


def _month(actor: Actor, starts_on: date, state: str = "open") -> Period:
    ends_on = starts_on.replace(day=monthrange(starts_on.year, starts_on.month)[1])
    return Period(coop_id=actor.coop_id, starts_on=starts_on, ends_on=ends_on, state=state)


def opening_month(session: Session, actor: Actor, day: date) -> Period:
    """The month of the opening balances, made open when the books do not reach back to it."""
    starts_on = day.replace(day=1)
    found = session.scalars(select(Period).where(Period.starts_on == starts_on)).first()
    if found is None:
        found = _month(actor, starts_on)
        session.add(found)
        session.flush()  # the opening entry looks for the period
    return found


def shut_before(session: Session, day: date) -> list[Period]:
    """Close every month up to the opening day: what happened in them is in the opening balances already."""
    open_ones = select(Period).where(Period.starts_on <= day, Period.state == "open").order_by(Period.starts_on)
    shut = list(session.scalars(open_ones))
    for period in shut:
        period.state = "closed"
    session.flush()  # postings of this transaction look for the state
    return shut


def period_of(session: Session, actor: Actor, day: date) -> Period | None:
    """The month `day` lies in, or None when no such month is kept."""
    return session.scalars(select(Period).where(Period.starts_on <= day, Period.ends_on >= day)).first()


def all_periods(session: Session, actor: Actor) -> list[Period]:
    """Every month kept, newest first."""
    return list(session.scalars(select(Period).order_by(Period.starts_on.desc())))


def change(session: Session, actor: Actor, period_id: int, act: str) -> Period:
    """Close, reopen or lock a month: close and lock from the oldest on, reopen from the newest back.

    Months before the first entry hold nothing to look at, so they close with the first month that is closed.

    Raises:
        PeriodOrder: another month must go first, or the month is not in a state for this act.
    """
    actor.must(_PERMISSION[act])
    period = session.scalars(select(Period).where(Period.id == period_id).with_for_update()).first()
    if period is None:
        raise NotFound(what="Periode")
    goal = NEXT.get((period.state, act))
    if goal is None:
        state = {"open": "terbuka", "closed": "tertutup", "locked": "terkunci"}[period.state]
        raise PeriodOrder(period=month_long(period.starts_on), act=_WORD[act], reason=f"bulan itu sedang {state}.")
    if act == "close" and _books_begin_after(session, period.starts_on):
        for empty in shut_before(session, period.starts_on - timedelta(days=1)):
            _noted(session, actor, act, empty, "open")
    _in_order(session, period, act)
    before, period.state = period.state, goal
    _noted(session, actor, act, period, before)
    session.flush()  # a posting in this transaction must meet the new state
    return period


def _noted(session: Session, actor: Actor, act: str, period: Period, before: str) -> None:
    subject = f"period:{period.starts_on:%Y-%m}"
    trail.record(session, actor, f"ledger.{act}", subject, before=before, after=period.state)


def _books_begin_after(session: Session, day: date) -> bool:
    """Whether nothing was booked before `day`, and something since."""
    begun_on = session.scalar(select(func.min(JournalEntry.booked_on)))
    return begun_on is not None and begun_on >= day


def _in_order(session: Session, period: Period, act: str) -> None:
    earlier = {"close": ("open",), "lock": ("open", "closed")}.get(act)
    query = select(Period.starts_on).order_by(Period.starts_on)
    if earlier:
        query = query.where(Period.starts_on < period.starts_on, Period.state.in_(earlier))
        word = "ditutup" if act == "close" else "dikunci"
    else:
        query = query.where(Period.starts_on > period.starts_on, Period.state != "open").order_by(None)
        query = query.order_by(Period.starts_on.desc())
        word = "dibuka"
    blocking = session.scalars(query.limit(1)).first()
    if blocking is not None:
        reason = f"{month_long(blocking)} harus {word} lebih dulu."
        raise PeriodOrder(period=month_long(period.starts_on), act=_WORD[act], reason=reason)


def closable(session: Session, actor: Actor, today: date) -> list[Period]:
    """Open months that have ended, oldest first: the day's work of whoever closes. None before the books begin."""
    begun_on = select(func.min(JournalEntry.booked_on)).scalar_subquery()
    ended = Period.state == "open", Period.ends_on < today, Period.ends_on >= begun_on
    return list(session.scalars(select(Period).where(*ended).order_by(Period.starts_on)))


def years_to_open(session: Session, actor: Actor, days: list[date], today: date) -> list[int]:
    """Years of history that an import may open on its own: only into empty books, never the future.

    Books without any entry take what happened before; once they hold entries, a year that is not open is refused.
    """
    if not days or session.scalar(select(func.count()).select_from(JournalEntry)):
        return []
    held = {start.year for start in session.scalars(select(Period.starts_on))}
    first, last = min(days).year, min(max(days).year, today.year)
    return [year for year in range(first, last + 1) if year not in held]
