"""Counter sales: an order placed, paid and handed over in one go, in a cashier's shift, once per sale of the device."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import moment, rupiah
from core.errors import InvalidValue, NotFound
from core.money import LIMIT_RP, Rupiah
from models.access import CoopUser
from models.coops import Coop
from models.mart.orders import Order, OrderEvent
from models.mart.products import ProductVariant
from models.mart.selling import TillShift
from models.mart.stores import Store
from models.members import Member
from services.ledger.chart import Role
from services.ledger.posting import debit
from services.mart import buyers, counting, expiry, fulfilment, orders, payments, shifts, states, stock, stores
from services.mart import till_prices as prices
from services.mart.buyers import Buyer
from services.mart.refusals import CartEmpty, NotForSale, OrderDiffers, PaymentUnknown, QuantityInvalid
from services.mart.till_refusals import (
    CardUnknown,
    CashShort,
    ClockWrong,
    KasbonNeedsMember,
    SaleAfterShift,
    ShelfShort,
)

WAYS = {"cash": "Tunai", "qris": "QRIS", "credit": "Kasbon"}
OLDEST, AHEAD = timedelta(days=7), timedelta(minutes=10)


@dataclass(frozen=True)
class Item:
    """So many pieces of a variant at the price of a piece that the till showed."""

    variant_id: int
    pieces: int
    price_rp: Rupiah


@dataclass(frozen=True)
class Sale:
    """What the till rang up. `token` is made by the device; `member` is a number or what a card says ("" for anybody).

    `received_rp` is the cash the buyer gave; the change is what it is more than the total.
    """

    token: uuid.UUID
    items: tuple[Item, ...]
    pay_by: str
    sold_at: datetime
    member: str = ""
    received_rp: Rupiah = 0

    @property
    def total_rp(self) -> Rupiah:
        return sum(item.pieces * item.price_rp for item in self.items)


def sell(session: Session, actor: Actor, shift_id: int, sale: Sale, *, at: datetime) -> Order:
    """Ring up a sale: the order is done, its money and goods are booked on the day it was sold.

    The same token again returns the same order.

    Raises:
        NotYourShift, SaleAfterShift, ClockWrong: whose sale it is, and when. OrderDiffers: the token sold other goods.
        ShelfShort, PriceUnknown, NotForSale, NotFound, QuantityInvalid, CartEmpty: the goods.
        CardUnknown, KasbonNeedsMember, CreditTooHigh, CashShort, PaymentUnknown, MembersOnly: who pays, and how.
        PeriodClosed, NoSuchPeriod: as `post`.
    """
    shift = shifts.own(session, actor, shift_id)
    if (found := known(session, shift, sale)) is not None:
        return found
    believable(session, shift, sale, at)
    day = counting.business_day(session, shift.coop_id, sale.sold_at)
    return ring(session, actor, shift, sale, on=day, at=sale.sold_at)


def known(session: Session, shift: TillShift, sale: Sale) -> Order | None:
    """The order of a sale that was sent before. Raises OrderDiffers."""
    found = session.scalars(select(Order).where(Order.token == str(sale.token))).first()
    if found is None:
        return None
    same = sorted((line.variant_id, line.quantity) for line in found.lines) == _pieces(sale)
    if not (same and (found.shift_id, found.pay_by, found.due_rp) == (shift.id, sale.pay_by, sale.total_rp)):
        raise OrderDiffers()
    return found


def _pieces(sale: Sale) -> list[tuple[int, int]]:
    return sorted((item.variant_id, item.pieces) for item in sale.items)


def believable(session: Session, shift: TillShift, sale: Sale, at: datetime) -> None:
    """Whether a sale can have happened then. Raises ClockWrong, SaleAfterShift."""
    if not at - OLDEST <= sale.sold_at <= at + AHEAD:
        raise ClockWrong(sold=moment(sale.sold_at, session.get_one(Coop, shift.coop_id).zone))
    if shift.closed_at is not None and sale.sold_at > shift.closed_at:
        raise SaleAfterShift()


def ring(
    session: Session, actor: Actor, shift: TillShift, sale: Sale, *, on: date, at: datetime, any_price: bool = False
) -> Order:
    """Book a sale of a shift as if it happened `at`, on the day `on`; with `any_price` the till's prices hold."""
    store = stores.must_keep(session, actor, shift.store_id)
    member = _member(session, sale)
    buyer = _buyer(session, actor, member)
    buyers.must_serve(store, buyer)
    variants = _goods(session, actor, store, sale, at)
    counted = prices.agreed(session, buyer, store, sale.items, variants, at=at, any_price=any_price)
    _payable(sale, counted.due_rp, member)
    order = Order(
        coop_id=store.coop_id, public_id=uuid.uuid4(), token=str(sale.token), year=on.year,
        number=orders.next_number(session, on.year), store_id=store.id, store=store, channel="till",
        shift_id=shift.id, buyer_id=buyer.user_id or None, member_id=buyer.member_id, buyer_name=buyer.name[:80],
        state="packing" if sale.pay_by == "cash" else "unpaid", placed_on=on, placed_at=at, delivery="till",
        pay_by=sale.pay_by, commission_pct=store.commission_pct, **orders.amounts(counted),
    )  # fmt: skip
    session.add(order)
    session.flush()  # its lines name it
    session.add_all(orders.line_rows(order, counted))
    orders.keep_goods(session, counted, variants)
    states.tell(session, actor, order, "place", _told(sale, counted.due_rp))
    _pay(session, actor, order, member, on)
    fulfilment.take(session, actor, order, on=on)
    shifts.came_late(session, actor, shift, order, on=on)
    return order


