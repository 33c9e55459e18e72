"""From the cart to an order: the price is counted here, whatever was shown, and the goods wait for their payment."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import rupiah
from core.errors import InvalidValue, NotFound
from core.money import Rupiah
from models.coops import Coop
from models.mart.campaigns import CampaignItem, Voucher
from models.mart.orders import Order, OrderLine
from models.mart.products import CartItem, ProductVariant
from models.mart.stores import Store
from services.mart import buyers, counting, delivery, expiry, pricing, shelf, states, stock
from services.mart.delivery import Delivery
from services.mart.refusals import (
    CartEmpty,
    NotForSale,
    OrderDiffers,
    OutOfStock,
    PaymentUnknown,
    PriceChanged,
    QuantityInvalid,
    StoreClosed,
    StorePaused,
)
from services.mart.shipping import Choice

MOST_LINES = 50
PAY_WITHIN = timedelta(minutes=60)
FETCH_WITHIN = timedelta(days=3)
WAYS = {
    "savings": "Saldo tabungan",
    "credit": "Kasbon (potong gaji)",
    "transfer": "Transfer bank",
    "qris": "QRIS",
    "gateway": "Pembayaran online",
    "cash": "Tunai saat diambil",
}


@dataclass(frozen=True)
class Wish:
    """What a buyer wants of one shop. `items` are (variant, pieces); `seen_rp` is the total their page showed.

    `token` makes the form's second click the same order.
    """

    store_id: int
    items: tuple[tuple[int, int], ...]
    delivery: Delivery
    pay_by: str
    token: str
    seen_rp: Rupiah | None = None
    voucher_code: str = ""
    points: int = 0
    name: str = ""
    phone: str = ""
    note: str = ""


def place(session: Session, buyer: Actor, wish: Wish, *, at: datetime) -> Order:
    """Order goods and keep them for the buyer until they are paid, or the time for it is over.

    The same `token` again returns the same order.

    Raises:
        CartEmpty, QuantityInvalid, NotForSale, OutOfStock, StoreClosed, StorePaused, MembersOnly: the goods.
        VoucherRefused, PointsRefused, DeliveryUnknown, PaymentUnknown, InvalidValue: the choices.
        PriceChanged: it costs something else than the buyer saw. OrderDiffers: the token was used for other goods.
    """
    if (found := _before(session, buyer, wish)) is not None:
        return found
    store = _shop(session, buyer, wish.store_id)
    _choices(store, buyer, wish)
    variants = _goods(session, buyer, store, wish, at)
    counted, way = _count(session, buyer, store, wish, variants, at)
    if wish.seen_rp is not None and wish.seen_rp != counted.total_rp:
        raise PriceChanged(seen=rupiah(wish.seen_rp), now=rupiah(counted.total_rp))
    order = _keep(session, buyer, store, wish, counted, way, at)
    keep_goods(session, counted, variants)
    _out_of_cart(session, buyer, order)
    states.tell(session, buyer, order, "place")
    session.flush()  # the caller shows it
    return order


def quote(session: Session, buyer: Actor, wish: Wish, *, at: datetime) -> pricing.Quote:
    """What the order would cost, with every reduction explained. Makes nothing. Raises as `place`, but PriceChanged."""
    store = _shop(session, buyer, wish.store_id)
    variants = _variants(session, store, wish)
    for variant_id, pieces in wish.items:
        if variants[variant_id].free < pieces:
            raise _short(variants[variant_id], pieces)
    return _count(session, buyer, store, wish, variants, at)[0]


def goods_quote(
    session: Session, buyer: Actor, store_id: int, items: tuple[tuple[int, int], ...], *, at: datetime
) -> pricing.Quote:
    """What goods would cost without their way to the buyer. Makes nothing. Raises as `place` for the goods."""
    wish = Wish(store_id, items, delivery.PICKUP, "", "")
    store = _shop(session, buyer, store_id)
    variants = _variants(session, store, wish)
    wanted = [(variants[variant_id], pieces) for variant_id, pieces in items]
    return counting.count(session, buyer, store, wanted, fee_rp=0, at=at)


def _before(session: Session, buyer: Actor, wish: Wish) -> Order | None:
    if not 8 <= len(wish.token) <= 60:
        raise InvalidValue(field="Formulir", reason="muat ulang halaman, lalu pesan lagi.")
    found = session.scalars(select(Order).where(Order.token == wish.token)).first()
    if found is None:
        return None
    same = sorted((line.variant_id, line.quantity) for line in found.lines) == sorted(wish.items)
    if not (same and found.buyer_id == buyer.user_id and found.store_id == wish.store_id):
        raise OrderDiffers()
    return found


def _shop(session: Session, buyer: Actor, store_id: int) -> Store:
    store = session.get(Store, store_id)
    if store is None:
        raise NotFound(what="Toko")
    if not store.is_open:
        raise StoreClosed(store=store.name)
    if session.get_one(Coop, store.coop_id).read_only_since is not None:
        raise StorePaused(store=store.name)
    buyers.must_serve(store, buyer)
    return store


def ways(store: Store, buyer: Actor, *, pickup: bool, has_gateway: bool) -> list[str]:
    """How this buyer may pay this shop: what cannot work is not offered."""
    able = {
        "savings": buyer.member_id is not None,
        "credit": buyer.member_id is not None and store.credit_limit_rp > 0,
        "transfer": True,
        "qris": bool(store.qris),
        "gateway": has_gateway,
        "cash": pickup and store.has_pickup,
    }
    return [way for way in WAYS if able[way]]


def _choices(store: Store, buyer: Actor, wish: Wish) -> None:
    if wish.pay_by not in ways(store, buyer, pickup=wish.delivery.key == "pickup", has_gateway=True):
        raise PaymentUnknown()


def _goods(session: Session, buyer: Actor, store: Store, wish: Wish, at: datetime) -> Mapping[int, ProductVariant]:
    """The variants, locked, with enough of each: what lapsed orders keep is set free first where it is needed."""
    variants = _variants(session, store, wish)
    if any(variants[variant_id].free < pieces for variant_id, pieces in wish.items):
        expiry.expire(session, buyer, at)
        variants = _variants(session, store, wish)
    for variant_id, pieces in wish.items:
        if variants[variant_id].free < pieces:
            raise _short(variants[variant_id], pieces)
    return variants


def _short(variant: ProductVariant, wanted: int) -> OutOfStock:
    return OutOfStock(product=variant.label, left=variant.free, wanted=wanted)


def _variants(session: Session, store: Store, wish: Wish) -> Mapping[int, ProductVariant]:
    if not wish.items:
        raise CartEmpty()
    wanted = dict(wish.items)
    if len(wanted) != len(wish.items) or len(wanted) > MOST_LINES:
        raise InvalidValue(field="Keranjang", reason=f"paling banyak {MOST_LINES} macam barang, masing-masing sekali.")
    if any(type(pieces) is not int or not 0 < pieces <= counting.MOST_PIECES for pieces in wanted.values()):
        raise QuantityInvalid()
    variants = stock.locked(session, wanted)
    for variant in variants.values():
        product = variant.product
        if product.store_id != store.id:
            raise NotFound(what="Barang")
        if not (variant.is_active and product.is_published):
            raise NotForSale(product=variant.label)
    return variants


def _count(
    session: Session, buyer: Actor, store: Store, wish: Wish, variants: Mapping[int, ProductVariant], at: datetime
) -> tuple[pricing.Quote, Choice]:
    wanted = [(variants[variant_id], pieces) for variant_id, pieces in wish.items]
    way = delivery.decide(session, buyer, store, wish.delivery, delivery.weight_of(wanted), at=at)
    code = wish.voucher_code
    counted = counting.count(
        session, buyer, store, wanted, fee_rp=way.fee_rp, voucher_code=code, points_wanted=wish.points, at=at
    )
    return counted, way


def _keep(
    session: Session,
    buyer: Actor,
    store: Store,
    wish: Wish,
    counted: pricing.Quote,
    way: Choice,
    at: datetime,
) -> Order:
    day = counting.business_day(session, store.coop_id, at)
    carrier = "" if way.kind == "pickup" else way.label
    order = Order(
        coop_id=store.coop_id, public_id=uuid.uuid4(), token=wish.token, year=day.year,
        number=next_number(session, day.year), store_id=store.id, store=store, buyer_id=buyer.user_id,
        member_id=buyer.member_id, buyer_name=(wish.name.strip() or buyer.name)[:80],
        buyer_phone=wish.phone.strip()[:20],
        state="packing" if wish.pay_by == "cash" else "unpaid", placed_on=day, placed_at=at,
        expires_at=at + (FETCH_WITHIN if wish.pay_by == "cash" else PAY_WITHIN), delivery=way.kind,
        address=wish.delivery.address.strip()[:200], city=wish.delivery.city.strip()[:60], courier=carrier[:60],
        note=wish.note.strip()[:200], pay_by=wish.pay_by, commission_pct=store.commission_pct, **amounts(counted),
    )  # fmt: skip
    session.add(order)
    session.flush()  # its lines name it
    session.add_all(line_rows(order, counted))
    return order


def amounts(counted: pricing.Quote) -> dict[str, int | None]:
    """The columns of an order that its quote fills."""
    return {
        "goods_rp": counted.goods_rp, "discount_rp": counted.discount_rp, "voucher_id": counted.voucher_id,
        "voucher_rp": counted.voucher_rp, "shipping_rp": counted.shipping_rp, "points_used": counted.points,
        "points_rp": counted.points_rp, "vat_rp": counted.vat_rp, "total_rp": counted.total_rp,
        "due_rp": counted.due_rp, "refunded_rp": 0, "held_rp": 0, "claim_rp": 0,
    }  # fmt: skip


def line_rows(order: Order, counted: pricing.Quote) -> list[OrderLine]:
    """The quote's lines as rows of the order."""
    return [
        OrderLine(
            coop_id=order.coop_id, order_id=order.id, variant_id=line.variant_id, name=line.name[:190],
            quantity=line.quantity, price_rp=line.price_rp, discount_rp=line.discount_rp,
            campaign_item_id=line.item_id, covered=line.covered, discount_name=line.discount_name[:80],
            voucher_rp=line.voucher_rp, points_rp=line.points_rp, vat_rp=line.vat_rp, is_consigned=line.is_consigned,
            returned=0,
        )
        for line in counted.lines
    ]  # fmt: skip


