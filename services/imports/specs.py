"""What each kind of file looks like, as data: columns, the words people head them with, what must add up.

Headings are compared after `words()`: lower case, signs dropped, abbreviations spelled out (`Tgl` -> tanggal). Two-row
headings arrive joined ("SIMPANAN" over "POKOK" -> simpanan pokok). Other cooperatives' words are added here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

ColumnType = Literal["text", "code", "amount", "date", "count", "percent", "place_and_date"]

_SAME_WORD = {
    "tgl": "tanggal", "tangal": "tanggal", "date": "tanggal", "nomor": "no", "nmr": "no", "nomer": "no",
    "number": "no", "jml": "jumlah", "jlh": "jumlah", "total": "jumlah", "debet": "debit", "db": "debit",
    "cr": "kredit", "kr": "kredit", "credit": "kredit", "simp": "simpanan", "agt": "anggota", "ang": "anggota",
    "rek": "rekening", "sld": "saldo", "pinj": "pinjaman", "angs": "angsuran", "sukarela": "manasuka",
    "telp": "telepon", "tlp": "telepon", "phone": "telepon", "hp": "telepon", "perkiraan": "akun",
    "account": "akun", "name": "nama", "address": "alamat", "memo": "uraian", "ket": "keterangan",
    "voucher": "bukti", "entry": "bukti",
}  # fmt: skip
_SPLIT_WORDS = {
    "norek": "no rekening", "nohp": "no telepon", "noanggota": "no anggota", "ttl": "tempat tanggal lahir",
    "nobukti": "no bukti", "id_anggota": "no anggota", "idanggota": "no anggota", "e-mail": "email", "npp": "nip",
    "no_anggota": "no anggota", "no_referensi": "no referensi", "nik_ktp": "nik",
}  # fmt: skip
_NOISE = {"rp", "rupiah", "idr", "dalam", "per", "the", "of", "dan", "yang", "di", "ke-"}
_WORD = re.compile(r"[a-z0-9_]+(?:-[a-z]+)?")


@lru_cache(maxsize=8192)
def words(heading: str) -> tuple[str, ...]:
    """The words of a heading that carry meaning, in order, spelled one way."""
    found: list[str] = []
    for word in _WORD.findall(heading.lower()):
        spelled = _SPLIT_WORDS.get(word) or " ".join(word.replace("_", " ").split())
        for part in spelled.split():
            same = _SAME_WORD.get(part, part)
            if same not in _NOISE and same not in found:
                found.append(same)
    return tuple(found)


@dataclass(frozen=True)
class Column:
    """A column a kind knows. `synonyms` in order of preference; the label is what people are told.

    `under_any` lets a second heading row decide alone, whatever stands above it (names and numbers, never amounts).
    """

    key: str
    label: str
    type: ColumnType
    synonyms: tuple[str, ...]
    required: bool = False
    negative: bool = False

    @property
    def under_any(self) -> bool:
        return self.type != "amount"


@dataclass(frozen=True)
class Sum:
    """`total` is what the `parts` of the same row add up to; a formula there is welcome, it can be checked."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True, eq=False)  # a table is itself: asked thousands of times, it must not hash all its words
class Table:
    """One kind of table. `proof` are columns of which a data row has at least one (else it is a title or signature).

    `one_of`: of each group at least one column must be there. `carried`: blank means the same as above.
    """

    key: str
    label: str
    columns: tuple[Column, ...]
    proof: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...] = ()
    sums: tuple[Sum, ...] = ()
    carried: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(column.key for column in self.columns)


@dataclass(frozen=True)
class Kind:
    """A kind of file. `books` is False for lists that tell how things are, not what happened: a folder leaves them.

    `monthly`: the file is of one month, which title, file name and dates must agree on.
    """

    name: str
    label: str
    tables: tuple[Table, ...]
    books: bool = True
    monthly: bool = False


def _c(
    key: str, label: str, type_: ColumnType, *synonyms: str, required: bool = False, negative: bool = False
) -> Column:
    return Column(key, label, type_, synonyms or (label,), required, negative)


_MEMBER_NUMBER = _c("number", "No Anggota", "code", "no anggota", "no kartu", "no induk anggota", "kode anggota", "nba",
                    "no kartu anggota", "member no")  # fmt: skip
