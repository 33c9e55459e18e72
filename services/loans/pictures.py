"""Pictures that members hand in: made anew from their pixels, kept where only this program reads them."""

import io
import os
import secrets
import warnings
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import StorageFull
from core.system import FULL
from services.loans.refusals import DocumentGone, DocumentRefused

LARGEST, MOST_PIXELS, LONGEST_SIDE = 5 * 1024 * 1024, 25_000_000, 2400
FORMATS = ("PNG", "JPEG", "WEBP")
MEDIA_TYPE = "image/jpeg"


def redrawn(content: bytes) -> bytes:
    """The picture as a new JPEG: upright, no larger than needed, with nothing of the file but its pixels.

    Raises:
        DocumentRefused: empty, over 5 MB, no PNG, JPEG or WebP, damaged, over 25 million pixels (before it is opened).
    """
    if not content:
        raise DocumentRefused(reason="Pilih dulu berkas gambarnya.")
    if len(content) > LARGEST:
        raise DocumentRefused(reason="Ukurannya lebih dari 5 MB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture = Image.open(io.BytesIO(content), formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                raise DocumentRefused(reason="Gambarnya lebih dari 25 juta titik.")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except DocumentRefused:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, Warning, OSError, ValueError, SyntaxError):
        raise DocumentRefused(reason="Berkas ini bukan gambar PNG, JPEG atau WebP yang utuh.") from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = Image.new("RGB", upright.size)
    plain.paste(upright)
    body = io.BytesIO()
    plain.save(body, "JPEG", quality=82)
    return body.getvalue()


def keep(folder: Path, coop_id: int, picture: bytes) -> str:
    """Write a picture under a name nobody can guess; returns the name. Raises StorageFull."""
    stored = secrets.token_hex(16)
    path = _path(folder, coop_id, stored)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as writer:
            writer.write(picture)
    except OSError as problem:
        path.unlink(missing_ok=True)
        if problem.errno in FULL:
            raise StorageFull() from None
        raise
    return stored


def kept(folder: Path, coop_id: int, stored: str, label: str) -> bytes:
    """A picture kept before; `label` is what people call it. Raises DocumentGone."""
    try:
        return _path(folder, coop_id, stored).read_bytes()
    except OSError:
        raise DocumentGone(label=label) from None


def _path(folder: Path, coop_id: int, stored: str) -> Path:
    return folder / "uploads" / "loans" / str(coop_id) / stored
