"""Kuitansi: issued with the money, verified by their token, marked SALINAN from the second print on."""

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.errors import NotFound
from core.money import Rupiah
from models.coops import Coop
from models.members import Member
from models.savings import Receipt, SavingsMovement
from models.transaction import Database


def issue(
    session: Session,
    actor: Actor,
    *,
    member: Member,
    source: str,
    entry_seq: int,
    issued_on: date,
    amount_rp: Rupiah,
    is_payment_in: bool,
    balance_after_rp: Rupiah,
    purpose: str,
) -> Receipt:
    """The receipt of one event, numbered without gaps in its year."""
    year = issued_on.year
    number = (session.scalar(select(func.max(Receipt.number)).where(Receipt.year == year)) or 0) + 1
    receipt = Receipt(
        coop_id=actor.coop_id,
        year=year,
        number=number,
        token=secrets.token_urlsafe(24),
        source=source,
        member_id=member.id,
        entry_seq=entry_seq,
        issued_on=issued_on,
        issued_at=now(),
        issued_by=actor.user_id,
        is_payment_in=is_payment_in,
        purpose=purpose[:200],
        amount_rp=amount_rp,
        balance_after_rp=balance_after_rp,
        printed=0,
    )
    session.add(receipt)
    session.flush()  # the caller shows its number
    return receipt


def printed(session: Session, actor: Actor, receipt: Receipt) -> bool:
    """Count a print; True when it is a copy, to be marked SALINAN. Two printers at once: one is the original."""
    first = session.execute(
        update(Receipt)
        .where(Receipt.id == receipt.id, Receipt.printed == 0)
        .values(printed=1)
        .execution_options(synchronize_session=False)
    )
    if first.rowcount == 1:  # type: ignore[attr-defined]
        return False
    again = update(Receipt).where(Receipt.id == receipt.id).values(printed=Receipt.printed + 1)
    session.execute(again.execution_options(synchronize_session=False))
    return True


def get(session: Session, actor: Actor, receipt_id: int) -> Receipt:
    """A receipt the actor may see: any for the desk, their own for a member. Raises NotFound."""
    receipt = session.get(Receipt, receipt_id)
    if receipt is None or not (actor.may("savings.view") or receipt.member_id == actor.member_id):
        raise NotFound(what="Kuitansi")
    return receipt


@dataclass(frozen=True)
class Verified:
    """What anyone who scans the QR learns: enough to compare with the paper, no more."""

    coop_name: str
    label: str
    issued_on: date
    amount_rp: Rupiah
    purpose: str
    member_initials: str
    is_undone: bool


def verify(database: Database, token: str) -> Verified:
    """What the books say of a receipt's token. Raises NotFound for a token nobody issued."""
    with database.platform("receipt verification") as session:
        receipt = session.scalars(select(Receipt).where(Receipt.token == token)).first()
        if receipt is None:
            raise NotFound(what="Kuitansi")
        coop = session.get_one(Coop, receipt.coop_id)
        undone = session.scalars(
            select(SavingsMovement.id).where(
                SavingsMovement.coop_id == receipt.coop_id, SavingsMovement.source == _undo_source(session, receipt)
            )
        ).first()
        initials = " ".join(f"{word[0]}." for word in receipt.member.name.split())
        return Verified(
            coop.name,
            receipt.label,
            receipt.issued_on,
            receipt.amount_rp,
            receipt.purpose,
            initials,
            undone is not None,
        )


def _undo_source(session: Session, receipt: Receipt) -> str:
    movement_id = session.scalar(
        select(SavingsMovement.id).where(
            SavingsMovement.coop_id == receipt.coop_id, SavingsMovement.source == receipt.source
        )
    )
    return f"savings-reversal:{movement_id}"
