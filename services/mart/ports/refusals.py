"""What is said when a service outside does not do what we need."""

from core.errors import Refusal


class GatewayDown(Refusal):
    """No answer, or none that makes sense. Whether it had an effect there is unknown."""

    code = "mart.gateway_down"
    pesan = "Pembayaran online sedang tidak dapat dihubungi. Pilih cara bayar lain atau coba beberapa menit lagi."
    status = 503


class ReferenceUsed(Refusal):
    """The payment service knows our number already: ask for its status, or begin under a new one."""

    code = "mart.reference_used"
    pesan = "Nomor pembayaran {reference} sudah dipakai. Muat ulang halaman pesanan, lalu bayar lagi."
    status = 409


class NoticeForged(Refusal):
    code = "mart.notice_forged"
    pesan = "Pemberitahuan pembayaran ini tidak bertanda tangan sah, jadi diabaikan."
    status = 403


class NoticeUnreadable(Refusal):
    code = "mart.notice_unreadable"
    pesan = "Pemberitahuan pembayaran ini tidak terbaca: {reason}"
    status = 400


class CourierDown(Refusal):
    code = "mart.courier_down"
    pesan = (
        "Ongkir kurir sedang tidak dapat dihitung. Pilih kurir toko atau ambil sendiri, atau coba beberapa menit lagi."
    )
    status = 503


class CourierQuota(CourierDown):
    """Too many questions; `wait_s` says for how many seconds we may not ask."""

    code = "mart.courier_quota"
    pesan = "Batas pertanyaan ongkir hari ini sudah habis. Pilih kurir toko atau ambil sendiri."
    status = 503


class CourierRefused(Refusal):
    code = "mart.courier_refused"
    pesan = "Kurir tidak menerima permintaan ini. Periksa tujuan, berat barang, dan kode kurir toko."


class WaybillUnknown(CourierRefused):
    code = "mart.waybill_unknown"
    pesan = "Resi {waybill} belum dikenal kurir {courier}. Periksa nomornya, atau lihat lagi nanti."
    status = 404


class QrisInvalid(Refusal):
    code = "mart.qris_invalid"
    pesan = "QRIS ini tidak dapat dipakai: {reason}"
