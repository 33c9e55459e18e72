"""Money for an order: out of savings, on kasbon, by transfer or QRIS with a proof, or from a payment service.

Every way ends in `paid`: one entry, once, and the order goes on to be packed. Money that arrives for an order that
was cancelled meanwhile is held, and the order says that it must go back.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core import pictures
from core.actor import Actor
from core.display import rupiah
from core.errors import InvalidValue, NotFound
from core.money import Rupiah
from models.mart.orders import Order, OrderPayment, StoreCredit
from models.mart.stores import Store
from models.members import Member
from services.access.sign_in import Confirmed
from services.audit import trail
from services.ledger.chart import Role
from services.ledger.posting import Line, debit
from services.mart import booking, orders, points, states, stores
from services.mart.refusals import (
    AmountDiffers,
    BalanceTooLow,
    CreditTooHigh,
    PasswordWrong,
    PaymentUnknown,
    ProofUsed,
)
from services.savings import commands as savings
from services.savings import requests

STATES = {"waiting": "menunggu", "claimed": "menunggu dicocokkan", "paid": "diterima", "failed": "gagal"}


def by_savings(
    session: Session, buyer: Actor, order: Order, product_id: int, *, confirmed: Confirmed, on: date
) -> None:
    """Pay out of one's own voluntary savings. Raises PasswordWrong, PaymentUnknown, BalanceTooLow, OrderWrongState."""
    if order.paid_on is not None and order.pay_by == "savings":
        return  # the second click
    member = _member(session, buyer, order, confirmed)
    free_rp = requests.free(session, buyer, member.id, product_id)
    source = f"mart:order:{order.id}:savings"
    moved = savings.taken_out(
        session, member, product_id, order.due_rp, booked_on=on, source=source, memo=f"Belanja {order.label}"
    )
    if free_rp < order.due_rp:
        raise BalanceTooLow(product=moved.product.name, free=rupiah(free_rp), amount=rupiah(order.due_rp))
    order.pay_by = "savings"
    payment = another(session, order, "savings")
    seq = paid(session, buyer, payment, into=[savings.line_of(moved)], on=on)
    savings.record(session, buyer, [moved], seq)


def by_credit(session: Session, buyer: Actor, order: Order, *, confirmed: Confirmed, on: date) -> None:
    """Take it on kasbon, within the shop's limit. Raises PasswordWrong, PaymentUnknown, CreditTooHigh."""
    if order.paid_on is not None and order.pay_by == "credit":
        return
    member = _member(session, buyer, order, confirmed)
    on_credit(session, buyer, order, member, on=on)


def on_credit(session: Session, actor: Actor, order: Order, member: Member, *, on: date) -> None:
    """Kasbon for a member, asked for by themself or rung up at the till. Raises CreditTooHigh."""
    left_rp = credit_left(session, order.store, member.id)
    if left_rp < order.due_rp:
        limit_rp = order.store.credit_limit_rp
        raise CreditTooHigh(left=rupiah(max(0, left_rp)), limit=rupiah(limit_rp), amount=rupiah(order.due_rp))
    order.pay_by = "credit"
    payment = another(session, order, "credit")
    paid(session, actor, payment, into=[debit(Role.STORE_RECEIVABLE, order.due_rp, member_id=member.id)], on=on)
    session.add(
        StoreCredit(
            coop_id=order.coop_id,
            order_id=order.id,
            member_id=member.id,
            taken_on=on,
            amount_rp=order.due_rp,
            paid_rp=0,
        )
    )


def credit_left(session: Session, store: Store, member_id: int) -> Rupiah:
    """What of the shop's limit a member has not taken yet, over all shops of the cooperative."""
    owed = select(func.coalesce(func.sum(StoreCredit.amount_rp - StoreCredit.paid_rp), 0))
    return store.credit_limit_rp - int(session.scalar(owed.where(StoreCredit.member_id == member_id)) or 0)


def _member(session: Session, buyer: Actor, order: Order, confirmed: Confirmed) -> Member:
    if confirmed.user_id != buyer.user_id:
        raise PasswordWrong()
    member = session.get(Member, buyer.member_id) if buyer.member_id is not None else None
    if member is None or order.member_id != member.id:
        raise PaymentUnknown()
    if order.state != "unpaid":
        raise states.wrong(order, "dibayar")
    return member


