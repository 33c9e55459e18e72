"""What the last daily chores said: of each cooperative's books whether they hold, never what is wrong with them."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from services.jobs.daily import BROKEN, STAMP, UNFINISHED


@dataclass(frozen=True)
class Outcome:
    """The day the chores were done for, and by slug how many truths are broken and how many wait for an opening."""

    day: date
    broken: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    sound: frozenset[str] = frozenset()


def last(folder: Path) -> Outcome | None:
    """The last outcome in the data folder; None before the first."""
    try:
        day, *lines = (folder / STAMP).read_text("utf-8").splitlines()
        found = Outcome(date.fromisoformat(day))
    except (OSError, ValueError):
        return None
    for line in lines:
        for beginning, counts in ((BROKEN, found.broken), (UNFINISHED, found.waiting)):
            if line.startswith(beginning):
                slug = line.removeprefix(beginning).partition(":")[0]
                counts[slug] = counts.get(slug, 0) + 1
    sound = frozenset(line.partition(":")[0] for line in lines if line.endswith(": semua buku benar."))
    return Outcome(found.day, found.broken, found.waiting, sound)
