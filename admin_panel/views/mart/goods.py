"""Goods: the list with search and filters, one product with its variants, its forms."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.models.filters import BaseFilter, Filters
from flask_appbuilder.models.sqla.filters import FilterEqual
from sqlalchemy import select
from sqlalchemy.orm import Query

from admin_panel import scope
from admin_panel.base import Pick, Screen, TenantModelView, Tool, needs
from admin_panel.datamodel import TenantInterface
from admin_panel.exports import spreadsheet
from admin_panel.shown import tag
from admin_panel.views.mart.forms import (
    GoodForm,
    NewGoodForm,
    PhotoForm,
    good_form,
    good_of,
    variant_form,
    variant_of,
)
from core.errors import NotFound
from models.mart.products import Product, ProductVariant
from models.procurement import Supplier
from services.mart import listing, photos, products, stores
from services.mart.categories import CATEGORIES

SHELF = {"low": "Stok menipis", "none": "Stok habis"}


def store_choices() -> list[tuple[str, str]]:
    return [(str(store.id), store.name) for store in stores.mine(scope.session(), scope.actor())]


class FilterMine(BaseFilter):
    """Goods of the shops the signed-in person sees."""

    name = "Toko saya"

    def apply(self, query: Query[Any], value: Any) -> Query[Any]:
        return query.filter(Product.store_id.in_([int(store_id) for store_id, _ in store_choices()]))


class FilterShelf(BaseFilter):
    """Goods of which an active variant runs low, or that cannot be bought at all."""

    name = "Stok"

    def apply(self, query: Query[Any], value: str) -> Query[Any]:
        if value == "none":
            return query.filter(Product.available == 0)
        kind = ProductVariant
        low = select(kind.product_id).where(kind.is_active, kind.on_hand - kind.reserved <= kind.low_at)
        return query.filter(Product.id.in_(low))


class GoodsView(TenantModelView):
    """Barang."""

    datamodel = TenantInterface(Product)
    route_base = "/kopmin/barang"
    read = "mart.view"
    list_title = "Barang"
    show_template = "kopmin/goods.html"
    base_filters = [["store_id", FilterMine, None]]
    seek, seek_label = ("name", "about"), "nama barang"
    picks = (
        Pick("toko", "Toko", "store_id", store_choices),
        Pick("kategori", "Kategori", "category", lambda: list(CATEGORIES.items())),
        Pick("tampil", "Di etalase", "is_published", lambda: [("ya", "Ditampilkan"), ("tidak", "Disimpan")]),
        Pick("stok", "Stok", "available", lambda: list(SHELF.items())),
    )
    list_columns = ["name", "store.name", "category", "from_rp", "available", "is_published"]
    show_columns = ["name", "from_rp"]
    order_columns = ["name", "from_rp", "available"]
    base_order = ("name", "asc")
    label_columns = {
        "name": "Nama", "store.name": "Toko", "category": "Kategori", "from_rp": "Harga mulai",
        "available": "Dapat dibeli", "is_published": "Etalase",
    }  # fmt: skip
    money_columns = ("from_rp",)
    formatters_columns = {
        "category": lambda code: CATEGORIES.get(code, code),
        "is_published": lambda yes: tag("Ditampilkan" if yes else "Disimpan", "good" if yes else ""),
    }  # fmt: skip
    empty_text = "Belum ada barang. Tambahkan satu, atau impor daftar dari Excel."

    def _pick(self, filters: Filters, pick: Pick, value: str) -> None:
        if pick.name == "stok" and value in SHELF:
            filters.add_filter("available", FilterShelf, value)
        elif pick.name == "tampil":
            filters.add_filter("is_published", FilterEqual, value == "ya")
        elif pick.name != "stok":
            super()._pick(filters, pick, value)

    def tools(self) -> list[Tool]:
        sheet = url_for("GoodsDesk.sheet", toko=request.args.get("toko", ""))
        return [
            Tool("Unduh Excel", sheet, "mart.view"),
            Tool("Impor", url_for("ImportDesk.upload", jenis="products"), "mart.goods"),
            Tool("Tambah barang", url_for("GoodsDesk.add"), "mart.goods", main=True),
        ]

    def show_tools(self, item: Product) -> list[Tool]:
        return [Tool("Foto", url_for("PhotoDesk.photos", goods_id=item.id), "mart.goods"),
                Tool("Ubah", url_for("GoodsDesk.edit", goods_id=item.id), "mart.goods"),
                Tool("Tambah varian", url_for("GoodsDesk.add_variant", goods_id=item.id), "mart.goods")]  # fmt: skip

    def show_extra(self, item: Product) -> dict[str, Any]:
        every = scope.session().scalars(select(ProductVariant).where(ProductVariant.product_id == item.id))
        supplier = scope.session().get(Supplier, item.supplier_id) if item.supplier_id else None
        facts = [
            ("Toko", item.store.name), ("Kategori", CATEGORIES.get(item.category, item.category)),
            ("Satuan", item.unit_name), ("Berat", f"{item.weight_g} gram" if item.weight_g else ""),
            ("Titip jual" if item.is_consigned else "Pemasok", supplier.name if supplier else ""),
            ("Pajak", "" if item.is_taxed else "Bebas PPN"), ("Terjual", item.sold or ""), ("Keterangan", item.about),
        ]  # fmt: skip
        kinds = sorted(every, key=lambda one: (not one.is_active, one.id))
        kept = photos.of_product(scope.session(), scope.actor(), item.id)
        return {"variants": kinds, "photos": kept, "facts": [(label, value) for label, value in facts if value]}


class GoodsDesk(Screen):
    """Barang: tambah, ubah, varian, etalase, daftar untuk diubah di Excel."""

    route_base = "/kopmin/barang"

    @expose("/daftar.xlsx")
    @needs("mart.view")
    def sheet(self) -> ResponseReturnValue:
        wanted = request.args.get("toko", "")
        store_id = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 18 else None
        rows = listing.rows(scope.session(), scope.actor(), store_id)
        return spreadsheet("Daftar barang", [listing.HEADINGS, *rows])

    @expose("/tambah", methods=["GET", "POST"])
    @needs("mart.goods")
    def add(self) -> ResponseReturnValue:
        form = NewGoodForm(sku=products.next_sku(scope.session(), scope.actor()))
        form.store_id.choices = [(int(store_id), name) for store_id, name in store_choices()]
        _with_suppliers(form)
        if form.validate_on_submit():
            with self.posting(form):
                said = {"store_id": form.store_id.data, "variant": variant_of(form)}
                product = products.save_product(scope.session(), scope.actor(), good_of(form), **said)
                flash(f"{product.name} tersimpan. Tampilkan di etalase bila sudah siap.", "success")
                return redirect(url_for("GoodsView.show", pk=product.id))
        return self.page("goods_form.html", title="Tambah barang", form=form, back=url_for("GoodsView.list"))

    @expose("/<row:goods_id>/ubah", methods=["GET", "POST"])
    @needs("mart.goods")
    def edit(self, goods_id: int) -> ResponseReturnValue:
        product = products.must_keep(scope.session(), scope.actor(), goods_id)
        form, back = good_form(product), url_for("GoodsView.show", pk=goods_id)
        _with_suppliers(form)
        if form.validate_on_submit():
            with self.posting(form):
                products.save_product(scope.session(), scope.actor(), good_of(form), product_id=goods_id)
                flash("Perubahan tersimpan.", "success")
                return redirect(back)
        return self.page("form.html", title=f"Ubah {product.name}", form=form, back=back)

    @expose("/<row:goods_id>/varian", methods=["GET", "POST"])
    @needs("mart.goods")
    def add_variant(self, goods_id: int) -> ResponseReturnValue:
        products.must_keep(scope.session(), scope.actor(), goods_id)
        return self._variant(goods_id, None)

    @expose("/varian/<row:variant_id>", methods=["GET", "POST"])
    @needs("mart.goods")
    def variant(self, variant_id: int) -> ResponseReturnValue:
        one = products.variant(scope.session(), scope.actor(), variant_id)
        products.must_keep(scope.session(), scope.actor(), one.product_id)
        return self._variant(one.product_id, one)

    def _variant(self, goods_id: int, one: ProductVariant | None) -> ResponseReturnValue:
        form = variant_form(one, sku=products.next_sku(scope.session(), scope.actor()))
        product, back = products.get(scope.session(), scope.actor(), goods_id), url_for("GoodsView.show", pk=goods_id)
        if form.validate_on_submit():
            with self.posting(form):
                kept = one.id if one else None
                saved = products.save_variant(
                    scope.session(), scope.actor(), goods_id, variant_of(form), variant_id=kept
                )
                flash(f"{saved.label} tersimpan.", "success")
                return redirect(back)
        return self.page("form.html", title=one.label if one else f"Varian {product.name}", form=form, back=back)

    @expose("/<row:goods_id>/etalase", methods=["POST"])
    @needs("mart.goods")
    def publish(self, goods_id: int) -> ResponseReturnValue:
        product = products.must_keep(scope.session(), scope.actor(), goods_id)
        with self.posting():
            shown = products.publish(scope.session(), scope.actor(), goods_id, shown=not product.is_published)
            flash(f"{shown.name} {'ditampilkan' if shown.is_published else 'disimpan dari etalase'}.", "success")
        return redirect(url_for("GoodsView.show", pk=goods_id))


class PhotoDesk(Screen):
    """Foto barang: tambah dan hapus."""

    route_base = "/kopmin/barang"

    @expose("/<row:goods_id>/foto", methods=["GET", "POST"])
    @needs("mart.goods")
    def photos(self, goods_id: int) -> ResponseReturnValue:
        product = products.must_keep(scope.session(), scope.actor(), goods_id)
        form, here = PhotoForm(), url_for("PhotoDesk.photos", goods_id=goods_id)
        if form.validate_on_submit():
            with self.posting(form):
                body = form.photo.data.read() if form.photo.data else b""
                photos.keep(scope.session(), scope.actor(), goods_id, body, scope.settings().data)
                flash("Foto tersimpan.", "success")
                return redirect(here)
        kept = photos.of_product(scope.session(), scope.actor(), goods_id)
        return self.page("goods_photos.html", title=f"Foto {product.name}", form=form, product=product, kept=kept)

    @expose("/<row:goods_id>/foto/<row:photo_id>/hapus", methods=["POST"])
    @needs("mart.goods")
    def remove(self, goods_id: int, photo_id: int) -> ResponseReturnValue:
        products.must_keep(scope.session(), scope.actor(), goods_id)
        if photo_id not in {one.id for one in photos.of_product(scope.session(), scope.actor(), goods_id)}:
            raise NotFound(what="Foto")
        gone = ""
        with self.posting():
            gone = photos.remove(scope.session(), scope.actor(), photo_id)
            flash("Foto dihapus.", "success")
        if gone:
            photos.forget(scope.settings().data, gone)
        return redirect(url_for("PhotoDesk.photos", goods_id=goods_id))


def _with_suppliers(form: GoodForm) -> None:
    found = scope.session().scalars(select(Supplier).where(Supplier.is_active).order_by(Supplier.name))
    form.supplier_id.choices = [(0, "Tidak ditentukan"), *((one.id, one.name) for one in found)]


SCREENS = (GoodsView, GoodsDesk, PhotoDesk)
