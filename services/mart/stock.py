"""Stock cards: the only writer of what lies on the shelf and what it cost (moving average).

A move of own goods stands behind a journal entry that its caller posted with the same value on `Role.INVENTORY`.
Consigned goods have pieces and no value. Sources name the event, so that a second click moves nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.actor import Actor
from core.display import rupiah
from core.errors import InvalidValue, NotFound
from core.money import LIMIT_RP, Rupiah, round_rp
from models.mart.products import Product, ProductVariant, StockMovement
from models.mart.stores import Store
from services.audit import trail
from services.ledger.chart import Role
from services.ledger.posting import Line, credit, debit, post
from services.mart import shelf, stores
from services.mart.refusals import CostUnknown, OpeningTooMuch, QuantityInvalid, StockShort

MOST_PIECES = 1_000_000
KINDS = {
    "opening": "Stok awal", "receipt": "Barang masuk", "sale": "Terjual", "return": "Retur pembeli",
    "count": "Stok opname", "adjustment": "Penyesuaian", "back": "Kembali ke pemasok", "consigned": "Titipan masuk",
}  # fmt: skip


@dataclass(frozen=True)
class Move:
    """Pieces in (positive) or out (negative) of a variant, and what they cost all together, signed alike."""

    variant_id: int
    kind: str
    quantity: int
    value_rp: Rupiah
    source: str
    memo: str = ""


@dataclass(frozen=True)
class Item:
    """Pieces that come in. `cost_rp` is what all of them cost together."""

    variant_id: int
    quantity: int
    cost_rp: Rupiah


def record(
    session: Session, actor: Actor, moves: Sequence[Move], *, booked_on: date, entry_seq: int | None
) -> list[StockMovement]:
    """Write moves on their cards; those whose source is known return as they were. Raises StockShort, NotFound."""
    known = known_moves(session, [move.source for move in moves])
    variants = locked(session, {move.variant_id for move in moves if move.source not in known})
    done = []
    for move in moves:
        row = known.get(move.source)
        if row is None:
            row = _move(session, actor, variants[move.variant_id], move, booked_on, entry_seq)
            known[move.source] = row
        done.append(row)
    shelf.refresh(session, {variant.product_id for variant in variants.values()})
    session.flush()  # the caller's checks read the cards
    return done


def _move(
    session: Session, actor: Actor, variant: ProductVariant, move: Move, booked_on: date, entry_seq: int | None
) -> StockMovement:
    if variant.on_hand + move.quantity < variant.reserved:
        raise StockShort(product=variant.label, left=variant.free, wanted=-move.quantity)
    variant.on_hand += move.quantity
    variant.value_rp += move.value_rp
    row = StockMovement(
        coop_id=actor.coop_id, variant_id=variant.id, kind=move.kind, quantity=move.quantity, value_rp=move.value_rp,
        booked_on=booked_on, memo=move.memo[:200], source=move.source, entry_seq=entry_seq, created_by=actor.user_id,
    )  # fmt: skip
    session.add(row)
    return row


def known_moves(session: Session, sources: Sequence[str]) -> dict[str, StockMovement]:
    found: dict[str, StockMovement] = {}
    for start in range(0, len(sources), 500):
        query = select(StockMovement).where(StockMovement.source.in_(sources[start : start + 500]))
        found.update({row.source: row for row in session.scalars(query)})
    return found


def locked(session: Session, variant_ids: Iterable[int]) -> dict[int, ProductVariant]:
    """Variants with product and shop; nobody else changes them while a session writes. Raises NotFound."""
    wanted, found = sorted(set(variant_ids)), dict[int, ProductVariant]()
    whole = joinedload(ProductVariant.product).joinedload(Product.store)
    for start in range(0, len(wanted), 500):
        query = select(ProductVariant).where(ProductVariant.id.in_(wanted[start : start + 500])).options(whole)
        if not session.info.get("read_only"):
            query = query.with_for_update(of=ProductVariant).execution_options(populate_existing=True)
        found.update({row.id: row for row in session.scalars(query)})
    if len(found) != len(wanted):
        raise NotFound(what="Barang")
    return found


def cost_out(variant: ProductVariant, quantity: int) -> Rupiah:
    """What `quantity` pieces leaving now cost: the moving average; the last piece takes what is left."""
    if quantity >= variant.on_hand:
        return variant.value_rp
    return min(variant.value_rp, round_rp(Decimal(variant.value_rp) * quantity / variant.on_hand))


def receive(
    session: Session,
    actor: Actor,
    *,
    store_id: int,
    items: Sequence[Item],
    booked_on: date,
    token: str,
    paid_from: Role | int | None = None,
    memo: str = "",
) -> list[StockMovement]:
    """Goods that came in: paid at once from an account, or owed to the supplier (None). Consigned goods owe nothing.

    Raises QuantityInvalid, InvalidValue, NotFound, and as `post`.
    """
    actor.must("mart.stock")
    store = stores.get(session, actor, store_id)
    variants = _of_store(session, store, items)
    own = [item for item in items if not variants[item.variant_id].product.is_consigned]
    left = [item for item in items if variants[item.variant_id].product.is_consigned]
    if any(item.cost_rp for item in left):
        raise InvalidValue(field="Barang titipan", reason="baru dibayar setelah terjual. Kosongkan jumlah harganya.")
    moves = [_came(item, "receipt", token, item.cost_rp) for item in own]
    moves += [_came(item, "consigned", token, 0) for item in left]
    value_rp = sum(item.cost_rp for item in own)
    from_whom = credit(Role.SUPPLIER_PAYABLE if paid_from is None else paid_from, value_rp, unit_id=store.unit_id)
    into = debit(Role.INVENTORY, value_rp, unit_id=store.unit_id)
    text = memo.strip() or f"Barang masuk {store.name}"
    seq = _post(session, actor, booked_on, text, f"mart:stock:{token}", [into, from_whom]) if value_rp else None
    trail.record(session, actor, "mart.receive", f"store:{store.id}", items=len(items), value_rp=value_rp)
    return record(session, actor, moves, booked_on=booked_on, entry_seq=seq)


def _came(item: Item, kind: str, token: str, value_rp: Rupiah) -> Move:
    return Move(item.variant_id, kind, item.quantity, value_rp, f"stock:{token}:{item.variant_id}")


def _of_store(session: Session, store: Store, items: Sequence[Item]) -> dict[int, ProductVariant]:
    """The items' variants, all of this shop and each named once. Raises QuantityInvalid, InvalidValue, NotFound."""
    if not items or len({item.variant_id for item in items}) != len(items):
        raise InvalidValue(field="Barang", reason="isi paling sedikit satu barang, masing-masing satu baris.")
    for item in items:
        if not 0 < item.quantity <= MOST_PIECES:
            raise QuantityInvalid()
        if not 0 <= item.cost_rp < LIMIT_RP:
            raise InvalidValue(field="Harga beli", reason="isi rupiah bulat, nol atau lebih.")
    variants = locked(session, {item.variant_id for item in items})
    if any(variant.product.store_id != store.id for variant in variants.values()):
        raise NotFound(what="Barang")
    return variants


