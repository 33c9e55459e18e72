"""What falls due by a day: interest paid, deposits matured or rolled over, in the order of the days, each once."""

import heapq
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import date_long, month_long
from core.errors import NotFound, Refusal
from core.money import Rupiah
from models.deposits import DepositMovement, TimeDeposit
from services.audit import trail
from services.deposits import queries, rates
from services.deposits.earning import Terms, add_months, months_between
from services.ledger import periods
from services.ledger.chart import Role
from services.ledger.posting import Line, credit, debit, post
from services.notifications import texts
from services.notifications.commands import notify
from services.savings import commands as savings
from services.savings import products, taxation
from services.savings.commands import CashMovement


@dataclass(frozen=True)
class Fallen:
    """Something that fell due and was booked: `paid` (to savings), `kept` (in the deposit), `matured`, `rolled`."""

    deposit_id: int
    number: str
    due_on: date
    booked_on: date
    interest_rp: Rupiah
    tax_rp: Rupiah
    outcome: str


@dataclass(frozen=True)
class Waiting:
    """Something that fell due and could not be booked, and why, in words people read."""

    deposit_id: int
    number: str
    due_on: date
    reason: str


def catch_up(
    session: Session, actor: Actor, on: date, *, deposit_id: int | None = None
) -> tuple[list[Fallen], list[Waiting]]:
    """Book everything that fell due up to `on`, oldest day first, of all deposits or of one. Again it does nothing.

    A due day in a closed month is booked on `on`, when that is open. What cannot be booked waits, and what comes after
    it of the same deposit waits with it.
    """
    actor.must("savings.interest")
    query = select(TimeDeposit).where(TimeDeposit.state == "running", TimeDeposit.interest_until < on)
    if deposit_id is not None:
        query = query.where(TimeDeposit.id == deposit_id)
    query = query.order_by(TimeDeposit.id).with_for_update().execution_options(populate_existing=True)
    deposits = {deposit.id: deposit for deposit in session.scalars(query)}
    queue = [(queries.terms_of(deposit).next_due_on, deposit.id) for deposit in deposits.values()]
    heapq.heapify(queue)
    fallen: list[Fallen] = []
    waiting: list[Waiting] = []
    while queue and queue[0][0] <= on:
        due_on, at = heapq.heappop(queue)
        deposit = deposits[at]
        try:
            with session.begin_nested():
                fallen.append(_fall(session, actor, deposit, due_on, on))
        except Refusal as refusal:
            session.refresh(deposit)
            waiting.append(Waiting(deposit.id, deposit.number, due_on, refusal.sentence))
            continue
        if deposit.state == "running":
            heapq.heappush(queue, (queries.terms_of(deposit).next_due_on, at))
    return fallen, waiting


def _fall(session: Session, actor: Actor, deposit: TimeDeposit, due_on: date, on: date) -> Fallen:
    terms, booked_on = queries.terms_of(deposit), _open_day(session, actor, due_on, on)
    interest_rp = terms.interest_due()
    had = taxation.had(session, actor.coop_id, booked_on, member_id=deposit.member_id)
    before = had.get(deposit.member_id, taxation.Had())
    tax_rp = taxation.rule(session, actor.coop_id, booked_on).more(before.interest_rp, before.tax_rp, interest_rp)
    tax_rp = min(tax_rp, interest_rp)
    source = f"deposit:{deposit.id}:{due_on.isoformat()}"
    seq = _pay(session, actor, deposit, terms, booked_on, source, interest_rp, tax_rp) if interest_rp else None
    deposit.interest_until = due_on
    outcome = "kept" if terms.keeps_interest else "paid"
    if due_on == terms.matures_on:
        outcome = _end_term(session, actor, deposit, booked_on, source, seq)
    session.flush()  # the next due day of this deposit reads it
    return Fallen(deposit.id, deposit.number, due_on, booked_on, interest_rp, tax_rp, outcome)


def _open_day(session: Session, actor: Actor, due_on: date, on: date) -> date:
    for day in (due_on, on):
        period = periods.period_of(session, actor, day)
        if period is not None and period.state == "open":
            return day
    raise NotFound(what=f"Bulan terbuka untuk membukukan bunga {date_long(due_on)}")


