"""What strangers see: published goods of open shops at the price they would pay, in few questions however many."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from core.clock import now
from core.errors import NotFound
from models.access import CoopUser, User
from models.mart.products import Product, ProductVariant, Review
from models.mart.stores import Store
from services.mart import catalogue, wishes
from services.mart.faces import Card
from tests.conftest import World
from tests.mart.shelf import Shelf, open_shelf, statements

FEW = {"stores", "campaigns", "coops"}  # tables of a handful of rows


@pytest.fixture
def shelf(world: World) -> Shelf:
    return open_shelf(world)


def member_user(world: World, coop_id: int) -> int:
    """A user who is an active member of our cooperative."""
    member_id = world.member("Siti Aminah")
    with world.database.platform("test", writes=True) as session:
        user = User(username="siti", full_name="Siti Aminah")
        session.add(user)
        session.flush()
        session.add(CoopUser(coop_id=coop_id, user_id=user.id, member_id=member_id))
        return user.id


def newest(world: World, user_id: int | None = None) -> dict[str, Card]:
    return {card.name: card for card in catalogue.home(world.database, user_id).newest}


def test_home_shows_both_cooperatives_and_hides_what_is_not_sold(any_world: World) -> None:
    ours, theirs = open_shelf(any_world), open_shelf(any_world, other=True)
    ours.product("Beras")
    ours.product("Rahasia", is_published=False)
    theirs.product("Gula", sold=3)
    assert set(newest(any_world)) == {"Beras", "Gula"}
    assert [card.name for card in catalogue.home(any_world.database).best] == ["Gula"]
    with any_world.transaction(theirs.actor) as session:
        session.execute(update(Store).values(is_open=False))
    assert set(newest(any_world)) == {"Beras"}


def test_the_price_shown_is_the_price_the_viewer_would_pay(shelf: Shelf) -> None:
    shelf.product("Beras", 70_000, member_rp=65_000)
    siti = member_user(shelf.world, shelf.actor.coop_id)
    stranger, member = newest(shelf.world)["Beras"].offer, newest(shelf.world, siti)["Beras"].offer
    assert (stranger.price_rp, stranger.was_rp, stranger.member_price_rp) == (70_000, None, 65_000)
    assert (member.price_rp, member.was_rp, member.member_price_rp) == (65_000, 70_000, None)
    assert member.name == "Harga anggota"


def test_the_best_single_price_wins_and_nothing_adds_up(shelf: Shelf) -> None:
    product = shelf.product("Beras", 70_000, member_rp=65_000)
    shelf.campaign("Kilat", Decimal(20), product, kind="flash", quota=10, sold=4)
    shelf.campaign("Hemat", 3_000, product)
    offer = newest(shelf.world)["Beras"].offer
    assert (offer.price_rp, offer.was_rp, offer.off_pct, offer.name) == (56_000, 70_000, 20, "Kilat")
    assert (offer.left, offer.is_flash, offer.member_price_rp) == (6, True, None)


@pytest.mark.parametrize(
    "given",
    [
        {"is_active": False},
        {"quota": 5, "sold": 5},
        {"starts_at": now() + timedelta(hours=1), "ends_at": now() + timedelta(hours=2)},
        {"starts_at": now() - timedelta(hours=2), "ends_at": now() - timedelta(hours=1)},
    ],
)
def test_a_campaign_that_does_not_run_changes_no_price(shelf: Shelf, given: dict[str, object]) -> None:
    shelf.campaign("Kilat", Decimal(20), shelf.product("Beras", 70_000), **given)
    assert newest(shelf.world)["Beras"].offer.price_rp == 70_000


def test_home_leads_with_flash_sales_and_their_goods(shelf: Shelf) -> None:
    goods = [shelf.product(f"Barang {n}") for n in range(8)]
    shelf.campaign("Cuci gudang", 1_000, goods[7])
    shelf.campaign("Kilat", Decimal(10), *goods, kind="flash")
    shelf.campaign("Kosong", 1_000, shelf.product("Tersembunyi", is_published=False))
    deals = catalogue.home(shelf.world.database).deals
    assert [(deal.name, deal.is_flash, len(deal.cards)) for deal in deals] == [
        ("Kilat", True, 4),
        ("Cuci gudang", False, 1),
    ]
    shop = catalogue.store(shelf.world.database, "maju", "toko", 1, "")
    assert [len(deal.cards) for deal in shop.deals] == [8, 1]


def test_kinds_make_a_range_and_stock_is_what_is_free(shelf: Shelf) -> None:
    product = shelf.product("Kaos", kinds=[("M", 50_000), ("XL", 55_000)], stock=3)
    with shelf.world.transaction(shelf.actor) as session:
        session.execute(update(ProductVariant).where(ProductVariant.name == "M").values(reserved=3))
    face = catalogue.product(shelf.world.database, product.public_id)
    assert (face.card.offer.price_rp, face.card.is_range, face.card.available) == (50_000, True, 3)
    assert [(kind.name, kind.free) for kind in face.variants] == [("M", 0), ("XL", 3)]


def test_a_product_s_page_tells_reviews_without_full_names(shelf: Shelf) -> None:
    product, shopper = shelf.product(), shelf.world.petugas
    shown, hidden = (shelf.order(product, shopper.user_id) for _ in range(2))
    with shelf.world.transaction(shelf.actor) as session:
        for line, is_hidden in ((shown, False), (hidden, True)):
            session.add(
                Review(product_id=product.id, line_id=line, user_id=shopper.user_id, stars=4, is_hidden=is_hidden)
            )
        session.execute(update(Product).values(stars_sum=4, reviews=1))
    face = catalogue.product(shelf.world.database, product.public_id)
    assert [review.author for review in face.reviews] == ["R•••a"]
    assert face.card.stars == 4


def test_what_is_not_sold_has_no_page(shelf: Shelf) -> None:
    hidden = shelf.product("Rahasia", is_published=False)
    kindless = shelf.product("Tanpa pilihan")
    with shelf.world.transaction(shelf.actor) as session:
        session.execute(update(ProductVariant).where(ProductVariant.product_id == kindless.id).values(is_active=False))
    for public_id in (hidden.public_id, kindless.public_id, uuid.uuid4()):
        with pytest.raises(NotFound):
            catalogue.product(shelf.world.database, public_id)
    assert set(newest(shelf.world)) == set()


def test_categories_shops_and_cooperatives_hold_their_own(world: World) -> None:
    ours, second, theirs = (
        open_shelf(world),
        open_shelf(world, slug="dua", name="Toko Dua"),
        open_shelf(world, other=True),
    )
    ours.product("Beras")
    second.product("Bayam", category="pertanian")
    theirs.product("Gula")
    database = world.database
    assert names(catalogue.category(database, "sembako", 1, "").cards) == ["Gula", "Beras"]
    assert names(catalogue.store(database, "maju", "dua", 1, "").page.cards) == ["Bayam"]
    found = catalogue.cooperative(database, "maju", 1, "termurah")
    assert ([store.slug for store in found.stores], set(names(found.page.cards))) == (
        ["dua", "toko"],
        {"Beras", "Bayam"},
    )
    for missing in (
        lambda: catalogue.category(database, "tidak-ada", 1, ""),
        lambda: catalogue.store(database, "tetangga", "dua", 1, ""),
        lambda: catalogue.cooperative(database, "tidak-ada", 1, ""),
    ):
        with pytest.raises(NotFound):
            missing()


def names(cards: tuple[Card, ...]) -> list[str]:
    return [card.name for card in cards]


def test_pages_hold_twenty_and_know_whether_more_follow(shelf: Shelf) -> None:
    shelf.fill(130)
    pages = [catalogue.category(shelf.world.database, "rumah", number, "termurah") for number in (1, 2, 3, 4, -7)]
    assert [(len(page.cards), page.has_next) for page in pages] == [
        (20, True),
        (20, True),
        (3, False),
        (0, False),
        (20, True),
    ]
    prices = [card.offer.price_rp for page in pages[:3] for card in page.cards]
    assert prices == sorted(prices)
    found = [catalogue.find(shelf.world.database, "sabun cuci", number) for number in (1, 2)]
    assert len(found[0].cards) >= 18
    assert found[0].total is not None
    assert found[0].total >= 18
    assert not set(found[0].cards) & set(found[1].cards)


def test_wishes_are_listed_latest_first_and_only_while_sold(shelf: Shelf) -> None:
    who, goods = shelf.world.petugas, [shelf.product(name) for name in ("Satu", "Dua", "Tiga")]
    with shelf.world.transaction(who) as session:
        for product in goods:
            wishes.put(session, who, product.id)
        session.execute(update(Product).where(Product.name == "Dua").values(is_published=False))
    assert names(catalogue.wished(shelf.world.database, who.user_id, 1).cards) == ["Tiga", "Satu"]
    assert catalogue.wished(shelf.world.database, shelf.actor.user_id, 1).cards == ()


def walks(world: World, product: Product, user_id: int) -> dict[str, Callable[[], object]]:
    database = world.database
    return {
        "home": lambda: catalogue.home(database, user_id),
        "category": lambda: catalogue.category(database, "sembako", 1, "terbaru", user_id),
        "cheapest": lambda: catalogue.category(database, "sembako", 1, "termurah", user_id),
        "search": lambda: catalogue.find(database, "barang gula", 1, user_id),
        "store": lambda: catalogue.store(database, "maju", "toko", 1, "terlaris", user_id),
        "coop": lambda: catalogue.cooperative(database, "maju", 1, "terbaru", user_id),
        "product": lambda: catalogue.product(database, product.public_id, user_id),
        "wished": lambda: catalogue.wished(database, user_id, 1),
    }


def test_no_page_asks_more_when_there_are_more_goods(shelf: Shelf) -> None:
    product = shelf.product("Barang Pertama")
    user_id = member_user(shelf.world, shelf.actor.coop_id)
    shelf.campaign("Kilat", Decimal(10), product)
    shelf.fill(20, "Barang")
    counts = []
    for more in (0, 480):
        if more:
            shelf.fill(more, "Tambahan gula")
        with statements(shelf.world) as asked:
            found = {}
            for name, walk in walks(shelf.world, product, user_id).items():
                asked.clear()
                walk()
                found[name] = len(asked)
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[0].values()) <= 10, counts[0]


def test_five_thousand_goods_are_read_through_indexes(shelf: Shelf) -> None:
    product = shelf.product("Barang Pertama")
    shelf.fill(5_000)
    user_id = member_user(shelf.world, shelf.actor.coop_id)
    shelf.campaign("Kilat", Decimal(10), product)
    with statements(shelf.world) as asked:
        for walk in walks(shelf.world, product, user_id).values():
            walk()
    assert scans(shelf.world, set(asked)) == set()


def scans(world: World, asked: set[str]) -> set[str]:
    """Steps of SQLite's plans that read a whole table that grows."""
    found = set()
    with world.database.engine.connect() as connection:
        for statement in asked:
            marks = (1,) * statement.count("?")
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", marks):
                whole = re.match(r"SCAN (\w+)\b", row.detail)
                if whole and whole[1] not in FEW and not whole[1].startswith("anon"):
                    found.add(f"{row.detail} :: {statement[:160]}")
    return found
