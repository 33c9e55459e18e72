"""Lists of goods, judged: what is new in a shop, what changes, and which opening stock comes with the new."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import rupiah
from core.money import LIMIT_RP
from models.imports import BookedFile
from models.mart.products import ProductVariant
from models.mart.stores import Store
from services.imports.goods_known import Row, Shelf, Shops, good_of, variant_of
from services.imports.judging import Judge
from services.imports.plans import Mark
from services.imports.reading import ReadFile
from services.imports.tables import ReadTable
from services.mart.bulk import Listed
from services.mart.goods import MOST, USUAL, Good, Variant, faults_of_good, faults_of_variant

_COLUMNS = {"unit_name": "unit", "sku": "code", "low_at": "minimum", "owner_rp": "price_rp"}
_YES = {"ya", "y", "1", "aktif", "dijual", "true", "ada"}
_NO = {"tidak", "t", "n", "0", "nonaktif", "tidak aktif", "tidak dijual", "false", "arsip"}


def plan(session: Session, actor: Actor, judge: Judge, files: Sequence[ReadFile]) -> tuple[Listed, ...]:
    """The lines that make or change something, in the order of the files."""
    reader = _Reader(judge, actor, Shops(session, actor, judge), Shelf(session))
    for file in files:
        for table in file.tables:
            reader.table(table)
    reader.opening()
    return tuple(reader.lines)


def counts_of(lines: Sequence[Listed]) -> dict[str, int]:
    """What the lines do, by noun."""
    new = sum(line.variant_id is None for line in lines)
    pieces = sum(line.pieces for line in lines)
    counts = {"barang baru": new, "barang diperbarui": len(lines) - new, "stok awal": pieces}
    return {noun: count for noun, count in counts.items() if count} or {"barang diperbarui": 0}


def marks_now(session: Session, actor: Actor, marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Prices may go up and down again by the same file: it is known again only until another list was taken."""
    last = session.scalar(select(func.max(BookedFile.id)).where(BookedFile.kind == "products")) or 0
    return tuple(
        replace(mark, content_hash=hashlib.sha256(f"{mark.content_hash}|{last}".encode()).hexdigest()) for mark in marks
    )


