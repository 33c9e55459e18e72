"""`world`: a small cooperative and its people, on a real database; every test's books are checked at its end."""

import fcntl
import gc
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Dialect
from werkzeug.security import generate_password_hash

import models
from core import secrets
from core.actor import NOWHERE, Actor
from models.access import CoopUser, RoleGrant, User
from models.coops import Coop
from models.ledger import Account
from models.rls import statements as fences
from models.rls import tables
from models.transaction import Database, TenantSession
from models.triggers import statements
from services.access.roles import ROLES
from services.access.sign_in import actor_in
from services.coops.commands import create
from services.ledger.checks import check_books, the_audit_trail_is_unbroken
from services.members import commands as members
from services.savings import products
from services.subscriptions import plans
from tests import postgres, tripwire
from tests.browsers import open_chromium

PASSWORD = "kuda lari pagi hari"
# made with little work, so that a sign-in costs a test little; tests/access prove the real one
PASSWORD_HASH = generate_password_hash(PASSWORD, method="scrypt:1024:8:1")
PEOPLE = {
    "petugas": "Rina Petugas",
    "bendahara": "Budi Bendahara",
    "sekretaris": "Sari Sekretaris",
    "ketua": "Kartika Ketua",
    "pengelola_toko": "Toni Toko",
    "pengawas": "Wayan Pengawas",
}
# what is written beside the books: no truth speaks of these, save that of the trail
BOOKS = {*tables()} - {
    "announcements", "audit_records", "coop_settings", "coop_users", "join_requests", "member_consents",
    "membership_claims", "notifications", "outgoing_mails", "practice_done", "privacy_requests", "reviews",
    "role_grants", "setup_marks", "subscription_changes", "subscription_invoices", "subscription_payments",
    "subscriptions", "support_grants", "support_visits", "ticket_messages", "tickets", "wished_products",
}  # fmt: skip
PLATFORM = {"operator_platform": "Oki Operator", "redaktur": "Ratna Redaktur", "penulis": "Panji Penulis"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="tests that search run for minutes, not seconds")


def pytest_collection_finish() -> None:
    """What lives as long as the tests do is not searched for garbage again and again: a tenth of their time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def build(database: Database) -> None:
    """Tables and triggers, as the migrations make them (a test of migrations proves they agree)."""
    with database.session(writes=True) as session, session.begin():
        connection = session.connection()
        models.Base.metadata.create_all(connection)
        for statement in statements(database.engine.dialect.name):
            connection.exec_driver_sql(statement)
        if database.engine.dialect.name == "postgresql":
            for statement in fences():
                connection.exec_driver_sql(statement)


@dataclass
class World:
    """Two cooperatives side by side: `coop` is ours, `other` is the neighbour who must never be seen."""

    database: Database
    coop: Coop
    other: Coop
    actors: dict[str, Actor] = field(default_factory=dict)
    other_actors: dict[str, Actor] = field(default_factory=dict)
    platform: dict[str, Actor] = field(default_factory=dict)
    checked: bool = True
    made_from: str = ""
    touched: set[str] = field(default_factory=set)

    def __getattr__(self, role: str) -> Actor:
        if role in ROLES and role in self.__dict__.get("actors", {}):
            return self.actors[role]
        raise AttributeError(role)

    def transaction(self, who: Actor | None = None):
        return self.database.transaction(who or self.actors["bendahara"])

    def reading(self, who: Actor | None = None):
        return self.database.reading(who or self.actors["bendahara"])

    def account(self, session: TenantSession, code: str) -> int:
        return session.query(Account).filter(Account.code == code).one().id

    def member(self, name: str = "Siti Aminah", *, who: str = "petugas", joined_on: date = date(2026, 1, 5)) -> int:
        """A member, applied for by petugas and approved by ketua."""
        with self.transaction(self.actors[who]) as session:
            applied = members.apply(session, self.actors[who], members.PersonData(name=name), applied_on=joined_on)
        with self.transaction(self.actors["ketua"]) as session:
            return members.approve(session, self.actors["ketua"], applied.id, joined_on=joined_on).id

    def product(self, kind: str) -> int:
        with self.reading() as session:
            return products.of_kind(session, self.actors["bendahara"], kind).id

    def assert_books_hold(self) -> None:
        for coop in (self.coop, self.other):
            with self.database.reading(coop.id) as session:
                if self.made_from and _rows(session) == _ROWS[self.made_from, coop.id]:
                    continue  # as the template's, which were checked
                if self.touched and not self.touched & BOOKS:
                    assert the_audit_trail_is_unbroken(session, coop.id) == []
                else:
                    assert check_books(session, coop.id) == []


def settle(database: Database, slug: str, name: str) -> tuple[Coop, dict[str, Actor]]:
    """A cooperative with one person for every role (the first user keeps ketua and bendahara of their own)."""
    with database.platform("test", writes=True) as session:
        coop, _, _ = create(session, slug=slug, name=name)
        for role, full_name in PEOPLE.items():
            user = User(username=f"{role}.{slug}", full_name=full_name)
            session.add(user)
            session.flush()
            session.add(CoopUser(coop_id=coop.id, user_id=user.id))
            session.add(RoleGrant(coop_id=coop.id, user_id=user.id, role=role))
    actors = {}
    with database.reading(coop.id) as session:
        for user in session.query(User).filter(User.username.endswith(f".{slug}")):
            role = user.username.split(".")[0]
            if role in PEOPLE:
                actors[role] = actor_in(session, user.id, coop.id)
    return coop, actors


def staff(database: Database) -> None:
    """Somebody for every role of the platform, and the plans it offers."""
    with database.platform("test", writes=True) as session:
        plans.create_usual(session)
        for role, full_name in PLATFORM.items():
            session.add(User(username=f"{role}.platform", full_name=full_name, platform_role=role))


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder `make` filled; workers that run side by side share one. Copy what is in it, do not write."""
    secrets.use_key(bytes(range(32)))
    base = factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    folder, part = shared / f"{name}-shared", shared / f"{name}-part"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            make(part)
            part.rename(folder)
    return folder


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world's database, made once and copied for each test."""
    return made_once(tmp_path_factory, "template", _make_template) / "world.db"


