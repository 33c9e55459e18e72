"""The opening trial balance, judged: accounts known, in balance, and agreeing with the members' own balances."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from core.actor import Actor
from core.dates import day_in
from core.display import date_long, month_long, rupiah
from core.money import Rupiah
from services.imports.judging import Judge
from services.imports.known import AccountFact, opening_by_account
from services.imports.plans import OpeningPlan
from services.imports.reading import ReadFile
from services.imports.tables import ReadTable
from services.ledger import opening
from services.ledger.chart import Role
from services.ledger.opening import OpeningLine
from services.ledger.refusals import OpeningDiffers

_CLOSED = {"closed": "ditutup", "locked": "dikunci"}


def as_of(judge: Judge, files: Sequence[ReadFile]) -> date | None:
    """The day the balances are of: as chosen, as the title says, or the day before the books begin (with a warning)."""
    stated = {day for file in files for table in file.tables for _, text in table.titles if (day := day_in(text))}
    chosen = judge.options.as_of
    name = files[0].name if files else ""
    if chosen is not None and stated and chosen not in stated:
        told = ", ".join(map(date_long, sorted(stated)))
        judge.of_file(name, f"judul menyebut {told}, yang dipilih {date_long(chosen)}.", "Samakan tanggalnya.")
    if chosen is not None:
        return chosen
    if len(stated) > 1:
        told = " dan ".join(map(date_long, sorted(stated)))
        judge.of_file(name, f"judul menyebut dua tanggal saldo: {told}.", "Pilih tanggal saldo awalnya sendiri.")
    if stated:
        return max(stated)
    day = judge.known.before_books()
    if day is not None:
        judge.warn_of_file(
            name, f"tanggal saldo tidak disebut; dipakai {date_long(day)}.", "Ubah dengan pilihan tanggal saldo awal."
        )
    return day


def plan(session: Session, actor: Actor, judge: Judge, files: Sequence[ReadFile]) -> OpeningPlan | None:
    """The opening entry of these files, or None when it was booked before and that is passed over."""
    name = files[0].name
    if judge.known.starts_on is not None:
        if not judge.options.again:
            told = date_long(judge.known.starts_on)
            judge.of_file(name, f"saldo awal sudah dibukukan; buku dimulai {told}.", "Koreksi lewat jurnal.")
        return None
    day = as_of(judge, files)
    if day is None:
        judge.of_file(name, "tanggal saldo awal tidak diketahui.", "Sebutkan tanggal saldo awalnya.")
        return None
    state = judge.known.months.get(day.replace(day=1))
    if state in _CLOSED:
        judge.of_file(name, f"periode {month_long(day)} sudah {_CLOSED[state]}.", "Pilih tanggal saldo yang lain.")
    lines = _Lines(judge)
    for file in files:
        for table in file.tables:
            lines.read(table)
    members_rp = opening_by_account(session, actor, judge.known)
    lines.meet(members_rp)
    lines.balance(name)
    lines.agree(session, name, members_rp)
    if judge.known.months and not any(month > day for month in judge.known.months):
        judge.warn_of_file(name, f"tahun buku {day.year + 1 if day.month == 12 else day.year} akan dibuka.")
    return OpeningPlan(day, tuple(lines.made.values()), members_rp)


class _Lines:
    """One line per account, where each came from, and what rounding took away."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.made: dict[int, OpeningLine] = {}
        self.place: dict[int, tuple[ReadTable, int]] = {}
        self.facts: dict[int, AccountFact] = {}
        self.spoiled = False
        self.rounded: set[int] = set()
        self.slack = 0

    def read(self, table: ReadTable) -> None:
        self.spoiled = self.spoiled or bool(table.problems)
        debits, credits_ = table.column("debit_rp", 0), table.column("credit_rp", 0)
        balances = table.column("balance_rp") if "debit_rp" not in table.values else [None] * len(table.rows)
        whole = [balance for balance in balances if isinstance(balance, int)]
        signed = sum(whole) == 0 and min(whole, default=0) < 0  # debit above zero, credit below
        for place, row in enumerate(table.rows):
            account = self._account(table, row, str(table.column("account")[place]))
            if account is None:
                self.spoiled = True
                continue
            if any(place in rounded for rounded in table.rounded.values()):
                self.rounded.add(account.id)
            balance = balances[place]
            if isinstance(balance, int):
                is_debit = balance > 0 if signed else (balance > 0) == (account.normal_balance == "debit")
                self._keep(table, row, account, abs(balance) * is_debit, abs(balance) * (not is_debit))
            else:
                self._keep(table, row, account, debits[place], credits_[place])

    def _account(self, table: ReadTable, row: int, text: str) -> AccountFact | None:
        account = self.judge.known.account(text)
        if account is None:
            self.judge.problem(table, row, "account", f"akun {text} tidak ada di bagan akun.", "Periksa kodenya.")
        elif account.is_header:
            reason = f"akun {account.code} adalah akun induk dan tidak menerima saldo."
            self.judge.problem(table, row, "account", reason, "Pilih akun rinciannya.")
        elif account.id in self.place:
            reason = f"akun {account.code} tertulis dua kali, di baris {self.place[account.id][1]} dan {row}."
            self.judge.problem(table, row, "account", reason, "Gabungkan atau hapus salah satunya.")
        else:
            self.place[account.id], self.facts[account.id] = (table, row), account
            return account
        return None

    def _keep(self, table: ReadTable, row: int, account: AccountFact, debit_rp: object, credit_rp: object) -> None:
        assert isinstance(debit_rp, int)
        assert isinstance(credit_rp, int)
        if debit_rp and credit_rp:
            reason = f"akun {account.code} berisi debit dan kredit sekaligus."
            self.judge.problem(table, row, "debit_rp", reason, "Isi salah satu sisi saja.")
        self.made[account.id] = OpeningLine(account.id, debit_rp, credit_rp)

    def meet(self, members_rp: dict[int, Rupiah]) -> None:
        """A control account that was rounded takes what its members' rounded balances add up to, if that is near."""
        for account_id in self.rounded & members_rp.keys():
            line = self.made[account_id]
            is_debit = self.facts[account_id].normal_balance == "debit"
            stands = (line.debit_rp - line.credit_rp) * (1 if is_debit else -1)
            difference = members_rp[account_id] - stands
            if difference and abs(difference) <= 1 + len(self.judge.known.members) // 2:
                self.slack += abs(difference)
                whole = members_rp[account_id]
                self.made[account_id] = OpeningLine(account_id, whole * is_debit, whole * (not is_debit))

    @property
    def difference_rp(self) -> Rupiah:
        return sum(line.debit_rp - line.credit_rp for line in self.made.values())

    def balance(self, name: str) -> None:
        """Debit equals credit; what rounding alone took away goes to the rounding account."""
        if self.spoiled:
            return
        difference = self.difference_rp
        if difference and self.rounded and abs(difference) <= (len(self.rounded) + 1) // 2 + self.slack:
            self._round_off(name, difference)
        elif difference:
            debit_rp = sum(line.debit_rp for line in self.made.values())
            reason = (
                f"neraca saldo awal tidak seimbang: debit {rupiah(debit_rp)}, kredit {rupiah(debit_rp - difference)}, "
                f"selisih {rupiah(abs(difference))}."
            )
            self.judge.of_file(name, reason, "Samakan debit dan kredit sebelum dibukukan.")

    def _round_off(self, name: str, difference: Rupiah) -> None:
        role = Role.ROUNDING_GAIN if difference > 0 else Role.ROUNDING_LOSS
        account_id = self.judge.known.roles.get(role.value)
        if account_id is None:
            self.judge.of_file(name, "bagan akun belum punya akun untuk selisih pembulatan.", "Tetapkan peran akunnya.")
            return
        held = self.made.get(account_id, OpeningLine(account_id, 0, 0))
        net = held.debit_rp - held.credit_rp - difference
        self.made[account_id] = replace(held, debit_rp=max(net, 0), credit_rp=max(-net, 0))
        told = f"selisih pembulatan neraca saldo awal {rupiah(abs(difference))} dibukukan ke akun pembulatan."
        self.judge.warn_of_file(name, told)

    def agree(self, session: Session, name: str, members_rp: dict[int, Rupiah]) -> None:
        """Control accounts say what the members' balances say; the account of opening differences is empty."""
        zero = self.judge.known.roles.get(Role.OPENING_BALANCE.value)
        if zero in self.made and self.made[zero] not in {OpeningLine(zero, 0, 0)}:
            table, row = self.place[zero]
            reason = "akun saldo awal masih berisi; setelah saldo awal lengkap akun ini nol."
            self.judge.problem(table, row, "account", reason, "Pindahkan ke akun yang sebenarnya.")
        for refusal in opening.problems(session, list(self.made.values()), members_rp):
            account = refusal.fields["account"]
            told = self.place.get(account.id)
            advice = "Samakan dulu; saldo per anggota masuk lewat daftar anggota (impor lebih dulu)."
            if told is None:
                self.judge.of_file(name, _sentence(refusal), advice)
            elif told[1] not in {problem.row for problem in told[0].problems}:
                self.judge.problem(told[0], told[1], "account", _sentence(refusal), advice)


def _sentence(refusal: OpeningDiffers) -> str:
    return (
        f"saldo awal {refusal.fields['account']} berbeda {refusal.fields['difference']} dari jumlah saldo anggota "
        f"({refusal.fields['members']})."
    )
