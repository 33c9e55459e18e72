"""How often public pages are looked at, summed by day: nobody in particular is remembered."""

import threading
import time
from collections import Counter
from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import today
from models.audit import PageCount
from models.transaction import Database

WRITE_EVERY_SECONDS = 20.0
LONGEST = 160
_ROBOTS = ("bot", "crawl", "spider", "slurp", "preview", "monitor", "curl", "python", "wget")


def is_robot(agent: str) -> bool:
    """Whether a browser's name says it is none."""
    plain = agent.casefold()
    return not plain or any(word in plain for word in _ROBOTS)


class Visits:
    """Counts in memory and writes the sums now and then; what a killed process had not written is lost."""

    def __init__(self) -> None:
        self._waiting: Counter[tuple[date, str]] = Counter()
        self._lock, self._written_at = threading.Lock(), time.monotonic()

    def look(self, database: Database, page: str, day: date | None = None) -> None:
        """One more look at a page (its path, or a name such as `daftar-koperasi:terkirim`)."""
        with self._lock:
            self._waiting[day or today(), page[:LONGEST]] += 1
            late = time.monotonic() - self._written_at > WRITE_EVERY_SECONDS
        if late:
            self.write(database)

    def write(self, database: Database) -> None:
        """Add what was counted to the day's sums."""
        with self._lock:
            counted, self._waiting, self._written_at = self._waiting, Counter(), time.monotonic()
        if not counted:
            return
        with database.platform("page counts", writes=True) as session:
            for (day, page), more in sorted(counted.items()):
                row = session.get(PageCount, (day, page), with_for_update=True)
                if row is None:
                    session.add(PageCount(day=day, page=page, views=more))
                else:
                    row.views += more


def views(session: Session, pages: Iterable[str], from_on: date, to_on: date) -> dict[str, int]:
    """Looks at each of `pages` from one day to another, both counted; pages nobody looked at are absent."""
    query = select(PageCount.page, func.sum(PageCount.views)).where(
        PageCount.page.in_(list(pages)), PageCount.day.between(from_on, to_on)
    )
    return {page: int(total) for page, total in session.execute(query.group_by(PageCount.page))}


def by_day(session: Session, page: str, from_on: date, to_on: date) -> dict[date, int]:
    """Looks at one page on each day from one to another; days without any are absent."""
    query = select(PageCount.day, PageCount.views).where(PageCount.page == page, PageCount.day.between(from_on, to_on))
    return dict(session.execute(query).tuples().all())
