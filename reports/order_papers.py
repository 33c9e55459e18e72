"""Papers of orders: the parcel's label, what to pack, the invoice. Reads only; PDF bytes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.display import date_long, moment, number, rupiah, terbilang
from core.money import Rupiah
from models.coops import Coop
from models.mart.campaigns import Voucher
from models.mart.orders import Order, OrderPayment
from reports.documents import Letterhead, letterhead
from reports.sheet import INK, Sheet
from services.mart.orders import WAYS

_SOFT, _BRAND, _WARN = (74, 91, 85), (11, 106, 88), (164, 38, 44)
_A4 = (210.0, 297.0)
_LEFT, _RIGHT, _BOTTOM = 14.0, 196.0, 275.0
_CARRIED = {"pickup": "AMBIL DI TOKO", "zone": "KURIR TOKO", "courier": "EKSPEDISI", "till": "KASIR"}
_ENDED = {"cancelled": "DIBATALKAN"}


@dataclass(frozen=True)
class InvoiceLine:
    """Pieces of one thing; `discount_rp` is taken off quantity times price."""

    name: str
    quantity: int
    price_rp: Rupiah
    discount_rp: Rupiah

    @property
    def amount_rp(self) -> Rupiah:
        return self.quantity * self.price_rp - self.discount_rp


@dataclass(frozen=True)
class Invoice:
    """An order's invoice as printed. `sums` are label and amount down to what is to be paid in money."""

    head: Letterhead
    zone: str
    label: str
    placed_on: date
    store: str
    state: str
    buyer: tuple[str, ...]
    lines: tuple[InvoiceLine, ...]
    sums: tuple[tuple[str, Rupiah], ...]
    total_rp: Rupiah
    vat_rp: Rupiah
    paid: tuple[str, ...]


def invoice(session: Session, order: Order, *, logo: bytes | None = None) -> Invoice:
    """The invoice of an order the caller was allowed to read."""
    coop = session.get_one(Coop, order.coop_id)
    member = order.member
    named = f"{order.buyer_name} ({member.number})" if member is not None and member.number else order.buyer_name
    buyer = (named, order.address, order.city, order.buyer_phone)
    lines = tuple(InvoiceLine(one.name, one.quantity, one.price_rp, one.discount_rp) for one in order.lines)
    return Invoice(
        letterhead(coop, logo), coop.zone, order.label, order.placed_on, order.store.name,
        _ENDED.get(order.state, ""), tuple(line for line in buyer if line), lines, _sums(session, order),
        order.total_rp, order.vat_rp, _paid(session, order),
    )  # fmt: skip


def _sums(session: Session, order: Order) -> tuple[tuple[str, Rupiah], ...]:
    voucher = session.get(Voucher, order.voucher_id) if order.voucher_id else None
    pairs = (
        ("Harga barang", order.goods_rp),
        ("Potongan promo", -order.discount_rp),
        (f"Voucher {voucher.code}" if voucher else "Voucher", -order.voucher_rp),
        ("Ongkos kirim", order.shipping_rp),
    )
    return tuple((label, amount_rp) for label, amount_rp in pairs if amount_rp)


def _paid(session: Session, order: Order) -> tuple[str, ...]:
    """How and when it was paid, a sentence for each; or that it was not."""
    said = [f"Dibayar {order.points_used} poin: {rupiah(order.points_rp)}"] if order.points_rp and order.paid_on else []
    query = select(OrderPayment).where(OrderPayment.order_id == order.id, OrderPayment.state == "paid")
    for one in session.scalars(query.order_by(OrderPayment.id)):
        word = "Diambil sebagai kasbon" if one.kind == "credit" else f"Dibayar, {WAYS[one.kind].lower()}"
        day = f" pada {date_long(one.paid_on)}" if one.paid_on else ""
        said.append(f"{word}: {rupiah(one.amount_rp)}{day}")
    if order.refunded_rp:
        said.append(f"Dikembalikan kepada pembeli: {rupiah(order.refunded_rp)}")
    return tuple(said) or ("Belum dibayar.",)


def invoice_pdf(session: Session, order: Order, *, logo: bytes | None = None) -> bytes:
    """The invoice as A4 pages. For an order the caller was allowed to read."""
    told = invoice(session, order, logo=logo)
    sheet = Sheet(*_A4, f"Faktur {told.label}")
    y = _invoice_head(sheet, told)
    y = _invoice_lines(sheet, told, y)
    _invoice_foot(sheet, told, y)
    return bytes(sheet.output())


