"""Every operation of the API. Routes, the OpenAPI document and docs/api.md are drawn from this table."""

from api import member, schedule
from api.document import document
from api.door import Operation
from api.fields import Field
from services.loans.schedule import LONGEST

_SCHEDULE = (
    Field("principal", "rupiah", "plafon", required=True, least=1),
    Field("rate", "percent", "bunga, persen", required=True),
    Field("rate_basis", "choice", "bunga per apa", default="year", choices=("year", "month", "term")),
    Field("method", "choice", "cara hitung", required=True, choices=("flat", "effective", "annuity")),
    Field("term", "count", "berapa kali angsuran", required=True, least=1, most=LONGEST),
    Field("period", "choice", "jarak angsuran", default="month", choices=("month", "week", "day")),
    Field("first_due", "day", "jatuh tempo pertama"),
    Field("round_to", "rupiah", "dibulatkan ke kelipatan ini", default=1, least=1),
    Field("round_what", "choice", "apa yang dibulatkan", default="installment", choices=("installment", "parts")),
    Field("round_mode", "choice", "cara membulatkan", default="half-up",
          choices=("half-up", "half-even", "down", "up")),
    Field("grace", "count", "angsuran pertama yang hanya bunga", default=0, most=LONGEST),
)  # fmt: skip
_PAGE = (
    Field("cursor", "text", "next_cursor dari halaman sebelumnya", longest=40),
    Field("limit", "count", "baris per halaman", default=50, least=1, most=200),
)
_LOAN = (
    Field("product", "text", "kode jenis pinjaman", required=True, longest=12),
    Field("amount_rp", "rupiah", "jumlah yang diajukan", required=True, least=1),
    Field("term", "count", "berapa kali angsuran", required=True, least=1, most=LONGEST),
    Field("purpose", "text", "untuk apa", default=""),
    Field("collected_by", "choice", "cara bayar", default="cash", choices=("cash", "payroll")),
    Field("salary_rp", "rupiah", "penghasilan per bulan", default=0),
    Field("other_debts_rp", "rupiah", "angsuran lain per bulan", default=0),
)
_MONEY = (
    Field("product", "text", "kode jenis simpanan", required=True, longest=12),
    Field("amount_rp", "rupiah", "jumlah yang ditarik", required=True, least=1),
    Field("pay_to", "text", "rekening tujuan, kosong bila tunai", default="", longest=120),
    Field("note", "text", "catatan", default=""),
)

OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", "/openapi.json", "openapi", "Dokumen OpenAPI ini", lambda: document(OPERATIONS), "Document",
              is_public=True),
    Operation("GET", "/loan-schedule", "loan_schedule", "Jadwal angsuran pinjaman", schedule.loan_schedule, "Schedule",
              query=_SCHEDULE, is_public=True),
    Operation("GET", "/me", "me", "Siapa yang masuk", member.who, "Me"),
    Operation("GET", "/me/savings", "savings", "Saldo simpanan sendiri", member.own_savings, "Savings"),
    Operation("GET", "/me/mutations", "mutations", "Mutasi simpanan sendiri, terbaru dulu", member.mutations,
              "Mutations", query=_PAGE),
    Operation("GET", "/me/loan-products", "loan_products", "Jenis pinjaman yang ditawarkan", member.loan_products,
              "LoanProducts"),
    Operation("GET", "/me/loans", "loans", "Pinjaman sendiri", member.loans, "Loans"),
    Operation("GET", "/me/loans/<uuid:public_id>", "loan", "Satu pinjaman, jadwal dan pembayarannya", member.loan,
              "LoanDetail"),
    Operation("POST", "/me/loans", "ask_for_loan", "Mengajukan pinjaman", member.ask_for_loan, "Application",
              body=_LOAN, is_once=True),
    Operation("POST", "/me/withdrawals", "ask_for_money", "Meminta penarikan simpanan sukarela", member.ask_for_money,
              "Withdrawal", body=_MONEY, is_once=True),
)  # fmt: skip
