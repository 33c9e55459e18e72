"""A quotation is chosen and becomes an order; a second person approves it; it is closed or called off."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.display import date_long, rupiah
from core.errors import InvalidValue, NotFound
from core.money import LIMIT_RP
from models.procurement import PurchaseOrder, PurchaseOrderLine, PurchaseRequestLine, Quotation
from services.audit import trail
from services.procurement import queries, quotations, states
from services.procurement.quotations import Comparison, Offer
from services.procurement.refusals import (
    LineNotGoods,
    NotFinished,
    NothingOffered,
    OwnOrder,
    PurchaseDiffers,
    QuotationExpired,
    ReasonNeeded,
)
from services.procurement.requests import follow_orders


@dataclass(frozen=True)
class Choice:
    """The quotation a person chose. `accounts` says where lines go that are no shop's goods, by line of the request."""

    quotation_id: int
    ordered_on: date
    token: str
    accounts: Mapping[int, int] = field(default_factory=dict)
    reason: str = ""
    due_on: date | None = None
    deliver_to: str = ""


def choose(session: Session, actor: Actor, choice: Choice) -> PurchaseOrder:
    """Make an order of the lines that wait and are offered; it waits for a second person.

    The same `token` again returns the same order.
    Raises:
        NothingOffered, QuotationExpired, SupplierUnused, ReasonNeeded: not the cheapest, and no reason given.
        LineNotGoods: a line without an account. PurchaseDiffers, InvalidValue, NotFound, NotAllowed.
    """
    actor.must("procurement.order")
    found = session.scalars(select(PurchaseOrder).where(PurchaseOrder.token == choice.token)).first()
    if found is not None:
        if (found.quotation_id, found.ordered_on) != (choice.quotation_id, choice.ordered_on):
            raise PurchaseDiffers()
        return found
    quotation = session.get(Quotation, choice.quotation_id)
    if quotation is None:
        raise NotFound(what="Penawaran")
    comparison = quotations.compare(session, actor, quotation.request_id, choice.ordered_on)
    offer = comparison.offer(quotation.id)
    _check(session, choice, comparison, offer)
    wanted = [line for line in comparison.lines if line.id in offer.prices]
    order = _new(session, actor, choice, offer)
    session.add(order)
    session.flush()  # its lines point at it
    session.add_all(_lines(session, actor, order, choice, wanted, offer))
    session.flush()
    follow_orders(session, order.request_id)
    trail.record(
        session, actor, "procurement.order", f"purchase_order:{order.id}", number=order.label,
        supplier=quotation.supplier.name, total_rp=order.total_rp, reason=order.reason,
    )  # fmt: skip
    return order


def _check(session: Session, choice: Choice, comparison: Comparison, offer: Offer) -> None:
    queries.check_token(choice.token)
    supplier = quotations.usable(session, offer.quotation.supplier_id)
    if offer.is_expired and offer.quotation.valid_until is not None:
        raise QuotationExpired(supplier=supplier.name, until=date_long(offer.quotation.valid_until))
    if not offer.total_rp:
        raise NothingOffered(supplier=supplier.name)
    if offer.total_rp >= LIMIT_RP:
        raise InvalidValue(field="Jumlah", reason=f"{rupiah(offer.total_rp)} terlalu besar. Periksa harganya.")
    if comparison.needs_reason(offer) and not choice.reason.strip():
        raise ReasonNeeded(supplier=supplier.name)
    if choice.due_on is not None and choice.due_on < choice.ordered_on:
        raise InvalidValue(field="Diharapkan datang", reason="lebih awal dari tanggal pesan.")


def _new(session: Session, actor: Actor, choice: Choice, offer: Offer) -> PurchaseOrder:
    quotation, request = offer.quotation, queries.request(session, actor, offer.quotation.request_id)
    return PurchaseOrder(
        coop_id=actor.coop_id, token=choice.token, year=choice.ordered_on.year,
        number=queries.next_number(session, PurchaseOrder, choice.ordered_on), unit_id=request.unit_id,
        store_id=request.store_id, supplier_id=quotation.supplier_id, request_id=request.id,
        quotation_id=quotation.id, ordered_on=choice.ordered_on, due_on=choice.due_on, terms=quotation.terms,
        deliver_to=queries.line_of_text(choice.deliver_to, 200), reason=queries.line_of_text(choice.reason, 200),
        total_rp=offer.total_rp, created_by=actor.user_id,
    )  # fmt: skip


def _lines(
    session: Session,
    actor: Actor,
    order: PurchaseOrder,
    choice: Choice,
    wanted: list[PurchaseRequestLine],
    offer: Offer,
) -> list[PurchaseOrderLine]:
    allowed = {account.id for account in queries.targets(session, actor)}
    made = []
    for line in wanted:
        account_id = None if line.variant_id is not None else choice.accounts.get(line.id)
        if line.variant_id is None and account_id not in allowed:
            raise LineNotGoods(name=line.name, reason="pilih dicatat sebagai apa (beban atau aset).")
        made.append(
            PurchaseOrderLine(
                coop_id=actor.coop_id, order_id=order.id, request_line_id=line.id, variant_id=line.variant_id,
                account_id=account_id, name=line.name, unit_name=line.unit_name, quantity=line.quantity,
                price_rp=offer.prices[line.id],
            )
        )  # fmt: skip
    return made