def by_points(session: Session, buyer: Actor, order: Order, *, on: date) -> None:
    """An order that points pay wholly. Raises PaymentUnknown, OrderWrongState."""
    if order.paid_on is not None:
        return
    if order.due_rp:
        raise PaymentUnknown()
    posted = booking.money_in(
        session, buyer, order, into=[], amount_rp=0, points_rp=order.points_rp, on=on,
        source=f"mart:order:{order.id}:points", to_shop=False,
    )  # fmt: skip
    _go_on(session, buyer, order, posted.seq, on)


def claim(
    session: Session, buyer: Actor, order: Order, *, sender: str, proof: bytes, folder: Path, at: datetime
) -> OrderPayment:
    """The buyer says the money was sent, with a picture as proof; a person compares it with the account.

    Raises PaymentUnknown, OrderWrongState, PictureRefused, ProofUsed, InvalidValue, StorageFull.
    """
    if order.pay_by not in ("transfer", "qris"):
        raise PaymentUnknown()
    if (before := _claimed(session, order)) is not None:
        return before
    if order.state != "unpaid" or order.paid_on is not None:
        raise states.wrong(order, "dibayar")
    if not sender.strip():
        raise InvalidValue(field="Nama pengirim", reason="isi nama bank atau dompet dan pemiliknya.")
    picture = pictures.redrawn(proof)
    digest = hashlib.sha256(picture).hexdigest()
    used = select(OrderPayment.id).where(OrderPayment.digest == digest, OrderPayment.state.in_(("claimed", "paid")))
    if session.scalars(used).first() is not None:
        raise ProofUsed()
    name = pictures.keep_new(_proofs(folder, order.coop_id), picture)
    payment = another(session, order, order.pay_by)
    payment.state, payment.sender = "claimed", sender.strip()[:120]
    payment.proof, payment.digest = name, digest
    states.tell(session, buyer, order, "claim")
    session.flush()
    return payment


def proof(session: Session, actor: Actor, payment_id: int, folder: Path) -> bytes:
    """The picture of a proof, for who compares it. Raises NotFound, also when the file is gone."""
    payment = claimed(session, actor, payment_id)
    if not payment.proof:
        raise NotFound(what="Bukti bayar")
    body = pictures.kept(_proofs(folder, payment.coop_id), payment.proof)
    if body is None:
        raise NotFound(what="Bukti bayar")
    return body


def _proofs(folder: Path, coop_id: int) -> Path:
    return folder / "uploads" / "orders" / str(coop_id)


def _claimed(session: Session, order: Order) -> OrderPayment | None:
    query = select(OrderPayment).where(OrderPayment.order_id == order.id, OrderPayment.state == "claimed")
    return session.scalars(query).first()


def another(session: Session, order: Order, kind: str) -> OrderPayment:
    """A new try to pay the order, under a number of its own."""
    tried = session.scalar(select(func.count()).where(OrderPayment.order_id == order.id)) or 0
    payment = OrderPayment(
        coop_id=order.coop_id, order_id=order.id, order=order, kind=kind, amount_rp=order.due_rp, state="waiting",
        reference=f"EK-{order.coop_id}-{order.id}-{tried + 1}",
    )  # fmt: skip
    session.add(payment)
    session.flush()  # what is booked names it
    return payment


def new_payment(session: Session, order: Order, kind: str) -> OrderPayment:
    """A waiting payment of the whole order. Raises OrderWrongState."""
    if order.state != "unpaid" or order.paid_on is not None:
        raise states.wrong(order, "dibayar")
    return another(session, order, kind)