def _invoice_head(sheet: Sheet, told: Invoice) -> float:
    wide = _RIGHT - _LEFT
    sheet.fill(_BRAND, 0, 0, sheet.w, 2)
    taken = sheet.logo(told.head.logo, _LEFT, 12, 18)
    y = sheet.put(_LEFT + taken, 12, told.head.name, 14, "B", _BRAND, width=wide - taken, lines=2)
    for line in filter(None, (told.head.legal_no and f"Badan hukum {told.head.legal_no}", told.head.address,
                              told.head.phone)):  # fmt: skip
        y = sheet.put(_LEFT + taken, y, line, 8.5, "", _SOFT, width=wide - taken, lines=2)
    y = max(y, 31.0 if taken else 0) + 3
    sheet.rule(y, _LEFT, _RIGHT)
    sheet.put(_LEFT, y + 4, "FAKTUR", 18, "B")
    sheet.put(_LEFT, y + 5, told.label, 13, "B", _SOFT, width=wide, align="R", lines=1)
    if told.state:
        sheet.put(_LEFT, y + 11, told.state, 11, "B", _WARN, width=wide, align="R", lines=1)
    y += 18
    left = sheet.put(_LEFT, y, "Untuk", 8.5, "", _SOFT, width=wide / 2)
    for place, line in enumerate(told.buyer):
        left = sheet.put(_LEFT, left, line, 10, "B" if place == 0 else "", width=wide / 2 - 4, lines=3)
    right = y
    for label, value in (("Tanggal", date_long(told.placed_on)), ("Toko", told.store)):
        sheet.put(_LEFT + wide / 2, right, label, 8.5, "", _SOFT, width=22, lines=1)
        right = sheet.put(_LEFT + wide / 2 + 22, right, value, 10, "", width=wide / 2 - 22, lines=2) + 1
    return max(left, right) + 5


_COLUMNS = ((_LEFT + 1, 84.0, "L"), (99.0, 16.0, "R"), (115.0, 27.0, "R"), (142.0, 26.0, "R"), (168.0, 27.0, "R"))


def _invoice_lines(sheet: Sheet, told: Invoice, y: float) -> float:
    y = _heads(sheet, y)
    for line in told.lines:
        if y > _BOTTOM - 12:
            sheet.add_page()
            y = _heads(sheet, 14)
        off = number(line.discount_rp) if line.discount_rp else ""
        texts = (line.name, number(line.quantity), number(line.price_rp), off, number(line.amount_rp))
        y = max(_row(sheet, y + 1.2, texts)) + 1.2
        sheet.rule(y, _LEFT, _RIGHT)
    return y


def _heads(sheet: Sheet, y: float) -> float:
    sheet.fill((238, 244, 240), _LEFT, y, _RIGHT - _LEFT, 7)
    _row(sheet, y + 1.7, ("Barang", "Banyak", "Harga", "Potongan", "Jumlah"), "B")
    return y + 7


def _row(sheet: Sheet, y: float, texts: Sequence[str], style: str = "") -> list[float]:
    return [
        sheet.put(x, y, text, 9, style, width=wide, align=align, lines=3) if text else y
        for (x, wide, align), text in zip(_COLUMNS, texts, strict=True)
    ]


def _invoice_foot(sheet: Sheet, told: Invoice, y: float) -> None:
    if y > _BOTTOM - 70:
        sheet.add_page()
        y = 14
    y += 3
    for label, amount_rp in told.sums:
        sheet.put(110, y, label, 9.5, "", _SOFT, width=50, lines=1)
        y = sheet.put(150, y, rupiah(amount_rp), 9.5, width=45, align="R", lines=1) + 1
    sheet.rule(y + 0.5, 110, _RIGHT)
    sheet.put(110, y + 2, "Jumlah", 12, "B", width=40)
    y = sheet.put(150, y + 2, rupiah(told.total_rp), 12, "B", _BRAND, width=45, align="R", lines=1) + 1
    if told.vat_rp:
        y = sheet.put(110, y, f"Termasuk PPN {rupiah(told.vat_rp)}", 8.5, "", _SOFT, width=85, align="R") + 1
    y = sheet.put(_LEFT, y + 2, f"Terbilang: {terbilang(told.total_rp)}", 9.5, "I", width=_RIGHT - _LEFT, lines=3) + 3
    for sentence in told.paid:
        y = sheet.put(_LEFT, y, sentence, 10, "B", width=_RIGHT - _LEFT) + 0.8


def labels_pdf(session: Session, orders: Sequence[Order]) -> bytes:
    """A label of A6 for each order, to be stuck on its parcel. For orders the caller was allowed to read."""
    sheet = Sheet(105, 148, "Label pengiriman")
    for place, order in enumerate(orders):
        if place:
            sheet.add_page()
        _label(sheet, session.get_one(Coop, order.coop_id), order)
    return bytes(sheet.output())


