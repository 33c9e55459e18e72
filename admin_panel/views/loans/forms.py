"""What is typed about loans."""

from decimal import Decimal

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from admin_panel.forms import CASH, DayField, KopForm, PercentField, Positive, RupiahField, short_text, whole
from services.loans import products, repayment, transfers

COLLECTED = {"cash": "Tunai atau transfer", "payroll": "Potong gaji"}
METHODS = {"flat": "Flat (jasa tetap dari plafon)", "effective": "Menurun (jasa dari sisa pokok)", "annuity": "Anuitas"}
BASES = {"month": "per bulan", "year": "per tahun", "term": "untuk seluruh tenor"}
PERIODS = {"month": "bulan", "week": "minggu", "day": "hari"}
ROUNDED = {"installment": "Angsuran (pokok ditambah jasa)", "parts": "Pokok dan jasa masing-masing"}
MODES = {"half-up": "Terdekat (setengah ke atas)", "half-even": "Terdekat (setengah ke genap)", "down": "Ke bawah",
         "up": "Ke atas"}  # fmt: skip
STEPS = {
    "loans.review,loans.approve": "Bendahara, lalu Ketua",
    "loans.review": "Bendahara saja",
    "loans.approve": "Ketua saja",
    "loans.review,loans.approve,loans.approve_related": "Bendahara, Ketua, lalu Pengawas",
}
DAY_COUNTS = {"30/360": "Bulan sama panjang (30/360)", "ACT/365": "Hari sebenarnya (ACT/365)"}


class WishForm(KopForm):
    """An application at the desk. `token` makes the second click the same application."""

    product_id = SelectField("Jenis pinjaman", coerce=int)
    asked_rp = RupiahField("Jumlah yang diajukan", validators=[InputRequired(), Positive()])
    term = whole("Berapa kali angsuran", default=12)
    purpose = short_text("Untuk keperluan apa", 200, InputRequired())
    collected_by = RadioField("Cara bayar", choices=list(COLLECTED.items()), default="cash")
    salary_rp = RupiahField("Penghasilan tiap bulan", validators=[Optional()],
                            description="Untuk menghitung kemampuan bayar.")  # fmt: skip
    other_debts_rp = RupiahField("Angsuran lain tiap bulan", validators=[Optional()])
    replaces_id = SelectField("Kompensasi (melunasi pinjaman lama)", coerce=int, default=0)
    asked_on = DayField("Tanggal pengajuan", validators=[InputRequired()])
    token = HiddenField(validators=[Length(max=60)])


class AnalysisForm(KopForm):
    principal_rp = RupiahField("Jumlah yang diusulkan", validators=[InputRequired(), Positive()])
    term = whole("Berapa kali angsuran")
    note = short_text("Catatan analisis", 500, field=TextAreaField)


class PaperForm(KopForm):
    label = short_text("Ini dokumen apa", 80, InputRequired())
    paper = FileField("Foto atau hasil pindai", render_kw={"accept": "image/png,image/jpeg,image/webp"},
                      description="PNG, JPEG atau WebP, paling besar 5 MB.")  # fmt: skip


class PayoutDates(KopForm):
    """When money goes out and comes back first; asked in the address, so that the preview can be opened again."""

    class Meta(KopForm.Meta):
        csrf = False

    cair = DayField("Tanggal cair", validators=[InputRequired()])
    tempo = DayField("Jatuh tempo pertama", validators=[InputRequired()])


class PayForm(KopForm):
    """Money for a loan. `token` makes the second click the same payment."""

    amount_rp = RupiahField("Jumlah diterima", validators=[InputRequired(), Positive()])
    paid_on = DayField("Tanggal", validators=[InputRequired()])
    extra = RadioField("Bila lebih dari yang jatuh tempo", choices=list(repayment.EXTRAS.items()), default="next")
    cash = SelectField("Dibayar dengan")
    voucher_no = short_text("Nomor bukti", 60)
    memo = short_text("Keterangan", 200)
    token = HiddenField(validators=[Length(max=60)])


class FoundForm(KopForm):
    """A transfer as the bank's statement shows it."""

    amount_rp = RupiahField("Jumlah di rekening koran", validators=[InputRequired(), Positive()])
    booked_on = DayField("Tanggal di rekening koran", validators=[InputRequired()])
    account = SelectField("Masuk ke rekening", coerce=int)
    use = RadioField("Dipakai untuk", choices=list(transfers.USES.items()), default="next")


class QuoteDay(KopForm):
    class Meta(KopForm.Meta):
        csrf = False

    per = DayField("Dilunasi tanggal", validators=[InputRequired()])