_NIP = _c("nip", "NIP", "code", "nip", "no pegawai", "no induk pegawai", "no karyawan", "nik karyawan", "nik pegawai")
_NIK = _c("nik", "NIK (KTP)", "code", "nik", "no ktp", "nik ktp", "ktp", "no induk kependudukan")
_NAME = _c("name", "Nama", "text", "nama", "nama anggota", "nama lengkap", "nama pegawai", "nama karyawan",
           required=True)  # fmt: skip
_NAME_LOOSE = Column("name", "Nama", "text", _NAME.synonyms)
_WORK_UNIT = _c("work_unit", "Unit Kerja", "text", "unit kerja", "departemen", "bagian", "divisi", "lokasi", "unit",
                "bidang")  # fmt: skip
_SEQUENCE = _c("sequence", "No", "text", "no", "no urut", "urut")
_NOTE = _c("note", "Keterangan", "text", "keterangan", "catatan")
_DATE = _c("date", "Tanggal", "date", "tanggal", "tanggal transaksi", "tanggal bukti", "tanggal setor", required=True)
_VOUCHER = _c("voucher", "No Bukti", "code", "no bukti", "bukti", "no jurnal", "no transaksi", "no referensi",
              "referensi", "ref", "no ref", "no")  # fmt: skip

MEMBERS = Kind("members", "daftar anggota", (
    Table("members", "daftar anggota", (
        _SEQUENCE, _MEMBER_NUMBER, _NIP, _NIK, _NAME,
        _c("birth_place", "Tempat Lahir", "text", "tempat lahir"),
        _c("birth_on", "Tanggal Lahir", "date", "tanggal lahir", "lahir"),
        _c("birth", "Tempat/Tgl Lahir", "place_and_date", "tempat tanggal lahir", "tempat & tanggal lahir",
           "kelahiran"),
        _c("address", "Alamat", "text", "alamat", "alamat rumah", "alamat lengkap"),
        _c("employer", "Instansi", "text", "instansi", "perusahaan", "kantor", "nama instansi"),
        _WORK_UNIT,
        _c("phone", "Telepon", "code", "telepon", "no telepon", "no hp", "wa", "no wa", "whatsapp", "kontak"),
        _c("email", "Email", "text", "email", "surel", "alamat email"),
        _c("bank_name", "Bank", "text", "bank", "nama bank"),
        _c("bank_account", "No Rekening", "code", "no rekening", "rekening", "rekening bank", "no rekening bank"),
        _c("joined_on", "Tgl Masuk", "date", "tanggal masuk", "tanggal daftar", "tanggal bergabung", "tanggal gabung",
           "tanggal jadi anggota", "tanggal anggota", "masuk", "terdaftar", "tanggal pendaftaran"),
        _c("status", "Status", "text", "status", "status anggota", "status keanggotaan"),
        _c("member_type", "Tipe Anggota", "text", "tipe anggota", "jenis anggota"),
        _c("share_rp", "Simpanan Pokok", "amount", "simpanan pokok", "saldo pokok", "saldo simpanan pokok",
           "saldo awal pokok", "saldo awal simpanan pokok"),
        _c("mandatory_rp", "Simpanan Wajib", "amount", "simpanan wajib", "saldo wajib", "saldo simpanan wajib",
           "saldo awal wajib", "saldo awal simpanan wajib"),
        _c("voluntary_rp", "Simpanan Sukarela", "amount", "simpanan manasuka", "saldo manasuka", "tabungan",
           "saldo simpanan manasuka", "saldo tabungan", "saldo awal manasuka", "saldo awal simpanan manasuka"),
        _c("loan_rp", "Pinjaman", "amount", "pinjaman", "pinjaman jumlah", "jumlah pinjaman", "plafon", "plafond",
           "pokok pinjaman", "jumlah pinjam"),
        _c("loan_term", "Lama Pinjaman", "count", "lama pinjaman", "pinjaman lama", "tenor", "jangka waktu",
           "lama angsuran", "pinjaman tenor"),
        _c("loan_paid", "Cicilan Ke", "count", "cicilan ke", "pinjaman cicilan ke", "angsuran ke",
           "pinjaman angsuran ke", "cicilan"),
        _c("loan_left_rp", "Sisa Pinjaman", "amount", "sisa pinjaman", "pinjaman sisa", "saldo pinjaman",
           "pinjaman saldo", "baki debet"),
        _c("deduction_rp", "Potongan Manasuka", "amount", "potongan manasuka", "potongan tabungan",
           "potongan simpanan manasuka", "setoran manasuka"),
        _NOTE,
    ), proof=("number", "nip", "nik", "joined_on"), one_of=(("number", "nik", "nip", "joined_on"),),
        unique=("number", "nik", "nip")),
))  # fmt: skip

