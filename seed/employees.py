"""The employee cooperative: 122 people of one company, savings and loans through the payroll, a shop."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from models.members import Member
from seed import employee_books, employee_loans, month_end, names, seasons, shopping, waiting
from seed.employee_loans import CONTRACTOR, EMPLOYER
from seed.lending import Desk
from seed.loan_plot import LoanPlot
from seed.logins import EMPLOYEES, PEOPLE
from seed.opening import Opener, Setting
from seed.stage import Scene, Stage
from services.ledger.chart import Role
from services.mart.stores import Shop
from services.members import commands as members
from services.members.commands import PersonData
from services.payroll import lists, settlement
from services.payroll.settlement import Received
from services.savings.commands import CashMovement, move_many, reverse_movement

SHARE_RP, MANDATORY_RP = 200_000, 100_000
AT_START, CONTRACT_EVERY = 115, 17
LENT_RP, LIST_DAY, PAY_DAY = 40_000_000, 10, 25
WORK_UNITS = ("Produksi", "Gudang", "Keuangan", "Teknik", "Pemasaran", "Umum", "Mutu")
# months since the start -> how many apply; who leaves, and why
JOINING = {1: 1, 2: 1, 4: 2, 6: 1, 8: 1, 10: 1, 12: 1, 13: 1, 15: 1, 17: 1, 19: 1, 21: 1, 22: 1}
LEAVING = {
    3: (67, "Pensiun"), 7: (89, "Pindah kerja"), 11: (31, "Pensiun"), 14: (102, "Mengundurkan diri"),
    18: (54, "Pensiun"), 20: (79, "Pindah kerja"),
}  # fmt: skip
MEMBER = 4  # place in the list of the member whose login is shown

SETTING = Setting(
    slug=EMPLOYEES,
    name="Koperasi Karyawan Tirta Sentosa",
    chart_name="serba_usaha",
    zone="WIB",
    profile={
        "legal_no": "AHU-0000122.AH.01.26 (contoh)",
        "nik_koperasi": "9900000000122",
        "address": "Jl. Contoh Industri No. 12",
        "city": "Bandung",
        "phone": "080000000122",
        "email": "kopkar.tirta@contoh.example",
        "transfer_to": "Bank Contoh 9900-01-000122 a.n. Koperasi Karyawan Tirta Sentosa",
        "chair_name": PEOPLE[EMPLOYEES]["ketua"].full_name,
        "secretary_name": PEOPLE[EMPLOYEES]["sekretaris"].full_name,
        "treasurer_name": PEOPLE[EMPLOYEES]["bendahara"].full_name,
    },
    about=(
        "DATA CONTOH: koperasi ini tidak ada. Ia dibuat supaya Anda dapat melihat eKopz bekerja.\n\n"
        "Koperasi karyawan sebuah pabrik air minum: simpan pinjam lewat potong gaji, dan toko kebutuhan sehari-hari "
        "yang juga melayani warga sekitar. Anggotanya menyimpan sejak bulan pertama bekerja."
    ),
    share_rp=SHARE_RP,
    mandatory_rp=MANDATORY_RP,
    balances={
        "11011": 12_450_000, "11014": 2_150_000, "11022": 40_170_000, "1104": 250_000_000,
        "1113": 92_750_000, "1116": 12_000_000, "1201": 5_000_000, "1214": 86_400_000, "1215": -31_680_000,
        "2107": -38_400_000, "2115": -470_000, "2121": -3_125_000, "2122": -1_400_000,
        "2123": -2_710_000, "2124": -1_955_000, "3105": -5_000_000, "3201": -54_900_000, "3302": -58_200_000,
    },
    rest="11021",
    loans=employee_loans.PRODUCTS,
    savings_pct=Decimal(3),
    units={"TOKO": "Toko Karyawan"},
)  # fmt: skip


def openers(today: date) -> list[Opener]:
    """The members' list of the day before: years of wajib behind each, and some sukarela."""
    rng = random.Random(f"{EMPLOYEES}:anggota")
    start = seasons.first_day(today)
    known = [person.full_name for person in PEOPLE[EMPLOYEES].values() if person.member]
    people = names.people(rng, AT_START, known=tuple(known), employer=EMPLOYER, work_units=WORK_UNITS)
    found = []
    for index, person in enumerate(people):
        saved_months = rng.randint(90, 120) if index < len(known) else rng.randint(3, 110)
        deduction = 200_000 if index == MEMBER else rng.choice((0, 0, 50_000, 100_000, 100_000, 150_000, 250_000))
        saved = MANDATORY_RP * saved_months
        voluntary = 4_350_000 if index == MEMBER else deduction * rng.randint(4, 40) + rng.randint(0, 9) * 50_000
        employer = CONTRACTOR if (index + 1) % CONTRACT_EVERY == 0 else EMPLOYER
        person = replace(person, voluntary_deduction_rp=deduction, employer=employer)
        joined = seasons.shifted(start, -saved_months).replace(day=rng.randint(1, 28))
        loan = employee_loans.at_start(index + 1, rng)
        found.append(Opener(person, joined, SHARE_RP, saved, voluntary, loan))
    return found


