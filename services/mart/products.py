"""Goods of a shop: kept, priced, shown or hidden. What changes a price leaves a trace."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import InvalidValue, NotFound, Refusal
from models.mart.products import Product, ProductVariant
from models.procurement import Supplier
from services.audit import trail
from services.mart import search, shelf, stores
from services.mart.goods import (
    BarcodeTaken,
    Good,
    SkuTaken,
    Variant,
    faults_of_good,
    faults_of_variant,
    refuse,
)

PRICES = ("price_rp", "member_price_rp", "owner_rp")
_PLAIN = ("name", "category", "about", "unit_name", "weight_g", "is_taxed", "is_consigned", "supplier_id")


class NothingToSell(Refusal):
    code = "mart.nothing_to_sell"
    pesan = "{product} belum punya varian aktif dengan harga. Tambahkan dulu, lalu tampilkan."


class StockHeld(Refusal):
    code = "mart.stock_held"
    pesan = "{product} masih ada stoknya, jadi tidak dapat {act}. Habiskan atau sesuaikan stoknya dulu."
    status = 409


def save_product(
    session: Session,
    actor: Actor,
    good: Good,
    *,
    store_id: int | None = None,
    product_id: int | None = None,
    variant: Variant | None = None,
) -> Product:
    """A new product of a shop, with its first variant if given; or a changed one.

    Raises:
        InvalidValue: naming the field. SkuTaken, BarcodeTaken. NotFound: no such shop, product or supplier here.
        StockHeld: own goods become consigned, or the reverse, while pieces are on the shelf.
    """
    actor.must("mart.goods")
    product = must_keep(session, actor, product_id) if product_id is not None else None
    assert product is not None or store_id is not None
    refuse(faults_of_good(good))
    if good.supplier_id is not None and session.get(Supplier, good.supplier_id) is None:
        raise NotFound(what="Pemasok")
    if product is None:
        store = stores.must_keep(session, actor, store_id or 0)
        product = Product(coop_id=actor.coop_id, store_id=store.id)
        session.add(product)
    elif product.is_consigned != good.is_consigned and any(kind.on_hand for kind in product.variants):
        raise StockHeld(product=product.name, act="diganti antara barang sendiri dan titipan")
    before = {field: getattr(product, field) for field in _PLAIN}
    fill(product, good)
    session.flush()  # variants and the trail need its id
    changed = {field: [old, new] for field, old in before.items() if old != (new := getattr(product, field))}
    if changed:
        what = "mart.save_product" if product_id else "mart.add_product"
        trail.record(session, actor, what, f"product:{product.id}", changed=changed)
    if variant is not None:
        save_variant(session, actor, product.id, variant)
    search.index(session, product)
    return product


def fill(product: Product, good: Good) -> None:
    """Set a product's own fields; they have been checked."""
    for field in _PLAIN:
        value = getattr(good, field)
        setattr(product, field, value.strip() if isinstance(value, str) else value)


def save_variant(
    session: Session, actor: Actor, product_id: int, variant: Variant, *, variant_id: int | None = None
) -> ProductVariant:
    """A new variant of a product, or a changed one; another price is kept in the trail with the one before.

    Raises InvalidValue, SkuTaken, BarcodeTaken, NotFound; StockHeld for putting away what is on the shelf.
    """
    actor.must("mart.goods")
    product = must_keep(session, actor, product_id)
    kept = session.get(ProductVariant, variant_id) if variant_id is not None else None
    if variant_id is not None and (kept is None or kept.product_id != product.id):
        raise NotFound(what="Varian")
    refuse(faults_of_variant(variant, is_consigned=product.is_consigned))
    _free(session, product, variant, variant_id or 0)
    if kept is not None and kept.is_active and not variant.is_active and kept.on_hand:
        raise StockHeld(product=product.name, act="dinonaktifkan")
    is_new = kept is None
    kept = kept or ProductVariant(coop_id=actor.coop_id, product_id=product.id)
    before = {field: getattr(kept, field) for field in PRICES}
    fill_variant(kept, variant, variant.sku.strip() or kept.sku or next_sku(session, actor))
    session.add(kept)
    session.flush()  # the trail names its id
    told = {field: [old, new] for field, old in before.items() if old != (new := getattr(kept, field))}
    if told:
        what = "mart.add_variant" if is_new else "mart.price"
        trail.record(session, actor, what, f"variant:{kept.id}", sku=kept.sku, **told)
    _settle(session, product)
    return kept


