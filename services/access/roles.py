"""Role -> permissions, as one table that can be printed. Every check in the house asks for one of these words."""

from dataclasses import dataclass

from core.errors import NotAllowed

PERMISSIONS: dict[str, str] = {
    "own.view": "Melihat simpanan, pinjaman dan kuitansi sendiri",
    "own.ask": "Mengajukan pinjaman dan penarikan sendiri",
    "panel.enter": "Masuk ke Kopmin",
    "members.view": "Melihat data anggota",
    "members.register": "Mencatat pendaftaran anggota",
    "members.decide": "Menyetujui atau menolak pendaftaran, memproses anggota keluar",
    "members.unmask": "Membuka nomor KTP dan rekening lengkap (dengan alasan, tercatat)",
    "savings.view": "Melihat simpanan semua anggota",
    "savings.teller": "Menerima setoran dan membayar penarikan",
    "savings.bill": "Membuat tagihan simpanan bulanan",
    "savings.reverse": "Membatalkan setoran atau penarikan",
    "savings.products": "Mengatur jenis simpanan",
    "savings.approve": "Menyetujui penarikan simpanan",
    "savings.interest": "Membukukan jasa simpanan dan simpanan berjangka",
    "loans.view": "Melihat pinjaman semua anggota",
    "loans.ask": "Mencatat pengajuan pinjaman anggota",
    "loans.analyse": "Menganalisis pengajuan pinjaman",
    "loans.review": "Menyetujui pinjaman sebagai bendahara",
    "loans.approve": "Menyetujui pinjaman sebagai ketua",
    "loans.approve_related": "Menyetujui pinjaman pengurus dan pengawas",
    "loans.disburse": "Mencairkan pinjaman",
    "loans.pay": "Menerima angsuran",
    "loans.reverse": "Membatalkan pembayaran pinjaman",
    "loans.adjust": "Mengajukan restrukturisasi dan hapus buku",
    "loans.adjust_approve": "Menyetujui restrukturisasi dan hapus buku",
    "loans.provision": "Membukukan penyisihan pinjaman",
    "loans.products": "Mengatur jenis pinjaman dan kolektibilitas",
    "payroll.run": "Membuat daftar potongan dan membukukan realisasinya",
    "mart.view": "Melihat toko, barang, stok dan pesanan",
    "mart.every_store": "Bekerja di semua toko, bukan hanya toko sendiri",
    "mart.stores": "Membuka toko dan mengatur pengelolanya",
    "mart.goods": "Mengatur barang, harga, promo dan foto",
    "mart.stock": "Menerima, menghitung dan menyesuaikan stok",
    "mart.sell": "Mengemas, mengirim dan menerima retur pesanan",
    "mart.till": "Melayani kasir toko",
    "mart.money": "Mencocokkan pembayaran pesanan dan pencairan pembayaran online",
    "mart.payout_ask": "Mengajukan penarikan saldo toko",
    "mart.payout_approve": "Menyetujui penarikan saldo toko",
    "mart.payout": "Membayar penarikan saldo toko",
    "procurement.view": "Melihat pengadaan",
    "procurement.request": "Mengajukan pengadaan dan mencatat penawaran",
    "procurement.order": "Memesan ke pemasok dan mencatat tagihannya",
    "procurement.approve": "Menyetujui pengadaan",
    "procurement.receive": "Menerima barang dan jasa pesanan",
    "procurement.pay": "Membayar tagihan pemasok",
    "ledger.view": "Melihat jurnal dan buku besar",
    "ledger.journal": "Mengajukan jurnal manual dan pembatalan",
    "ledger.approve": "Menyetujui jurnal manual dan pembatalan",
    "ledger.close": "Membuka tahun buku dan menutup bulan",
    "ledger.reopen": "Membuka kembali bulan yang ditutup",
    "ledger.lock": "Mengunci bulan",
    "ledger.opening": "Membukukan saldo awal",
    "ledger.chart": "Mengatur bagan akun, peran akun, dan unit",
    "ledger.verify": "Memeriksa kebenaran buku",
    "imports.run": "Mengunggah dan membukukan berkas",
    "imports.upload": "Membuka halaman impor (isinya menurut hak masing-masing)",
    "reports.view": "Melihat dan mengunduh laporan",
    "dashboards.view": "Melihat dasbor pengurus",
    "coop.settings": "Mengatur profil koperasi",
    "access.manage": "Mengatur pengguna dan peran",
    "audit.view": "Melihat jejak audit",
    "news.announce": "Menulis pengumuman koperasi",
    "support.answer": "Menjawab masukan dan keluhan anggota",
    "support.grant": "Mengizinkan tim eKopz melihat koperasi ini untuk sementara",
    "privacy.handle": "Menangani permintaan data pribadi anggota",
    "subscription.view": "Melihat langganan dan tagihan eKopz",
    "subscription.pay": "Membayar dan mengganti paket langganan",
    "platform.enter": "Masuk ke meja platform",
    "platform.manage": "Mengelola koperasi di platform (tanpa akses ke uang)",
    "platform.money": "Mencocokkan pembayaran langganan",
    "platform.support": "Menjawab tiket dan melihat koperasi yang mengizinkan",
    "platform.news_write": "Menulis artikel Kopnews",
    "platform.news_publish": "Menerbitkan artikel Kopnews dan memoderasi komentar",
}

