"""Every message of the house as one table of words: what happened, and what to do now."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from core.display import date_long, month_long, rupiah

LOANS, SAVINGS, STATEMENTS, MEMBER = (
    "/mykoperasi/pinjaman", "/mykoperasi/tabungan", "/mykoperasi/laporan", "/mykoperasi/",
)  # fmt: skip
CHOICES = "/mykoperasi/akun/pemberitahuan"
LATE_DAYS = (1, 7, 30)
DUE_DAYS = 3


@dataclass(frozen=True)
class Message:
    """A title for the bell, a body for the reader, and where to go on."""

    title: str
    body: str
    url: str = ""


_WAY_OUT = "Berhenti menerima"
_APPLICATION = {
    "asked": ("diterima", "Pengajuan Anda sudah kami terima dan menunggu dianalisis."),
    "analysed": ("dianalisis", "Pengajuan Anda sudah dianalisis dan menunggu keputusan pengurus."),
    "approved": ("disetujui", "Pengajuan Anda disetujui. Tunggu kabar pencairan dari bendahara."),
    "rejected": ("ditolak", "Pengajuan Anda belum dapat disetujui."),
    "cancelled": ("dibatalkan", "Pengajuan Anda dibatalkan. Ajukan lagi kapan saja bila perlu."),
    "settled": ("lunas", "Pinjaman Anda sudah lunas. Terima kasih."),
}
_WITHDRAWAL = {
    "asked": ("diterima", "menunggu persetujuan pengurus."),
    "approved": ("disetujui", "akan dibayar oleh petugas."),
    "paid": ("dibayar", "sudah dibayar. Kuitansinya ada di riwayat simpanan."),
    "rejected": ("ditolak", "ditolak."),
    "cancelled": ("dibatalkan", "dibatalkan."),
}


def application(number: str, state: str, note: str = "") -> Message | None:
    """A loan's application moved on, or was decided; None for states that concern nobody else."""
    if state not in _APPLICATION:
        return None
    word, sentence = _APPLICATION[state]
    reason = f" Alasan: {note.strip()}" if state == "rejected" and note.strip() else ""
    return Message(f"Pinjaman {number} {word}", sentence + reason, LOANS)


def disbursed(number: str, net_rp: int, first_due_on: date) -> Message:
    body = f"{rupiah(net_rp)} sudah dicairkan. Angsuran pertama jatuh tempo {date_long(first_due_on)}."
    return Message(f"Pinjaman {number} dicairkan", body, LOANS)


def due_soon(number: str, amount_rp: int, due_on: date) -> Message:
    body = f"Angsuran {rupiah(amount_rp)} jatuh tempo {date_long(due_on)}. Siapkan pembayarannya."
    return Message(f"Angsuran pinjaman {number} segera jatuh tempo", body, LOANS)


def late(number: str, amount_rp: int, days: int) -> Message:
    body = f"Angsuran {rupiah(amount_rp)} terlambat {days} hari. Bayar sekarang, atau hubungi pengurus bila sulit."
    return Message(f"Angsuran pinjaman {number} terlambat", body, LOANS)


def transfer(number: str, said_rp: int, booked_rp: int | None, url: str, reason: str = "") -> Message:
    """Money a member sent by bank: booked, or (without `booked_rp`) not found."""
    if booked_rp is None:
        body = f"Transfer {rupiah(said_rp)} belum dapat dibukukan. Alasan: {reason.strip()}"
        return Message(f"Transfer untuk pinjaman {number} ditolak", body, url)
    differs = "" if said_rp == booked_rp else f" Di rekening koran tercatat {rupiah(booked_rp)}."
    body = f"Transfer {rupiah(said_rp)} sudah kami terima.{differs} Kuitansinya ada di halaman pinjaman."
    return Message(f"Transfer untuk pinjaman {number} dibukukan", body, url)


def withdrawal(product: str, amount_rp: int, state: str, reason: str = "") -> Message:
    word, rest = _WITHDRAWAL[state]
    why = f" Alasan: {reason.strip()}" if state in {"rejected", "cancelled"} and reason.strip() else ""
    return Message(f"Penarikan {product} {word}", f"Penarikan {rupiah(amount_rp)} {rest}{why}", SAVINGS)


_PAYOUT = {
    "approved": ("disetujui", "disetujui dan akan dibayar oleh bendahara."),
    "paid": ("dibayar", "sudah dibayar ke rekening toko."),
    "rejected": ("ditolak", "ditolak."),
}


def payout(store: str, amount_rp: int, state: str, reason: str, payout_id: int) -> Message:
    """What became of a shop's request for its balance."""
    word, rest = _PAYOUT[state]
    why = f" Alasan: {reason.strip()}" if state == "rejected" and reason.strip() else ""
    url = f"/kopmin/saldo-toko/penarikan/{payout_id}"
    return Message(f"Penarikan saldo {store} {word}", f"Penarikan {rupiah(amount_rp)} {rest}{why}", url)


