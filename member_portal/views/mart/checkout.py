"""From the cart to an order: the way, the payment, a voucher, points; everything counted anew before it is ordered."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import now
from core.errors import InvalidValue, NotFound, Refusal
from core.numbers import Style, parse_amount
from member_portal.frame import portal, signed_in_only
from member_portal.typed import Typed
from member_portal.views.mart.cart import owner
from member_portal.views.mart.page import shown
from models.mart.orders import Order
from models.mart.stores import Store
from services.mart import buyers, cart, delivery, orders, points, pricing, refusals, shipping, stock
from services.mart.buyers import Buyer
from services.mart.ports import configured
from services.mart.ports.refusals import CourierDown
from services.members import commands as members
from web.request import database

BESIDE: dict[type[Refusal], str] = {
    refusals.VoucherRefused: "voucher", refusals.PointsRefused: "poin", refusals.DeliveryUnknown: "cara",
    refusals.PaymentUnknown: "bayar",
}  # fmt: skip
NAMED = {"Alamat": "alamat"}


@dataclass(frozen=True)
class Counter:
    """What stands on the page: the shop, the goods, ways to get and to pay them."""

    buyer: Buyer
    store: Store
    items: tuple[tuple[int, int], ...]
    lines: Sequence[cart.Lying]
    offer: shipping.Offer
    places: Sequence[tuple[str, str]]
    ways: Sequence[str]
    points: int
    points_rp: int


@portal.get("/kopmart/beli/<coop>/<store>")
@signed_in_only
def checkout(coop: str, store: str) -> ResponseReturnValue:
    typed = Typed({}, {"token": secrets.token_urlsafe(16), "cara": "pickup"})
    return _page(_counter(coop, store, typed), typed)


@portal.post("/kopmart/beli/<coop>/<store>")
@signed_in_only
def place_order(coop: str, store: str) -> ResponseReturnValue:
    """Count anew (`act=hitung`), or order what was counted; what was typed stays when it is refused."""
    typed = Typed(request.form)
    counter = _counter(coop, store, typed)
    if typed["act"] != "pesan" or not typed.ok:
        return _page(counter, typed)
    try:
        order = _ordered(counter, typed)
    except Refusal as refusal:
        typed.refused(_place(refusal), refusal)
        return _page(_counter(coop, store, typed), typed), refusal.status
    flash(f"Pesanan {order.label} dibuat. Barangnya kami simpan untuk Anda.", "success")
    return redirect(url_for("portal.order_page", public_id=order.public_id))


def _ordered(counter: Counter, typed: Typed) -> Order:
    wish = _wish(counter, typed, seen=True)
    with database().transaction(counter.buyer) as session:
        return orders.place(session, counter.buyer, wish, at=now())


def _wish(counter: Counter, typed: Typed, *, seen: bool = False) -> orders.Wish:
    """Raises InvalidValue for a total that is no amount."""
    try:
        total_rp = parse_amount(typed["total"], style=Style.INDONESIAN) if seen else None
    except ValueError:
        raise InvalidValue(field="Jumlah", reason="hitung dulu, lalu pesan.") from None
    wanted = typed["poin"].replace(".", "")
    way = delivery.Delivery(typed["cara"], typed["alamat"], typed["kota"], typed["tujuan"][:20])
    return orders.Wish(
        counter.store.id, counter.items, way, typed["bayar"], typed["token"], total_rp, typed["voucher"],
        int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else 0, typed["nama"],
        typed["telepon"], typed["catatan"],
    )  # fmt: skip


def _place(refusal: Refusal) -> str:
    if isinstance(refusal, InvalidValue):
        return NAMED.get(refusal.fields["field"], "form")
    return BESIDE.get(type(refusal), "form")


def _counter(coop: str, store: str, typed: Typed) -> Counter:
    """Everything that can be chosen now. Raises NotFound for a shop that is not open, or nothing of it in the cart."""
    coop_id, store_id = cart.shop_of(database(), coop, store)
    whose = owner()
    found = cart.baskets(database(), whose, g.signed_in.user_id, at=now(), only=store_id) if whose else []
    if not found:
        raise NotFound(what="Barang toko ini di keranjang Anda")
    buyer = buyers.in_coop(database(), g.signed_in.user_id, coop_id)
    items = tuple((line.variant_id, line.quantity) for line in found[0].lines)
    if found[0].problem:
        typed.refused("form", found[0].problem)
    parcel = shipping.Parcel(typed["kota"], _weight(buyer, items), typed["tujuan"][:20])
    offer = shipping.offer(database(), buyer, store_id, parcel, configured.rajaongkir(), at=now())
    return _filled(buyer, store_id, items, found[0].lines, offer, typed)


def _filled(
    buyer: Buyer, store_id: int, items: tuple[tuple[int, int], ...], lines: Sequence[cart.Lying],
    offer: shipping.Offer, typed: Typed,
) -> Counter:  # fmt: skip
    with database().reading(buyer) as session:
        shop = session.get_one(Store, store_id)
        free, free_rp = points.free(session, buyer.member_id)
        if "nama" not in typed.texts:
            told = members.get(session, buyer, buyer.member_id) if buyer.member_id else None
            typed.texts["nama"], typed.texts["telepon"] = buyer.name, told.phone if told else ""
            typed.texts["alamat"] = told.address if told else ""
        ways = orders.ways(shop, buyer, pickup=typed["cara"] == "pickup", has_gateway=configured.midtrans() is not None)
    if typed["act"] != "pesan":  # what was chosen is ordered or refused, never swapped
        _usual(typed, "cara", [choice.key for choice in offer.choices])
        _usual(typed, "bayar", ways)
    return Counter(buyer, shop, items, lines, offer, _places(shop, typed), ways, free, free_rp)


def _usual(typed: Typed, name: str, offered: Sequence[str]) -> None:
    if typed[name] not in offered:
        typed.texts[name] = next(iter(offered), "")


def _places(shop: Store, typed: Typed) -> Sequence[tuple[str, str]]:
    """The courier's places that fit what was typed, for the buyer to say which."""
    service = configured.rajaongkir()
    if service is None or not (shop.origin_id and shop.couriers and len(typed["kota"]) >= 3):
        return ()
    try:
        return [(place.id, place.label) for place in shipping.find_places(service, typed["kota"])]
    except CourierDown:
        return ()  # the notice beside the ways says so


