"""What the shops have, asked once for a list of goods; and a row of such a list."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from core.actor import Actor
from models.coops import Unit
from models.mart.products import Product, ProductVariant
from models.mart.stores import Store
from models.procurement import Supplier
from services.imports.judging import Judge
from services.imports.tables import ReadTable
from services.mart import stores
from services.mart.categories import CATEGORIES
from services.mart.goods import Good, Variant


class Shops:
    """Which shop a row is of: its column says it, or the person's choice, or there is one only."""

    def __init__(self, session: Session, actor: Actor, judge: Judge) -> None:
        self.all = stores.mine(session, actor)
        units = {unit.id: unit for unit in session.scalars(select(Unit))}
        self.by_word: dict[str, Store] = {}
        for store in self.all:
            unit = units[store.unit_id]
            for word in (store.name, store.slug, unit.code, unit.name):
                self.by_word.setdefault(word.casefold(), store)
        chosen = judge.options.shop.strip()
        self.chosen = self.by_word.get(chosen.casefold())
        self.reason = f"toko '{chosen}' tidak ada." if chosen and self.chosen is None else ""
        if not chosen and len(self.all) == 1:
            self.chosen = self.all[0]

    def why_none(self) -> tuple[str, str]:
        """What to say to rows that name no shop while none is chosen."""
        names = ", ".join(store.name for store in self.all)
        if not self.all:
            return "belum ada toko yang Anda kelola.", "Buka toko dulu di Kopmin, menu Toko."
        return self.reason or f"ada {len(self.all)} toko.", f"Pilih tokonya, atau tambahkan kolom Toko: {names}."


class Shelf:
    """Everything the cooperative's shops have, asked once. `by_name` is by (shop, product, variant)."""

    def __init__(self, session: Session) -> None:
        query = select(ProductVariant).join(Product, Product.id == ProductVariant.product_id)
        self.by_sku: dict[str, ProductVariant] = {}
        self.by_barcode: dict[tuple[int, str], ProductVariant] = {}
        self.by_name: dict[tuple[int, str, str], ProductVariant] = {}
        self.products: dict[tuple[int, str], Product] = {}
        for one in session.scalars(query.options(contains_eager(ProductVariant.product))):
            store_id, name = one.product.store_id, one.product.name.casefold()
            self.by_sku[one.sku.casefold()] = one
            self.by_name.setdefault((store_id, name, one.name.casefold()), one)
            self.products.setdefault((store_id, name), one.product)
            if one.barcode and one.is_active:
                self.by_barcode[store_id, one.barcode] = one
        self.suppliers = {one.name.casefold(): one.id for one in session.scalars(select(Supplier))}
        self.categories = {word.casefold(): code for code, label in CATEGORIES.items() for word in (label, code)}


@dataclass
class Row:
    """One row with its cells: `has` asks for a column, `text` and `number` for what stands there."""

    table: ReadTable
    place: int
    number: int = field(init=False)

    def __post_init__(self) -> None:
        self.number = self.table.rows[self.place]

    def has(self, key: str) -> bool:
        return key in self.table.values

    def text(self, key: str) -> str:
        return str(self.table.values[key][self.place] or "") if self.has(key) else ""

    def amount(self, key: str) -> int:
        value = self.table.values[key][self.place] if self.has(key) else 0
        return value if isinstance(value, int) else 0

    def unread(self, key: str) -> bool:
        return self.number in self.table.unread.get(key, ())


def good_of(product: Product) -> Good:
    """A product as it stands."""
    return Good(
        product.name, product.category, product.about, product.unit_name, product.weight_g, product.is_taxed,
        product.is_consigned, product.supplier_id,
    )  # fmt: skip


def variant_of(one: ProductVariant) -> Variant:
    """A variant as it stands."""
    return Variant(
        one.price_rp, one.name, one.sku, one.barcode or "", one.member_price_rp, one.owner_rp, one.low_at, one.is_active
    )
