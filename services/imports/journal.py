"""General journals, judged: rows of one voucher and day are one entry, balanced in itself, on accounts that take it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import date_short, rupiah
from core.money import Rupiah
from services.imports.judging import Judge, few
from services.imports.known import AccountFact
from services.imports.reading import ReadFile
from services.imports.tables import ReadTable
from services.ledger.chart import Role
from services.ledger.posting import Line, Posting, booked_before

_VOUCHER_LIMIT = 60
_ROUNDING = (Role.ROUNDING_GAIN, Role.ROUNDING_LOSS)


@dataclass
class _Voucher:
    """The rows of one voucher number and day, in the order of the file."""

    table: ReadTable
    number: str
    booked_on: date
    rows: list[int] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    memo: str = ""
    debit_rp: Rupiah = 0
    credit_rp: Rupiah = 0
    rounded: Decimal = Decimal(0)
    spoiled: bool = False

    @property
    def name(self) -> str:
        return f"bukti {self.number}" + (f" (baris {self.rows[0]}-{self.rows[-1]})" if len(self.rows) > 1 else "")

    @property
    def source(self) -> str:
        return f"import:journal:{self.booked_on.isoformat()}:{self.number}"


def plan(session: Session, actor: Actor, judge: Judge, files: Sequence[ReadFile]) -> list[Posting]:
    """The entries of these files by date, without those that were booked before when that is passed over."""
    vouchers: dict[tuple[int, str, date], _Voucher] = {}
    for index, file in enumerate(files):
        for table in file.tables:
            _Rows(judge, table).gather(index, vouchers)
    _told_once(judge, list(vouchers.values()))
    days: dict[str, set[date]] = {}
    for _, number, day in vouchers:
        days.setdefault(number, set()).add(day)
    difference_rp = 0
    for voucher in vouchers.values():
        difference_rp += _check(judge, voucher, days[voucher.number])
    if difference_rp:
        told = f"selisih pembulatan seluruhnya {rupiah(difference_rp)} dibukukan ke akun pembulatan."
        judge.warn_of_file(files[0].name, told)
    postings = [
        Posting(v.booked_on, v.memo or f"Jurnal {v.number}", v.source, tuple(v.lines), v.number)
        for v in sorted(vouchers.values(), key=lambda voucher: voucher.booked_on)
        if not v.spoiled
    ]
    return _new(session, actor, judge, postings, {v.source: v for v in vouchers.values()})


class _Rows:
    """One table, row by row; accounts and units are looked up once per text."""

    def __init__(self, judge: Judge, table: ReadTable) -> None:
        self.judge, self.table = judge, table
        self.accounts: dict[str, tuple[AccountFact | None, str]] = {}
        self.spoiled = {problem.row for problem in table.problems if problem.row}

    def gather(self, index: int, vouchers: dict[tuple[int, str, date], _Voucher]) -> None:
        table = self.table
        days, numbers, texts = table.column("date"), table.column("voucher", ""), table.column("memo", "")
        codes, debits, credits_ = table.column("account", ""), table.column("debit_rp", 0), table.column("credit_rp", 0)
        units = table.column("unit", "")
        for place, row in enumerate(table.rows):
            day, number = days[place], str(numbers[place])
            if not isinstance(day, date) or not number:
                continue  # the reader has told it
            voucher = vouchers.get((index, number, day))
            if voucher is None:
                voucher = vouchers[index, number, day] = _Voucher(table, number, day)
                self._head(voucher, row)
            voucher.rows.append(row)
            self._line(voucher, place, row, str(codes[place]), debits[place], credits_[place], str(units[place]),
                       str(texts[place]))  # fmt: skip

    def _head(self, voucher: _Voucher, row: int) -> None:
        if len(voucher.number) > _VOUCHER_LIMIT:
            reason = f"nomor bukti lebih dari {_VOUCHER_LIMIT} huruf."
            self.judge.problem(self.table, row, "voucher", reason, "Singkat dulu.")
            voucher.spoiled = True
        voucher.spoiled |= not self.judge.day(self.table, row, voucher.booked_on, f"bukti {voucher.number}")

    def _line(
        self, voucher: _Voucher, place: int, row: int, code: str, debit_rp: object, credit_rp: object, unit: str,
        text: str,
    ) -> None:  # fmt: skip
        assert isinstance(debit_rp, int)
        assert isinstance(credit_rp, int)
        account, reason = self._account(code)
        if account is None:
            self.judge.problem(self.table, row, "account", reason, "Periksa kode akunnya.")
            voucher.spoiled = True
            return
        if debit_rp and credit_rp:
            told = f"bukti {voucher.number}: satu baris berisi debit dan kredit sekaligus."
            self.judge.problem(self.table, row, "debit_rp", told, "Pisahkan menjadi dua baris.")
        voucher.spoiled |= row in self.spoiled or bool(debit_rp and credit_rp)
        voucher.memo = voucher.memo or text
        voucher.debit_rp += debit_rp
        voucher.credit_rp += credit_rp
        for key, sign in (("debit_rp", 1), ("credit_rp", -1)):
            if key in self.table.rounded:
                voucher.rounded += sign * self.table.rounded[key].get(place, 0)
        if debit_rp or credit_rp:
            own = "" if text == voucher.memo else text
            voucher.lines.append(Line(account.id, debit_rp, credit_rp, self._unit(voucher, row, unit), None, own[:250]))

    def _account(self, text: str) -> tuple[AccountFact | None, str]:
        found = self.accounts.get(text)
        if found is None:
            found = self.accounts[text] = self._judged(text)
        return found

    def _judged(self, text: str) -> tuple[AccountFact | None, str]:
        account = self.judge.known.account(text)
        if account is None:
            return None, f"akun {text} tidak ada di bagan akun."
        if account.is_header:
            return None, f"akun {account.code} adalah akun induk dan tidak menerima jurnal; pilih akun rinciannya."
        if not account.is_active:
            return None, f"akun {account.code} sudah tidak dipakai."
        if account.id in self.judge.known.control:
            told = "adalah jumlah saldo anggota; perubahannya masuk lewat mutasi kas anggota, bukan jurnal."
            return None, f"akun {account.code} {account.name} {told}"
        return account, ""

    def _unit(self, voucher: _Voucher, row: int, text: str) -> int | None:
        if not text:
            return None
        unit_id = self.judge.known.units.get(text.casefold())
        if unit_id is None:
            self.judge.problem(self.table, row, "unit", f"unit '{text}' tidak ada.", "Periksa kode unitnya.")
            voucher.spoiled = True
        return unit_id


def _told_once(judge: Judge, vouchers: list[_Voucher]) -> None:
    """The same voucher and day in two files is one event told twice."""
    first: dict[str, _Voucher] = {}
    for voucher in vouchers:
        other = first.setdefault(voucher.source, voucher)
        if other is not voucher:
            day = date_short(voucher.booked_on)
            reason = f"bukti {voucher.number} tanggal {day} juga ada di {other.table.file}, baris {other.rows[0]}."
            judge.problem(voucher.table, voucher.rows[0], "voucher", reason, "Impor salah satu saja.")
            voucher.spoiled = True


def _check(judge: Judge, voucher: _Voucher, days: set[date]) -> Rupiah:
    """Balance the voucher or tell that it does not; the rupiah that rounding took are returned."""
    if voucher.spoiled:
        return 0
    difference = voucher.debit_rp - voucher.credit_rp
    if difference and difference == voucher.rounded:
        return _round_off(judge, voucher, difference)
    if difference:
        reason = (
            f"{voucher.name} tidak seimbang: debit {rupiah(voucher.debit_rp)}, kredit {rupiah(voucher.credit_rp)}, "
            f"selisih {rupiah(abs(difference))}."
        )
        if len(days) > 1:
            reason += f" Barisnya bertanggal berbeda-beda: {few([date_short(day) for day in sorted(days)])}."
        judge.problem(voucher.table, voucher.rows[0], "voucher", reason, "Samakan debit dan kredit tiap bukti.")
        voucher.spoiled = True
    elif len(voucher.lines) < 2:
        reason = f"{voucher.name} tidak berisi debit dan kredit."
        judge.problem(voucher.table, voucher.rows[0], "voucher", reason, "Lengkapi atau hapus bukti itu.")
        voucher.spoiled = True
    return 0


def _round_off(judge: Judge, voucher: _Voucher, difference: Rupiah) -> Rupiah:
    gain, loss = (judge.known.roles.get(role.value) for role in _ROUNDING)
    account_id = gain if difference > 0 else loss
    if account_id is None:
        reason = "bagan akun belum punya akun untuk selisih pembulatan."
        judge.problem(voucher.table, voucher.rows[0], "account", reason, "Tetapkan di Pengaturan > Peran akun.")
        voucher.spoiled = True
        return 0
    voucher.lines.append(Line(account_id, max(-difference, 0), max(difference, 0), memo="Selisih pembulatan"))
    reason = f"{voucher.name}: selisih pembulatan {rupiah(abs(difference))} dibukukan ke akun pembulatan."
    judge.warn(voucher.table, voucher.rows[0], "voucher", reason)
    return abs(difference)


def _new(
    session: Session, actor: Actor, judge: Judge, postings: list[Posting], vouchers: dict[str, _Voucher]
) -> list[Posting]:
    before = booked_before(session, actor, postings) if postings else {}
    passed = 0
    for source, (posted, same) in before.items():
        voucher = vouchers[source]
        if same and judge.options.again:
            passed += 1
            continue
        how = "sudah dibukukan" if same else "sudah dibukukan dengan isi lain"
        reason = f"{voucher.name} tanggal {date_short(voucher.booked_on)} {how} (jurnal {posted.label})."
        judge.problem(voucher.table, voucher.rows[0], "voucher", reason, "Hapus barisnya, atau beri nomor bukti lain.")
    if passed:
        judge.passed(vouchers[postings[0].source].table.file, "bukti", passed)
    return [posting for posting in postings if posting.source not in before]
