"""What the till refuses a cashier, or keeps for a person to decide."""

from core.errors import Refusal


class ShiftOpen(Refusal):
    code = "mart.shift_open"
    pesan = "Anda masih punya giliran terbuka di {store} dengan modal {opening}. Lanjutkan atau tutup dulu giliran itu."
    status = 409


class ShiftClosed(Refusal):
    code = "mart.shift_closed"
    pesan = "Giliran ini sudah ditutup dengan uang {counted}. Buka giliran baru untuk menjual lagi."
    status = 409


class NotYourShift(Refusal):
    code = "mart.not_your_shift"
    pesan = "Giliran ini milik {cashier}. Masuk sebagai {cashier}, atau buka giliran Anda sendiri."
    status = 403


class SaleAfterShift(Refusal):
    code = "mart.sale_after_shift"
    pesan = "Penjualan ini bertanggal sesudah gilirannya ditutup. Periksa uangnya, lalu bukukan hari ini."
    status = 409


class ClockWrong(Refusal):
    code = "mart.clock_wrong"
    pesan = (
        "Menurut jam perangkat, penjualan ini terjadi {sold}; yang diterima paling lama tujuh hari dan tidak dari "
        "masa depan. Betulkan tanggal dan jam perangkat."
    )
    status = 409


class ShelfShort(Refusal):
    code = "mart.shelf_short"
    pesan = (
        "{product}: di rak tercatat {on_hand}, dipesan pembeli lain {reserved}, dijual {wanted}. "
        "Hitung raknya (stok opname), lalu coba lagi."
    )
    status = 409


class PriceUnknown(Refusal):
    code = "mart.price_unknown"
    pesan = "{product}: harga di kasir {seen}, sedangkan harga toko hari itu {now}. Muat ulang daftar harga."
    status = 409


class CashShort(Refusal):
    code = "mart.cash_short"
    pesan = "Uang yang diterima {received}, kurang dari {due}. Minta kekurangannya, atau pilih cara bayar lain."


class CardUnknown(Refusal):
    code = "mart.card_unknown"
    pesan = "Tidak ada anggota aktif dengan nomor atau kartu '{told}'. Periksa lagi, atau jual tanpa nomor anggota."
    status = 404


class KasbonNeedsMember(Refusal):
    code = "mart.kasbon_needs_member"
    pesan = "Kasbon hanya untuk anggota. Isi dulu nomor anggotanya, atau pilih cara bayar lain."


class ReturnOtherDay(Refusal):
    code = "mart.return_other_day"
    pesan = "{number} dijual {sold}, bukan hari ini. Kembalikan lewat halaman pesanannya."
    status = 409


class RefundElsewhere(Refusal):
    code = "mart.refund_elsewhere"
    pesan = "{number} dibayar dengan {way}; uangnya tidak dikembalikan dari laci. Minta bendahara lewat pesanannya."
    status = 409
