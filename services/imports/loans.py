"""Loans an office has paid out, judged: who got them, on which day, what was kept back, at which rate."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import date_long, rupiah
from core.errors import Refusal
from core.money import Rupiah
from models.loans import Loan, LoanProduct
from services.imports.judging import STATES, Judge
from services.imports.known import MemberFact
from services.imports.plans import Payout
from services.imports.reading import ReadFile
from services.imports.tables import ReadTable
from services.ledger.chart import Role
from services.loans import history, products
from services.loans.schedule import TermsInvalid, check
from services.settings import dated

_NOT_PAID = ("tolak", "batal", "reject", "cancel")


def plan(session: Session, actor: Actor, judge: Judge, files: Sequence[ReadFile]) -> list[Payout]:
    """The loans of these files by day of payment, without those booked before when that is passed over."""
    try:
        product = history.usual_product(session, actor)
    except Refusal as refusal:
        judge.of_file(files[0].name, refusal.sentence, "")
        return []
    if Role.BANK.value not in judge.known.roles:
        judge.of_file("", "bagan akun belum punya akun untuk bank.", "Tetapkan di Pengaturan > Peran akun.")
    reader = _Reader(session, actor, judge, product)
    for file in files:
        for table in file.tables:
            for place in range(len(table.rows)):
                reader.row(table, place)
    return _new(session, judge, reader)


class _Reader:
    """Rows to payouts; what cannot be one becomes a problem."""

    def __init__(self, session: Session, actor: Actor, judge: Judge, product: LoanProduct) -> None:
        self.session, self.actor, self.judge, self.product = session, actor, judge, product
        self.payouts: list[Payout] = []
        self.places: dict[str, tuple[ReadTable, int]] = {}
        self.bad: dict[int, set[int | None]] = {}

    def row(self, table: ReadTable, place: int) -> None:
        row = table.rows[place]
        bad = self.bad.setdefault(id(table), {problem.row for problem in table.problems})
        paid_on = self._paid_on(table, place)
        principal_rp = _number(table, "principal_rp", place)
        if row in bad or self._not_paid(table, place, paid_on, principal_rp):
            return
        number, nip = (str(table.column(key, "")[place]) for key in ("number", "nip"))
        member = self.judge.member(table, row, number, nip, str(table.column("name", "")[place]))
        if paid_on is None:
            key = "disbursed_on" if "disbursed_on" in table.values else "approved_on"
            self.judge.problem(table, row, key, "tanggal realisasi kosong.", "Isi dulu, atau kosongkan jumlahnya.")
        elif not self.judge.day(table, row, paid_on, key="disbursed_on"):
            return
        fee_rp = self._fee(table, place, principal_rp)
        term = self._term(table, place, principal_rp)
        if member is None or paid_on is None or fee_rp is None or term is None:
            return
        if not self._is_member(table, row, member, paid_on):
            return
        self._take(table, place, member, paid_on, principal_rp, fee_rp, term)

    def _take(
        self, table: ReadTable, place: int, member: MemberFact, paid_on: date, principal_rp: Rupiah, fee_rp: Rupiah,
        term: int,
    ) -> None:  # fmt: skip
        row = table.rows[place]
        number = self._loan_number(table, place, member, paid_on)
        if number in self.places:
            other, first = self.places[number]
            reason = f"No Pinjaman {number} juga ada di {other.file} baris {first}."
            self.judge.problem(table, row, "loan_no", reason, "Hapus atau perbaiki salah satunya.")
            return
        asked_on, decided_on = (self._before(table, place, key, paid_on) for key in ("asked_on", "approved_on"))
        day = dated.whole(self.session, self.actor.coop_id, "payroll.pay_day", paid_on)
        asked_rp = _number(table, "asked_rp", place) or principal_rp
        payout = Payout(
            member.id, number, principal_rp, asked_rp, term, fee_rp, asked_on, decided_on, paid_on,
            history.months_from(paid_on, 1, day), str(table.column("purpose", "")[place]),
            self._rate(table, place, term),
        )  # fmt: skip
        self.payouts.append(payout)
        self.places[number] = (table, row)

    def _paid_on(self, table: ReadTable, place: int) -> date | None:
        """When it was paid; a list without that column tells when it was approved."""
        key = "disbursed_on" if "disbursed_on" in table.values else "approved_on"
        day = table.column(key)[place]
        return day if isinstance(day, date) else None

    def _not_paid(self, table: ReadTable, place: int, paid_on: date | None, principal_rp: Rupiah) -> bool:
        """Whether the row is an application that came to nothing; it is told and left."""
        status = str(table.column("status", "")[place]).casefold()
        if any(word in status for word in _NOT_PAID) or (paid_on is None and not principal_rp):
            told = "pengajuan tanpa pencairan (ditolak atau batal); tidak dibukukan."
            self.judge.warn(table, table.rows[place], "disbursed_on", told)
            return True
        return False

    def _fee(self, table: ReadTable, place: int, principal_rp: Rupiah) -> Rupiah | None:
        """What was kept back: stated, or plafond less what was handed over; both must agree."""
        row = table.rows[place]
        if _number(table, "old_principal_rp", place) or _number(table, "old_interest_rp", place):
            reason = "pinjaman ini menutup pinjaman lama (kompensasi), yang belum dapat diimpor."
            self.judge.problem(table, row, "old_principal_rp", reason, "Catat pencairannya di Kopmin > Pinjaman.")
            return None
        if principal_rp <= 0:
            self.judge.problem(table, row, "principal_rp", "plafon kosong.", "Isi jumlah yang dicairkan.")
            return None
        stated_rp, received_rp = _number(table, "fee_rp", place), _number(table, "received_rp", place)
        kept_rp = principal_rp - received_rp if received_rp else stated_rp
        if not 0 <= kept_rp < principal_rp or ("fee_rp" in table.values and stated_rp != kept_rp):
            difference = rupiah(principal_rp - received_rp)
            reason = f"biaya tertulis {rupiah(stated_rp)}, plafon dikurangi yang diterima {difference}."
            self.judge.problem(table, row, "fee_rp", reason, "Perbaiki plafon, biaya, atau jumlah diterima.")
            return None
        if kept_rp and Role.LOAN_FEE_INCOME.value not in self.judge.known.roles:
            reason = "bagan akun belum punya akun untuk pendapatan provisi."
            self.judge.problem(table, row, "fee_rp", reason, "Tetapkan di Pengaturan > Peran akun.")
            return None
        return kept_rp

    def _term(self, table: ReadTable, place: int, principal_rp: Rupiah) -> int | None:
        row, term = table.rows[place], _number(table, "term", place)
        if term <= 0:
            self.judge.problem(table, row, "term", "tenor kosong.", "Isi berapa kali angsurannya.")
            return None
        try:
            check(products.terms_of(self.product, max(principal_rp, 1), term))
        except TermsInvalid as refusal:
            self.judge.problem(table, row, "term", refusal.sentence, "Perbaiki tenor atau plafonnya.")
            return None
        if term > self.product.longest_term:
            reason = f"tenor {term} lebih panjang dari {self.product.name} ({self.product.longest_term})."
            self.judge.warn(table, row, "term", reason, "Pastikan tenornya benar.")
        return term

    def _is_member(self, table: ReadTable, row: int, member: MemberFact, day: date) -> bool:
        if member.state != "active":
            how = f"keluar per {date_long(member.left_on)}" if member.left_on else STATES[member.state]
            self.judge.problem(table, row, "number", f"{member.name} {how}.", "Periksa nomor atau tanggalnya.")
            return False
        if member.joined_on is not None and day < member.joined_on:
            reason = f"{member.name} baru masuk {date_long(member.joined_on)}."
            self.judge.warn(table, row, "disbursed_on", reason, "Pastikan tanggalnya benar.")
        return True

    def _loan_number(self, table: ReadTable, place: int, member: MemberFact, paid_on: date) -> str:
        number = str(table.column("loan_no", "")[place])
        if len(number) > 30:
            self.judge.problem(table, table.rows[place], "loan_no", "lebih dari 30 huruf.", "Singkat dulu.")
        if not number:  # made of what identifies it, so that the same row is known again
            number = f"{paid_on:%y%m%d}/{member.number}"
            self.judge.warn(table, table.rows[place], "loan_no", f"No Pinjaman kosong; dipakai {number}.")
        return number

    def _before(self, table: ReadTable, place: int, key: str, paid_on: date) -> date:
        day = table.column(key)[place]
        if not isinstance(day, date):
            return paid_on
        if day > paid_on:
            reason = f"{date_long(day)} sesudah pencairan {date_long(paid_on)}."
            self.judge.warn(table, table.rows[place], key, reason, "Pastikan tanggalnya benar.")
        return day

    def _rate(self, table: ReadTable, place: int, term: int) -> Decimal | None:
        """Percent a month as the file says it; None where it is the product's."""
        text = str(table.column("rate_pct", "")[place]).replace(" ", "")
        own = _monthly(self.product, term)
        if not text:
            return None
        try:
            rate = Decimal(text.rstrip("%").replace(",", "."))
        except InvalidOperation:
            rate = Decimal(-1)
        if "%" not in text and rate * 100 == own:
            rate = own  # a cell formatted as percent holds the hundredth
        if not rate.is_finite() or not 0 <= rate <= 10:
            reason = f"bunga '{text[:20]}' bukan persen per bulan."
            self.judge.problem(table, table.rows[place], "rate_pct", reason, "Tulis misalnya 1 atau 1,5.")
            return None
        if rate == own:
            return None
        reason = (
            f"bunga {_pct(rate)} % per bulan berbeda dari {self.product.name} ({_pct(own)} %); dipakai dari berkas."
        )
        self.judge.warn(table, table.rows[place], "rate_pct", reason, "Pastikan bunganya per bulan.")
        return rate


