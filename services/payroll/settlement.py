"""What came back from the paymaster: matched to the list, taken apart, shown, then booked as one entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import month_long, rupiah
from core.errors import NotFound
from core.money import LIMIT_RP, Rupiah
from models.loans import Loan, LoanInstallment
from models.mart.orders import StoreCredit
from models.payroll import PayrollLine, PayrollList
from models.savings import SavingsProduct
from services.audit import trail
from services.ledger.chart import Role
from services.ledger.posting import Line, Posted, credit, debit, post
from services.loans import queries, repayment
from services.loans.allocation import Allocation, Bucket
from services.mart import credits
from services.payroll import lists
from services.payroll.refusals import (
    AlreadySettled,
    ExcessUnconfirmed,
    NotOnList,
    PayrollStale,
    ReceivedInvalid,
    ReceivedTwice,
)
from services.savings import commands as savings
from services.savings import products
from services.savings.commands import CashMovement
from services.settings import dated

ORDER: tuple[Bucket, ...] = ("late_interest", "current_interest", "late_principal", "current_principal", "later")
"""Of what the list asked: jasa first, then pokok; then simpanan pokok, wajib, sukarela; kasbon; then titipan."""


@dataclass(frozen=True)
class Received:
    """What the paymaster says was deducted of one member."""

    member_id: int
    amount_rp: Rupiah


@dataclass(frozen=True)
class Share:
    """How one member's money is spread. `state` is full, partial, failed or excess."""

    member_id: int
    number: str
    name: str
    listed_rp: Rupiah
    received_rp: Rupiah
    interest_rp: Rupiah
    principal_rp: Rupiah
    share_rp: Rupiah
    mandatory_rp: Rupiah
    voluntary_rp: Rupiah
    store_rp: Rupiah
    excess_rp: Rupiah

    @property
    def state(self) -> str:
        if self.excess_rp:
            return "excess"
        if not self.received_rp and self.listed_rp:
            return "failed"
        return "full" if self.received_rp == self.listed_rp else "partial"


@dataclass(frozen=True)
class Settlement:
    """A whole settlement before it is booked."""

    list_id: int
    month_on: date
    paid_on: date
    shares: tuple[Share, ...]

    @property
    def received_rp(self) -> Rupiah:
        return sum(share.received_rp for share in self.shares)

    @property
    def listed_rp(self) -> Rupiah:
        return sum(share.listed_rp for share in self.shares)

    @property
    def excess_rp(self) -> Rupiah:
        return sum(share.excess_rp for share in self.shares)

    def count(self, state: str) -> int:
        return sum(share.state == state for share in self.shares)


def preview(session: Session, actor: Actor, list_id: int, received: Sequence[Received], *, paid_on: date) -> Settlement:
    """Spread what came over what was asked; who is missing received nothing. Books nothing.

    Raises AlreadySettled, NotOnList, ReceivedTwice.
    """
    actor.must("payroll.run")
    return _spread(_met(session, actor, list_id, paid_on), received, paid_on)


@dataclass(frozen=True)
class _Met:
    """What a settlement meets: the list, the loans its members pay by payroll, and what of each is open by now.

    `kasbon` is what is still open of purchases that the list could ask for.
    """

    sent: PayrollList
    lines: Sequence[PayrollLine]
    loans: dict[int, list[Loan]]
    rows: dict[int, list[LoanInstallment]]
    kasbon: dict[int, list[StoreCredit]]

    def taken(self, member_id: int, amount_rp: Rupiah, on: date) -> list[tuple[Loan, Allocation]]:
        """What each loan of a member gets of an amount, oldest loan first: of what was due by the list's pay day."""
        found = []
        for loan in self.loans.get(member_id, ()):
            due = [row for row in self.rows[loan.id] if row.due_on <= self.sent.due_on]
            got = repayment.apportion(loan, due, amount_rp, on, ORDER)
            found.append((loan, got))
            amount_rp = got.left_rp
        return found


