"""What anyone who scans a member card learns: enough to know it counts, no more."""

from dataclasses import dataclass

from sqlalchemy import select

from core.errors import NotFound
from models.coops import Coop
from models.members import Member
from models.transaction import Database


@dataclass(frozen=True)
class CheckedCard:
    coop_name: str
    initials: str
    is_active: bool


def check(database: Database, token: str) -> CheckedCard:
    """Whether a card's token belongs to a member today. Raises NotFound for a token nobody issued."""
    with database.platform("card check") as session:
        member = session.scalars(select(Member).where(Member.card_token == token)).first()
        if member is None or member.number is None:  # an application has no card yet
            raise NotFound(what="Kartu anggota")
        coop = session.get_one(Coop, member.coop_id)
        initials = " ".join(f"{word[0]}." for word in member.name.split())
        return CheckedCard(coop.name, initials, member.state == "active")
