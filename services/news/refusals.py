"""What Kopnews declines, in the words people read."""

from core.errors import Refusal


class NeedsNote(Refusal):
    code = "news.needs_note"
    pesan = "Artikel ini sudah terbit. Isi catatan koreksi, supaya pembaca tahu apa yang diperbaiki."


class NotComplete(Refusal):
    code = "news.not_complete"
    pesan = "Artikel belum lengkap: isi {what} dulu."


class NotYours(Refusal):
    code = "news.not_yours"
    pesan = "Artikel ini sedang {state}, jadi hanya redaktur yang dapat mengubahnya."
    status = 409


class WrongMoment(Refusal):
    code = "news.wrong_moment"
    pesan = "Waktu terbit sudah lewat. Pilih waktu yang akan datang, atau kosongkan untuk terbit sekarang."


class WaitForReview(Refusal):
    code = "news.wait_for_review"
    pesan = "Anda punya {many} komentar yang masih menunggu pemeriksaan. Tunggu sampai redaksi memeriksanya."


class NoMail(Refusal):
    code = "news.no_mail"
    pesan = "Kabar lewat surel belum tersedia di sini. Ikuti Kopnews lewat RSS."


class WrongAddress(Refusal):
    code = "news.wrong_address"
    pesan = "Alamat surel ini tidak benar. Periksa lagi, misalnya nama@contoh.id."


class TooManyAsked(Refusal):
    code = "news.too_many_asked"
    pesan = "Sedang banyak yang mendaftar. Coba lagi satu jam lagi."
    status = 429


class LinkOver(Refusal):
    code = "news.link_over"
    pesan = "Tautan ini sudah lewat masanya. Tulis lagi alamat surel Anda di halaman Kopnews."
    status = 410


class Withdrawn(Refusal):
    code = "news.withdrawn"
    pesan = "Pengumuman ini sudah ditarik oleh pengurus. Kabar lain ada di halaman Pengumuman."
    status = 410


class NothingNew(Refusal):
    code = "news.nothing_new"
    pesan = "Belum ada yang dikirim: {why}."
    status = 409
