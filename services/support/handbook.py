"""The handbook: how the most common tasks are done, step by step, read from the files that also film them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "panduan" / "tasks"
SECONDS = 4
"""How long the film stays at one step."""


@dataclass(frozen=True)
class Step:
    """A sentence for the reader, and what a browser does: `act` on what `label`, `button`, `link` or `text` names.

    `row` narrows it to the row of a list that holds this text; `value` is typed or chosen, `at` opened. A step that
    is not `pictured` is done without a picture.
    """

    text: str
    act: str
    at: str = ""
    label: str = ""
    button: str = ""
    link: str = ""
    seen: str = ""
    row: str = ""
    value: str = ""
    pictured: bool = True


@dataclass(frozen=True)
class Task:
    """One task: who does it (`user` of the demo signs in to show it), why, and the tour of the page it begins on."""

    number: str
    slug: str
    title: str
    whom: str
    about: str
    user: str
    steps: tuple[Step, ...]
    tour: str = ""

    @property
    def film(self) -> str:
        return f"panduan/{self.number}.webm"

    @property
    def captions(self) -> str:
        return f"panduan/{self.number}.vtt"

    @property
    def shown(self) -> tuple[tuple[Step, str], ...]:
        """The steps, each with the name of its picture or nothing."""
        return tuple(
            (step, f"panduan/{self.number}-{place}.webp" if step.pictured else "")
            for place, step in enumerate(self.steps, 1)
        )

    @property
    def seconds(self) -> int:
        return SECONDS * sum(step.pictured for step in self.steps)


@cache
def tasks() -> tuple[Task, ...]:
    """All of them, in the order of the book."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.toml")))


def find(slug: str) -> Task | None:
    return next((task for task in tasks() if task.slug == slug), None)


def of_tour(name: str) -> Task | None:
    """The task that begins on the page which this tour explains."""
    return next((task for task in tasks() if task.tour == name), None)


def _read(path: Path) -> Task:
    told = tomllib.loads(path.read_text("utf-8"))
    number, _, slug = path.stem.partition("-")
    steps = tuple(Step(**step) for step in told.pop("step"))
    return Task(number, slug, steps=steps, **told)