_READ_ALL = {
    "panel.enter",
    "members.view",
    "savings.view",
    "loans.view",
    "mart.view",
    "procurement.view",
    "ledger.view",
    "ledger.verify",
    "reports.view",
    "dashboards.view",
}


LOOKING = frozenset(
    _READ_ALL | {"own.view", "audit.view", "members.unmask", "support.grant", "subscription.view", "subscription.pay"}
)
"""What is still allowed in a cooperative whose books are read-only: looking, taking home, and paying."""


MOVES_MONEY = frozenset(
    {"savings.teller", "savings.approve", "savings.reverse", "savings.interest", "loans.review", "loans.approve"}
    | {"loans.approve_related", "loans.disburse", "loans.pay", "loans.reverse", "loans.adjust_approve", "payroll.run"}
    | {"mart.money", "mart.payout_approve", "mart.payout", "procurement.approve", "procurement.pay"}
    | {"ledger.journal", "ledger.approve", "ledger.opening", "imports.run", "access.manage"}
    | {"platform.manage", "platform.money"}
)
"""Whoever holds one of these should sign in with a second factor."""


@dataclass(frozen=True)
class RoleSpec:
    """A role as people name it, and what it may do."""

    label: str
    permissions: frozenset[str]

    @property
    def on_platform(self) -> bool:
        """Whether it is a role on the platform, not in a cooperative."""
        return "platform.enter" in self.permissions


def _role(label: str, *groups: str | set[str]) -> RoleSpec:
    words: set[str] = set()
    for group in groups:
        words |= {group} if isinstance(group, str) else group
    return RoleSpec(label, frozenset(words))


ROLES: dict[str, RoleSpec] = {
    "anggota": _role("Anggota", {"own.view", "own.ask"}),
    "petugas": _role(
        "Petugas",
        {"panel.enter", "members.view", "members.register", "savings.view", "savings.teller", "reports.view"},
        {"loans.view", "loans.ask", "loans.analyse", "loans.pay"},
    ),
    "bendahara": _role(
        "Bendahara",
        _READ_ALL,
        {"members.register", "savings.teller", "savings.bill", "savings.reverse", "savings.products"},
        {"savings.approve", "savings.interest"},
        {
            "loans.ask",
            "loans.analyse",
            "loans.review",
            "loans.disburse",
            "loans.pay",
            "loans.adjust",
            "loans.provision",
        },
        {"loans.products", "loans.reverse", "payroll.run"},
        {"mart.every_store", "mart.money", "mart.payout_approve", "mart.payout"},
        {"procurement.request", "procurement.order", "procurement.receive", "procurement.pay"},
        {"ledger.journal", "ledger.close", "ledger.opening", "ledger.chart", "imports.run"},
        {"imports.upload", "subscription.view", "subscription.pay"},
    ),
    "sekretaris": _role(
        "Sekretaris",
        _READ_ALL,
        {"members.register", "members.decide", "coop.settings", "imports.run", "imports.upload"},
        {"news.announce", "support.answer", "privacy.handle", "subscription.view"},
    ),
    "ketua": _role(
        "Ketua",
        _READ_ALL,
        {"members.register", "members.decide", "members.unmask", "savings.reverse", "ledger.approve", "ledger.close"},
        {"savings.approve"},
        {"loans.approve", "loans.adjust_approve", "loans.reverse", "loans.products"},
        {"mart.every_store", "mart.stores", "mart.goods", "mart.payout_approve", "procurement.approve"},
        {"ledger.reopen", "ledger.lock", "coop.settings", "access.manage", "audit.view", "savings.products"},
        {"news.announce", "support.answer", "support.grant", "privacy.handle", "subscription.view", "subscription.pay"},
    ),
    "pengelola_toko": _role(
        "Pengelola toko",
        {"panel.enter", "reports.view", "mart.view", "mart.goods", "mart.stock", "mart.sell"},
        {"mart.till", "mart.payout_ask", "procurement.view", "procurement.request", "procurement.receive"},
        {"imports.upload"},
    ),
    "pengawas": _role("Pengawas", _READ_ALL, {"audit.view", "members.unmask", "loans.approve_related"}),
    "operator_platform": _role(
        "Operator platform",
        {"platform.enter", "platform.manage", "platform.money", "platform.support"},
        {"platform.news_write", "platform.news_publish"},
    ),
    "redaktur": _role("Redaktur Kopnews", {"platform.enter", "platform.news_write", "platform.news_publish"}),
    "penulis": _role("Penulis Kopnews", {"platform.enter", "platform.news_write"}),
}


def permissions_of(roles: set[str]) -> frozenset[str]:
    """Everything a set of roles may do together; a role no longer known gives nothing."""
    return frozenset().union(*(ROLES[role].permissions for role in roles if role in ROLES))


def whom_to_ask(refused: NotAllowed) -> str:
    """The refusal in people's words: what they may not do, and which roles may."""
    word = str(refused.fields["permission"])
    if word not in PERMISSIONS:
        return refused.sentence
    act, roles = PERMISSIONS[word], ", ".join(roles_of(word))
    return f"Anda tidak berhak melakukan ini ({act[0].lower()}{act[1:]}). Yang berwenang: {roles}."


def roles_of(permission: str) -> list[str]:
    """Roles that hold a permission, for telling a person whom to ask."""
    return [spec.label for spec in ROLES.values() if permission in spec.permissions]
