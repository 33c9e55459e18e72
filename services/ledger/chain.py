"""The head of a journal's chain: one hash that stands for every entry before it."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.ledger import JournalEntry, JournalLine


@dataclass(frozen=True)
class Head:
    """The last entry's place and hash (0 and empty without entries), and how many lines lie under it."""

    seq: int
    hash: str
    lines: int


def head_of(session: Session, coop_id: int) -> Head:
    """The head of one cooperative's journal."""
    query = select(JournalEntry.seq, JournalEntry.hash).where(JournalEntry.coop_id == coop_id)
    last = session.execute(query.order_by(JournalEntry.seq.desc()).limit(1)).first()
    lines = session.scalar(select(func.count()).select_from(JournalLine).where(JournalLine.coop_id == coop_id))
    return Head(last.seq, last.hash, lines or 0) if last else Head(0, "", 0)