def _met(session: Session, actor: Actor, list_id: int, paid_on: date) -> _Met:
    sent = lists.get(session, actor, list_id)
    if sent.state == "settled":
        raise AlreadySettled(month=month_long(sent.month_on))
    lines = lists.lines(session, sent)
    loans = _loans(session, lines, paid_on)
    own, until = [loan for found in loans.values() for loan in found], max(sent.due_on, paid_on)
    rows = queries.installments_of(session, own, until=until, open_only=True)
    kasbon = credits.open_of(session, [line.member_id for line in lines], sent.sent_on)
    return _Met(sent, lines, loans, rows, kasbon)


def _spread(met: _Met, received: Sequence[Received], paid_on: date) -> Settlement:
    by_member = _by_member(met.sent, met.lines, received)
    shares = tuple(_share(met, line, by_member.get(line.member_id, 0), paid_on) for line in met.lines)
    return Settlement(met.sent.id, met.sent.month_on, paid_on, shares)


def _by_member(sent: PayrollList, lines: Sequence[PayrollLine], received: Sequence[Received]) -> dict[int, Rupiah]:
    names = {line.member_id: f"{line.member.number} {line.member.name}" for line in lines}
    found: dict[int, Rupiah] = {}
    for one in received:
        if one.member_id not in names:
            raise NotOnList(who=f"Anggota {one.member_id}", month=month_long(sent.month_on))
        if one.member_id in found:
            raise ReceivedTwice(who=names[one.member_id])
        if type(one.amount_rp) is not int or not 0 <= one.amount_rp < LIMIT_RP:
            raise ReceivedInvalid(who=names[one.member_id], amount=one.amount_rp)
        found[one.member_id] = one.amount_rp
    return found


def _loans(session: Session, lines: Sequence[PayrollLine], paid_on: date) -> dict[int, list[Loan]]:
    wanted = {line.member_id for line in lines}
    query = (
        select(Loan)
        .where(Loan.state == "running", Loan.collected_by == "payroll", Loan.disbursed_on <= paid_on)
        .order_by(Loan.id)
    )
    found: dict[int, list[Loan]] = {}
    for loan in session.scalars(query):
        if loan.member_id in wanted:
            found.setdefault(loan.member_id, []).append(loan)
    return found


def _share(met: _Met, line: PayrollLine, amount_rp: Rupiah, on: date) -> Share:
    taken = [part for _, part in met.taken(line.member_id, amount_rp, on)]
    left_rp = taken[-1].left_rp if taken else amount_rp
    saves = line.member.state == "active"  # who left meanwhile saves no more: the money is kept for them
    share_rp = min(left_rp, line.share_rp * saves)
    mandatory_rp = min(left_rp - share_rp, line.mandatory_rp * saves)
    voluntary_rp = min(left_rp - share_rp - mandatory_rp, line.voluntary_rp * saves)
    left_rp -= share_rp + mandatory_rp + voluntary_rp
    store_rp = min(left_rp, line.store_rp, credits.left(met.kasbon.get(line.member_id, ())))
    return Share(
        line.member_id, line.member.number or "", line.member.name, line.total_rp, amount_rp,
        sum(part.interest_rp for part in taken), sum(part.principal_rp for part in taken), share_rp, mandatory_rp,
        voluntary_rp, store_rp, left_rp - store_rp,
    )  # fmt: skip