def _make_template(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'world.db'}")
    build(database)
    settle(database, "maju", "Koperasi Maju Bersama")
    settle(database, "tetangga", "Koperasi Tetangga Jaya")
    staff(database)
    database.engine.dispose()


def story_over(template: Path, tell: Callable[["World"], None]) -> Callable[[Path], None]:
    """For `made_once`: a copy of the template in which `tell` told what happened; every truth of its books holds."""

    def make(folder: Path) -> None:
        shutil.copy(template, folder / "world.db")
        world = open_world(f"sqlite:///{folder / 'world.db'}")
        tell(world)
        world.assert_books_hold()
        world.database.engine.dispose()

    return make


_STATEMENTS: dict[object, object] = {}
_DIALECTS: dict[str, Dialect] = {}


def database_at(url: str) -> Database:
    """A database whose statements are compiled once for all tests, not again for each test's engine."""
    database = Database(url, execution_options={"compiled_cache": _STATEMENTS})
    with database.engine.connect():  # the first of its kind asks the server what it can
        shared = _DIALECTS.setdefault(database.engine.name, database.engine.dialect)
    for engine in (database.engine, database._writer, database._reader):
        engine.dialect = shared
    return database


_PEOPLE: dict[str, tuple[dict[str, Actor], ...]] = {}
_ROWS: dict[tuple[str, int], tuple[int, ...]] = {}


def open_world(url: str, made_from: str = "") -> World:
    """A world over a copy of the template. Who is in it, and how many rows, is asked once for copies of one file."""
    database = database_at(url)
    touched = tripwire.watch(database)
    with database.platform("test") as session:
        coop, other = (session.query(Coop).filter(Coop.slug == slug).one() for slug in ("maju", "tetangga"))
    if not made_from or made_from not in _PEOPLE:
        people = _people(database, coop), _people(database, other), _platform(database)
        for one in (coop, other):
            with database.reading(one.id) as session:
                _ROWS[made_from, one.id] = _rows(session)
        _PEOPLE[made_from] = people
    actors, other_actors, platform = (dict(group) for group in _PEOPLE[made_from])
    return World(database, coop, other, actors, other_actors, platform, made_from=made_from, touched=touched)


def _people(database: Database, coop: Coop) -> dict[str, Actor]:
    actors = {}
    with database.reading(coop.id) as session:
        for user in session.query(User).filter(User.username.endswith(f".{coop.slug}")):
            role = user.username.split(".")[0]
            if role in PEOPLE:
                actors[role] = actor_in(session, user.id, coop.id)
    return actors


def _platform(database: Database) -> dict[str, Actor]:
    with database.platform("test") as session:
        people = session.query(User).filter(User.platform_role.is_not(None)).all()
    return {u.platform_role: Actor(u.id, NOWHERE, ROLES[u.platform_role].permissions, name=u.full_name) for u in people}


def _rows(session: TenantSession) -> tuple[int, ...]:
    """How many rows a cooperative has in each table."""
    counts = ", ".join(f"(select count(*) from {table} where coop_id = {session.coop_id})" for table in tables())
    return tuple(session.connection().exec_driver_sql(f"select {counts}").one())


@pytest.fixture
def world(template: Path, tmp_path: Path) -> Iterator[World]:
    """A fresh copy of two cooperatives with their people. At the end every truth of both books must hold."""
    path = tmp_path / "world.db"
    path.write_bytes(template.read_bytes())
    yield from checked(open_world(f"sqlite:///{path}", str(template)))


def untouched(database: Database) -> bool:
    """Nothing was written since the file was copied: its books are those of the template, which were checked."""
    wal = Path(f"{database.engine.url.database}-wal")
    return database.engine.name == "sqlite" and wal.exists() and wal.stat().st_size == 0


def checked(made: World) -> Iterator[World]:
    yield made
    if made.checked and not untouched(made.database):
        made.assert_books_hold()
    made.database.engine.dispose()


@pytest.fixture(scope="session")
def pg_url() -> Iterator[str]:
    """A PostgreSQL server of our own with a role as the application has it: neither superuser nor past the fences."""
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def pg_template(pg_url: str) -> str:
    """The world's database on PostgreSQL, made once and copied for each test."""
    secrets.use_key(bytes(range(32)))
    database = Database(postgres.create(pg_url, "template_world"))
    build(database)
    settle(database, "maju", "Koperasi Maju Bersama")
    settle(database, "tetangga", "Koperasi Tetangga Jaya")
    staff(database)
    database.engine.dispose()
    return pg_url


@pytest.fixture
def pg_world(pg_template: str) -> Iterator[World]:
    """The same world on PostgreSQL."""
    with postgres.copy(pg_template, "template_world") as url:
        yield from checked(open_world(url, pg_template))


@pytest.fixture(params=["sqlite", "postgresql"])
def any_world(request: pytest.FixtureRequest) -> World:
    """The same test on both databases."""
    return request.getfixturevalue("world" if request.param == "sqlite" else "pg_world")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser for the tests of one file."""
    with open_chromium() as browser:
        yield browser
