"""What personal data are used for, as a table: on what ground, and what follows when a consent is taken back."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Purpose:
    """`of` says whose consent it is: of the account (`user`) or of the member in one cooperative (`member`).

    `may_end` is False where a contract or a law stands; `follows` is read before anything is taken back.
    """

    code: str
    of: str
    label: str
    why: str
    ground: str
    may_end: bool
    follows: str


BULLETIN = "buletin"
PURPOSES = {
    one.code: one
    for one in (
        Purpose(
            "akun", "user", "Akun", "Membuat akun, masuk, dan menjaga keamanannya.", "Perjanjian pemakaian", False,
            "Tanpa ini akun tidak dapat dipakai. Akun ditutup bersama penghapusan data, sesudah Anda keluar.",
        ),
        Purpose(
            BULLETIN, "user", "Buletin dan kabar promo", "Mengirim buletin Kopnews dan kabar promo Kopmart.",
            "Persetujuan", True, "Buletin dan kabar promo berhenti dikirim. Pengingat angsuran tetap datang.",
        ),
        Purpose(
            "ulasan", "user", "Nama pada ulasan dan komentar",
            "Menampilkan nama Anda pada ulasan barang dan komentar yang Anda tulis.", "Persetujuan", True,
            "Yang sudah tampil tidak hilang sendiri; minta pembetulan atau penghapusan bila ingin diturunkan.",
        ),
        Purpose(
            "keanggotaan", "member", "Keanggotaan", "Mencatat anggota dan simpanannya di buku koperasi.",
            "Kewajiban hukum dan perjanjian", False,
            "Selama Anda menjadi anggota, undang-undang mewajibkan koperasi mencatatnya.",
        ),
        Purpose(
            "pinjaman", "member", "Pengajuan pinjaman",
            "Memeriksa penghasilan dan dokumen, lalu menagih menurut jadwal.", "Perjanjian dan persetujuan", False,
            "Pengajuan yang belum cair dapat dibatalkan. Sesudah cair, perjanjian pinjaman berlaku sampai lunas.",
        ),
        Purpose(
            "foto", "member", "Foto diri dan kegiatan", "Memakai foto Anda di kartu, papan kabar, atau situs koperasi.",
            "Persetujuan", True, "Koperasi berhenti memakai foto Anda dan menurunkan yang masih terpasang.",
        ),
    )
}  # fmt: skip


def of(kind: str) -> list[Purpose]:
    """The purposes of an account (`user`) or of a member (`member`)."""
    return [one for one in PURPOSES.values() if one.of == kind]
