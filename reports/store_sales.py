"""Penjualan toko: what was handed over, what it cost, when and how it was bought and paid, and what lies on the shelf.

A sale counts on the day the goods were handed over, as in the books; the hour is that of the order.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import local
from core.display import date_long, month_long
from core.errors import NotFound
from core.money import Rupiah
from models.mart.orders import Order, OrderLine, OrderReturn, OrderReturnLine
from models.mart.products import Product, ProductVariant
from models.mart.stores import Store
from reports.scope import Who, coop_of, frame_of
from reports.shape import Check, Column, Frame, Table, TableRow, money
from reports.store_orders import LINES, NET, Sold, booked, handed, orders_of
from reports.tables import as_table
from services.ledger.balances import month_end
from services.ledger.chart import Role
from services.mart import promo_plans, stores
from services.mart.orders import WAYS

Key = TypeVar("Key", bound=Hashable)
CHANNELS = {"online": "Kopmart", "till": "Kasir"}
NOTES = (
    "Penjualan bersih: setelah potongan dan voucher, tanpa PPN dan ongkos kirim; barang titipan dengan hak penitip "
    "sebagai pokok. Retur tercatat pada hari uangnya kembali dan belum mengurangi penjualan di atasnya.",
)


@dataclass(frozen=True)
class Cut:
    """Sales that belong together. `net_rp` is without tax and parcel, `cost_rp` what the pieces cost the shop."""

    label: str
    orders: int
    pieces: int
    net_rp: Rupiah
    cost_rp: Rupiah
    on: date | None = None

    @property
    def margin_rp(self) -> Rupiah:
        return self.net_rp - self.cost_rp

    @property
    def margin_pct(self) -> Decimal:
        """Of what was sold, one decimal."""
        return (Decimal(self.margin_rp) * 100 / self.net_rp).quantize(Decimal("0.1")) if self.net_rp else Decimal(0)


@dataclass(frozen=True)
class Returned:
    """What came back: requests refunded, their pieces, the money returned."""

    count: int
    pieces: int
    amount_rp: Rupiah


@dataclass(frozen=True)
class Slow:
    """A product on the shelf that nobody ordered for 60 days, and what it cost."""

    label: str
    store: str
    pieces: int
    value_rp: Rupiah


@dataclass(frozen=True)
class StoreSales:
    """The same sales cut in several ways: each cut but `by_product` sums to `whole` in every column."""

    frame: Frame
    stores: tuple[str, ...]
    whole: Cut
    by_product: tuple[Cut, ...]
    by_day: tuple[Cut, ...]
    by_hour: tuple[Cut, ...]
    by_channel: tuple[Cut, ...]
    by_payment: tuple[Cut, ...]
    by_buyer: tuple[Cut, ...]
    returned: Returned
    slow: tuple[Slow, ...]
    checks: tuple[Check, ...]

    @property
    def by_month(self) -> tuple[Cut, ...]:
        """The days' sales by month, those that had any."""
        found: dict[date, list[Cut]] = {}
        for cut in self.by_day:
            if cut.on is not None:
                found.setdefault(month_end(cut.on), []).append(cut)
        return tuple(
            Cut(
                month_long(last), sum(one.orders for one in cuts), sum(one.pieces for one in cuts),
                sum(one.net_rp for one in cuts), sum(one.cost_rp for one in cuts), last,
            )
            for last, cuts in found.items()
        )  # fmt: skip

    @property
    def totals(self) -> dict[str, int]:
        one = self.whole
        return {
            "orders": one.orders, "pieces": one.pieces, "net_rp": one.net_rp, "cost_rp": one.cost_rp,
            "margin_rp": one.margin_rp, "returned_rp": self.returned.amount_rp,
        }  # fmt: skip


