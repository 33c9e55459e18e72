"""The job queue: work too long for a request, done in turn by one worker, in the server process or beside it.

Jobs lie in `jobs.db` in the data folder. Whoever holds the lock file works, so that any number of processes may offer
to; when one is killed the next takes over, does once more what the dead one had begun, and what cannot be done twice
is said to have failed. Jobs must bear being done again: each looks at the state of its own row first.
"""

import fcntl
import hashlib
import json
import logging
import math
import secrets
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from huey import SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer

from core.errors import Refusal
from models.transaction import Database
from services.imports import runs
from services.news import announcements
from services.privacy import breaches

FILE, LOCK = "jobs.db", "jobs.lock"
MOST_TRIES = 2
PAUSE_SECONDS = 1.0
LOOK_AROUND_SECONDS = 60.0
STOP_SECONDS = 20.0
DIED = "Pekerjaan ini terhenti di tengah jalan dua kali, jadi tidak dilanjutkan. Tidak ada yang dibukukan. Coba lagi."
MISTAKE = (
    "Ada kesalahan di pihak kami dan sudah tercatat (kode {mark}). Tidak ada yang dibukukan. "
    "Coba lagi; bila terulang, sampaikan kode itu kepada pengelola."
)
log = logging.getLogger("ekopz.jobs")
Job = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Task:
    """`work(database, **args)` does it; `failed(database, sentence, **args)` tells the person who waits for it."""

    work: Callable[..., None]
    failed: Callable[..., None] | None = None


def tasks_in(folder: Path) -> dict[str, Task]:
    """Everything the queue can do, with the data folder it does it in."""
    return {
        "imports.read": Task(partial(runs.read, folder=folder), runs.fail),
        "imports.book": Task(partial(runs.book, folder=folder), runs.fail),
        announcements.TASK: Task(announcements.work),
        breaches.TASK: Task(breaches.work),
    }


class _Plain(Serializer):  # type: ignore[misc]
    """JSON, which can carry nothing but plain values."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Any:
        return Message(*json.loads(bytes(data)))


class Queue:
    """`put` from anywhere; `start` a worker thread here, or `run_forever` in a process of its own."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        tasks: Mapping[str, Task] | None = None,
        unfinished: Callable[[Database], Iterable[Job]] = runs.unfinished,
    ) -> None:
        self.tasks = tasks_in(folder) if tasks is None else tasks
        self._database, self._unfinished = database, unfinished
        self._lock_file = folder / LOCK
        self._huey = SqliteHuey(
            "ekopz", filename=str(folder / FILE), results=False, serializer=_Plain(), strict_fifo=True, timeout=10
        )
        self._task = self._huey.task(name="job")(self._do)
        self._stop, self._wake = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def put(self, task_name: str, **args: Any) -> None:
        """Have a job done. The same job already waiting is enough; call this after the transaction it belongs to."""
        assert task_name in self.tasks, task_name
        try:
            if _key(task_name, args) not in self._waiting():
                self._task(task_name, args, 1)
        except sqlite3.Error:  # the row still says what it waits for: the worker looks around every minute
            log.exception("could not queue %s", task_name)
        self._wake.set()

    def length(self) -> int:
        """How many jobs wait."""
        return len(self._waiting())

    def start(self) -> None:
        """Work in a thread of this process, once. No signal handlers: those are the server's."""
        if self._thread is not None:
            return
        self._stop.clear()
        self._thread = threading.Thread(target=self._work, name="ekopz-jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take no further job; the one in hand is given a while to end, else the next worker does it again."""
        self._told()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)
            self._thread = None

    def run_forever(self) -> None:
        """Work in this thread until SIGTERM or Ctrl-C; the job in hand is ended first."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told)
        self._work()

    def _told(self, *_: object) -> None:
        self._stop.set()
        self._wake.set()

    def work_off(self) -> int:
        """Do everything that waits, in this thread; how many jobs that were."""
        with self._turn() as mine:
            if mine:
                self._take_over()
            done = 0
            while mine and self._next():
                done += 1
            return done

    def close(self) -> None:
        self._huey.storage.close()

    # the worker

    def _work(self) -> None:
        with self._turn() as mine:
            looked = -math.inf
            while mine and not self._stop.is_set():
                try:
                    if looked == -math.inf:
                        self._take_over()
                    if time.monotonic() - looked > LOOK_AROUND_SECONDS:
                        self._look_around()
                        looked = time.monotonic()
                    if not self._next():
                        self._wake.wait(PAUSE_SECONDS)
                        self._wake.clear()
                except Exception:
                    log.exception("the worker rests a while")
                    self._stop.wait(5 * PAUSE_SECONDS)

    @contextmanager
    def _turn(self) -> Iterator[bool]:
        """Waits for the lock, which the system takes from the dead. False when told to stop first."""
        with self._lock_file.open("a") as held:
            while not self._stop.is_set():
                try:
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    self._stop.wait(PAUSE_SECONDS)
                else:
                    yield True
                    return
            yield False

    def _next(self) -> bool:
        task = self._huey.dequeue()
        if task is None:
            return False
        self._huey.execute(task)
        return True

    def _do(self, name: str, args: dict[str, Any], tries: int) -> None:
        key = _key(name, args)
        if name not in self.tasks:
            log.error("this version does not know the job %s %s", name, args)
            return
        self._huey.storage.put_data(key, json.dumps([name, args, tries]).encode())
        try:
            self.tasks[name].work(self._database, **args)
        except Refusal as refusal:
            self._tell(name, args, refusal.sentence)
        except Exception:
            mark = secrets.token_hex(4)
            log.exception("mistake %s in job %s %s", mark, name, args)
            self._tell(name, args, MISTAKE.format(mark=mark))
        self._huey.storage.pop_data(key)

    def _tell(self, name: str, args: dict[str, Any], sentence: str) -> None:
        failed = self.tasks[name].failed
        if failed is not None:
            failed(self._database, sentence, **args)

    def _take_over(self) -> None:
        """What a worker before us had begun when it was killed: once more, then never again."""
        for key, value in self._huey.storage.result_items().items():
            name, args, tries = json.loads(bytes(value))
            log.warning("job %s %s was interrupted, try %s", name, args, tries)
            if name in self.tasks and tries < MOST_TRIES:
                self._task(name, args, tries + 1)
            elif name in self.tasks:
                self._tell(name, args, DIED)
            self._huey.storage.pop_data(key)

    def _look_around(self) -> None:
        """What waits for a job that was never put, because somebody died between the one and the other."""
        for name, args in self._unfinished(self._database):
            self.put(name, **args)

    def _waiting(self) -> set[str]:
        found = (self._huey.deserialize_task(data).args for data in self._huey.storage.enqueued_items())
        return {_key(name, args) for name, args, _ in found}


def _key(name: str, args: Mapping[str, Any]) -> str:
    canonical = json.dumps([name, args], sort_keys=True)
    return f"job:{hashlib.sha256(canonical.encode()).hexdigest()}"
