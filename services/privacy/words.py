"""How the columns and codes of a person's copy are called in Indonesian."""

import json
from datetime import datetime
from decimal import Decimal

from core.display import moment, percent_text

COLUMNS = {
    "account_id": "Rekening", "action": "Kejadian", "added_at": "Dimasukkan", "address": "Alamat",
    "admin_rp": "Administrasi", "agent": "Peramban", "amount_rp": "Jumlah", "analysis": "Analisis",
    "answer": "Jawaban", "applied_on": "Mendaftar", "article": "Artikel", "asked_at": "Diminta",
    "asked_on": "Diajukan", "asked_rp": "Jumlah diajukan", "at": "Waktu", "balance_after_rp": "Saldo sesudahnya",
    "balance_rp": "Saldo", "bank": "Bank", "bank_account": "Nomor rekening", "bank_name": "Bank",
    "birth_on": "Tanggal lahir", "birth_place": "Tempat lahir", "body": "Isi", "booked_on": "Dibukukan",
    "booked_rp": "Jumlah dibukukan", "buyer_name": "Nama pembeli", "buyer_phone": "Telepon pembeli", "city": "Kota",
    "closed_on": "Ditutup", "collected_by": "Cara bayar", "complaint": "Keluhan", "courier": "Kurir",
    "created_at": "Dibuat", "credit_id": "Kasbon", "decided_at": "Diputuskan", "decided_on": "Diputuskan",
    "delivery": "Pengantaran", "deposit_id": "Simpanan berjangka", "disbursed_on": "Dicairkan",
    "discount_rp": "Diskon", "due_on": "Jatuh tempo", "email": "Surel", "email_confirmed_at": "Surel dikonfirmasi",
    "employer": "Instansi", "ended_on": "Berakhir", "excess_rp": "Kelebihan", "expires_at": "Berlaku sampai",
    "fee_rp": "Provisi", "first_due_on": "Angsuran pertama", "full_name": "Nama", "given_at": "Diberikan",
    "given_by": "Lewat", "goes_to": "Ditujukan kepada", "goods_rp": "Harga barang", "granted_at": "Diberikan",
    "id": "Nomor baris", "interest_paid_rp": "Jasa dibayar", "interest_rp": "Jasa", "ip": "Alamat internet",
    "is_answer": "Jawaban petugas", "is_payment_in": "Uang masuk", "is_waived": "Dibebaskan", "issued_on": "Tanggal",
    "joined_on": "Anggota sejak", "kind": "Jenis", "label": "Nama", "last_sign_in_at": "Terakhir masuk",
    "last_used_at": "Terakhir dipakai", "left_on": "Keluar", "loan_id": "Pinjaman",
    "mail": "Surel", "mandatory_rp": "Simpanan wajib", "matures_on": "Jatuh tempo", "memo": "Uraian",
    "method": "Cara hitung", "month_on": "Bulan", "name": "Nama", "nik": "Nomor KTP", "nip": "NIP", "no": "Ke-",
    "note": "Catatan", "number": "Nomor", "order_id": "Pesanan", "other_debts_rp": "Angsuran lain",
    "outstanding_rp": "Sisa pokok", "paid_on": "Dibayar", "paid_rp": "Sudah dibayar", "pay_by": "Cara bayar",
    "pay_to": "Dibayar ke", "payout": "Pembayaran bunga", "penalty_paid_rp": "Denda dibayar", "penalty_rp": "Denda",
    "phone": "Telepon", "placed_at": "Dipesan", "placed_on": "Ditempatkan", "points": "Poin", "points_rp": "Dari poin",
    "price_rp": "Harga", "principal_paid_rp": "Pokok dibayar", "principal_rp": "Pokok", "product": "Produk",
    "proof": "Dibuktikan dengan", "provider": "Layanan", "purpose": "Keperluan", "quantity": "Banyaknya",
    "rate_basis": "Dasar jasa", "rate_pct": "Jasa (%)", "read_at": "Dibaca", "reason": "Alasan",
    "received_rp": "Diterima", "reference": "Nomor rujukan", "refund_by": "Dikembalikan lewat",
    "refunded_on": "Dikembalikan", "refunded_rp": "Dikembalikan", "reply": "Balasan",
    "restricted_since": "Dibatasi sejak", "returned": "Dikembalikan", "revoked_at": "Dikeluarkan", "role": "Peran",
    "rollover": "Perpanjangan", "salary_rp": "Penghasilan", "score": "Nilai", "score_note": "Catatan nilai",
    "seen_at": "Terakhir dipakai", "sender": "Pengirim", "sent_at": "Dikirim", "share_rp": "Simpanan pokok",
    "shipping_rp": "Ongkos kirim", "size": "Ukuran (byte)", "stars": "Bintang", "state": "Keadaan",
    "state_reason": "Alasan keadaan", "step": "Langkah", "store_rp": "Kasbon toko", "subject": "Judul",
    "taken_on": "Diambil", "tax_rp": "Pajak", "term": "Berapa kali", "term_months": "Bulan", "ticket_id": "Tiket",
    "title": "Judul", "to_address": "Kepada", "told_number": "Nomor yang disebut", "topic": "Perihal",
    "total_rp": "Jumlah", "totp_since": "Kode kedua sejak", "username": "Nama pengguna", "value_rp": "Nilai",
    "verdict": "Keputusan", "version": "Versi", "voluntary_deduction_rp": "Potongan sukarela",
    "voluntary_rp": "Simpanan sukarela", "voucher_rp": "Voucher", "waybill": "Resi", "wish": "Permintaan",
    "withdrawn_at": "Ditarik", "work_unit": "Unit kerja", "year": "Tahun",
}  # fmt: skip
CODES = {
    "active": "aktif", "analysed": "dianalisis", "answered": "dijawab", "applied": "calon", "approved": "disetujui",
    "asked": "diajukan", "booked": "dibukukan", "broken": "dicairkan awal", "cancelled": "dibatalkan",
    "cash": "tunai", "claimed": "menunggu dicocokkan", "closed": "selesai", "complaint": "keluhan", "coop": "koperasi",
    "correct": "pembetulan", "courier": "kurir", "credit": "kasbon", "deposit": "setoran", "done": "selesai",
    "draft": "draf", "earned": "diperoleh", "erase": "penghapusan", "exit": "keluar", "failed": "gagal",
    "feedback": "masukan", "gateway": "online", "given_back": "dikembalikan", "hidden": "disembunyikan",
    "interest": "jasa", "left": "keluar", "matured": "jatuh tempo", "mandatory": "wajib", "month": "bulan",
    "monthly": "bulanan", "none": "tidak", "open": "terbuka", "opening": "saldo awal", "packing": "dikemas",
    "paid": "dibayar", "paper": "kertas", "payment": "angsuran", "payroll": "potong gaji", "pickup": "diambil",
    "placed": "ditempatkan", "platform": "eKopz", "portal": "MyKoperasi", "principal": "pokok",
    "question": "pertanyaan", "refunded": "dikembalikan", "refused": "ditolak", "rejected": "ditolak",
    "restrict": "pembatasan", "returned": "dikembalikan", "reversal": "pembatalan", "rolled": "diperpanjang",
    "running": "berjalan", "sale": "penjualan", "savings": "simpanan", "sent": "terkirim", "settled": "lunas",
    "settlement": "pelunasan", "share": "pokok", "shipped": "dikirim", "shown": "tampil", "tax": "pajak",
    "taken_back": "ditarik", "till": "kasir", "transfer": "transfer", "unpaid": "belum dibayar", "used": "dipakai",
    "voluntary": "sukarela", "waiting": "menunggu", "withdrawal": "penarikan", "withdrawn": "ditarik",
    "written_off": "dihapus buku", "year": "tahun", "zone": "diantar",
}  # fmt: skip
CODED = frozenset({"state", "kind", "given_by", "goes_to", "collected_by", "rate_basis", "payout", "rollover",
                   "delivery", "pay_by", "refund_by", "verdict"})  # fmt: skip
"""Columns whose values are codes; in all others the value is shown as it is."""


def column(name: str) -> str:
    """The heading of a column."""
    return COLUMNS[name]


def value(name: str, held: object, zone: str) -> object:
    """A value as people read it: codes in words, yes and no in Indonesian, moments in the cooperative's zone."""
    if isinstance(held, bool):
        return "ya" if held else "tidak"
    if isinstance(held, datetime):
        return moment(held, zone)
    if isinstance(held, Decimal):
        return percent_text(held)
    if isinstance(held, (dict, list)):
        return json.dumps(held, ensure_ascii=False) if held else ""
    return CODES.get(held, held) if name in CODED and isinstance(held, str) else held
