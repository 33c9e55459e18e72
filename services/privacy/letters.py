"""The written notices of a breach: to each person whose data it met, and to the authority."""

from core.display import moment
from models.coops import Coop
from models.privacy import Breach
from services.notifications.texts import Message

KINDS = {
    "identitas": "Nama, nomor anggota, tempat dan tanggal lahir",
    "ktp": "Nomor KTP",
    "kontak": "Alamat, telepon, surel",
    "rekening": "Nomor rekening bank",
    "keuangan": "Simpanan, pinjaman, dan pembayaran",
    "akun": "Nama pengguna dan sidik kata sandi",
    "belanja": "Pesanan dan alamat kirim",
    "dokumen": "Foto dan dokumen yang diunggah",
}
ADVICE = (
    "Yang sebaiknya Anda lakukan: ganti kata sandi, abaikan telepon atau pesan yang meminta kode atau kata sandi, "
    "dan hubungi pengurus bila ada mutasi yang tidak Anda kenal."
)


def notice(breach: Breach, coop: Coop) -> Message:
    """In the app it is cut to fit and leads to the whole letter; the mail carries it all."""
    url = f"/mykoperasi/data-saya/pemberitahuan/{breach.id}"
    opening = f"{coop.name} memberitahukan kegagalan pelindungan data yang mengenai data pribadi Anda."
    return Message("Pemberitahuan kebocoran data pribadi", f"{opening}\n\n{_facts(breach, coop.zone)}\n\n{ADVICE}", url)


def to_people(breach: Breach, coop_name: str, zone: str = "WIB") -> str:
    """The whole letter to somebody whose data it met."""
    return (
        f"Yth. Bapak/Ibu anggota {coop_name},\n\n"
        "Sesuai Pasal 46 UU 27/2022 tentang Pelindungan Data Pribadi, kami memberitahukan kegagalan pelindungan data "
        "yang mengenai data pribadi Anda.\n\n"
        f"{_facts(breach, zone)}\n\n"
        f"{ADVICE}\n\n"
        "Kami mohon maaf. Pertanyaan dijawab pengurus koperasi Anda.\n\n"
        f"Hormat kami,\nPengurus {coop_name} dan eKopz"
    )


def to_authority(breach: Breach, coops: list[str], people: str, zone: str = "WIB") -> str:
    """The letter to the authority for personal data."""
    return (
        "Kepada Yth.\nLembaga Pelindungan Data Pribadi\n\n"
        "Perihal: Pemberitahuan kegagalan pelindungan data pribadi (Pasal 46 UU 27/2022)\n\n"
        f"Kejadian: {breach.title}\n"
        f"Pengendali data: {', '.join(coops)}\nProsesor: eKopz\nSubjek data yang terkena: {people}\n"
        f"{_facts(breach, zone)}\n"
        f"Diketahui: {moment(breach.found_at, zone)}\n\n"
        "Daftar subjek data tersedia bila diminta. Subjek data diberi tahu secara tertulis dalam 3 x 24 jam.\n\n"
        "Hormat kami,\neKopz"
    )


def _facts(breach: Breach, zone: str) -> str:
    return (
        f"Data yang terkena: {_kinds(breach)}\n"
        f"Kapan terjadi: {moment(breach.happened_at, zone)}\n"
        f"Bagaimana terjadi: {breach.what}\n"
        f"Penanganan dan pemulihan: {breach.handling or '(belum ditulis)'}"
    )


def _kinds(breach: Breach) -> str:
    return "; ".join(KINDS.get(kind, kind) for kind in breach.data_kinds)
