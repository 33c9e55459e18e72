"""The schema of a database: brought up to date, or found behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from core.errors import StorageFull
from models.rls import EVERYONE, SETTING
from models.transaction import Database, as_refusal

ROOT = Path(__file__).parent.parent


class KeysBroken(AssertionError):
    """Our mistake: a revision left rows that refer to nothing."""


def config() -> Config:
    """Alembic's configuration, wherever the command was called from."""
    return Config(ROOT / "alembic.ini")


def upgrade(database: Database, to: str = "head") -> None:
    """Every pending revision (up to one) in one transaction: an interrupted upgrade leaves the old schema whole.

    Raises:
        StorageFull: the disk could not take it; the old schema is kept.
    """
    settings = config()
    with rebuilding(database) as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, to)


def is_current(database: Database) -> bool:
    """Whether the database has every revision this version knows."""
    return revision_of(database) == ScriptDirectory.from_config(config()).get_current_head()


def revision_of(database: Database) -> str | None:
    """The revision the database has, or None before the first."""
    with database.session(writes=False) as session:
        return MigrationContext.configure(session.connection()).get_current_revision()


def size(database: Database) -> int:
    """How many bytes the database takes."""
    with database.session(writes=False) as session:
        if database.engine.name == "postgresql":
            return int(session.scalar(select(func.pg_database_size(func.current_database()))) or 0)
        connection = session.connection()
        pages, each = (
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("page_count", "page_size")
        )
        return int(pages) * int(each)


@contextmanager
def rebuilding(database: Database) -> Iterator[Connection]:
    """One transaction that may rebuild any table and sees the rows of every cooperative.

    SQLite changes a column by copying the table: its keys are looked at once at the end, not while a table that
    others refer to is away.
    """
    engine = database.engine.execution_options(sqlite_begin="IMMEDIATE")
    with engine.connect() as connection, _loose_keys(connection), _full_disk_said(), connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.set_config(SETTING, EVERYONE, True)))
        yield connection
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
            if broken:
                raise KeysBroken(str(broken))


@contextmanager
def _loose_keys(connection: Connection) -> Iterator[None]:
    """SQLite heeds these settings outside transactions only, and the pool gets the connection back as it was."""
    if connection.dialect.name != "sqlite":
        yield
        return
    plain = connection.connection.driver_connection
    assert plain is not None
    plain.execute("PRAGMA foreign_keys = OFF")
    plain.execute("PRAGMA legacy_alter_table = ON")  # renaming leaves triggers and keys of other tables alone
    try:
        yield
    finally:
        plain.execute("PRAGMA legacy_alter_table = OFF")
        plain.execute("PRAGMA foreign_keys = ON")


@contextmanager
def _full_disk_said() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        refusal = as_refusal(error)
        if isinstance(refusal, StorageFull):
            raise refusal from error
        raise
