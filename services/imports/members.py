"""Lists of members, judged: who is new, who is in the register already, what they had saved and owed at the start."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date

from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import date_long, rupiah
from core.money import Rupiah
from core.secrets import cipher
from models.members import Member
from models.savings import SavingsProduct
from services.access import limits
from services.imports import opening
from services.imports.judging import Judge, same_name, suspicious
from services.imports.known import nik_indexes
from services.imports.plans import Newcomer, usual_amount
from services.imports.reading import ReadFile
from services.imports.tables import ReadTable
from services.loans.history import LoanTaken
from services.members.commands import PersonData

SAVED = {"share_rp": "share", "mandatory_rp": "mandatory", "voluntary_rp": "voluntary"}
_GONE = {"keluar", "nonaktif", "non aktif", "tidak aktif", "berhenti", "mengundurkan diri", "meninggal"}
_TEXTS = ("birth_place", "address", "employer", "work_unit", "phone", "email", "bank_name", "bank_account", "nip")
_LIMITS = {
    field.name: limit
    for field in fields(PersonData)
    if (limit := getattr(getattr(getattr(Member, field.name, None), "type", None), "length", None))
}


def plan(
    session: Session, actor: Actor, judge: Judge, files: Sequence[ReadFile]
) -> tuple[tuple[Newcomer, ...], date | None]:
    """Who becomes a member, and the day their balances are of (None when the list has none)."""
    tables = [table for file in files for table in file.tables]
    has_balances = any(any(table.column(key, 0)) for table in tables for key in (*SAVED, "loan_rp", "loan_left_rp"))
    day = opening.as_of(judge, files) if has_balances else None
    reader = _Reader(judge, nik_indexes(session, actor), actor.coop_id, day)
    if has_balances:
        reader.products()
    width = _width(judge, tables)
    for table in tables:
        reader.numbers(table, width)
    for table in tables:
        for place in range(len(table.rows)):
            reader.row(table, place)
    free = limits.left(session, actor, "members")
    if free is not None and len(reader.newcomers) > free:
        reason = f"berkas ini berisi {len(reader.newcomers)} anggota baru, paket langganan hanya memuat {free} lagi."
        judge.of_file(files[0].name, reason, "Perbesar paketnya lewat Pengaturan, Langganan, lalu unggah lagi.")
    return tuple(reader.newcomers), day


def _width(judge: Judge, tables: Sequence[ReadTable]) -> int:
    """How wide numbers are written where some begin with 0 (spreadsheets eat those zeros): others are filled up."""
    numbers = [str(number) for table in tables for number in table.column("number", "")] + list(judge.known.members)
    return max((len(n) for n in numbers if n.startswith("0") and n.isascii() and n.isdigit()), default=0)


def usual(judge: Judge, files: Sequence[ReadFile], newcomers: Sequence[Newcomer]) -> dict[int, Rupiah]:
    """The simpanan pokok that most of them have paid, where the product asks another amount: the office's holds."""
    product = judge.known.product("share")
    if product is None:
        return {}
    amount_rp = usual_amount(one.saved_rp.get(product.id, 0) for one in newcomers)
    if not amount_rp or amount_rp == product.amount_rp:
        return {}
    reason = f"{product.name} di berkas ini umumnya {rupiah(amount_rp)}, di pengaturan {rupiah(product.amount_rp)}."
    judge.warn_of_file(files[0].name, reason, "Pengaturannya disamakan dengan berkas; ubah lagi bila perlu.")
    return {product.id: amount_rp}