def _pay(
    session: Session, actor: Actor, deposit: TimeDeposit, terms: Terms, booked_on: date, source: str,
    interest_rp: Rupiah, tax_rp: Rupiah,
) -> int:  # fmt: skip
    """Book the interest: into the deposit, or into the member's voluntary savings. Returns the entry's place."""
    member, net_rp = deposit.member, interest_rp - tax_rp
    memo = f"Bunga simpanan berjangka {deposit.number} {month_long(booked_on)}"
    saved = None
    lines: list[Line] = [debit(Role.DEPOSIT_INTEREST_EXPENSE, interest_rp)]
    if net_rp and terms.keeps_interest:
        lines.append(credit(Role.TIME_DEPOSITS, net_rp, member_id=member.id))
    elif net_rp:
        saved = CashMovement(
            member, products.of_kind(session, actor, "voluntary"), net_rp, booked_on, f"{source}:savings", memo
        )
        lines.append(savings.line_of(saved))
    if tax_rp:
        lines.append(credit(Role.INTEREST_TAX_PAYABLE, tax_rp))
    posted = post(session, actor, booked_on=booked_on, memo=memo, source=source, lines=lines)
    if saved:
        savings.record(session, actor, [saved], posted.seq)
    kept_rp = net_rp if terms.keeps_interest else 0
    deposit.amount_rp += kept_rp
    _record(session, actor, deposit, "interest", booked_on, source, posted.seq, kept_rp, interest_rp, tax_rp)
    return posted.seq


def _end_term(
    session: Session, actor: Actor, deposit: TimeDeposit, booked_on: date, source: str, seq: int | None
) -> str:
    """The term is over: the deposit waits to be paid out, or begins a new term at the rate of its due day."""
    matured_on = deposit.matures_on
    rate_pct = rates.offered(session, actor.coop_id, matured_on).get(deposit.term_months)
    if deposit.rollover == "none" or rate_pct is None:
        deposit.state = "matured"
        _tell(session, deposit, texts.deposit_matured(deposit.number, deposit.amount_rp), matured_on)
        trail.record(session, actor, "deposits.mature", f"deposit:{deposit.id}", on=matured_on)
        return "matured"
    months = months_between(deposit.placed_on, matured_on) + deposit.term_months
    deposit.matures_on, deposit.rate_pct = add_months(deposit.placed_on, months), rate_pct
    if seq is None:
        seq = _renewal(session, actor, deposit, booked_on, source)
    _record(session, actor, deposit, "rolled", booked_on, f"{source}:rolled", seq)
    rate = format(rate_pct, "f").replace(".", ",")
    told = texts.deposit_rolled(deposit.number, deposit.amount_rp, deposit.matures_on, rate)
    _tell(session, deposit, told, matured_on)
    trail.record(session, actor, "deposits.roll", f"deposit:{deposit.id}", on=matured_on, rate=str(rate_pct))
    return "rolled"


def _renewal(session: Session, actor: Actor, deposit: TimeDeposit, booked_on: date, source: str) -> int:
    """The entry of a term that ends without a rupiah of interest: out of the account and in again."""
    lines = [side(Role.TIME_DEPOSITS, deposit.amount_rp, member_id=deposit.member_id) for side in (debit, credit)]
    memo = f"Perpanjangan simpanan berjangka {deposit.number}"
    return post(session, actor, booked_on=booked_on, memo=memo, source=f"{source}:rolled", lines=lines).seq


def _record(
    session: Session, actor: Actor, deposit: TimeDeposit, kind: str, booked_on: date, source: str, seq: int,
    amount_rp: Rupiah = 0, interest_rp: Rupiah = 0, tax_rp: Rupiah = 0,
) -> None:  # fmt: skip
    session.add(
        DepositMovement(
            coop_id=actor.coop_id, deposit_id=deposit.id, booked_on=booked_on, kind=kind, amount_rp=amount_rp,
            interest_rp=interest_rp, tax_rp=tax_rp, source=source, entry_seq=seq, created_by=actor.user_id,
        )
    )  # fmt: skip
    session.flush()  # the month's tax of this member counts it


def _tell(session: Session, deposit: TimeDeposit, message: texts.Message, day: date) -> None:
    key = f"deposit:{deposit.id}:{day.isoformat()}"
    notify(session, deposit.coop_id, key, message, topic="simpanan", member_id=deposit.member_id)