def fill_variant(kept: ProductVariant, variant: Variant, sku: str) -> None:
    """Set a variant's own fields; they have been checked."""
    kept.name, kept.sku, kept.barcode = variant.name.strip(), sku, variant.barcode.strip() or None
    kept.price_rp, kept.member_price_rp, kept.owner_rp = variant.price_rp, variant.member_price_rp, variant.owner_rp
    kept.low_at, kept.is_active = variant.low_at, variant.is_active


def _settle(session: Session, product: Product) -> None:
    """Its figures are counted again, its kinds found; what has nothing to sell any more is not shown."""
    search.index(session, product)
    shelf.refresh(session, {product.id})
    if product.is_published and not product.from_rp:
        product.is_published = False


def _free(session: Session, product: Product, variant: Variant, own_id: int) -> None:
    """Codes are free in the cooperative, barcodes and names in the shop and the product."""
    others = select(ProductVariant).where(ProductVariant.id != own_id)
    if sku := variant.sku.strip():
        taken = session.scalars(others.where(func.lower(ProductVariant.sku) == sku.lower())).first()
        if taken is not None:
            raise SkuTaken(sku=sku, product=taken.label)
    if (barcode := variant.barcode.strip()) and variant.is_active:
        here = others.join(Product, Product.id == ProductVariant.product_id).where(Product.store_id == product.store_id)
        taken = session.scalars(here.where(ProductVariant.barcode == barcode, ProductVariant.is_active)).first()
        if taken is not None:
            raise BarcodeTaken(barcode=barcode, product=taken.label)
    names = session.scalars(others.where(ProductVariant.product_id == product.id)).all()
    if variant.name.strip().casefold() in {one.name.casefold() for one in names}:
        told = f"'{variant.name.strip()}' sudah ada." if variant.name.strip() else "isi dulu, barang ini bervarian."
        raise InvalidValue(field="Varian", reason=told)


def next_sku(session: Session, actor: Actor) -> str:
    """A code nobody has: B00001, B00002, …"""
    taken = {sku.upper() for sku in session.scalars(select(ProductVariant.sku).where(ProductVariant.sku.ilike("B%")))}
    return free_sku(taken)


def free_sku(taken: set[str]) -> str:
    """The first code above those taken (in capitals)."""
    numbers = [int(sku[1:]) for sku in taken if sku[:1] == "B" and sku[1:].isascii() and sku[1:].isdigit()]
    return f"B{max((number for number in numbers if number < 10**9), default=0) + 1:05d}"


def publish(session: Session, actor: Actor, product_id: int, *, shown: bool) -> Product:
    """Show a product in the shop's window, or take it out. Raises NothingToSell, NotFound."""
    actor.must("mart.goods")
    product = must_keep(session, actor, product_id)
    if product.is_published == shown:
        return product
    shelf.refresh(session, {product.id})
    if shown and not product.from_rp:
        raise NothingToSell(product=product.name)
    product.is_published = shown
    trail.record(session, actor, "mart.publish", f"product:{product.id}", shown=shown)
    return product


def get(session: Session, actor: Actor, product_id: int) -> Product:
    """A product of a shop the actor sees. Raises NotFound."""
    product = session.get(Product, product_id)
    if product is None:
        raise NotFound(what="Barang")
    stores.get(session, actor, product.store_id)
    return product


def must_keep(session: Session, actor: Actor, product_id: int) -> Product:
    """A product of a shop the actor works in. Raises NotFound."""
    product = get(session, actor, product_id)
    stores.must_keep(session, actor, product.store_id)
    return product


def variant(session: Session, actor: Actor, variant_id: int) -> ProductVariant:
    """A variant of a shop the actor sees. Raises NotFound."""
    found = session.get(ProductVariant, variant_id)
    if found is None:
        raise NotFound(what="Varian")
    get(session, actor, found.product_id)
    return found
