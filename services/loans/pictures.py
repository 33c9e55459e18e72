"""Pictures that belong to loans: papers of an application, proofs of a transfer. Only this program reads them."""

from pathlib import Path

from core import pictures
from services.loans.refusals import DocumentGone


def keep(folder: Path, coop_id: int, drawn: bytes) -> str:
    """Keep a picture made anew under a name nobody can guess; returns the name. Raises StorageFull."""
    stored = pictures.new_name()
    pictures.keep(_path(folder, coop_id, stored), drawn)
    return stored


def kept(folder: Path, coop_id: int, stored: str, label: str) -> bytes:
    """A picture kept before; `label` is what people call it. Raises DocumentGone."""
    try:
        return _path(folder, coop_id, stored).read_bytes()
    except OSError:
        raise DocumentGone(label=label) from None


def _path(folder: Path, coop_id: int, stored: str) -> Path:
    return folder / "uploads" / "loans" / str(coop_id) / stored
