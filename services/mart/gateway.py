"""Payments through the payment service: begun outside of any unit of work, booked when the service says paid, once.

Notices repeat, overtake each other and may be invented. So one is believed for its reference, amount and signature;
before money is booked the service is asked; and a payment only ever goes forward: once it is paid, nothing that comes
later takes that back. What no rule can settle (another amount, money the service gave back) waits for a person.
"""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import rupiah
from core.errors import NotFound, Refusal
from core.money import Rupiah
from models.access import User
from models.mart.orders import Order, OrderPayment
from models.transaction import Database
from services.access import machine
from services.audit import trail
from services.ledger.chart import Role
from services.ledger.posting import debit
from services.mart import counting, orders, payments, states
from services.mart.ports.midtrans import Buyer, Item, Midtrans, Notice, Outcome
from services.mart.ports.refusals import GatewayDown, ReferenceUsed
from services.mart.refusals import PaymentUnknown

GIVEN_BACK = ("refund", "partial_refund", "chargeback", "partial_chargeback")
_BEGINS_WITHIN = timedelta(seconds=20)
_MOMENT = timedelta(minutes=1)
log = logging.getLogger("ekopz.services")


class GatewayBusy(Refusal):
    code = "mart.gateway_busy"
    pesan = "Halaman pembayaran sedang disiapkan. Tunggu sebentar, lalu tekan Bayar lagi."
    status = 409


class NoticeDiffers(Refusal):
    code = "mart.notice_differs"
    pesan = "Jumlah dalam pemberitahuan ini bukan jumlah tagihannya. Tidak ada yang dibukukan; pengurus memeriksanya."
    status = 409


@dataclass(frozen=True)
class _Asked:
    """What the service is to be asked for, carried out of the unit of work."""

    payment_id: int
    reference: str
    amount_rp: Rupiah
    buyer: Buyer
    label: str
    minutes: int


def begin(
    database: Database, buyer: Actor, public_id: uuid.UUID, service: Midtrans | None, *, finish_url: str, at: datetime
) -> str:
    """The service's page on which the buyer pays; the second click leads to the same. Never inside a unit of work.

    Raises:
        NotFound: not the buyer's order. PaymentUnknown: not to be paid this way. OrderWrongState: not to be paid.
        GatewayDown: the service does not answer; nothing is lost, the next try has a number of its own. GatewayBusy.
    """
    if service is None:
        raise PaymentUnknown()
    with database.transaction(buyer) as session:
        asked = _reserve(session, buyer, public_id, at)
    if isinstance(asked, str):
        return asked
    try:
        started = service.start(
            asked.reference, asked.amount_rp, asked.buyer, [Item(asked.label, asked.amount_rp)],
            finish_url=finish_url, minutes=asked.minutes,
        )  # fmt: skip
    except (GatewayDown, ReferenceUsed):
        with database.transaction(buyer) as session:
            _give_up(session, asked.payment_id)
        raise
    with database.transaction(buyer) as session:
        session.get_one(OrderPayment, asked.payment_id).pay_url = started.redirect_url
    return started.redirect_url


