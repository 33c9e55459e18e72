"""The page of sales: what the report says, for who works in a shop, and never another's."""

from datetime import timedelta

import pytest
import streamlit as st

from core.actor import Actor
from core.clock import now, today
from core.display import rupiah
from dashboards import session
from models.access import CoopUser, RoleGrant, User
from models.coops import Unit
from models.mart.stores import StoreManager
from services.access.sign_in import actor_in
from services.mart import fulfilment, stores
from tests.conftest import World
from tests.dashboards.test_lending import opened
from tests.dashboards.test_pages import shown
from tests.mart.story import Shop, shop


@pytest.fixture
def store(world: World) -> Shop:
    """A shop that sold two sacks of rice to a member today."""
    session.open_to(world.database, 30)
    st.cache_data.clear()
    made = shop(world)
    rice, siti, day = made.variant(), made.buyer(), today()
    order = made.order(siti, made.wish((rice, 2), pay_by="savings"), now() - timedelta(minutes=1))
    made.pay(siti, order, day)
    made.act(made.keeper, lambda s: fulfilment.hand_over(s, made.keeper, order.id, on=day))
    return made


def keeper_without_shop(store: Shop) -> Actor:
    """Another pengelola toko, whom no shop names."""
    world = store.world
    with world.database.platform("test", writes=True) as opened_session:
        user = User(username="toko.dua", full_name="Dua Toko")
        opened_session.add(user)
        opened_session.flush()
        opened_session.add(CoopUser(coop_id=world.coop.id, user_id=user.id))
        opened_session.add(RoleGrant(coop_id=world.coop.id, user_id=user.id, role="pengelola_toko"))
        user_id = user.id
    with world.reading(world.actors["ketua"]) as reading:
        actor = actor_in(reading, user_id, world.coop.id)
    assert actor is not None
    return actor


def test_the_keeper_sees_sales_margin_and_hours(store):
    text = shown(opened(store.world, store.keeper, "toko"))
    for words in ("Toko Maju", rupiah(150_000), rupiah(30_000), "20 % dari penjualan", "Beras 5 kg", "Saldo tabungan",
                  "Stok lama", "1 pesanan"):  # fmt: skip
        assert words in text, words


def test_who_works_in_no_shop_sees_no_figure_even_a_moment_later(store):
    other = keeper_without_shop(store)
    opened(store.world, store.keeper, "toko")
    text = shown(opened(store.world, other, "toko"))
    assert "Belum ada toko yang Anda kelola" in text
    assert "150.000" not in text
    theirs = shop(store.world, neighbour=True)
    text = shown(opened(store.world, theirs.actors["ketua"], "toko"))
    assert "Belum ada barang yang diserahkan" in text
    assert "150.000" not in text
    assert "tidak berhak" in shown(opened(store.world, store.world.petugas, "toko"))


def test_two_keepers_with_equal_rights_are_kept_apart(store):
    """The same permissions, other shops: what was kept for one answers nobody else."""
    other = keeper_without_shop(store)
    world = store.world
    opened(world, store.keeper, "toko")
    with world.transaction(world.actors["ketua"]) as writing:
        unit = Unit(coop_id=world.coop.id, code="TOKO2", name="Toko dua")
        writing.add(unit)
        writing.flush()
        ketua = world.actors["ketua"]
        made = stores.open_store(writing, ketua, stores.Shop("Toko Dua"), unit_id=unit.id, slug="toko-dua")
        writing.add(StoreManager(store_id=made.id, user_id=other.user_id))
    text = shown(opened(world, other, "toko"))
    assert "Toko Dua" in text
    assert "150.000" not in text
    page = opened(world, world.actors["bendahara"], "toko")
    assert page.selectbox(key="toko").options == ["Semua toko saya", "Toko Dua", "Toko Maju"]
    assert rupiah(150_000) in shown(page)
    assert rupiah(150_000) not in shown(page.selectbox(key="toko").select_index(1).run())
