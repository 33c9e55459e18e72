"""Deposits as the desk and a member look at them, and locked for whoever changes one."""

from datetime import date, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from core.actor import Actor
from core.errors import NotFound
from core.money import Rupiah
from models.deposits import DepositMovement, TimeDeposit
from models.savings import Receipt
from services.deposits.earning import Terms

STATES = {"running": "berjalan", "matured": "jatuh tempo", "closed": "ditutup"}


def _may_see(actor: Actor, member_id: int) -> None:
    if not (actor.may("savings.view") or (actor.may("own.view") and actor.member_id == member_id)):
        raise NotFound(what="Simpanan berjangka")


def get(session: Session, actor: Actor, deposit_id: int) -> TimeDeposit:
    """A deposit: any for the desk, their own for a member. Raises NotFound."""
    deposit = session.get(TimeDeposit, deposit_id)
    if deposit is None:
        raise NotFound(what="Simpanan berjangka")
    _may_see(actor, deposit.member_id)
    return deposit


def locked(session: Session, actor: Actor, deposit_id: int) -> TimeDeposit:
    """The deposit as it stands now, held until the transaction ends. Raises NotFound."""
    query = select(TimeDeposit).where(TimeDeposit.id == deposit_id).with_for_update()
    deposit = session.scalars(query.execution_options(populate_existing=True)).first()
    if deposit is None:
        raise NotFound(what="Simpanan berjangka")
    return deposit


def of_member(session: Session, actor: Actor, member_id: int) -> list[TimeDeposit]:
    """A member's deposits, newest first. Raises NotFound for somebody else's."""
    _may_see(actor, member_id)
    query = select(TimeDeposit).where(TimeDeposit.member_id == member_id).order_by(TimeDeposit.id.desc())
    return list(session.scalars(query))


def everyone(session: Session, actor: Actor, *states: str) -> list[TimeDeposit]:
    """Deposits of all members in these states (else those that are not closed), the first to mature first."""
    actor.must("savings.view")
    query = select(TimeDeposit).where(TimeDeposit.state.in_(states or ("running", "matured")))
    return list(session.scalars(query.options(joinedload(TimeDeposit.member)).order_by(TimeDeposit.matures_on)))


def fallen_due(session: Session, actor: Actor, on: date) -> list[TimeDeposit]:
    """Running deposits with something due up to a day that is not booked yet, the first to mature first."""
    actor.must("savings.view")
    shortest_month = timedelta(days=28)
    monthly = and_(TimeDeposit.payout != "maturity", TimeDeposit.interest_until <= on - shortest_month)
    query = (
        select(TimeDeposit)
        .where(TimeDeposit.state == "running", or_(TimeDeposit.matures_on <= on, monthly))
        .options(joinedload(TimeDeposit.member))
        .order_by(TimeDeposit.matures_on)
    )
    return [deposit for deposit in session.scalars(query) if terms_of(deposit).next_due_on <= on]


def movements(session: Session, actor: Actor, deposit_id: int) -> list[DepositMovement]:
    """What happened to a deposit, oldest first. Raises NotFound."""
    get(session, actor, deposit_id)
    query = select(DepositMovement).where(DepositMovement.deposit_id == deposit_id).order_by(DepositMovement.id)
    return list(session.scalars(query))


def earned_in_term(session: Session, deposit: TimeDeposit) -> Rupiah:
    """Gross interest booked since the running term began."""
    query = select(DepositMovement).where(DepositMovement.deposit_id == deposit.id).order_by(DepositMovement.id)
    earned_rp = 0
    for movement in session.scalars(query):
        earned_rp = 0 if movement.kind in {"placed", "rolled"} else earned_rp + movement.interest_rp
    return earned_rp


def earned_by(session: Session, deposit: TimeDeposit, on: date) -> Rupiah:
    """Gross interest of the running term up to a day, booked or not yet."""
    coming = deposit.state == "running"
    return earned_in_term(session, deposit) + (terms_of(deposit).accrued(min(on, deposit.matures_on)) if coming else 0)


def receipt_of(session: Session, actor: Actor, deposit: TimeDeposit, event: str = "placed") -> Receipt | None:
    """The kuitansi of placing it, or of paying it out (`closed`)."""
    _may_see(actor, deposit.member_id)
    return session.scalars(select(Receipt).where(Receipt.source == f"deposit:{deposit.id}:{event}")).first()


def terms_of(deposit: TimeDeposit) -> Terms:
    return Terms(
        deposit.amount_rp, deposit.rate_pct, deposit.term_months, deposit.payout, deposit.rollover, deposit.placed_on,
        deposit.matures_on, deposit.interest_until,
    )  # fmt: skip