def store_sales(session: Session, who: Who, since: date, until: date, *, unit_id: int | None = None) -> StoreSales:
    """Sales of the shops the asker sees, or of the shop of one unit. Raises NotAllowed, PeriodReversed, NotFound."""
    coop_id = coop_of(who, "mart.view")
    frame = frame_of(session, coop_id, "store-sales", "Penjualan Toko", since=since, until=until, unit_id=unit_id)
    shops = _shops(session, who, coop_id, unit_id)
    ids = [shop.id for shop in shops]
    sold = orders_of(session, coop_id, ids, since, until)
    zone = frame.coop.zone
    return StoreSales(
        frame, tuple(shop.name for shop in shops), _cut("JUMLAH", sold),
        _by_product(session, coop_id, ids, since, until),
        tuple(_cut(date_long(day), rows, day) for day, rows in sorted(_grouped(sold, lambda one: one.on).items())),
        _by_hour(sold, zone), _by(sold, CHANNELS, lambda one: one.channel), _by(sold, WAYS, lambda one: one.pay_by),
        _by(sold, {True: "Anggota", False: "Bukan anggota"}, lambda one: one.is_member),
        _returned(session, coop_id, ids, since, until), _slow(session, shops, until),
        _checks(session, coop_id, shops, since, until, sold),
    )  # fmt: skip


def _shops(session: Session, who: Who, coop_id: int, unit_id: int | None) -> list[Store]:
    query = select(Store).where(Store.coop_id == coop_id).order_by(Store.name, Store.id)
    seen = stores.mine(session, who) if isinstance(who, Actor) else list(session.scalars(query))
    found = [one for one in seen if one.coop_id == coop_id and unit_id in (None, one.unit_id)]
    if unit_id is not None and not found:
        raise NotFound(what="Toko unit ini")
    return found


def _cut(label: str, sold: Iterable[Sold], on: date | None = None) -> Cut:
    rows = list(sold)
    return Cut(
        label, len(rows), sum(one.pieces for one in rows), sum(one.net_rp for one in rows),
        sum(one.cost_rp for one in rows), on,
    )  # fmt: skip


def _grouped(sold: Iterable[Sold], key: Callable[[Sold], Key]) -> dict[Key, list[Sold]]:
    found: dict[Key, list[Sold]] = {}
    for one in sold:
        found.setdefault(key(one), []).append(one)
    return found


def _by(sold: Iterable[Sold], names: dict[Key, str], key: Callable[[Sold], Key]) -> tuple[Cut, ...]:
    """One cut for each name that sold something, in the order of the names."""
    groups = _grouped(sold, key)
    return tuple(_cut(label, groups[word]) for word, label in names.items() if word in groups)


def _by_hour(sold: Iterable[Sold], zone: str) -> tuple[Cut, ...]:
    groups = _grouped(sold, lambda one: local(one.placed_at, zone).hour)
    return tuple(_cut(f"{hour:02d}.00", rows) for hour, rows in sorted(groups.items()))


def _by_product(session: Session, coop_id: int, ids: Sequence[int], since: date, until: date) -> tuple[Cut, ...]:
    query = (
        select(
            Product.name, func.count(func.distinct(Order.id)), func.sum(OrderLine.quantity), func.sum(NET),
            func.sum(OrderLine.cost_rp),
        )
        .join(OrderLine, LINES)
        .join(
            ProductVariant,
            and_(ProductVariant.coop_id == OrderLine.coop_id, ProductVariant.id == OrderLine.variant_id),
        )
        .join(Product, and_(Product.coop_id == ProductVariant.coop_id, Product.id == ProductVariant.product_id))
        .where(handed(coop_id, ids, since, until))
        .group_by(Product.id, Product.name)
        .select_from(Order)
    )  # fmt: skip
    found = [
        Cut(name, orders, int(pieces), int(net_rp), int(cost_rp or 0))
        for name, orders, pieces, net_rp, cost_rp in session.execute(query)
    ]
    return tuple(sorted(found, key=lambda cut: (-cut.net_rp, cut.label)))


