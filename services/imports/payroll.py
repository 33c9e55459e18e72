"""Deduction lists that an office made: whose rows, what is asked of them, and where our own list would differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import date_long, month_long, rupiah
from core.money import Rupiah
from models.members import Member
from models.payroll import PayrollLine, PayrollList
from services.imports.judging import Judge, few
from services.imports.known import MemberFact, savings_of
from services.imports.plans import Listed, usual_amount
from services.imports.reading import ReadFile
from services.imports.tables import ReadTable
from services.payroll import lists
from services.payroll.lists import Deduction, Deductions

_COMPARED = {
    "share_rp": "simpanan pokok", "mandatory_rp": "simpanan wajib", "principal_rp": "pokok pinjaman",
    "interest_rp": "jasa pinjaman", "store_rp": "kasbon",
}  # fmt: skip


@dataclass(frozen=True)
class _Place:
    table: ReadTable
    row: int


def plan(session: Session, actor: Actor, judge: Judge, files: Sequence[ReadFile]) -> list[Listed]:
    """The lists of these files, one each, all of one month."""
    found: list[Listed] = []
    for file in files:
        if file.month is None:
            judge.of_file(file.name, "bulannya tidak disebut di judul atau nama berkas.", "Pilih bulannya.")
        elif file.month != files[0].month:
            told_apart(judge, file, "daftar potongan")
        else:
            listed = _File(session, actor, judge, file, file.month).listed()
            if listed is not None and any(one.wanted.employer == listed.wanted.employer for one in found):
                reason = f"daftar {month_long(file.month)} ada di dua berkas."
                judge.of_file(file.name, reason, "Impor salah satu saja.")
            found += [listed] if listed else []
    return found


def told_apart(judge: Judge, file: ReadFile, what: str) -> None:
    """Months lean on each other: a list counts what the settlement before left unpaid."""
    reason = f"impor {what} lebih dari satu bulan sekaligus tidak dapat diperiksa."
    judge.of_file(file.name, reason, "Impor bulan demi bulan bergantian dengan realisasinya, atau satu folder.")


class _File:
    """One file, row by row."""

    def __init__(self, session: Session, actor: Actor, judge: Judge, file: ReadFile, month_on: date) -> None:
        self.session, self.actor, self.judge, self.file, self.month_on = session, actor, judge, file, month_on
        self.places: dict[int, _Place] = {}
        self.rows: list[Deduction] = []

    def listed(self) -> Listed | None:
        """The list as it would be frozen; None with problems, or when it is frozen already."""
        before = len(self.judge.problems)
        people = self._people()
        employer = self._employer([member for member, _ in people])
        ours = lists.preview(self.session, self.actor, self.month_on, employer=employer)
        lacking = self._lacking_share([member for member, _ in people])
        own = {row.member_id: row for row in ours.rows}
        for member, place in people:
            self._row(member, place, own.get(member.id), lacking.get(member.id, 0), ours.sent_on)
        wanted = Deductions(self.month_on, employer, ours.sent_on, ours.due_on, tuple(self.rows))
        replaces, is_new = self._held(wanted)
        if len(self.judge.problems) > before or not is_new or not self.rows:
            return None
        usual_rp = self._undecided()
        self._compare(own, usual_rp)
        return Listed(wanted, replaces, usual_rp)

    def _undecided(self) -> dict[int, Rupiah]:
        """The monthly wajib where nobody has decided it and most of the list agree."""
        product = lists.mandatory_product(self.session, self.actor)
        if product is None or product.amount_rp or not (amount_rp := usual_amount(r.mandatory_rp for r in self.rows)):
            return {}
        reason = f"{product.name} belum punya jumlah bulanan; dipakai {rupiah(amount_rp)} seperti di daftar ini."
        self.judge.warn_of_file(self.file.name, reason, "Ubah di Pengaturan > Jenis simpanan bila lain.")
        return {product.id: amount_rp}

    def _people(self) -> list[tuple[MemberFact, int]]:
        """Whose rows these are; the number is the place in `self.places`, one table after the other."""
        found: list[tuple[MemberFact, int]] = []
        for table in self.file.tables:
            bad = {problem.row for problem in table.problems}
            numbers, nips, names = (table.column(key, "") for key in ("number", "nip", "name"))
            for place, row in enumerate(table.rows):
                told = str(numbers[place]), str(nips[place]), str(names[place])
                member = self.judge.member(table, row, *told) if any(told[:2]) else None
                if member is None or row in bad:
                    continue
                if member.id in self.places:
                    first = self.places[member.id].row
                    reason = f"{member.number} {member.name} muncul dua kali, di baris {first} dan {row}."
                    self.judge.problem(table, row, "number", reason, "Gabungkan barisnya.")
                    continue
                self.places[member.id] = _Place(table, row)
                found.append((member, place))
        return found

    def _employer(self, people: Sequence[MemberFact]) -> str:
        """Whose paymaster the list is for: one employer of several, or all."""
        query = select(Member.id, Member.employer).where(Member.number.is_not(None), Member.state == "active")
        employers = {id_: employer for id_, employer in self.session.execute(query)}  # noqa: C416  rows
        here = {employers[member.id] for member in people if member.id in employers}
        return here.pop() if len(here) == 1 and len(set(employers.values())) > 1 else ""

    def _lacking_share(self, people: Sequence[MemberFact]) -> dict[int, Rupiah]:
        product = self.judge.known.product("share")
        if product is None:
            return {}
        saved = savings_of(self.session, self.actor, [member.id for member in people])
        return {m.id: max(0, product.amount_rp - saved.get((m.id, product.id), 0)) for m in people}

    def _row(self, member: MemberFact, place: int, own: Deduction | None, lacking_rp: Rupiah, sent_on: date) -> None:
        table, row = self.places[member.id].table, self.places[member.id].row
        if member.left_on is not None and member.left_on < sent_on:
            reason = f"{member.name} sudah keluar per {date_long(member.left_on)}."
            self.judge.problem(table, row, "number", reason, "Hapus barisnya, atau periksa nomornya.")
        asked = {column.key: _number(table, column.key, place) for column in table.table.columns if column.type in {
            "amount", "count"}}  # fmt: skip
        if asked["fee_rp"]:
            reason = "provisi ditagih lewat potongan, padahal dibukukan saat pinjaman cair."
            self.judge.problem(table, row, "fee_rp", reason, "Nolkan kolom provisi dan kurangi totalnya.")
        share_rp, mandatory_rp = asked["share_rp"], asked["mandatory_rp"]
        if both_rp := asked["share_and_mandatory_rp"]:
            part_rp = min(both_rp, max(0, lacking_rp - share_rp))
            share_rp, mandatory_rp = share_rp + part_rp, mandatory_rp + both_rp - part_rp
        principal_rp, interest_rp = asked["principal_rp"], asked["interest_rp"]
        if "principal_rp" not in table.values and asked["loan_total_rp"]:
            if "interest_rp" not in table.values:
                interest_rp = min(asked["loan_total_rp"], own.interest_rp if own else 0)
            principal_rp = asked["loan_total_rp"] - interest_rp
        deduction = Deduction(
            member.id, member.number, member.nip, member.name, "", "", share_rp, mandatory_rp, asked["voluntary_rp"],
            principal_rp, interest_rp, asked["term"], asked["installment"], asked["loan_left_rp"], asked["store_rp"],
        )  # fmt: skip
        if asked["total_rp"] and deduction.total_rp != asked["total_rp"] and not asked["fee_rp"]:
            reason = f"total {rupiah(asked['total_rp'])}, bagian-bagiannya {rupiah(deduction.total_rp)}."
            self.judge.problem(table, row, "total_rp", reason, "Lengkapi kolom simpanan dan pinjamannya.")
        self.rows.append(deduction)

    def _held(self, wanted: Deductions) -> tuple[int | None, bool]:
        """The list of that month which this one replaces, and whether there is anything to do."""
        held = lists.of_month(self.session, self.actor, self.month_on, employer=wanted.employer)
        month = month_long(self.month_on)
        if held is not None and self.judge.options.again and self._same(held, wanted):
            self.judge.warn_of_file(self.file.name, f"daftar potongan {month} sudah dikirim; dilewati.")
            return None, False
        self._neighbours(wanted)
        self._asked_elsewhere(wanted)
        if held is None:
            table = self.file.tables[0]
            if table.rows:
                self.judge.day(table, table.rows[0], wanted.sent_on, "daftar", key="")
            return None, True
        if held.state == "settled":
            reason = f"realisasi {month} sudah dibukukan, jadi daftarnya tidak dapat diganti."
            self.judge.of_file(self.file.name, reason, "Tidak perlu diimpor lagi.")
        else:
            reason = f"daftar potongan {month} yang sudah dikirim akan diganti dengan berkas ini."
            self.judge.warn_of_file(self.file.name, reason, "Pastikan juru bayar memakai daftar yang ini.")
        return held.id, True

    def _same(self, held: PayrollList, wanted: Deductions) -> bool:
        """Whether the file says what was frozen; of a combined column only its sum is known by now."""
        combined = any("share_and_mandatory_rp" in table.values for table in self.file.tables)

        def asked(rows: Sequence[Deduction | PayrollLine]) -> dict[int, list[Rupiah]]:
            return {
                row.member_id: [
                    row.share_rp + row.mandatory_rp, 0 if combined else row.share_rp, row.voluntary_rp,
                    row.principal_rp, row.interest_rp, row.store_rp,
                ]
                for row in rows
            }  # fmt: skip

        return asked(lists.lines(self.session, held)) == asked(wanted.rows)

    def _asked_elsewhere(self, wanted: Deductions) -> None:
        """Nobody is on two lists of one month (one for all and one for an employer)."""
        query = (
            select(PayrollLine.member_id)
            .join(PayrollList, PayrollList.id == PayrollLine.list_id)
            .where(PayrollList.month_on == wanted.month_on, PayrollList.employer != wanted.employer)
        )
        taken = set(self.session.scalars(query))
        twice = [f"{row.number} {row.name}" for row in wanted.rows if row.member_id in taken]
        if twice:
            reason = f"{len(twice)} anggota sudah ada di daftar lain {month_long(wanted.month_on)}: {few(twice)}."
            self.judge.of_file(self.file.name, reason, "Hapus dari berkas ini, atau tarik daftar yang lain.")

    def _neighbours(self, wanted: Deductions) -> None:
        """Lists of other months that this one should have waited for, or that should have waited for it."""
        query = select(PayrollList.month_on, PayrollList.state).where(
            PayrollList.employer == wanted.employer, PayrollList.month_on != wanted.month_on
        )
        for month_on, state in sorted((row[0], row[1]) for row in self.session.execute(query)):
            if month_on > wanted.month_on:
                reason = f"daftar potongan {month_long(month_on)} sudah dikirim lebih dulu."
                self.judge.of_file(self.file.name, reason, "Daftar dibuat berurutan; periksa bulannya.")
                return
            if state == "sent":
                reason = f"realisasi {month_long(month_on)} belum dibukukan."
                advice = "Bukukan dulu bila sudah diterima, supaya tunggakan di daftar ini benar."
                self.judge.warn_of_file(self.file.name, reason, advice)

    def _compare(self, own: dict[int, Deduction], usual_rp: dict[int, Rupiah]) -> None:
        """What the books would have asked instead; it is told, and the file holds."""
        changed: list[str] = []
        for row in self.rows:
            ours, place = own.get(row.member_id), self.places[row.member_id]
            if ours is None:
                reason = f"{row.name} menurut buku tidak ada di daftar bulan ini."
                self.judge.warn(place.table, place.row, "number", reason, "Periksa tanggal masuknya.")
                continue
            differing = [
                f"{word} {rupiah(getattr(row, key))} (menurut buku {rupiah(getattr(ours, key))})"
                for key, word in _COMPARED.items()
                if getattr(row, key) != getattr(ours, key) and not (key == "mandatory_rp" and usual_rp)
            ]
            if differing:
                reason = f"berbeda dari buku: {', '.join(differing)}; yang dipakai isi berkas."
                self.judge.warn(place.table, place.row, "", reason, "Pastikan daftarnya benar.")
            if row.voluntary_rp != ours.voluntary_rp:
                changed.append(f"{row.number} {row.name} {rupiah(row.voluntary_rp)}")
        if changed:
            told = f"potongan sukarela {len(changed)} anggota berubah: {few(changed)}."
            self.judge.warn_of_file(self.file.name, told)
        absent = [f"{ours.number} {ours.name}" for id_, ours in own.items() if id_ not in self.places]
        if absent:
            told = f"{len(absent)} anggota tidak ada di berkas ini: {few(absent)}."
            self.judge.warn_of_file(self.file.name, told, "Mereka tidak ditagih bulan ini.")


def _number(table: ReadTable, key: str, place: int) -> int:
    value = table.column(key, 0)[place]
    return value if isinstance(value, int) else 0
