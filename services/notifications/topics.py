"""What people are told about, and how they may have it by mail: the one list behind every message and every choice."""

from dataclasses import dataclass
from typing import Literal

Topic = Literal["simpanan", "pinjaman", "belanja", "pengadaan", "pengumuman", "langganan", "bantuan", "keamanan"]


@dataclass(frozen=True)
class Subject:
    """A topic as people read of it; mail about a `fixed` one always goes out."""

    label: str
    about: str
    fixed: bool = False


TOPICS: dict[Topic, Subject] = {
    "simpanan": Subject("Simpanan", "Penarikan, simpanan berjangka, dan laporan bulanan."),
    "pinjaman": Subject("Pinjaman", "Keputusan pengajuan, pencairan, jatuh tempo, dan transfer angsuran."),
    "belanja": Subject("Belanja dan toko", "Pesanan, pengembalian barang, dan saldo toko."),
    "pengadaan": Subject("Pengadaan", "Permintaan, pesanan pembelian, dan tagihan pemasok."),
    "pengumuman": Subject("Pengumuman", "Kabar dari pengurus koperasi Anda."),
    "bantuan": Subject("Bantuan", "Jawaban atas pertanyaan, masukan, dan keluhan Anda."),
    "langganan": Subject("Langganan eKopz", "Masa percobaan, tagihan, dan pembayaran langganan.", fixed=True),
    "keamanan": Subject("Keamanan dan akun", "Keanggotaan, rekening, dan cara masuk ke akun Anda.", fixed=True),
}
MAIL = {"now": "Segera", "daily": "Ringkasan sekali sehari", "never": "Tidak usah"}
USUAL = "now"
