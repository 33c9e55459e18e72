"""The deduction list of a month: what every member owes by payroll, frozen when it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from core.actor import Actor
from core.display import month_long
from core.errors import NotFound
from core.money import Rupiah
from models.loans import Loan
from models.members import Member
from models.payroll import PayrollLine, PayrollList
from models.savings import SavingsAccount, SavingsBill, SavingsProduct
from services.audit import trail
from services.loans import queries as lending
from services.mart import credits
from services.payroll.refusals import AlreadySettled, ListSent
from services.savings import bills, products
from services.settings import dated


@dataclass(frozen=True)
class Deduction:
    """One member's row. `term`, `installment_no` and `outstanding_rp` (before this deduction) tell of their loan.

    `store_rp` is kasbon of the cooperative's shops.
    """

    member_id: int
    number: str
    nip: str
    name: str
    employer: str
    work_unit: str
    share_rp: Rupiah = 0
    mandatory_rp: Rupiah = 0
    voluntary_rp: Rupiah = 0
    principal_rp: Rupiah = 0
    interest_rp: Rupiah = 0
    term: int = 0
    installment_no: int = 0
    outstanding_rp: Rupiah = 0
    store_rp: Rupiah = 0

    @property
    def total_rp(self) -> Rupiah:
        saved_rp = self.share_rp + self.mandatory_rp + self.voluntary_rp
        return saved_rp + self.principal_rp + self.interest_rp + self.store_rp


@dataclass(frozen=True)
class Deductions:
    """A month's list as it would be sent."""

    month_on: date
    employer: str
    sent_on: date
    due_on: date
    rows: tuple[Deduction, ...]

    @property
    def total_rp(self) -> Rupiah:
        return sum(row.total_rp for row in self.rows)


def preview(session: Session, actor: Actor, month_on: date, *, employer: str = "") -> Deductions:
    """What the month's list would hold: members who had joined by the cut-off day and had not left before it.

    Savings: the share that is still missing, unpaid mandatory bills with this month's, the voluntary amount they chose.
    Loans collected by payroll: everything due up to the pay day. Kasbon: what is open of purchases up to the cut-off
    day. Nobody is asked twice: whoever stands on the list of another paymaster that month is left out. Makes nothing.
    """
    actor.must("payroll.run")
    month_on = month_on.replace(day=1)
    cutoff_on = month_on.replace(day=dated.whole(session, actor.coop_id, "payroll.cutoff_day", month_on))
    due_on = month_on.replace(day=dated.whole(session, actor.coop_id, "payroll.pay_day", month_on))
    members = _members(session, cutoff_on, month_on, employer)
    share = _missing_share(session, actor, members)
    mandatory = _mandatory(session, actor, members, month_on)
    loans = _loans(session, members, due_on)
    kasbon = credits.open_of(session, [member.id for member in members], cutoff_on)
    rows = tuple(
        Deduction(
            member.id, member.number or "", member.nip or "", member.name, member.employer, member.work_unit,
            share.get(member.id, 0), mandatory.get(member.id, 0), member.voluntary_deduction_rp,
            *loans.get(member.id, (0, 0, 0, 0, 0)), credits.left(kasbon.get(member.id, ())),
        )
        for member in members
    )  # fmt: skip
    return Deductions(month_on, employer, cutoff_on, due_on, rows)


def _members(session: Session, cutoff_on: date, month_on: date, employer: str) -> list[Member]:
    asked = (
        select(PayrollLine.member_id)
        .join(PayrollList, PayrollList.id == PayrollLine.list_id)
        .where(PayrollList.month_on == month_on, PayrollList.employer != employer)
    )
    query = select(Member).where(
        Member.number.is_not(None), Member.joined_on <= cutoff_on,
        or_(Member.state == "active", Member.left_on >= cutoff_on), Member.id.not_in(asked),
    )  # fmt: skip
    if employer:
        query = query.where(Member.employer == employer)
    return list(session.scalars(query.order_by(Member.number)))


