"""What the handling of personal data refuses."""

from core.errors import Refusal


class ConsentStands(Refusal):
    code = "privacy.consent_stands"
    pesan = "Persetujuan untuk {purpose} tidak dapat ditarik di sini. {follows}"


class TooManyCopies(Refusal):
    code = "privacy.too_many_copies"
    pesan = "Salinan data sudah diunduh {most} kali dalam sehari. Coba lagi besok, demi keamanan data Anda."
    status = 429


class RequestDecided(Refusal):
    code = "privacy.request_decided"
    pesan = "Permintaan ini sudah {state}. Muat ulang halaman untuk melihat jawabannya."
    status = 409


class ErasureBlocked(Refusal):
    code = "privacy.erasure_blocked"
    pesan = "Data {name} belum dapat dihapus: {reasons}."
    status = 409


class NotSure(Refusal):
    code = "privacy.not_sure"
    pesan = "Ketik {word} persis seperti tertulis untuk memastikan. Penghapusan tidak dapat dibatalkan."


class BreachMoved(Refusal):
    code = "privacy.breach_moved"
    pesan = "Pelanggaran ini sudah {state}. Muat ulang halaman untuk melihat keadaan terbaru."
    status = 409
