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


class PictureRefused(Refusal):
    code = "picture_refused"
    pesan = "{reason} Unggah foto atau hasil pindai: PNG, JPEG atau WebP, paling besar 5 MB."


def redrawn(content: bytes) -> bytes:
    """The picture as a new JPEG: upright, no larger than needed, with nothing of the file but its pixels.

    Raises:
        PictureRefused: empty, over 5 MB, no PNG, JPEG or WebP, damaged, over 25 million pixels (before it is opened).
    """
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
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except PictureRefused:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, Warning, OSError, ValueError, SyntaxError):
        raise PictureRefused(reason="Berkas ini bukan gambar PNG, JPEG atau WebP yang utuh.") from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = Image.new("RGB", upright.size)
    plain.paste(upright)
    body = io.BytesIO()
    plain.save(body, "JPEG", quality=82)
    return body.getvalue()


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
