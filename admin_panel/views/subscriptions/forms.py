"""Forms of subscriptions, of the cooperative and of the operator."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from admin_panel.forms import DayField, KopForm, Positive, RupiahField, short_text, whole
from services.subscriptions.plans import PERIODS


def _limit(label: str) -> Any:
    rules = [Optional(), NumberRange(1, 1_000_000, "Isi angka di atas nol.")]
    return IntegerField(f"Batas {label}", validators=rules, description="Kosongkan bila tanpa batas.",
                        render_kw={"inputmode": "numeric"})  # fmt: skip


class ChoiceForm(KopForm):
    """Which plan; asked in the address, so that the price is seen before anything is chosen."""

    class Meta(KopForm.Meta):
        csrf = False

    paket = SelectField("Paket")
    masa = SelectField("Dibayar", choices=list(PERIODS.items()))
    kode = short_text("Kode diskon", 20, description="Kosongkan bila tidak punya.")


class AgreeForm(KopForm):
    """What was seen, agreed to."""

    seen_rp = IntegerField(validators=[InputRequired()])
    token = HiddenField(validators=[Length(max=60)])


class TransferForm(KopForm):
    paid_on = DayField("Tanggal transfer", validators=[InputRequired()])
    bank = short_text("Dikirim dari", 60, InputRequired(), description="Nama bank dan pemilik rekening.")
    proof = FileField("Foto bukti transfer", render_kw={"accept": "image/png,image/jpeg,image/webp"},
                      description="JPEG, PNG, atau WebP, paling besar 5 MB.")  # fmt: skip
    token = HiddenField(validators=[Length(max=60)])


class FoundForm(KopForm):
    """What stands on the platform's account."""

    amount_rp = RupiahField("Jumlah yang masuk", validators=[InputRequired(), Positive()])


class ExtendForm(KopForm):
    until = DayField("Masa coba sampai", validators=[InputRequired()])
    reason = short_text("Alasan", 200, InputRequired())


class PlanForm(KopForm):
    name = short_text("Nama paket", 40, InputRequired())
    pitch = short_text("Untuk siapa", 160)
    monthly_rp = RupiahField("Harga bulanan", validators=[InputRequired(), Positive()])
    yearly_rp = RupiahField("Harga tahunan", validators=[InputRequired(), Positive()])
    members = _limit("anggota")
    users = _limit("pengguna")
    stores = _limit("toko")
    features = TextAreaField("Isi paket, satu per baris", validators=[Length(max=1200)])
    is_offered = BooleanField("Ditawarkan")


class DiscountForm(KopForm):
    code = short_text("Kode", 20, InputRequired(), description="Huruf dan angka tanpa spasi.")
    percent = IntegerField("Potongan persen", validators=[Optional(), NumberRange(1, 100, "Isi angka 1 sampai 100.")],
                           render_kw={"inputmode": "numeric"})  # fmt: skip
    off_rp = RupiahField("Atau potongan rupiah")
    starts_on = DayField("Berlaku mulai", validators=[InputRequired()])
    ends_on = DayField("Berlaku sampai", validators=[InputRequired()])
    invoices = whole("Untuk berapa tagihan", 1, 60)
    quota = IntegerField("Untuk berapa koperasi",
                         validators=[Optional(), NumberRange(1, 100_000, "Isi angka di atas nol.")],
                         description="Kosongkan bila tanpa batas.", render_kw={"inputmode": "numeric"})  # fmt: skip
    plan_id = SelectField("Paket", coerce=int)
