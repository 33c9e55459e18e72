"""What people say of goods, and what must be right about it: one set of rules for forms and files."""

import re
from dataclasses import dataclass

from core.errors import InvalidValue, Refusal
from core.money import LIMIT_RP, Rupiah
from services.mart.categories import CATEGORIES

LABELS = {
    "name": "Nama barang", "category": "Kategori", "unit_name": "Satuan", "weight_g": "Berat (gram)",
    "about": "Keterangan", "supplier": "Pemasok", "variant": "Varian", "sku": "Kode", "barcode": "Barcode",
    "price_rp": "Harga jual", "member_price_rp": "Harga anggota", "owner_rp": "Hak penitip", "low_at": "Stok minimum",
}  # fmt: skip
USUAL = next(reversed(CATEGORIES))
"""The category of what fits nowhere else."""
HEAVIEST_G, MOST = 1_000_000, 1_000_000
_SKU = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/ -]{0,38}[A-Za-z0-9])?")
_BARCODE = re.compile(r"[A-Za-z0-9-]{3,40}")
Fault = tuple[str, str]


class SkuTaken(Refusal):
    code = "mart.sku_taken"
    pesan = "Kode {sku} sudah dipakai {product}. Pakai kode lain, atau kosongkan supaya dibuatkan."
    status = 409


class BarcodeTaken(Refusal):
    code = "mart.barcode_taken"
    pesan = "Barcode {barcode} sudah dipakai {product} di toko ini. Periksa barangnya, atau kosongkan barcode."
    status = 409


@dataclass(frozen=True)
class Good:
    """A product as its form or a file gives it. `category` is a code of `CATEGORIES`."""

    name: str
    category: str = USUAL
    about: str = ""
    unit_name: str = "pcs"
    weight_g: int = 0
    is_taxed: bool = True
    is_consigned: bool = False
    supplier_id: int | None = None


@dataclass(frozen=True)
class Variant:
    """One kind of a product. Without `sku` one is made; `member_price_rp` of None is the price of everybody."""

    price_rp: Rupiah
    name: str = ""
    sku: str = ""
    barcode: str = ""
    member_price_rp: Rupiah | None = None
    owner_rp: Rupiah = 0
    low_at: int = 0
    is_active: bool = True


def faults_of_good(good: Good) -> list[Fault]:
    """What is wrong with a product, as (field, reason)."""
    found: list[Fault] = []
    for field, most in (("name", 120), ("unit_name", 20), ("about", 3000)):
        length = len(getattr(good, field).strip())
        if length > most:
            found.append((field, f"isinya {length} huruf, paling banyak {most}. Singkat dulu."))
    found += [(field, "isi dulu.") for field in ("name", "unit_name") if not getattr(good, field).strip()]
    if good.category not in CATEGORIES:
        found.append(("category", f"pilih salah satu: {', '.join(CATEGORIES.values())}."))
    if not 0 <= good.weight_g <= HEAVIEST_G:
        found.append(("weight_g", f"isi gram, 0 sampai {HEAVIEST_G}."))
    if good.is_consigned and good.supplier_id is None:
        found.append(("supplier", "barang titipan perlu pemasok yang menitipkan."))
    return found


def faults_of_variant(variant: Variant, *, is_consigned: bool = False) -> list[Fault]:
    """What is wrong with a variant by itself, as (field, reason)."""
    found: list[Fault] = []
    if len(variant.name.strip()) > 60:
        found.append(("variant", "paling banyak 60 huruf. Singkat dulu."))
    if variant.sku.strip() and not _SKU.fullmatch(variant.sku.strip()):
        found.append(("sku", "paling banyak 40 huruf, angka, titik, garis, tanpa tanda lain."))
    barcode = variant.barcode.strip()
    if barcode and not _BARCODE.fullmatch(barcode):
        found.append(("barcode", "3 sampai 40 huruf atau angka. Pindai ulang barangnya."))
    elif not ean_holds(barcode):
        found.append(("barcode", f"angka periksa barcode {barcode} salah. Pindai ulang barangnya."))
    if not 0 < variant.price_rp < LIMIT_RP:
        found.append(("price_rp", "isi rupiah bulat di atas nol."))
    if not 0 <= variant.low_at <= MOST:
        found.append(("low_at", f"isi 0 sampai {MOST}."))
    return found + _faults_of_prices(variant, is_consigned=is_consigned)


def _faults_of_prices(variant: Variant, *, is_consigned: bool) -> list[Fault]:
    lowest_rp, member_rp = variant.price_rp, variant.member_price_rp
    if member_rp is not None:
        if not 0 < member_rp <= variant.price_rp:
            return [("member_price_rp", "harus di atas nol dan paling tinggi sama dengan harga jual.")]
        lowest_rp = member_rp
    if is_consigned and not 0 < variant.owner_rp <= lowest_rp:
        return [("owner_rp", "isi bagian penitip per buah: di atas nol, paling tinggi harga terendahnya.")]
    if not is_consigned and variant.owner_rp:
        return [("owner_rp", "hanya untuk barang titipan. Kosongkan, atau tandai barangnya titipan.")]
    return []


def refuse(faults: list[Fault]) -> None:
    """Raises InvalidValue for the first fault, if any."""
    if faults:
        raise InvalidValue(field=LABELS[faults[0][0]], reason=faults[0][1])


def ean_holds(barcode: str) -> bool:
    """Whether the last digit of an EAN-13 is what the others say; other barcodes carry no such proof."""
    if len(barcode) != 13 or not (barcode.isascii() and barcode.isdigit()):
        return True
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(barcode)) % 10 == 0