def _post(session: Session, actor: Actor, on: date, memo: str, source: str, lines: Sequence[Line]) -> int:
    return post(session, actor, booked_on=on, memo=memo, source=source, lines=lines).seq


def open_stock(
    session: Session, actor: Actor, *, store_id: int, items: Sequence[Item], booked_on: date, token: str
) -> list[StockMovement]:
    """Put goods that the books already hold as one sum on stock cards; the books do not move. Raises OpeningTooMuch."""
    actor.must("mart.stock")
    store = stores.get(session, actor, store_id)
    _of_store(session, store, items)
    moves = [_came(item, "opening", token, item.cost_rp) for item in items]
    fresh = {move.source for move in moves} - known_moves(session, [move.source for move in moves]).keys()
    value_rp = sum(move.value_rp for move in moves if move.source in fresh)
    if value_rp > store.unopened_rp:
        raise OpeningTooMuch(value=rupiah(value_rp), left=rupiah(max(0, store.unopened_rp)))
    store.unopened_rp -= value_rp
    trail.record(session, actor, "mart.open_stock", f"store:{store.id}", items=len(items), value_rp=value_rp)
    return record(session, actor, moves, booked_on=booked_on, entry_seq=None)


def close_opening(session: Session, actor: Actor, *, store_id: int, booked_on: date, reason: str) -> int | None:
    """What of the old inventory stands on no card is gone (or was never there): booked as a stock difference."""
    actor.must("mart.stock")
    store = stores.get(session, actor, store_id)
    left_rp = store.unopened_rp
    if not left_rp:
        return None
    memo, source = f"Selisih stok awal {store.name}: {reason}", f"mart:opening:{store.id}"
    seq = _post(session, actor, booked_on, memo, source, difference(store, -left_rp))
    store.unopened_rp = 0
    trail.record(session, actor, "mart.close_opening", f"store:{store.id}", value_rp=left_rp, reason=reason)
    return seq


