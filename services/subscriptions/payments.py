"""Money for an invoice by bank transfer: the cooperative sends a proof, the operator compares it with the account.

Every way ends in `arrived`: the invoice is settled once. Money for an invoice that was settled or withdrawn meanwhile
is kept as paid and says so, for the operator to give back.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import pictures
from core.actor import Actor
from core.clock import now
from core.display import rupiah
from core.errors import InvalidValue, NotFound, StateChanged
from core.money import Rupiah
from models.coops import Coop
from models.subscriptions import SubscriptionInvoice, SubscriptionPayment
from models.transaction import Database
from services.audit import trail
from services.subscriptions import invoices, reminders, terms
from services.subscriptions.refusals import AmountDiffers, InvoiceNotOpen, PaymentWaits

STATES = {"waiting": "menunggu dicocokkan", "paid": "diterima", "refused": "ditolak"}
_ON_DESK = (
    select(SubscriptionPayment, SubscriptionInvoice, Coop.name, Coop.slug)
    .join(SubscriptionInvoice, SubscriptionInvoice.id == SubscriptionPayment.invoice_id)
    .join(Coop, Coop.id == SubscriptionPayment.coop_id)
)
TOO_MUCH = "Uang masuk untuk tagihan yang sudah lunas atau batal. Kembalikan kepada koperasi."


def invoice_of(session: Session, actor: Actor, invoice_id: int, *, lock: bool = False) -> SubscriptionInvoice:
    """One of the cooperative's own invoices. Raises NotFound."""
    actor.must("subscription.view")
    query = select(SubscriptionInvoice).where(
        SubscriptionInvoice.id == invoice_id, SubscriptionInvoice.coop_id == actor.coop_id
    )
    if lock:
        query = query.with_for_update(of=SubscriptionInvoice).execution_options(populate_existing=True)
    invoice = session.scalars(query).first()
    if invoice is None:
        raise NotFound(what="Tagihan")
    return invoice


def must_be_open(invoice: SubscriptionInvoice) -> None:
    if invoice.state != "open":
        raise InvoiceNotOpen(invoice=invoice.label, state=invoices.STATES[invoice.state])


def claim(
    session: Session,
    actor: Actor,
    invoice_id: int,
    *,
    paid_on: date,
    bank: str,
    proof: bytes,
    folder: Path,
    token: str,
    on: date,
) -> SubscriptionPayment:
    """The money was sent: keep the proof until the operator has found it. Once per token, one at a time.

    Raises NotFound, InvoiceNotOpen, PaymentWaits, InvalidValue, PictureRefused, StorageFull.
    """
    actor.must("subscription.pay")
    terms.of_coop(session, actor.coop_id, lock=True)
    held = select(SubscriptionPayment).where(
        SubscriptionPayment.coop_id == actor.coop_id, SubscriptionPayment.token == token
    )
    if (before := session.scalars(held).first()) is not None:
        return before
    invoice = invoice_of(session, actor, invoice_id, lock=True)
    must_be_open(invoice)
    if any(one.kind == "transfer" for one in invoices.waiting_for(session, invoice)):
        raise PaymentWaits(invoice=invoice.label)
    if not bank.strip():
        raise InvalidValue(field="Bank pengirim", reason="isi nama bank dan pemilik rekening.")
    if not invoice.issued_on <= paid_on <= on:
        raise InvalidValue(field="Tanggal transfer", reason="harus antara tanggal tagihan dan hari ini.")
    name = pictures.keep_new(_place(folder, actor.coop_id), pictures.redrawn(proof))
    payment = SubscriptionPayment(
        coop_id=actor.coop_id, token=token[:60], invoice_id=invoice.id, kind="transfer", amount_rp=invoice.total_rp,
        paid_on=paid_on, bank=bank.strip()[:60], stored_as=name, created_by=actor.user_id,
    )  # fmt: skip
    session.add(payment)
    trail.record(session, actor, "subscriptions.claim", f"invoice:{invoice.label}", amount_rp=invoice.total_rp)
    return payment


def _place(folder: Path, coop_id: int) -> Path:
    """Where pictures of proofs lie; `folder` is the data folder."""
    return folder / "uploads" / "subscriptions" / str(coop_id)


def arrived(session: Session, payment: SubscriptionPayment, *, paid_on: date, on: date, user_id: int | None) -> None:
    """The money of a payment is there; its invoice is settled. Again it changes nothing."""
    if payment.state == "paid":
        return
    invoice = session.get_one(SubscriptionInvoice, payment.invoice_id, populate_existing=True, with_for_update=True)
    payment.note = "" if invoice.state == "open" else TOO_MUCH
    invoices.settle(session, invoice, on=on, user_id=user_id)  # a proof that still waits has kept the books open
    payment.state, payment.paid_on = "paid", paid_on
    payment.decided_by, payment.decided_at = user_id, now()


