"""What day and moment it is, for a cooperative in its own zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str = "WIB") -> date:
    """The business date in one of Indonesia's three zones (a UTC server is a day behind until 07:00 WIB)."""
    return datetime.now(ZoneInfo(ZONES[zone])).date()


def local(moment: datetime, zone: str = "WIB") -> datetime:
    """A stored UTC moment as people of `zone` read it; SQLite hands moments back naive."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(ZONES[zone]))


def moment_of(there: datetime, zone: str = "WIB") -> datetime:
    """What a clock on the wall of `zone` shows (naive), as a moment in UTC."""
    return there.replace(tzinfo=ZoneInfo(ZONES[zone])).astimezone(UTC)