_ACCOUNT = _c("account", "Kode Akun", "code", "kode akun", "no akun", "akun", "kode", "kode rekening", "coa", "no coa",
              "kode coa", "rekening", required=True)  # fmt: skip
_ACCOUNT_NAME = _c("account_name", "Nama Akun", "text", "nama akun", "uraian akun", "nama rekening")

OPENING = Kind("opening", "neraca saldo awal", (
    Table("opening", "neraca saldo awal", (
        _SEQUENCE,
        _ACCOUNT,
        Column("account_name", "Nama Akun", "text", ("nama akun", "akun nama", "nama rekening", "uraian", "keterangan",
                                                     "nama")),
        _c("debit_rp", "Debit", "amount", "debit", "saldo debit", "saldo awal debit", "saldo akhir debit",
           "neraca saldo debit"),
        _c("credit_rp", "Kredit", "amount", "kredit", "saldo kredit", "saldo awal kredit", "saldo akhir kredit",
           "neraca saldo kredit"),
        _c("balance_rp", "Saldo", "amount", "saldo", "saldo awal", "saldo akhir", "jumlah", negative=True),
        _NOTE,
    ), proof=("account",), one_of=(("debit_rp", "balance_rp"), ("credit_rp", "balance_rp")), unique=("account",)),
))  # fmt: skip

JOURNAL = Kind("journal", "jurnal umum", (
    Table("journal", "jurnal umum", (
        _SEQUENCE, _DATE,
        Column("voucher", "No Bukti", "code", _VOUCHER.synonyms, required=True),
        _c("memo", "Uraian", "text", "uraian", "keterangan", "deskripsi", "uraian transaksi", "transaksi"),
        _ACCOUNT, _ACCOUNT_NAME,
        _c("debit_rp", "Debit", "amount", "debit", "jumlah debit", "mutasi debit", required=True),
        _c("credit_rp", "Kredit", "amount", "kredit", "jumlah kredit", "mutasi kredit", required=True),
        _c("unit", "Unit", "text", "unit", "unit usaha", "kode unit"),
    ), proof=("account",), carried=("date", "voucher", "memo")),
))  # fmt: skip

CASH = Kind("cash", "mutasi kas anggota", (
    Table("movements", "setoran dan penarikan tunai", (
        _SEQUENCE, _DATE, _VOUCHER, Column("number", "No Anggota", "code", _MEMBER_NUMBER.synonyms, required=True),
        _NAME_LOOSE,
        _c("product", "Jenis", "text", "jenis", "jenis simpanan", "jenis transaksi simpanan", "produk"),
        _c("act", "Transaksi", "text", "transaksi", "jenis transaksi", "setor tarik"),
        _c("in_rp", "Masuk", "amount", "masuk", "setoran", "setor", "jumlah setoran", "kas masuk", "penerimaan"),
        _c("out_rp", "Keluar", "amount", "keluar", "penarikan", "tarik", "jumlah penarikan", "kas keluar",
           "pengeluaran", "pengambilan"),
        _c("amount_rp", "Jumlah", "amount", "jumlah", "nominal", "nilai"),
        _c("memo", "Keterangan", "text", "keterangan", "uraian", "catatan"),
    ), proof=("number",), one_of=(("in_rp", "amount_rp"), ("out_rp", "amount_rp"))),
    Table("exits", "anggota keluar", (
        _SEQUENCE, _c("date", "Tanggal", "date", "tanggal", "tanggal keluar", required=True), _VOUCHER,
        Column("number", "No Anggota", "code", _MEMBER_NUMBER.synonyms, required=True), _NAME_LOOSE,
        _c("share_rp", "Simpanan Pokok", "amount", "simpanan pokok", "pokok", required=True),
        _c("mandatory_rp", "Simpanan Wajib", "amount", "simpanan wajib", "wajib", required=True),
        _c("voluntary_rp", "Simpanan Sukarela", "amount", "simpanan manasuka", "manasuka", "tabungan"),
        _c("rights_rp", "Jumlah Hak", "amount", "jumlah hak", "hak", "jumlah simpanan"),
        _c("loan_rp", "Sisa Pinjaman", "amount", "sisa pinjaman", "saldo pinjaman", "kewajiban", "pinjaman"),
        _c("paid_rp", "Dibayar", "amount", "dibayar", "jumlah dibayar", "dibayarkan", "diterima", required=True,
           negative=True),
        _c("reason", "Alasan", "text", "alasan", "keterangan", "sebab"),
    ), proof=("number",), unique=("number",),
        sums=(Sum("rights_rp", ("share_rp", "mandatory_rp", "voluntary_rp")),)),
))  # fmt: skip

