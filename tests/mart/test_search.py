"""Buyers find goods although they type in haste; strangers find published goods only; many goods do not slow it."""

import pytest
from sqlalchemy import func, select, update

from core import grams
from models.mart.products import Product, ProductGram
from models.mart.stores import Store
from services.mart import search
from tests.conftest import World
from tests.mart.shelf import Shelf, open_shelf, statements


@pytest.fixture
def shelf(world: World) -> Shelf:
    return open_shelf(world)


def names(world: World, text: str, **given: object) -> list[str]:
    with world.database.platform("test") as session:
        found = [one.product_id for one in search.find(session, text, **given)]
        known = {row.id: row.name for row in session.execute(select(Product.id, Product.name))}
    return [known[product_id] for product_id in found]


def test_text_becomes_pieces_of_three_letters() -> None:
    assert grams.normal("  Kopi-Susu É 1,5L! ") == "kopi susu e 1 5l"
    assert grams.grams("Es teh") == {" es", "es ", " te", "teh", "eh "}
    assert grams.grams("!?") == frozenset()


@pytest.mark.parametrize(
    "typed", ["beras premium", "BERAS", "bers premum", "premium beras", "beras premiun 5kg", "béras"]
)
def test_typing_errors_still_find_it(shelf: Shelf, typed: str) -> None:
    for name in ("Beras Premium 5kg", "Gula Pasir", "Sabun Mandi", "Minyak Goreng"):
        shelf.product(name)
    assert names(shelf.world, typed)[0] == "Beras Premium 5kg"


def test_two_letter_words_are_words(shelf: Shelf) -> None:
    for name in ("Es Krim", "Teh Celup", "Wajan"):
        shelf.product(name, category="minuman")
    assert names(shelf.world, "es")[0] == "Es Krim"


def test_what_fits_better_comes_first_then_what_sells_more(shelf: Shelf) -> None:
    for name, sold in (("Kopi Bubuk", 1), ("Kopi Bubuk Lampung", 0), ("Kopi Robusta", 9)):
        shelf.product(name, sold=sold)
    assert names(shelf.world, "kopi bubuk lampung") == ["Kopi Bubuk Lampung", "Kopi Bubuk"]
    assert names(shelf.world, "kopi")[0] == "Kopi Robusta"


def test_kinds_category_and_shop_are_found_too(shelf: Shelf) -> None:
    shelf.product("Kaos", kinds=[("Merah", 50_000), ("Biru", 50_000)], category="pakaian")
    shelf.product("Cangkul", category="pertanian")
    assert names(shelf.world, "merah") == ["Kaos"]
    assert names(shelf.world, "pertanian") == ["Cangkul"]
    assert set(names(shelf.world, "toko sejahtera")) == {"Kaos", "Cangkul"}


@pytest.mark.parametrize("nothing", ["", "   ", "!!", "zzzz", "\x00", "x" * 5000, "🙂"])
def test_nonsense_finds_nothing(shelf: Shelf, nothing: str) -> None:
    shelf.product()
    assert names(shelf.world, nothing) == []


def test_hidden_goods_and_closed_shops_are_not_found(shelf: Shelf) -> None:
    shelf.product("Beras Merah", is_published=False)
    shelf.product("Beras Putih")
    assert names(shelf.world, "beras") == ["Beras Putih"]
    with shelf.world.transaction(shelf.actor) as session:
        session.execute(update(Store).values(is_open=False))
    assert names(shelf.world, "beras") == []


def test_a_renamed_product_is_found_by_its_new_name_only(shelf: Shelf) -> None:
    made = shelf.product("Beras Premium")
    with shelf.world.transaction(shelf.actor) as session:
        product = session.get_one(Product, made.id)
        product.name = "Jagung Manis"
        search.index(session, product)
    assert names(shelf.world, "jagung") == ["Jagung Manis"]
    assert names(shelf.world, "premium") == []
    with shelf.world.transaction(shelf.actor) as session:
        before = session.scalar(select(func.count()).select_from(ProductGram))
        search.index(session, session.get_one(Product, made.id))
        assert session.scalar(select(func.count()).select_from(ProductGram)) == before


def test_a_cooperative_finds_its_own_only_and_the_street_finds_both(any_world: World) -> None:
    ours, theirs = open_shelf(any_world), open_shelf(any_world, other=True)
    ours.product("Beras Kami")
    theirs.product("Beras Mereka")
    with any_world.reading(ours.actor) as session:
        assert [one.product_id for one in search.find(session, "beras")] == [ours.goods["Beras Kami"]]
    assert set(names(any_world, "beras")) == {"Beras Kami", "Beras Mereka"}


def test_a_shop_finds_its_own_shelf(world: World) -> None:
    one, two = open_shelf(world), open_shelf(world, slug="dua", name="Toko Dua")
    one.product("Gula Aren")
    two.product("Gula Batu")
    assert names(world, "gula", store_id=two.store_id) == ["Gula Batu"]


def test_a_slip_that_happens_to_fit_something_rare_does_not_hide_the_rest(shelf: Shelf) -> None:
    for name in ("Beras Pandan", "Beras Merah", "Kue Pzyx"):
        shelf.product(name)
    assert {"Beras Pandan", "Beras Merah"} <= set(names(shelf.world, "beras pzyx"))


def test_many_goods_are_searched_in_three_queries(shelf: Shelf) -> None:
    shelf.fill(1_500)
    shelf.product("Beras Premium")
    assert names(shelf.world, "bers premum") == ["Beras Premium"]
    with shelf.world.database.platform("test") as session, statements(shelf.world) as asked:
        for typed in ("toko sejahtera", "barang gula", "kripik singkong", "barang"):
            asked.clear()
            assert search.find(session, typed)
            assert len(asked) <= 3, typed
