"""Pictures of articles: drawn anew in two sizes, under names nobody can guess that also say how large they are."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import pictures
from core.actor import Actor
from core.errors import NotFound
from models.news import ArticlePicture
from services.news import texts

SIDE, BYTES = 1200, 60 * 1024
SMALL_SIDE, SMALL_BYTES = 480, 18 * 1024
LONGEST_ALT, MOST_SHOWN = 200, 60


@dataclass(frozen=True)
class Sent:
    """A picture as somebody hands it in, with what it shows for those who do not see it."""

    content: bytes
    alt: str


def keep(session: Session, actor: Actor, sent: Sent, folder: Path) -> ArticlePicture:
    """Keep a picture for use in articles: WebP, at most 1200 pixels and 60 KB, and a twin of 480 pixels and 18 KB.

    Raises:
        PictureRefused: no picture, too large, damaged. InvalidValue: nothing says what it shows. StorageFull.
    """
    actor.must("platform.news_write")
    alt = texts.line("Keterangan gambar", sent.alt, LONGEST_ALT, needed="tulis apa yang terlihat di gambar.")
    opened = pictures.opened(sent.content)
    large, width, height = pictures.as_webp(opened, SIDE, BYTES)
    small, _, _ = pictures.as_webp(opened, SMALL_SIDE, SMALL_BYTES)
    name = f"{pictures.new_name()}-{width}x{height}"
    picture = ArticlePicture(stored_as=name, alt=alt, width=width, height=height, created_by=actor.user_id)
    session.add(picture)
    session.flush()
    pictures.keep(_place(folder) / f"{name}.webp", large)
    pictures.keep(_place(folder) / f"{name}-s.webp", small)
    return picture


def latest(session: Session, actor: Actor) -> list[ArticlePicture]:
    """The newest pictures, for who writes."""
    actor.must("platform.news_write")
    return list(session.scalars(select(ArticlePicture).order_by(ArticlePicture.id.desc()).limit(MOST_SHOWN)))


def named(session: Session, name: str) -> ArticlePicture:
    """A picture by its name. Raises NotFound."""
    found = session.scalars(select(ArticlePicture).where(ArticlePicture.stored_as == name)).first()
    if found is None:
        raise NotFound(what="Gambar")
    return found


def read(session: Session, name: str, folder: Path) -> bytes:
    """A picture's file by its name (`…-s` is the small one). Raises NotFound, also when the file is gone."""
    kept = named(session, name.removesuffix("-s"))
    twin = "-s" if name.endswith("-s") else ""
    body = pictures.kept(_place(folder), f"{kept.stored_as}{twin}.webp")
    if body is None:
        raise NotFound(what="Gambar")
    return body


def _place(folder: Path) -> Path:
    return folder / "uploads" / "news"
