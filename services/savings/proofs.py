"""The proof of a transfer that paid a withdrawal: a picture only the desk and its owner are shown."""

from pathlib import Path

from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import NotFound
from services.savings import requests


def read(session: Session, actor: Actor, request_id: int, folder: Path) -> bytes:
    """The picture (JPEG). Raises NotFound for somebody else's, without one, or when the file is gone."""
    request = requests.get(session, actor, request_id)
    if not request.proof_file:
        raise NotFound(what="Bukti bayar")
    try:
        return _path(folder, actor.coop_id, request.proof_file).read_bytes()
    except OSError:
        raise NotFound(what="Bukti bayar") from None


def _path(folder: Path, coop_id: int, name: str) -> Path:
    return folder / "uploads" / "withdrawals" / str(coop_id) / Path(name).name