class Story:
    """Month after month. `active` is who takes part; `owing` the months a member has not paid yet."""

    def __init__(self, stage: Stage, enrolled: list[Member]) -> None:
        self.stage, self.active = stage, list(enrolled)
        self.start = seasons.first_day(stage.today)
        rng = random.Random(f"{EMPLOYEES}:pelamar")
        self.applicants = names.people(rng, 30, employer=EMPLOYER, work_units=WORK_UNITS, known=(), born=(1990, 2004))
        self.maya = enrolled[MEMBER]
        self.owing: dict[int, int] = {}
        held = {member.name for member in enrolled}
        self.applicants = [person for person in self.applicants if person.name not in held]
        desk = Desk(stage, "11021", employee_loans.PURPOSES, (4_200_000, 9_000_000), lambda m: not self._is_contract(m))
        self.loans = LoanPlot(desk, employee_loans.PLAN, self.active)

    def month(self, month: date) -> list[Scene]:
        """What happens in a month, each thing on its day."""
        rng = random.Random(f"{EMPLOYEES}:{month.isoformat()}")
        passed = (month.year - self.start.year) * 12 + month.month - self.start.month
        return [
            *self._coming_and_going(month, passed, rng),
            Scene(month, partial(self.stage.bill, month)),
            *self._desk(month, passed, rng),
            *self._payroll(month, rng),
            *self.loans.scenes(month, round(LENT_RP * seasons.factor(month, self.start, 0.9)), rng),
            *month_end.placings(self.stage, employee_loans.PLACED, self.active, month, "11021"),
            *employee_books.scenes(self.stage, month, self.start),
        ]

    def _coming_and_going(self, month: date, passed: int, rng: random.Random) -> list[Scene]:
        scenes = []
        for _ in range(JOINING.get(passed, 0)):
            on = seasons.working_day(month, rng.randint(3, 9))
            scenes.append(Scene(on, partial(self._join, self.applicants.pop(), on, rng.choice((50_000, 100_000)))))
        if passed in LEAVING:
            place, reason = LEAVING[passed]
            # before the month's bills are made, so that none is left behind
            scenes.append(Scene(month, partial(self._leave, f"{place:04d}", month, reason)))
        if passed == 9:
            on = seasons.working_day(month, 14)
            scenes.append(Scene(on, partial(self._turn_away, self.applicants.pop(), on)))
        return scenes

    def _join(self, person: PersonData, on: date, deduction_rp: int) -> None:
        member = self.stage.approve(self.stage.apply(replace(person, voluntary_deduction_rp=deduction_rp), on), on)
        self.stage.deposit(member, self.stage.share, SHARE_RP, on)
        self.active.append(member)

    def _turn_away(self, person: PersonData, on: date) -> None:
        applicant = self.stage.apply(person, on)
        reason = "Masih karyawan masa percobaan; ajukan lagi setelah diangkat tetap"
        members.reject(self.stage.session, self.stage.people["ketua"], applicant.id, reason=reason)

    def _leave(self, number: str, on: date, reason: str) -> None:
        member = next(member for member in self.active if member.number == number)
        self.active.remove(member)
        self.stage.leave(member, on, reason, Role.BANK)

    def _is_contract(self, member: Member) -> bool:
        return member.employer == CONTRACTOR  # not on the company's payroll list

    def _desk(self, month: date, passed: int, rng: random.Random) -> list[Scene]:
        scenes = []
        for member in [member for member in self.active if self._is_contract(member)]:
            on = seasons.working_day(month, rng.randint(4, 20))
            if rng.random() < 0.93:
                scenes.append(Scene(on, partial(self._pay_at_desk, member, on)))
            else:
                self.owing[member.id] = self.owing.get(member.id, 0) + 1
        if passed % 2 == 0 or month == self.stage.today.replace(day=1):
            on = seasons.working_day(month, 8)
            amount_rp = rng.randrange(150_000, 400_000, 50_000)
            scenes.append(Scene(on, partial(self.stage.deposit, self.maya, self.stage.voluntary, amount_rp, on)))
        saving = rng.sample(self.active, 3)
        for member in saving:
            on = seasons.working_day(month, rng.randint(2, 27))
            amount_rp = rng.randrange(100_000, 900_000, 50_000)
            scenes.append(Scene(on, partial(self._save, member, amount_rp, on)))
        return scenes + self._withdrawals(month, passed, rng) + self._mistake(month)

    def _pay_at_desk(self, member: Member, on: date) -> None:
        months = 1 + self.owing.pop(member.id, 0)
        if months > 0 and member in self.active:
            self.stage.deposit(member, self.stage.mandatory, MANDATORY_RP * months, on)

    def _save(self, member: Member, amount_rp: int, on: date) -> None:
        if member in self.active:
            self.stage.deposit(member, self.stage.voluntary, amount_rp, on)

    def _withdrawals(self, month: date, passed: int, rng: random.Random) -> list[Scene]:
        rush = seasons.before_lebaran(month)
        wanting = rng.sample(self.active, 12 if rush else 6 if month.month in (7, 12) else 3)
        scenes = []
        for member in wanting:
            on = seasons.working_day(month, rng.randint(5, 26))
            scenes.append(Scene(on, partial(self._take, member, rng.randrange(300_000, 2_000_000, 50_000), on)))
        if rush or month.month == 7:
            on = seasons.working_day(month, 17)
            scenes.append(Scene(on, partial(self._take, self.maya, 1_500_000 if rush else 750_000, on)))
        return scenes

    def _take(self, member: Member, amount_rp: int, on: date) -> None:
        if member in self.active:
            self.stage.withdraw(member, amount_rp, on)

    def _mistake(self, month: date) -> list[Scene]:
        """Last month petugas typed a nought too many; it was undone the same day and entered again."""
        if month != seasons.shifted(self.stage.today.replace(day=1), -1):
            return []
        on = seasons.working_day(month, 11)
        return [Scene(on, partial(self._undo, self.active[37], on))]

    def _undo(self, member: Member, on: date) -> None:
        stage = self.stage
        typed = CashMovement(member, stage.voluntary, 1_500_000, on, f"savings:{stage.token('setor')}")
        moved = move_many(stage.session, stage.people["petugas"], [typed])[0]
        reason = "salah ketik, seharusnya Rp 150.000"
        reverse_movement(stage.session, stage.people["bendahara"], moved.id, booked_on=on, reason=reason)
        stage.deposit(member, stage.voluntary, 150_000, on)

    def _payroll(self, month: date, rng: random.Random) -> list[Scene]:
        """The list goes to the paymaster on the tenth, and what was withheld comes with the pay."""
        sent_on, paid_on = seasons.working_day(month, LIST_DAY), seasons.working_day(month, PAY_DAY)
        return [Scene(sent_on, partial(self._send, month)), Scene(paid_on, partial(self._settle, month, paid_on, rng))]

    def _send(self, month: date) -> None:
        session, who = self.stage.session, self.stage.people["bendahara"]
        lists.send(session, who, lists.preview(session, who, month, employer=EMPLOYER))

    def _settle(self, month: date, on: date, rng: random.Random) -> None:
        """One person's pay did not suffice, another's sufficed for half: the next list asks for the rest."""
        session, who = self.stage.session, self.stage.people["bendahara"]
        sent = lists.of_month(session, who, month, employer=EMPLOYER)
        assert sent is not None, month
        lines = lists.lines(session, sent)
        failed, half = rng.sample([line.member_id for line in lines if line.member is not self.maya], 2)
        came_rp = {line.member_id: line.total_rp for line in lines} | {failed: 0}
        came_rp[half] = seasons.rounded(came_rp[half] / 2)
        received = [Received(member_id, amount_rp) for member_id, amount_rp in came_rp.items()]
        offered = settlement.preview(session, who, sent.id, received, paid_on=on)
        settlement.book(session, who, offered, voucher_no=f"PG-{on:%y%m}")

    def today_waits(self) -> None:
        """What nobody has decided yet: two applications, a journal, loans and withdrawals."""
        stage = self.stage
        for days, person in ((1, self.applicants.pop()), (0, self.applicants.pop())):
            stage.apply(replace(person, voluntary_deduction_rp=100_000), stage.today - timedelta(days=days))
        stage.ask(stage.today, "Pembelian etalase dan timbangan toko", {"1214": 6_750_000, "11021": -6_750_000})
        waiting.leave_work(self.loans.desk, employee_loans.WAITING, self.active, self.maya)
        shop = Shop(
            "Toko Karyawan Tirta", "Sembako, kebutuhan rumah, dan buatan anggota. Buka Senin sampai Sabtu.",
            "Jl. Contoh Industri No. 12, gedung B", "Bandung", "080000000122", commission_pct=Decimal(2),
            credit_limit_rp=1_000_000,
        )  # fmt: skip
        store = shopping.open_shop(stage, shop, unit="TOKO", slug="toko-karyawan", out_of_books=True)
        shopping.trade(stage, store, ("anggota", "sekretaris", "anggota", "pengawas"))
        shopping.shown_prices(stage, store)
        plan = (
            "Pengurus sedang menyusun **rencana kerja dan anggaran** tahun depan.\n\n"
            "- Usul ditulis lewat petugas loket\n"
            "- Rapat pembahasan: Sabtu pekan depan, pukul 09.00, aula gedung B\n\n"
            "Semua anggota boleh hadir."
        )
        stage.announce("Rapat rencana kerja: usul anggota ditunggu", plan, 21)
