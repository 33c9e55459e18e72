"""A copy of a whole database at one moment, while others go on writing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select

from core.errors import Busy, StorageFull
from models import schema
from models.transaction import PLATFORM, Database, TenantSession


def copy_sqlite(database: Database, target: Path) -> None:
    """The database as it stands now, as a file of its own. Writers are not held up. Raises Busy, StorageFull."""
    with closing(database.engine.raw_connection()) as source, closing(sqlite3.connect(target)) as to:
        plain = source.driver_connection
        assert plain is not None
        try:
            plain.backup(to)
        except sqlite3.OperationalError as error:
            raise (Busy() if "locked" in str(error) or "busy" in str(error) else StorageFull()) from error


def is_sound(file: Path) -> bool:
    """Whether an SQLite file holds together: pages, indexes, keys."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            found = [line for (line,) in connection.execute("PRAGMA integrity_check(1000)")]
            # SQLite before 3.41 sees NULL in every column of a table without rowid whose key is not its first columns
            real = [line for line in found if line != "ok" and not line.startswith("NULL value in")]
            return not real and connection.execute("PRAGMA foreign_key_check").fetchone() is None
    except sqlite3.DatabaseError:
        return False


@contextmanager
def one_moment(database: Database) -> Iterator[tuple[TenantSession, str]]:
    """A session across cooperatives that sees one moment, and on PostgreSQL the name under which others see it too."""
    with database.session(writes=False, coop_id=PLATFORM) as session:
        if database.engine.dialect.name != "postgresql":
            yield session, ""
            return
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session, str(session.scalar(select(func.pg_export_snapshot())))


def has_tables(database: Database) -> bool:
    """Whether anything lies in the database."""
    with database.session(writes=False) as session:
        return bool(inspect(session.connection()).get_table_names())


def knows(revision: str) -> bool:
    """Whether this version of the product knows a schema revision (an older version does not know a newer one)."""
    scripts = ScriptDirectory.from_config(schema.config())
    return revision in {script.revision for script in scripts.walk_revisions()}