class _Reader:
    """Walks through the rows once."""

    def __init__(self, judge: Judge, niks: dict[str, str], coop_id: int, day: date | None) -> None:
        self.judge, self.day = judge, day
        self.niks, self.coop_id = niks, coop_id
        self.newcomers: list[Newcomer] = []
        self.saved: dict[str, SavingsProduct] = {}
        self.taken: dict[str, tuple[ReadTable, str, int]] = {}
        self.filled: dict[int, list[str]] = {}
        self.next = 1 + max((int(n) for n in judge.known.members if n.isascii() and n.isdigit()), default=0)

    def products(self) -> None:
        for key, kind in SAVED.items():
            product = self.judge.known.product(kind)
            if product is not None:
                self.saved[key] = product

    def numbers(self, table: ReadTable, width: int) -> None:
        """Member numbers, filled up to `width`; numbers given twice are told."""
        given = [str(number) for number in table.column("number", "")]
        filled = [n.zfill(width) if n.isascii() and n.isdigit() else n for n in given]
        changed = [f"{before} menjadi {after}" for before, after in zip(given, filled, strict=True) if before != after]
        if changed:
            reason = f"nol di depan No Anggota dikembalikan: {', '.join(changed[:5])} ({len(changed)} baris)."
            self.judge.warn(table, None, "number", reason)
        for row, before, number in zip(table.rows, given, filled, strict=True):
            if not number:
                continue
            other, raw, first = self.taken.setdefault(number, (table, before, row))
            if (other is not table or raw != before) and (other, first) != (table, row):  # the reader tells equal texts
                reason = f"No Anggota {number} dipakai dua kali, di {other.file} baris {first} dan di sini."
                self.judge.problem(table, row, "number", reason, "Hapus atau perbaiki salah satunya.")
        self.filled[id(table)] = filled

    def row(self, table: ReadTable, place: int) -> None:
        row, name = table.rows[place], str(table.column("name")[place])
        if not name:
            return  # the reader has told it
        if suspicious(name):
            reason = f"nama '{name[:40]}' mencurigakan (mirip rumus atau kode); disimpan apa adanya sebagai teks."
            self.judge.warn(table, row, "name", reason, "Periksa apakah memang begitu.")
        number = self._number(table, row, place, name)
        if number is None:
            return
        saved_rp, loan = self._saved(table, row, place), self._loan(table, row, place)
        status = str(table.column("status", "")[place]).casefold()
        if status in _GONE and not saved_rp and loan is None:
            self.judge.warn(table, row, "status", f"{name} berstatus {status}, jadi tidak didaftarkan.")
            return
        if status in _GONE:
            reason = f"{name} berstatus {status} tetapi masih punya saldo."
            self.judge.problem(table, row, "status", reason, "Perbaiki status atau nolkan saldonya.")
        person = self._person(table, row, place, name)
        self.newcomers.append(Newcomer(person, number, self._joined_on(table, row, place), saved_rp, loan))

    def _number(self, table: ReadTable, row: int, place: int, name: str) -> str | None:
        """The number to enroll under; None for somebody in the register who is passed over or refused."""
        number = self.filled[id(table)][place]
        if not number:
            while str(self.next).zfill(4) in self.taken:
                self.next += 1
            number = str(self.next).zfill(4)
            self.next += 1
            self.judge.warn(table, row, "number", f"No Anggota kosong; {name} mendapat {number}.")
        if len(number) > 20:
            self.judge.problem(
                table, row, "number", f"No Anggota '{number[:30]}' terlalu panjang.", "Paling banyak 20."
            )
        held = self.judge.known.members.get(number)
        if held is None:
            return number
        if not (self.judge.options.again and same_name(name, held.name)):
            reason = f"No Anggota {number} sudah terdaftar atas nama {held.name}."
            self.judge.problem(table, row, "number", reason, "Hapus barisnya, atau pakai nomor lain.")
        return None

    def _person(self, table: ReadTable, row: int, place: int, name: str) -> PersonData:
        texts = {key: str(table.column(key, "")[place]) for key in _TEXTS}
        birth = table.column("birth")[place]
        birth_on = table.column("birth_on")[place]
        if isinstance(birth, tuple):
            texts["birth_place"] = texts["birth_place"] or birth[0]
            birth_on = birth_on or birth[1]
        for key, text in (("name", name), *texts.items()):
            limit = _LIMITS.get(key)
            if limit is not None and len(text) > limit:
                reason = f"isinya {len(text)} huruf, paling banyak {limit}."
                self.judge.problem(table, row, key, reason, "Singkat dulu.")
        deduction_rp = table.column("deduction_rp", 0)[place]
        assert isinstance(deduction_rp, int)
        return PersonData(
            name=name,
            nik=self._nik(table, row, place),
            birth_on=birth_on if isinstance(birth_on, date) else None,
            voluntary_deduction_rp=deduction_rp,
            **texts,
        )

    def _nik(self, table: ReadTable, row: int, place: int) -> str:
        nik = str(table.column("nik", "")[place]).replace(" ", "").replace(".", "")
        if not nik:
            return ""
        if len(nik) != 16 or not nik.isascii() or not nik.isdigit():
            self.judge.problem(table, row, "nik", "nomor KTP harus 16 angka.", "Ketik sebagai teks, lengkap.")
            return ""
        holder = self.niks.get(cipher().index(nik, self.coop_id))
        if holder is not None:
            reason = f"nomor KTP ini sudah terdaftar atas nama {holder}."
            self.judge.problem(table, row, "nik", reason, "Periksa daftar anggota dulu.")
        return nik

    def _joined_on(self, table: ReadTable, row: int, place: int) -> date:
        joined_on = table.column("joined_on")[place]
        if not isinstance(joined_on, date):
            fallback = self.day or self.judge.options.today
            if row not in {problem.row for problem in table.problems}:
                self.judge.warn(table, row, "joined_on", f"tanggal masuk kosong; dipakai {date_long(fallback)}.")
            return fallback
        if joined_on > self.judge.options.today:
            reason = f"tanggal masuk {date_long(joined_on)} setelah hari ini."
            self.judge.warn(table, row, "joined_on", reason, "Pastikan tanggalnya benar.")
        return joined_on

    def _saved(self, table: ReadTable, row: int, place: int) -> dict[int, Rupiah]:
        saved_rp: dict[int, Rupiah] = {}
        for key in SAVED:
            amount_rp = table.column(key, 0)[place]
            if not isinstance(amount_rp, int) or amount_rp <= 0:
                continue
            if self._too_late(table, row, key):
                continue
            product = self.saved.get(key)
            if product is None:
                self.judge.problem(table, row, key, f"belum ada jenis simpanan untuk {table.label(key)}.", "Buat dulu.")
                continue
            saved_rp[product.id] = amount_rp
        return saved_rp

    def _too_late(self, table: ReadTable, row: int, key: str) -> bool:
        if self.judge.known.starts_on is None:
            return False
        began = date_long(self.judge.known.starts_on)
        reason = f"saldo awal sudah dibukukan (buku dimulai {began}), jadi saldo tidak dapat ditambahkan."
        self.judge.problem(table, row, key, reason, "Kosongkan kolom saldo, atau masukkan lewat setoran.")
        return True

    def _loan(self, table: ReadTable, row: int, place: int) -> LoanTaken | None:
        numbers = [table.column(key, 0)[place] for key in ("loan_rp", "loan_term", "loan_paid")]
        principal_rp, term, paid = (number if isinstance(number, int) else 0 for number in numbers)
        left_rp = table.column("loan_left_rp")[place]
        if not principal_rp and not left_rp:
            return None
        if self._too_late(table, row, "loan_rp"):
            return None
        if not isinstance(left_rp, int):
            if term <= 0:
                self.judge.problem(table, row, "loan_term", "lama pinjaman kosong.", "Isi dulu, atau isi sisanya.")
                return None
            left_rp = principal_rp - paid * (principal_rp // term)
            reason = (
                f"sisa pinjaman tidak ada di berkas; dihitung {rupiah(left_rp)} (plafon dikurangi {paid} angsuran)."
            )
            self.judge.warn(table, row, "loan_left_rp", reason)
        elif not principal_rp:
            principal_rp = left_rp
            self.judge.warn(table, row, "loan_rp", "plafon pinjaman kosong; dipakai sisanya.")
        if not 0 <= left_rp <= principal_rp:
            reason = f"sisa pinjaman {rupiah(left_rp)} lebih besar dari plafonnya {rupiah(principal_rp)}."
            self.judge.problem(table, row, "loan_left_rp", reason, "Perbaiki salah satunya.")
        if left_rp == 0:
            return None  # paid off
        if paid > term > 0:
            reason = f"cicilan ke-{paid} melebihi lama pinjaman {term}."
            self.judge.problem(table, row, "loan_paid", reason, "Perbaiki salah satunya.")
        return LoanTaken(principal_rp, term, paid, left_rp)
