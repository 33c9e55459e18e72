"""What Kopmart refuses a buyer or a shop."""

from core.errors import Refusal


class StoreClosed(Refusal):
    code = "mart.store_closed"
    pesan = "{store} sedang tutup. Barang tetap di keranjang; coba lagi nanti."
    status = 409


class StorePaused(Refusal):
    code = "mart.store_paused"
    pesan = (
        "{store} untuk sementara tidak menerima pesanan baru. Barang tetap di keranjang, dan pesanan "
        "yang sedang berjalan tetap dapat dilihat."
    )
    status = 409


class MembersOnly(Refusal):
    code = "mart.members_only"
    pesan = "{store} hanya melayani anggota koperasinya. Hubungkan dulu akun Anda dengan data anggota."
    status = 403


class OutOfStock(Refusal):
    code = "mart.out_of_stock"
    pesan = "{product} tinggal {left}, sedangkan Anda memesan {wanted}. Kurangi jumlahnya, lalu lanjutkan."
    status = 409


class NotForSale(Refusal):
    code = "mart.not_for_sale"
    pesan = "{product} tidak dijual lagi. Keluarkan dari keranjang, lalu lanjutkan."
    status = 409


class CartEmpty(Refusal):
    code = "mart.cart_empty"
    pesan = "Keranjang kosong. Pilih dulu barangnya."


class PriceChanged(Refusal):
    code = "mart.price_changed"
    pesan = "Jumlahnya berubah dari {seen} menjadi {now}. Periksa rinciannya, lalu pesan lagi bila setuju."
    status = 409


class VoucherRefused(Refusal):
    code = "mart.voucher_refused"
    pesan = "Voucher {code} tidak dapat dipakai: {reason}"
    status = 409


class PointsRefused(Refusal):
    code = "mart.points_refused"
    pesan = "Poin yang dapat dipakai paling banyak {most}. Ubah jumlah poinnya."
    status = 409


class DeliveryUnknown(Refusal):
    code = "mart.delivery_unknown"
    pesan = "Cara pengiriman itu tidak tersedia untuk alamat ini. Pilih salah satu dari daftar."


class PaymentUnknown(Refusal):
    code = "mart.payment_unknown"
    pesan = "Cara bayar itu tidak tersedia untuk pesanan ini. Pilih salah satu dari daftar."


class OrderDiffers(Refusal):
    code = "mart.order_differs"
    pesan = "Formulir ini sudah dikirim dengan isi lain. Buka keranjang lagi, lalu pesan dari sana."
    status = 409


class OrderWrongState(Refusal):
    code = "mart.order_wrong_state"
    pesan = "Pesanan {number} sedang {state}, jadi tidak dapat {act}. Muat ulang halaman untuk melihat keadaannya."
    status = 409


class OrderUnpaid(Refusal):
    code = "mart.order_unpaid"
    pesan = "Pesanan {number} belum dibayar. Terima dulu pembayarannya."
    status = 409


class PasswordWrong(Refusal):
    code = "mart.password_wrong"
    pesan = "Kata sandi tidak cocok, jadi belum ada yang dibayar. Ketik lagi."


class BalanceTooLow(Refusal):
    code = "mart.balance_too_low"
    pesan = "{product} dapat dipakai {free}, kurang dari {amount}. Pilih cara bayar lain atau setor dulu."
    status = 409


class CreditTooHigh(Refusal):
    code = "mart.credit_too_high"
    pesan = "Kasbon tersisa {left} dari batas {limit}, kurang dari {amount}. Pilih cara bayar lain."
    status = 409


class ProofUsed(Refusal):
    code = "mart.proof_used"
    pesan = "Gambar bukti ini sudah dikirim untuk pesanan lain. Kirim bukti pembayaran pesanan ini."
    status = 409


class AmountDiffers(Refusal):
    code = "mart.amount_differs"
    pesan = "Uang yang diterima {got}, tagihannya {due}. Cocokkan dulu, atau tolak bukti ini dan hubungi pembeli."
    status = 409


class ReturnTooMuch(Refusal):
    code = "mart.return_too_much"
    pesan = "{product}: yang dapat dikembalikan {left}, Anda menulis {wanted}."
    status = 409


class RefundWayUnknown(Refusal):
    code = "mart.refund_way_unknown"
    pesan = "Pengembalian uang dengan cara itu tidak dapat untuk pesanan ini. Pilih salah satu dari daftar."


