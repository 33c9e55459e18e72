"""Somebody needs something: what, how many, about how much, until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import InvalidValue, NotFound
from core.money import LIMIT_RP, Rupiah
from models.coops import Unit
from models.mart.products import Product, ProductVariant
from models.moves import move as move_row
from models.procurement import PurchaseOrder, PurchaseRequest, PurchaseRequestLine
from services.audit import trail
from services.procurement import queries
from services.procurement.refusals import LineNotGoods, PurchaseDiffers, PurchaseWrongState
from services.procurement.states import LIVE, REQUESTS

MOST_LINES = 40
MOST_PIECES = 1_000_000


@dataclass(frozen=True)
class Need:
    """So many of something. Goods of the shop name their variant; all else is said in words."""

    name: str
    quantity: int
    variant_id: int | None = None
    unit_name: str = ""
    estimate_rp: Rupiah = 0


@dataclass(frozen=True)
class Wish:
    """What is needed for a shop (`store_id`), or for a business unit. `token` makes the second click the same one."""

    title: str
    needs: Sequence[Need]
    asked_on: date
    token: str
    store_id: int | None = None
    unit_id: int | None = None
    needed_on: date | None = None
    note: str = ""


def ask(session: Session, actor: Actor, wish: Wish) -> PurchaseRequest:
    """Write the request down and number it. The same `token` again returns the same request.

    Raises:
        InvalidValue, LineNotGoods: what is wrong with which line. PurchaseDiffers, NotFound, NotAllowed.
    """
    actor.must("procurement.request")
    found = session.scalars(select(PurchaseRequest).where(PurchaseRequest.token == wish.token)).first()
    if found is not None:
        if (found.title, found.store_id, found.asked_on) != (_title(wish), wish.store_id, wish.asked_on):
            raise PurchaseDiffers()
        return found
    unit_id = _place(session, actor, wish)
    _check(wish)
    rows = [_line(session, wish, need) for need in wish.needs]
    request = PurchaseRequest(
        coop_id=actor.coop_id, token=wish.token, year=wish.asked_on.year,
        number=queries.next_number(session, PurchaseRequest, wish.asked_on), unit_id=unit_id, store_id=wish.store_id,
        title=_title(wish), note=wish.note.strip()[:500], asked_on=wish.asked_on, needed_on=wish.needed_on,
        created_by=actor.user_id,
    )  # fmt: skip
    session.add(request)
    session.flush()  # its lines point at it
    for row in rows:
        row.coop_id, row.request_id = actor.coop_id, request.id
    session.add_all(rows)
    session.flush()
    trail.record(session, actor, "procurement.ask", f"purchase_request:{request.id}", number=request.label)
    return request


def _title(wish: Wish) -> str:
    return queries.line_of_text(wish.title, 120)


def _place(session: Session, actor: Actor, wish: Wish) -> int:
    """The unit it is bought for; of a shop one that the actor keeps."""
    if wish.store_id is not None:
        shop = next((one for one in queries.stores_of(session, actor) if one.id == wish.store_id), None)
        if shop is None:
            raise NotFound(what="Toko")
        return shop.unit_id
    units = {one.id for one in queries.units_of(session, actor)}
    if wish.unit_id is None and units:
        return session.scalars(select(Unit.id).where(Unit.is_default)).one()
    if wish.unit_id not in units:
        raise InvalidValue(field="Untuk", reason="pilih toko atau unit usaha Anda.")
    assert wish.unit_id is not None
    return wish.unit_id


def _check(wish: Wish) -> None:
    queries.check_token(wish.token)
    if not _title(wish):
        raise InvalidValue(field="Keperluan", reason="tulis singkat untuk apa pengadaan ini.")
    if not 1 <= len(wish.needs) <= MOST_LINES:
        raise InvalidValue(field="Barang dan jasa", reason=f"isi 1 sampai {MOST_LINES} baris.")
    if wish.needed_on is not None and wish.needed_on < wish.asked_on:
        raise InvalidValue(field="Diperlukan tanggal", reason="lebih awal dari tanggal permintaan.")
    variants = [need.variant_id for need in wish.needs if need.variant_id is not None]
    if len(variants) != len(set(variants)):
        raise InvalidValue(field="Barang dan jasa", reason="satu barang tertulis dua kali. Gabungkan jumlahnya.")


def _line(session: Session, wish: Wish, need: Need) -> PurchaseRequestLine:
    name = queries.line_of_text(need.name, 190)
    unit_name = queries.line_of_text(need.unit_name, 20)
    if need.variant_id is not None:
        variant = session.get(ProductVariant, need.variant_id)
        product = session.get(Product, variant.product_id) if variant is not None else None
        if variant is None or product is None or product.store_id != wish.store_id:
            raise NotFound(what="Barang toko")
        if product.is_consigned:
            raise LineNotGoods(name=variant.label, reason="titip jual tidak dibeli. Terima lewat stok titip jual.")
        name, unit_name = variant.label[:190], product.unit_name
    if not name:
        raise InvalidValue(field="Barang dan jasa", reason="tulis namanya, atau kosongkan seluruh baris.")
    if type(need.quantity) is not int or not 1 <= need.quantity <= MOST_PIECES:
        raise LineNotGoods(name=name, reason=f"jumlah harus 1 sampai {MOST_PIECES}.")
    if type(need.estimate_rp) is not int or not 0 <= need.estimate_rp < LIMIT_RP:
        raise LineNotGoods(name=name, reason="perkiraan harga harus rupiah bulat.")
    return PurchaseRequestLine(
        variant_id=need.variant_id, name=name, unit_name=unit_name, quantity=need.quantity,
        estimate_rp=need.estimate_rp,
    )  # fmt: skip


def cancel(session: Session, actor: Actor, request_id: int, *, reason: str) -> PurchaseRequest:
    """Call a request off that no order holds. Raises PurchaseWrongState, InvalidValue, NotFound."""
    actor.must("procurement.request")
    request = queries.request(session, actor, request_id)
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu alasan pembatalan.")
    live = select(PurchaseOrder.id).where(PurchaseOrder.request_id == request.id, PurchaseOrder.state.in_(LIVE))
    running = session.scalars(live.limit(1)).first() is not None
    said = queries.line_of_text(reason, 200)
    if running or not move_row(session, request, ("open",), state="cancelled", reason=said):
        state = "sudah ada pesanannya" if running else REQUESTS[request.state]
        raise PurchaseWrongState(what=f"Permintaan {request.label}", state=state, act="dibatalkan")
    trail.record(session, actor, "procurement.cancel_request", f"purchase_request:{request.id}", reason=said)
    return request


def follow_orders(session: Session, request_id: int) -> None:
    """A request is ordered when no line of it waits, open again when one does."""
    request = session.get_one(PurchaseRequest, request_id)
    state = "open" if queries.open_lines(session, request_id) else "ordered"
    if request.state != state:
        move_row(session, request, ("open", "ordered"), state=state)