def next_number(session: Session, year: int) -> int:
    """Numbers run without gaps in a cooperative's year; writers take turns."""
    return (session.scalar(select(func.max(Order.number)).where(Order.year == year)) or 0) + 1


def keep_goods(session: Session, counted: pricing.Quote, variants: Mapping[int, ProductVariant]) -> None:
    """Keep the goods, the places in campaigns and the voucher for this order."""
    for line in counted.lines:
        variants[line.variant_id].reserved += line.quantity
        if line.item_id is not None:
            expiry.count(session, CampaignItem, line.item_id, "sold", line.covered)
    if counted.voucher_id is not None:
        expiry.count(session, Voucher, counted.voucher_id, "used", 1)
    shelf.refresh(session, {variant.product_id for variant in variants.values()})


def _out_of_cart(session: Session, buyer: Actor, order: Order) -> None:
    session.flush()
    ordered = [line.variant_id for line in order.lines]
    mine = select(CartItem).where(CartItem.owner == f"u:{buyer.user_id}", CartItem.variant_id.in_(ordered))
    for item in session.scalars(mine):
        session.delete(item)


def of_buyer(session: Session, buyer: Actor, public_id: uuid.UUID, *, lock: bool = False) -> Order:
    """The buyer's own order. Raises NotFound for anybody else's."""
    query = select(Order).where(Order.public_id == public_id, Order.buyer_id == buyer.user_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).first()
    if found is None:
        raise NotFound(what="Pesanan")
    return found


def choose_payment(session: Session, buyer: Actor, order: Order, pay_by: str, *, has_gateway: bool) -> None:
    """Pay another way while it is unpaid. Raises PaymentUnknown, OrderWrongState."""
    offered = ways(order.store, buyer, pickup=order.delivery == "pickup", has_gateway=has_gateway)
    if pay_by not in offered or pay_by == "cash":
        raise PaymentUnknown()
    if order.state != "unpaid":
        raise states.wrong(order, "diganti cara bayarnya")
    order.pay_by = pay_by
