"""Jasa simpanan of a month: previewed for all members, booked once as one entry, missed months one after the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core.actor import Actor
from core.display import month_long
from core.errors import NotFound
from core.money import Rupiah
from models.members import Member
from models.savings import InterestRun, SavingsAccount, SavingsMovement, SavingsProduct
from services.audit import trail
from services.ledger.chart import Role
from services.ledger.posting import Line, credit, debit, post
from services.savings import taxation
from services.savings.commands import open_accounts
from services.savings.interest import daily_balances, month_end, of_month, spread
from services.savings.refusals import InterestBooked, InterestOutOfOrder, MonthNotOver, PreviewStale


@dataclass(frozen=True)
class InterestLine:
    """What one account earns. `tax_rp` is withheld from it at once."""

    account_id: int
    member_id: int
    number: str
    name: str
    product_id: int
    lowest_rp: Rupiah
    average_rp: Rupiah
    interest_rp: Rupiah
    tax_rp: Rupiah


@dataclass(frozen=True)
class EarningProduct:
    product_id: int
    name: str
    account_id: int
    method: str
    rate_pct: Decimal


@dataclass(frozen=True)
class MonthRun:
    """The interest of a month as it would be booked; `short_rp` is tax that no balance is there to pay."""

    month_on: date
    products: tuple[EarningProduct, ...]
    lines: tuple[InterestLine, ...]
    short_rp: Rupiah = 0

    @property
    def interest_rp(self) -> Rupiah:
        return sum(line.interest_rp for line in self.lines)

    @property
    def tax_rp(self) -> Rupiah:
        return sum(line.tax_rp for line in self.lines)

    @property
    def booked_on(self) -> date:
        return month_end(self.month_on)


def months_waiting(session: Session, actor: Actor, *, today: date) -> list[date]:
    """Months that are over and not booked for a product that earns, oldest first.

    A product never booked waits for last month alone; what it earned before is in no one's hands to guess.
    """
    last_month = _before(today.replace(day=1))
    waiting: set[date] = set()
    for product in _earning(session):
        month_on = _next_of(session, product.id) or last_month
        while month_on <= last_month:
            waiting.add(month_on)
            month_on = _after(month_on)
    return sorted(waiting)


def preview(session: Session, actor: Actor, month_on: date, *, today: date) -> MonthRun:
    """What members would get for the month, by what stood at the end of each of its days. Books nothing.

    Who is no member any more gets none. Raises MonthNotOver, InterestBooked, InterestOutOfOrder, NotFound.
    """
    actor.must("savings.interest")
    month_on = month_on.replace(day=1)
    if month_end(month_on) >= today:
        raise MonthNotOver(month=month_long(month_on))
    products = _due(session, month_on)
    earned = _earned(session, products, month_on)
    lines, short_rp = _taxed(session, actor.coop_id, month_on, earned)
    return MonthRun(month_on, products, tuple(lines), short_rp)


def _earning(session: Session) -> list[SavingsProduct]:
    query = select(SavingsProduct).where(SavingsProduct.is_active, SavingsProduct.interest_method != "none")
    return list(session.scalars(query.where(SavingsProduct.interest_pct > Decimal(0)).order_by(SavingsProduct.id)))


def _next_of(session: Session, product_id: int) -> date | None:
    """The month after the last one that is settled for a product."""
    last = session.scalar(select(func.max(InterestRun.month_on)).where(InterestRun.product_id == product_id))
    return _after(last) if last else None


def _due(session: Session, month_on: date) -> tuple[EarningProduct, ...]:
    earning = _earning(session)
    if not earning:
        raise NotFound(what="Jenis simpanan yang memberi jasa")
    due = []
    for product in earning:
        expected = _next_of(session, product.id)
        if expected is not None and expected < month_on:
            raise InterestOutOfOrder(product=product.name, month=month_long(expected))
        if expected in (None, month_on):
            due.append(
                EarningProduct(
                    product.id, product.name, product.account_id, product.interest_method, product.interest_pct
                )
            )
    if not due:
        raise InterestBooked(month=month_long(month_on))
    return tuple(due)


def _earned(session: Session, products: Sequence[EarningProduct], month_on: date) -> list[tuple[InterestLine, Rupiah]]:
    """Lines before tax, each with the balance that stands now, by member number."""
    by_id = {product.product_id: product for product in products}
    query = (
        select(SavingsAccount)
        .join(Member, Member.id == SavingsAccount.member_id)
        .options(joinedload(SavingsAccount.member))
        .where(SavingsAccount.product_id.in_(by_id), Member.state == "active")
        .order_by(Member.number, SavingsAccount.product_id)
    )
    accounts = list(session.scalars(query.execution_options(populate_existing=True)))
    moved = _moved_since(session, by_id, month_on)
    last = month_end(month_on)
    found = []
    for account in accounts:
        moves = moved.get(account.id, [])
        opening_rp = account.balance_rp - sum(amount_rp for _, amount_rp in moves)
        within = [(day, amount_rp) for day, amount_rp in moves if day <= last]
        balances, product = daily_balances(opening_rp, within, month_on), by_id[account.product_id]
        interest_rp = of_month(product.method, balances, product.rate_pct)
        if interest_rp:
            member = account.member
            average_rp = sum(balances) // len(balances)
            line = InterestLine(account.id, member.id, member.number or "", member.name, product.product_id,
                                min(balances), average_rp, interest_rp, 0)  # fmt: skip
            found.append((line, account.balance_rp))
    return found


def _moved_since(session: Session, product_ids: Iterable[int], month_on: date) -> dict[int, list[tuple[date, Rupiah]]]:
    query = (
        select(SavingsMovement.account_id, SavingsMovement.booked_on, SavingsMovement.amount_rp)
        .join(SavingsAccount, SavingsAccount.id == SavingsMovement.account_id)
        .where(SavingsAccount.product_id.in_(list(product_ids)), SavingsMovement.booked_on >= month_on)
    )
    moved: dict[int, list[tuple[date, Rupiah]]] = {}
    for account_id, booked_on, amount_rp in session.execute(query):
        moved.setdefault(account_id, []).append((booked_on, amount_rp))
    return moved


def _taxed(
    session: Session, coop_id: int, month_on: date, earned: Sequence[tuple[InterestLine, Rupiah]]
) -> tuple[list[InterestLine], Rupiah]:
    """The lines with each member's tax on everything the month brought, deposits with it."""
    rule, had = taxation.rule(session, coop_id, month_end(month_on)), taxation.had(session, coop_id, month_on)
    by_member: dict[int, list[int]] = {}
    for at, (line, _) in enumerate(earned):
        by_member.setdefault(line.member_id, []).append(at)
    taxes, short_rp = [0] * len(earned), 0
    for member_id, places in by_member.items():
        before = had.get(member_id, taxation.Had())
        interest = [earned[at][0].interest_rp for at in places]
        tax_rp = rule.more(before.interest_rp, before.tax_rp, sum(interest))
        room = [earned[at][1] + earned[at][0].interest_rp for at in places]
        for at, part_rp in zip(places, spread(tax_rp, interest, room), strict=True):
            taxes[at] = part_rp
            tax_rp -= part_rp
        short_rp += tax_rp
    lines = [replace(line, tax_rp=tax_rp) for (line, _), tax_rp in zip(earned, taxes, strict=True)]
    return lines, short_rp


