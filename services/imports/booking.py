"""A plan becomes bookings, through the commands of members, savings and ledger alone."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.money import Rupiah
from models.members import Member
from models.savings import SavingsProduct
from services.audit import trail
from services.imports.plans import Event, Exit, Listed, Movement, Newcomer, Payout, Plan, in_order
from services.ledger import opening, periods
from services.ledger.posting import Posting, post_many
from services.loans import exits
from services.loans.history import LoanTaken, PaidOut, book_paid_out, take_over, usual_product
from services.mart.bulk import keep_many
from services.members.commands import enroll_many
from services.payroll import lists, settlement
from services.savings.commands import CashMovement, OpeningBalance, move_many, open_balances
from services.savings.refusals import PreviewStale


def carry_out(session: Session, actor: Actor, plan: Plan) -> None:
    """Do what the plan says, all of it or, by the refusal that ends the caller's transaction, nothing."""
    for year in plan.years:
        periods.open_year(session, actor, year)
    if plan.newcomers:
        _enroll(session, actor, plan)
    if plan.opening is not None:
        opening.book(
            session,
            actor,
            as_of=plan.opening.as_of,
            lines=plan.opening.lines,
            members_rp=plan.opening.members_rp,
            source="import:opening",
        )
    book_events(session, actor, plan.events)
    if plan.goods:
        assert plan.as_of is not None
        keep_many(session, actor, plan.goods, on=plan.as_of, token=f"import:{plan.marks[0].content_hash[:32]}")


def _enroll(session: Session, actor: Actor, plan: Plan) -> None:
    people = [(one.person, one.number, one.joined_on) for one in plan.newcomers]
    enrolled = list(zip(plan.newcomers, enroll_many(session, actor, people), strict=True))
    if plan.as_of is None:
        return
    products = {product.id: product for product in session.scalars(select(SavingsProduct))}
    balances = [
        OpeningBalance(member, products[product_id], amount_rp)
        for newcomer, member in enrolled
        for product_id, amount_rp in newcomer.saved_rp.items()
    ]
    open_balances(session, actor, balances, as_of=plan.as_of, source="import:opening")
    _decide(session, actor, plan.usual_rp)
    take_over(session, actor, list(_loans(enrolled)), as_of=plan.as_of)


def _decide(session: Session, actor: Actor, usual_rp: dict[int, Rupiah]) -> None:
    """Savings products ask from now on what the files tell they have always asked."""
    for product_id, amount_rp in usual_rp.items():
        product = session.get_one(SavingsProduct, product_id)
        product.amount_rp = amount_rp
        trail.record(session, actor, "savings.product", f"product:{product.id}", code=product.code, amount_rp=amount_rp)


def _loans(enrolled: Sequence[tuple[Newcomer, Member]]) -> Iterator[tuple[Member, LoanTaken]]:
    for newcomer, member in enrolled:
        if newcomer.loan is not None:
            yield member, newcomer.loan


def book_events(session: Session, actor: Actor, events: Sequence[Event]) -> None:
    """In the order of the days; runs of one sort are booked in one go."""
    wanted = {event.member_id for event in events if isinstance(event, Movement | Exit | Payout)}
    members = _members(session, wanted)
    products = {product.id: product for product in session.scalars(select(SavingsProduct))} if wanted else {}
    for sort, group in groupby(in_order(events), key=type):
        run: list[Any] = list(group)
        if sort is Posting:
            post_many(session, actor, run)
        elif sort is Movement:
            move_many(session, actor, [_cash(event, members, products) for event in run])
        elif sort is Payout:
            loans = [_paid_out(event, members) for event in run]
            book_paid_out(session, actor, loans, usual_product(session, actor))
        elif sort is Exit:
            for event in run:
                _settle(session, actor, event, products)
        elif sort is Listed:
            for event in run:
                _send(session, actor, event)
        else:
            for event in run:
                settlement.book(session, actor, event.settlement, accept_excess=True)


def _paid_out(event: Payout, members: dict[int, Member]) -> PaidOut:
    return PaidOut(
        members[event.member_id], event.number, event.principal_rp, event.asked_rp, event.term, event.fee_rp,
        event.asked_on, event.decided_on, event.booked_on, event.first_due_on, event.purpose, rate_pct=event.rate_pct,
    )  # fmt: skip


def _send(session: Session, actor: Actor, event: Listed) -> None:
    """Freeze the list; what members put aside by it is what they put aside from now on."""
    if event.replaces is not None:
        lists.withdraw(session, actor, event.replaces)
        session.flush()  # the month has no list any more
    _decide(session, actor, event.usual_rp)
    lists.send(session, actor, event.wanted)
    chosen = {row.member_id: row.voluntary_rp for row in event.wanted.rows}
    for member in _members(session, set(chosen)).values():
        member.voluntary_deduction_rp = chosen[member.id]
    session.flush()  # the next list of this transaction asks for it


def _members(session: Session, wanted: set[int]) -> dict[int, Member]:
    found: dict[int, Member] = {}
    ids = sorted(wanted)
    for start in range(0, len(ids), 500):
        query = select(Member).where(Member.id.in_(ids[start : start + 500]))
        found.update({member.id: member for member in session.scalars(query)})
    return found


def _cash(event: Movement, members: dict[int, Member], products: dict[int, SavingsProduct]) -> CashMovement:
    return CashMovement(
        members[event.member_id],
        products[event.product_id],
        event.amount_rp,
        event.booked_on,
        event.source,
        event.memo,
        event.voucher_no,
    )


def _settle(session: Session, actor: Actor, event: Exit, products: dict[int, SavingsProduct]) -> None:
    now = exits.preview(session, actor, event.member_id, on=event.booked_on, forgive_interest=True)
    planned = sorted((products[product_id].name, amount_rp) for product_id, amount_rp in event.rights_rp.items())
    if sorted(now.rights) != planned or now.loan_rp != event.loan_rp:
        raise PreviewStale()
    exits.settle(
        session,
        actor,
        now,
        left_on=event.booked_on,
        reason=event.reason,
        forgive_interest=True,
        source=event.source,
        voucher_no=event.voucher_no,
    )
