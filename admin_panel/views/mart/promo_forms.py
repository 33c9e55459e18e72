"""Forms of promos and vouchers, and what they say in the words of the services."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from admin_panel import scope
from admin_panel.forms import KopForm, PercentField, RupiahField, WallField, rupiah_of, short_text
from core.clock import local
from core.display import date_short, percent_text
from core.errors import InvalidValue
from core.numbers import parse_percent
from models.mart.campaigns import Campaign, CampaignItem, Voucher
from models.mart.products import Product
from services.mart.campaigns import KINDS, MOST_PIECES, Place, Plan
from services.mart.vouchers import AUDIENCES, Terms


def window(row: Campaign | Voucher) -> str:
    """From when to when, by the cooperative's clock."""
    zone = scope.coop().zone
    begins, ends = local(row.starts_at, zone), local(row.ends_at, zone)
    return f"{date_short(begins.date())} {begins:%H.%M} sampai {date_short(ends.date())} {ends:%H.%M} {zone}"


def times(label: str, **options: Any) -> Any:
    """A whole number above zero that may stay empty."""
    rules = [Optional(), NumberRange(1, MOST_PIECES, "Isi angka lebih dari nol, atau kosongkan.")]
    return IntegerField(label, validators=rules, render_kw={"inputmode": "numeric"}, **options)


class CampaignForm(KopForm):
    name = short_text("Nama promo", 80, InputRequired())
    kind = SelectField("Jenis", choices=list(KINDS.items()))
    starts = WallField("Mulai")
    ends = WallField("Berakhir")
    about = short_text("Keterangan", 200, description="Dibaca pembeli di halaman promo.")


class NewCampaignForm(CampaignForm):
    store_id = SelectField("Toko", coerce=int)


class VoucherForm(KopForm):
    name = short_text("Nama voucher", 80, InputRequired())
    code = short_text("Kode", 20, description="4 sampai 20 huruf atau angka. Boleh diganti.")
    off_rp = RupiahField("Potongan rupiah", description="Isi ini, atau persennya di bawah.")
    off_pct = PercentField("Potongan persen", validators=[Optional()])
    most_rp = RupiahField("Paling banyak", description="Hanya untuk potongan persen. Kosongkan bila tanpa batas.")
    minimum_rp = RupiahField("Belanja minimum", description="Kosongkan bila tanpa minimum.")
    quota = times("Kuota", description="Berapa kali dapat dipakai seluruhnya. Kosongkan bila tanpa batas.")
    per_buyer = times("Tiap pembeli", description="Berapa kali untuk satu orang. Kosongkan bila tanpa batas.")
    audience = SelectField("Untuk", choices=list(AUDIENCES.items()))
    store_id = SelectField("Toko", coerce=int)
    starts = WallField("Mulai")
    ends = WallField("Berakhir")
    is_active = BooleanField("Dipakai", default=True)


class PartnerForm(KopForm):
    slug = short_text("Alamat koperasi", 40, InputRequired(), description="Bagian akhir alamatnya, misalnya maju-jaya.")


def plan_of(form: CampaignForm) -> Plan:
    return Plan(form.name.data or "", form.kind.data, form.starts.data, form.ends.data, form.about.data or "")


def campaign_form(campaign: Campaign) -> CampaignForm:
    zone = scope.coop().zone
    return CampaignForm(
        name=campaign.name, kind=campaign.kind, about=campaign.about, starts=local(campaign.starts_at, zone),
        ends=local(campaign.ends_at, zone),
    )  # fmt: skip


def terms_of(form: VoucherForm) -> Terms:
    return Terms(
        form.name.data or "", form.starts.data, form.ends.data, form.code.data or "", form.off_pct.data,
        form.off_rp.data, form.most_rp.data, form.minimum_rp.data or 0, form.quota.data, form.per_buyer.data,
        form.audience.data, form.store_id.data or None, bool(form.is_active.data),
    )  # fmt: skip


def voucher_form(voucher: Voucher) -> VoucherForm:
    zone = scope.coop().zone
    return VoucherForm(
        obj=voucher, starts=local(voucher.starts_at, zone), ends=local(voucher.ends_at, zone),
        store_id=voucher.store_id or 0, minimum_rp=voucher.minimum_rp or None,
    )  # fmt: skip


def off_text(off_pct: Decimal | None, off_rp: int | None) -> str:
    """A reduction as people type it: `20%`, `5.000`."""
    return f"{percent_text(off_pct)}%" if off_pct is not None else f"{off_rp or 0:,}".replace(",", ".")


def places_typed(values: Mapping[str, str], held: Iterable[CampaignItem], products: Iterable[Product]) -> list[Place]:
    """The places a planner's fields ask for: those typed, and those of products that are not on the page.

    Fields are `off-<product>`, `quota-<product>`, `each-<product>`; an empty `off` takes the product out. Raises
    InvalidValue, naming the product.
    """
    shown = {product.id: product.name for product in products if f"off-{product.id}" in values}
    kept = [Place(one.product_id, one.off_pct, one.off_rp, one.quota, one.per_buyer) for one in held]
    found = [place for place in kept if place.product_id not in shown]
    for product_id, name in shown.items():
        text = values[f"off-{product_id}"].strip()
        if text:
            found.append(_place(product_id, name, text, values))
    return found


def _place(product_id: int, name: str, text: str, values: Mapping[str, str]) -> Place:
    quota, each = (_count(name, values.get(f"{word}-{product_id}", "")) for word in ("quota", "each"))
    try:
        if text.endswith("%"):
            return Place(product_id, off_pct=parse_percent(text[:-1].strip()), quota=quota, per_buyer=each)
        off_rp = rupiah_of(text)
    except ValueError:
        raise InvalidValue(field=name, reason="tulis potongan seperti 20% atau 5.000.") from None
    if off_rp < 100:
        raise InvalidValue(field=name, reason=f"maksudnya {off_rp}% atau rupiah? Tulis 20% atau 5.000.")
    return Place(product_id, off_rp=off_rp, quota=quota, per_buyer=each)


def _count(name: str, text: str) -> int | None:
    plain = text.strip().replace(".", "")
    if not plain:
        return None
    if not re.fullmatch(r"[0-9]{1,7}", plain):
        raise InvalidValue(field=name, reason="kuota dan batas per pembeli harus angka bulat, atau kosong.")
    return int(plain)
