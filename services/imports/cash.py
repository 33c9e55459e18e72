"""Cash movements of members and exits, judged against balances that run along in the order of the days."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import date_long, rupiah
from core.money import Rupiah
from models.savings import SavingsProduct
from services.imports.judging import STATES, Judge
from services.imports.known import MemberFact, loans_of, movements_booked, savings_of
from services.imports.members import SAVED
from services.imports.plans import Exit, Movement, in_order
from services.imports.reading import ReadFile
from services.imports.specs import words
from services.imports.tables import ReadTable
from services.ledger.chart import Role

_IN = {"setor", "setoran", "simpan", "masuk", "menabung", "deposit"}
_OUT = {"tarik", "penarikan", "keluar", "ambil", "pengambilan", "withdrawal"}
_KINDS = {"pokok": "share", "wajib": "mandatory", "manasuka": "voluntary", "tabungan": "voluntary"}


@dataclass(frozen=True)
class _Place:
    """Where an event stands in the files."""

    table: ReadTable
    row: int


@dataclass
class _State:
    """Balances, loans and who has left, as the events run."""

    saved: dict[tuple[int, int], Rupiah]
    loans: dict[int, Rupiah]
    left: dict[int, date] = field(default_factory=dict)


@dataclass(frozen=True)
class _Leaving:
    """An exit as the file states it."""

    member: MemberFact
    booked_on: date
    stated_rp: dict[str, Rupiah]
    loan_rp: Rupiah | None
    paid_rp: Rupiah
    reason: str
    voucher_no: str


def plan(session: Session, actor: Actor, judge: Judge, files: Sequence[ReadFile]) -> list[Movement | Exit]:
    """The movements and exits of these files by date, without those booked before when that is passed over."""
    reader = _Reader(judge)
    leaving: list[tuple[_Leaving, _Place]] = []
    for file in files:
        for table in file.tables:
            for place in range(len(table.rows)):
                if table.table.key == "movements":
                    reader.movement(table, place)
                elif found := reader.leaving(table, place):
                    leaving.append((found, _Place(table, table.rows[place])))
    _may(judge, actor, leaving)
    members = {member.id for member in reader.members}
    state = _State(savings_of(session, actor, members), loans_of(session, actor))
    known = movements_booked(session, actor, [movement.source for movement in reader.movements])
    movements = _new(judge, reader, known)
    return _run(judge, reader, state, movements, leaving)


def _may(judge: Judge, actor: Actor, leaving: list[tuple[_Leaving, _Place]]) -> None:
    for role in (Role.CASH, Role.BANK) if leaving else (Role.CASH,):
        if role.value not in judge.known.roles:
            judge.of_file(
                "", f"bagan akun belum punya akun untuk {role.value}.", "Tetapkan di Pengaturan > Peran akun."
            )
    if leaving and not actor.may("members.decide"):
        reason = "berkas ini memuat anggota keluar, yang tidak boleh Anda proses."
        judge.of_file(leaving[0][1].table.file, reason, "Minta pengurus yang berwenang mengimpornya.")


class _Reader:
    """Rows to events; what cannot be an event becomes a problem."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.movements: list[Movement] = []
        self.places: dict[str, _Place] = {}
        self.members: list[MemberFact] = []
        self.counted: Counter[str] = Counter()
        self.products: dict[str, SavingsProduct | None] = {}
        self.bad: dict[int, set[int | None]] = {}

    def _basics(self, table: ReadTable, place: int) -> tuple[date, MemberFact] | None:
        row = table.rows[place]
        bad = self.bad.setdefault(id(table), {problem.row for problem in table.problems})
        day, number = table.column("date")[place], str(table.column("number")[place])
        if row in bad or not isinstance(day, date) or not number:
            return None  # the reader has told it
        member = self.judge.member(table, row, number, "", str(table.column("name", "")[place]))
        if member is None or not self.judge.day(table, row, day):
            return None
        self.members.append(member)
        return day, member

    def movement(self, table: ReadTable, place: int) -> None:
        row, basics = table.rows[place], self._basics(table, place)
        product_text = str(table.column("product", "")[place])
        act_text = str(table.column("act", "")[place])
        product = self._product(product_text or act_text)
        if product is None:
            reason = f"jenis simpanan '{product_text}' tidak dikenal."
            known = ", ".join(one.name for one in self.judge.known.products)
            self.judge.problem(table, row, "product", reason, f"Tulis salah satu: {known}.")
        amount_rp = self._amount(table, place, row, {*words(product_text), *words(act_text)})
        if basics is None or product is None or amount_rp is None:
            return
        day, member = basics
        if amount_rp < 0 and product.kind != "voluntary":
            reason = f"{product.name} tidak dapat ditarik selama masih anggota."
            self.judge.problem(table, row, "out_rp", reason, "Catat lewat lembar anggota keluar bila ia berhenti.")
            return
        voucher_no = str(table.column("voucher", "")[place])[:60]
        base = f"import:cash:{day.isoformat()}:{voucher_no or '-'}:{member.number}:{product.code}"
        base += "" if voucher_no else f":{amount_rp}"
        self.counted[base] += 1
        source = base if self.counted[base] == 1 else f"{base}:{self.counted[base]}"
        memo = str(table.column("memo", "")[place])
        self.movements.append(Movement(member.id, product.id, amount_rp, day, source, memo, voucher_no))
        self.places[source] = _Place(table, row)

    def _product(self, text: str) -> SavingsProduct | None:
        if text not in self.products:
            exact = [p for p in self.judge.known.products if text.casefold() in {p.code.casefold(), p.name.casefold()}]
            kinds = {_KINDS[word] for word in words(text) if word in _KINDS}
            by_word = self.judge.known.product(kinds.pop()) if len(kinds) == 1 else None
            self.products[text] = exact[0] if len(exact) == 1 else by_word
        return self.products[text]

    def _amount(self, table: ReadTable, place: int, row: int, said: set[str]) -> Rupiah | None:
        """Signed, in above zero; None when sides and words do not agree (told)."""
        keys = ("in_rp", "out_rp", "amount_rp")
        in_rp, out_rp, amount_rp = (int(str(table.column(key, 0)[place])) for key in keys)
        says_in, says_out = bool(said & _IN), bool(said & _OUT)
        if not in_rp and not out_rp and amount_rp:
            if says_in == says_out:
                reason = "tidak jelas apakah ini setoran atau penarikan."
                self.judge.problem(table, row, "act", reason, "Tulis setoran atau penarikan.")
                return None
            return amount_rp if says_in else -amount_rp
        if in_rp and out_rp:
            self.judge.problem(table, row, "in_rp", "masuk dan keluar terisi bersamaan.", "Pisahkan menjadi dua baris.")
            return None
        if not in_rp and not out_rp:
            self.judge.problem(table, row, "in_rp", "jumlahnya nol.", "Isi jumlahnya atau hapus barisnya.")
            return None
        if (in_rp and says_out and not says_in) or (out_rp and says_in and not says_out):
            reason = "kata dan kolomnya berlawanan (setor di kolom keluar, atau tarik di kolom masuk)."
            self.judge.problem(table, row, "in_rp" if in_rp else "out_rp", reason, "Perbaiki salah satunya.")
            return None
        return in_rp or -out_rp

    def leaving(self, table: ReadTable, place: int) -> _Leaving | None:
        basics = self._basics(table, place)
        if basics is None:
            return None
        day, member = basics
        amounts = {key: int(str(table.column(key, 0)[place])) for key in (*SAVED, "loan_rp", "paid_rp")}
        reason = str(table.column("reason", "")[place]) or "Keluar"
        return _Leaving(
            member,
            day,
            {kind: amounts[key] for key, kind in SAVED.items()},
            amounts["loan_rp"] if "loan_rp" in table.values else None,
            amounts["paid_rp"],
            reason,
            str(table.column("voucher", "")[place])[:60],
        )


