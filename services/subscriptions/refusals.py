"""What a subscription refuses, with the way on."""

from core.errors import Refusal


class PlanUnknown(Refusal):
    code = "subscriptions.plan_unknown"
    pesan = "Paket '{plan}' tidak ditawarkan. Pilih salah satu dari daftar paket."


class AlreadySubscribed(Refusal):
    code = "subscriptions.already"
    pesan = "Koperasi ini sudah punya langganan. Lihat di Pengaturan, Langganan."
    status = 409


class DiscountRefused(Refusal):
    code = "subscriptions.discount_refused"
    pesan = "Kode diskon {code} tidak dapat dipakai: {reason} Kosongkan kodenya atau pakai kode lain."


class PlanTooSmall(Refusal):
    code = "subscriptions.plan_too_small"
    pesan = "Paket {plan} memuat {limit} {what}, sedangkan koperasi ini sudah memakai {used}. Pilih paket lebih besar."


class NothingToChange(Refusal):
    code = "subscriptions.nothing_to_change"
    pesan = "Paket {plan} ini sudah dipakai, jadi tidak ada yang berubah."
    status = 409


class PaymentWaits(Refusal):
    code = "subscriptions.payment_waits"
    pesan = "Tagihan {invoice} sedang menunggu pembayarannya dicocokkan. Tunggu hasilnya, lalu coba lagi."
    status = 409


class InvoiceNotOpen(Refusal):
    code = "subscriptions.invoice_not_open"
    pesan = "Tagihan {invoice} sudah {state}, jadi tidak perlu dibayar. Muat ulang halaman Langganan."
    status = 409


class PriceMoved(Refusal):
    code = "subscriptions.price_moved"
    pesan = "Jumlahnya berubah dari {seen} menjadi {now}. Periksa rinciannya, lalu setujui lagi bila cocok."
    status = 409


class OnlineUnavailable(Refusal):
    code = "subscriptions.online_unavailable"
    pesan = "Pembayaran online tidak tersedia di sini. Bayar lewat transfer bank, lalu kirim buktinya."
    status = 409


class NotOnTrial(Refusal):
    code = "subscriptions.not_on_trial"
    pesan = "Koperasi ini sudah berlangganan, jadi tidak ada masa coba yang dapat diperpanjang."
    status = 409


class AmountDiffers(Refusal):
    code = "subscriptions.amount_differs"
    pesan = (
        "Uang yang masuk {got}, sedangkan tagihannya {due}. Tolak buktinya dengan alasan, atau periksa lagi jumlahnya."
    )


class GatewayBusy(Refusal):
    code = "subscriptions.gateway_busy"
    pesan = "Halaman pembayaran sedang disiapkan. Tunggu sebentar, lalu tekan Bayar online lagi."
    status = 409


class NoticeDiffers(Refusal):
    code = "subscriptions.notice_differs"
    pesan = "Jumlah dalam pemberitahuan ini bukan jumlah tagihannya. Langganan tidak berubah; operator memeriksanya."
    status = 409


class TooHasty(Refusal):
    code = "subscriptions.too_hasty"
    pesan = "Formulirnya terkirim terlalu cepat. Periksa isiannya sebentar, lalu kirim lagi."


class LinkUsed(Refusal):
    code = "subscriptions.link_used"
    pesan = "Tautan ini sudah dipakai dan koperasinya sudah dibuka. Masuk dengan nama pengguna dan kata sandi Anda."
    status = 410


class LinkExpired(Refusal):
    code = "subscriptions.link_expired"
    pesan = "Tautan ini sudah lewat 48 jam. Isian Anda masih ada: minta tautan baru, lalu buka surat yang terbaru."
    status = 410


class LinkUnknown(Refusal):
    code = "subscriptions.link_unknown"
    pesan = "Tautan ini tidak dikenal, atau sudah ada yang lebih baru. Buka surat terakhir dari kami, atau daftar lagi."
    status = 404
