"""What all measures share: a result that carries its own goal, medians, and books made for measuring."""

import os
import platform
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core import secrets
from core.actor import Actor
from core.clock import today
from models import schema
from models.transaction import Database
from services.coops.commands import create, founder
from services.ledger import periods


@dataclass(frozen=True)
class Result:
    """`ratio` needs no machine named; `goal` is how it should compare, `>= 0.33` or `<= 2`; "" is for information.

    What somebody waits for has a limit of its own: `seconds` should be at most `within_s`.
    """

    name: str
    ours: str
    peer: str
    ratio: float | None
    goal: str = ""
    note: str = ""
    seconds: float | None = None
    within_s: float | None = None

    @property
    def met(self) -> bool | None:
        """None without a goal."""
        if self.seconds is not None and self.within_s is not None:
            return self.seconds <= self.within_s
        if not self.goal or self.ratio is None:
            return None
        sign, limit = self.goal.split()
        return self.ratio >= float(limit) if sign == ">=" else self.ratio <= float(limit)


@contextmanager
def folder() -> Iterator[Path]:
    """A place for one measure, on the disk the working folder's data would lie on."""
    with tempfile.TemporaryDirectory(prefix="ekopz-bench-", dir=os.environ.get("EKOPZ_BENCH_DIR")) as name:
        yield Path(name)


def books(url: str, slug: str = "ukur") -> tuple[Database, Actor]:
    """A database with one cooperative, this year and last year open, and whoever may do everything in it."""
    secrets.use_key(bytes(range(32)))
    database = Database(url)
    schema.upgrade(database)
    with database.platform("bench", writes=True) as session:
        coop, user, _ = create(session, slug=slug, name="Koperasi Ukur")
        actor = founder(session, coop, user)
    with database.transaction(actor) as session:
        periods.open_year(session, actor, today().year - 1)
    return database, actor


def days(count: int) -> list[date]:
    """So many days spread over the year before this one, in order."""
    start = date(today().year - 1, 1, 1).toordinal()
    return [date.fromordinal(start + 364 * number // count) for number in range(count)]


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def median(values: list[float]) -> float:
    return statistics.median(values)


def machine() -> str:
    """On what this ran."""
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return f"{platform.machine()}, {os.cpu_count()} cores, {versions}"
