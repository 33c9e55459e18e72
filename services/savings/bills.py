"""Monthly bills of mandatory savings: previewed for all members, made once, paid oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import month_long
from core.errors import InvalidValue, NotFound
from core.money import Rupiah
from models.members import Member
from models.savings import SavingsBill, SavingsProduct
from services.audit import trail
from services.savings.refusals import BillsWrongMonth, PreviewStale


@dataclass(frozen=True)
class BillLine:
    member_id: int
    number: str
    name: str
    amount_rp: Rupiah


@dataclass(frozen=True)
class BillRun:
    """What a billing run of one product and month would make; `already` members have their bill."""

    product_id: int
    product_name: str
    month_on: date
    lines: tuple[BillLine, ...]
    already: int

    @property
    def total_rp(self) -> Rupiah:
        return sum(line.amount_rp for line in self.lines)


def preview(session: Session, actor: Actor, *, product_id: int, month_on: date, today: date) -> BillRun:
    """Bills the run would make: every member active on the month's first day without one. Makes nothing.

    Raises BillsWrongMonth for a month more than one ahead, NotFound for a product that is not billed monthly.
    """
    actor.must("savings.bill")
    month_on = month_on.replace(day=1)
    product = session.get(SavingsProduct, product_id)
    if product is None or product.kind != "mandatory" or not product.is_active or product.amount_rp <= 0:
        raise NotFound(what="Simpanan wajib dengan jumlah bulanan")
    ahead = (month_on.year - today.year) * 12 + month_on.month - today.month
    if ahead > 1:
        raise BillsWrongMonth(month=month_long(month_on), reason="paling jauh bulan depan.")
    billed = select(SavingsBill.member_id).where(SavingsBill.product_id == product_id, SavingsBill.month_on == month_on)
    owing = select(Member).where(Member.state == "active", Member.joined_on < _next(month_on)).order_by(Member.number)
    lines = tuple(
        BillLine(member.id, member.number or "", member.name, product.amount_rp)
        for member in session.scalars(owing.where(Member.id.not_in(billed)))
    )
    already = session.scalar(select(func.count()).select_from(billed.subquery())) or 0
    return BillRun(product_id, product.name, month_on, lines, already)


def _next(month_on: date) -> date:
    return date(month_on.year + month_on.month // 12, month_on.month % 12 + 1, 1)


def book(session: Session, actor: Actor, run: BillRun, *, today: date) -> int:
    """Make exactly the bills of the preview. Raises PreviewStale when members or amounts changed since."""
    if preview(session, actor, product_id=run.product_id, month_on=run.month_on, today=today) != run:
        raise PreviewStale()
    product = session.get_one(SavingsProduct, run.product_id)
    made = _make(session, actor, product, run.month_on, [(line.member_id, line.amount_rp) for line in run.lines])
    detail = {"count": made, "total_rp": run.total_rp}
    trail.record(session, actor, "savings.bill", f"bills:{run.product_id}:{run.month_on:%Y-%m}", **detail)
    return made


def make(
    session: Session, actor: Actor, product: SavingsProduct, month_on: date, owed: Sequence[tuple[int, Rupiah]]
) -> int:
    """Bill (member, amount) for the month as a payroll list asks it; a bill that is there follows. Returns the new.

    The amount is what is still to be paid of the month. Who is not named, or with nothing, keeps what they have.
    """
    query = select(SavingsBill).where(SavingsBill.product_id == product.id, SavingsBill.month_on == month_on)
    held = {bill.member_id: bill for bill in session.scalars(query)}
    for member_id, amount_rp in owed:
        bill = held.get(member_id)
        if bill is not None and amount_rp > 0 and not bill.is_waived:
            bill.amount_rp = bill.paid_rp + amount_rp
    wanted = [(member_id, amount_rp) for member_id, amount_rp in owed if amount_rp > 0 and member_id not in held]
    return _make(session, actor, product, month_on, wanted)


def _make(
    session: Session, actor: Actor, product: SavingsProduct, month_on: date, owed: Sequence[tuple[int, Rupiah]]
) -> int:
    session.add_all(
        SavingsBill(
            coop_id=actor.coop_id,
            member_id=member_id,
            product_id=product.id,
            month_on=month_on,
            amount_rp=amount_rp,
            paid_rp=0,
        )
        for member_id, amount_rp in owed
    )
    session.flush()  # the unique bill per member and month settles a race here
    return len(owed)


Payment = tuple[int, int, Rupiah]
"""Member, product, amount."""


def pay_many(session: Session, actor: Actor, payments: Sequence[Payment]) -> list[Rupiah]:
    """Put payments on bills, oldest first; the part of each that met one (the rest is savings all the same)."""
    owed: dict[tuple[int, int], list[SavingsBill]] = {}
    member_ids = sorted({member_id for member_id, _, _ in payments})
    for start in range(0, len(member_ids), 500):
        query = select(SavingsBill).where(
            SavingsBill.member_id.in_(member_ids[start : start + 500]),
            SavingsBill.paid_rp < SavingsBill.amount_rp,
            ~SavingsBill.is_waived,
        )
        for bill in session.scalars(query.order_by(SavingsBill.month_on)):
            owed.setdefault((bill.member_id, bill.product_id), []).append(bill)
    met = []
    for member_id, product_id, amount_rp in payments:
        left_rp = amount_rp
        for bill in owed.get((member_id, product_id), ()):
            part_rp = min(left_rp, bill.amount_rp - bill.paid_rp)
            bill.paid_rp += part_rp
            left_rp -= part_rp
        met.append(amount_rp - left_rp)
    return met


def unpay(session: Session, actor: Actor, member_id: int, product_id: int, amount_rp: Rupiah) -> None:
    """Take the part of an undone payment that met bills off them again, newest first."""
    paid = select(SavingsBill).where(
        SavingsBill.member_id == member_id, SavingsBill.product_id == product_id, SavingsBill.paid_rp > 0
    )
    for bill in session.scalars(paid.order_by(SavingsBill.month_on.desc())):
        part_rp = min(amount_rp, bill.paid_rp)
        bill.paid_rp -= part_rp
        amount_rp -= part_rp
        if not amount_rp:
            break


def waive(session: Session, actor: Actor, bill_id: int, *, reason: str) -> SavingsBill:
    """Forgive what is left of a bill, with the reason. Raises InvalidValue, NotFound."""
    actor.must("savings.bill")
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu.")
    bill = session.get(SavingsBill, bill_id)
    if bill is None:
        raise NotFound(what="Tagihan")
    bill.is_waived = True
    trail.record(session, actor, "savings.waive", f"bill:{bill.id}", reason=reason)
    return bill


def state(bill: SavingsBill) -> str:
    """How people name it: lunas, sebagian, dibebaskan, belum dibayar."""
    if bill.is_waived:
        return "dibebaskan"
    if bill.paid_rp == bill.amount_rp:
        return "lunas"
    return "sebagian" if bill.paid_rp else "belum dibayar"