class NewTermsForm(KopForm):
    starts_on = DayField("Berlaku mulai", validators=[InputRequired()])
    first_due_on = DayField("Jatuh tempo pertama yang baru", validators=[InputRequired()])
    term = whole("Berapa kali angsuran lagi")
    rate_pct = PercentField("Jasa (%)", validators=[InputRequired()])
    reason = short_text("Alasan", 200, InputRequired())


class WriteOffForm(KopForm):
    on = DayField("Tanggal", validators=[InputRequired()])
    reason = short_text("Alasan", 150, InputRequired())


class RecoveryForm(KopForm):
    amount_rp = RupiahField("Jumlah diterima", validators=[InputRequired(), Positive()])
    paid_on = DayField("Tanggal", validators=[InputRequired()])
    cash = SelectField("Uangnya masuk ke", choices=CASH)
    token = HiddenField(validators=[Length(max=60)])


class ProductForm(KopForm):
    """A loan product, in the order people decide it."""

    code = short_text("Kode", 12, InputRequired(), description="Singkat, misalnya UANG.")
    name = short_text("Nama", 80, InputRequired())
    method = SelectField("Cara menghitung jasa", choices=list(METHODS.items()))
    rate_pct = PercentField("Jasa (%)", validators=[InputRequired()], default=Decimal(1))
    rate_basis = SelectField("Jasa itu", choices=list(BASES.items()))
    period = SelectField("Angsuran tiap", choices=list(PERIODS.items()))
    longest_term = whole("Paling lama berapa kali angsuran", default=36)
    minimum_rp = RupiahField("Plafon terkecil", validators=[Optional()], description="Kosong: tidak dibatasi.")
    maximum_rp = RupiahField("Plafon terbesar", validators=[Optional()], description="Kosong: tidak dibatasi.")
    times_savings = PercentField("Paling banyak berapa kali simpanan", validators=[Optional()],
                                 description="Dipakai pada nilai analisis. Kosong: 10 kali.")  # fmt: skip
    salary_share_pct = PercentField("Paling banyak berapa % dari penghasilan", validators=[Optional()])
    most_running = whole("Paling banyak pinjaman berjalan per anggota", default=1)
    fee_pct = PercentField("Provisi (%)", validators=[Optional()], description="Dipotong sekali saat cair.")
    admin_rp = RupiahField("Biaya administrasi", validators=[Optional()], description="Dipotong sekali saat cair.")
    linked_pct = PercentField("Simpanan wajib pinjaman (%)", validators=[Optional()],
                              description="Dipotong saat cair dan menjadi simpanan anggota.")  # fmt: skip
    linked_product_id = SelectField("Ditampung di simpanan", coerce=int)
    grace = whole("Masa tenggang (kali angsuran)", 0, 120, default=0, description="Hanya membayar jasa selama itu.")
    round_to_rp = RupiahField("Dibulatkan ke", validators=[InputRequired(), Positive()], default=1,
                              description="1, 100, 500 atau 1.000. Angsuran terakhir menutup sisanya.")  # fmt: skip
    round_what = SelectField("Yang dibulatkan", choices=list(ROUNDED.items()))
    round_mode = SelectField("Cara membulatkan", choices=list(MODES.items()))
    day_count = SelectField("Hari bunga", choices=list(DAY_COUNTS.items()))
    penalty_kind = SelectField("Denda", choices=list(products.PENALTIES.items()))
    penalty_value = PercentField("Besar denda", validators=[Optional()],
                                 description="Rupiah atau persen, menurut jenisnya.")  # fmt: skip
    penalty_free_days = whole("Bebas denda (hari)", 0, 365, default=0)
    early_interest = SelectField("Jasa bila dilunasi lebih cepat", choices=list(products.EARLY_INTEREST.items()))
    documents = short_text("Dokumen yang wajib", 400, field=TextAreaField,
                     description="Satu baris satu dokumen, misalnya Slip gaji.")  # fmt: skip
    steps = SelectField("Yang memutuskan, berurutan", choices=list(STEPS.items()),
                        description="Pinjaman pengurus dan pengawas selalu juga diputuskan Pengawas.")  # fmt: skip
    account_id = SelectField("Akun piutang", coerce=int)
    is_active = BooleanField("Ditawarkan", default=True)


class ExampleForm(KopForm):
    """The amount and term of an example schedule."""

    class Meta(KopForm.Meta):
        csrf = False

    plafon = RupiahField("Contoh plafon", validators=[InputRequired(), Positive()])
    tenor = whole("Contoh tenor")