def _new(judge: Judge, reader: _Reader, known: dict[str, Rupiah]) -> list[Movement]:
    passed = 0
    for movement in reader.movements:
        if movement.source not in known:
            continue
        place, same = reader.places[movement.source], known[movement.source] == movement.amount_rp
        if same and judge.options.again:
            passed += 1
            continue
        how = "sudah dibukukan" if same else f"sudah dibukukan dengan jumlah {rupiah(abs(known[movement.source]))}"
        reason = f"mutasi {movement.voucher_no or 'ini'} {how}."
        judge.problem(place.table, place.row, "voucher", reason, "Hapus barisnya, atau beri nomor bukti lain.")
    if passed:
        judge.passed(reader.places[reader.movements[0].source].table.file, "mutasi", passed)
    return [movement for movement in reader.movements if movement.source not in known]


def _run(
    judge: Judge, reader: _Reader, state: _State, movements: list[Movement], leaving: list[tuple[_Leaving, _Place]]
) -> list[Movement | Exit]:
    """Let the events happen in memory, in the order of the days; what cannot happen is told."""
    facts = {member.id: member for member in reader.members}
    products = {product.id: product for product in judge.known.products}
    exits = {_source(one): (one, place) for one, place in leaving}
    planned = [
        Exit(one.member.id, {}, one.loan_rp or 0, one.booked_on, one.reason, _source(one), one.voucher_no)
        for one, _ in leaving
    ]
    done: list[Movement | Exit] = []
    for event in in_order([*movements, *planned]):
        if isinstance(event, Exit):
            found = _leave(judge, state, products, *exits[event.source])
            done += [found] if found else []
        elif isinstance(event, Movement):
            place = reader.places[event.source]
            if _moves(judge, state, facts[event.member_id], products[event.product_id], event, place):
                done.append(event)
    return done


