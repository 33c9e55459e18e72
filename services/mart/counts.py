"""Stok opname: what was counted beside what the cards say, previewed as a value, booked once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.actor import Actor
from core.errors import NotFound
from core.money import Rupiah
from models.mart.products import Product, ProductVariant, StockMovement
from services.audit import trail
from services.ledger.posting import post
from services.mart import stock, stores
from services.mart.refusals import CountBelowOrders, CountStale, QuantityInvalid
from services.mart.stock import Move


@dataclass(frozen=True)
class Counted:
    """One variant as counted, beside what its card says."""

    variant_id: int
    label: str
    sku: str
    on_hand: int
    counted: int
    value_rp: Rupiah

    @property
    def difference(self) -> int:
        return self.counted - self.on_hand


@dataclass(frozen=True)
class Count:
    """A stok opname as it would be booked: only what differs moves; a row's `value_rp` is what it adds."""

    store_id: int
    rows: tuple[Counted, ...]

    @property
    def value_rp(self) -> Rupiah:
        return sum(row.value_rp for row in self.rows)


def preview(session: Session, actor: Actor, store_id: int, counted: Mapping[int, int]) -> Count:
    """What a count finds. Makes nothing. Raises QuantityInvalid, CountBelowOrders, CostUnknown."""
    actor.must("mart.stock")
    store = stores.get(session, actor, store_id)
    if any(not 0 <= pieces <= stock.MOST_PIECES for pieces in counted.values()):
        raise QuantityInvalid()
    whole = joinedload(ProductVariant.product)
    query = select(ProductVariant).join(Product, Product.id == ProductVariant.product_id).options(whole)
    query = query.where(Product.store_id == store.id).order_by(Product.name, ProductVariant.id)
    rows = []
    for variant in session.scalars(query):
        if variant.id not in counted:
            continue
        pieces, more = counted[variant.id], counted[variant.id] - variant.on_hand
        if pieces < variant.reserved:
            raise CountBelowOrders(product=variant.label, counted=pieces, reserved=variant.reserved)
        value_rp = stock.value_of(variant, more) if more else 0
        rows.append(Counted(variant.id, variant.label, variant.sku, variant.on_hand, pieces, value_rp))
    if len(rows) != len(counted):
        raise NotFound(what="Barang")
    return Count(store.id, tuple(rows))


def book(session: Session, actor: Actor, count: Count, *, booked_on: date, token: str) -> list[StockMovement]:
    """Book what a preview showed, all or nothing, once per token. Raises CountStale when stock moved meanwhile."""
    store = stores.get(session, actor, count.store_id)
    moved = [row for row in count.rows if row.difference]
    sources = [f"stock:{token}:{row.variant_id}" for row in moved]
    if known := stock.known_moves(session, sources):
        return list(known.values())
    stock.locked(session, {row.variant_id for row in moved})
    if preview(session, actor, store.id, {row.variant_id: row.counted for row in count.rows}) != count:
        raise CountStale()
    lines = [
        line
        for value_rp in (sum(max(0, row.value_rp) for row in moved), sum(min(0, row.value_rp) for row in moved))
        if value_rp
        for line in stock.difference(store, value_rp)
    ]
    memo = f"Stok opname {store.name}"
    source = f"mart:count:{token}"
    seq = post(session, actor, booked_on=booked_on, memo=memo, source=source, lines=lines).seq if lines else None
    trail.record(session, actor, "mart.count", f"store:{store.id}", rows=len(count.rows), value_rp=count.value_rp)
    moves = [
        Move(row.variant_id, "count", row.difference, row.value_rp, source)
        for row, source in zip(moved, sources, strict=True)
    ]
    return stock.record(session, actor, moves, booked_on=booked_on, entry_seq=seq)
