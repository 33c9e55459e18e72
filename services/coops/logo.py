"""The cooperative's logo: a picture somebody sent is never kept as it came, only drawn anew under a name of our own."""

import io
from pathlib import Path

from PIL import Image, ImageOps
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import Refusal
from core.pictures import keep, new_name
from models.coops import Coop
from services.audit import trail

LARGEST, MOST_PIXELS, SIDE = 2 * 1024 * 1024, 25_000_000, 600


class LogoRefused(Refusal):
    code = "coops.logo_refused"
    pesan = "Logo tidak dapat dipakai: {reason}"


def redrawn(content: bytes) -> bytes:
    """The picture as a PNG of at most 600 pixels a side, without whatever else the file held.

    Raises:
        LogoRefused: too large, too many pixels, or neither PNG nor JPEG.
    """
    if not content:
        raise LogoRefused(reason="pilih dulu berkas gambarnya.")
    if len(content) > LARGEST:
        raise LogoRefused(reason="berkasnya lebih dari 2 MB. Perkecil dulu gambarnya.")
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise LogoRefused(reason="ukurannya lebih dari 25 juta titik. Perkecil dulu gambarnya.")
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise LogoRefused(reason="ukurannya lebih dari 25 juta titik. Perkecil dulu gambarnya.") from None
    except (OSError, SyntaxError, ValueError):  # what the decoders raise on what they cannot read
        reason = "bukan gambar PNG atau JPEG yang utuh. Simpan ulang sebagai PNG, lalu coba lagi."
        raise LogoRefused(reason=reason) from None
    upright.thumbnail((SIDE, SIDE))
    plain, made = Image.new("RGBA", upright.size), io.BytesIO()
    plain.paste(upright)
    plain.save(made, "PNG", optimize=True)
    return made.getvalue()


def change(session: Session, actor: Actor, content: bytes, *, folder: Path) -> str | None:
    """Let this picture be the logo. Returns the file it replaces, to be forgotten once all is saved.

    Raises:
        LogoRefused, StorageFull: nothing is left behind.
    """
    actor.must("coop.settings")
    picture, name = redrawn(content), f"{new_name()}.png"
    keep(folder / name, picture)
    return _set(session, actor, name)


def remove(session: Session, actor: Actor) -> str | None:
    """Go without a logo. Returns the file to be forgotten once all is saved."""
    actor.must("coop.settings")
    return _set(session, actor, None)


def _set(session: Session, actor: Actor, name: str | None) -> str | None:
    coop = session.get_one(Coop, actor.coop_id)
    before, coop.logo_file = coop.logo_file, name
    if before != name:
        trail.record(session, actor, "coops.logo", f"coop:{coop.id}", before=before, after=name)
    return before


def forget(folder: Path, name: str | None) -> None:
    """Delete a logo's file that nothing points at any more."""
    if name:
        (folder / Path(name).name).unlink(missing_ok=True)
