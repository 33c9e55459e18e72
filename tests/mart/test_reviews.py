"""Only somebody who bought it and has it may say something, once for each line of an order."""

import pytest
from sqlalchemy import select

from core.actor import Actor
from core.errors import InvalidValue, NotAllowed, NotFound
from models.mart.products import Product, ProductVariant, Review, WishedProduct
from services.mart import fulfilment, review_desk, reviews, wishes
from services.mart.reviews import NotBought
from tests.conftest import World
from tests.mart.shelf import Shelf, open_shelf
from tests.mart.story import DAY, shop


@pytest.fixture
def shelf(world: World) -> Shelf:
    return open_shelf(world)


def buyer(shelf: Shelf) -> Actor:
    """Somebody at home in the other cooperative who buys in ours."""
    return Actor(shelf.world.other_actors["petugas"].user_id, shelf.actor.coop_id, frozenset())


def stars(shelf: Shelf, product: Product) -> tuple[int, int]:
    with shelf.world.reading(shelf.actor) as session:
        found = session.get_one(Product, product.id)
        return found.stars_sum, found.reviews


def test_a_finished_line_is_reviewed_once(shelf: Shelf) -> None:
    product, who = shelf.product(), buyer(shelf)
    lines = [shelf.order(product, who.user_id) for _ in range(2)]
    with shelf.world.transaction(who) as session:
        assert [one.line_id for one in reviews.to_review(session, who, product.id)] == lines[::-1]
        first = reviews.write(session, who, lines[0], 5, " Pulen. ")
        assert first.body == "Pulen."
        assert reviews.write(session, who, lines[0], 1, "klik kedua").id == first.id
        assert [one.line_id for one in reviews.to_review(session, who, product.id)] == lines[1:]
        reviews.write(session, who, lines[1], 2, "")
    assert stars(shelf, product) == (7, 2)


def test_from_the_counter_to_the_stars(world: World) -> None:
    """A true order: bought, handed over, received; only then it may be reviewed."""
    place = shop(world)
    rice, siti = place.variant(), place.buyer()
    order = place.place(siti, (rice, 1))
    place.pay(siti, order)
    place.hand_over(order)
    with world.reading(siti) as session:
        product_id = session.get_one(ProductVariant, rice).product_id
    done = place.now(order).state == "done"
    if not done:
        with pytest.raises(NotBought), world.transaction(siti) as session:
            reviews.write(session, siti, place.now(order).lines[0].id, 5, "Pulen")
        place.own(siti, order, lambda session, own: fulfilment.receive(session, siti, own, on=DAY))
    with world.transaction(siti) as session:
        (bought,) = reviews.to_review(session, siti, product_id)
        assert bought.name == "Beras 5 kg"
        assert bought.done_on is not None
        reviews.write(session, siti, bought.line_id, 5, "Pulen")
    with world.reading(siti) as session:
        found = session.get_one(Product, product_id)
        assert (found.stars_sum, found.reviews) == (5, 1)


@pytest.mark.parametrize("state", ["unpaid", "packing", "shipped", "cancelled", "returned"])
def test_an_order_that_is_not_done_says_nothing_yet(shelf: Shelf, state: str) -> None:
    product, who = shelf.product(), buyer(shelf)
    line = shelf.order(product, who.user_id, state)
    with pytest.raises(NotBought), shelf.world.transaction(who) as session:
        assert reviews.to_review(session, who, product.id) == []
        reviews.write(session, who, line, 5, "x")


def test_somebody_else_s_order_and_no_order_are_refused(shelf: Shelf) -> None:
    product, who = shelf.product(), buyer(shelf)
    line = shelf.order(product, shelf.world.petugas.user_id)
    for asked in (line, 0, 999_999):
        with pytest.raises(NotBought), shelf.world.transaction(who) as session:
            reviews.write(session, who, asked, 5, "x")
    assert stars(shelf, product) == (0, 0)


@pytest.mark.parametrize("many", [0, 6, -1])
def test_stars_are_one_to_five(shelf: Shelf, many: int) -> None:
    product, who = shelf.product(), buyer(shelf)
    line = shelf.order(product, who.user_id)
    with pytest.raises(InvalidValue), shelf.world.transaction(who) as session:
        reviews.write(session, who, line, many, "x")


def test_the_shop_answers_and_what_it_hides_leaves_the_stars(shelf: Shelf) -> None:
    product, who = shelf.product(), buyer(shelf)
    line = shelf.order(product, who.user_id)
    with shelf.world.transaction(who) as session:
        review = reviews.write(session, who, line, 4, "Enak")
    with shelf.world.transaction(shelf.actor) as session:
        assert review_desk.reply(session, shelf.actor, review.id, " Terima kasih. ").reply == "Terima kasih."
        review_desk.hide(session, shelf.actor, review.id, hidden=True)
        review_desk.hide(session, shelf.actor, review.id, hidden=True)
    assert stars(shelf, product) == (0, 0)
    with shelf.world.transaction(shelf.actor) as session:
        review_desk.hide(session, shelf.actor, review.id, hidden=False)
    assert stars(shelf, product) == (4, 1)
    with pytest.raises(NotAllowed), shelf.world.transaction(who) as session:
        review_desk.reply(session, who, review.id, "x")
    other = shelf.world.other_actors["ketua"]
    with pytest.raises(NotFound), shelf.world.transaction(other) as session:
        review_desk.hide(session, other, review.id, hidden=True)
    keeper = shelf.world.pengelola_toko
    with pytest.raises(NotFound), shelf.world.transaction(keeper) as session:
        review_desk.hide(session, keeper, review.id, hidden=True)


def test_a_wish_is_kept_once_and_forgotten(shelf: Shelf) -> None:
    product, who = shelf.product(), buyer(shelf)
    with shelf.world.transaction(who) as session:
        wishes.put(session, who, product.id)
        wishes.put(session, who, product.id)
        assert len(session.scalars(select(WishedProduct)).all()) == 1
        wishes.take_away(session, who, product.id)
        wishes.take_away(session, who, product.id)
        assert session.scalars(select(WishedProduct)).all() == []
        hidden = shelf.goods["x"] = 999
        with pytest.raises(NotFound):
            wishes.put(session, who, hidden)


def test_reviews_of_the_neighbour_are_not_ours(shelf: Shelf) -> None:
    product, who = shelf.product(), buyer(shelf)
    line = shelf.order(product, who.user_id)
    with shelf.world.transaction(who) as session:
        reviews.write(session, who, line, 4, "Enak")
    with shelf.world.reading(shelf.world.other_actors["ketua"]) as session:
        assert session.scalars(select(Review)).all() == []
