"""Every address of the app and how to fill it: a route or form without a line here fails the tests."""

import re

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from models.coops import Coop
from models.loans import Loan
from models.mart.orders import Order
from models.mart.stores import Store
from models.members import Member
from models.savings import Receipt
from tests.admin_panel.conftest import Panel
from tests.admin_panel.routes import value


def _row(name: str) -> str:
    return f"<int(max=9223372036854775807):{name}>"


ID = _row("receipt_id")
NOT_OURS_TO_WALK = {"/keluar"}  # ends the session that walks; has a case of its own
# proven by a signature, or by the secret of a mail that its program sends back: no form, no token
SIGNED = {"/kopmart/pembayaran/midtrans", "/surat/berhenti/<token>", "/kopnews/kabar/<token>"}
WORDS = {
    "/static/appbuilder/<path:filename>": "css/ab.css",
    "/static/ekopz/<path:filename>": "tokens.css",
    "/static/portal/<path:filename>": "portal.css",
    "/mykoperasi/laporan/<month>.pdf": "2026-02",
    "/tautan/<token>": "unknown",
    "/konfirmasi-surel/<token>": "unknown",
    "/surat/berhenti/<token>": "unknown",
    "/daftar-koperasi/konfirmasi/<token>": "unknown",
    "/bantuan/tur/<name>": "Home.index",
    "/bantuan/panduan/<task>": "setor-simpanan",
    "/mykoperasi/data-saya/persetujuan/<code>": "foto",
    "/teks/<any(besar, biasa):size>": "besar",
    "/kopmart/kategori/<code>": "sembako",
    "/kopmart/toko/<coop>/<store>": "maju",
    "/kopmart/koperasi/<coop>": "maju",
    "/kopmart/foto/<name>.webp": "1-00000000000000000000000000000000",
    "/kopmart/barang/<uuid:public_id>": "00000000-0000-0000-0000-000000000000",
    "/kopmart/barang/<uuid:public_id>/favorit": "00000000-0000-0000-0000-000000000000",
    "/kopmart/barang/<uuid:public_id>/ulasan": "00000000-0000-0000-0000-000000000000",
    "/belajar/<lesson>": "apa-itu-koperasi",
    "/koperasi/<coop>": "maju",
    "/koperasi/<coop>/daftar": "maju",
    "/koperasi/<coop>/terima-kasih": "maju",
}
WORDS |= {
    "/kopnews/kategori/<code>": "keuangan",
    "/kopnews/tag/<tag>": "shu",
    "/kopnews/<slug>": "apa-itu-shu",
    "/kopnews/<slug>/komentar": "apa-itu-shu",
    "/kopnews/gambar/<name>.webp": "none",
    "/kopnews/kabar/<token>": "1-unknown",
}
_ARTICLE = {
    "title": "Kabar baru", "category": "ekonomi", "summary": "Ringkas", "body": "Isi **tebal**", "tags": "pasar",
    "byline": "Redaksi", "cover": "", "note": "Angka diperbaiki", "seen": "",
}  # fmt: skip
_NOTICE = {"title": "Rapat", "body": "Datang **semua**", "is_pinned": "y", "until_on": "", "seen": ""}
_BOUGHT = "/kopmart/pesanan/<uuid:public_id>"
_JOURNAL = {
    "booked_on": "2026-03-05", "memo": "Jasa", "voucher_no": "", "token": "form", "lines-0-account": "11011",
    "lines-0-debit": "5.000", "lines-1-account": "4105", "lines-1-credit": "5.000",
}  # fmt: skip
_MOVE = {"product_id": "{product}", "amount_rp": "1.000", "booked_on": "2026-03-05", "cash": "cash", "memo": "x"}
_PERSON = {
    "name": "Dewi", "nik": "", "nip": "", "birth_place": "", "birth_on": "1990-02-01", "address": "", "employer": "",
    "work_unit": "", "phone": "0812", "email": "", "bank_name": "", "bank_account": "", "voluntary_deduction_rp": "0",
}  # fmt: skip
_WISH = {
    "product_id": "{loan_product}", "asked_rp": "500.000", "term": "10", "purpose": "Modal", "collected_by": "cash",
    "salary_rp": "1.000.000", "other_debts_rp": "0", "asked_on": "2026-03-05", "token": "wish",
}  # fmt: skip
_LOAN_PRODUCT = {
    "code": "BARU", "name": "Pinjaman baru", "method": "flat", "rate_pct": "1", "rate_basis": "month",
    "period": "month", "longest_term": "12", "minimum_rp": "", "maximum_rp": "", "times_savings": "",
    "salary_share_pct": "", "most_running": "1", "fee_pct": "", "admin_rp": "", "linked_pct": "",
    "linked_product_id": "0", "grace": "0", "round_to_rp": "1", "round_what": "installment", "round_mode": "half-up",
    "day_count": "30/360", "penalty_kind": "none", "penalty_value": "", "penalty_free_days": "0",
    "early_interest": "running", "documents": "", "steps": "loans.review", "account_id": "0", "is_active": "y",
}  # fmt: skip
_PRODUCT = {
    "code": "HARI", "name": "Hari raya", "kind": "voluntary", "account_id": "1", "amount_rp": "0",
    "minimum_balance_rp": "0", "interest_method": "none", "interest_pct": "",
}  # fmt: skip
_SHOP = {
    "name": "Toko baru", "about": "", "address": "", "city": "", "phone": "", "is_open": "y", "has_pickup": "y",
    "couriers": "", "origin_id": "", "sells_to_all": "y", "commission_pct": "", "credit_limit_rp": "", "qris": "",
}  # fmt: skip
_GOOD = {"name": "Gula", "category": "sembako", "unit_name": "kg", "weight_g": "1000", "about": "", "supplier_id": "0",
         "is_taxed": "y"}  # fmt: skip