def _member(session: Session, sale: Sale) -> Member | None:
    told = card_of(sale.member)
    return find_member(session, told) if told else None


@dataclass(frozen=True)
class Customer:
    """A member as the till shows them: what they may still take on kasbon in this shop."""

    number: str
    name: str
    kasbon_rp: Rupiah


def customer(session: Session, actor: Actor, shift_id: int, told: str) -> Customer:
    """The member with this number or card, for who sells. Raises CardUnknown, NotYourShift, NotFound."""
    shift = shifts.own(session, actor, shift_id)
    member = find_member(session, card_of(told))
    left_rp = payments.credit_left(session, shift.store, member.id) if shift.store.credit_limit_rp else 0
    return Customer(member.number or "", member.name, max(0, left_rp))


def card_of(told: str) -> str:
    """What a number or card says: a card's QR is an address that ends with its token."""
    return told.strip().rstrip("/").rsplit("/", 1)[-1]


def find_member(session: Session, told: str) -> Member:
    """The active member with this number or card. Raises CardUnknown."""
    query = select(Member).where(
        Member.state == "active", Member.number.is_not(None), (Member.number == told) | (Member.card_token == told)
    )
    found = session.scalars(query).first()
    if found is None:
        raise CardUnknown(told=told[:30])
    return found


def _buyer(session: Session, actor: Actor, member: Member | None) -> Buyer:
    """Who buys, for prices: a member as themself where they have a sign-in; user 0 is nobody's."""
    if member is None:
        return Buyer(0, actor.coop_id, frozenset())
    query = select(CoopUser.user_id).where(CoopUser.member_id == member.id, CoopUser.is_active)
    user_id = session.scalars(query).first() or 0
    return Buyer(user_id, actor.coop_id, frozenset(), member.id, member.name)


def _goods(session: Session, actor: Actor, store: Store, sale: Sale, at: datetime) -> Mapping[int, ProductVariant]:
    """The variants, locked, with enough of each on the shelf that nobody else has ordered."""
    wanted = {item.variant_id: item.pieces for item in sale.items}
    if not wanted:
        raise CartEmpty()
    if len(wanted) != len(sale.items) or len(wanted) > orders.MOST_LINES:
        raise InvalidValue(field="Keranjang", reason=f"paling banyak {orders.MOST_LINES} macam, masing-masing sekali.")
    if not all(0 < pieces <= counting.MOST_PIECES for pieces in wanted.values()):
        raise QuantityInvalid()
    if not all(0 < item.price_rp < LIMIT_RP for item in sale.items):
        raise InvalidValue(field="Harga", reason="isi rupiah bulat di atas nol.")
    variants = stock.locked(session, wanted)
    for variant in variants.values():
        if variant.product.store_id != store.id:
            raise NotFound(what="Barang")
        if not variant.is_active:
            raise NotForSale(product=variant.label)
    if _short(variants, wanted):
        expiry.expire(session, actor, at)
        variants = stock.locked(session, wanted)
    for variant in _short(variants, wanted):
        pieces = wanted[variant.id]
        raise ShelfShort(product=variant.label, on_hand=variant.on_hand, reserved=variant.reserved, wanted=pieces)
    return variants


def _short(variants: Mapping[int, ProductVariant], wanted: Mapping[int, int]) -> list[ProductVariant]:
    return [variant for variant_id, variant in variants.items() if variant.free < wanted[variant_id]]


def _payable(sale: Sale, due_rp: Rupiah, member: Member | None) -> None:
    if sale.pay_by not in WAYS:
        raise PaymentUnknown()
    if sale.pay_by == "credit" and member is None:
        raise KasbonNeedsMember()
    if sale.pay_by == "cash" and not due_rp <= sale.received_rp < LIMIT_RP:
        raise CashShort(received=rupiah(sale.received_rp), due=rupiah(due_rp))


def _told(sale: Sale, due_rp: Rupiah) -> str:
    if sale.pay_by != "cash":
        return ""
    return f"Diterima {rupiah(sale.received_rp)}, kembali {rupiah(sale.received_rp - due_rp)}"


def _pay(session: Session, actor: Actor, order: Order, member: Member | None, on: date) -> None:
    """Money that does not go into the drawer; cash is taken with the goods' hand-over."""
    if order.pay_by == "qris":
        payment = payments.another(session, order, "qris")
        payments.paid(session, actor, payment, into=[debit(Role.ONLINE_CLEARING, order.due_rp)], on=on)
    elif order.pay_by == "credit":
        assert member is not None
        payments.on_credit(session, actor, order, member, on=on)


def sales_of(session: Session, shift: TillShift) -> list[Order]:
    """What a shift sold, newest first."""
    query = select(Order).where(Order.shift_id == shift.id).order_by(Order.id.desc())
    return list(session.scalars(query))


def paid_with(session: Session, order: Order) -> str:
    """What the buyer gave and got back, as the receipt says it; "" when it was no cash."""
    query = select(OrderEvent.note).where(OrderEvent.order_id == order.id, OrderEvent.act == "place")
    return session.scalars(query).first() or ""
