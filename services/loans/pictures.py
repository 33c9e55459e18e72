"""Pictures that belong to loans: papers of an application, proofs of a transfer. Only this program reads them."""

from pathlib import Path

from core import pictures
from services.loans.refusals import DocumentGone


def keep(folder: Path, coop_id: int, drawn: bytes) -> str:
    """Keep a picture made anew under a name nobody can guess; returns the name. Raises StorageFull."""
    return pictures.keep_new(_place(folder, coop_id), drawn)


def kept(folder: Path, coop_id: int, stored: str, label: str) -> bytes:
    """A picture kept before; `label` is what people call it. Raises DocumentGone."""
    body = pictures.kept(_place(folder, coop_id), stored)
    if body is None:
        raise DocumentGone(label=label)
    return body


def _place(folder: Path, coop_id: int) -> Path:
    return folder / "uploads" / "loans" / str(coop_id)
