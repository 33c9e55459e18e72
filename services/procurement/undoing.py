"""What every taking back has in common."""

from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import InvalidValue
from services.ledger.posting import Line, entry_by_seq
from services.procurement.queries import line_of_text


def mirror(session: Session, actor: Actor, seq: int) -> list[Line]:
    """The lines of an entry with their sides exchanged, on the accounts it was booked on."""
    entry = entry_by_seq(session, actor, seq)
    return [Line(line.account_id, line.credit_rp, line.debit_rp, line.unit_id) for line in entry.lines]


def why(reason: str) -> str:
    """The reason as one line. Raises InvalidValue when there is none."""
    said = line_of_text(reason, 150)
    if not said:
        raise InvalidValue(field="Alasan", reason="isi dulu alasan pembatalan.")
    return said
