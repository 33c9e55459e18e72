"""The privacy page and the terms, as versioned data: what is kept, why, how long, and for whom."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

NAMES = ("privasi", "ketentuan")
_HERE = Path(__file__).parent / "texts"


@dataclass(frozen=True)
class Part:
    """A heading with rows of two columns, then paragraphs."""

    title: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Text:
    """A page in the words of one version."""

    version: str
    since: date
    title: str
    lead: str
    parts: tuple[Part, ...]


@cache
def read(name: str) -> Text:
    """The page of this name (one of `NAMES`) as it holds now."""
    assert name in NAMES, name
    told = tomllib.loads((_HERE / f"{name}.toml").read_text("utf-8"))
    parts = tuple(
        Part(part["title"], tuple(part.get("paragraphs", ())), tuple((a, b) for a, b in part.get("rows", ())))
        for part in told["parts"]
    )
    return Text(told["version"], told["since"], told["title"], told["lead"], parts)


def version() -> str:
    """Which version a consent is given to today."""
    return read("privasi").version
