"""Payment of an invoice through the payment service: begun outside of any unit of work, settled once when it says paid.

A notice is believed for its signature, its reference and its amount; before an invoice counts as paid the service is
asked; a payment only goes forward. The word of a notice that no rule can settle stands on the payment for the operator.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import rupiah
from core.errors import NotFound, Refusal
from core.money import Rupiah
from models.coops import Coop
from models.subscriptions import SubscriptionPayment
from models.transaction import Database
from services.audit import trail
from services.mart.ports.midtrans import Buyer, Item, Midtrans, Notice
from services.mart.ports.refusals import GatewayDown, ReferenceUsed
from services.subscriptions import invoices, payments
from services.subscriptions.refusals import GatewayBusy, NoticeDiffers, OnlineUnavailable

PREFIX = "EKZ-"
"""How our numbers begin at the payment service; those of orders begin otherwise."""
_BEGINS_WITHIN = timedelta(seconds=20)
_PAGE_LIVES = timedelta(hours=24)
_MOST_ASKED = 50


@dataclass(frozen=True)
class _Asked:
    payment_id: int
    reference: str
    amount_rp: Rupiah
    buyer: Buyer
    label: str


def begin(
    database: Database, actor: Actor, invoice_id: int, service: Midtrans | None, *, finish_url: str, at: datetime
) -> str:
    """The service's page on which the invoice is paid; the second click leads to the same. Never in a unit of work.

    Raises OnlineUnavailable, NotFound, InvoiceNotOpen, GatewayBusy, GatewayDown (the next try has a number of its own).
    """
    actor.must("subscription.pay")
    if service is None:
        raise OnlineUnavailable()
    with database.transaction(actor) as session:
        asked = _reserve(session, actor, invoice_id, at)
    if isinstance(asked, str):
        return asked
    try:
        started = service.start(
            asked.reference, asked.amount_rp, asked.buyer, [Item(asked.label, asked.amount_rp)],
            finish_url=finish_url, minutes=int(_PAGE_LIVES.total_seconds()) // 60,
        )  # fmt: skip
    except (GatewayDown, ReferenceUsed):
        with database.transaction(actor) as session:
            _end(session.get_one(SubscriptionPayment, asked.payment_id), "Layanan pembayaran tidak menjawab")
        raise
    with database.transaction(actor) as session:
        session.get_one(SubscriptionPayment, asked.payment_id).redirect_url = started.redirect_url
    return started.redirect_url


def page_of(tries: Iterable[SubscriptionPayment], at: datetime) -> str:
    """Of the tries to pay an invoice, the service's page that still waits for the money; empty without one."""
    pages = (one.redirect_url for one in tries if one.state == "waiting" and at < one.created_at + _PAGE_LIVES)
    return next(filter(None, pages), "")


def _reserve(session: Session, actor: Actor, invoice_id: int, at: datetime) -> _Asked | str:
    """A payment with a number that no other ever has; or the page of the one that waits already."""
    invoice = payments.invoice_of(session, actor, invoice_id, lock=True)
    payments.must_be_open(invoice)
    for before in invoices.waiting_for(session, invoice):
        if before.kind != "gateway":
            continue
        if before.redirect_url and at < before.created_at + _PAGE_LIVES:
            return before.redirect_url
        if not before.redirect_url and at < before.created_at + _BEGINS_WITHIN:
            raise GatewayBusy()
        _end(before, "Diganti percobaan baru")
    tried = session.scalar(select(func.count()).where(SubscriptionPayment.invoice_id == invoice.id)) or 0
    reference = f"{PREFIX}{invoice.coop_id}-{invoice.id}-{tried + 1}"
    payment = SubscriptionPayment(
        coop_id=actor.coop_id, token=reference, reference=reference, invoice_id=invoice.id, kind="gateway",
        amount_rp=invoice.total_rp, created_by=actor.user_id, created_at=at,
    )  # fmt: skip
    session.add(payment)
    session.flush()  # it is found again by its id
    coop = session.get_one(Coop, actor.coop_id)
    buyer = Buyer(coop.name, coop.email, coop.phone)
    return _Asked(payment.id, reference, invoice.total_rp, buyer, f"eKopz {invoice.label}")


def _end(payment: SubscriptionPayment, why: str) -> None:
    if payment.state == "waiting":
        payment.state, payment.note = "refused", why


def receive(database: Database, notice: Notice, service: Midtrans | None, *, on: date) -> str:
    """Take what the service says of a payment; the payment's state. Repeating it changes nothing.

    With `service` it is asked before money counts. Raises NotFound, NoticeDiffers, GatewayDown.
    """
    coop_id, state = _find(database, notice.reference)
    if notice.outcome == "paid" and state != "paid" and service is not None:
        told = service.status(notice.reference)
        if told is None:
            raise GatewayDown()
        notice = told
    with database.transaction(coop_id) as session:
        query = select(SubscriptionPayment).where(SubscriptionPayment.reference == notice.reference)
        payment = session.scalars(query.with_for_update(of=SubscriptionPayment)).one()
        same = notice.amount_rp == payment.amount_rp
        if same:
            _take(session, payment, notice, on)
        else:
            payment.note = f"Midtrans menyebut {rupiah(notice.amount_rp)}, tidak dihitung"
        state = payment.state
    if not same:
        raise NoticeDiffers()
    return state


def _take(session: Session, payment: SubscriptionPayment, notice: Notice, on: date) -> None:
    """What a notice does. A payment given up here still counts when the money came after all."""
    if notice.outcome == "paid" and payment.state != "paid":
        payments.arrived(session, payment, paid_on=on, on=on, user_id=payment.created_by)
        inside = Actor(payment.created_by, payment.coop_id, frozenset())
        trail.record(session, inside, "subscriptions.gateway_paid", f"payment:{payment.reference}",
                     amount_rp=payment.amount_rp)  # fmt: skip
    elif notice.outcome in ("refunded", "challenged"):
        payment.note = f"Midtrans menahan atau mengembalikan uangnya ({notice.said})"[:200]
    elif notice.outcome == "failed":
        _end(payment, "Waktu membayar habis" if notice.said == "expire" else "Pembayaran gagal")


def _find(database: Database, reference: str) -> tuple[int, str]:
    with database.platform("whose payment a notice is about") as session:
        query = select(SubscriptionPayment.coop_id, SubscriptionPayment.state).where(
            SubscriptionPayment.reference == reference, SubscriptionPayment.kind == "gateway"
        )
        rows = [row for row in session.execute(query) if reference.startswith(f"{PREFIX}{row.coop_id}-")]
    if len(rows) != 1:
        raise NotFound(what="Pembayaran")
    return rows[0].coop_id, rows[0].state


def look_again(database: Database, coop_id: int, service: Midtrans | None, *, on: date) -> int:
    """Ask for payments whose notice may be lost; how many turned out to be paid."""
    if service is None:
        return 0
    with database.reading(coop_id) as session:
        query = select(SubscriptionPayment.reference).where(
            SubscriptionPayment.kind == "gateway", SubscriptionPayment.state == "waiting"
        )
        waits = [reference for reference in session.scalars(query.limit(_MOST_ASKED)) if reference]
    paid = 0
    for reference in waits:
        try:
            notice = service.status(reference)
            paid += notice is not None and receive(database, notice, None, on=on) == "paid"
        except Refusal:
            continue  # nobody could say; the next look asks again
    return paid