def book(
    session: Session, actor: Actor, settlement: Settlement, *, accept_excess: bool = False, voucher_no: str = ""
) -> Posted | None:
    """Book exactly the previewed settlement as one entry; None when nothing at all came.

    Raises:
        PayrollStale: balances moved since. AlreadySettled. ExcessUnconfirmed: more came than was asked. As `post`.
    """
    actor.must("payroll.run")
    received = [Received(share.member_id, share.received_rp) for share in settlement.shares if share.received_rp]
    met = _met(session, actor, settlement.list_id, settlement.paid_on)
    if _spread(met, received, settlement.paid_on) != settlement:
        raise PayrollStale()
    if settlement.excess_rp and not accept_excess:
        raise ExcessUnconfirmed(excess=rupiah(settlement.excess_rp))
    sent, lines = met.sent, {line.member_id: line for line in met.lines}
    for share in settlement.shares:
        lines[share.member_id].received_rp = share.received_rp
    sent.state, sent.settled_on = "settled", settlement.paid_on
    posted = _post(session, actor, met, settlement, lines, voucher_no) if received else None
    if posted is not None:
        sent.entry_seq = posted.seq
    trail.record(session, actor, "payroll.settle", f"payroll:{sent.month_on:%Y-%m}", received_rp=settlement.received_rp)
    session.flush()  # the next list of this transaction reads it
    return posted


def _post(
    session: Session, actor: Actor, met: _Met, settlement: Settlement, lines: dict[int, PayrollLine], voucher_no: str
) -> Posted:
    source, paid_on = f"payroll:{met.sent.id}:settled", settlement.paid_on
    movements = _movements(session, actor, settlement, lines, source)
    taken = [pair for share in settlement.shares for pair in met.taken(share.member_id, share.received_rp, paid_on)]
    through = dated.value(session, actor.coop_id, "payroll.through", paid_on)
    entry: list[Line] = [debit(Role(through), settlement.received_rp)]
    entry += [savings.line_of(movement) for movement in movements]
    entry += [line for loan, part in taken for line in repayment.lines_of(loan, part)]
    for share in settlement.shares:
        for role, amount_rp in (
            (Role.STORE_RECEIVABLE, share.store_rp), (Role.INSTALLMENT_DEPOSITS, share.excess_rp),
        ):  # fmt: skip
            entry += [credit(role, amount_rp, member_id=share.member_id)] if amount_rp else []
    memo = f"Potongan gaji {month_long(met.sent.month_on)}"
    posted = post(session, actor, booked_on=paid_on, memo=memo, source=source, lines=entry, voucher_no=voucher_no)
    savings.record(session, actor, movements, posted.seq)
    _take_off(session, actor, met, settlement, source, posted.seq)
    ending = [loan for loan, part in taken if part.principal_rp == loan.outstanding_rp]  # is anything open at all?
    rows = met.rows | queries.installments_of(session, ending, open_only=True)
    for loan, part in taken:
        if part.total_rp:
            repayment.record(
                session, actor, loan, rows[loan.id], part, on=paid_on, kind="payroll",
                source=f"{source}:{loan.id}", entry_seq=posted.seq, memo=memo,
            )  # fmt: skip
    return posted


def _take_off(session: Session, actor: Actor, met: _Met, settlement: Settlement, source: str, seq: int) -> None:
    """Kasbon that the entry paid, oldest first."""
    for share in settlement.shares:
        if share.store_rp:
            owed = met.kasbon[share.member_id]
            credits.take_off(session, actor, owed, share.store_rp, on=settlement.paid_on, source=source, entry_seq=seq)


def _movements(
    session: Session, actor: Actor, settlement: Settlement, lines: dict[int, PayrollLine], source: str
) -> list[CashMovement]:
    kinds = {kind: _product(session, actor, kind) for kind in ("share", "mandatory", "voluntary")}
    found = []
    for share in settlement.shares:
        for kind, product in kinds.items():
            amount_rp = getattr(share, f"{kind}_rp")
            if amount_rp:
                if product is None:
                    raise NotFound(what=f"Jenis simpanan {kind}")
                member = lines[share.member_id].member
                memo = f"Potong gaji {month_long(settlement.month_on)}"
                name = f"{source}:{member.id}:{product.code}"
                found.append(CashMovement(member, product, amount_rp, settlement.paid_on, name, memo))
    return found


def _product(session: Session, actor: Actor, kind: str) -> SavingsProduct | None:
    if kind == "mandatory":
        return lists.mandatory_product(session, actor)
    return next((product for product in products.active(session, actor) if product.kind == kind), None)
