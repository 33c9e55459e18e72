"""The queue: each job once, in turn, by one worker; what a dead one left is done once more, then given up in words."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.errors import Busy
from services.jobs import queue as queues
from services.jobs.queue import Queue, Task

ROOT = Path(__file__).parents[2]
NOTHING = ()


class Diary:
    """Tasks that write down what happened to them."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.said: list[tuple[str, int]] = []
        self.arrived = threading.Event()

    def work(self, _, number: int) -> None:
        self.done.append(number)
        self.arrived.set()

    def failed(self, _, sentence: str, number: int) -> None:
        self.said.append((sentence, number))

    def task(self, work: Callable[..., None] | None = None) -> dict[str, Task]:
        return {"note": Task(work or self.work, self.failed)}


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
def made(tmp_path) -> Iterator[Callable[..., Queue]]:
    """Queues over one folder, as processes would open them."""
    opened: list[Queue] = []

    def make(tasks, unfinished=lambda _: NOTHING) -> Queue:
        opened.append(Queue(tmp_path, None, tasks, unfinished))
        return opened[-1]

    yield make
    for one in opened:
        one.stop()
        one.close()


def test_jobs_are_done_in_the_order_they_came(made, diary):
    queue = made(diary.task())
    for number in (3, 1, 2):
        queue.put("note", number=number)
    assert queue.work_off() == 3
    assert diary.done == [3, 1, 2]
    assert queue.work_off() == 0


def test_a_job_put_twice_is_done_once(made, diary):
    first, second = made(diary.task()), made(diary.task())
    first.put("note", number=1)
    second.put("note", number=1)
    assert first.work_off() == 1
    assert diary.done == [1]


def test_a_job_may_come_again_once_it_is_done(made, diary):
    queue = made(diary.task())
    for _ in range(2):
        queue.put("note", number=1)
        queue.work_off()
    assert diary.done == [1, 1]


def test_jobs_outlive_the_process_that_put_them(made, diary):
    made(diary.task()).put("note", number=7)
    assert made(diary.task()).work_off() == 1
    assert diary.done == [7]


def test_a_refusal_is_told_in_its_own_words_and_not_tried_again(made, diary):
    def refuse(_, number):
        raise Busy()

    queue = made(diary.task(refuse))
    queue.put("note", number=1)
    assert queue.work_off() == 1
    assert diary.said == [(Busy().sentence, 1)]
    assert queue.work_off() == 0


def test_a_mistake_of_ours_is_told_without_its_trace(made, diary):
    def stumble(_, number):
        raise ZeroDivisionError("secret detail")

    queue = made(diary.task(stumble))
    queue.put("note", number=1)
    queue.put("note", number=2)
    assert queue.work_off() == 2
    [(sentence, _), (other, _)] = diary.said
    assert "sudah tercatat (kode " in sentence
    assert "secret" not in sentence
    assert sentence != other


def test_a_worker_in_the_server_wakes_when_something_comes(made, diary):
    queue = made(diary.task())
    queue.start()
    queue.put("note", number=1)
    assert diary.arrived.wait(60)
    queue.stop()
    assert diary.done == [1]


def test_starting_a_worker_leaves_the_server_s_signals_alone(made, diary):
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    queue = made(diary.task())
    queue.start()
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


def test_stopping_ends_the_job_in_hand_and_takes_no_other(made, diary):
    began, go_on = threading.Event(), threading.Event()

    def slow(_, number):
        began.set()
        go_on.wait(60)
        diary.done.append(number)

    queue = made(diary.task(slow))
    queue.put("note", number=1)
    queue.put("note", number=2)
    queue.start()
    assert began.wait(60)
    stopping = threading.Thread(target=queue.stop)
    stopping.start()
    queue._stop.wait(60)
    go_on.set()
    stopping.join(60)
    assert diary.done == [1]


def test_only_one_worker_works_at_a_time_and_the_next_takes_over(made, diary):
    began, go_on, inside, most = threading.Event(), threading.Event(), [], []

    def slow(_, number):
        inside.append(number)
        most.append(len(inside))
        began.set()
        go_on.wait(60)
        inside.remove(number)
        diary.work(_, number)

    first, second = made(diary.task(slow)), made(diary.task(slow))
    first.put("note", number=1)
    first.put("note", number=2)
    first.start()
    assert began.wait(60)
    second.start()
    go_on.set()
    first.stop()
    second.put("note", number=3)
    for _ in range(100):
        if {1, 2, 3} <= set(diary.done):
            break
        diary.arrived.clear()
        diary.arrived.wait(0.2)
    assert sorted(diary.done) == [1, 2, 3]
    assert max(most) == 1


KILLED = """
import os, sys
from pathlib import Path
from services.jobs.queue import Queue, Task
folder = Path(sys.argv[1])
def die(_, number): os.kill(os.getpid(), 9)
Queue(folder, None, {"note": Task(die)}, lambda _: ()).work_off()
"""


def killed_in_the_middle(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder)], cwd=ROOT, env={**os.environ, "PYTHONPATH": "."})
    assert done.returncode == -signal.SIGKILL


def test_what_a_killed_worker_had_begun_is_done_once_more(made, diary, tmp_path):
    made(diary.task()).put("note", number=1)
    killed_in_the_middle(tmp_path)
    assert made(diary.task()).work_off() == 1
    assert diary.done == [1]
    assert diary.said == []


def test_a_job_that_kills_every_worker_is_given_up_in_words(made, diary, tmp_path):
    made(diary.task()).put("note", number=1)
    killed_in_the_middle(tmp_path)
    killed_in_the_middle(tmp_path)
    assert made(diary.task()).work_off() == 0
    assert diary.done == []
    assert diary.said == [(queues.DIED, 1)]
    made(diary.task()).put("note", number=1)
    assert made(diary.task()).work_off() == 1, "a person may ask for it again"


def test_a_job_of_another_version_stops_nobody(made, diary):
    made({"old": Task(diary.work)}).put("old", number=1)
    queue = made(diary.task())
    queue.put("note", number=2)
    queue.work_off()
    assert diary.done == [2]


def test_what_was_kept_but_never_queued_is_found_by_looking_around(made, diary):
    queue = made(diary.task(), lambda _: [] if diary.done else [("note", {"number": 5})])
    queue.start()
    assert diary.arrived.wait(60)
    queue.stop()
    assert diary.done == [5]


def test_a_queue_that_cannot_be_written_leaves_the_row_to_say_what_it_waits_for(made, diary, tmp_path):
    queue = made(diary.task())
    (tmp_path / queues.FILE).unlink()
    (tmp_path / queues.FILE).mkdir()
    queue.close()
    queue.put("note", number=1)
    assert diary.done == []


def test_a_task_nobody_knows_is_our_mistake(made, diary):
    with pytest.raises(AssertionError):
        made(diary.task()).put("nosuch", number=1)


def test_jobs_are_kept_as_plain_text(made, diary, tmp_path):
    made(diary.task()).put("note", number=1)
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("jobs.db*"))
    assert b'"note"' in raw
    assert b"cbuiltins" not in raw