def _returned(session: Session, coop_id: int, ids: Sequence[int], since: date, until: date) -> Returned:
    """Money that went back in these days, and the pieces it was for."""
    refunded = and_(
        OrderReturn.coop_id == coop_id, OrderReturn.state == "refunded", OrderReturn.refunded_on.between(since, until),
        Order.store_id.in_(ids),
    )  # fmt: skip
    of_order = and_(Order.coop_id == OrderReturn.coop_id, Order.id == OrderReturn.order_id)
    query = select(func.count(), func.coalesce(func.sum(OrderReturn.amount_rp), 0)).select_from(OrderReturn)
    count, amount_rp = session.execute(query.join(Order, of_order).where(refunded)).one()
    of_return = and_(OrderReturn.coop_id == OrderReturnLine.coop_id, OrderReturn.id == OrderReturnLine.return_id)
    lines = select(func.coalesce(func.sum(OrderReturnLine.quantity), 0)).select_from(OrderReturnLine)
    pieces = session.scalar(lines.join(OrderReturn, of_return).join(Order, of_order).where(refunded))
    return Returned(count, int(pieces or 0), int(amount_rp))


def _slow(session: Session, shops: Sequence[Store], on: date) -> tuple[Slow, ...]:
    names = {shop.id: shop.name for shop in shops}
    return tuple(
        Slow(one.name, names[one.store_id], one.available, sum(variant.value_rp for variant in one.variants))
        for one in promo_plans.lying(session, list(names), on=on)
    )


def _checks(
    session: Session, coop_id: int, shops: Sequence[Store], since: date, until: date, sold: Iterable[Sold]
) -> tuple[Check, ...]:
    """What orders brought before discounts is what the books hold of these shops' sales."""
    rows = list(sold)
    held = booked(session, coop_id, [shop.unit_id for shop in shops], since, until)
    pairs = (("anggota", True, Role.MEMBER_SALES), ("umum", False, Role.NONMEMBER_SALES))
    return tuple(
        Check(
            f"Penjualan {word} menurut pesanan dan buku",
            sum(one.gross_rp for one in rows if one.is_member is is_member),
            held.get(role, 0),
        )
        for word, is_member, role in pairs
    )


@as_table.register
def _(report: StoreSales) -> Table:
    columns = (
        Column("label", "Uraian", weight=2.4), Column("orders", "Pesanan", "count", 0.7),
        Column("pieces", "Buah", "count", 0.7), money("net_rp", "Penjualan bersih"), money("cost_rp", "Harga pokok"),
        money("margin_rp", "Laba kotor"),
    )  # fmt: skip
    rows: list[TableRow] = []
    for title, cuts in (
        ("Menurut barang", report.by_product), ("Menurut hari", report.by_day), ("Menurut jam pesan", report.by_hour),
        ("Menurut tempat", report.by_channel), ("Menurut cara bayar", report.by_payment),
        ("Menurut pembeli", report.by_buyer),
    ):  # fmt: skip
        if cuts:
            rows.append(TableRow((title, *_BLANK), "header"))
            rows += [TableRow(_cells(one), level=1) for one in cuts]
    rows.append(TableRow(_cells(report.whole), "total"))
    back = report.returned
    if back.count:
        rows.append(TableRow(("Retur, uang kembali", back.count, back.pieces, back.amount_rp, None, None)))
    if report.slow:
        rows.append(TableRow(("Tidak terjual 60 hari, masih di rak", *_BLANK), "header"))
        rows += [TableRow((f"{s.label} ({s.store})", None, s.pieces, None, s.value_rp, None), level=1)
                 for s in report.slow]  # fmt: skip
    return Table(report.frame, columns, rows, report.totals, report.checks, NOTES)


_BLANK = (None,) * 5


def _cells(cut: Cut) -> tuple[str, int, int, Rupiah, Rupiah, Rupiah]:
    return cut.label, cut.orders, cut.pieces, cut.net_rp, cut.cost_rp, cut.margin_rp