class _Reader:
    """Walks through the rows once."""

    def __init__(self, judge: Judge, actor: Actor, shops: Shops, shelf: Shelf) -> None:
        self.judge, self.actor, self.shops, self.shelf = judge, actor, shops, shelf
        self.lines: list[Listed] = []
        self.seen: dict[tuple[object, ...], tuple[ReadTable, int]] = {}
        self.goods: dict[tuple[int, int | str], tuple[Good, int]] = {}
        self.unknown: Counter[tuple[str, str]] = Counter()
        self.opened: dict[int, tuple[int, Row]] = {}

    def table(self, table: ReadTable) -> None:
        told = False
        for place in range(len(table.rows)):
            row = Row(table, place)
            if not row.text("name"):
                continue  # the reader has told it
            store = self._shop(row)
            if store is None and not (row.text("shop") or told):
                self.judge.of_file(table.file, *self.shops.why_none())
                told = True
            self._row(row, store)
        for (key, word), count in self.unknown.items():
            self.judge.warn(table, None, key, f"'{word[:40]}' tidak dikenal; dikosongkan di {count} baris.")
        self.unknown.clear()

    def opening(self) -> None:
        """Opening stock of a shop is at most what the books hold of it on no card; told at its first row."""
        for store in self.shops.all:
            value_rp, row = self.opened.get(store.id, (0, None))
            if row is not None and value_rp > store.unopened_rp:
                left_rp = max(0, store.unopened_rp)
                reason = (
                    f"stok awal semuanya {rupiah(value_rp)}, persediaan di buku yang belum dirinci {rupiah(left_rp)}."
                )
                self._problem(row, "stock", reason, "Kosongkan stok barang baru, lalu catat di menu Barang masuk.")

    def _shop(self, row: Row) -> Store | None:
        word = row.text("shop")
        if not word:
            return self.shops.chosen
        store = self.shops.by_word.get(word.casefold())
        if store is None:
            names = ", ".join(one.name for one in self.shops.all)
            self._problem(row, "shop", f"toko '{word[:40]}' tidak ada.", f"Tulis salah satu: {names}.")
        return store

    def _problem(self, row: Row, key: str, reason: str, advice: str = "") -> None:
        self.judge.problem(row.table, row.number, key, reason, advice)

    def _row(self, row: Row, store: Store | None) -> None:
        store_id = store.id if store else 0
        held = self._held(row, store_id)
        product = self._product(row, store_id, held)
        good, variant = self._good(row, store_id, product, held), self._variant(row, held)
        for key, reason in (*faults_of_good(good), *faults_of_variant(variant, is_consigned=good.is_consigned)):
            if not row.unread(column := _COLUMNS.get(key, key)):
                said, _, advice = reason.partition(". ")
                self._problem(row, column, said if advice else reason, advice or "Perbaiki isi sel itu.")
        self._once(row, store_id, held, variant)
        pieces, cost_rp = self._stock(row, held, good)
        shown = self._shown(row, held)
        if store is None or (held is not None and not self._changes(held, good, variant, shown)):
            return
        line = Listed(store_id, product, held.id if held else None, good, variant, pieces, cost_rp, shown)
        self.lines.append(line)
        if cost_rp:
            before_rp, first = self.opened.get(store_id, (0, row))
            self.opened[store_id] = before_rp + cost_rp, first

    def _held(self, row: Row, store_id: int) -> ProductVariant | None:
        """What the row speaks of, if it is there: by code, else by barcode, else by its names."""
        code, barcode = row.text("code"), row.text("barcode")
        if code:
            held = self.shelf.by_sku.get(code.casefold())
            if held is not None and store_id and held.product.store_id != store_id:
                self._problem(row, "code", f"Kode {code} milik toko lain.", "Pakai kode lain, atau betulkan tokonya.")
                return None
            return held
        found = self.shelf.by_barcode.get((store_id, barcode)) if barcode else None
        return found or self.shelf.by_name.get((store_id, row.text("name").casefold(), row.text("variant").casefold()))

    def _product(self, row: Row, store_id: int, held: ProductVariant | None) -> int | str:
        """The id of the product there is, or a name that the rows of a new one share."""
        if held is not None:
            return held.product_id
        name = row.text("name").casefold()
        if not row.text("variant"):
            return f"{row.table.file}|{row.table.sheet}|{row.number}"
        there = self.shelf.products.get((store_id, name))
        return there.id if there is not None else name

    def _good(self, row: Row, store_id: int, product: int | str, held: ProductVariant | None) -> Good:
        """What the row says of its product; what it leaves empty stays as it is, or as a row before said."""
        before = self.goods.get((store_id, product))
        there = held.product if held else None
        if there is None and isinstance(product, int):
            there = self.shelf.products[store_id, row.text("name").casefold()]
        base = before[0] if before else good_of(there) if there else Good("")
        word = row.text("category")
        category = self.shelf.categories.get(word.casefold()) if word else base.category
        if category is None:
            self.unknown["category", word] += 1
            category = USUAL
        supplier_id = base.supplier_id
        if word := row.text("supplier"):
            supplier_id = self.shelf.suppliers.get(word.casefold(), supplier_id)
            if word.casefold() not in self.shelf.suppliers:
                self.unknown["supplier", word] += 1
        good = replace(
            base, name=row.text("name"), category=category, unit_name=row.text("unit") or base.unit_name,
            weight_g=row.amount("weight_g") or base.weight_g, about=row.text("about") or base.about,
            supplier_id=supplier_id,
        )  # fmt: skip
        if before and good != before[0]:
            reason = f"isi barang berbeda dari baris {before[1]}, padahal barangnya sama; yang dipakai baris itu."
            self.judge.warn(row.table, row.number, "name", reason)
            return before[0]
        self.goods[store_id, product] = good, row.number
        return good

    @staticmethod
    def _variant(row: Row, held: ProductVariant | None) -> Variant:
        """What the row says of its variant; a column the file lacks stays as it is, an empty price is none."""
        base = variant_of(held) if held else Variant(0)
        member_rp = base.member_price_rp
        if row.has("member_price_rp"):
            member_rp = row.amount("member_price_rp") or None
        return Variant(
            row.amount("price_rp"),
            row.text("variant") or base.name,
            row.text("code") or base.sku,
            row.text("barcode") or base.barcode,
            member_rp,
            base.owner_rp,
            row.amount("minimum") if row.has("minimum") else base.low_at,
            base.is_active,
        )

    def _once(self, row: Row, store_id: int, held: ProductVariant | None, variant: Variant) -> None:
        """Codes are given once in the files, barcodes once in a shop; names too where nothing else tells them apart."""
        keys: list[tuple[str, tuple[object, ...], str]] = []
        if variant.sku:
            keys.append(("code", ("code", variant.sku.casefold()), f"Kode {variant.sku}"))
        if variant.barcode:
            other = self.shelf.by_barcode.get((store_id, variant.barcode))
            if other is None or (held is not None and other.id == held.id):
                keys.append(("barcode", ("barcode", store_id, variant.barcode), f"Barcode {variant.barcode}"))
            else:
                reason = f"Barcode {variant.barcode} sudah dipakai {other.label} ({other.sku})."
                self._problem(row, "barcode", reason, "Periksa barangnya, atau kosongkan barcode.")
        if variant.name or not variant.sku:
            whole = ("name", store_id, row.text("name").casefold(), variant.name.casefold())
            keys.append(("variant" if variant.name else "name", whole, f"{row.text('name')} {variant.name}".strip()))
        for column, key, said in keys:
            table, first = self.seen.setdefault(key, (row.table, row.number))
            if (table, first) == (row.table, row.number):
                continue
            same_sheet = column == "code" and table is row.table
            if not (same_sheet and self._code(table, first) == row.text("code")):  # those the reader has told
                where = f"baris {first}" if table is row.table else f"{table.file} baris {first}"
                reason = f"{said} dipakai dua kali, di {where} dan {row.number}."
                self._problem(row, column, reason, "Hapus atau perbaiki salah satunya.")

    @staticmethod
    def _code(table: ReadTable, number: int) -> str:
        return str(table.values["code"][table.rows.index(number)]) if "code" in table.values else ""

    def _stock(self, row: Row, held: ProductVariant | None, good: Good) -> tuple[int, int]:
        """Opening pieces and what they cost, of a new variant; the others keep what their cards say."""
        pieces, cost_rp = row.amount("stock"), row.amount("cost_rp")
        if held is not None:
            if row.has("stock") and pieces != held.on_hand:  # goods are sold while the list is away
                reason = f"stok di kartu {held.on_hand}, di berkas {pieces}; stok tidak diubah."
                self.judge.warn(row.table, row.number, "stock", reason, "Bila kartunya salah, pakai Stok opname.")
            return 0, 0
        if not pieces or row.unread("stock") or row.unread("cost_rp"):
            return 0, 0
        if good.is_consigned:
            self._problem(row, "stock", "barang titipan tidak punya stok awal.", "Catat sebagai barang masuk.")
        elif not 0 < pieces <= MOST or pieces * cost_rp >= LIMIT_RP:
            self._problem(row, "stock", f"stok {pieces} terlalu besar.", "Periksa angkanya.")
        elif cost_rp <= 0:
            self._problem(row, "cost_rp", "harga beli kosong, padahal ada stok awal.", "Isi harga beli sebuahnya.")
        elif not self.actor.may("mart.stock"):
            self._problem(
                row, "stock", "Anda tidak berhak mencatat stok awal.", "Kosongkan stok, atau minta pengelola."
            )
        return pieces, pieces * cost_rp

    def _shown(self, row: Row, held: ProductVariant | None) -> bool | None:
        word = row.text("active").casefold()
        if word in _YES | _NO:
            return word in _YES
        if word:
            self._problem(row, "active", f"'{word[:20]}' tidak dikenal.", "Tulis ya atau tidak.")
        return None

    @staticmethod
    def _changes(held: ProductVariant, good: Good, variant: Variant, shown: bool | None) -> bool:
        same = good == good_of(held.product) and variant == variant_of(held)
        return not same or (shown is not None and shown != held.product.is_published)