def difference(store: Store, more_rp: Rupiah) -> list[Line]:
    """An entry for inventory that is worth more (positive) or less than the books said."""
    amount_rp, unit = abs(more_rp), store.unit_id
    if more_rp > 0:
        return [debit(Role.INVENTORY, amount_rp, unit_id=unit), credit(Role.STOCK_DIFFERENCE, amount_rp, unit_id=unit)]
    return [debit(Role.STOCK_DIFFERENCE, amount_rp, unit_id=unit), credit(Role.INVENTORY, amount_rp, unit_id=unit)]


def adjust(
    session: Session, actor: Actor, *, variant_id: int, quantity: int, booked_on: date, reason: str, token: str
) -> StockMovement:
    """Pieces broken, lost, used (negative) or found (positive), valued at the moving average.

    Raises QuantityInvalid, StockShort, CostUnknown (found, while none is left to tell the cost), InvalidValue.
    """
    actor.must("mart.stock")
    if not reason.strip():
        raise InvalidValue(field="Alasan", reason="isi dulu alasan penyesuaian.")
    if quantity == 0 or abs(quantity) > MOST_PIECES:
        raise QuantityInvalid()
    source = f"stock:{token}:{variant_id}"
    if (before := known_moves(session, [source]).get(source)) is not None:
        return before
    variant = locked(session, {variant_id})[variant_id]
    store = stores.get(session, actor, variant.product.store_id)
    if variant.free + quantity < 0:
        raise StockShort(product=variant.label, left=variant.free, wanted=-quantity)
    value_rp = value_of(variant, quantity)
    seq = None
    if value_rp:
        memo = f"Penyesuaian stok {variant.label}: {reason.strip()}"
        seq = _post(session, actor, booked_on, memo, f"mart:{source}", difference(store, value_rp))
    trail.record(session, actor, "mart.adjust", f"variant:{variant.id}", quantity=quantity, reason=reason)
    move = Move(variant.id, "adjustment", quantity, value_rp, source, reason.strip())
    return record(session, actor, [move], booked_on=booked_on, entry_seq=seq)[0]


def value_of(variant: ProductVariant, quantity: int) -> Rupiah:
    if variant.product.is_consigned:
        return 0
    if quantity < 0:
        return -cost_out(variant, -quantity)
    if not variant.on_hand:
        raise CostUnknown(product=variant.label)
    return round_rp(Decimal(variant.value_rp) * quantity / variant.on_hand)


def movements(session: Session, actor: Actor, variant_id: int) -> list[StockMovement]:
    """A variant's card, oldest first. Raises NotFound for one of another shop."""
    variant = session.get(ProductVariant, variant_id)
    if variant is None:
        raise NotFound(what="Barang")
    stores.get(session, actor, variant.product.store_id)
    query = select(StockMovement).where(StockMovement.variant_id == variant_id)
    return list(session.scalars(query.order_by(StockMovement.booked_on, StockMovement.id)))
