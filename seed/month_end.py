"""What bendahara books when a month is over: bunga simpanan berjangka, jasa tabungan, penyisihan pinjaman."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from models.members import Member
from seed.seasons import first_day, working_day
from seed.stage import Scene, Stage, numbered
from services.deposits import due, placing, rates
from services.deposits.placing import Placement
from services.loans import provisioning
from services.savings import interest_runs

RATES = {3: Decimal(5), 6: Decimal("5.5"), 12: Decimal(6)}
PLACE_DAY = 15


@dataclass(frozen=True)
class Placed:
    """A time deposit that member `number` places so many months before the one under way."""

    number: int
    back: int
    amount_rp: int
    term: int
    payout: str = "maturity"
    rollover: str = "none"


def offer_deposits(stage: Stage) -> None:
    for term, rate_pct in RATES.items():
        rates.decide(stage.session, stage.people["bendahara"], term, rate_pct, effective_on=first_day(stage.today))


def placings(stage: Stage, plan: Sequence[Placed], active: Sequence[Member], month: date, bank: str) -> list[Scene]:
    """The deposits of a month; their money comes by transfer."""
    on, back = working_day(month, PLACE_DAY), stage.back(month)
    return [Scene(on, partial(_place, stage, one, active, on, bank)) for one in plan if one.back == back]


def _place(stage: Stage, placed: Placed, active: Sequence[Member], on: date, bank: str) -> None:
    wish = Placement(
        numbered(active, placed.number).id, placed.amount_rp, placed.term, on, stage.token("berjangka"),
        placed.payout, placed.rollover,
    )  # fmt: skip
    placing.place(stage.session, stage.people["petugas"], wish, cash=stage.account(bank))


def close(stage: Stage, month: date) -> None:
    """On the first day of `month`, for the one before. Deposits first: the tax of the month counts their interest."""
    session, who, last = stage.session, stage.people["bendahara"], month - timedelta(days=1)
    if last < first_day(stage.today):
        return
    due.catch_up(session, who, last)
    interest_runs.book(session, who, interest_runs.preview(session, who, last, today=month), today=month)
    provisioning.book(session, who, provisioning.preview(session, who, last))
