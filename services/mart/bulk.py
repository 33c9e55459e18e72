"""Many goods at once, as a file lists them: made or changed in a fixed number of questions, opening stock included."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.money import Rupiah
from models.mart.products import Product, ProductVariant
from services.audit import trail
from services.mart import search, shelf, stock, stores
from services.mart.goods import Good, SkuTaken, Variant
from services.mart.products import PRICES, fill, fill_variant, free_sku

_AT_ONCE, _TOLD = 500, 200
Row = TypeVar("Row", Product, ProductVariant)


@dataclass(frozen=True)
class Listed:
    """One line of a list, checked. `product` is the id of a product there is, or any name lines of a new one share.

    `pieces` and their `cost_rp` (all together) are opening stock, for new variants only. `shown` publishes or hides.
    """

    store_id: int
    product: int | str
    variant_id: int | None
    good: Good
    variant: Variant
    pieces: int = 0
    cost_rp: Rupiah = 0
    shown: bool | None = None


def keep_many(session: Session, actor: Actor, lines: Sequence[Listed], *, on: date, token: str) -> None:
    """Make and change what the lines say; put the opening stock of the new on its cards. All or none.

    Raises SkuTaken when a code was given away since the list was checked, and as `stock.open_stock`.
    """
    actor.must("mart.goods")
    for store_id in sorted({line.store_id for line in lines}):
        stores.must_keep(session, actor, store_id)
    products = _products(session, actor, lines)
    kept = _variants(session, actor, lines, products)
    shelf.refresh(session, {product.id for product in products.values()})
    search.index_many(session, list(products.values()))
    _show(lines, products)
    by_store: dict[int, list[stock.Item]] = defaultdict(list)
    for line, variant in zip(lines, kept, strict=True):
        if line.pieces:
            by_store[line.store_id].append(stock.Item(variant.id, line.pieces, line.cost_rp))
    for store_id, items in sorted(by_store.items()):
        stock.open_stock(session, actor, store_id=store_id, items=items, booked_on=on, token=f"{token}:{store_id}")


def _show(lines: Sequence[Listed], products: dict[tuple[int, int | str], Product]) -> None:
    """A product whose lines say anything of it is shown when one of them says so and it has something to sell."""
    said: dict[int, bool] = {}
    for line in lines:
        if line.shown is not None:
            product_id = products[line.store_id, line.product].id
            said[product_id] = said.get(product_id, False) or line.shown
    for product in products.values():
        if product.id in said:
            product.is_published = said[product.id] and product.from_rp > 0


def _products(session: Session, actor: Actor, lines: Sequence[Listed]) -> dict[tuple[int, int | str], Product]:
    """The product of each line by (shop, name or id); its fields follow its first line."""
    there = _by_id(session, Product, {line.product for line in lines if isinstance(line.product, int)})
    found: dict[tuple[int, int | str], Product] = {}
    for line in lines:
        key = (line.store_id, line.product)
        if key in found:
            continue
        made = there[line.product] if isinstance(line.product, int) else None
        found[key] = made or Product(coop_id=actor.coop_id, store_id=line.store_id)
        fill(found[key], line.good)
        session.add(found[key])
    session.flush()  # variants need their ids
    return found


def _variants(
    session: Session, actor: Actor, lines: Sequence[Listed], products: dict[tuple[int, int | str], Product]
) -> list[ProductVariant]:
    there = _by_id(session, ProductVariant, {line.variant_id for line in lines if line.variant_id is not None})
    holders = {sku.upper(): id_ for id_, sku in session.execute(select(ProductVariant.id, ProductVariant.sku))}
    taken, kept, changes = set(holders), [], []
    for line in lines:
        sku = line.variant.sku.strip()
        one = there[line.variant_id] if line.variant_id is not None else None
        if sku and holders.get(sku.upper()) not in {None, line.variant_id}:
            raise SkuTaken(sku=sku, product="barang lain")
        if not sku:
            sku = one.sku if one is not None else free_sku(taken)
        taken.add(sku.upper())
        product_id = products[line.store_id, line.product].id
        variant = one or ProductVariant(coop_id=actor.coop_id, product_id=product_id)
        before = [getattr(variant, field) for field in PRICES]
        fill_variant(variant, line.variant, sku)
        after = [getattr(variant, field) for field in PRICES]
        if before != after:
            changes.append([sku, before, after])
        session.add(variant)
        kept.append(variant)
    session.flush()  # stock cards need their ids
    for start in range(0, len(changes), _TOLD):
        trail.record(session, actor, "mart.prices", "import:products", fields=PRICES,
                     changed=changes[start : start + _TOLD])  # fmt: skip
    return kept


def _by_id(session: Session, kind: type[Row], wanted: set[int]) -> dict[int, Row]:
    ids, found = sorted(wanted), dict[int, Row]()
    for start in range(0, len(ids), _AT_ONCE):
        rows = session.scalars(select(kind).where(kind.id.in_(ids[start : start + _AT_ONCE])))
        found.update({row.id: row for row in rows})
    return found
