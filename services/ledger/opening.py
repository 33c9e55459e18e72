"""Opening balances: one entry, balanced in itself and agreeing with the members' balances; 3901 ends at zero."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import date_long, rupiah
from models.coops import Coop
from models.ledger import Account
from services.audit import trail
from services.ledger import periods
from services.ledger.posting import Line, Posted, post
from services.ledger.refusals import OpeningDiffers, OpeningUnbalanced


@dataclass(frozen=True)
class OpeningLine:
    """The balance of one account on the opening date; one side above zero."""

    account_id: int
    debit_rp: int
    credit_rp: int


def problems(session: Session, lines: Sequence[OpeningLine], members_rp: Mapping[int, int]) -> list[OpeningDiffers]:
    """Accounts whose opening balance is not what the members' own balances add up to.

    `members_rp` is the sum of the members' opening balances per control account, in the account's normal direction.
    """
    accounts = {
        account.id: account for account in session.scalars(select(Account).where(Account.id.in_(list(members_rp))))
    }
    given: dict[int, int] = {}
    for line in lines:
        account = accounts.get(line.account_id)
        if account is not None:
            sign = 1 if account.normal_balance == "debit" else -1
            given[line.account_id] = given.get(line.account_id, 0) + sign * (line.debit_rp - line.credit_rp)
    return [
        OpeningDiffers(
            account=accounts[account_id],
            difference=rupiah(abs(members - given.get(account_id, 0))),
            members=rupiah(members),
        )
        for account_id, members in members_rp.items()
        if account_id in accounts and given.get(account_id, 0) != members
    ]


def book(
    session: Session,
    actor: Actor,
    *,
    as_of: date,
    lines: Sequence[OpeningLine],
    members_rp: Mapping[int, int],
    source: str,
) -> Posted:
    """Book the opening trial balance on `as_of`; the books start the day after, and months up to it are closed.

    Raises:
        OpeningUnbalanced: debit and credit differ, so 3901 would not end at zero.
        OpeningDiffers: a control account differs from the members' balances.
    """
    actor.must("ledger.opening")
    difference = sum(line.debit_rp - line.credit_rp for line in lines)
    if difference != 0:
        raise OpeningUnbalanced(difference=rupiah(abs(difference)))
    if differing := problems(session, lines, members_rp):
        raise differing[0]
    periods.opening_month(session, actor, as_of)
    posted = post(
        session,
        actor,
        booked_on=as_of,
        memo=f"Saldo awal per {date_long(as_of)}",
        source=source,
        lines=[
            Line(line.account_id, line.debit_rp, line.credit_rp) for line in lines if line.debit_rp or line.credit_rp
        ],
    )
    if posted.is_new:
        periods.shut_before(session, as_of)
        coop = session.get_one(Coop, actor.coop_id)
        coop.books_start_on = as_of + timedelta(days=1)
        periods.open_year(session, actor, coop.books_start_on.year)
        trail.record(session, actor, "ledger.opening", f"entry:{posted.seq}", as_of=as_of)
    return posted