def paid(session: Session, actor: Actor, payment: OrderPayment, *, into: Sequence[Line], on: date) -> int:
    """Book a payment (`into` are the debits of its money), once; the order goes on to be packed. Returns the entry.

    For an order that was cancelled meanwhile the money is held, and the order says so.
    """
    if payment.entry_seq is not None:
        return payment.entry_seq
    order = payment.order
    late = order.state == "cancelled" or order.paid_on is not None
    points_rp = 0 if late else order.points_rp
    posted = booking.money_in(
        session, actor, order, into=into, amount_rp=payment.amount_rp, points_rp=points_rp, on=on,
        source=f"mart:payment:{payment.id}", to_shop=payment.kind == "cash",
    )  # fmt: skip
    payment.state, payment.entry_seq, payment.paid_on = "paid", posted.seq, on
    if late:
        order.reason = "Uang masuk setelah pesanan batal atau sudah dibayar. Kembalikan kepada pembeli."
        states.tell(session, actor, order, "late_money", rupiah(payment.amount_rp))
    else:
        _go_on(session, actor, order, posted.seq, on)
    session.flush()
    return posted.seq


def _go_on(session: Session, actor: Actor, order: Order, entry_seq: int, on: date) -> None:
    if order.points_used:
        points.record(
            session, actor, order, "used", -order.points_used, -order.points_rp, on=on,
            source=f"order:{order.id}:used", entry_seq=entry_seq,
        )  # fmt: skip
    if order.state == "unpaid":
        states.move(session, actor, order, "pay", orders.WAYS[order.pay_by], paid_on=on, expires_at=None)
    else:  # cash at pickup: it was packed before it was paid
        order.paid_on, order.expires_at = on, None


def confirm(
    session: Session, actor: Actor, payment_id: int, *, amount_rp: Rupiah, on: date, account: Role | int = Role.BANK
) -> Order:
    """The money of a claimed payment stands on the account: book it, once. Raises AmountDiffers, NotFound."""
    payment = claimed(session, actor, payment_id)
    if payment.state == "paid":
        return payment.order
    if payment.state != "claimed":
        raise states.wrong(payment.order, "dicocokkan")
    if amount_rp != payment.amount_rp:
        raise AmountDiffers(got=rupiah(amount_rp), due=rupiah(payment.amount_rp))
    into = Role.ONLINE_CLEARING if payment.kind == "qris" else account
    paid(session, actor, payment, into=[debit(into, amount_rp)], on=on)
    trail.record(session, actor, "mart.confirm", f"order:{payment.order_id}", amount_rp=amount_rp)
    return payment.order


def refuse(session: Session, actor: Actor, payment_id: int, *, reason: str, at: datetime) -> Order:
    """The money is not there: the buyer reads why and has time to pay again. Raises InvalidValue, NotFound."""
    payment = claimed(session, actor, payment_id)
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu, supaya pembeli tahu.")
    if payment.state != "claimed":
        raise states.wrong(payment.order, "ditolak buktinya")
    payment.state, payment.reason = "failed", reason.strip()[:200]
    if payment.order.state == "unpaid":
        payment.order.expires_at = at + orders.PAY_WITHIN
    states.tell(session, actor, payment.order, "refuse_proof", reason.strip())
    trail.record(session, actor, "mart.refuse_proof", f"order:{payment.order_id}", reason=reason)
    return payment.order


def claimed(session: Session, actor: Actor, payment_id: int) -> OrderPayment:
    """A payment for who compares them, locked in a writing session. Raises NotFound."""
    actor.must("mart.money")
    query = select(OrderPayment).where(OrderPayment.id == payment_id).options(joinedload(OrderPayment.order))
    if not session.info.get("read_only"):
        query = query.with_for_update(of=OrderPayment).execution_options(populate_existing=True)
    payment = session.scalars(query).first()
    if payment is None:
        raise NotFound(what="Pembayaran")
    stores.get(session, actor, payment.order.store_id)
    return payment


def waiting(session: Session, actor: Actor) -> list[OrderPayment]:
    """Payments with a proof that nobody has compared yet, oldest first."""
    actor.must("mart.money")
    query = select(OrderPayment).where(OrderPayment.state == "claimed").options(joinedload(OrderPayment.order))
    return list(session.scalars(query.order_by(OrderPayment.id)))


def of_order(session: Session, order: Order) -> list[OrderPayment]:
    """Every try to pay an order, oldest first."""
    query = select(OrderPayment).where(OrderPayment.order_id == order.id)
    return list(session.scalars(query.order_by(OrderPayment.id)))
