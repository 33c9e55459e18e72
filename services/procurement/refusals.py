"""What procurement refuses."""

from core.errors import Refusal


class PurchaseDiffers(Refusal):
    code = "procurement.differs"
    pesan = "Formulir ini sudah dikirim dengan isi lain. Buka formulir baru, lalu isi lagi."
    status = 409


class PurchaseWrongState(Refusal):
    code = "procurement.wrong_state"
    pesan = "{what} {state}, jadi tidak dapat {act}. Muat ulang halaman untuk melihat keadaannya."
    status = 409


class OwnOrder(Refusal):
    code = "procurement.own_order"
    pesan = "Pesanan ini Anda yang membuat. Minta pengurus lain yang memutuskan."
    status = 403


class SupplierUnused(Refusal):
    code = "procurement.supplier_inactive"
    pesan = "Pemasok {supplier} tidak dipakai lagi. Aktifkan dulu di daftar pemasok, atau pilih pemasok lain."


class LineNotGoods(Refusal):
    code = "procurement.line_not_goods"
    pesan = "{name}: {reason}"


class NothingOffered(Refusal):
    code = "procurement.nothing_offered"
    pesan = "Penawaran {supplier} tidak memuat harga untuk barang yang belum dipesan. Pilih penawaran lain."


class QuotationExpired(Refusal):
    code = "procurement.quotation_expired"
    pesan = "Penawaran {supplier} berlaku sampai {until}. Minta penawaran baru, lalu catat di permintaan ini."


class ReasonNeeded(Refusal):
    code = "procurement.reason_needed"
    pesan = "Penawaran {supplier} bukan yang termurah. Tulis alasan memilihnya, supaya dapat dipertanggungjawabkan."


class QuotationUsed(Refusal):
    code = "procurement.quotation_used"
    pesan = "Penawaran {supplier} sudah dipakai pesanan {order}, jadi tidak dapat dihapus."
    status = 409


class TooMuchReceived(Refusal):
    code = "procurement.too_much_received"
    pesan = "{name}: dipesan {ordered}, sudah diterima {received}. Terima paling banyak {left}."


class ReceivedBeforeOrdered(Refusal):
    code = "procurement.received_before_ordered"
    pesan = "Tanggal terima {received} lebih awal dari tanggal pesan {ordered}. Periksa tanggalnya."


class ReceiptBilled(Refusal):
    code = "procurement.receipt_billed"
    pesan = "Penerimaan ini sudah masuk tagihan {bill}. Batalkan dulu tagihannya, lalu penerimaan ini."
    status = 409


class AlreadyUndone(Refusal):
    code = "procurement.already_undone"
    pesan = "{what} ini sudah dibatalkan."
    status = 409


class GoodsGone(Refusal):
    code = "procurement.goods_gone"
    pesan = (
        "{name}: stoknya sudah berubah sejak diterima, jadi penerimaan tidak dapat dibatalkan. Pakai penyesuaian stok."
    )
    status = 409


class NotToBill(Refusal):
    code = "procurement.not_to_bill"
    pesan = "Sebagian penerimaan sudah ditagih atau dibatalkan. Muat ulang halaman, lalu pilih lagi."
    status = 409


class BillReferenceUsed(Refusal):
    code = "procurement.bill_reference_used"
    pesan = (
        "Tagihan nomor {reference} dari {supplier} sudah dicatat {on}. Periksa nomornya supaya tidak dibayar dua kali."
    )
    status = 409


class BillBeforeReceipt(Refusal):
    code = "procurement.bill_before_receipt"
    pesan = "Tanggal dicatat {booked} lebih awal dari tanggal terima {received}. Pakai tanggal terima atau sesudahnya."


class BillPaid(Refusal):
    code = "procurement.bill_paid"
    pesan = "Tagihan {reference} sudah dibayar {paid}. Batalkan dulu pembayarannya, lalu tagihan ini."
    status = 409


class PaysTooMuch(Refusal):
    code = "procurement.pays_too_much"
    pesan = "Pembayaran {amount} lebih besar dari sisa tagihan {left}. Bayar paling banyak sebesar itu."


class PaidBeforeBilled(Refusal):
    code = "procurement.paid_before_billed"
    pesan = "Tanggal bayar {paid} lebih awal dari tanggal tagihan dicatat {booked}. Periksa tanggalnya."


class AdvanceTooMuch(Refusal):
    code = "procurement.advance_too_much"
    pesan = (
        "Uang muka {amount} lebih besar dari sisa pesanan yang belum ditagih {left}. Bayar paling banyak sebesar itu."
    )


class RefundTooMuch(Refusal):
    code = "procurement.refund_too_much"
    pesan = (
        "Uang muka yang belum terpakai tinggal {left}, sedang yang diminta {amount}. Catat paling banyak sebesar itu."
    )


class NotFinished(Refusal):
    code = "procurement.not_finished"
    pesan = "Pesanan {order} belum dapat {act}: {reason}"
    status = 409


class TooManyPapers(Refusal):
    code = "procurement.too_many_documents"
    pesan = "Paling banyak {most} dokumen. Gabungkan beberapa lembar dalam satu berkas PDF."


class PaperRefused(Refusal):
    code = "procurement.document_refused"
    pesan = "{reason} Unggah PDF tanpa kata sandi, atau foto PNG, JPEG, WebP; paling besar 5 MB."


class PaperGone(Refusal):
    code = "procurement.document_gone"
    pesan = "Dokumen {label} tidak ada lagi di penyimpanan. Unggah lagi bila masih perlu."
    status = 404