def _missing_share(session: Session, actor: Actor, members: Sequence[Member]) -> dict[int, Rupiah]:
    found = [product for product in products.active(session, actor) if product.kind == "share" and product.amount_rp]
    if not found:
        return {}
    product = found[0]
    query = select(SavingsAccount.member_id, SavingsAccount.balance_rp).where(SavingsAccount.product_id == product.id)
    held = {row.member_id: row.balance_rp for row in session.execute(query)}
    return {member.id: max(0, product.amount_rp - held.get(member.id, 0)) for member in members}


def mandatory_product(session: Session, actor: Actor) -> SavingsProduct | None:
    """The product billed monthly by payroll (one with an amount of its own before others), or None."""
    found = [product for product in products.active(session, actor) if product.kind == "mandatory"]
    return next((product for product in found if product.amount_rp), found[0] if found else None)


def _mandatory(session: Session, actor: Actor, members: Sequence[Member], month_on: date) -> dict[int, Rupiah]:
    """Unpaid bills up to this month, and this month's own where it is not made yet."""
    product = mandatory_product(session, actor)
    if product is None:
        return {}
    owed = {member.id: 0 for member in members}
    billed: set[int] = set()
    query = select(SavingsBill).where(SavingsBill.product_id == product.id, SavingsBill.month_on <= month_on)
    for bill in session.scalars(query):
        if bill.month_on == month_on:
            billed.add(bill.member_id)
        if bill.member_id in owed and not bill.is_waived:
            owed[bill.member_id] += bill.amount_rp - bill.paid_rp
    return {member_id: sum_rp + (0 if member_id in billed else product.amount_rp) for member_id, sum_rp in owed.items()}


def _loans(
    session: Session, members: Sequence[Member], due_on: date
) -> dict[int, tuple[Rupiah, Rupiah, int, int, Rupiah]]:
    """Per member: principal and interest due by payroll, term, number of the installment, outstanding before it."""
    query = select(Loan).where(Loan.state == "running", Loan.collected_by == "payroll").order_by(Loan.id)
    loans = list(session.scalars(query))
    rows = lending.installments_of(session, loans, until=due_on)
    wanted = {member.id for member in members}
    found: dict[int, tuple[Rupiah, Rupiah, int, int, Rupiah]] = {}
    for loan in loans:
        due = rows[loan.id]
        if loan.member_id in wanted and due:
            before = found.get(loan.member_id, (0, 0, 0, 0, 0))
            found[loan.member_id] = (
                before[0] + sum(row.principal_left_rp for row in due),
                before[1] + sum(row.interest_left_rp for row in due),
                loan.term, due[-1].no, before[4] + loan.outstanding_rp,
            )  # fmt: skip
    return found


def send(session: Session, actor: Actor, wanted: Deductions) -> PayrollList:
    """Freeze a list (ours, or one an office made) and make the month's mandatory bills of its members.

    Raises ListSent when the month has one.
    """
    actor.must("payroll.run")
    held = select(PayrollList).where(PayrollList.month_on == wanted.month_on, PayrollList.employer == wanted.employer)
    if session.scalars(held).first() is not None:
        raise ListSent(month=month_long(wanted.month_on))
    sent = PayrollList(
        coop_id=actor.coop_id, month_on=wanted.month_on, employer=wanted.employer, sent_on=wanted.sent_on,
        due_on=wanted.due_on, state="sent", created_by=actor.user_id,
    )  # fmt: skip
    session.add(sent)
    session.flush()  # the lines hang on its id
    session.add_all(
        PayrollLine(
            coop_id=actor.coop_id, list_id=sent.id, member_id=row.member_id, share_rp=row.share_rp,
            mandatory_rp=row.mandatory_rp, voluntary_rp=row.voluntary_rp, principal_rp=row.principal_rp,
            interest_rp=row.interest_rp, term=row.term, installment_no=row.installment_no,
            outstanding_rp=row.outstanding_rp, store_rp=row.store_rp,
        )
        for row in wanted.rows
    )  # fmt: skip
    _bill(session, actor, wanted)
    trail.record(session, actor, "payroll.send", f"payroll:{wanted.month_on:%Y-%m}", total_rp=wanted.total_rp)
    session.flush()  # the settlement of this transaction reads the lines
    return sent


