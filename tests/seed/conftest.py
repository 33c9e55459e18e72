"""`seeded`: the file of a database in which both demo cooperatives have been told, made once. Copy it, do not write."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select

from core.actor import Actor
from models.access import User
from models.coops import Coop
from models.ledger import Account, JournalLine
from models.transaction import Database, TenantSession
from seed import logins, story
from services.access.sign_in import actor_in
from tests.conftest import build, made_once

TODAY = date(2026, 3, 31)
MORNING = datetime(2026, 3, 31, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo as of 31 March 2026; workers that run side by side share one."""
    return made_once(tmp_path_factory, "seeded", _tell) / "seeded.db"


def _tell(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'seeded.db'}")
    build(database)
    with time_machine.travel(MORNING, tick=True):
        story.load(database, when_empty=True, say=lambda _: None)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()


@pytest.fixture
def demo(seeded: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of the told demo, on its own day."""
    path = tmp_path / "demo.db"
    path.write_bytes(seeded.read_bytes())
    database = Database(f"sqlite:///{path}")
    with time_machine.travel(MORNING, tick=True):
        yield database
    database.engine.dispose()


def coop_id(database: Database, slug: str) -> int:
    with database.platform("test") as session:
        return session.query(Coop).filter(Coop.slug == slug).one().id


def actor(database: Database, slug: str, part: str) -> Actor:
    """Somebody of the story, by part."""
    wanted = logins.PEOPLE[slug][part].username
    with database.reading(coop_id(database, slug)) as session:
        user = session.query(User).filter(User.username == wanted).one()
        found = actor_in(session, user.id, coop_id(database, slug))
    assert found is not None
    return found


def overdrawn(session: TenantSession) -> list[tuple[str, date]]:
    """Assets that stood below zero, and on which day: cash nobody had, goods never bought."""
    query = (
        select(Account.code, JournalLine.booked_on, func.sum(JournalLine.debit_rp - JournalLine.credit_rp))
        .join(Account, Account.id == JournalLine.account_id)
        .where(Account.type == "asset", Account.normal_balance == "debit")
        .group_by(Account.code, JournalLine.booked_on)
        .order_by(Account.code, JournalLine.booked_on)
    )
    standing: dict[str, int] = {}
    found = []
    for code, day, moved_rp in session.execute(query):
        standing[code] = standing.get(code, 0) + moved_rp
        if standing[code] < 0:
            found.append((code, day))
    return found