def book(session: Session, actor: Actor, run: MonthRun, *, today: date) -> list[InterestRun]:
    """Book exactly the previewed month: one entry, each member's interest and tax, once whatever is clicked.

    Raises PreviewStale when balances or rates changed since, InterestBooked, and as `post`.
    """
    actor.must("savings.interest")
    pairs = {(line.member_id, line.product_id) for line in run.lines}
    accounts = open_accounts(session, actor, pairs)
    if preview(session, actor, run.month_on, today=today) != run:
        raise PreviewStale()
    which = "+".join(str(product.product_id) for product in run.products)
    source = f"savings-interest:{run.month_on:%Y-%m}:{which}"
    memo = f"Jasa simpanan {month_long(run.month_on)}"
    entry_seq = None
    if run.lines:
        entry_seq = post(session, actor, booked_on=run.booked_on, memo=memo, source=source, lines=_lines(run)).seq
    for line in run.lines:
        account = accounts[line.member_id, line.product_id]
        for kind, amount_rp, word in (("interest", line.interest_rp, memo), ("tax", -line.tax_rp, f"PPh final {memo}")):
            if amount_rp:
                account.balance_rp += amount_rp
                session.add(
                    SavingsMovement(
                        coop_id=actor.coop_id, account_id=account.id, account=account, booked_on=run.booked_on,
                        kind=kind, amount_rp=amount_rp, memo=word, source=f"{source}:{account.id}:{kind}",
                        entry_seq=entry_seq, created_by=actor.user_id,
                    )
                )  # fmt: skip
    rows = _runs(actor, run, entry_seq)
    session.add_all(rows)
    session.flush()  # one run per product and month: the database settles a race
    trail.record(session, actor, "savings.interest", source, interest_rp=run.interest_rp, tax_rp=run.tax_rp)
    return rows


def _lines(run: MonthRun) -> list[Line]:
    control = {product.product_id: product.account_id for product in run.products}
    lines = [debit(Role.SAVINGS_INTEREST_EXPENSE, run.interest_rp)]
    for line in run.lines:
        lines.append(credit(control[line.product_id], line.interest_rp, member_id=line.member_id))
        if line.tax_rp:
            lines.append(debit(control[line.product_id], line.tax_rp, member_id=line.member_id))
    if run.tax_rp:
        lines.append(credit(Role.INTEREST_TAX_PAYABLE, run.tax_rp))
    return lines


def _runs(actor: Actor, run: MonthRun, entry_seq: int | None) -> list[InterestRun]:
    rows = []
    for product in run.products:
        own = [line for line in run.lines if line.product_id == product.product_id]
        rows.append(
            InterestRun(
                coop_id=actor.coop_id, product_id=product.product_id, month_on=run.month_on,
                interest_rp=sum(line.interest_rp for line in own), tax_rp=sum(line.tax_rp for line in own),
                entry_seq=entry_seq, created_by=actor.user_id,
            )
        )  # fmt: skip
    return rows


def history(session: Session, actor: Actor) -> list[InterestRun]:
    """Months booked, newest first."""
    actor.must("savings.view")
    query = select(InterestRun).where(InterestRun.entry_seq.is_not(None))
    return list(session.scalars(query.order_by(InterestRun.month_on.desc(), InterestRun.product_id)))


def _after(month_on: date) -> date:
    return month_end(month_on) + timedelta(days=1)


def _before(month_on: date) -> date:
    return (month_on - timedelta(days=1)).replace(day=1)
