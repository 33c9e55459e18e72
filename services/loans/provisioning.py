"""Monthly allowance for loan losses (PPAP): what the classes require against what the books hold; booked once."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import month_long
from core.money import Rupiah
from models.ledger import AccountRole
from services.audit import trail
from services.ledger import balances
from services.ledger.chart import Role
from services.ledger.posting import Posted, Posting, booked_before, credit, debit, post_many
from services.ledger.refusals import RoleUnmapped
from services.loans import arrears, collectibility
from services.loans.collectibility import ClassLine
from services.loans.refusals import QuoteStale


@dataclass(frozen=True)
class Provision:
    """A month's allowance. `change_rp` above zero is booked as expense, below zero taken back."""

    as_of: date
    lines: tuple[ClassLine, ...]
    held_rp: Rupiah

    @property
    def required_rp(self) -> Rupiah:
        return sum(line.required_rp for line in self.lines)

    @property
    def change_rp(self) -> Rupiah:
        return self.required_rp - self.held_rp


def preview(session: Session, actor: Actor, month_on: date) -> Provision:
    """What the end of that month requires. Books nothing. Raises RoleUnmapped without an allowance account."""
    actor.must("loans.provision")
    as_of = balances.month_end(month_on)
    classes = collectibility.table(session, actor.coop_id, as_of)
    lines = collectibility.by_class(classes, arrears.standings(session, actor.coop_id, as_of))
    return Provision(as_of, tuple(lines), held_rp(session, actor.coop_id, as_of))


def held_rp(session: Session, coop_id: int, as_of: date) -> Rupiah:
    """What the books hold against loan losses at the end of a day. Raises RoleUnmapped without such an account."""
    account_id = session.scalar(select(AccountRole.account_id).where(AccountRole.role == Role.LOAN_ALLOWANCE.value))
    if account_id is None:
        raise RoleUnmapped(role=Role.LOAN_ALLOWANCE.value)
    return -balances.balances(session, coop_id, as_of, account_ids=[account_id]).get(account_id, 0)


def _source(provision: Provision, nth: int) -> str:
    """The target is part of the name: a class table corrected later books the difference as an event of its own."""
    name = f"provision:{provision.as_of:%Y-%m}:{provision.held_rp}:{provision.required_rp}"
    return name if nth == 1 else f"{name}:{nth}"


def book(session: Session, actor: Actor, provision: Provision) -> Posted | None:
    """Book exactly the previewed change on the month's last day; None when nothing changes. Raises QuoteStale."""
    actor.must("loans.provision")
    if preview(session, actor, provision.as_of) != provision:
        raise QuoteStale()
    change_rp = provision.change_rp
    if change_rp == 0:
        return None
    sides = (Role.LOAN_LOSS_EXPENSE, Role.LOAN_ALLOWANCE)
    up, down = sides if change_rp > 0 else reversed(sides)
    memo = f"Penyisihan pinjaman {month_long(provision.as_of)}"
    lines = [debit(up, abs(change_rp)), credit(down, abs(change_rp))]
    wanted = Posting(provision.as_of, memo, _source(provision, 1), lines)
    # there and back and there again in one month are three events; the preview above stops a second click
    for nth in count(2):
        if not booked_before(session, actor, [wanted]):
            break
        wanted = replace(wanted, source=_source(provision, nth))
    posted = post_many(session, actor, [wanted])[0]
    trail.record(session, actor, "loans.provision", f"entry:{posted.seq}", change_rp=change_rp)
    return posted
