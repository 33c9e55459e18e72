"""Forms of shops and goods, and what they say in the words of the services."""

import secrets
from decimal import Decimal
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, SelectMultipleField, TextAreaField
from wtforms import widgets as native
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from admin_panel import scope
from admin_panel.forms import DayField, KopForm, PercentField, RupiahField, short_text
from models.mart.products import Product, ProductVariant
from models.mart.stores import ShippingZone, Store
from services.ledger.chart import Role
from services.mart.categories import CATEGORIES
from services.mart.goods import HEAVIEST_G, MOST, Good, Variant
from services.mart.stores import Shop, Zone

PAID_FROM = {
    "": "Belum dibayar (utang ke pemasok)",
    Role.STORE_CASH.value: "Kas toko",
    Role.CASH.value: "Kas koperasi",
    Role.BANK.value: "Bank",
}


def count(label: str, least: int = 0, most: int = MOST, **options: Any) -> Any:
    """A whole number that may stay empty."""
    rules = [Optional(), NumberRange(least, most, f"Isi angka {least} sampai {most}.")]
    return IntegerField(label, validators=rules, render_kw={"inputmode": "numeric"}, **options)


class ShopForm(KopForm):
    """A shop as its managers change it."""

    name = short_text("Nama toko", 80, InputRequired())
    about = short_text("Tentang toko", 500, field=TextAreaField)
    address = short_text("Alamat", 200)
    city = short_text("Kota atau kabupaten", 60)
    phone = short_text("Telepon", 20)
    is_open = BooleanField("Toko buka dan menerima pesanan", default=True)
    has_pickup = BooleanField("Pesanan boleh diambil di toko", default=True)
    couriers = short_text("Kurir ekspedisi", 80, description="Kode kurir dipisah titik dua, misalnya jne:pos:tiki.")
    origin_id = short_text("Nomor asal kiriman", 20, description="Nomor tempat asal di layanan ongkos kirim.")


class BoardShopForm(ShopForm):
    """With what the board decides."""

    sells_to_all = BooleanField("Boleh dibeli siapa saja, bukan hanya anggota", default=True)
    commission_pct = PercentField("Komisi koperasi (%)", validators=[Optional()])
    credit_limit_rp = RupiahField("Batas kasbon tiap anggota", description="0 bila tanpa kasbon.")
    qris = short_text("Teks QRIS statis toko", 600, description="Isi kode QRIS, dimulai dengan 000201.")


class OpenForm(BoardShopForm):
    unit_id = SelectField("Unit usaha", coerce=int)
    slug = short_text("Alamat toko", 40, InputRequired(), description="Huruf kecil, angka, tanda hubung: toko-maju.")


class ManagersForm(KopForm):
    user_ids = SelectMultipleField(
        "Pengelola", coerce=int, widget=native.ListWidget(prefix_label=False), option_widget=native.CheckboxInput()
    )


class ZoneForm(KopForm):
    name = short_text("Nama zona", 60, InputRequired())
    places = short_text("Kota dan kecamatan", 500, description="Dipisah koma: Bantul, Sewon, Kasihan.")
    fee_rp = RupiahField("Ongkos kirim", description="0 bila gratis.")
    eta = short_text("Perkiraan sampai", 40, description="Misalnya: hari yang sama.")
    is_active = BooleanField("Dipakai", default=True)


class BankForm(KopForm):
    bank = short_text("Bank", 60, InputRequired())
    holder = short_text("Atas nama", 80, InputRequired())
    account = short_text("Nomor rekening", 30, InputRequired(), render_kw={"inputmode": "numeric"})


class GoodForm(KopForm):
    """A product; what its variants share."""

    name = short_text("Nama barang", 120, InputRequired())
    category = SelectField("Kategori", choices=list(CATEGORIES.items()), default="sembako")
    unit_name = short_text("Satuan", 20, InputRequired(), default="pcs")
    weight_g = count("Berat (gram)", most=HEAVIEST_G, description="Untuk ongkos kirim.")
    about = short_text("Keterangan", 3000, field=TextAreaField)
    is_taxed = BooleanField("Kena PPN", default=True)
    is_consigned = BooleanField("Barang titipan (titip jual)")
    supplier_id = SelectField("Pemasok atau penitip", coerce=int)