def _reserve(session: Session, buyer: Actor, public_id: uuid.UUID, at: datetime) -> _Asked | str:
    """A payment with a number that no other ever has; or the page of the one that waits already."""
    order = orders.of_buyer(session, buyer, public_id, lock=True)
    if order.pay_by != "gateway":
        raise PaymentUnknown()
    if order.state != "unpaid" or (order.expires_at is not None and order.expires_at <= at):
        raise states.wrong(order, "dibayar")
    for before in _waiting(session, order):
        if before.pay_url and at < before.created_at + orders.PAY_WITHIN:
            return before.pay_url
        if not before.pay_url and at < before.created_at + _BEGINS_WITHIN:
            raise GatewayBusy()
        before.state, before.reason = "failed", "Diganti percobaan baru"
    payment = payments.new_payment(session, order, "gateway")
    payment.created_at = at
    left = (order.expires_at - at) if order.expires_at is not None else orders.PAY_WITHIN
    who = Buyer(order.buyer_name, phone=order.buyer_phone)
    label = f"Pesanan {order.label} {order.store.name}"
    return _Asked(payment.id, payment.reference, payment.amount_rp, who, label, max(1, -(-left // _MOMENT)))


def _waiting(session: Session, order: Order) -> list[OrderPayment]:
    query = select(OrderPayment).where(
        OrderPayment.order_id == order.id, OrderPayment.kind == "gateway", OrderPayment.state == "waiting"
    )
    return list(session.scalars(query.order_by(OrderPayment.id)))


def _give_up(session: Session, payment_id: int) -> None:
    """Nobody was shown a page, so nobody can pay under this number; a notice would be booked all the same."""
    payment = session.get_one(OrderPayment, payment_id)
    if payment.state == "waiting":
        payment.state, payment.reason = "failed", "Layanan pembayaran tidak menjawab"


def receive(database: Database, notice: Notice, service: Midtrans | None, *, at: datetime) -> str:
    """Take what the service says of a payment; returns the payment's state. Repeating it changes nothing.

    With `service` it is asked before money counts as come or gone. Never inside a unit of work.

    Raises:
        NotFound: no such payment. NoticeDiffers: another amount; nothing is booked, a person is told.
        GatewayDown: it could not be asked, let it tell again. As `post`: then nothing of the notice is kept.
    """
    place = _find(database, notice.reference)
    if place.state == "paid" and notice.outcome not in ("refunded", "challenged"):
        return place.state
    if notice.outcome in ("paid", "refunded") and service is not None:
        notice = _confirmed(service, notice)
    actor = machine.actor_in(_machine(database), place.coop_id)
    with database.transaction(actor) as session:
        payment = _locked(session, place.payment_id)
        same = notice.amount_rp == payment.amount_rp
        if same:
            _take(session, actor, payment, notice, at)
        else:
            _flag(session, actor, payment, f"Midtrans menyebut {rupiah(notice.amount_rp)}, tidak dibukukan")
        state = payment.state
    if not same:
        raise NoticeDiffers()
    return state


def look_again(database: Database, reference: str, service: Midtrans, *, at: datetime) -> str:
    """Ask the service what became of a payment whose notice may be lost; its state. Raises as `receive`."""
    notice = service.status(reference)
    if notice is None:
        return _find(database, reference).state
    return receive(database, notice, None, at=at)


def ask(database: Database, actor: Actor, reference: str, service: Midtrans | None, *, at: datetime) -> str:
    """`look_again` for a person of the cooperative. Raises NotAllowed, NotFound for others' payments, as `receive`."""
    actor.must("mart.money")
    with database.reading(actor) as session:
        query = select(OrderPayment.id).where(OrderPayment.reference == reference, OrderPayment.kind == "gateway")
        if service is None or session.scalars(query).first() is None:
            raise NotFound(what="Pembayaran")
    return look_again(database, reference, service, at=at)


@dataclass(frozen=True)
class _Place:
    coop_id: int
    payment_id: int
    state: str


def _find(database: Database, reference: str) -> _Place:
    """Whose payment a reference is: it names its cooperative, and only there it is looked for."""
    with database.platform("whose payment a notice is about") as session:
        query = select(OrderPayment.coop_id, OrderPayment.id, OrderPayment.state).where(
            OrderPayment.reference == reference, OrderPayment.kind == "gateway"
        )
        rows = [row for row in session.execute(query) if reference.startswith(f"EK-{row.coop_id}-")]
    if len(rows) != 1:
        raise NotFound(what="Pembayaran")
    return _Place(*rows[0])


def _confirmed(service: Midtrans, notice: Notice) -> Notice:
    """What the service answers when it is asked, which no stranger can write. Raises GatewayDown."""
    told = service.status(notice.reference)
    if told is None:
        log.warning("midtrans: a notice of %s that the status does not know", notice.reference)
        raise GatewayDown()
    return told


def _machine(database: Database) -> int:
    query = select(User.id).where(User.username == machine.USERNAME)
    for _ in range(2):
        with database.platform("by whom notices are booked") as session:
            found = session.scalars(query).first()
        if found is not None:
            return found
        try:
            with database.platform("by whom notices are booked", writes=True) as session:
                return machine.user_id(session)
        except IntegrityError:
            continue  # another notice made it at this very moment
    raise AssertionError("the machine's user cannot be made")


def _locked(session: Session, payment_id: int) -> OrderPayment:
    query = select(OrderPayment).where(OrderPayment.id == payment_id).with_for_update(of=OrderPayment)
    return session.scalars(query.execution_options(populate_existing=True)).one()


_LAPSED: dict[str, str] = {"expire": "Waktu membayar habis", "cancel": "Dibatalkan", "deny": "Ditolak"}


def _take(session: Session, actor: Actor, payment: OrderPayment, notice: Notice, at: datetime) -> None:
    """The one table of what a notice does: state of the payment, outcome of the notice."""
    outcome: Outcome = notice.outcome
    if outcome == "refunded":
        if payment.said != notice.said:
            _flag(session, actor, payment, f"Midtrans mengembalikan uang atau ditagih balik ({notice.said})")
    elif payment.state == "paid":
        return
    elif outcome == "paid":
        _book(session, actor, payment, at)
        if payment.said in GIVEN_BACK:
            return  # the refund overtook the payment
        payment.reason = ""
    elif outcome == "challenged":
        if payment.said != "challenge":
            _flag(session, actor, payment, "Midtrans menahan pembayaran ini untuk diperiksa di dasbornya")
        payment.said = "challenge"
        return
    elif payment.state != "waiting":
        return
    elif outcome == "failed":
        payment.state, payment.reason = "failed", _LAPSED.get(notice.said, "Gagal")
    payment.said = notice.said[:40]


def _book(session: Session, actor: Actor, payment: OrderPayment, at: datetime) -> None:
    on = counting.business_day(session, actor.coop_id, at)
    payments.paid(session, actor, payment, into=[debit(Role.ONLINE_CLEARING, payment.amount_rp)], on=on)
    trail.record(session, actor, "mart.gateway_paid", f"order:{payment.order_id}", amount_rp=payment.amount_rp)


def _flag(session: Session, actor: Actor, payment: OrderPayment, why: str) -> None:
    """Let a person look: the payment says why until it is settled with them."""
    if payment.reason != why:
        payment.reason = why[:200]
        trail.record(session, actor, "mart.gateway_odd", f"order:{payment.order_id}", why=why)
