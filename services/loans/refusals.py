"""What lending refuses."""

from core.errors import Refusal


class LoanWrongState(Refusal):
    code = "loans.wrong_state"
    pesan = "Pinjaman {number} sedang {state}, jadi tidak dapat {act}. Muat ulang halaman untuk melihat keadaannya."
    status = 409


class ProductInvalid(Refusal):
    code = "loans.product_invalid"
    pesan = "{field}: {reason}"


class AmountOutside(Refusal):
    code = "loans.amount_outside"
    pesan = "{product}: jumlah harus {least} sampai {most}. Yang diajukan {amount}."


class TermOutside(Refusal):
    code = "loans.term_outside"
    pesan = "{product}: paling lama {longest} kali angsuran. Yang diajukan {term}."


class ApplicationOpen(Refusal):
    code = "loans.application_open"
    pesan = "{member} masih punya pengajuan {number} yang belum selesai. Selesaikan atau batalkan dulu yang itu."
    status = 409


class ApplicationDiffers(Refusal):
    code = "loans.application_differs"
    pesan = "Formulir ini sudah dikirim dengan isi lain. Buka formulir baru, lalu isi lagi."
    status = 409


class TooManyLoans(Refusal):
    code = "loans.too_many"
    pesan = "{member} sudah punya {count} pinjaman {product} berjalan. Lunasi dulu, atau ajukan sebagai kompensasi."


class DocumentsMissing(Refusal):
    code = "loans.documents_missing"
    pesan = "Dokumen belum lengkap: {missing}. Unggah dulu sebelum diajukan."


class OwnLoan(Refusal):
    code = "loans.own_loan"
    pesan = "Ini pinjaman Anda sendiri (atau Anda yang mencatatnya). Minta pengurus lain yang memutuskan."
    status = 403


class DecidedAlready(Refusal):
    code = "loans.decided_already"
    pesan = "Anda sudah memberi keputusan untuk pinjaman {number}. Langkah berikutnya oleh orang lain: {next}."
    status = 409


class RelatedLimit(Refusal):
    code = "loans.related_limit"
    pesan = (
        "Pinjaman pihak terkait menjadi {total}, di atas batas {limit} ({percent} % modal sendiri). Kurangi jumlahnya."
    )


class NothingPaidOut(Refusal):
    code = "loans.nothing_paid_out"
    pesan = "Potongan {deductions} lebih besar dari pinjaman {principal}, jadi tidak ada yang cair. Periksa jumlahnya."


class PaysTooMuch(Refusal):
    code = "loans.pays_too_much"
    pesan = "Pembayaran {amount} lebih besar dari seluruh sisa utang {left}. Terima paling banyak sebesar itu."


class EndsTheLoan(Refusal):
    code = "loans.ends_the_loan"
    pesan = "Jumlah ini melunasi pokok pinjaman {number}. Pakai pelunasan dipercepat, seluruhnya {least}."


class PaymentInvalid(Refusal):
    code = "loans.payment_invalid"
    pesan = "Jumlah harus rupiah bulat di atas nol. Yang diterima: {amount}."


class PaidBeforeDisbursed(Refusal):
    code = "loans.paid_before_disbursed"
    pesan = "Tanggal bayar {paid} lebih awal dari tanggal cair {disbursed}. Periksa tanggalnya."


class QuoteStale(Refusal):
    code = "loans.quote_stale"
    pesan = "Sisa utang berubah sejak ditampilkan. Lihat lagi hitungannya, lalu lanjutkan."
    status = 409


class PaymentUndone(Refusal):
    code = "loans.payment_undone"
    pesan = "Pembayaran ini sudah dibatalkan."
    status = 409


class NotLatestPayment(Refusal):
    code = "loans.not_latest_payment"
    pesan = "Hanya pembayaran terakhir yang dapat dibatalkan. Batalkan dulu pembayaran sesudahnya."


class NotWriteOffable(Refusal):
    code = "loans.not_write_offable"
    pesan = "Pinjaman {number} belum dapat dihapusbukukan: {reason}"


class ClassesInvalid(Refusal):
    code = "loans.classes_invalid"
    pesan = "Tabel kolektibilitas: {reason}"


class TooManyDocuments(Refusal):
    code = "loans.too_many_documents"
    pesan = "Satu pengajuan paling banyak {most} dokumen. Gabungkan beberapa lembar dalam satu foto."


class DocumentGone(Refusal):
    code = "loans.document_gone"
    pesan = "Dokumen {label} tidak ada lagi di penyimpanan. Unggah lagi bila masih perlu."
    status = 404


class TransferTooMuch(Refusal):
    code = "loans.transfer_too_much"
    pesan = (
        "Transfer {amount} lebih besar dari yang diperlukan untuk melunasi: {payoff} per {on}{waits}. "
        "Periksa jumlahnya, atau hubungi pengurus bila uangnya sudah terkirim."
    )


class TransferDiffers(Refusal):
    code = "loans.transfer_differs"
    pesan = "Formulir ini sudah dikirim dengan isi lain. Buka formulir baru, lalu isi lagi."
    status = 409


class TransferProofUsed(Refusal):
    code = "loans.transfer_proof_used"
    pesan = "Gambar bukti ini sudah pernah dikirim. Unggah bukti dari transfer yang ini."
    status = 409


class TooManyTransfers(Refusal):
    code = "loans.too_many_transfers"
    pesan = "Sudah ada {most} transfer yang masih diproses untuk pinjaman ini. Tunggu kabar pengurus dulu."


class TransferWrongState(Refusal):
    code = "loans.transfer_wrong_state"
    pesan = "Transfer ini {state}, jadi tidak dapat {act}. Muat ulang halaman untuk melihat keadaannya."
    status = 409


class OwnTransfer(Refusal):
    code = "loans.own_transfer"
    pesan = "Ini transfer Anda sendiri. Minta petugas lain yang memeriksanya di rekening koran."
    status = 403


class TransferEndsDifferently(Refusal):
    code = "loans.transfer_ends_differently"
    pesan = "Untuk melunasi per {on} diperlukan tepat {payoff}, sedang yang masuk {amount}. Pilih pemakaian lain."
