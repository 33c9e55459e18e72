"""Sessions: `transaction` writes, `reading` cannot, and both see one cooperative only.

The tenant is `session.info["coop_id"]`. A session without it sees no tenant row at all (fail closed); the platform's
own work opens `platform(reason)`, the only way to see several.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, Integer, bindparam, create_engine, event, func, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, attributes, with_loader_criteria
from sqlalchemy.orm.context import FromStatement
from sqlalchemy.orm.util import LoaderCriteriaOption

from core.actor import NOWHERE, Actor
from core.errors import Busy, Refusal, StorageFull
from models.base import BelongsToCoop
from models.rls import EVERYONE, SETTING

NOBODY = NOWHERE
PLATFORM = 0
WAIT_SECONDS = 10
log = logging.getLogger("ekopz.tenant")


class TenantViolation(AssertionError):
    """Our mistake: a row was about to be written into another cooperative."""


class ReadOnlyViolation(AssertionError):
    """Our mistake: a reader tried to write."""


_BELONG = select(
    func.set_config(SETTING, bindparam("whose"), True), func.set_config("lock_timeout", f"{WAIT_SECONDS}s", True)
)
_COOP_PLACE = re.compile(r"coop_id(_m\d+)?")  # one row's, or that of each row of several
_LOCK_BOOKS = select(func.pg_advisory_xact_lock(func.hashtext("ekopz.books"), bindparam("coop_id", type_=Integer)))


class TenantSession(Session):
    """The only session of the house."""

    @property
    def coop_id(self) -> int:
        return int(self.info.get("coop_id", NOBODY))

    def belong_to(self, coop_id: int) -> None:
        """Switch the tenant, forgetting every row loaded for the one before."""
        if self.info.get("coop_id") != coop_id:
            self.expunge_all()
            self.info["coop_id"] = coop_id
            if (connection := self.info.get("connection")) is not None:
                _say_whose(self, connection)

    def _past_the_guard(self, *_: Any, **__: Any) -> None:
        raise TenantViolation("bulk methods pass the tenant guard by; use add_all or an ORM statement")

    bulk_save_objects = bulk_insert_mappings = bulk_update_mappings = _past_the_guard  # type: ignore[assignment]


@event.listens_for(TenantSession, "after_begin")
def _begun(session: TenantSession, _: SessionTransaction, connection: Connection) -> None:
    session.info["connection"] = connection
    _say_whose(session, connection)


@event.listens_for(TenantSession, "after_transaction_end")
def _ended(session: TenantSession, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("connection", None)


def _say_whose(session: TenantSession, connection: Connection) -> None:
    """Tell PostgreSQL whose rows this transaction works on; writers of one cooperative take turns, as on SQLite."""
    if connection.dialect.name != "postgresql":
        return
    coop_id = session.coop_id
    connection.execute(_BELONG, {"whose": {PLATFORM: EVERYONE, NOBODY: ""}.get(coop_id, str(coop_id))})
    if coop_id > 0 and not session.info.get("read_only"):
        connection.execute(_LOCK_BOOKS, {"coop_id": coop_id})


@event.listens_for(TenantSession, "do_orm_execute")
def _only_own_rows(state: ORMExecuteState) -> None:
    if state.session.info.get("read_only") and not state.is_select:
        raise ReadOnlyViolation(str(state.statement)[:80])
    coop_id = state.session.info.get("coop_id", NOBODY)
    if state.is_column_load or not state.is_orm_statement or coop_id == PLATFORM:
        return
    if isinstance(state.statement, FromStatement):
        raise TenantViolation("a ready-made statement passes the tenant guard by; select the entity itself")
    if state.is_insert or state.is_update:
        _only_own_values(state, coop_id)
    state.statement = state.statement.options(_rows_of(coop_id))


@lru_cache(maxsize=4096)
def _rows_of(coop_id: int) -> LoaderCriteriaOption:
    """Made once for a cooperative: it is the same for each of its statements."""
    return with_loader_criteria(BelongsToCoop, lambda table: table.coop_id == coop_id, include_aliases=True)


def _only_own_values(state: ORMExecuteState, coop_id: int) -> None:
    mapper = state.bind_mapper
    if mapper is None or not issubclass(mapper.class_, BelongsToCoop):
        return
    if state.is_update and isinstance(state.parameters, list):
        raise TenantViolation("an update by lists of keys passes the tenant guard by")
    if state.is_insert and _written_to(state) != {coop_id}:
        raise TenantViolation(f"{mapper.class_.__name__} for another cooperative than {coop_id}")


def _written_to(state: ORMExecuteState) -> set[Any]:
    """The cooperatives an INSERT names: in its rows, or in the values written into the statement itself."""
    given: Any = state.parameters
    if not given:
        named = state.statement.compile().params  # type: ignore[attr-defined]
        return {value for name, value in named.items() if _COOP_PLACE.fullmatch(name)}
    rows = given if isinstance(given, list) else [given]
    inline = state.statement._values or {}  # type: ignore[attr-defined]
    return {row.get("coop_id") for row in rows} | {"inline" for column in inline if column.key == "coop_id"}


@event.listens_for(TenantSession, "before_flush")
def _only_own_writes(session: Session, *_: Any) -> None:
    if session.info.get("read_only") and (session.new or session.dirty or session.deleted):
        raise ReadOnlyViolation("a reading session has changes")
    coop_id = session.info.get("coop_id", NOBODY)
    for row in session.new:
        if isinstance(row, BelongsToCoop) and coop_id != PLATFORM:
            if row.coop_id is None:
                row.coop_id = coop_id
            _same_coop(row, coop_id)
    for row in (*session.dirty, *session.deleted):
        if isinstance(row, BelongsToCoop):
            if coop_id != PLATFORM:
                _same_coop(row, coop_id)
            if attributes.get_history(row, "coop_id").deleted:
                raise TenantViolation(f"{type(row).__name__}.coop_id is immutable")


def _same_coop(row: BelongsToCoop, coop_id: int) -> None:
    if row.coop_id != coop_id:
        log.error("tenant violation: %s of coop %s in a session of %s", type(row).__name__, row.coop_id, coop_id)
        raise TenantViolation(f"{type(row).__name__} belongs to coop {row.coop_id}, session to {coop_id}")


def make_engine(url: str, **options: Any) -> Engine:
    """An engine whose transactions are real: SQLite in WAL, synchronous=FULL, foreign keys on, explicit BEGIN."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, **options)
    engine = create_engine(url, **options)

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions on its own
        patience = f"busy_timeout={WAIT_SECONDS * 1000}"
        for pragma in ("journal_mode=WAL", "synchronous=FULL", patience, "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        read_only = options.get("sqlite_read_only", False)
        if connection.info.get("read_only", False) != read_only:  # the pool hands one connection to both kinds
            connection.exec_driver_sql(f"PRAGMA query_only = {int(read_only)}")
            connection.info["read_only"] = read_only
        connection.exec_driver_sql(f"BEGIN {options.get('sqlite_begin', 'DEFERRED')}")

    return engine


class Database:
    """One engine, and the two kinds of session over it."""

    def __init__(self, url: str, **options: Any) -> None:
        self.engine = make_engine(url, **options)
        self._writer = self.engine.execution_options(sqlite_begin="IMMEDIATE")
        self._reader = self.engine.execution_options(postgresql_readonly=True, sqlite_read_only=True)

    def session(self, *, writes: bool, coop_id: int = NOBODY) -> TenantSession:
        """A session the caller closes; commits are the caller's too."""
        info = {"coop_id": coop_id, "read_only": not writes}
        return TenantSession(bind=self._writer if writes else self._reader, info=info, expire_on_commit=False)

    @contextmanager
    def transaction(self, who: Actor | int) -> Iterator[TenantSession]:
        """One unit of work of one cooperative: commits at the end, rolls back on any error.

        Raises:
            Busy, StorageFull: the database could not take it; nothing was kept.
        """
        coop_id = who.coop_id if isinstance(who, Actor) else who
        with refusing_politely(), self.session(writes=True, coop_id=coop_id) as session, session.begin():
            yield session

    @contextmanager
    def reading(self, who: Actor | int) -> Iterator[TenantSession]:
        """A session for reports and dashboards. Any attempt to write raises."""
        coop_id = who.coop_id if isinstance(who, Actor) else who
        with refusing_politely(reads_only=True), self.session(writes=False, coop_id=coop_id) as session:
            yield session

    @contextmanager
    def platform(self, reason: str, *, writes: bool = False) -> Iterator[TenantSession]:
        """Across cooperatives: sign-in, provisioning, nightly jobs. The reason goes to the log."""
        log.debug("platform session: %s", reason)
        with refusing_politely(reads_only=not writes), self.session(writes=writes, coop_id=PLATFORM) as session:
            if writes:
                with session.begin():
                    yield session
            else:
                yield session


def as_refusal(error: BaseException) -> Refusal | None:
    """The refusal a database error means for a person, or None when it is our own mistake."""
    text = str(getattr(error, "orig", error)).lower()
    if isinstance(error, DBAPIError):
        if "full" in text or "disk i/o" in text or "no space" in text or "readonly database" in text:
            return StorageFull()
        if isinstance(error, OperationalError) or "locked" in text or "deadlock" in text or "busy" in text:
            return Busy()
    return None


@contextmanager
def refusing_politely(*, reads_only: bool = False) -> Iterator[None]:
    """Turns a busy or full database into the sentence that says so; a reader that writes is our own mistake."""
    try:
        yield
    except DBAPIError as error:
        if reads_only and ("readonly" in str(error.orig) or "read-only" in str(error.orig)):
            raise ReadOnlyViolation(str(error.orig)) from error
        refusal = as_refusal(error)
        if refusal is None:
            raise
        log.warning("database refused: %s", error.orig)
        raise refusal from error
