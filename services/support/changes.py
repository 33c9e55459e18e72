"""What the product can do since when, and what comes next: read from two files that go with it."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
KINDS = {"baru": "Baru", "lebih-baik": "Lebih baik", "perbaikan": "Perbaikan"}


@dataclass(frozen=True)
class Change:
    """One thing people can do now, or that works better."""

    kind: str
    title: str
    about: str


@dataclass(frozen=True)
class Day:
    """What came on one day."""

    on: date
    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Plan:
    """One thing that is planned, and for whom."""

    title: str
    about: str


@dataclass(frozen=True)
class Stage:
    """How near plans are."""

    title: str
    about: str
    plans: tuple[Plan, ...]


@cache
def days() -> tuple[Day, ...]:
    """What is new, the latest day first."""
    kept = tomllib.loads((_HERE / "yang_baru.toml").read_text("utf-8"))["hari"]
    found = [
        Day(day["tanggal"], day["judul"], tuple(Change(*_texts(one, "jenis")) for one in day["isi"])) for day in kept
    ]
    return tuple(sorted(found, key=lambda day: day.on, reverse=True))


@cache
def stages() -> tuple[Stage, ...]:
    """What is planned, the nearest first."""
    kept = tomllib.loads((_HERE / "rencana.toml").read_text("utf-8"))["tahap"]
    return tuple(
        Stage(stage["judul"], stage["tentang"], tuple(Plan(*_texts(one)) for one in stage["isi"])) for stage in kept
    )


def _texts(entry: dict[str, str], *first: str) -> list[str]:
    return [entry[name] for name in (*first, "judul", "tentang")]
