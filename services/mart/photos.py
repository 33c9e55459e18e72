"""Photos of goods: drawn anew in two sizes, public once the product is, under names nobody can guess.

A name says whose it is ("<cooperative>-<secret>"), so that a photo is found without looking through all of them.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import pictures
from core.actor import Actor
from core.errors import NotFound, Refusal
from models.mart.products import Product, ProductPhoto
from models.mart.stores import Store
from models.transaction import Database
from services.audit import trail
from services.mart import stores

SIDE, BYTES = 1000, 60 * 1024
SMALL_SIDE, SMALL_BYTES = 320, 15 * 1024
MOST = 8
_NAME = re.compile(r"(\d{1,9})-[0-9a-f]{32}(-s)?")


class TooManyPhotos(Refusal):
    code = "mart.too_many_photos"
    pesan = "{product} sudah punya {most} foto. Hapus dulu salah satu."


@dataclass(frozen=True)
class Photo:
    """A file to show; `is_public` when anybody may see it."""

    body: bytes
    is_public: bool


def keep(session: Session, actor: Actor, product_id: int, content: bytes, folder: Path) -> ProductPhoto:
    """Add a photo: a WebP of at most 1000 pixels and 60 KB, and its twin of at most 320 pixels and 15 KB.

    The first photo is the one lists show.

    Raises:
        PictureRefused: no picture, too large, damaged. TooManyPhotos, StorageFull, NotFound, NotAllowed.
    """
    product = _mine(session, actor, product_id)
    query = select(func.count(), func.max(ProductPhoto.position)).where(ProductPhoto.product_id == product_id)
    count, last = session.execute(query).one()
    if count >= MOST:
        raise TooManyPhotos(product=product.name, most=MOST)
    picture = pictures.opened(content)
    large, width, height = pictures.as_webp(picture, SIDE, BYTES)
    small, _, _ = pictures.as_webp(picture, SMALL_SIDE, SMALL_BYTES)
    name = f"{actor.coop_id}-{pictures.new_name()}"
    photo = ProductPhoto(
        coop_id=actor.coop_id, product_id=product_id, stored_as=name, width=width, height=height,
        position=0 if last is None else last + 1,
    )  # fmt: skip
    session.add(photo)
    product.photo = product.photo or name
    session.flush()
    trail.record(session, actor, "mart.photo", f"product:{product_id}", added=name)
    pictures.keep(_path(folder, name), large)
    pictures.keep(_path(folder, f"{name}-s"), small)
    return photo


def remove(session: Session, actor: Actor, photo_id: int) -> str:
    """Take a photo away; the next one takes its place in lists. Returns the name to `forget` once all is saved.

    Raises:
        NotFound, NotAllowed.
    """
    photo = session.get(ProductPhoto, photo_id)
    if photo is None:
        raise NotFound(what="Foto")
    product, name = _mine(session, actor, photo.product_id), photo.stored_as
    session.delete(photo)
    session.flush()
    if product.photo == name:
        query = select(ProductPhoto.stored_as).where(ProductPhoto.product_id == product.id)
        product.photo = session.scalars(query.order_by(ProductPhoto.position, ProductPhoto.id).limit(1)).first()
    trail.record(session, actor, "mart.photo", f"product:{product.id}", removed=name)
    return name


def forget(folder: Path, name: str) -> None:
    """Delete the files of a photo that nothing points at any more."""
    for file in (name, f"{name}-s"):
        _path(folder, file).unlink(missing_ok=True)


def of_product(session: Session, actor: Actor, product_id: int) -> list[ProductPhoto]:
    """The photos of a product the actor sees, in their order. Raises NotFound, NotAllowed."""
    product = session.get(Product, product_id)
    if product is None:
        raise NotFound(what="Barang")
    stores.get(session, actor, product.store_id)
    query = select(ProductPhoto).where(ProductPhoto.product_id == product_id)
    return list(session.scalars(query.order_by(ProductPhoto.position, ProductPhoto.id)))


def read(database: Database, actor: Actor | None, name: str, folder: Path) -> Photo:
    """A photo's file by its name (`…-s` is the small one): of published goods for all, of others for the shop's people.

    Raises:
        NotFound: no such photo, or not for this actor, or the file is gone.
    """
    found = _NAME.fullmatch(name)
    if found is None:
        raise NotFound(what="Foto")
    coop_id = int(found[1])
    with database.reading(coop_id) as session:
        query = (
            select(Product.is_published, Store.is_open)
            .select_from(ProductPhoto)
            .join(Product, Product.id == ProductPhoto.product_id)
            .join(Store, Store.id == Product.store_id)
            .where(ProductPhoto.stored_as == name.removesuffix("-s"))
        )
        shown = session.execute(query).first()
    is_public = shown is not None and all(shown)
    is_ours = actor is not None and actor.coop_id == coop_id and actor.may("mart.view")
    if shown is None or not (is_public or is_ours):
        raise NotFound(what="Foto")
    path = _path(folder, name)
    body = pictures.kept(path.parent, path.name)
    if body is None:
        raise NotFound(what="Foto")
    return Photo(body, is_public)


def _mine(session: Session, actor: Actor, product_id: int) -> Product:
    """A product of a shop the actor works in. Raises NotFound, NotAllowed."""
    actor.must("mart.goods")
    product = session.get(Product, product_id)
    if product is None:
        raise NotFound(what="Barang")
    stores.must_keep(session, actor, product.store_id)
    return product


def _path(folder: Path, name: str) -> Path:
    coop_id, _, _ = name.partition("-")
    return folder / "uploads" / "mart" / coop_id / f"{Path(name).name}.webp"