PAYROLL = Kind("payroll", "daftar potongan", (
    Table("payroll", "daftar potongan", (
        _SEQUENCE, _MEMBER_NUMBER, _NIP, _NAME_LOOSE, _WORK_UNIT,
        _c("share_rp", "Simpanan Pokok", "amount", "simpanan pokok"),
        _c("mandatory_rp", "Simpanan Wajib", "amount", "simpanan wajib"),
        _c("share_and_mandatory_rp", "Simpanan Wajib + Pokok", "amount", "simpanan wajib pokok",
           "simpanan pokok wajib"),
        _c("voluntary_rp", "Simpanan Sukarela", "amount", "simpanan manasuka", "tabungan"),
        _c("principal_rp", "Pinjaman Pokok", "amount", "pinjaman pokok", "angsuran pokok", "pokok pinjaman"),
        _c("interest_rp", "Pinjaman Jasa", "amount", "pinjaman jasa", "jasa", "bunga", "angsuran jasa",
           "pinjaman bunga", "jasa pinjaman"),
        _c("fee_rp", "Pinjaman Provisi", "amount", "pinjaman provisi", "provisi"),
        _c("loan_total_rp", "Pinjaman Jumlah", "amount", "pinjaman jumlah", "jumlah pinjaman", "jumlah angsuran"),
        _c("store_rp", "Kasbon Toko", "amount", "kasbon toko", "kasbon", "kasbon koperasi", "belanja toko",
           "potongan toko"),
        _c("total_rp", "Total Potongan", "amount", "jumlah potongan", "jumlah potongan gaji", required=True),
        _c("term", "Cicilan Jml", "count", "cicilan jumlah", "cicilan pinjaman uang jumlah", "jumlah cicilan"),
        _c("installment", "Cicilan Ke", "count", "cicilan ke", "cicilan pinjaman uang ke", "angsuran ke"),
        _c("loan_left_rp", "Saldo Pinjaman", "amount", "saldo pinjaman", "sisa pinjaman"),
        _NOTE,
    ), proof=("number", "nip"), one_of=(("number", "nip"),), unique=("number", "nip"),
        sums=(Sum("loan_total_rp", ("principal_rp", "interest_rp", "fee_rp")),
              Sum("total_rp", ("share_rp", "mandatory_rp", "share_and_mandatory_rp", "voluntary_rp", "loan_total_rp",
                               "store_rp")),
              )),
), monthly=True)  # fmt: skip

SETTLEMENT = Kind("settlement", "realisasi potongan", (
    Table("settlement", "realisasi potongan", (
        _SEQUENCE, _DATE, _MEMBER_NUMBER, _NIP, _NAME_LOOSE,
        _c("received_rp", "Jumlah Dipotong", "amount", "jumlah dipotong", "dipotong", "jumlah realisasi", "realisasi",
           "jumlah terpotong", required=True),
        _NOTE,
    ), proof=("number", "nip"), one_of=(("number", "nip"),), unique=("number", "nip")),
), monthly=True)  # fmt: skip

