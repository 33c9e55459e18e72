"""The story may be told on any day: the 1st, the 31st, a leap day, after payday (New Year: on PostgreSQL)."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine

from core import secrets
from models.ledger import JournalEntry
from models.transaction import Database
from seed import logins, seasons, story, village
from services.ledger.checks import check_books
from services.loans import arrears, collectibility
from tests.conftest import build
from tests.seed.conftest import coop_id, overdrawn


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 2, 1, 3, 0, tzinfo=UTC),
        datetime(2027, 2, 28, 3, 0, tzinfo=UTC),
        datetime(2028, 2, 29, 15, 0, tzinfo=UTC),
        datetime(2029, 3, 30, 20, 0, tzinfo=UTC),  # the 31st in Indonesia
    ],
)
def test_the_books_hold_on_any_day(tmp_path: Path, moment: datetime, pytestconfig: pytest.Config) -> None:
    if moment.day != 30 and not pytestconfig.getoption("--long"):
        pytest.skip("only with --long")
    secrets.use_key(bytes(range(32)))
    database = Database(f"sqlite:///{tmp_path / 'day.db'}")
    build(database)
    with time_machine.travel(moment, tick=True):
        today = story.business_day(village.SETTING.zone)
        story.tell(database, village, today, lambda _: None)
        here = coop_id(database, logins.VILLAGE)
        with database.reading(here) as session:
            assert check_books(session, here) == []
            assert overdrawn(session) == []
            classes = collectibility.by_class(
                collectibility.table(session, here, today), arrears.standings(session, here, today)
            )
            days = [entry.booked_on for entry in session.query(JournalEntry)]
    assert max(days) <= today
    assert all(line.count for line in classes)
    assert 2 <= collectibility.npl_pct(classes) <= 5
    assert {day.replace(day=1) for day in days} >= set(seasons.months(today)[:-1])
    database.engine.dispose()


@pytest.mark.parametrize(
    ("year", "feast"),
    [
        (2024, date(2024, 4, 10)),
        (2025, date(2025, 3, 31)),
        (2026, date(2026, 3, 20)),
        (2027, date(2027, 3, 10)),
        (2028, date(2028, 2, 26)),
        (2030, date(2030, 2, 4)),
    ],
)
def test_lebaran_moves_through_the_years(year: int, feast: date) -> None:
    assert abs((seasons.lebaran(year) - feast).days) <= 2


def test_people_prepare_for_lebaran_in_one_month_of_each_year() -> None:
    for year in range(2024, 2031):
        preparing = [month for month in range(1, 13) if seasons.before_lebaran(date(year, month, 1))]
        assert len(preparing) == 1, (year, preparing)


def test_working_days_keep_to_their_month() -> None:
    for month in seasons.months(date(2028, 12, 31)):
        for day in range(1, 32):
            found = seasons.working_day(month, day)
            assert found.month == month.month
            assert found.weekday() < 5
