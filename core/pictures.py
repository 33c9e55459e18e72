"""Pictures people hand in: never kept as they came, only made anew from their pixels, for this program's eyes."""

import io
import os
import secrets
import warnings
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import Refusal, StorageFull
from core.system import FULL

LARGEST, MOST_PIXELS, LONGEST_SIDE = 5 * 1024 * 1024, 25_000_000, 2400
FORMATS = ("PNG", "JPEG", "WEBP")
MEDIA_TYPE = "image/jpeg"
QUALITIES, SMALLEST_STEP = (82, 74, 66, 58, 50, 42), 0.8


class PictureRefused(Refusal):
    code = "picture_refused"
    pesan = "{reason} Unggah foto atau hasil pindai: PNG, JPEG atau WebP, paling besar 5 MB."


def redrawn(content: bytes) -> bytes:
    """The picture as a new JPEG: upright, no larger than needed, with nothing of the file but its pixels.

    Raises:
        PictureRefused: empty, over 5 MB, no PNG, JPEG or WebP, damaged, over 25 million pixels (before it is opened).
    """
    body = io.BytesIO()
    _plain(opened(content), LONGEST_SIDE).save(body, "JPEG", quality=82)
    return body.getvalue()


def opened(content: bytes) -> Image.Image:
    """What somebody sent, as upright pixels on white. Raises PictureRefused as `redrawn`."""
    if not content:
        raise PictureRefused(reason="Pilih dulu berkas gambarnya.")
    if len(content) > LARGEST:
        raise PictureRefused(reason="Ukurannya lebih dari 5 MB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                raise PictureRefused(reason="Gambarnya lebih dari 25 juta titik.")
            return _on_white(ImageOps.exif_transpose(picture))
    except PictureRefused:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, Warning, OSError, ValueError, SyntaxError):
        raise PictureRefused(reason="Berkas ini bukan gambar PNG, JPEG atau WebP yang utuh.") from None


def as_webp(picture: Image.Image, side: int, most_bytes: int) -> tuple[bytes, int, int]:
    """A new WebP of at most `most_bytes`, with its width and height in pixels.

    The longest side is at most `side`; quality goes down first, then the size.
    """
    plain = _plain(picture, side)
    while True:
        for quality in QUALITIES:
            body = io.BytesIO()
            plain.save(body, "WEBP", quality=quality, method=4)
            if body.tell() <= most_bytes:
                return body.getvalue(), plain.width, plain.height
        plain = _plain(plain, int(max(plain.size) * SMALLEST_STEP))


def _on_white(picture: Image.Image) -> Image.Image:
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    white = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(white, seen).convert("RGB")


def _plain(picture: Image.Image, side: int) -> Image.Image:
    """A copy no larger than `side`, holding pixels and nothing else."""
    small = picture.copy()
    small.thumbnail((side, side))
    plain = Image.new("RGB", small.size)
    plain.paste(small)
    return plain


def new_name() -> str:
    """A name of our own for a file, which nobody can guess."""
    return secrets.token_hex(16)


def keep(path: Path, content: bytes) -> None:
    """Write a new file for this program's eyes; nothing is left behind when it cannot. Raises StorageFull."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as writer:
            writer.write(content)
    except OSError as problem:
        path.unlink(missing_ok=True)
        if problem.errno in FULL:
            raise StorageFull() from None
        raise


def keep_new(folder: Path, content: bytes) -> str:
    """Keep a picture in a folder under a name of our own, which it returns. Raises StorageFull."""
    name = new_name()
    keep(folder / name, content)
    return name


def kept(folder: Path, name: str) -> bytes | None:
    """A picture kept before, None when its file is gone; a name never leads out of the folder."""
    try:
        return (folder / Path(name).name).read_bytes()
    except OSError:
        return None
