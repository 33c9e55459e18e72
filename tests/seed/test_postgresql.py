"""The same story on PostgreSQL, behind its own fences."""

from datetime import UTC, datetime

import time_machine

from core import secrets
from models.transaction import Database
from seed import logins, story, village
from services.ledger.checks import check_books
from tests import postgres
from tests.conftest import build
from tests.seed.conftest import coop_id


def test_the_story_holds_on_postgresql(pg_url: str) -> None:
    secrets.use_key(bytes(range(32)))
    database = Database(postgres.create(pg_url, "demo"))
    build(database)
    with time_machine.travel(datetime(2026, 1, 1, 3, 0, tzinfo=UTC), tick=True):
        story.tell(database, village, story.business_day(village.SETTING.zone), lambda _: None)
        here = coop_id(database, logins.VILLAGE)
        with database.reading(here) as session:
            assert check_books(session, here) == []
    database.engine.dispose()