def _weight(buyer: Buyer, items: Sequence[tuple[int, int]]) -> int:
    with database().reading(buyer) as session:
        found = stock.locked(session, [variant_id for variant_id, _ in items])
        return delivery.weight_of([(found[variant_id], pieces) for variant_id, pieces in items])


def _page(counter: Counter, typed: Typed) -> Response:
    counted = _counted(counter, typed)
    chosen = next((choice for choice in counter.offer.choices if choice.key == typed["cara"]), None)
    return shown(
        "checkout.html", title="Pesan", about="", counter=counter, typed=typed, counted=counted, chosen=chosen,
        names=orders.WAYS, is_hidden=True,
    )  # fmt: skip


def _counted(counter: Counter, typed: Typed) -> pricing.Quote | None:
    try:
        with database().reading(counter.buyer) as session:
            return orders.quote(session, counter.buyer, _wish(counter, typed), at=now())
    except InvalidValue:
        with database().reading(counter.buyer) as session:  # no address yet: what the goods cost is known
            return orders.goods_quote(session, counter.buyer, counter.store.id, counter.items, at=now())
    except Refusal as refusal:
        typed.refused(_place(refusal), refusal)
        return _without(counter, typed)


def _without(counter: Counter, typed: Typed) -> pricing.Quote | None:
    """What it costs without the voucher and the points that were refused."""
    plain = Typed({**typed.texts, "voucher": "", "poin": ""})
    try:
        with database().reading(counter.buyer) as session:
            return orders.quote(session, counter.buyer, _wish(counter, plain), at=now())
    except Refusal:
        return None
