"""The menu by job, as one list, and what the frame of every page asks for."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, g, request, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.routing import BuildError

from admin_panel import scope
from core.actor import NOWHERE, Actor
from services.access import second_factor, sign_in
from services.coops import practice
from services.notifications import queries
from services.subscriptions import queries as subscriptions

# job -> (label, endpoint or address, permission); an entry whose screen is not installed is left out
MENU: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "Anggota",
        (
            ("Daftar anggota", "MemberView.list", "members.view"),
            ("Pendaftaran", "ApplicationView.list", "members.view"),
            ("Daftarkan anggota", "MemberDesk.apply", "members.register"),
            ("Permintaan keanggotaan", "ClaimDesk.index", "members.decide"),
            ("Permintaan bergabung", "JoinDesk.index", "members.decide"),
            ("Masukan dan keluhan", "AnswerDesk.index", "support.answer"),
            ("Permintaan data pribadi", "PrivacyDesk.index", "privacy.handle"),
        ),
    ),
    (
        "Simpanan",
        (
            ("Setor", "TellerDesk.deposit", "savings.teller"),
            ("Tarik", "TellerDesk.withdraw", "savings.teller"),
            ("Permintaan penarikan", "WithdrawalView.list", "savings.view"),
            ("Simpanan berjangka", "DepositView.list", "savings.view"),
            ("Rekening simpanan", "SavingsAccountView.list", "savings.view"),
            ("Kuitansi", "ReceiptView.list", "savings.view"),
            ("Tagihan bulanan", "BillDesk.index", "savings.view"),
            ("Jasa simpanan", "InterestDesk.index", "savings.view"),
            ("Jenis simpanan", "SavingsProductView.list", "savings.view"),
        ),
    ),
    (
        "Pinjaman",
        (
            ("Pengajuan", "LoanDesk.index", "loans.view"),
            ("Pinjaman berjalan", "LoanView.list", "loans.view"),
            ("Terima angsuran", "InstallmentDesk.find", "loans.pay"),
            ("Transfer angsuran", "TransferDesk.index", "loans.pay"),
            ("Kolektibilitas dan penyisihan", "ClassDesk.index", "loans.view"),
            ("Jenis pinjaman", "LoanProductDesk.index", "loans.view"),
        ),
    ),
    (
        "Potong gaji",
        (
            ("Daftar potongan", "PayrollDesk.index", "payroll.run"),
            ("Realisasi", "SettlementDesk.index", "payroll.run"),
        ),
    ),
    (
        "Toko",
        (
            ("Kasir", "ShiftDesk.index", "mart.till"),
            ("Pesanan", "OrderView.list", "mart.view"),
            ("Pembayaran pesanan", "OrderPaymentDesk.index", "mart.money"),
            ("Toko", "StoreDesk.index", "mart.view"),
            ("Barang", "GoodsView.list", "mart.view"),
            ("Stok menipis", "StockDesk.index", "mart.view"),
            ("Barang masuk", "ArrivalDesk.receive", "mart.stock"),
            ("Stok opname", "CountDesk.index", "mart.stock"),
            ("Ulasan", "ReviewDesk.index", "mart.view"),
            ("Promo", "CampaignDesk.index", "mart.view"),
            ("Voucher", "VoucherDesk.index", "mart.view"),
            ("Koperasi mitra", "PartnerDesk.index", "mart.stores"),
            ("Poin anggota", "PointDesk.index", "mart.view"),
            ("Pembayaran online", "OnlineDesk.index", "mart.money"),
            ("Kasbon anggota", "CreditDesk.index", "mart.view"),
            ("Terima kasbon", "CreditDesk.teller", "savings.teller"),
            ("Saldo toko", "BalanceDesk.index", "mart.view"),
            ("Dasbor penjualan", "/dasbor/toko", "mart.view"),
        ),
    ),
    (
        "Pengadaan",
        (
            ("Permintaan", "PurchaseRequestView.list", "procurement.view"),
            ("Pesanan pembelian", "PurchaseOrderView.list", "procurement.view"),
            ("Tagihan pemasok", "SupplierBillView.list", "procurement.view"),
            ("Pemasok", "SupplierView.list", "procurement.view"),
        ),
    ),
    (
        "Pembukuan",
        (
            ("Persetujuan", "ApprovalDesk.index", "ledger.view"),
            ("Jurnal", "JournalView.list", "ledger.view"),
            ("Jurnal manual", "JournalDesk.draft", "ledger.journal"),
            ("Impor berkas", "ImportDesk.index", "imports.upload"),
            ("Bagan akun", "AccountView.list", "ledger.view"),
            ("Periode", "PeriodDesk.index", "ledger.view"),
            ("Periksa buku", "VerifyDesk.index", "ledger.verify"),
        ),
    ),
    (
        "Laporan",
        (("Semua laporan", "ReportDesk.index", "reports.view"), ("Dasbor pengurus", "/dasbor/", "dashboards.view")),
    ),
    (
        "Pengaturan",
        (
            ("Langkah awal", "SetupDesk.index", "coop.settings"),
            ("Latihan", "PracticeDesk.index", "panel.enter"),
            ("Profil koperasi", "CoopDesk.index", "coop.settings"),
            ("Langganan", "SubscriptionDesk.index", "subscription.view"),
            ("Angka keputusan", "SettingDesk.index", "coop.settings"),
            ("Unit usaha", "UnitView.list", "ledger.view"),
            ("Peran akun", "AccountRoleDesk.index", "ledger.view"),
            ("Pengguna dan peran", "UserDesk.index", "access.manage"),
            ("Jejak audit", "AuditView.list", "audit.view"),
            ("Izin bantuan", "GrantDesk.index", "support.grant"),
            ("Bantuan eKopz", "TicketDesk.index", "panel.enter"),
        ),
    ),
    ("Kabar", (("Pengumuman", "AnnouncementDesk.index", "news.announce"),)),
    (
        "Platform",
        (
            ("Meja platform", "PlatformHome.index", "platform.enter"),
            ("Koperasi", "TenantDesk.index", "platform.manage"),
            ("Angka langganan", "FigureDesk.index", "platform.manage"),
            ("Dasbor langganan", "/dasbor/langganan", "platform.manage"),
            ("Pembayaran langganan", "BillingDesk.index", "platform.money"),
            ("Paket", "PlanDesk.index", "platform.manage"),
            ("Kode diskon", "DiscountDesk.index", "platform.manage"),
            ("Tiket", "PlatformTickets.index", "platform.support"),
            ("Pesan tamu", "VisitorDesk.index", "platform.support"),
            ("Pelanggaran data", "BreachDesk.index", "platform.manage"),
            ("Orang platform", "StaffDesk.index", "platform.manage"),
        ),
    ),
    (
        "Kopnews",
        (
            ("Artikel", "ArticleDesk.index", "platform.news_write"),
            ("Gambar", "PictureDesk.index", "platform.news_write"),
            ("Komentar", "CommentDesk.index", "platform.news_publish"),
            ("Kabar lewat surel", "LetterDesk.index", "platform.news_publish"),
        ),
    ),
)
QUICK = (
    ("Beranda", "Home.index", "panel.enter"),
    ("Anggota", "MemberView.list", "members.view"),
    ("Setor", "TellerDesk.deposit", "savings.teller"),
    ("Laporan", "ReportDesk.index", "reports.view"),
    ("Meja", "PlatformHome.index", "platform.enter"),
    ("Koperasi", "TenantDesk.index", "platform.manage"),
    ("Angka", "FigureDesk.index", "platform.manage"),
)


@dataclass(frozen=True)
class Entry:
    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Job:
    label: str
    entries: list[Entry]

    @property
    def current(self) -> bool:
        return any(entry.current for entry in self.entries)


class Frame:
    """`kopmin` in templates: who is here, where they may go."""

    def actor(self) -> Actor | None:
        return scope.actor_or_none()

    def coop_name(self) -> str:
        who = self.actor()
        if who is None:
            return ""
        return "Platform eKopz" if who.coop_id == NOWHERE else scope.coop().name

    def looking(self) -> Any:
        """An operator's permission to look into this cooperative, on the pages they see."""
        return g.get("looking")

    def demo(self) -> bool:
        who = self.actor()
        return who is not None and who.coop_id != NOWHERE and scope.coop().is_demo

    def subscription_notice(self) -> str:
        """What is to be done about the subscription soon; kept for the page."""
        who = self.actor()
        if who is None or who.coop_id == NOWHERE or not who.may("panel.enter"):
            return ""
        if "kop_notice" not in g:
            g.kop_notice = subscriptions.notice(scope.session(), who.coop_id, scope.today())
        return str(g.kop_notice)

    def practises(self) -> bool:
        """Whether this is a cooperative to practise in."""
        return self.demo() and scope.coop().practice_of_id is not None

    def task(self) -> practice.Task | None:
        """What to do next in practice."""
        tasks = practice.tasks(scope.session(), scope.actor())
        return next((task for task in tasks if not task.is_done), None)

    def is_bare(self) -> bool:
        """Whether this person moves money behind a password alone."""
        return second_factor.is_missing(scope.session(), scope.actor())

    def demo_logins(self) -> list[Any]:
        """What `app.py` says may be shown on the sign-in page of a demo installation."""
        shown = current_app.config.get("EKOPZ_DEMO_LOGINS")
        return list(shown() if callable(shown) else shown or [])

    def has_two_desks(self) -> bool:
        """Whether they work both on the platform and in a cooperative."""
        signed_in, who = g.get("signed_in"), self.actor()
        if who is None or signed_in is None or signed_in.platform_role is None or self.looking() is not None:
            return False
        return who.coop_id != NOWHERE or bool(sign_in.coops_of(scope.database(), who.user_id))

    def home(self) -> str:
        who = self.actor()
        return "/platform/" if who is not None and who.coop_id == NOWHERE else "/kopmin/"

    def menu(self) -> list[Job]:
        if "kop_menu" not in g:
            jobs = [Job(label, _entries(entries)) for label, entries in MENU]
            g.kop_menu = [job for job in jobs if job.entries]
        found: list[Job] = g.kop_menu
        return found

    def unread(self) -> int:
        """How many messages are new to whoever works in Kopmin."""
        return queries.unread(scope.session(), scope.actor())

    def quick(self) -> list[Entry]:
        return _entries(QUICK)

    def job_known(self) -> bool:
        return any(job.current for job in self.menu())

    def help_url(self) -> str:
        return "/bantuan"

    def logout_form(self) -> Markup:
        return Markup(
            '<form method="post" action="{}"><input type="hidden" name="csrf_token" value="{}">'
            '<button class="btn btn-quiet">Keluar</button></form>'
        ).format(url_for("AuthDBView.logout"), generate_csrf())

    def text_size_link(self) -> Markup:
        large = request.cookies.get("teks") == "besar"
        label = "Teks biasa" if large else "Teks besar"
        return Markup('<a href="{}">{}</a>').format(
            url_for("Home.text_size", size="biasa" if large else "besar", next=request.path), label
        )


def _entries(entries: tuple[tuple[str, str, str], ...]) -> list[Entry]:
    who, stays_inside = scope.actor(), g.get("looking") is not None
    found = []
    for label, endpoint, permission in entries:
        if not who.may(permission) or (stays_inside and endpoint.startswith("/")):
            continue
        try:
            url = endpoint if endpoint.startswith("/") else url_for(endpoint)
        except BuildError:
            continue
        found.append(Entry(label, url, _is_here(endpoint)))
    return found


def place_of(path: str) -> str:
    """The menu's word for where an address leads, as far as the signed-in person's menu knows it."""
    entries = [entry for job in Frame().menu() for entry in job.entries]
    found = [entry for entry in entries if path.startswith(entry.url.removesuffix("list/"))]
    return max(found, key=lambda entry: len(entry.url)).label if found else ""


def _is_here(endpoint: str) -> bool:
    here = request.endpoint or ""
    view, _, method = endpoint.partition(".")
    generated = method == "list" and here.split(".")[0] == view
    return here == endpoint or generated or (method == "index" and here.split(".")[0] == view)
