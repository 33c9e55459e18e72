"""A buyer's orders: paying, following, receiving, complaining, giving back."""

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from core.clock import now
from core.errors import NotFound, Refusal
from member_portal.frame import absolute, portal, signed_in_only
from member_portal.views.mart.page import shown
from member_portal.views.savings import pdf
from models.coops import Coop
from models.mart.orders import Order, OrderPayment
from reports.export import logo_of
from services.access import second_factor, sign_in
from services.access.codes import CodeWrong
from services.mart import buyers, buying, counting, fulfilment, gateway, orders, payments, returns, states, tracking
from services.mart.buyers import Buyer
from services.mart.ports import configured, qris
from services.mart.ports.refusals import QrisInvalid
from services.savings import queries, requests
from web.request import client_ip, database, settings

ONE = "/kopmart/pesanan/<uuid:public_id>"
TONES = {"unpaid": "warn", "packing": "info", "shipped": "info", "done": "good", "cancelled": "bad", "returned": "warn"}


@portal.get("/kopmart/pesanan")
@signed_in_only
def my_orders() -> ResponseReturnValue:
    asked = request.args.get("keadaan")
    state = asked if asked in states.STATES else None
    found = buying.mine(database(), g.signed_in.user_id, state)
    return shown(
        "orders.html", title="Pesanan saya", about="", found=found, state=state, states=states.STATES, tones=TONES,
        counts=buying.counts(database(), g.signed_in.user_id), is_hidden=True,
    )  # fmt: skip


@portal.get(ONE)
@signed_in_only
def order_page(public_id: uuid.UUID) -> ResponseReturnValue:
    return _page(public_id)


@portal.get(f"{ONE}/lacak")
@signed_in_only
def order_tracking(public_id: uuid.UUID) -> ResponseReturnValue:
    """Where the parcel is, as the courier says right now."""
    buyer = _buyer(public_id)
    with database().reading(buyer) as session:
        order = orders.of_buyer(session, buyer, public_id)
    told, problem = None, ""
    try:
        told = tracking.look(order, configured.rajaongkir())
    except Refusal as refusal:
        problem = refusal.sentence
    return shown(
        "tracking.html", title=f"Lacak {order.label}", about="", order=order, told=told, problem=problem, is_hidden=True
    )


@portal.get(f"{ONE}/faktur.pdf")
@signed_in_only
def order_invoice(public_id: uuid.UUID) -> ResponseReturnValue:
    from reports.order_papers import invoice_pdf  # drawing a page is heavy to load, and few ask for one

    buyer = _buyer(public_id)
    with database().reading(buyer) as session:
        order = orders.of_buyer(session, buyer, public_id)
        logo = logo_of(session.get_one(Coop, order.coop_id), settings().uploads)
        return pdf(invoice_pdf(session, order, logo=logo), f"faktur-{order.label.replace('/', '-')}.pdf")


def _buyer(public_id: uuid.UUID) -> Buyer:
    """The signed-in person where the order was made. Raises NotFound for somebody else's."""
    user_id = g.signed_in.user_id
    return buyers.in_coop(database(), user_id, buying.coop_of(database(), user_id, public_id))


def _page(public_id: uuid.UUID, problem: str = "", about: str = "") -> Any:
    buyer = _buyer(public_id)
    with database().reading(buyer) as session:
        order = orders.of_buyer(session, buyer, public_id)
        coop, pay = session.get_one(Coop, order.coop_id), _paying(session, buyer, order)
        return shown(
            "order.html", title=f"Pesanan {order.label}", about="", order=order, store=order.store, seller=coop,
            things=buying.things(session, order), states=states.STATES, tones=TONES, labels=states.LABELS,
            events=buying.timeline(session, order), pay=pay, asked=returns.of_order(session, order),
            return_states=returns.STATES, names=orders.WAYS, token=secrets.token_urlsafe(12), problem=problem,
            place=about, is_hidden=True, proof=second_factor.state(database(), g.signed_in.user_id),
        )  # fmt: skip


