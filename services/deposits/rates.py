"""What deposits earn by term, each rate from the day it holds."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import InvalidValue
from models.deposits import DepositRate
from services.audit import trail


def decide(session: Session, actor: Actor, term_months: int, rate_pct: Decimal, *, effective_on: date) -> DepositRate:
    """Set the yearly rate of a term from a day on; 0 ends the offer; the same day again corrects it.

    Deposits keep the rate they were placed at. Raises InvalidValue.
    """
    actor.must("savings.products")
    if type(term_months) is not int or not 1 <= term_months <= 60:
        raise InvalidValue(field="Jangka", reason="1 sampai 60 bulan.")
    if type(rate_pct) is not Decimal or not rate_pct.is_finite() or not 0 <= rate_pct <= 100 or rate_pct * 10**6 % 1:
        raise InvalidValue(field="Bunga per tahun (%)", reason="angka 0 sampai 100, misalnya 6,5.")
    query = select(DepositRate).where(DepositRate.term_months == term_months, DepositRate.effective_on == effective_on)
    row = session.scalars(query).first()
    if row is None:
        row = DepositRate(coop_id=actor.coop_id, term_months=term_months, effective_on=effective_on, rate_pct=rate_pct)
        session.add(row)
    row.rate_pct = rate_pct
    session.flush()  # whoever asks next in this transaction must meet it
    trail.record(session, actor, "deposits.rate", f"term:{term_months}", rate=str(rate_pct), on=effective_on)
    return row


def offered(session: Session, coop_id: int, on: date) -> dict[int, Decimal]:
    """The rate of each term on offer that day, shortest first."""
    query = select(DepositRate).where(DepositRate.coop_id == coop_id, DepositRate.effective_on <= on)
    rates = {row.term_months: row.rate_pct for row in session.scalars(query.order_by(DepositRate.effective_on))}
    return {term: rates[term] for term in sorted(rates) if rates[term] > 0}


def history(session: Session, actor: Actor) -> list[DepositRate]:
    """Every decision on rates, newest first."""
    actor.must("savings.view")
    return list(session.scalars(select(DepositRate).order_by(DepositRate.effective_on.desc(), DepositRate.term_months)))
