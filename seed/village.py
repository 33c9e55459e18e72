"""The village cooperative: 45 neighbours, small sums over the counter, loans for seed and stalls."""

import random
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from core.display import month_long
from models.members import Member
from seed import month_end, names, seasons, village_loans, waiting
from seed.lending import Desk
from seed.loan_plot import LoanPlot
from seed.logins import PEOPLE, VILLAGE
from seed.opening import Opener, Setting
from seed.seasons import last_day, rounded, working_day
from seed.stage import Scene, Stage
from services.ledger.chart import Role
from services.savings.commands import CashMovement, move_many

SHARE_RP, MANDATORY_RP = 100_000, 20_000
AT_START = 40
LENT_RP = 6_000_000
MEMBER = 4
# saving follows the harvest
HARVEST = {3: 1.3, 4: 1.9, 5: 1.4, 8: 1.6, 9: 1.5}
LEAN = {1: 1.4, 7: 1.5, 11: 1.3, 12: 1.2}
JOINING = {1: 1, 3: 1, 5: 1, 9: 1, 12: 1, 16: 1, 20: 1}
LEAVING = {6: (23, "Pindah ke luar desa"), 15: (34, "Permintaan sendiri")}

SETTING = Setting(
    slug=VILLAGE,
    name="Koperasi Desa Sumber Makmur",
    chart_name="simpan_pinjam",
    zone="WITA",
    profile={
        "legal_no": "AHU-0000045.AH.01.29 (contoh)",
        "nik_koperasi": "9900000000045",
        "address": "Balai Desa Sumber Makmur, Dusun Contoh",
        "city": "Lombok Tengah",
        "phone": "080000000045",
        "email": "kopdes.sumber@contoh.example",
        "chair_name": PEOPLE[VILLAGE]["ketua"].full_name,
        "secretary_name": PEOPLE[VILLAGE]["sekretaris"].full_name,
        "treasurer_name": PEOPLE[VILLAGE]["bendahara"].full_name,
    },
    about=(
        "DATA CONTOH: koperasi ini tidak ada. Ia dibuat supaya Anda dapat melihat eKopz bekerja.\n\n"
        "Koperasi simpan pinjam warga desa: simpanan kecil yang disetor di loket balai desa, dan pinjaman untuk benih, "
        "pupuk, dan warung. Banyaknya simpanan mengikuti musim panen."
    ),
    share_rp=SHARE_RP,
    mandatory_rp=MANDATORY_RP,
    balances={
        "11011": 3_850_000, "1214": 9_600_000, "1215": -1_600_000,
        "3105": -30_000_000, "3201": -1_150_000, "3302": -1_240_000,
    },
    rest="11022",
    loans=village_loans.PRODUCTS,
    savings_pct=Decimal(3),
)  # fmt: skip


def openers(today: date) -> list[Opener]:
    """Founded a year and a half before the story; everybody has some wajib and a little sukarela."""
    rng = random.Random(f"{VILLAGE}:anggota")
    start = seasons.first_day(today)
    known = tuple(person.full_name for person in PEOPLE[VILLAGE].values() if person.member)
    found = []
    for index, person in enumerate(names.people(rng, AT_START, known=known, place="Dusun Contoh", born=(1958, 2000))):
        saved_months = 18 if index < len(known) else rng.randint(2, 18)
        joined = seasons.shifted(start, -saved_months).replace(day=rng.randint(1, 28))
        voluntary_rp = 640_000 if index == MEMBER else rng.randint(8, 48) * 25_000
        loan = village_loans.at_start(index + 1, rng)
        found.append(Opener(person, joined, SHARE_RP, MANDATORY_RP * saved_months, voluntary_rp, loan))
    return found


