"""When things happen: months of the story, working days, Lebaran, and the year's ups and downs."""

from calendar import monthrange
from datetime import date, timedelta
from math import floor

_LEBARAN = date(2025, 3, 31)
_LUNAR_YEAR = 354.367
_OF_MONTH = (0.96, 0.93, 1.0, 0.98, 0.99, 1.02, 1.12, 1.03, 0.97, 1.0, 1.02, 1.16)  # January to December


def first_day(today: date) -> date:
    """The story begins on 1 January of last year, so that every month has one to compare with."""
    return date(today.year - 1, 1, 1)


def months(today: date) -> list[date]:
    """First days of the story's months, the one under way included."""
    start = first_day(today)
    return [shifted(start, index) for index in range(12 + today.month)]


def shifted(month: date, by: int) -> date:
    """The first day of the month so many months on (or back)."""
    year, index = divmod(month.year * 12 + month.month - 1 + by, 12)
    return date(year, index + 1, 1)


def last_day(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def working_day(month: date, day: int) -> date:
    """That day of the month (or its last), moved off Saturday and Sunday without leaving the month."""
    wanted = month.replace(day=min(day, last_day(month).day))
    weekend = wanted.weekday() - 4
    if weekend <= 0:
        return wanted
    earlier, later = wanted - timedelta(days=weekend), wanted + timedelta(days=3 - weekend)
    return earlier if earlier.month == month.month else later


def lebaran(year: int) -> date:
    """Idulfitri, to within a day or two: the first in that year."""
    turns = -floor((_LEBARAN - date(year, 1, 1)).days / _LUNAR_YEAR)
    return _LEBARAN + timedelta(days=round(turns * _LUNAR_YEAR))


def before_lebaran(month: date) -> bool:
    """Whether people prepare for Lebaran in this month: it falls in it, or in the first week of the next."""
    feast = lebaran(shifted(month, 1).year if month.month == 12 else month.year)
    return month <= feast - timedelta(days=7) <= last_day(month)


def factor(month: date, start: date, growth_pct: float) -> float:
    """Business of a month against the first: steady growth, the year's rhythm, and the rush before Lebaran."""
    passed = (month.year - start.year) * 12 + month.month - start.month
    rush = 1.38 if before_lebaran(month) else 1.0
    return (1 + growth_pct / 100) ** passed * _OF_MONTH[month.month - 1] * rush


def rounded(amount: float, unit: int = 1000) -> int:
    """An estimate as people would write it: whole thousands."""
    return round(amount / unit) * unit
