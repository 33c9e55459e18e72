"""What suppliers ask for a request, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from core.actor import Actor
from core.errors import InvalidValue, NotFound
from core.money import Rupiah
from models.procurement import PurchaseOrder, PurchaseRequestLine, Quotation, QuotationLine, Supplier
from services.audit import trail
from services.procurement import queries
from services.procurement.refusals import PurchaseDiffers, PurchaseWrongState, QuotationUsed, SupplierUnused
from services.procurement.states import REQUESTS


@dataclass(frozen=True)
class Quote:
    """A supplier's prices a piece, by line of the request; lines they do not offer are left out."""

    request_id: int
    supplier_id: int
    prices: Mapping[int, Rupiah]
    quoted_on: date
    token: str
    valid_until: date | None = None
    reference: str = ""
    terms: str = ""


@dataclass(frozen=True)
class Offer:
    """A quotation beside the others: prices by line, the total of the lines that wait, and how it stands."""

    quotation: Quotation
    prices: dict[int, Rupiah]
    total_rp: Rupiah
    is_complete: bool
    is_expired: bool
    is_cheapest: bool = False


@dataclass(frozen=True)
class Comparison:
    """Offers for the lines that wait to be ordered: whole ones first, the cheapest first."""

    lines: list[PurchaseRequestLine]
    offers: list[Offer]

    def offer(self, quotation_id: int) -> Offer:
        found = next((one for one in self.offers if one.quotation.id == quotation_id), None)
        if found is None:
            raise NotFound(what="Penawaran")
        return found

    def needs_reason(self, offer: Offer) -> bool:
        """Whether a person must say why: others are valid, and this one is not the cheapest of them."""
        others = [one for one in self.offers if one is not offer and not one.is_expired]
        return bool(others) and not offer.is_cheapest


def add(session: Session, actor: Actor, quote: Quote) -> Quotation:
    """Write a quotation down. The same `token` again returns the same quotation.

    Raises:
        PurchaseWrongState: the request is not open. SupplierUnused, InvalidValue, PurchaseDiffers, NotFound.
    """
    actor.must("procurement.request")
    request = queries.request(session, actor, quote.request_id)
    found = session.scalars(select(Quotation).where(Quotation.token == quote.token)).first()
    if found is not None:
        held = {line.request_line_id: line.price_rp for line in found.lines}
        if (found.request_id, found.supplier_id, held) != (request.id, quote.supplier_id, dict(quote.prices)):
            raise PurchaseDiffers()
        return found
    if request.state != "open":
        raise PurchaseWrongState(
            what=f"Permintaan {request.label}", state=REQUESTS[request.state], act="ditambah penawaran"
        )
    supplier = usable(session, quote.supplier_id)
    _check(session, quote)
    quotation = Quotation(
        coop_id=actor.coop_id, token=quote.token, request_id=request.id, supplier_id=supplier.id,
        reference=queries.line_of_text(quote.reference, 60), quoted_on=quote.quoted_on,
        valid_until=quote.valid_until, terms=queries.line_of_text(quote.terms, 200), created_by=actor.user_id,
    )  # fmt: skip
    session.add(quotation)
    session.flush()  # its lines point at it
    session.add_all(
        QuotationLine(coop_id=actor.coop_id, quotation_id=quotation.id, request_line_id=line_id, price_rp=price_rp)
        for line_id, price_rp in quote.prices.items()
    )
    session.flush()
    trail.record(
        session, actor, "procurement.quote", f"quotation:{quotation.id}", request=request.label, supplier=supplier.name
    )
    return quotation


def usable(session: Session, supplier_id: int) -> Supplier:
    """A supplier in use. Raises NotFound, SupplierUnused."""
    supplier = session.get(Supplier, supplier_id)
    if supplier is None:
        raise NotFound(what="Pemasok")
    if not supplier.is_active:
        raise SupplierUnused(supplier=supplier.name)
    return supplier


def _check(session: Session, quote: Quote) -> None:
    queries.check_token(quote.token)
    if not quote.prices:
        raise InvalidValue(field="Harga", reason="isi harga paling sedikit satu baris.")
    known = select(PurchaseRequestLine.id).where(PurchaseRequestLine.request_id == quote.request_id)
    if not set(quote.prices) <= set(session.scalars(known)):
        raise NotFound(what="Baris permintaan")
    for price_rp in quote.prices.values():
        queries.check_amount(price_rp, "Harga")
    if quote.valid_until is not None and quote.valid_until < quote.quoted_on:
        raise InvalidValue(field="Berlaku sampai", reason="lebih awal dari tanggal penawaran.")


def remove(session: Session, actor: Actor, quotation_id: int) -> int:
    """Take a mistaken quotation away, unless an order was made of it; returns its request. Raises QuotationUsed."""
    actor.must("procurement.request")
    quotation = session.get(Quotation, quotation_id)
    if quotation is None:
        raise NotFound(what="Penawaran")
    request = queries.request(session, actor, quotation.request_id)
    used = session.scalars(select(PurchaseOrder).where(PurchaseOrder.quotation_id == quotation.id)).first()
    if used is not None:
        raise QuotationUsed(supplier=quotation.supplier.name, order=used.label)
    trail.record(
        session, actor, "procurement.quote_removed", f"quotation:{quotation.id}", supplier=quotation.supplier.name,
        prices={line.request_line_id: line.price_rp for line in quotation.lines},
    )  # fmt: skip
    session.execute(delete(QuotationLine).where(QuotationLine.quotation_id == quotation.id))
    session.delete(quotation)
    session.flush()
    return request.id


def compare(session: Session, actor: Actor, request_id: int, on: date) -> Comparison:
    """The offers side by side as they stand on a day. A person chooses; the cheapest whole one is only marked."""
    request = queries.request(session, actor, request_id)
    lines = queries.open_lines(session, request.id)
    query = select(Quotation).where(Quotation.request_id == request.id)
    found = session.scalars(query.options(joinedload(Quotation.supplier)).order_by(Quotation.id))
    offers = [_offer(one, lines, on) for one in found]
    whole = [one.total_rp for one in offers if one.is_complete and not one.is_expired]
    marked = [
        Offer(one.quotation, one.prices, one.total_rp, one.is_complete, one.is_expired,
              one.is_complete and not one.is_expired and one.total_rp == min(whole))
        for one in offers
    ]  # fmt: skip
    return Comparison(lines, sorted(marked, key=lambda one: (one.is_expired, not one.is_complete, one.total_rp)))


def _offer(quotation: Quotation, lines: list[PurchaseRequestLine], on: date) -> Offer:
    prices = {line.request_line_id: line.price_rp for line in quotation.lines}
    total_rp = sum(line.quantity * prices[line.id] for line in lines if line.id in prices)
    is_complete = bool(lines) and all(line.id in prices for line in lines)
    return Offer(quotation, prices, total_rp, is_complete, bool(quotation.valid_until and quotation.valid_until < on))