@dataclass(frozen=True)
class Waiting:
    """A payment on the operator's desk."""

    payment: SubscriptionPayment
    invoice: SubscriptionInvoice
    coop_name: str
    slug: str


def desk(database: Database, actor: Actor, state: str = "waiting") -> list[Waiting]:
    """Transfers to be matched, oldest first; `odd`: money that came too much, newest first."""
    actor.must("platform.money")
    query = _ON_DESK
    if state == "odd":
        query = query.where(SubscriptionPayment.state == "paid", SubscriptionPayment.note != "")
        query = query.order_by(SubscriptionPayment.id.desc()).limit(50)
    else:
        query = query.where(SubscriptionPayment.state == "waiting", SubscriptionPayment.kind == "transfer")
        query = query.order_by(SubscriptionPayment.id)
    with database.platform("payments of subscriptions to be matched") as session:
        return [Waiting(*row) for row in session.execute(query)]


def on_desk(database: Database, actor: Actor, payment_id: int) -> Waiting:
    """One transfer, whatever became of it. Raises NotFound."""
    actor.must("platform.money")
    query = _ON_DESK.where(SubscriptionPayment.id == payment_id, SubscriptionPayment.kind == "transfer")
    with database.platform("a payment of a subscription to be matched") as session:
        row = session.execute(query).first()
    if row is None:
        raise NotFound(what="Pembayaran")
    return Waiting(*row)


def proof_of(database: Database, actor: Actor, payment_id: int, folder: Path) -> bytes:
    """The picture of a proof, for who compares it. Raises NotFound, also when the file is gone."""
    payment = on_desk(database, actor, payment_id).payment
    body = pictures.kept(_place(folder, payment.coop_id), payment.stored_as or "-")
    if body is None:
        raise NotFound(what="Bukti bayar")
    return body


def confirm(database: Database, actor: Actor, payment_id: int, *, amount_rp: Rupiah, on: date) -> SubscriptionPayment:
    """The money stands on the account: settle its invoice, once. Raises AmountDiffers, NotFound, StateChanged."""
    coop_id = on_desk(database, actor, payment_id).payment.coop_id
    with database.transaction(coop_id) as session:
        payment = _locked(session, payment_id)
        if payment.state == "paid":
            return payment
        if payment.state != "waiting":
            raise StateChanged(what="Pembayaran", state=STATES[payment.state])
        if amount_rp != payment.amount_rp:
            raise AmountDiffers(got=rupiah(amount_rp), due=rupiah(payment.amount_rp))
        arrived(session, payment, paid_on=payment.paid_on or on, on=on, user_id=actor.user_id)
        _tell(session, actor, payment, "subscriptions.confirm", amount_rp=amount_rp)
        return payment


def refuse(database: Database, actor: Actor, payment_id: int, *, reason: str) -> SubscriptionPayment:
    """The money is not there: the cooperative reads why and pays again. Raises InvalidValue, NotFound, StateChanged."""
    coop_id = on_desk(database, actor, payment_id).payment.coop_id
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu, supaya koperasi tahu.")
    with database.transaction(coop_id) as session:
        payment = _locked(session, payment_id)
        if payment.state == "refused":
            return payment
        if payment.state != "waiting":
            raise StateChanged(what="Pembayaran", state=STATES[payment.state])
        payment.state, payment.note = "refused", reason.strip()[:200]
        payment.decided_by, payment.decided_at = actor.user_id, now()
        _tell(session, actor, payment, "subscriptions.refuse", reason=payment.note)
        return payment


def _locked(session: Session, payment_id: int) -> SubscriptionPayment:
    query = select(SubscriptionPayment).where(SubscriptionPayment.id == payment_id)
    query = query.with_for_update(of=SubscriptionPayment).execution_options(populate_existing=True)
    payment = session.scalars(query).first()
    if payment is None:
        raise NotFound(what="Pembayaran")
    return payment


def _tell(session: Session, actor: Actor, payment: SubscriptionPayment, act: str, **detail: object) -> None:
    """Into the cooperative's own trail, and to those who pay there."""
    invoice = session.get_one(SubscriptionInvoice, payment.invoice_id)
    trail.record(session, actor.named_in(payment.coop_id), act, f"invoice:{invoice.label}", **detail)
    reminders.payment_decided(session, payment, invoice)


def of_invoice(session: Session, actor: Actor, invoice: SubscriptionInvoice) -> list[SubscriptionPayment]:
    """Every try to pay an invoice, newest first."""
    actor.must("subscription.view")
    query = select(SubscriptionPayment).where(SubscriptionPayment.invoice_id == invoice.id)
    return list(session.scalars(query.order_by(SubscriptionPayment.id.desc())))