class Story:
    """Month after month at a desk that opens one day a week. `owing` is the months a member has not paid."""

    def __init__(self, stage: Stage, enrolled: list[Member]) -> None:
        self.stage, self.active = stage, list(enrolled)
        self.start = seasons.first_day(stage.today)
        people = names.people(random.Random(f"{VILLAGE}:pelamar"), 20, place="Dusun Contoh", born=(1975, 2004))
        held = {member.name for member in enrolled}
        self.applicants = [person for person in people if person.name not in held]
        self.shown = enrolled[MEMBER]
        self.owing: dict[int, int] = {}
        desk = Desk(stage, "11022", village_loans.PURPOSES, (1_800_000, 3_600_000), lambda member: False)
        self.loans = LoanPlot(desk, village_loans.PLAN, self.active)

    def month(self, month: date) -> list[Scene]:
        """What happens in a month, each thing on its day."""
        rng = random.Random(f"{VILLAGE}:{month.isoformat()}")
        passed = (month.year - self.start.year) * 12 + month.month - self.start.month
        return [
            *self._coming_and_going(month, passed),
            Scene(month, partial(self.stage.bill, month)),
            *self._desk(month, rng),
            *self._books(month, rng),
            *self.loans.scenes(month, round(LENT_RP * LEAN.get(month.month, 1)), rng),
            *month_end.placings(self.stage, village_loans.PLACED, self.active, month, "11022"),
        ]

    def _coming_and_going(self, month: date, passed: int) -> list[Scene]:
        on, scenes = working_day(month, 5), []
        for _ in range(JOINING.get(passed, 0)):
            scenes.append(Scene(on, partial(self._join, self.applicants.pop(), on)))
        if passed in LEAVING:
            place, reason = LEAVING[passed]
            scenes.append(Scene(month, partial(self._leave, f"{place:04d}", month, reason)))
        return scenes

    def _join(self, person: names.PersonData, on: date) -> None:
        member = self.stage.approve(self.stage.apply(person, on), on)
        self.stage.deposit(member, self.stage.share, SHARE_RP, on)
        self.active.append(member)

    def _leave(self, number: str, on: date, reason: str) -> None:
        member = next(member for member in self.active if member.number == number)
        self.active.remove(member)
        self.stage.leave(member, on, reason, Role.CASH)

    def _desk(self, month: date, rng: random.Random) -> list[Scene]:
        """Who has sold the harvest saves, who sows or schools withdraws; wajib at the desk, or to the collector."""
        scenes = []
        collected_on = working_day(month, 24)
        for member in self.active:
            self.owing[member.id] = self.owing.get(member.id, 0) + 1
            on = working_day(month, rng.choice((4, 11, 18, 25)))
            if self._at_desk(member) and (member is self.shown or self.owing[member.id] > 2 or rng.random() < 0.4):
                scenes.append(Scene(on, partial(self._pay, member, on)))
        scenes.append(Scene(collected_on, partial(self._collector, collected_on, rng)))
        savers = rng.sample(self.active, round(5 * HARVEST.get(month.month, 1)))
        for member in [*savers, self.shown]:
            on = working_day(month, rng.choice((4, 11, 18, 25)))
            amount_rp = rounded(rng.randint(1, 8) * 25_000 * HARVEST.get(month.month, 1), 5_000)
            scenes.append(Scene(on, partial(self._save, member, amount_rp, on)))
        for member in rng.sample(self.active, round(3 * LEAN.get(month.month, 1))):
            on = working_day(month, rng.choice((11, 18, 25)))
            scenes.append(Scene(on, partial(self._take, member, rng.randint(2, 10) * 50_000, on)))
        return scenes

    def _pay(self, member: Member, on: date) -> None:
        if member in self.active:
            self.stage.deposit(member, self.stage.mandatory, MANDATORY_RP * self.owing.pop(member.id), on)

    def _at_desk(self, member: Member) -> bool:
        return member is self.shown or int(member.number or 0) % 4 == 0

    def _collector(self, on: date, rng: random.Random) -> None:
        """The collector's round through the hamlets: one list, one voucher; now and then nobody was home."""
        stage, moves = self.stage, []
        for member in self.active:
            if self._at_desk(member) or rng.random() < 0.08 or member.id not in self.owing:
                continue
            amount_rp = MANDATORY_RP * self.owing.pop(member.id)
            source = f"savings:kolektor:{on:%Y-%m}:{member.number}"
            memo = f"Lewat kolektor {month_long(on)}, {member.number}"
            moves.append(CashMovement(member, stage.mandatory, amount_rp, on, source, memo, f"KOL-{on:%y%m}"))
        move_many(stage.session, stage.people["petugas"], moves)

    def _save(self, member: Member, amount_rp: int, on: date) -> None:
        if member in self.active:
            self.stage.deposit(member, self.stage.voluntary, amount_rp, on)

    def _take(self, member: Member, amount_rp: int, on: date) -> None:
        if member in self.active and amount_rp < self.stage.balance("11011", on):
            self.stage.withdraw(member, amount_rp, on)

    def _books(self, month: date, rng: random.Random) -> list[Scene]:
        stage, end = self.stage, last_day(month)
        plain = [
            (27, "Honor petugas desa", "6101", 200_000, "11011"),
            (20, "Listrik dan pulsa internet", "6104", rng.randrange(70_000, 110_000, 1_000), "11011"),
            (28, "Penyusutan peralatan", "6110", 100_000, "1215"),
        ]
        if month.month % 3 == 0:
            plain.append((8, "Buku dan alat tulis", "6103", rng.randrange(60_000, 150_000, 1_000), "11011"))
            plain.append((28, "Honor pengurus dan pengawas triwulan", "6201", 300_000, "11011"))
        if month.month == 2:
            plain.append((23, "Konsumsi dan berkas RAT", "6203", 650_000, "11011"))
        if month == seasons.shifted(self.start, 1):
            plain.append((23, "SHU tahun lalu dicadangkan menurut keputusan RAT", "3302", 1_240_000, "3201"))
        found = [Scene(working_day(month, 2), partial(self._fill, working_day(month, 2)))]
        for day, memo, debit, amount_rp, credit in plain:
            on = working_day(month, day)
            found.append(Scene(on, partial(stage.journal, on, memo, {debit: amount_rp, credit: -amount_rp})))
        return [*found, Scene(end, partial(self._month_end, end))]

    def _fill(self, on: date) -> None:
        missing_rp = rounded(4_000_000 - self.stage.balance("11011", on), 100_000)
        if missing_rp > 0:
            self.stage.journal(on, "Ambil tabungan bank untuk kas", {"11011": missing_rp, "11022": -missing_rp})

    def _month_end(self, on: date) -> None:
        stage = self.stage
        earned_rp = rounded(stage.balance("11022", on) * 0.0012, 1)
        amounts = {"11022": earned_rp - 7_500, "6113": 7_500, "7101": -earned_rp}
        stage.journal(on, "Bunga dan biaya tabungan bank", amounts)
        spare_rp = (stage.balance("11011", on) - 3_000_000) // 100_000 * 100_000
        if spare_rp > 0:
            stage.journal(on, "Setor kelebihan kas ke bank", {"11022": spare_rp, "11011": -spare_rp})

    def today_waits(self) -> None:
        """One application, one journal, loans and withdrawals for the board."""
        stage = self.stage
        stage.apply(self.applicants.pop(), stage.today - timedelta(days=1))
        stage.ask(stage.today, "Pembelian timbangan gabah", {"1214": 1_450_000, "11022": -1_450_000})
        waiting.leave_work(self.loans.desk, village_loans.WAITING, self.active, self.shown)
        stage.announce(
            "Jadwal pupuk dan jam buka kantor",
            "Pupuk titipan sudah datang. Kantor koperasi buka **Senin sampai Jumat**, pukul 08.00 sampai 12.00.\n\n"
            "Bawa kartu anggota saat mengambil.", 21,
        )  # fmt: skip
