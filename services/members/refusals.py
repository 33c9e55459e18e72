"""What the register of members refuses."""

from core.errors import Refusal


class NikTaken(Refusal):
    code = "members.nik_taken"
    pesan = "Nomor KTP ini sudah terdaftar atas nama {name} (nomor anggota {number}). Periksa daftar anggota dulu."


class NikInvalid(Refusal):
    code = "members.nik_invalid"
    pesan = "Nomor KTP harus 16 angka."


class NumberTaken(Refusal):
    code = "members.number_taken"
    pesan = "Nomor anggota {number} sudah dipakai {name}. Pakai nomor lain."


class WrongState(Refusal):
    code = "members.wrong_state"
    pesan = "{name} sedang berstatus {state}, jadi tidak dapat {act}."
    status = 409


class ExitInDebt(Refusal):
    code = "members.exit_in_debt"
    pesan = "{name} masih berutang {short} lebih besar dari simpanannya. Lunasi selisihnya dulu sebelum keluar."


class DepositsRunning(Refusal):
    code = "members.deposits_running"
    pesan = "{name} masih punya simpanan berjangka ({numbers}). Cairkan dulu sebelum keluar."


class ClaimUnmatched(Refusal):
    """Said for whatever does not fit, so that nobody learns which part was right."""

    code = "members.claim_unmatched"
    pesan = "Data itu tidak cocok dengan daftar anggota. Periksa lagi semuanya, atau minta bantuan pengurus."


class TooManyClaims(Refusal):
    code = "members.too_many_claims"
    pesan = "Terlalu banyak percobaan. Coba lagi besok, atau minta pengurus menghubungkan akun Anda."
    status = 429


class ClaimDecided(Refusal):
    code = "members.claim_decided"
    pesan = "Permintaan keanggotaan ini sudah {state}. Muat ulang halaman."
    status = 409


class MemberTaken(Refusal):
    code = "members.member_taken"
    pesan = "Anggota nomor {number} {reason}. Tolak permintaan ini dengan alasannya."
    status = 409


class PlaceTaken(Refusal):
    code = "members.place_taken"
    pesan = "Akun ini sudah terhubung dengan seorang anggota di koperasi ini."
    status = 409


class JoinClosed(Refusal):
    code = "members.join_closed"
    pesan = "{name} sedang tidak menerima pendaftaran lewat halaman ini. Hubungi pengurusnya."
    status = 409


class TooManyJoins(Refusal):
    code = "members.too_many_joins"
    pesan = "Terlalu banyak pendaftaran dari jaringan ini. Tunggu satu jam lalu coba lagi, atau hubungi pengurusnya."
    status = 429


class JoinDecided(Refusal):
    code = "members.join_decided"
    pesan = "Permintaan {name} sudah {state}. Muat ulang halaman."
    status = 409


class PersonErased(Refusal):
    code = "members.erased"
    pesan = "Data anggota ini sudah dihapus atas permintaan. Tidak ada lagi yang dapat diubah."
    status = 409
