"""Money that goes back to a buyer: into savings, off a kasbon, from the bank, the office or the shop's drawer."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import rupiah
from core.money import Rupiah
from models.mart.orders import Order, StoreCredit, StoreCreditPayment
from models.members import Member
from models.savings import SavingsProduct
from services.ledger.chart import Role
from services.ledger.posting import Line, credit
from services.mart import booking, points, states
from services.mart.refusals import RefundWayUnknown
from services.savings import commands as savings

WAYS = {
    "savings": "Ke tabungan anggota",
    "credit": "Mengurangi kasbon",
    "bank": "Transfer dari bank koperasi",
    "office": "Tunai dari kas koperasi",
    "cash": "Tunai dari laci toko",
}


def ways(session: Session, actor: Actor, order: Order, amount_rp: Rupiah) -> list[str]:
    """How this money may go back. Who keeps a shop gives back only what stays in the house."""
    if not amount_rp:
        return []
    kasbon = _credit(session, order)
    able = {
        "savings": order.member_id is not None,
        "credit": kasbon is not None and kasbon.amount_rp - kasbon.paid_rp >= amount_rp,
        "bank": actor.may("mart.money"),
        "office": actor.may("mart.money"),
        "cash": order.pay_by == "cash",
    }
    return [way for way in WAYS if able[way]]


def _credit(session: Session, order: Order) -> StoreCredit | None:
    return session.scalars(select(StoreCredit).where(StoreCredit.order_id == order.id)).first()


class Refund:
    """One payment back: `line` is its side of the entry, `done` writes what belongs to it elsewhere."""

    def __init__(
        self, session: Session, actor: Actor, order: Order, way: str, amount_rp: Rupiah, on: date, source: str,
        product_id: int,
    ) -> None:  # fmt: skip
        if amount_rp and way not in ways(session, actor, order, amount_rp):
            raise RefundWayUnknown()
        self._session, self._actor, self._order, self._on, self._source = session, actor, order, on, source
        self.way, self.amount_rp = way, amount_rp
        self._movement = self._into_savings(product_id) if amount_rp and way == "savings" else None

    def _into_savings(self, product_id: int) -> savings.CashMovement:
        member = self._session.get_one(Member, self._order.member_id)
        query = select(SavingsProduct).where(SavingsProduct.kind == "voluntary", SavingsProduct.is_active)
        found = list(self._session.scalars(query.order_by(SavingsProduct.code)))
        product = next((one for one in found if one.id == product_id), found[0] if found else None)
        if product is None:
            raise RefundWayUnknown()
        memo = f"Pengembalian uang {self._order.label}"
        return savings.CashMovement(member, product, self.amount_rp, self._on, f"{self._source}:savings", memo)

    @property
    def to_shop(self) -> bool:
        return self.way == "cash"

    def line(self) -> Line:
        if self._movement is not None:
            return savings.line_of(self._movement)
        if self.way == "credit":
            return credit(Role.STORE_RECEIVABLE, self.amount_rp, member_id=self._order.member_id)
        if self.way == "cash":
            return credit(Role.STORE_CASH, self.amount_rp, unit_id=self._order.store.unit_id)
        return credit(Role.BANK if self.way == "bank" else Role.CASH, self.amount_rp)

    def done(self, entry_seq: int) -> None:
        """The member's side of the entry."""
        if self._movement is not None:
            savings.record(self._session, self._actor, [self._movement], entry_seq)
        kasbon = _credit(self._session, self._order) if self.way == "credit" else None
        if kasbon is not None:
            pay_credit(
                self._session, self._actor, kasbon, self.amount_rp, on=self._on, source=self._source,
                entry_seq=entry_seq,
            )  # fmt: skip


def pay_credit(
    session: Session,
    actor: Actor,
    kasbon: StoreCredit | None,
    amount_rp: Rupiah,
    *,
    on: date,
    source: str,
    entry_seq: int,
) -> None:
    """Take an amount off a kasbon, as its entry booked it."""
    assert kasbon is not None
    kasbon.paid_rp += amount_rp
    session.add(
        StoreCreditPayment(
            coop_id=kasbon.coop_id, credit_id=kasbon.id, amount_rp=amount_rp, booked_on=on, source=source,
            entry_seq=entry_seq, created_by=actor.user_id,
        )
    )  # fmt: skip


def give_back(session: Session, actor: Actor, order: Order, way: str, *, on: date, product_id: int = 0) -> None:
    """Everything held for a cancelled order goes back, points as points. Raises RefundWayUnknown."""
    source, held_rp = f"mart:order:{order.id}:refund:{order.refunded_rp}", order.held_rp
    used, used_rp = points.used_by(session, order)
    money_rp = held_rp - used_rp
    if money_rp:
        refund = Refund(session, actor, order, way, money_rp, on, source, product_id)
        line, to_shop = refund.line(), refund.to_shop
        seq = booking.money_back(session, actor, order, out_of=line, on=on, source=source, to_shop=to_shop).seq
        refund.done(seq)
    else:
        seq = booking.points_back(session, actor, order, on=on, source=source).seq
    if used:
        points.record(session, actor, order, "given_back", used, used_rp, on=on, source=source, entry_seq=seq)
    states.tell(session, actor, order, "refund", said(way, money_rp))


def said(way: str, money_rp: Rupiah) -> str:
    """What a timeline says of money that went back."""
    return f"{rupiah(money_rp)}, {WAYS[way].lower()}" if money_rp else "sebagai poin"
