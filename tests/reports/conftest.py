"""`told`: the world after the quarter of `story`, made once and copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import World, checked, made_once, open_world, story_over
from tests.reports.story import tell


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh-golden", action="store_true", help="write the golden statements anew")


@pytest.fixture(scope="session")
def told_template(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "told", story_over(template, tell)) / "world.db"


@pytest.fixture
def told(told_template: Path, tmp_path: Path) -> Iterator[World]:
    """A copy of the told world; at the end every truth of both books must hold."""
    path = tmp_path / "told.db"
    path.write_bytes(told_template.read_bytes())
    yield from checked(open_world(f"sqlite:///{path}", str(told_template)))