def approve(session: Session, actor: Actor, order_id: int) -> PurchaseOrder:
    """Say yes to the order as it was written; who wrote it may not. Raises OwnOrder, PurchaseWrongState, NotFound."""
    order = _decide(session, actor, order_id)
    lines = queries.lines(session, order.id)
    assert order.total_rp == sum(line.total_rp for line in lines), "an order is frozen when it is written"
    states.move(session, order, "approved", approved_by=actor.user_id, approved_at=now())
    trail.record(session, actor, "procurement.approve", f"purchase_order:{order.id}", total_rp=order.total_rp)
    return order


def reject(session: Session, actor: Actor, order_id: int, *, reason: str) -> PurchaseOrder:
    """Say no; the request is open again. Raises as `approve`, InvalidValue."""
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu, supaya pemesan tahu.")
    order = _decide(session, actor, order_id)
    return _ended(session, actor, order, "rejected", reason)


def _decide(session: Session, actor: Actor, order_id: int) -> PurchaseOrder:
    actor.must("procurement.approve")
    order = queries.held(session, actor, order_id)
    if order.created_by == actor.user_id:
        raise OwnOrder()
    return order


def cancel(session: Session, actor: Actor, order_id: int, *, reason: str) -> PurchaseOrder:
    """Call an order off of which nothing came; its request is open again.

    Raises:
        NotFinished: something came, or an advance is still with the supplier. PurchaseWrongState, InvalidValue.
    """
    actor.must("procurement.order")
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu alasan pembatalan.")
    order = queries.held(session, actor, order_id)
    if any(line.received for line in queries.lines(session, order.id)):
        raise NotFinished(order=order.label, act="dibatalkan", reason="sebagian sudah diterima. Pakai Selesaikan.")
    _no_advance(session, order, "dibatalkan")
    return _ended(session, actor, order, "cancelled", reason)


def _ended(session: Session, actor: Actor, order: PurchaseOrder, state: str, reason: str) -> PurchaseOrder:
    said = queries.line_of_text(reason, 200)
    states.move(session, order, state, ended_note=said)
    follow_orders(session, order.request_id)
    trail.record(session, actor, f"procurement.{state}", f"purchase_order:{order.id}", reason=said)
    return order


def _no_advance(session: Session, order: PurchaseOrder, act: str) -> None:
    left_rp = queries.advance_left(session, order.id)
    if left_rp:
        reason = f"uang muka {rupiah(left_rp)} masih di pemasok. Catat dulu pengembaliannya."
        raise NotFinished(order=order.label, act=act, reason=reason)


def close(session: Session, actor: Actor, order_id: int, *, note: str = "") -> PurchaseOrder:
    """Finish an order though not all of it came. Raises NotFinished: something waits; PurchaseWrongState."""
    actor.must("procurement.order")
    order = queries.held(session, actor, order_id)
    states.must_run(order, "diselesaikan")
    if not any(line.received for line in queries.lines(session, order.id)):
        raise NotFinished(order=order.label, act="diselesaikan", reason="belum ada yang diterima. Pakai Batalkan.")
    if queries.to_bill(session, order.id):
        reason = "ada penerimaan yang belum ditagih. Catat dulu tagihannya."
        raise NotFinished(order=order.label, act="diselesaikan", reason=reason)
    if owed_rp := sum(bill.owed_rp for bill in queries.bills(session, order.id)):
        reason = f"tagihan {rupiah(owed_rp)} belum dibayar."
        raise NotFinished(order=order.label, act="diselesaikan", reason=reason)
    _no_advance(session, order, "diselesaikan")
    _close(session, actor, order, queries.line_of_text(note, 200))
    return order


def close_when_done(session: Session, actor: Actor, order: PurchaseOrder) -> None:
    """The last step of an order finishes it: all came, all is billed, all is paid."""
    if (
        order.state == "approved"
        and all(not line.left for line in queries.lines(session, order.id))
        and not queries.to_bill(session, order.id)
        and not any(bill.owed_rp for bill in queries.bills(session, order.id))
        and not queries.advance_left(session, order.id)
    ):
        _close(session, actor, order, "")


def _close(session: Session, actor: Actor, order: PurchaseOrder, note: str) -> None:
    states.move(session, order, "closed", ended_note=note)
    trail.record(session, actor, "procurement.close", f"purchase_order:{order.id}", note=note)


def reopen(session: Session, order: PurchaseOrder) -> None:
    """An order of which something was undone runs again."""
    if order.state == "closed":
        states.move(session, order, "approved", ended_note="")
