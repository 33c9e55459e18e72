"""`jobs daily` and `jobs worker`: long and nightly work outside the server."""

import argparse
from functools import partial
from typing import TYPE_CHECKING, Any

from cli.opening import opened
from cli.usage import day
from core.clock import today
from core.errors import InvalidValue
from core.settings import Settings
from models.transaction import Database
from services.jobs import daily, lapsed
from services.news import announcements
from services.notifications import outbox
from services.privacy import breaches

if TYPE_CHECKING:
    from services.jobs.queue import Queue


def add_parser(subparsers: Any) -> None:
    """Each with `run` set to its handler: (arguments) -> exit code."""
    jobs = subparsers.add_parser("jobs", help="pekerjaan harian dan antrean")
    acts = jobs.add_subparsers(metavar="daily|worker", required=True)
    chores = acts.add_parser("daily", help="periksa semua buku dan bersihkan yang lama")
    chores.add_argument("--date", type=day, metavar="TGL", help="tanggal kerja (hari ini)")
    chores.set_defaults(run=do_chores)
    acts.add_parser("worker", help="kerjakan antrean di proses tersendiri").set_defaults(run=work)


def do_chores(arguments: argparse.Namespace) -> int:
    """The day's chores now; exit 1 when a truth of some books is broken. Raises InvalidValue for a day to come."""
    if arguments.date and arguments.date > today():
        raise InvalidValue(field="--date", reason="pilih hari ini atau sebelumnya.")
    with opened() as found:
        lines = daily.run(found.database, arguments.date or today(), folder=found.settings.data)
    print("\n".join(lines) or "Belum ada koperasi.")
    return int(any(line.startswith((daily.BROKEN, daily.UNFINISHED)) for line in lines))


def work(arguments: argparse.Namespace) -> int:
    """Work off the queue until stopped by SIGTERM or Ctrl-C; the job in hand is ended first."""
    with opened() as found:
        queue = queue_of(found.settings, found.database)
        print("Antrean dikerjakan di sini. Berhenti dengan Ctrl-C.", flush=True)
        queue.run_forever()
        queue.close()
    return 0


def queue_of(chosen: Settings, database: Database) -> "Queue":
    """The queue of this installation; the day's chores are in it once a day."""
    from services.imports import runs
    from services.jobs.queue import Queue, Task, tasks_in

    chores = Task(partial(daily.work, folder=chosen.data))
    queue = Queue(
        chosen.data,
        database,
        tasks={
            **tasks_in(chosen.data), daily.TASK: chores, outbox.TASK: Task(outbox.work), lapsed.TASK: Task(lapsed.work),
        },
        unfinished=lambda opened: [
            *runs.unfinished(opened), *daily.due(chosen.data), *outbox.due(opened), *lapsed.due(opened),
            *announcements.due(opened), *breaches.due(opened),
        ],
    )  # fmt: skip
    outbox.wake_with(partial(queue.put, outbox.TASK))
    return queue
