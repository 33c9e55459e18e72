"""The books are proved on both databases."""

import pytest

from tests.conftest import World


@pytest.fixture
def world(any_world: World) -> World:
    return any_world
