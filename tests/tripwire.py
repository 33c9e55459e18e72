"""An alarm on the wire: SQL that names a cooperative's table without saying which cooperative fails the test.

It hears what the session guard cannot: Core statements, text, other libraries. Let through are the platform's own
sessions, rows the session already holds (flushed or refreshed by key: the guard saw them), and `bare_sql()`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import ORMExecuteState

from models.rls import tables
from models.transaction import PLATFORM, Database, TenantSession

_TABLE = re.compile(rf'\b(?:from|join|into|update)\s+"?({"|".join(tables())})\b', re.IGNORECASE)
_WRITES = re.compile(r'(?:insert(?:\s+or\s+\w+)?\s+into|update|delete\s+from)\s+"?(\w+)', re.IGNORECASE)
_allowed: ContextVar[bool] = ContextVar("bare_sql", default=False)


class NamesNoCooperative(AssertionError):
    """A statement over a cooperative's table does not say which cooperative."""


@contextmanager
def bare_sql() -> Iterator[None]:
    """For tests that go behind the house's back on purpose."""
    token = _allowed.set(True)
    try:
        yield
    finally:
        _allowed.reset(token)


@event.listens_for(TenantSession, "after_begin")
def _remember(session: TenantSession, _: Any, connection: Connection) -> None:
    connection.info["tenant_session"] = session


@event.listens_for(TenantSession, "do_orm_execute")
def _mark_refreshes(state: ORMExecuteState) -> None:
    if state.is_column_load:
        state.update_execution_options(refreshes_a_held_row=True)


@cache
def says_whose(statement: str) -> bool:
    """Whether a statement over a tenant table names the cooperative where it chooses rows."""
    if not _TABLE.search(statement):
        return True
    select = re.match(r"\s*select\b", statement, re.IGNORECASE)
    chooses = re.split(r"\bfrom\b", statement, maxsplit=1, flags=re.IGNORECASE)[-1] if select else statement
    return "coop_id" in chooses


@cache
def written(statement: str) -> frozenset[str]:
    """The tables a statement writes to."""
    return frozenset() if re.match(r"\s*select\b", statement, re.IGNORECASE) else frozenset(_WRITES.findall(statement))


def watch(database: Database) -> set[str]:
    """Put the alarm on this database's wire; the tables written to are told as they are."""
    touched: set[str] = set()

    @event.listens_for(database.engine, "before_cursor_execute")
    def _listen(connection: Connection, _c: Any, statement: str, _p: Any, context: Any, _m: Any) -> None:
        touched.update(written(statement))
        session = connection.info.get("tenant_session")
        if session is None or session.info.get("connection") is not connection:
            return  # a test looks at the tables by itself
        if _allowed.get() or session.info.get("coop_id") == PLATFORM or session._flushing:
            return
        if context is not None and context.execution_options.get("refreshes_a_held_row"):
            return
        if not says_whose(statement):
            raise NamesNoCooperative(statement)

    return touched
