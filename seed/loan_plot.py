"""What becomes of loans, month after month: most are paid back, some end early, a few are late. One plot, two places.

`back` counts months before the one under way, so that a loan is in the same class on whatever day the story is told.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from models.members import Member
from seed import seasons
from seed.lending import Desk, Offer
from seed.seasons import working_day
from seed.stage import Scene, Stage, numbered

LEND_DAY, SPECIAL_DAY = 12, 5  # what ends or changes a loan comes before the payroll list
DESK_DAYS = (18, 25)
WRITTEN_DOWN = 6
"""For so many months back each application is told; older loans come from the office's list, all of a month at once."""


@dataclass(frozen=True)
class Late:
    """Member `number` pays so many installments, and none from `back` months before today on."""

    number: int
    back: int
    paid: int
    offer: Offer


@dataclass(frozen=True)
class Plan:
    """How a cooperative lends. `keep_rp` stays in the bank; `slow` of those who pay at the desk come a month late."""

    offers: Sequence[Offer]
    keep_rp: int
    slow: float
    shown: tuple[int, Offer]
    settles: tuple[int, Offer]
    tops_up: tuple[int, Offer, Offer]
    restructures: tuple[int, Offer]
    late: Sequence[Late]
    never: frozenset[int]

    @property
    def named(self) -> set[int]:
        """Members whose loans this plan tells: nobody else's luck is theirs."""
        special = (self.shown, self.settles, self.tops_up, self.restructures)
        return {number for number, *_ in special} | {late.number for late in self.late}


class LoanPlot:
    """`active` is the story's own list: who joins may borrow, who leaves may not."""

    def __init__(self, desk: Desk, plan: Plan, active: list[Member]) -> None:
        self.desk, self.plan, self.active = desk, plan, active
        self.stage: Stage = desk.stage
        self._start = seasons.first_day(self.stage.today)
        self._slow: set[int] = set()

    def scenes(self, month: date, wanted_rp: int, rng: random.Random) -> list[Scene]:
        """A month's loans, about `wanted_rp` of new ones, and the days people come to pay."""
        paid_out = working_day(month, LEND_DAY)
        found = [Scene(paid_out, partial(self._lend, paid_out, wanted_rp, rng)), *self._told(month)]
        for which, day in enumerate(DESK_DAYS):
            on = working_day(month, day)
            found.append(Scene(on, partial(self._collect, on, which, rng)))
        return found

    def _told(self, month: date) -> list[Scene]:
        plan, back = self.plan, self.stage.back(month)
        lend_on, early = working_day(month, LEND_DAY), working_day(month, SPECIAL_DAY)
        found = []
        if month == seasons.shifted(self._start, 5):
            found.append(Scene(lend_on, partial(self._lend_to, *plan.shown, lend_on)))
        lending = {10: plan.settles, 11: plan.tops_up[:2], 9: plan.restructures}
        if back in lending:
            found.append(Scene(lend_on, partial(self._lend_to, *lending[back], lend_on)))
        for late in plan.late:
            if back == late.back + late.paid + 1:
                found.append(Scene(lend_on, partial(self._lend_to, late.number, late.offer, lend_on)))
        acts = {4: self._restructure, 3: self._settle, 2: self._top_up}
        return [*found, Scene(early, partial(acts[back], early))] if back in acts else found

    def _member(self, number: int) -> Member:
        return numbered(self.active, number)

    def _lend_to(self, number: int, offer: Offer, on: date) -> None:
        self.desk.lend(self._member(number), offer, on)

    def _restructure(self, on: date) -> None:
        number, offer = self.plan.restructures
        loan = self.desk.running(self._member(number), offer.code)[0]
        self.desk.restructure(loan, on, offer.term, "Penghasilan keluarga turun sementara; angsuran diperkecil")

    def _settle(self, on: date) -> None:
        number, offer = self.plan.settles
        self.desk.settle(self.desk.running(self._member(number), offer.code)[0], on)

    def _top_up(self, on: date) -> None:
        number, old, new = self.plan.tops_up
        member = self._member(number)
        self.desk.lend(member, new, on, replaces=self.desk.running(member, old.code)[0])

    def _lend(self, on: date, wanted_rp: int, rng: random.Random) -> None:
        """New loans to whoever has none of the kind, as far as the bank allows."""
        plan, desk = self.plan, self.desk
        left_rp = min(wanted_rp, self.stage.balance(desk.bank, on) - plan.keep_rp)
        borrowing = {(loan.member_id, loan.product.code) for loan in desk.running()}
        chosen: list[tuple[Member, Offer]] = []
        while fitting := [offer for offer in plan.offers if offer.amount_rp <= left_rp]:
            offer = rng.choice(fitting)
            free = [member for member in self.active if self._may_borrow(member, offer, borrowing)]
            if not free:
                break
            chosen.append((rng.choice(free), offer))
            borrowing.add((chosen[-1][0].id, offer.code))
            left_rp -= offer.amount_rp
        if self.stage.back(on) > WRITTEN_DOWN:
            desk.bring_in(chosen, on)
            return
        for member, offer in chosen:
            desk.lend(member, offer, on)

    def _may_borrow(self, member: Member, offer: Offer, borrowing: set[tuple[int, str]]) -> bool:
        number = int(member.number or 0)
        return (member.id, offer.code) not in borrowing and number not in self.plan.named | self.plan.never

    def _collect(self, on: date, which: int, rng: random.Random) -> None:
        """Who pays at the desk comes on one of two days; who was slow last month brings two installments."""
        back, come = self.stage.back(on), []
        for loan in self.desk.running():
            number = int(loan.member.number or 0)
            at_desk = loan.collected_by == "cash" and number % len(DESK_DAYS) == which
            if at_desk and not self._stays_away(number, back, rng):
                come.append(loan)
        self.desk.collect(come, on)

    def _stays_away(self, number: int, back: int, rng: random.Random) -> bool:
        plan = self.plan
        if number in plan.named:
            ceased = any(late.number == number and back <= late.back for late in plan.late)
            return ceased or (number == plan.restructures[0] and back in (6, 5))
        if number in self._slow or rng.random() >= plan.slow:
            self._slow.discard(number)
            return False
        self._slow.add(number)
        return True
