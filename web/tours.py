"""Guided tours of pages as data, a file per endpoint: shown as help text, or walked step by step."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app, g, request

from services.access import tours
from web.request import db

KEPT = "ekopz.tours"


@dataclass(frozen=True)
class Step:
    """One thing to look at: `at` and `phone` are selectors on a wide and a narrow page; neither: the page itself."""

    title: str
    text: str
    at: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Tour:
    """The tour of the page that `name` (an endpoint) answers."""

    name: str
    title: str
    steps: tuple[Step, ...]


def add(app: Flask, folder: Path) -> None:
    """Let the app know the tours of a folder (`<endpoint>.toml`), and templates ask for the one of their page."""
    known: dict[str, Tour] = app.extensions.setdefault(KEPT, {})
    for path in sorted(folder.glob("*.toml")):
        told = tomllib.loads(path.read_text("utf-8"))
        steps = tuple(Step(**step) for step in told["step"])
        known[path.stem] = Tour(path.stem, told["title"], steps)
    app.jinja_env.globals.update(tour_here=here, tour_is_new=is_new)


def find(name: str) -> Tour | None:
    known: dict[str, Tour] = current_app.extensions[KEPT]
    return known.get(name)


def here() -> Tour | None:
    """The tour of the page that is being answered."""
    return find(request.endpoint or "")


def is_new(tour: Tour) -> bool:
    """Whether somebody signed in has not seen it yet."""
    who = g.get("signed_in")
    return who is not None and not tours.has_seen(db(), who.user_id, tour.name)