def _bill(session: Session, actor: Actor, wanted: Deductions) -> None:
    """The month's mandatory bills, so that what is unpaid of them and of older ones is what the list asks."""
    product = mandatory_product(session, actor)
    if product is None:
        return
    asked = {row.member_id: row.mandatory_rp for row in wanted.rows if row.mandatory_rp}
    older, pending = _older(session, product, wanted), _pending(session, wanted)
    owed = []
    for member_id, mandatory_rp in asked.items():
        lacking_rp = older.get(member_id, 0)
        own_rp = mandatory_rp - lacking_rp
        if own_rp <= 0:  # an office leaves out what its earlier list, still without its settlement, asks already
            left_rp = mandatory_rp - max(0, lacking_rp - pending.get(member_id, 0))
            own_rp = min(product.amount_rp, left_rp)
        owed.append((member_id, own_rp))
    bills.make(session, actor, product, wanted.month_on, owed)


def _older(session: Session, product: SavingsProduct, wanted: Deductions) -> dict[int, Rupiah]:
    """What members still owe on bills of the months before."""
    query = select(SavingsBill).where(
        SavingsBill.product_id == product.id, SavingsBill.month_on < wanted.month_on,
        SavingsBill.paid_rp < SavingsBill.amount_rp, ~SavingsBill.is_waived,
    )  # fmt: skip
    found: dict[int, Rupiah] = {}
    for bill in session.scalars(query):
        found[bill.member_id] = found.get(bill.member_id, 0) + bill.amount_rp - bill.paid_rp
    return found


def _pending(session: Session, wanted: Deductions) -> dict[int, Rupiah]:
    """Mandatory savings that earlier lists ask and no settlement has answered."""
    query = (
        select(PayrollLine.member_id, PayrollLine.mandatory_rp)
        .join(PayrollList, PayrollList.id == PayrollLine.list_id)
        .where(PayrollList.state == "sent", PayrollList.month_on < wanted.month_on)
    )
    found: dict[int, Rupiah] = {}
    for member_id, mandatory_rp in session.execute(query):
        found[member_id] = found.get(member_id, 0) + mandatory_rp
    return found


def withdraw(session: Session, actor: Actor, list_id: int) -> None:
    """Take back a list that was not settled; its bills stay. Raises AlreadySettled, NotFound."""
    actor.must("payroll.run")
    sent = get(session, actor, list_id)
    if sent.state == "settled":
        raise AlreadySettled(month=month_long(sent.month_on))
    for line in lines(session, sent):
        session.delete(line)
    session.flush()  # the lines point at the list
    session.delete(sent)
    trail.record(session, actor, "payroll.withdraw", f"payroll:{sent.month_on:%Y-%m}")


def get(session: Session, actor: Actor, list_id: int) -> PayrollList:
    """A list of this cooperative. Raises NotFound."""
    found = session.get(PayrollList, list_id)
    if found is None:
        raise NotFound(what="Daftar potongan")
    return found


def of_month(session: Session, actor: Actor, month_on: date, *, employer: str = "") -> PayrollList | None:
    """The month's list, when one was sent."""
    query = select(PayrollList).where(PayrollList.month_on == month_on.replace(day=1), PayrollList.employer == employer)
    return session.scalars(query).first()


def lines(session: Session, sent: PayrollList) -> list[PayrollLine]:
    """The rows of a list, by member number."""
    query = select(PayrollLine).join(Member, Member.id == PayrollLine.member_id).where(PayrollLine.list_id == sent.id)
    return list(session.scalars(query.order_by(Member.number).options(selectinload(PayrollLine.member))))
