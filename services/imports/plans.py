"""What a clean preview will do to the books, frozen: nothing is looked up or decided again when it is carried out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from core.money import Rupiah
from services.ledger.opening import OpeningLine
from services.ledger.posting import Posting
from services.loans.history import LoanTaken
from services.members.commands import PersonData


@dataclass(frozen=True)
class Mark:
    """By what a file is known again."""

    name: str
    bytes_hash: str
    content_hash: str


@dataclass(frozen=True)
class Newcomer:
    """A member to be, with what they had saved and owed when the books began. `saved_rp` is per product id."""

    person: PersonData
    number: str
    joined_on: date
    saved_rp: dict[int, Rupiah] = field(default_factory=dict)
    loan: LoanTaken | None = None


@dataclass(frozen=True)
class OpeningPlan:
    """The opening trial balance, and what members' own balances add up to per control account."""

    as_of: date
    lines: Sequence[OpeningLine]
    members_rp: dict[int, Rupiah]


@dataclass(frozen=True)
class Movement:
    """Cash in (above zero) or out of a member's savings."""

    member_id: int
    product_id: int
    amount_rp: Rupiah
    booked_on: date
    source: str
    memo: str = ""
    voucher_no: str = ""


@dataclass(frozen=True)
class Exit:
    """A member who leaves with these rights (per product id), less the loan."""

    member_id: int
    rights_rp: dict[int, Rupiah]
    loan_rp: Rupiah
    booked_on: date
    reason: str
    source: str
    voucher_no: str = ""


Event = Posting | Movement | Exit


@dataclass(frozen=True)
class Plan:
    """Everything one import does, in this order: years, members, opening, then events by date."""

    kind: str
    marks: tuple[Mark, ...]
    counts: dict[str, int]
    years: tuple[int, ...] = ()
    as_of: date | None = None
    newcomers: tuple[Newcomer, ...] = ()
    opening: OpeningPlan | None = None
    events: tuple[Event, ...] = ()


def in_order(events: Sequence[Event]) -> list[Event]:
    """By date; on one day journals and cash in the order given, exits last."""
    return sorted(events, key=lambda event: (event.booked_on, isinstance(event, Exit)))
