"""What a clean preview will do to the books, frozen: nothing is looked up or decided again when it is carried out."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.money import Rupiah
from services.ledger.opening import OpeningLine
from services.ledger.posting import Posting
from services.loans.history import LoanTaken
from services.mart.bulk import Listed as ListedGood
from services.members.commands import PersonData
from services.payroll.lists import Deductions
from services.payroll.settlement import Settlement


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


@dataclass(frozen=True)
class Payout:
    """A loan an office has paid out. `rate_pct` (a month) is given where it is not the product's."""

    member_id: int
    number: str
    principal_rp: Rupiah
    asked_rp: Rupiah
    term: int
    fee_rp: Rupiah
    asked_on: date
    decided_on: date
    booked_on: date
    first_due_on: date
    purpose: str = ""
    rate_pct: Decimal | None = None


@dataclass(frozen=True)
class Listed:
    """A month's deduction list as an office sent it; `replaces` is the list it takes the place of.

    `usual_rp` are monthly amounts per product id that nobody had decided and the list tells.
    """

    wanted: Deductions
    replaces: int | None = None
    usual_rp: dict[int, Rupiah] = field(default_factory=dict)

    @property
    def booked_on(self) -> date:
        return self.wanted.sent_on


@dataclass(frozen=True)
class Settled:
    """What came of a list, taken apart; more than was asked has been told and becomes titipan."""

    settlement: Settlement

    @property
    def booked_on(self) -> date:
        return self.settlement.paid_on


Event = Posting | Payout | Movement | Exit | Listed | Settled
_ON_ONE_DAY = (Posting, Payout, Movement, Exit, Listed, Settled)


@dataclass(frozen=True)
class Plan:
    """Everything one import does, in this order: years, members, opening, then events by date.

    `usual_rp` are amounts per savings product id that follow what the members' balances tell.
    """

    kind: str
    marks: tuple[Mark, ...]
    counts: dict[str, int]
    years: tuple[int, ...] = ()
    as_of: date | None = None
    newcomers: tuple[Newcomer, ...] = ()
    opening: OpeningPlan | None = None
    events: tuple[Event, ...] = ()
    usual_rp: dict[int, Rupiah] = field(default_factory=dict)
    goods: tuple[ListedGood, ...] = ()


def usual_amount(amounts: Iterable[Rupiah], *, least: int = 5) -> Rupiah:
    """The amount that at least half of those who have one share, or 0; a few people tell nothing."""
    counted = Counter(amount_rp for amount_rp in amounts if amount_rp > 0)
    if counted.total() < least:
        return 0
    amount_rp, times = counted.most_common(1)[0]
    return amount_rp if 2 * times >= counted.total() else 0


def in_order(events: Sequence[Event]) -> list[Event]:
    """By date; on one day journals, loans, cash, exits, the list, the settlement, each in the order given."""
    return sorted(events, key=lambda event: (event.booked_on, _ON_ONE_DAY.index(type(event))))
