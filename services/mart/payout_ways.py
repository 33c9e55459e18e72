"""How a shop's balance is paid: out of which account, into what the shop keeps its money in, with which proof."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from core import pictures
from core.actor import Actor
from core.errors import InvalidValue
from services.ledger import chart
from services.ledger.chart import Role


@dataclass(frozen=True)
class Proof:
    """The picture of the transfer, and the folder that keeps uploads."""

    picture: bytes
    folder: Path


def check(session: Session, actor: Actor, account: Role | int, into: Role | int) -> None:
    """Whether money may go this way. Raises InvalidValue."""
    if account not in dict(money_from(session, actor)):
        raise InvalidValue(field="Dibayar dari", reason="pilih salah satu rekening koperasi.")
    if into not in dict(money_into(session, actor)):
        raise InvalidValue(field="Dicatat di", reason="pilih kas toko atau salah satu rekening bank.")


def money_from(session: Session, actor: Actor) -> list[tuple[Role | int, str]]:
    """What the treasury pays from: the usual bank account, the cash box, or another bank account by its id."""
    return [(Role.BANK, "Bank (rekening utama)"), (Role.CASH, "Kas koperasi"), *_others(session, actor)]


def money_into(session: Session, actor: Actor) -> list[tuple[Role | int, str]]:
    """Where the shop's money lies afterwards: its cash, or a bank account that is the shop's."""
    plain: list[tuple[Role | int, str]] = [(Role.STORE_CASH, "Kas toko")]
    if Role.BANK_SAVINGS in chart.roles(session, actor):
        plain.append((Role.BANK_SAVINGS, "Tabungan di bank"))
    return [*plain, *_others(session, actor, own=True)]


def _others(session: Session, actor: Actor, *, own: bool = False) -> list[tuple[Role | int, str]]:
    return [(account.id, str(account)) for account in chart.beside(session, actor, Role.BANK)[0 if own else 1 :]]


def keep(actor: Actor, proof: Proof) -> str:
    """Keep the picture, drawn anew; the name it is kept under. Raises PictureRefused, StorageFull."""
    return pictures.keep_new(_place(proof.folder, actor.coop_id), pictures.redrawn(proof.picture))


def read(actor: Actor, name: str, folder: Path) -> bytes | None:
    """A picture kept before, None when its file is gone."""
    return pictures.kept(_place(folder, actor.coop_id), name)


def _place(folder: Path, coop_id: int) -> Path:
    return folder / "uploads" / "payouts" / str(coop_id)
