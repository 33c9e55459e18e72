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
