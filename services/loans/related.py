"""Related parties (pengurus, pengawas): who they are, and how much they may owe together (BMPP)."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import rupiah
from core.money import Rupiah, percent_of
from models.access import CoopUser, RoleGrant
from models.ledger import Account
from models.loans import Loan
from services.ledger import balances
from services.loans.refusals import RelatedLimit
from services.settings import dated

BOARD = ("ketua", "bendahara", "sekretaris", "pengawas")


def is_related(session: Session, member_id: int) -> bool:
    """Whether the member sits on the board or the supervisory board."""
    query = (
        select(RoleGrant.id)
        .join(CoopUser, CoopUser.user_id == RoleGrant.user_id)
        .where(CoopUser.member_id == member_id, RoleGrant.role.in_(BOARD))
    )
    return session.scalars(query).first() is not None


def own_capital_rp(session: Session, coop_id: int, on: date) -> Rupiah:
    """Modal sendiri: what the equity accounts hold on that day."""
    equity = select(Account.id).where(Account.coop_id == coop_id, Account.type == "equity", ~Account.is_header)
    nets = balances.balances(session, coop_id, on, account_ids=list(session.scalars(equity)))
    return -sum(nets.values())


def within_limit(session: Session, actor: Actor, loan: Loan, on: date) -> None:
    """Raises RelatedLimit when all related parties together would owe more than the share of own capital."""
    owed = select(func.sum(Loan.outstanding_rp)).where(Loan.related_party, Loan.state == "running")
    total_rp = int(session.scalar(owed) or 0) + loan.principal_rp
    if loan.replaces_id is not None:
        total_rp -= session.scalar(select(Loan.outstanding_rp).where(Loan.id == loan.replaces_id)) or 0
    percent = dated.percent(session, actor.coop_id, "loans.related_limit_pct", on)
    limit_rp = percent_of(own_capital_rp(session, actor.coop_id, on), percent, "down")
    if total_rp > limit_rp:
        raise RelatedLimit(total=rupiah(total_rp), limit=rupiah(limit_rp), percent=f"{percent:f}".replace(".", ","))
