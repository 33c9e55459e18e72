"""The same story on PostgreSQL, behind its own fences: told on the same day it is the same, entry by entry."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine

from core import secrets
from models.ledger import JournalEntry
from models.loans import Loan
from models.transaction import Database
from seed import logins, story, village
from services.ledger.checks import check_books
from tests import postgres
from tests.conftest import build
from tests.seed.conftest import coop_id, overdrawn

NEW_YEAR = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)  # 1 January in Lombok, still New Year's Eve in Jakarta


def test_the_story_is_the_same_on_both_databases(pg_url: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    if not pytestconfig.getoption("--long"):
        pytest.skip("only with --long")
    assert _told(postgres.create(pg_url, "demo")) == _told(f"sqlite:///{tmp_path / 'demo.db'}")


def _told(url: str) -> list[tuple[object, ...]]:
    """Every entry and loan of the village's story; its books hold and nothing is overdrawn."""
    secrets.use_key(bytes(range(32)))
    database = Database(url)
    build(database)
    with time_machine.travel(NEW_YEAR, tick=True):
        today = story.business_day(village.SETTING.zone)
        assert today == date(2026, 1, 1)
        story.tell(database, village, today, lambda _: None)
        here = coop_id(database, logins.VILLAGE)
        with database.reading(here) as session:
            assert check_books(session, here) == []
            assert overdrawn(session) == []
            entries = session.query(JournalEntry).order_by(JournalEntry.seq)
            found = [(entry.seq, entry.booked_on, entry.memo, entry.total_rp) for entry in entries]
            loans = session.query(Loan).order_by(Loan.id)
            found += [(loan.number, loan.state, loan.purpose, loan.outstanding_rp) for loan in loans]
    database.engine.dispose()
    return found
