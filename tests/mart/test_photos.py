"""Photos are redrawn, small and public only with their product; what is no picture never gets in."""

import io
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select, update

from core.actor import Actor
from core.errors import NotAllowed, NotFound
from core.pictures import PictureRefused
from models.mart.products import Product, ProductPhoto
from models.mart.stores import Store, StoreManager
from services.mart import photos
from tests.conftest import World
from tests.mart.shelf import Shelf, open_shelf, photo


@pytest.fixture
def shelf(world: World) -> Shelf:
    return open_shelf(world)


def keep(shelf: Shelf, product: Product, folder: Path, content: bytes | None = None, who: Actor | None = None) -> str:
    who = who or shelf.actor
    with shelf.world.transaction(who) as session:
        return photos.keep(session, who, product.id, content or photo(400, 300), folder).stored_as


def test_the_heaviest_photo_becomes_two_light_ones(shelf: Shelf, tmp_path: Path) -> None:
    name = keep(shelf, shelf.product(), tmp_path, photo(2000, 1500))
    big, small = (photos.read(shelf.world.database, None, one, tmp_path).body for one in (name, f"{name}-s"))
    assert len(big) <= 60 * 1024
    assert len(small) <= 15 * 1024
    for body, side in ((big, 1000), (small, 320)):
        drawn = Image.open(io.BytesIO(body))
        assert drawn.format == "WEBP"
        assert max(drawn.size) <= side
        assert drawn.size[0] / drawn.size[1] == pytest.approx(4 / 3, rel=0.02)


def test_nothing_of_the_file_but_its_pixels_is_kept(shelf: Shelf, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "rumah Siti, -6.9, 107.6"
    exif[0x0112] = 6  # lying on its side
    name = keep(shelf, shelf.product(), tmp_path, photo(400, 300, exif=exif))
    body = photos.read(shelf.world.database, None, name, tmp_path).body
    assert b"Siti" not in body
    assert Image.open(io.BytesIO(body)).size == (300, 400)


def test_what_is_see_through_is_drawn_on_white(shelf: Shelf, tmp_path: Path) -> None:
    sent = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(sent, "PNG")
    name = keep(shelf, shelf.product(), tmp_path, sent.getvalue())
    drawn = Image.open(io.BytesIO(photos.read(shelf.world.database, None, name, tmp_path).body)).convert("RGB")
    assert min(drawn.getpixel((25, 25))) > 250


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg onload=alert(1)>",
        b"GIF89a",
        photo(50, 50)[:200],
        b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
        b"x" * 6_000_000,
    ],
)
def test_what_is_no_picture_is_refused_and_leaves_nothing(shelf: Shelf, tmp_path: Path, content: bytes) -> None:
    product = shelf.product()
    with pytest.raises(PictureRefused), shelf.world.transaction(shelf.actor) as session:
        photos.keep(session, shelf.actor, product.id, content, tmp_path)
    assert list(tmp_path.rglob("*.webp")) == []
    with shelf.world.reading(shelf.actor) as session:
        assert session.scalars(select(ProductPhoto)).all() == []


def test_a_script_behind_a_true_picture_is_left_behind(shelf: Shelf, tmp_path: Path) -> None:
    name = keep(shelf, shelf.product(), tmp_path, photo(60, 60) + b"<script>alert(1)</script>")
    assert b"script" not in photos.read(shelf.world.database, None, name, tmp_path).body


def test_the_first_photo_stands_in_lists_and_the_next_takes_its_place(shelf: Shelf, tmp_path: Path) -> None:
    product = shelf.product()
    first, second = keep(shelf, product, tmp_path), keep(shelf, product, tmp_path)
    with shelf.world.transaction(shelf.actor) as session:
        assert session.get_one(Product, product.id).photo == first
        kept = photos.of_product(session, shelf.actor, product.id)
        assert [one.stored_as for one in kept] == [first, second]
        photos.forget(tmp_path, photos.remove(session, shelf.actor, kept[0].id))
    with shelf.world.reading(shelf.actor) as session:
        assert session.get_one(Product, product.id).photo == second
    assert {path.stem for path in tmp_path.rglob("*.webp")} == {second, f"{second}-s"}
    with pytest.raises(NotFound):
        photos.read(shelf.world.database, None, first, tmp_path)


def test_a_ninth_photo_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    product = shelf.product()
    with shelf.world.transaction(shelf.actor) as session:
        session.add_all(
            ProductPhoto(product_id=product.id, stored_as=f"1-{n}", width=1, height=1) for n in range(photos.MOST)
        )
    with pytest.raises(photos.TooManyPhotos):
        keep(shelf, product, tmp_path)


def test_a_photo_is_public_only_while_its_product_is_sold(shelf: Shelf, tmp_path: Path) -> None:
    product = shelf.product()
    name, database = keep(shelf, product, tmp_path), shelf.world.database
    assert photos.read(database, None, name, tmp_path).is_public
    for change in (update(Product).values(is_published=False), update(Store).values(is_open=False)):
        with shelf.world.transaction(shelf.actor) as session:
            session.execute(update(Product).values(is_published=True))
            session.execute(update(Store).values(is_open=True))
            session.execute(change)
        for stranger in (None, shelf.world.petugas, shelf.world.other_actors["ketua"]):
            with pytest.raises(NotFound):
                photos.read(database, stranger, name, tmp_path)
        assert not photos.read(database, shelf.actor, name, tmp_path).is_public


@pytest.mark.parametrize("name", ["", "1", "../1-x", "1-" + "a" * 31, "1-" + "g" * 32, "1-" + "a" * 32, "9" * 30])
def test_names_nobody_gave_are_not_there(shelf: Shelf, tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        photos.read(shelf.world.database, None, name, tmp_path)


def test_keepers_work_in_their_own_shops_and_nobody_in_the_neighbours(shelf: Shelf, tmp_path: Path) -> None:
    product, keeper = shelf.product(), shelf.world.pengelola_toko
    with pytest.raises(NotFound):
        keep(shelf, product, tmp_path, who=keeper)
    with shelf.world.transaction(shelf.actor) as session:
        session.add(StoreManager(store_id=shelf.store_id, user_id=keeper.user_id))
    assert keep(shelf, product, tmp_path, who=keeper)
    with pytest.raises(NotFound):
        keep(shelf, product, tmp_path, who=shelf.world.other_actors["ketua"])
    with pytest.raises(NotAllowed):
        keep(shelf, product, tmp_path, who=shelf.world.petugas)