class VariantForm(KopForm):
    """One kind of a product with its price."""

    variant = short_text("Varian", 60, description="Misalnya ukuran atau rasa. Kosongkan bila barang ini satu macam.")
    price_rp = RupiahField("Harga jual", validators=[InputRequired()])
    member_price_rp = RupiahField("Harga anggota", description="Kosongkan bila sama untuk semua orang.")
    owner_rp = RupiahField("Hak penitip per buah", description="Hanya untuk barang titipan.")
    low_at = count("Stok minimum", description="Diberi tahu bila yang tersisa sampai angka ini.")
    barcode = short_text("Barcode", 40)
    sku = short_text("Kode", 40, description="Boleh diganti; tiap kode hanya dipakai sekali.")
    is_active = BooleanField("Dijual", default=True)


class NewGoodForm(VariantForm, GoodForm):
    """A product with its first variant; its suggested code makes the second click meet the first."""

    store_id = SelectField("Toko", coerce=int)


class AdjustForm(KopForm):
    way = SelectField("Yang terjadi", choices=[("out", "Keluar: rusak, hilang, dipakai"), ("in", "Masuk: ditemukan")])
    pieces = IntegerField(
        "Banyaknya", validators=[InputRequired(), NumberRange(1, MOST, f"Isi angka 1 sampai {MOST}.")],
        render_kw={"inputmode": "numeric"},
    )  # fmt: skip
    booked_on = DayField("Tanggal", validators=[InputRequired()])
    reason = short_text("Alasan", 150, InputRequired())
    token = HiddenField(validators=[Length(max=60)])


class ReceiptForm(KopForm):
    """The head of a goods receipt; its lines are read apart. `token` makes the second click the same receipt."""

    booked_on = DayField("Tanggal datang", validators=[InputRequired()])
    paid_from = SelectField("Dibayar dari", choices=list(PAID_FROM.items()))
    memo = short_text("Keterangan", 150, description="Misalnya nama pemasok dan nomor notanya.")
    token = HiddenField(validators=[Length(max=60)])


class LeftoverForm(KopForm):
    booked_on = DayField("Tanggal", validators=[InputRequired()])
    reason = short_text("Alasan", 150, InputRequired())


class PhotoForm(KopForm):
    photo = FileField("Foto", render_kw={"accept": "image/png,image/jpeg,image/webp"},
                      description="PNG, JPEG atau WebP, paling besar 5 MB. Foto pertama tampil di daftar.")  # fmt: skip


class ReplyForm(KopForm):
    reply = short_text("Balasan toko", 500, field=TextAreaField, description="Dibaca semua orang di halaman barang.")


def new_token() -> str:
    return secrets.token_urlsafe(12)


def shop_form(store: Store | None = None) -> ShopForm:
    """The form for a shop as the signed-in person may change it."""
    kind = BoardShopForm if scope.actor().may("mart.stores") else ShopForm
    return kind(obj=store)


def shop_of(form: ShopForm, store: Store | None = None) -> Shop:
    """What the form says; what it does not show stays as the shop has it."""
    kept = {} if store is None else {name: getattr(store, name) for name in Shop.__dataclass_fields__}
    said = {name: form[name].data for name in Shop.__dataclass_fields__ if name in form}
    empty = {"commission_pct": Decimal(0), "credit_limit_rp": 0}
    return Shop(**{**kept, **{name: empty.get(name, "") if value is None else value for name, value in said.items()}})


def zone_form(zone: ShippingZone | None = None) -> ZoneForm:
    return ZoneForm(obj=zone)


def zone_of(form: ZoneForm) -> Zone:
    return Zone(form.name.data, form.places.data or "", form.fee_rp.data or 0, form.eta.data or "", form.is_active.data)


def good_of(form: GoodForm) -> Good:
    return Good(
        form.name.data, form.category.data, form.about.data or "", form.unit_name.data, form.weight_g.data or 0,
        form.is_taxed.data, form.is_consigned.data, form.supplier_id.data or None,
    )  # fmt: skip


def variant_of(form: VariantForm) -> Variant:
    return Variant(
        form.price_rp.data or 0, form.variant.data or "", form.sku.data or "", form.barcode.data or "",
        form.member_price_rp.data, form.owner_rp.data or 0, form.low_at.data or 0, form.is_active.data,
    )  # fmt: skip


def variant_form(one: ProductVariant | None = None, **suggested: Any) -> VariantForm:
    return VariantForm(obj=one, data={"variant": one.name} if one else None, **({} if one else suggested))


def good_form(product: Product) -> GoodForm:
    return GoodForm(obj=product)