def deposit_matured(number: str, amount_rp: int) -> Message:
    body = f"{rupiah(amount_rp)} sudah jatuh tempo dan dapat diambil di kantor koperasi."
    return Message(f"Simpanan berjangka {number} jatuh tempo", body, SAVINGS)


def deposit_rolled(number: str, amount_rp: int, matures_on: date, rate: str) -> Message:
    body = f"{rupiah(amount_rp)} diperpanjang sampai {date_long(matures_on)} dengan bunga {rate} % setahun."
    return Message(f"Simpanan berjangka {number} diperpanjang", body, SAVINGS)


def claim(coop: str, *, approved: bool, reason: str = "") -> Message:
    if approved:
        return Message("Keanggotaan Anda dikenali", f"Akun Anda kini terhubung sebagai anggota {coop}.", MEMBER)
    return Message("Permintaan keanggotaan ditolak", f"{coop} belum dapat menghubungkan akun Anda. Alasan: {reason}")


def confirm_coop(coop: str, name: str, path: str) -> Message:
    """To whoever registered a cooperative: the link that opens it."""
    body = (
        f"Halo {name}, tinggal satu langkah lagi. Buka tautan di bawah ini untuk membuka {coop} di eKopz. Tautannya "
        "berlaku 48 jam dan sekali pakai. Bila bukan Anda yang mendaftar, abaikan surat ini: tidak ada yang terjadi."
    )
    return Message(f"Buka {coop} di eKopz", body, path)


def registered_already(name: str, username: str) -> Message:
    """To somebody with an account whose address was given for a new cooperative."""
    body = (
        f"Halo {name}, alamat ini baru dipakai untuk mendaftarkan koperasi, tetapi Anda sudah punya akun eKopz. Masuk "
        f"dengan nama pengguna {username}. Lupa kata sandi? Tekan Lupa kata sandi di halaman itu. "
        "Bila bukan Anda yang mendaftar, abaikan surat ini."
    )
    return Message("Anda sudah punya akun eKopz", body, "/masuk")


def joining(coop: str, *, accepted: bool, reason: str = "") -> Message:
    """To somebody who asked on the public page to become a member."""
    if accepted:
        body = f"Pengurus {coop} sudah menerima data Anda dan akan menghubungi Anda untuk langkah berikutnya."
        return Message(f"Pendaftaran di {coop} diterima", body)
    body = f"{coop} belum dapat menerima pendaftaran Anda. Alasan: {reason}"
    return Message(f"Pendaftaran di {coop} belum diterima", body)


def admitted(coop: str, number: str) -> Message:
    """To somebody who asked on the public page, once they are a member."""
    body = f"Selamat, Anda kini anggota {coop} dengan nomor {number}. Simpanan dan pinjaman Anda ada di MyKoperasi."
    return Message(f"Anda anggota {coop}", body, MEMBER)


def store_bank(store: str, account: str, by: str, store_id: int) -> Message:
    body = f"Rekening toko {store} diganti menjadi {account} oleh {by}. Bila bukan Anda yang meminta, hubungi ketua."
    return Message(f"Rekening toko {store} diganti", body, f"/kopmin/toko/{store_id}")


def statement(month_on: date) -> Message:
    body = f"Laporan {month_long(month_on)} sudah dapat diunduh: simpanan, pinjaman, dan simpanan berjangka Anda."
    return Message(f"Laporan bulanan {month_long(month_on)}", body, STATEMENTS)


_ORDER = {
    "pay": ("dibayar", "Pembayaran Anda diterima {store}. Pesanan sedang dikemas."),
    "refuse_proof": ("belum terbayar", "Bukti bayar Anda belum dapat diterima. Alasan: {note} Kirim bukti yang benar."),
    "ship": ("dikirim", "{store} sudah mengirim pesanan Anda{parcel}. Tekan Diterima bila paketnya sampai."),
    "deliver": ("sampai", "Paket dari {store} sudah sampai. Periksa isinya, lalu tekan Diterima."),
    "cancel": ("dibatalkan", "{store} membatalkan pesanan Anda. Alasan: {note}"),
    "expire": ("dibatalkan", "Batas waktu pembayaran lewat, jadi pesanan batal. Pesan lagi bila masih perlu."),
    "decline": ("tidak dikembalikan", "{store} menolak pengembalian Anda. Jawaban: {note}"),
    "refund": ("dikembalikan uangnya", "Uang pesanan Anda di {store} dikembalikan: {note}"),
    "late_money": ("sudah batal", "Uang Anda masuk setelah pesanan batal. {store} mengembalikannya kepada Anda."),
}
_KEEPER = {
    "pay": ("Pesanan baru {number}", "{buyer}, {total}. Kemas sekarang."),
    "ask_return": ("Pengembalian {number}", "{buyer} minta uang kembali: {note}"),
    "take_back": ("Pengembalian {number} ditarik", "{buyer} jadi menyimpan barangnya."),
    "complain": ("Keluhan {number}", "{buyer}: {note}"),
}