def _number(table: ReadTable, key: str, place: int) -> int:
    value = table.column(key, 0)[place]
    return value if isinstance(value, int) else 0


def _pct(rate: Decimal) -> str:
    return f"{rate.normalize():f}".replace(".", ",")


def _monthly(product: LoanProduct, term: int) -> Decimal:
    parts = {"month": 1, "year": 12, "term": term}
    return Decimal(product.rate_pct) / parts[product.rate_basis]


def _new(session: Session, judge: Judge, reader: _Reader) -> list[Payout]:
    numbers = [payout.number for payout in reader.payouts]
    held = {loan.number: loan for loan in session.scalars(select(Loan).where(Loan.number.in_(numbers)))}
    fresh, passed = [], 0
    for payout in reader.payouts:
        loan = held.get(payout.number)
        if loan is None:
            fresh.append(payout)
            continue
        told = (loan.member_id, loan.principal_rp, loan.term, loan.fee_rp, loan.disbursed_on)
        same = told == (payout.member_id, payout.principal_rp, payout.term, payout.fee_rp, payout.booked_on)
        if same and judge.options.again:
            passed += 1
            continue
        table, row = reader.places[payout.number]
        reason = f"pinjaman {payout.number} sudah dibukukan{'' if same else ' dengan isi lain'}."
        judge.problem(table, row, "loan_no", reason, "Hapus barisnya, atau beri nomor lain.")
    if passed:
        judge.passed(reader.places[reader.payouts[0].number][0].file, "pinjaman", passed)
    return sorted(fresh, key=lambda payout: payout.booked_on)
