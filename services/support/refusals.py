"""What may not be done with a ticket now, and the way on."""

from core.errors import Refusal


class TicketClosed(Refusal):
    code = "support.closed"
    pesan = "Tiket {label} sudah selesai. Tunggu pengirimnya membalas, baru dapat dijawab lagi."
    status = 409


class TicketOpen(Refusal):
    code = "support.still_open"
    pesan = "Tiket {label} belum selesai. Tutup dulu, lalu beri nilai."
    status = 409


class AnsweredMeanwhile(Refusal):
    code = "support.answered_meanwhile"
    pesan = "{name} baru saja menjawab. Baca dulu jawabannya di bawah, lalu kirim lagi bila milik Anda masih perlu."
    status = 409


class TooManyMessages(Refusal):
    code = "support.too_many"
    pesan = "Sudah {most} pesan dalam sehari. Tunggu jawabannya dulu, atau hubungi pengurus lewat telepon."
    status = 429


class TooManyVisitorMessages(Refusal):
    code = "support.too_many_from_here"
    pesan = "Terlalu banyak pesan dari jaringan ini. Tunggu satu jam, lalu kirim lagi."
    status = 429


class MailNotSet(Refusal):
    code = "support.mail_not_set"
    pesan = "Surat belum dapat dikirim dari sini. Jawab {email} dari kotak surat Anda sendiri, lalu tutup pesannya."
