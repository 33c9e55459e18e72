"""The picture that shows a request was paid: a transfer slip or a signed paper, kept where only this program reads."""

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import NotFound
from core.pictures import keep, kept, new_name, redrawn
from models.savings import Receipt
from services.ledger.chart import Role
from services.savings import requests


def pay(
    session: Session, actor: Actor, request_id: int, *, paid_on: date, cash: Role | int, picture: bytes, folder: Path
) -> Receipt:
    """Pay a request as `requests.pay` does, with the picture that proves it. The second click keeps the first picture.

    Raises:
        PictureRefused, StorageFull: nothing is paid. As `requests.pay`.
    """
    drawn, name = redrawn(picture), new_name()
    receipt = requests.pay(session, actor, request_id, paid_on=paid_on, cash=cash, proof_file=name)
    if requests.get(session, actor, request_id).proof_file == name:
        keep(_place(folder, actor.coop_id) / name, drawn)
    return receipt


def read(session: Session, actor: Actor, request_id: int, folder: Path) -> bytes:
    """The picture, for those who may see the request. Raises NotFound, also when the file is gone."""
    request = requests.get(session, actor, request_id)
    if not request.proof_file:
        raise NotFound(what="Bukti bayar")
    body = kept(_place(folder, actor.coop_id), request.proof_file)
    if body is None:
        raise NotFound(what="Bukti bayar")
    return body


def _place(folder: Path, coop_id: int) -> Path:
    return folder / "uploads" / "withdrawals" / str(coop_id)
