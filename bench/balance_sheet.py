"""The neraca over small and large books: time must not grow with them."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

from bench.measure import Result, books, days, folder, median, seconds
from core.actor import Actor
from core.clock import today
from models.transaction import Database
from reports.balance_sheet import balance_sheet
from reports.shape import Statement
from services.ledger.checks import every_entry_balances, months_equal_the_lines
from services.ledger.posting import Posting, Role, credit, debit, post_many

SIZES = (10_000, 100_000, 1_000_000)
LINES_EACH, BATCH, ROUNDS = 4, 2_000, 15


def run() -> list[Result]:
    """The end of last year, today, and (for information) a day in the middle of a month long past."""
    last_year = today().year - 1
    asked = {"year end": date(last_year, 12, 31), "today": today(), "mid-month": date(last_year, 7, 15)}
    with folder() as place:
        made = [(size, *_made(place / f"{size}.db", size)) for size in SIZES]
        results = []
        for label, day in asked.items():
            goal = "" if label == "mid-month" else "<= 2"
            results.append(_measured(label, day, made, goal))
        for _, database, actor in made:
            _must_hold(database, actor)
        return results


def _made(file: Path, size: int) -> tuple[Database, Actor]:
    database, actor = books(f"sqlite:///{file}")
    batch: list[Posting] = []
    for posting in _postings(size // LINES_EACH):
        batch.append(posting)
        if len(batch) == BATCH:
            _book(database, actor, batch)
            batch = []
    _book(database, actor, batch)
    return database, actor


def _postings(count: int) -> Iterator[Posting]:
    for number, day in enumerate(days(count)):
        amount_rp = 10_000 + number % 977
        lines = [
            debit(Role.CASH, 3 * amount_rp),
            credit(Role.BANK, amount_rp),
            debit(Role.BANK, amount_rp),
            credit(Role.CASH, 3 * amount_rp),
        ]
        yield Posting(day, f"Mutasi {number}", f"bench:{number}", lines)


def _book(database: Database, actor: Actor, batch: list[Posting]) -> None:
    with database.transaction(actor) as session:
        post_many(session, actor, batch)


def _measured(label: str, day: date, made: list[tuple[int, Database, Actor]], goal: str) -> Result:
    times: dict[int, list[float]] = {size: [] for size, _, _ in made}
    for _ in range(ROUNDS):
        for size, database, actor in made:
            times[size].append(seconds(partial(_ask, database, actor, day)))
    taken = {size: 1000 * median(values) for size, values in times.items()}
    small, large = SIZES[0], SIZES[-1]
    middle = ", ".join(f"{size:,}: {taken[size]:.1f} ms" for size in SIZES[1:-1])
    return Result(
        f"balance-sheet, {label}",
        f"{taken[large]:.1f} ms at {large:,} lines",
        f"{taken[small]:.1f} ms at {small:,}",
        taken[large] / taken[small],
        goal,
        f"{middle}; {ROUNDS} rounds, interleaved",
    )


def _ask(database: Database, actor: Actor, day: date) -> Statement:
    with database.reading(actor) as session:
        found = balance_sheet(session, actor.coop_id, day, compare=None)
    assert all(check.holds for check in found.checks)
    return found


def _must_hold(database: Database, actor: Actor) -> None:
    """The kept sums the neraca reads are the sums of the lines."""
    with database.reading(actor) as session:
        assert months_equal_the_lines(session, actor.coop_id) == []
        assert every_entry_balances(session, actor.coop_id) == []