def order_url(public_id: str) -> str:
    """Where a buyer reads of one of their orders."""
    return f"/kopmart/pesanan/{public_id}"


def order(act: str, number: str, store: str, note: str, url: str, parcel: str = "") -> Message | None:
    """What a buyer hears of their order; None for acts that are their own or of no concern."""
    if act not in _ORDER:
        return None
    word, sentence = _ORDER[act]
    body = sentence.format(store=store, note=_sentence(note), parcel=f" dengan {parcel}" if parcel else "")
    return Message(f"Pesanan {number} {word}", body, url)


def order_done(number: str, store: str, points: int, url: str) -> Message:
    earned = f" Anda mendapat {points} poin." if points else ""
    return Message(f"Pesanan {number} selesai", f"Terima kasih sudah belanja di {store}.{earned}", url)


def order_for_keeper(act: str, number: str, buyer: str, total_rp: int, note: str, order_id: int) -> Message | None:
    """What those who keep a shop hear of an order; None for what they did themselves."""
    if act not in _KEEPER:
        return None
    title, sentence = _KEEPER[act]
    body = sentence.format(buyer=buyer or "Pembeli", total=rupiah(total_rp), note=note)
    return Message(title.format(number=number), body, f"/kopmin/pesanan/show/{order_id}")


def ticket_answered(label: str, title: str, answer: str, by: str, url: str) -> Message:
    return Message(f"{label} dijawab: {title}", f"{by} menjawab:\n\n{answer}", url)


def ticket_closed(label: str, title: str, url: str) -> Message:
    body = f"Percakapan “{title}” sudah selesai. Beri nilai jawabannya, atau balas bila belum beres."
    return Message(f"{label} selesai", body, url)


def visitor_answered(name: str, question: str, answer: str) -> Message:
    """The answer to somebody without an account, above what they wrote."""
    quoted = "\n".join(f"> {line}" for line in question.splitlines())
    return Message("Jawaban dari eKopz", f"Halo {name},\n\n{answer}\n\nPesan Anda:\n{quoted}")


def digest(day: date, groups: list[tuple[str, list[tuple[str, str, str]]]], more: int = 0) -> Message:
    """A day's messages in one mail: by cooperative, each with title, body and address."""
    count = sum(len(told) for _, told in groups) + max(0, more)
    parts = [
        f"{coop}\n\n" + "\n\n".join("\n".join(line for line in one if line) for one in told) for coop, told in groups
    ]
    if more > 0:
        parts.append(f"dan {more} kabar lain di halaman Pesan.")
    whose = groups[0][0] if len(groups) == 1 else "koperasi Anda"
    return Message(f"{count} kabar dari {whose}, {date_long(day)}", "\n\n".join(parts), "/mykoperasi/pesan")


def foot(address: str, way_out: str = "") -> str:
    """The lines under a mail: where to choose which mails come, and the way out of this kind."""
    choice = f"Atur surat mana yang Anda terima: {address}" if address else ""
    return "\n".join(line for line in (choice, way_out) if line)


def way_out(what: str, address: str) -> str:
    """The last line of a letter to many: where to end it by one click. Mail programs are told the same."""
    return f"{_WAY_OUT} {what}: {address}" if address else ""


def way_out_of(body: str) -> str:
    """The address in that last line; empty for a letter without one."""
    last = body.rstrip().rpartition("\n")[2]
    return last.rpartition(": ")[2] if last.startswith(_WAY_OUT) else ""


def _sentence(note: str) -> str:
    """Somebody's words, ended as a sentence."""
    plain = note.strip()
    return plain if not plain or plain[-1] in ".!?" else f"{plain}."


def announcement(title: str, words: str, announcement_id: int) -> Message:
    """What a cooperative announces to its members; of a long text its beginning."""
    short = words if len(words) <= 240 else f"{words[:240].rsplit(' ', 1)[0]} …"
    return Message(title, short, f"/mykoperasi/pengumuman/{announcement_id}")


def whatsapp(phone: str, text: str) -> str:
    """The address that opens a chat with this number and these words; empty for what is no mobile number here."""
    digits = "".join(character for character in phone if character.isascii() and character.isdigit())
    if digits.startswith("0") and not digits.startswith("00"):
        digits = "62" + digits[1:]
    elif digits.startswith("8"):
        digits = "62" + digits
    if not digits.startswith("628") or not 10 <= len(digits) <= 15:
        return ""
    return f"https://wa.me/{digits}?text={quote(text)}"


def share(text: str) -> str:
    """The address that lets somebody send these words to whom they choose."""
    return f"https://wa.me/?text={quote(text)}"


def privacy(kind: str, state: str, answer: str) -> Message:
    """What became of a request about the member's own data."""
    why = f" Jawaban pengurus: {answer.strip()}" if answer.strip() else ""
    return Message(f"{kind} {state}", f"Permintaan Anda tentang data pribadi {state}.{why}", "/mykoperasi/data-saya")
