"""A cooperative with a shop: unit TOKO, its shop, and Toni who keeps it."""

from dataclasses import dataclass
from datetime import date

import pytest

from core.actor import Actor
from services.coops.commands import add_unit
from services.mart import stores
from services.mart.stores import Shop
from tests.conftest import World

A_DAY = date(2026, 3, 5)


@dataclass
class Mart:
    """Our shop in a world, and ways to call on behalf of its people."""

    world: World
    store_id: int
    unit_id: int

    def call(self, what, *args: object, who: str | Actor = "pengelola_toko", **more: object):
        """One command in a transaction of its own."""
        actor = self.world.actors[who] if isinstance(who, str) else who
        with self.world.transaction(actor) as session:
            return what(session, actor, *args, **more)

    def ask(self, what, *args: object, who: str | Actor = "pengelola_toko", **more: object):
        """One question; a reading session proves that asking writes nothing."""
        actor = self.world.actors[who] if isinstance(who, str) else who
        with self.world.reading(actor) as session:
            return what(session, actor, *args, **more)


def open_shop(world: World, people: dict[str, Actor], slug: str = "toko", keeper: bool = True) -> tuple[int, int]:
    """A unit with its shop, kept by the one with that role; (shop, unit)."""
    treasurer, chair = people["bendahara"], people["ketua"]
    with world.transaction(treasurer) as session:
        unit_id = add_unit(session, treasurer, code=slug, name=f"Unit {slug}").id
    with world.transaction(chair) as session:
        store_id = stores.open_store(session, chair, Shop(f"Toko {slug}"), unit_id=unit_id, slug=slug).id
        if keeper:
            stores.set_managers(session, chair, store_id, [people["pengelola_toko"].user_id])
    return store_id, unit_id


@pytest.fixture
def mart(world: World) -> Mart:
    return Mart(world, *open_shop(world, world.actors))