@dataclass(frozen=True)
class Paying:
    """What the buyer may do about the money. `purses`: (product, name, what may be taken)."""

    ways: list[str]
    purses: list[tuple[int, str, int]]
    credit_left_rp: int
    qr: str
    claimed: OrderPayment | None
    refused: OrderPayment | None
    online_url: str


def _paying(session: Session, buyer: Buyer, order: Order) -> Paying | None:
    """None when nothing is to be paid."""
    if order.state != "unpaid":
        return None
    ways = orders.ways(order.store, buyer, pickup=False, has_gateway=configured.midtrans() is not None)
    tried = payments.of_order(session, order)
    last = tried[-1] if tried else None
    return Paying(
        [way for way in ways if way != "cash"], _purses(session, buyer),
        payments.credit_left(session, order.store, buyer.member_id) if buyer.member_id else 0, _qr(order),
        next((one for one in tried if one.state == "claimed"), None),
        last if last is not None and last.state == "failed" and last.reason else None,
        next((one.pay_url for one in tried if one.kind == "gateway" and one.state == "waiting"), ""),
    )  # fmt: skip


def _purses(session: Session, buyer: Buyer) -> list[tuple[int, str, int]]:
    """Voluntary savings, with what may be taken from each."""
    if buyer.member_id is None:
        return []
    held = [row for row in queries.balances(session, buyer, buyer.member_id) if row.kind == "voluntary"]
    member_id = buyer.member_id
    return [(row.product_id, row.product, requests.free(session, buyer, member_id, row.product_id)) for row in held]


def _qr(order: Order) -> str:
    """The shop's QRIS with the amount in it, as a picture; "" when it is not to be paid so."""
    if order.state != "unpaid" or order.pay_by != "qris" or not order.store.qris:
        return ""
    from reports.documents import qr_svg  # only this way of paying draws one

    try:
        return qr_svg(qris.with_amount(order.store.qris, order.due_rp), scale=5)
    except QrisInvalid:
        return ""


def _act(
    public_id: uuid.UUID, do: Callable[[Session, Buyer, Order], Any], done: str, about: str = ""
) -> ResponseReturnValue:
    """One act on one's own order in one transaction; a refusal stands beside its form."""
    buyer = _buyer(public_id)
    try:
        with database().transaction(buyer) as session:
            do(session, buyer, orders.of_buyer(session, buyer, public_id, lock=True))
    except Refusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        return _page(public_id, refusal.sentence, about), refusal.status
    flash(done, "success")
    return redirect(url_for("portal.order_page", public_id=public_id))


def _today(session: Session, order: Order) -> Any:
    return counting.business_day(session, order.coop_id, now())


@portal.post(f"{ONE}/cara")
@signed_in_only
def order_way(public_id: uuid.UUID) -> ResponseReturnValue:
    wanted, has_gateway = request.form.get("bayar", ""), configured.midtrans() is not None
    return _act(
        public_id, lambda s, b, o: orders.choose_payment(s, b, o, wanted, has_gateway=has_gateway),
        "Cara bayar diganti.", "cara",
    )  # fmt: skip


@portal.post(f"{ONE}/tabungan")
@signed_in_only
def order_savings(public_id: uuid.UUID) -> ResponseReturnValue:
    purse = request.form.get("simpanan", "")
    product_id = int(purse) if purse.isascii() and purse.isdigit() and len(purse) < 19 else 0
    return _confirmed(
        public_id, lambda s, b, o, sure: payments.by_savings(s, b, o, product_id, confirmed=sure, on=_today(s, o))
    )


@portal.post(f"{ONE}/kasbon")
@signed_in_only
def order_credit(public_id: uuid.UUID) -> ResponseReturnValue:
    return _confirmed(public_id, lambda s, b, o, sure: payments.by_credit(s, b, o, confirmed=sure, on=_today(s, o)))