LOANS = Kind("loans", "pinjaman", (
    Table("loans", "realisasi pinjaman", (
        _SEQUENCE, _c("loan_no", "No Pinjaman", "code", "no pinjaman", "no kontrak", "no akad"), _NAME_LOOSE, _NIP,
        _MEMBER_NUMBER, _WORK_UNIT,
        _c("asked_on", "Tgl Pinjam", "date", "tanggal pinjam", "tanggal pengajuan", "tanggal permohonan"),
        _c("approved_on", "Tgl Setuju", "date", "tanggal setuju", "tanggal persetujuan"),
        _c("term", "Tenor", "count", "tenor", "lama pinjaman", "jangka waktu", required=True),
        _c("asked_rp", "Jml Pengajuan", "amount", "jumlah pengajuan", "pengajuan"),
        _c("principal_rp", "Jumlah Pinjam", "amount", "jumlah pinjam", "jumlah pinjaman", "plafon", "plafond", "jumlah",
           required=True),
        _c("rate_pct", "Bunga", "percent", "bunga", "jasa", "suku bunga"),
        _c("old_principal_rp", "Outs Pokok", "amount", "outs pokok"),
        _c("old_interest_rp", "Outs Bunga", "amount", "outs bunga"),
        _c("fee_rp", "Biaya", "amount", "biaya", "provisi", "administrasi"),
        _c("received_rp", "Diterima", "amount", "diterima", "jumlah diterima"),
        _c("bank_account", "NoRek", "code", "no rekening"), _c("phone", "NoHP", "code", "no telepon", "telepon"),
        _c("purpose", "Keperluan", "text", "keperluan", "tujuan"), _c("bank_name", "Bank", "text", "bank"),
        _c("disbursed_on", "Tgl Realisasi", "date", "tanggal realisasi", "tanggal cair", "tanggal pencairan"),
        _c("loan_type", "Jenis", "text", "jenis"), _c("status", "Status", "text", "status"),
    ), proof=("number", "nip"), one_of=(("number", "nip"), ("disbursed_on", "asked_on", "approved_on")),
        unique=("loan_no",)),
))  # fmt: skip

PRODUCTS = Kind("products", "barang toko", (
    Table("products", "barang toko", (
        _SEQUENCE, _c("code", "Kode", "code", "kode", "kode barang", "sku", "kode sku", "kode produk"),
        _c("barcode", "Barcode", "code", "barcode", "kode batang", "kode barcode"),
        _c("name", "Nama Barang", "text", "nama barang", "nama", "nama produk", "barang", required=True),
        _c("variant", "Varian", "text", "varian", "variant", "nama varian", "ukuran", "warna"),
        _c("category", "Kategori", "text", "kategori", "golongan", "jenis", "jenis barang"),
        _c("unit", "Satuan", "text", "satuan", "unit"),
        _c("cost_rp", "Harga Beli", "amount", "harga beli", "hpp", "harga pokok", "modal", "harga modal"),
        _c("price_rp", "Harga Jual", "amount", "harga jual", "harga", "harga umum", "harga jual umum", required=True),
        _c("member_price_rp", "Harga Anggota", "amount", "harga anggota", "harga jual anggota"),
        _c("stock", "Stok", "count", "stok", "stok awal", "jumlah stok", "stock", "qty", "stok sekarang"),
        _c("minimum", "Stok Minimum", "count", "stok minimum", "minimum", "stok minimal", "stok min"),
        _c("weight_g", "Berat (gram)", "count", "berat gram", "berat"),
        _c("about", "Keterangan", "text", "keterangan", "deskripsi", "uraian"),
        _c("active", "Aktif", "text", "aktif", "dijual", "status"),
        _c("shop", "Toko", "text", "toko", "nama toko", "unit usaha", "kode toko"),
        _c("supplier", "Pemasok", "text", "supplier", "pemasok", "nama supplier", "nama pemasok"),
    ), proof=("code", "barcode", "name"), one_of=(("code", "barcode"),), unique=("code",)),
), books=False)  # fmt: skip

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (MEMBERS, OPENING, JOURNAL, CASH, PAYROLL, SETTLEMENT, LOANS, PRODUCTS)
}


@cache
def vocabulary(table: Table) -> dict[tuple[str, ...], tuple[str, int]]:
    """Words of a heading (sorted) -> (column key, rank of the synonym)."""
    known: dict[tuple[str, ...], tuple[str, int]] = {}
    for column in table.columns:
        for rank, synonym in enumerate(column.synonyms):
            known.setdefault(tuple(sorted(words(synonym))), (column.key, rank))
    return known


@lru_cache(maxsize=8192)
def column_of(table: Table, heading: str) -> tuple[str, int] | None:
    """The column a heading means and how preferred that wording is, or None."""
    found = words(heading)
    known = vocabulary(table)
    for candidate in _simplified(found):
        if candidate and (match := known.get(tuple(sorted(candidate)))):
            return match
    return None


def _simplified(found: Sequence[str]) -> list[tuple[str, ...]]:
    without_year = tuple(word for word in found if not (len(word) == 4 and word.isdigit()))
    without_member = tuple(word for word in without_year if word != "anggota")
    return [tuple(found), without_year, without_member]