_VARIANT = {"variant": "1 kg", "price_rp": "15.000", "member_price_rp": "", "owner_rp": "", "low_at": "2",
            "barcode": "", "sku": "GLA", "is_active": "y"}  # fmt: skip
_ZONE = {"name": "Luar kota", "places": "Sewon", "fee_rp": "5.000", "eta": "", "is_active": "y"}
_SUPPLIER = {
    "name": "CV Baru", "contact": "", "phone": "0812", "email": "", "address": "", "npwp": "", "bank": "", "note": "",
    "is_active": "y",
}  # fmt: skip
_TO_SUPPLIER = {
    "amount_rp": "1.000", "paid_on": "2026-03-05", "account": "2", "voucher_no": "", "note": "", "token": "money",
}  # fmt: skip
_UNDO = {"booked_on": "2026-03-05", "reason": "Salah"}
_PROMO = {
    "name": "Promo", "kind": "discount", "starts": "2026-03-05T08:00", "ends": "2026-03-09T21:00", "about": "x",
}  # fmt: skip
_VOUCHER = {
    "name": "Voucher", "code": "BARU26", "off_rp": "1.000", "off_pct": "", "most_rp": "", "minimum_rp": "",
    "quota": "", "per_buyer": "1", "audience": "all", "store_id": "1", "starts": "2026-03-05T00:00",
    "ends": "2026-04-05T00:00", "is_active": "y",
}  # fmt: skip
_CODE = {
    "code": "HEMAT", "percent": "10", "off_rp": "", "starts_on": "2026-03-05", "ends_on": "2026-04-05", "invoices": "1",
    "quota": "", "plan_id": "0",
}  # fmt: skip
_BREACH = {
    "title": "Salinan hilang", "what": "Laptop dicuri", "happened": "2026-03-05T08:00", "found": "2026-03-05T09:00",
    "data_kinds": "kontak", "coop_ids": "1", "handling": "Sandi diganti",
}  # fmt: skip
FORMS: dict[str, dict[str, str]] = {
    "/kopnews/<slug>/komentar": {"isi": "Terima kasih", "token": "say-by-hand"},
    "/kopnews/kabar": {"surel": "pembaca@contoh.id"},
    "/kopnews/kabar/<token>": {"mau": "ya"},
    "/kopmin/pengumuman/<row:announcement_id>/tarik": {},
    "/kopmin/pengumuman/<row:announcement_id>/terbitkan": {"at": "2026-03-05T08:00", "seen": ""},
    "/kopmin/pengumuman/<row:announcement_id>/ubah": _NOTICE,
    "/kopmin/pengumuman/buat": _NOTICE,
    "/platform/berita/<row:article_id>/ajukan": {},
    "/platform/berita/<row:article_id>/kembalikan": {"note": "Kurang jelas"},
    "/platform/berita/<row:article_id>/tarik": {},
    "/platform/berita/<row:article_id>/terbitkan": {"at": "2026-03-05T08:00", "seen": ""},
    "/platform/berita/<row:article_id>/ubah": _ARTICLE,
    "/platform/berita/gambar/": {"picture": "", "alt": "Rapat"},
    "/platform/berita/kabar/kirim": {},
    "/platform/berita/komentar/<row:comment_id>": {"act": "tampilkan"},
    "/platform/berita/tulis": _ARTICLE,
    "/api/v1/me/loans": {},
    "/api/v1/me/withdrawals": {},
    "/api/v1/security/login": {"username": "x", "password": "y"},
    "/api/v1/security/refresh": {},
    "/keluar": {},
    "/kopmart/barang/<uuid:public_id>/favorit": {"simpan": "1"},
    "/kopmart/barang/<uuid:public_id>/ulasan": {"baris": "1", "bintang": "5", "isi": "Bagus"},
    "/kopmin/angsuran/<row:loan_id>": {
        "amount_rp": "1.000", "paid_on": "2026-03-05", "extra": "next", "cash": "cash", "voucher_no": "", "memo": "x",
        "token": "pay",
    },
    "/kopmin/angsuran/<row:loan_id>/lunasi": {"mark": "x", "token": "t", "cash": "cash"},
    "/kopmin/angsuran/<row:loan_id>/pemulihan": {
        "amount_rp": "1.000", "paid_on": "2026-03-05", "cash": "cash", "token": "back",
    },
    "/kopmin/angsuran/pembayaran/<row:payment_id>/batal": {"booked_on": "2026-03-05", "reason": "Salah"},
    "/kopmin/angka-keputusan/<setting>": {"value": "20", "effective_on": "2026-03-05", "decided_by": "Rapat"},
    "/kopmin/anggota/<row:member_id>/keluar": {
        "left_on": "2026-03-05", "reason": "Pindah", "cash": "cash", "sure": "y", "mark": "x",
    },
    "/kopmin/anggota/<row:member_id>/nomor": {"reason": "Periksa"},
    "/kopmin/anggota/<row:member_id>/putuskan": {
        "answer": "setuju", "joined_on": "2026-03-05", "number": "77", "reason": "",
    },
    "/kopmin/anggota/<row:member_id>/ubah": _PERSON,
    "/kopmin/anggota/daftar": _PERSON,
    "/kopmin/impor/<row:run_id>/batal": {},
    "/kopmin/impor/<row:run_id>/bukukan": {"fingerprint": "x"},
    "/kopmin/impor/<row:run_id>/ulang": {},
    "/kopmin/impor/unggah": {"kind": "", "as_of": "2026-03-05", "style": "", "token": "t"},
    "/kopmin/jenis-simpanan/add": _PRODUCT,
    "/kopmin/jenis-simpanan/edit/<pk>": _PRODUCT,
    "/kopmin/jenis-pinjaman/<row:product_id>/ubah": _LOAN_PRODUCT,
    "/kopmin/jenis-pinjaman/tambah": _LOAN_PRODUCT,
    "/kopmin/jurnal/<row:seq>/batalkan": {"booked_on": "2026-03-05", "reason": "Salah"},
    "/kopmin/jurnal/manual": _JOURNAL,
    "/kopmin/kasbon/<row:credit_id>/bayar": {
        "amount_rp": "1.000", "on": "2026-03-05", "cash": "cash", "token": "token-kasbon",
    },
    "/kopmin/kasir/": {"store_id": "1", "opening_rp": "100.000"},
    "/kopmin/kasir/<row:shift_id>/kirim": {},
    "/kopmin/kasir/<row:shift_id>/retur/<row:order_id>": {"reason": "Pecah", "token": "returned"},
    "/kopmin/kasir/<row:shift_id>/tutup": {"counted_rp": "100.000", "note": "Pas"},
    "/kopmin/kasir/menunggu/<row:conflict_id>/coba": {},
    "/kopmin/kasir/menunggu/<row:conflict_id>/hapus": {"reason": "Tercatat dua kali"},
    "/kopmin/kolektibilitas/kelas": {
        "effective_on": "2026-03-05", "name-0": "Lancar", "days-0": "0", "pct-0": "1", "name-1": "Macet",
        "days-1": "91", "pct-1": "100", "act": "", "preset": "four",
    },
    "/kopmin/kolektibilitas/penyisihan": {"mark": "x"},
    "/kopmin/kuitansi/<row:receipt_id>/cetak": {"kertas": "a6"},
    "/kopmin/latihan/buka": {},
    "/kopmin/latihan/jawab": {"answer": "1.000.000"},
    "/kopmin/latihan/mulai-ulang": {},
    "/kopmin/latihan/pulang": {},
    "/kopmin/mulai/anggota": {"lines-0-number": "9001", "lines-0-name": "Dewi", "lines-0-phone": "0812"},
    "/kopmin/mulai/nanti/<step>": {},
    "/kopmin/mulai/nol": {},
    "/kopmin/mulai/pengurus": {"full_name": "Bendahara Baru", "phone": "081234567890", "role": "bendahara"},
    "/kopmin/mulai/simpanan": {"share_rp": "100.000", "mandatory_rp": "20.000"},
    "/kopmin/pengguna/<row:user_id>": {"roles": "petugas", "is_active": "y"},
    "/kopmin/pengguna/<row:user_id>/tautan": {},
    "/kopmin/pengguna/tambah": {"username": "baru", "full_name": "Baru", "email": "", "roles": "petugas"},
    "/kopmin/peran-akun/<role>": {"account_id": "1"},
    "/kopmin/bantuan/<row:ticket_id>": {"body": "Masih belum", "token": "said", "after": "0"},
    "/kopmin/bantuan/<row:ticket_id>/nilai": {"score": "5", "note": "Baik"},
    "/kopmin/bantuan/<row:ticket_id>/selesai": {},
    "/kopmin/bantuan/baru": {"kind": "question", "title": "Cetak", "body": "Bagaimana?", "token": "new", "page": "/x"},
    "/kopmin/masukan/<row:ticket_id>": {"body": "Sudah dicatat", "token": "answered", "after": "9999"},
    "/kopmin/masukan/<row:ticket_id>/selesai": {},
    "/platform/pesan-tamu/<row:visitor_message_id>": {"body": "Terima kasih"},
    "/platform/pesan-tamu/<row:visitor_message_id>/selesai": {},
    "/platform/tiket/<row:ticket_id>": {"body": "Baik", "token": "told", "after": "9999"},
    "/platform/tiket/<row:ticket_id>/selesai": {},
    "/kopmin/pesan/<row:message_id>": {"buka": "1"},
    "/kopmin/pesan/semua": {},
    "/kopmin/pemasok/add": _SUPPLIER,
    "/kopmin/pemasok/edit/<pk>": _SUPPLIER,
    "/kopmin/periode/<row:period_id>/<act>": {},
    "/kopmin/periode/buka": {"year": "2030"},
    "/kopmin/pembayaran-pesanan/<row:order_payment_id>": {
        "amount_rp": "1.000", "on": "2026-03-05", "account": "1",
    },
    "/kopmin/pembayaran-pesanan/<row:order_payment_id>/tolak": {"reason": "Tidak ada"},
    "/kopmin/permintaan-bergabung/<row:join_id>": {"answer": "terima", "reason": "x"},
    "/kopmin/permintaan-pengadaan/<row:purchase_request_id>/batalkan": {"reason": "Tidak jadi"},
    "/kopmin/permintaan-pengadaan/<row:purchase_request_id>/dokumen": {"kind": "contract", "label": "SPK"},
    "/kopmin/permintaan-pengadaan/<row:purchase_request_id>/penawaran": {
        "supplier_id": "1", "reference": "", "quoted_on": "2026-03-05", "valid_until": "", "terms": "",
        "token": "quote",
    },
    "/kopmin/permintaan-pengadaan/buat": {
        "untuk": "unit-1", "title": "Kertas", "asked_on": "2026-03-05", "needed_on": "", "note": "", "token": "need",
        "lines-0-name": "Kertas", "lines-0-quantity": "2", "lines-0-unit_name": "rim", "lines-0-estimate": "50.000",
    },
    "/kopmin/permintaan-pengadaan/penawaran/<row:quotation_id>/hapus": {},
    "/kopmin/permintaan-pengadaan/penawaran/<row:quotation_id>/pilih": {
        "ordered_on": "2026-03-05", "due_on": "", "deliver_to": "", "reason": "x", "token": "choose",
    },
    "/kopmin/langganan/pilih": {"seen_rp": "0", "token": "subscribe"},
    "/kopmin/langganan/tagihan/<row:subscription_invoice_id>": {
        "paid_on": "2026-03-05", "bank": "BRI Koperasi", "token": "transferred",
    },
    "/kopmin/langganan/tagihan/<row:subscription_invoice_id>/online": {},
    "/platform/diskon/<row:discount_id>": _CODE,
    "/platform/diskon/buat": _CODE,
    "/platform/langganan/pembayaran/<row:subscription_payment_id>": {"amount_rp": "599.000"},
    "/platform/langganan/pembayaran/<row:subscription_payment_id>/tolak": {"reason": "Tidak ada"},
    "/platform/paket/<row:plan_id>": {
        "name": "Maju", "pitch": "x", "monthly_rp": "599.000", "yearly_rp": "5.990.000", "members": "2500",
        "users": "", "stores": "", "features": "Toko", "is_offered": "y",
    },
    "/platform/koperasi/<row:tenant>/perpanjang": {"until": "2026-03-05", "reason": "Rapat"},
    "/kopmin/persetujuan/<row:request_id>": {"answer": "setuju", "reason": "x"},
    "/kopmin/pembayaran-online/cairkan": {
        "received_on": "2026-03-05", "account": "1", "fee_rp": "0", "token": "payout-1", "payment": "1",
    },
    "/kopmin/pembayaran-online/tanya": {"reference": "EK-2-1-1"},
    "/kopmart/beli/<coop>/<store>": {
        "act": "pesan", "cara": "pickup", "bayar": "cash", "nama": "Siti", "telepon": "", "alamat": "", "kota": "",
        "voucher": "", "poin": "", "catatan": "", "token": "order-by-hand", "total": "15000",
    },
    "/kopmart/keranjang": {"variant_id": "1", "quantity": "1"},
    f"/kopmart/keranjang/{_row('variant_id')}": {"quantity": "1"},
    f"/kopmart/keranjang/{_row('variant_id')}/keluarkan": {},
    f"{_BOUGHT}/batal": {},
    f"{_BOUGHT}/bukti": {"pengirim": "BRI Siti", "bukti": ""},
    f"{_BOUGHT}/cara": {"bayar": "transfer"},
    f"{_BOUGHT}/diterima": {},
    f"{_BOUGHT}/kasbon": {"sandi": "x"},
    f"{_BOUGHT}/keluhan": {"keluhan": "Karungnya bocor"},
    f"{_BOUGHT}/kembalikan": {"baris1": "1", "alasan": "Karungnya bocor", "token": "by-hand-1"},
    f"{_BOUGHT}/online": {},
    f"{_BOUGHT}/poin": {},
    f"{_BOUGHT}/tabungan": {"simpanan": "{product}", "sandi": "x"},
    f"{_BOUGHT}/tarik": {},
    "/kopmart/pembayaran/midtrans": {},
    "/kopmin/penarikan/<row:withdrawal_id>/batalkan": {"reason": "Tidak jadi"},
    "/kopmin/penarikan/<row:withdrawal_id>/bayar": {"paid_on": "2026-03-05", "cash": "cash"},
    "/kopmin/penarikan/<row:withdrawal_id>/putuskan": {"answer": "setuju", "reason": "x"},
    "/kopmin/penarikan/catat": {
        "product_id": "{product}", "amount_rp": "1.000", "pay_to": "BRI 0012", "note": "x", "token": "ask",
    },
    "/kopmin/permintaan-keanggotaan/<row:claim_id>": {"answer": "setuju", "reason": "x"},
    "/kopmin/pesanan/<row:order_id>/batalkan": {"reason": "Habis", "refund": "bank"},
    "/kopmin/pesanan/<row:order_id>/batalkan-bendahara": {"reason": "Habis", "refund": "bank"},
    "/kopmin/pesanan/<row:order_id>/kirim": {"courier": "JNE", "waybill": "JP1"},
    "/kopmin/pesanan/<row:order_id>/sampai": {},
    "/kopmin/pesanan/<row:order_id>/serahkan": {},
    "/kopmin/pesanan/<row:order_id>/uang-terlambat": {"refund": "bank"},
    "/kopmin/pesanan/pengembalian/<row:return_id>": {"answer": "Baik", "refund": "bank", "act": "tolak"},
    "/kopmin/pesanan/pengembalian/<row:return_id>/bendahara": {"answer": "Baik", "refund": "bank"},
    "/kopmin/pesanan-pembelian/<row:purchase_order_id>/batalkan": {"reason": "Tidak jadi"},
    "/kopmin/pesanan-pembelian/<row:purchase_order_id>/dokumen": {"kind": "contract", "label": "SPK"},
    "/kopmin/pesanan-pembelian/<row:purchase_order_id>/putuskan": {"answer": "setuju", "note": "x"},
    "/kopmin/pesanan-pembelian/<row:purchase_order_id>/selesaikan": {"reason": "Sisanya kosong"},
    "/kopmin/pesanan-pembelian/<row:purchase_order_id>/tagihan": {
        "reference": "F-9", "billed_on": "2026-03-05", "booked_on": "2026-03-05", "due_on": "", "vat_rp": "",
        "note": "", "token": "bill", "act": "",
    },
    "/kopmin/pesanan-pembelian/<row:purchase_order_id>/terima": {
        "received_on": "2026-03-05", "delivery_no": "", "note": "", "token": "came",
    },
    "/kopmin/pesanan-pembelian/<row:purchase_order_id>/uang-muka": _TO_SUPPLIER,
    "/kopmin/pesanan-pembelian/<row:purchase_order_id>/uang-muka-kembali": _TO_SUPPLIER,
    "/kopmin/pesanan-pembelian/pembayaran/<row:supplier_payment_id>/batal": _UNDO,
    "/kopmin/pesanan-pembelian/penerimaan/<row:goods_receipt_id>/batal": _UNDO,
    "/kopmin/pesanan-pembelian/tagihan/<row:supplier_bill_id>/batal": _UNDO,
    "/kopmin/pesanan-pembelian/tagihan/<row:supplier_bill_id>/bayar": _TO_SUPPLIER,
    "/kopmin/pinjaman/<row:loan_id>/ajukan": {},
    "/kopmin/pinjaman/<row:loan_id>/analisis": {"principal_rp": "500.000", "term": "10", "note": "x"},
    "/kopmin/pinjaman/<row:loan_id>/batalkan": {"reason": "Tidak jadi"},
    "/kopmin/pinjaman/<row:loan_id>/cairkan": {"mark": "x", "cash": "bank", "voucher_no": ""},
    "/kopmin/pinjaman/<row:loan_id>/dokumen": {"label": "Slip gaji"},
    "/kopmin/pinjaman/<row:loan_id>/hapus-buku": {"on": "2026-03-05", "reason": "Macet"},
    "/kopmin/pinjaman/<row:loan_id>/putuskan": {"answer": "setuju", "note": "x"},
    "/kopmin/pinjaman/<row:loan_id>/restrukturisasi": {
        "starts_on": "2026-03-05", "first_due_on": "2026-04-05", "term": "10", "rate_pct": "1", "reason": "Sakit",
    },
    "/kopmin/pinjaman/ajukan": _WISH,
    "/kopmin/potongan/<row:list_id>/hapus": {},
    "/kopmin/potongan/buat": {"mark": "x"},
    "/kopmin/realisasi/<row:list_id>": {"paid_on": "2026-03-05", "act": "", "mark": "x", "received": ""},
    "/kopmin/profil/": {
        "name": "Koperasi Maju", "zone": "WIB", "email": "", "address": "", "phone": "", "transfer_to": "",
    },
    "/kopmin/profil/logo": {"picture": ""},
    "/kopmin/profil/publik": {"about": "Koperasi kami", "is_listed": "y", "takes_members": "y"},
    "/kopmin/jasa-simpanan/bulan": {"mark": "x"},
    "/kopmin/koperasi-mitra/": {"slug": "tetangga"},
    "/kopmin/koperasi-mitra/<row:partner_row_id>/akhiri": {},
    "/kopmin/promo/<row:campaign_id>": {"act": "", "off-1": "5%", "quota-1": "", "each-1": ""},
    "/kopmin/promo/<row:campaign_id>/hentikan": {},
    "/kopmin/promo/<row:campaign_id>/jalankan": {},
    "/kopmin/promo/<row:campaign_id>/ubah": _PROMO,
    "/kopmin/promo/buat": {**_PROMO, "store_id": "1"},
    "/kopmin/promo/cuci-gudang/<row:store_id>": {},
    "/kopmin/saldo-toko/<row:store_id>/tarik": {"amount_rp": "1.000", "note": "x", "token": "ask"},
    "/kopmin/saldo-toko/penarikan/<row:payout_id>/batalkan": {},
    "/kopmin/saldo-toko/penarikan/<row:payout_id>/bayar": {
        "paid_on": "2026-03-05", "account": "bank", "into": "store_cash",
    },
    "/kopmin/saldo-toko/penarikan/<row:payout_id>/nomor": {},
    "/kopmin/saldo-toko/penarikan/<row:payout_id>/putuskan": {"answer": "setuju", "reason": "x"},
    "/kopmin/voucher/<row:voucher_id>": _VOUCHER,
    "/kopmin/voucher/buat": _VOUCHER,
    "/kopmin/simpanan-berjangka/<row:deposit_id>/cairkan": {"mark": "x", "to": "cash"},
    "/kopmin/simpanan-berjangka/bunga": {"term_months": "12", "rate_pct": "6", "effective_on": "2026-03-05"},
    "/kopmin/simpanan-berjangka/jatuh-tempo/bukukan": {},
    "/kopmin/simpanan-berjangka/terima": {
        "amount_rp": "1.000.000", "term_months": "12", "placed_on": "2026-03-05", "source": "cash",
        "payout": "maturity", "rollover": "none", "voucher_no": "", "token": "place",
    },
    "/kopmin/simpanan/mutasi/<row:movement_id>/batal": {"booked_on": "2026-03-05", "reason": "Salah"},
    "/kopmin/simpanan/setor": _MOVE,
    "/kopmin/simpanan/tarik": _MOVE,
    "/kopmin/tagihan/<row:bill_id>/bebaskan": {"reason": "Sakit"},
    "/kopmin/tagihan/buat": {"jenis": "{mandatory}", "bulan": "2026-03", "mark": "x"},
    "/kopmin/transfer-angsuran/<row:transfer_id>": {
        "amount_rp": "1.000", "booked_on": "2026-03-05", "account": "1", "use": "next",
    },
    "/kopmin/transfer-angsuran/<row:transfer_id>/tolak": {"reason": "Tidak ada"},
    "/kopmin/barang/<row:goods_id>/etalase": {},
    "/kopmin/barang/<row:goods_id>/foto": {"photo": ""},
    "/kopmin/barang/<row:goods_id>/foto/<row:photo_id>/hapus": {},
    "/kopmin/barang/<row:goods_id>/ubah": _GOOD,
    "/kopmin/barang/<row:goods_id>/varian": _VARIANT,
    "/kopmin/barang/tambah": {**_GOOD, **_VARIANT, "store_id": "1"},
    "/kopmin/barang/varian/<row:variant_id>": _VARIANT,
    "/kopmin/opname/<row:store_id>": {"booked_on": "2026-03-05", "token": "t", "counted": "[[1,5]]", "mark": "x"},
    "/kopmin/stok/kartu/<row:variant_id>/sesuaikan": {
        "way": "out", "pieces": "1", "booked_on": "2026-03-05", "reason": "Rusak", "token": "adjust",
    },
    "/kopmin/stok/masuk": {
        "booked_on": "2026-03-05", "paid_from": "", "memo": "Nota", "token": "receive", "lines-0-goods": "BRS",
        "lines-0-pieces": "2", "lines-0-cost": "20.000",
    },
    "/kopmin/toko/<row:store_id>/pengelola": {"user_ids": "1"},
    "/kopmin/toko/<row:store_id>/rekening": {"bank": "BRI", "holder": "Toko", "account": "00123456"},
    "/kopmin/toko/<row:store_id>/sisa-stok-awal": {"booked_on": "2026-03-05", "reason": "Hilang"},
    "/kopmin/toko/<row:store_id>/ubah": _SHOP,
    "/kopmin/toko/<row:store_id>/zona": _ZONE,
    "/kopmin/toko/<row:store_id>/zona/<row:zone_id>": _ZONE,
    "/kopmin/toko/buka": {**_SHOP, "unit_id": "1", "slug": "toko-baru"},
    "/kopmin/ulasan/<row:review_id>": {"reply": "Terima kasih"},
    "/kopmin/ulasan/<row:review_id>/sembunyikan": {},
    "/kopmin/unit/add": {"code": "USP", "name": "Simpan pinjam"},
    "/kopmin/bantuan-ekopz/": {"reason": "Saldo tidak cocok", "hours": "4"},
    "/kopmin/bantuan-ekopz/<row:grant_id>/akhiri": {},
    "/platform/keluar-koperasi/": {},
    "/platform/koperasi/<row:tenant>/lihat": {},
    "/platform/orang/<row:person>": {"role": "penulis"},
    "/platform/orang/<row:person>/tautan": {},
    "/platform/orang/tambah": {"username": "baru.platform", "full_name": "Baru", "role": "penulis"},
    "/masuk": {"username": "x", "password": "y"},
    "/masuk/google/daftar": {"full_name": "Baru", "username": "baru"},
    "/masuk/kode": {"code": "000000", "batal": ""},
    "/masuk/kunci": {},
    "/masuk/kunci/mulai": {},
    "/lupa-kata-sandi": {"siapa": "siti"},
    "/konfirmasi-surel/<token>": {},
    "/surat/berhenti/<token>": {"List-Unsubscribe": "One-Click"},
    "/mykoperasi/akun/surel": {"surel": "siti@contoh.id", "sandi": "x"},
    "/mykoperasi/akun/google": {"sandi": "x"},
    "/mykoperasi/akun/google/lepas": {"sandi": "x"},
    "/mykoperasi/akun/kata-sandi/buat": {"password": "y", "sandi": ""},
    "/mykoperasi/akun/kode": {"kode": "000000"},
    "/mykoperasi/akun/kode/cadangan": {"kode": "000000"},
    "/mykoperasi/akun/kode/matikan": {"sandi": "x", "kode": "000000"},
    "/mykoperasi/akun/kode/mulai": {"sandi": "x"},
    "/mykoperasi/akun/kunci": {},
    "/mykoperasi/akun/kunci/hapus": {"kunci": "1", "sandi": "x"},
    "/mykoperasi/akun/kunci/mulai": {"sandi": "x", "label": "HP"},
    "/kopmin/pengguna/<row:user_id>/kode-kedua": {},
    "/kopmin/pengguna/kode-kedua": {"wajib": "tidak"},
    "/mykoperasi/akun/kata-sandi": {"current": "x", "password": "y"},
    "/mykoperasi/akun/koperasi": {"koperasi": "2"},
    "/mykoperasi/akun/perangkat": {"perangkat": "999999"},
    "/bantuan/tur/<name>": {},
    "/daftar-koperasi": {
        "coop_name": "Koperasi Baru", "city": "Bantul", "kind": "konsumen", "full_name": "Sri", "email": "a@contoh.id",
        "phone": "081234567890", "username": "sri.baru", "password": "x", "discount_code": "", "plan_code": "",
        "website": "", "agrees": "1",
    },
    "/daftar-koperasi/kirim-ulang": {"email": "a@contoh.id"},
    "/daftar-koperasi/konfirmasi/<token>": {},
    "/koperasi/<coop>/daftar": {
        "nama": "Budi", "hp": "081234567890", "email": "", "alamat": "", "pesan": "", "setuju": "ya", "situs": "",
        "token": "join",
    },
    "/daftar": {"full_name": "Baru", "username": "baru", "email": "", "password": "x", "setuju": "ya"},
    "/klaim": {"koperasi": "1", "nomor": "9999", "lahir": "1990-02-01", "ktp": ""},
    f"/mykoperasi/pesan/{_row('message_id')}": {"buka": "1"},
    "/mykoperasi/pesan/semua": {},
    f"/mykoperasi/tabungan/pengajuan/{_row('withdrawal_id')}/batal": {},
    "/mykoperasi/tabungan/tarik": {
        "jenis": "{product}", "jumlah": "1.000", "tujuan": "BRI", "catatan": "x", "token": "ask",
    },
    f"/mykoperasi/kuitansi/{ID}/cetak": {"kertas": "a6"},
    "/mykoperasi/pinjaman/<uuid:public_id>/transfer": {
        "jumlah": "1.000", "tanggal": "2026-03-05", "bank": "BCA", "nama": "Siti", "catatan": "", "token": "sent",
    },
    f"/mykoperasi/pinjaman/<uuid:public_id>/transfer/{ID.replace('receipt', 'transfer')}/batal": {},
    "/mykoperasi/pinjaman/ajukan": {
        "produk": "UANG", "jumlah": "500.000", "tenor": "10", "tujuan": "Modal", "bayar": "cash", "setuju": "ya",
        "penghasilan": "1.000.000", "angsuran_lain": "0", "token": "wish",
    },
    "/mykoperasi/pinjaman/<uuid:public_id>/batalkan": {"alasan": "Tidak jadi"},
    "/mykoperasi/pinjaman/<uuid:public_id>/dokumen": {"dokumen": "Slip gaji"},
    "/mykoperasi/pinjaman/<uuid:public_id>/kirim": {},
    "/masukan": {
        "nama": "Dewi", "email": "dewi@contoh.id", "jenis": "question", "pesan": "Berapa?", "token": "stranger",
        "halaman": "/", "situs": "",
    },
    "/mykoperasi/akun/pemberitahuan": {"simpanan": "daily", "pinjaman": "never", "keamanan": "now"},
    "/mykoperasi/bantuan/baru": {
        "jenis": "complaint", "kepada": "coop", "judul": "Setoran", "pesan": "Belum tampil", "token": "asked",
        "halaman": "/mykoperasi/",
    },
    f"/mykoperasi/bantuan/{_row('ticket_id')}/balas": {"pesan": "Masih belum", "token": "again"},
    f"/mykoperasi/bantuan/{_row('ticket_id')}/nilai": {"nilai": "5", "catatan": "Baik"},
    f"/mykoperasi/bantuan/{_row('ticket_id')}/selesai": {},
    "/tautan/<token>": {"password": "x"},
    "/kopmin/data-pribadi/<row:privacy_request_id>": {"act": "kabulkan", "answer": "Sudah dibetulkan", "sure": ""},
    "/kopmin/data-pribadi/anggota/<row:member_id>": {
        "kind": "restrict", "wish": "x", "sure": "", "token": "privacy-ask",
    },
    "/kopmin/data-pribadi/anggota/<row:member_id>/pembatasan": {},
    "/kopmin/persetujuan-anggota/<row:member_id>": {"tujuan": "foto", "act": "beri"},
    "/mykoperasi/data-saya/unduh": {"sandi": "x", "bentuk": "json"},
    "/mykoperasi/data-saya/minta": {"jenis": "correct", "isi": "Alamat saya salah", "token": "ask-data", "yakin": ""},
    f"/mykoperasi/data-saya/minta/{_row('privacy_request_id')}/batal": {},
    "/mykoperasi/data-saya/pembatasan": {},
    "/mykoperasi/data-saya/persetujuan/<code>": {"setuju": "ya"},
    "/platform/pelanggaran/<row:breach>/beritahu": {},
    "/platform/pelanggaran/<row:breach>/daftar": {},
    "/platform/pelanggaran/<row:breach>/tutup": {},
    "/platform/pelanggaran/<row:breach>/ubah": _BREACH,
    "/platform/pelanggaran/catat": _BREACH,
}  # fmt: skip
_HOLE = re.compile(r"<[^>]+>")