def _source(leaving: _Leaving) -> str:
    return f"import:exit:{leaving.booked_on.isoformat()}:{leaving.member.number}"


def _moves(
    judge: Judge, state: _State, member: MemberFact, product: SavingsProduct, event: Movement, place: _Place
) -> bool:
    if not _active(judge, state, member, event.booked_on, place):
        return False
    key = (member.id, product.id)
    before = state.saved.get(key, 0)
    if event.amount_rp < 0 and before + event.amount_rp < product.minimum_balance_rp:
        reason = (
            f"saldo {product.name} {member.name} per {date_long(event.booked_on)} hanya {rupiah(before)}, "
            f"tidak cukup untuk menarik {rupiah(-event.amount_rp)}."
        )
        judge.problem(
            place.table, place.row, "out_rp", reason, "Periksa jumlahnya, atau bukukan setorannya lebih dulu."
        )
        return False
    state.saved[key] = before + event.amount_rp
    return True


def _active(judge: Judge, state: _State, member: MemberFact, day: date, place: _Place) -> bool:
    if member.id in state.left or member.state != "active":
        left = state.left.get(member.id) or member.left_on
        how = f"keluar per {date_long(left)}" if left else STATES.get(member.state, member.state)
        judge.problem(place.table, place.row, "number", f"{member.name} {how}.", "Periksa nomor atau tanggalnya.")
        return False
    if member.joined_on is not None and day < member.joined_on:
        reason = f"{member.name} baru masuk {date_long(member.joined_on)}."
        judge.warn(place.table, place.row, "date", reason, "Pastikan tanggalnya benar.")
    return True


def _leave(
    judge: Judge, state: _State, products: dict[int, SavingsProduct], leaving: _Leaving, place: _Place
) -> Exit | None:
    member, day = leaving.member, leaving.booked_on
    if judge.options.again and member.state == "left" and member.left_on == day:
        return None
    if not _active(judge, state, member, day, place):
        return None
    rights = {pid: rp for (mid, pid), rp in state.saved.items() if mid == member.id and rp}
    differing = False
    for key, kind in SAVED.items():
        if key in place.table.values:
            stands = sum(rp for pid, rp in rights.items() if pid in products and products[pid].kind == kind)
            differing |= _differs(judge, place, key, leaving.stated_rp[kind], stands)
    loan_rp = state.loans.get(member.id, 0)
    if leaving.loan_rp is not None:
        differing |= _differs(judge, place, "loan_rp", leaving.loan_rp, loan_rp)
    paid_rp = sum(rights.values()) - loan_rp
    if not differing:
        differing = _differs(judge, place, "paid_rp", leaving.paid_rp, paid_rp)
    if not differing and paid_rp < 0:
        reason = f"{member.name} masih berutang {rupiah(-paid_rp)} lebih besar dari simpanannya."
        judge.problem(place.table, place.row, "paid_rp", reason, "Lunasi selisihnya dulu sebelum keluar.")
    state.left[member.id] = day
    for product_id in rights:
        state.saved[member.id, product_id] = 0
    source = _source(leaving)
    return Exit(member.id, rights, loan_rp, day, leaving.reason, source, leaving.voucher_no)


def _differs(judge: Judge, place: _Place, key: str, stated_rp: Rupiah, stands_rp: Rupiah) -> bool:
    if stated_rp == stands_rp:
        return False
    reason = (
        f"tertulis {rupiah(stated_rp)}, menurut buku {rupiah(stands_rp)}, selisih {rupiah(abs(stated_rp - stands_rp))}."
    )
    advice = "Bukukan dulu setoran dan angsuran sampai tanggal ini, atau perbaiki berkasnya."
    judge.problem(place.table, place.row, key, reason, advice)
    return True
