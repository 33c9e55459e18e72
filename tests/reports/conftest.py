"""`told`: the world after the quarter of `story`, made once and copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import World, checked, open_world
from tests.reports.story import tell


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh-golden", action="store_true", help="write the golden statements anew")


@pytest.fixture(scope="session")
def told_template(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("told") / "world.db"
    path.write_bytes(template.read_bytes())
    world = open_world(f"sqlite:///{path}")
    tell(world)
    world.assert_books_hold()
    world.database.engine.dispose()
    return path


@pytest.fixture
def told(told_template: Path, tmp_path: Path) -> Iterator[World]:
    """A copy of the told world; at the end every truth of both books must hold."""
    path = tmp_path / "told.db"
    path.write_bytes(told_template.read_bytes())
    yield from checked(open_world(f"sqlite:///{path}", str(told_template)))