class StockShort(Refusal):
    code = "mart.stock_short"
    pesan = "{product} tersedia {left} (di luar yang dipesan), sedangkan yang dikeluarkan {wanted}."
    status = 409


class CostUnknown(Refusal):
    code = "mart.cost_unknown"
    pesan = "{product} tidak punya harga pokok karena stoknya kosong. Catat sebagai penerimaan dengan harga belinya."


class OpeningTooMuch(Refusal):
    code = "mart.opening_too_much"
    pesan = (
        "Stok awal ini bernilai {value}, sedangkan persediaan di buku yang belum dirinci {left}. "
        "Sisanya catat sebagai penerimaan atau hasil stok opname."
    )


class QuantityInvalid(Refusal):
    code = "mart.quantity_invalid"
    pesan = "Jumlah barang harus angka bulat 1 sampai 9.999."


class CountBelowOrders(Refusal):
    code = "mart.count_below_orders"
    pesan = (
        "{product} dihitung {counted}, padahal {reserved} sudah dipesan pembeli. Hitung lagi atau batalkan pesanannya."
    )
    status = 409


class CountStale(Refusal):
    code = "mart.count_stale"
    pesan = "Stok berubah sejak hitungan ini dibuat. Periksa selisihnya sekali lagi, lalu bukukan."
    status = 409


class BankChangedLately(Refusal):
    code = "mart.bank_changed_lately"
    pesan = "Rekening toko baru diubah. Penarikan dapat diajukan lagi {until}, demi keamanan."
    status = 409


class StoreBalanceTooLow(Refusal):
    code = "mart.store_balance_too_low"
    pesan = "Saldo toko yang dapat ditarik {free}, kurang dari {amount}."
    status = 409


class PayoutWrongState(Refusal):
    code = "mart.payout_wrong_state"
    pesan = "Penarikan ini sedang {state}, jadi tidak dapat {act}. Muat ulang halaman."
    status = 409


class OwnPayout(Refusal):
    code = "mart.own_payout"
    pesan = "Anda yang mengajukan penarikan ini. Minta orang lain yang memutuskan dan membayarnya."
    status = 403


class CreditTooMuch(Refusal):
    code = "mart.credit_too_much"
    pesan = "Kasbon ini tinggal {left}, sedangkan yang diisi {amount}. Kurangi jumlahnya."
    status = 409


class CreditDiffers(Refusal):
    code = "mart.credit_differs"
    pesan = "Formulir ini sudah dikirim dengan isi lain. Buka kasbonnya lagi, lalu isi dari sana."
    status = 409


class NothingToPack(Refusal):
    code = "mart.nothing_to_pack"
    pesan = "Tidak ada pesanan yang perlu dikemas. Pesanan yang sudah dibayar muncul di tab Dikemas."
    status = 409


class BankMissing(Refusal):
    code = "mart.bank_missing"
    pesan = "{store} belum punya rekening bank. Isi dulu di halaman toko, lalu ajukan penarikannya."


class BankChangedSince(Refusal):
    code = "mart.bank_changed_since"
    pesan = "Rekening toko diubah setelah penarikan ini diajukan. Batalkan, lalu ajukan lagi ke rekening yang benar."
    status = 409


class PayoutDiffers(Refusal):
    code = "mart.payout_differs"
    pesan = "Formulir ini sudah dikirim dengan isi lain. Buka formulirnya lagi, lalu ajukan dari sana."
    status = 409


class PromoPriceTooLow(Refusal):
    code = "mart.promo_price_too_low"
    pesan = "{product}: harganya {price}, jadi potongan ini tidak menyisakan apa pun. Kecilkan potongannya."


class PromoSold(Refusal):
    code = "mart.promo_sold"
    pesan = "{product}: {reason}"
    status = 409


class VoucherCodeTaken(Refusal):
    code = "mart.voucher_code_taken"
    pesan = "Kode {code} sudah dipakai voucher lain. Pilih kode lain, atau kosongkan agar dibuatkan."
    status = 409


class VoucherUsed(Refusal):
    code = "mart.voucher_used"
    pesan = "Voucher {code} sudah dipakai {used} kali, jadi {reason}"
    status = 409


class VoucherAccountMissing(Refusal):
    code = "mart.voucher_account_missing"
    pesan = "Bagan akun belum punya akun potongan voucher. Tetapkan di Pengaturan > Peran akun, lalu simpan lagi."
