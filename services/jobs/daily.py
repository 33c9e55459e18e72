"""The day's chores: every truth of every cooperative's books, and clearing away what has had its time.

Each chore looks at how things stand, not at when it last ran: running twice changes nothing, and after days without a
run one run catches up.
"""

import logging
import time
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.clock import ZONES, today
from core.display import date_long
from models.coops import Coop
from models.transaction import Database
from services.access import housekeeping
from services.ledger.checks import check_books

BROKEN = "Rusak: "
"""How a line about a broken truth begins."""
TASK = "jobs.daily"
STAMP = "jobs-daily.txt"
log = logging.getLogger("ekopz.daily")


def run(database: Database, day: date, *, folder: Path | None = None) -> list[str]:
    """Do the chores of `day`; a line for each thing found or done. `folder` is the data folder, for stale uploads."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONES["WIB"]))
    with database.platform("daily chores: which cooperatives") as session:
        coops = list(session.scalars(select(Coop).order_by(Coop.slug)))
    lines = [line for coop in coops for line in _of_coop(database, coop, midnight)]
    with database.platform("daily chores: old sign-ins", writes=True) as session:
        gone = housekeeping.prune(session, midnight)
    if folder is not None:
        from services.imports import runs  # reading spreadsheets is heavy to load, and only this chore needs it

        gone["berkas unggahan"] = runs.forget_old(database, folder)
    lines += [f"Dibersihkan: {count} {what}." for what, count in gone.items() if count]
    return lines


def _of_coop(database: Database, coop: Coop, midnight: datetime) -> list[str]:
    with database.reading(coop.id) as session:
        findings = check_books(session, coop.id)
    with database.transaction(coop.id) as session:
        expired = housekeeping.expire_requests(session, midnight)
    lines = [f"{BROKEN}{coop.slug}: {finding.message}" for finding in findings] or [f"{coop.slug}: semua buku benar."]
    return lines + ([f"{coop.slug}: {expired} pengajuan kedaluwarsa."] if expired else [])


def due(folder: Path) -> list[tuple[str, dict[str, str]]]:
    """The job of today, as long as it has not been done: what a queue that looks around asks."""
    day = today().isoformat()
    try:
        done = (folder / STAMP).read_text("utf-8").partition("\n")[0]
    except OSError:
        done = ""
    return [] if done >= day else [(TASK, {"day": day})]


def work(database: Database, *, day: str, folder: Path) -> None:
    """The chores as a job of the queue: what they found goes to the log and into a file that marks the day as done."""
    started = time.monotonic()
    lines = run(database, date.fromisoformat(day), folder=folder)
    for line in lines:
        log.log(logging.ERROR if line.startswith(BROKEN) else logging.INFO, line)
    stamp = folder / STAMP
    unfinished = stamp.with_suffix(".new")
    took = f"Pekerjaan {date_long(date.fromisoformat(day))} selesai dalam {time.monotonic() - started:.1f} detik."
    unfinished.write_text("\n".join([day, *lines, took, ""]), "utf-8")
    unfinished.replace(stamp)