def _confirmed(
    public_id: uuid.UUID, do: Callable[[Session, Buyer, Order, sign_in.Confirmed], Any]
) -> ResponseReturnValue:
    """The password once more, looked at before anybody else has to wait for this transaction."""
    _buyer(public_id)
    try:
        sure = sign_in.confirm(database(), g.signed_in.user_id, request.form.get("sandi", ""), client_ip())
    except sign_in.SignInFailed:
        sentence = "Kata sandi tidak cocok, jadi belum ada yang dibayar. Ketik lagi."
        return _page(public_id, sentence, "sandi"), 403
    except (CodeWrong, sign_in.NoPassword) as refusal:
        return _page(public_id, refusal.sentence, "sandi"), refusal.status
    return _act(public_id, lambda s, b, o: do(s, b, o, sure), "Sudah dibayar. Toko menyiapkan pesanan Anda.", "sandi")


@portal.post(f"{ONE}/poin")
@signed_in_only
def order_points(public_id: uuid.UUID) -> ResponseReturnValue:
    return _act(public_id, lambda s, b, o: payments.by_points(s, b, o, on=_today(s, o)), "Sudah dibayar dengan poin.")


@portal.post(f"{ONE}/bukti")
@signed_in_only
def order_proof(public_id: uuid.UUID) -> ResponseReturnValue:
    given = request.files.get("bukti")
    proof, sender = given.read() if given else b"", request.form.get("pengirim", "")[:120]
    return _act(
        public_id,
        lambda s, b, o: payments.claim(s, b, o, sender=sender, proof=proof, folder=settings().data, at=now()),
        "Bukti terkirim. Bendahara mencocokkannya, lalu Anda mendapat kabar.", "bukti",
    )  # fmt: skip


@portal.post(f"{ONE}/online")
@signed_in_only
def order_gateway(public_id: uuid.UUID) -> ResponseReturnValue:
    """Prepare the payment service's page; the order's page then leads there."""
    here = url_for("portal.order_page", public_id=public_id)
    try:
        gateway.begin(
            database(), _buyer(public_id), public_id, configured.midtrans(), finish_url=absolute(here), at=now()
        )
    except Refusal as refusal:
        return _page(public_id, refusal.sentence, "online"), refusal.status
    return redirect(f"{here}#bayar")


@portal.post(f"{ONE}/batal")
@signed_in_only
def order_cancel(public_id: uuid.UUID) -> ResponseReturnValue:
    return _act(public_id, lambda s, b, o: fulfilment.cancel_own(s, b, o), "Pesanan dibatalkan.")


@portal.post(f"{ONE}/diterima")
@signed_in_only
def order_received(public_id: uuid.UUID) -> ResponseReturnValue:
    return _act(
        public_id, lambda s, b, o: fulfilment.receive(s, b, o, on=_today(s, o)), "Terima kasih. Pesanan selesai."
    )


@portal.post(f"{ONE}/keluhan")
@signed_in_only
def order_complain(public_id: uuid.UUID) -> ResponseReturnValue:
    text = request.form.get("keluhan", "")[:500]
    return _act(
        public_id, lambda s, b, o: fulfilment.complain(s, b, o, text, at=now()), "Keluhan terkirim ke toko.", "keluhan"
    )


@portal.post(f"{ONE}/kembalikan")
@signed_in_only
def order_return(public_id: uuid.UUID) -> ResponseReturnValue:
    pieces = {
        int(name[5:]): int(text)
        for name, text in request.form.items()
        if name.startswith("baris") and name[5:].isdecimal() and text.isascii() and text.isdigit() and len(text) < 6
    }
    reason, token = request.form.get("alasan", "")[:300], request.form.get("token", "")[:60]
    return _act(
        public_id, lambda s, b, o: returns.ask(s, b, o, pieces, reason=reason, token=token, on=_today(s, o)),
        "Pengembalian diajukan. Toko menjawabnya.", "kembali",
    )  # fmt: skip


@portal.post(f"{ONE}/tarik")
@signed_in_only
def order_keep(public_id: uuid.UUID) -> ResponseReturnValue:
    return _act(public_id, lambda s, b, o: returns.take_back(s, b, o), "Pengembalian ditarik.")