def routes(app: Flask, method: str) -> list[Rule]:
    """Every rule of the app that answers a method."""
    return sorted((r for r in app.url_map.iter_rules() if method in (r.methods or ())), key=lambda r: r.rule)


def filled(panel: Panel, rule: Rule, coop_id: int) -> str:
    """The rule as an address, its ids those of rows of `coop_id`."""
    if rule.rule in WORDS:
        return _HOLE.sub(WORDS[rule.rule], rule.rule)
    text = rule.rule
    for hole, name in zip(_HOLE.findall(rule.rule), _names(rule), strict=True):
        text = text.replace(hole, str(_value(panel, rule, name, coop_id)), 1)
    return text


def _names(rule: Rule) -> list[str]:
    return [hole.strip("<>").rpartition(":")[2] for hole in _HOLE.findall(rule.rule)]


def _value(panel: Panel, rule: Rule, name: str, coop_id: int) -> object:
    if name == "public_id":
        bought = rule.rule.startswith(_BOUGHT)
        with panel.world.database.reading(coop_id) as session:
            return session.scalars(select(Order.public_id if bought else Loan.public_id).limit(1)).one()
    if name in ("coop", "store"):
        with panel.world.database.reading(coop_id) as session:
            slugs = select(Coop.slug if name == "coop" else Store.slug).select_from(Store)
            shop = slugs.join(Coop, Coop.id == Store.coop_id).where(Store.coop_id == coop_id)
            return session.scalars(shop.limit(1)).one()
    if name != "token":
        return value(panel, rule, name, coop_id)
    papers = {
        "/v/<token>": select(Receipt.token).order_by(Receipt.id),
        "/kartu/<token>": select(Member.card_token).where(Member.state == "active"),
    }
    with panel.world.database.reading(coop_id) as session:
        return session.scalars(papers[rule.rule].limit(1)).one()


def with_holes_filled(rule: Rule, odd: str) -> str:
    """The rule with `odd` in place of every argument."""
    return _HOLE.sub(lambda _: odd, rule.rule)


def has_id(rule: Rule) -> bool:
    if rule.rule.startswith(("/api/", "/platform/")):  # one knows no cookie, the other no cooperative's people
        return False
    return any(name.endswith(("_id", "pk")) for name in rule.arguments)
