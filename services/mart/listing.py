"""All goods as a table with the headings of a list of goods, so that it is changed in a spreadsheet and taken back."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from core.actor import Actor
from core.money import round_rp
from models.mart.products import ProductVariant
from services.mart import desk, stores
from services.mart.categories import CATEGORIES

HEADINGS = (
    "Kode", "Barcode", "Nama Barang", "Varian", "Kategori", "Satuan", "Harga Jual", "Harga Anggota", "Harga Beli",
    "Stok", "Stok Minimum", "Berat (gram)", "Keterangan", "Aktif", "Toko",
)  # fmt: skip


def rows(session: Session, actor: Actor, store_id: int | None = None) -> Iterator[Sequence[Any]]:
    """A row per active variant of a shop, or of all the actor sees; Harga Beli is what a piece cost on average."""
    names = {store.id: store.name for store in stores.mine(session, actor)}
    for one in desk.variants(session, actor, store_id):
        if one.is_active:
            yield _row(one, names[one.product.store_id])


def _row(one: ProductVariant, shop: str) -> Sequence[Any]:
    good = one.product
    cost_rp = round_rp(Decimal(one.value_rp) / one.on_hand) if one.on_hand else None
    return (
        one.sku, one.barcode, good.name, one.name, CATEGORIES.get(good.category, ""), good.unit_name, one.price_rp,
        one.member_price_rp, cost_rp, one.on_hand, one.low_at, good.weight_g, good.about,
        "ya" if good.is_published else "tidak", shop,
    )  # fmt: skip
