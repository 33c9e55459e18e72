"""Forms of procurement, and the rows people type beside them."""

from collections.abc import Iterable

from flask import request
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from admin_panel.forms import DayField, KopForm, Positive, RupiahField, rupiah_of, short_text
from core.errors import InvalidValue
from core.money import Rupiah
from models.mart.products import ProductVariant
from services.procurement.documents import KINDS
from services.procurement.requests import MOST_LINES, Need

FEWEST_LINES = 3


class AskForm(KopForm):
    """What is needed. `token` makes the second click the same request."""

    title = short_text("Keperluan", 120, InputRequired(), description="Misalnya: isi ulang sembako bulan Maret.")
    asked_on = DayField("Tanggal permintaan", validators=[InputRequired()])
    needed_on = DayField("Diperlukan tanggal", validators=[Optional()])
    note = short_text("Catatan", 500, field=TextAreaField)
    token = HiddenField(validators=[Length(max=60)])


class QuoteForm(KopForm):
    supplier_id = SelectField("Pemasok", coerce=int)
    reference = short_text("Nomor penawaran", 60)
    quoted_on = DayField("Tanggal penawaran", validators=[InputRequired()])
    valid_until = DayField("Berlaku sampai", validators=[Optional()])
    terms = short_text("Syarat", 200, description="Misalnya: bayar 14 hari, ongkos kirim ditanggung pemasok.")
    token = HiddenField(validators=[Length(max=60)])


class ChooseForm(KopForm):
    ordered_on = DayField("Tanggal pesan", validators=[InputRequired()])
    due_on = DayField("Diharapkan datang", validators=[Optional()])
    deliver_to = short_text("Dikirim ke", 200)
    reason = short_text("Alasan memilih", 200)
    token = HiddenField(validators=[Length(max=60)])


class ReceiveForm(KopForm):
    received_on = DayField("Tanggal diterima", validators=[InputRequired()])
    delivery_no = short_text("Nomor surat jalan", 60)
    note = short_text("Catatan", 200)
    token = HiddenField(validators=[Length(max=60)])


class BillForm(KopForm):
    reference = short_text("Nomor tagihan", 60, InputRequired(), description="Seperti tertulis di tagihan pemasok.")
    billed_on = DayField("Tanggal tagihan", validators=[InputRequired()])
    booked_on = DayField("Dicatat tanggal", validators=[InputRequired()])
    due_on = DayField("Jatuh tempo", validators=[Optional()])
    vat_rp = RupiahField("PPN yang dapat dikreditkan", validators=[Optional()],
                         description="Kosongkan bila koperasi bukan PKP; PPN lalu termasuk harga barang.")  # fmt: skip
    note = short_text("Catatan", 200)
    token = HiddenField(validators=[Length(max=60)])


class MoneyForm(KopForm):
    """Money to a supplier, or back. `token` makes the second click the same payment."""

    amount_rp = RupiahField("Jumlah", validators=[InputRequired(), Positive()])
    paid_on = DayField("Tanggal", validators=[InputRequired()])
    account = SelectField("Dari kas atau rekening", coerce=int)
    voucher_no = short_text("Nomor bukti", 60)
    note = short_text("Catatan", 200)
    token = HiddenField(validators=[Length(max=60)])


class PurchasePaperForm(KopForm):
    kind = SelectField("Jenis dokumen", choices=list(KINDS.items()))
    label = short_text("Nama dokumen", 80, description="Misalnya: SPK 12/2026. Boleh kosong.")
    paper = FileField("Berkas", render_kw={"accept": "application/pdf,image/png,image/jpeg,image/webp"},
                      description="PDF, PNG, JPEG atau WebP, paling besar 5 MB.")  # fmt: skip


def typed(name: str) -> str:
    return request.form.get(name, "").strip()[:200]


def whole_of(text: str, label: str) -> int:
    """`1.200` -> 1200, empty -> 0. Raises InvalidValue."""
    plain = text.replace(".", "") if text.replace(".", "").isascii() else ""
    if text and not (plain.isdigit() and len(plain) <= 9):
        raise InvalidValue(field=label, reason="isi angka bulat, misalnya 12.")
    return int(plain) if text else 0


def money_of(text: str, label: str) -> Rupiah:
    """`1.250.000` -> 1250000, empty -> 0. Raises InvalidValue."""
    try:
        return rupiah_of(text) if text else 0
    except ValueError as wrong:
        raise InvalidValue(field=label, reason=str(wrong)) from None


def typed_needs() -> list[dict[str, str]]:
    """The rows of the request as they were typed, one more when asked for."""
    count = min(max(FEWEST_LINES, len([key for key in request.form if key.endswith("-quantity")])), MOST_LINES)
    count = min(count + (3 if request.form.get("more") else 0), MOST_LINES)
    names = ("name", "quantity", "unit_name", "estimate")
    return [{name: typed(f"lines-{n}-{name}") for name in names} for n in range(count)]


def label_of(variant: ProductVariant) -> str:
    """How a shop's goods are offered while typing; tells variants of one name apart."""
    return f"{variant.label} [{variant.sku}]"


def needs_of(rows: Iterable[dict[str, str]], goods: Iterable[ProductVariant]) -> list[Need]:
    """The rows that say something, those of the shop's goods with their variant. Raises InvalidValue."""
    known = {label_of(one).casefold(): one.id for one in goods}
    found = []
    for row in rows:
        if any(row.values()):
            what = row["name"] or "Baris tanpa nama"
            quantity, estimate_rp = whole_of(row["quantity"], what), money_of(row["estimate"], what)
            variant_id = known.get(row["name"].casefold())
            found.append(Need(row["name"], quantity, variant_id, row["unit_name"], estimate_rp))
    return found