def _label(sheet: Sheet, coop: Coop, order: Order) -> None:
    left, wide = 7.0, 91.0
    store = order.store
    sheet.fill(INK, 0, 0, 105, 13)
    sheet.put(left, 3.4, _CARRIED[order.delivery], 15, "B", (255, 255, 255), width=wide, lines=1)
    sheet.put(left, 16, order.label, 17, "B", width=60, lines=1)
    sheet.put(left, 24.5, order.courier or "-", 10.5, "", width=60, lines=2)
    if order.waybill:
        sheet.put(left, 34, f"Resi {order.waybill}", 11, "B", width=60, lines=1)
    sheet.qr(order.label, 72, 16, 26)
    sheet.rule(45, left, left + wide, dashed=True)
    y = sheet.put(left, 47.5, "KEPADA", 8, "", _SOFT, width=wide)
    y = sheet.put(left, y, order.buyer_name or "Pembeli", 15, "B", width=wide, lines=2)
    y = sheet.put(left, y + 0.5, order.buyer_phone or "tanpa nomor telepon", 12, "B", width=wide, lines=1)
    y = sheet.put(left, y + 1, order.address or "Diambil di toko", 12, "", width=wide, lines=4)
    sheet.put(left, y, order.city.upper(), 13, "B", width=wide, lines=2)
    sheet.rule(104, left, left + wide, dashed=True)
    y = sheet.put(left, 106, "DARI", 8, "", _SOFT, width=wide)
    y = sheet.put(left, y, f"{store.name}, {coop.name}", 10.5, "B", width=wide, lines=2)
    sender = ", ".join(part for part in (store.address, store.city, store.phone) if part)
    y = sheet.put(left, y, sender, 9, "", width=wide, lines=2)
    goods = ", ".join(f"{line.quantity} {line.name}" for line in order.lines)
    sheet.put(left, max(y + 1.5, 126), f"Isi: {goods}", 8.5, "", _SOFT, width=wide, lines=3)
    if order.note:
        sheet.put(left, 139, f"Catatan: {order.note}", 8.5, "B", width=wide, lines=1)


def picking_list_pdf(session: Session, orders: Sequence[Order], *, zone: str = "WIB") -> bytes:
    """What to take off the shelf for all orders together, then order by order; each with a place to tick."""
    sheet = Sheet(*_A4, "Daftar kemas")
    y = sheet.put(_LEFT, 12, "DAFTAR KEMAS", 16, "B")
    pieces = sum(line.quantity for order in orders for line in order.lines)
    y = sheet.put(_LEFT, y, f"{len(orders)} pesanan, {number(pieces)} barang", 10, "", _SOFT) + 3
    y = sheet.put(_LEFT, y, "Ambil dari rak", 12, "B", _BRAND) + 1
    for (store, name), count in _together(orders).items():
        y = _tick(sheet, _next(sheet, y, 8), number(count), name, store)
    y += 4
    for order in orders:
        y = _next(sheet, y, 16 + 6.2 * min(len(order.lines), 6))
        sheet.rule(y, _LEFT, _RIGHT)
        y = sheet.put(_LEFT, y + 2, f"{order.label}  {order.buyer_name}", 11.5, "B", width=120, lines=1)
        told = f"{_CARRIED[order.delivery].lower()} {order.courier}".strip()
        y = sheet.put(_LEFT, y, f"{moment(order.placed_at, zone)}, {told}", 8.5, "", _SOFT, width=182, lines=1)
        if order.note:
            y = sheet.put(_LEFT, y, f"Catatan: {order.note}", 9, "I", width=182, lines=2)
        for line in order.lines:
            y = _tick(sheet, _next(sheet, y, 8), number(line.quantity), line.name, "")
        y += 3
    return bytes(sheet.output())


def _together(orders: Sequence[Order]) -> dict[tuple[str, str], int]:
    """Pieces per shop and kind of goods, by name."""
    found: dict[tuple[str, str], int] = {}
    for order in orders:
        for line in order.lines:
            place = order.store.name, line.name
            found[place] = found.get(place, 0) + line.quantity
    return dict(sorted(found.items()))


def _next(sheet: Sheet, y: float, need: float) -> float:
    """Where the next thing of that height goes: here, or on top of a new page."""
    if y + need <= _BOTTOM:
        return y
    sheet.add_page()
    return 14.0


def _tick(sheet: Sheet, y: float, count: str, name: str, place: str) -> float:
    sheet.set_draw_color(*INK)
    sheet.set_line_width(0.3)
    sheet.rect(_LEFT, y + 0.9, 4.2, 4.2)
    sheet.put(_LEFT + 6, y + 1.2, count, 11, "B", width=14, align="R", lines=1)
    after = sheet.put(_LEFT + 23, y + 1.2, name, 10.5, "", width=118, lines=2)
    if place:
        sheet.put(156, y + 1.4, place, 8.5, "", _SOFT, width=40, align="R", lines=1)
    return max(after, y + 5.6) + 0.6
