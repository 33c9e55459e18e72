"""What a paymaster really deducted, judged against the list that was sent: who, how much, what lacks."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import date_long, month_long, rupiah
from core.errors import Refusal
from core.money import Rupiah
from models.payroll import PayrollLine, PayrollList
from services.imports.judging import Judge
from services.imports.known import MemberFact
from services.imports.payroll import told_apart
from services.imports.plans import Settled
from services.imports.reading import ReadFile
from services.imports.tables import ReadTable
from services.ledger.chart import Role
from services.payroll import lists, settlement
from services.payroll.settlement import Received, Settlement
from services.settings import dated


def plan(session: Session, actor: Actor, judge: Judge, files: Sequence[ReadFile]) -> list[Settled]:
    """The settlements of these files, one each, all of one month."""
    found: list[Settled] = []
    for file in files:
        if file.month is None:
            continue  # without a date in any row, which the reader has told
        if file.month != files[0].month:
            told_apart(judge, file, "realisasi")
            continue
        settled = _File(session, actor, judge, file, file.month).settled()
        if settled is not None and settled.settlement.list_id in {one.settlement.list_id for one in found}:
            judge.of_file(file.name, f"realisasi {month_long(file.month)} ada di dua berkas.", "Impor salah satu saja.")
        found += [settled] if settled else []
    return found


class _File:
    """One file, matched to the list it answers."""

    def __init__(self, session: Session, actor: Actor, judge: Judge, file: ReadFile, month_on: date) -> None:
        self.session, self.actor, self.judge, self.file, self.month_on = session, actor, judge, file, month_on
        self.places: dict[int, tuple[ReadTable, int]] = {}
        self.received: dict[int, Rupiah] = {}
        self.members: dict[int, MemberFact] = {}
        self.days: set[date] = set()

    def settled(self) -> Settled | None:
        """What would be booked; None with problems, or when it is booked already."""
        before = len(self.judge.problems)
        self._read()
        sent = self._list()
        if sent is None:
            return None
        on_list = {line.member_id: line for line in lists.lines(self.session, sent)}
        if sent.state == "settled":
            self._booked_before(sent, on_list)
            return None
        self._on_list(sent, on_list)
        paid_on = self._paid_on()
        if len(self.judge.problems) > before or paid_on is None:
            return None
        return self._offer(sent, paid_on)

    def _read(self) -> None:
        for table in self.file.tables:
            bad = {problem.row for problem in table.problems}
            numbers, nips, names = (table.column(key, "") for key in ("number", "nip", "name"))
            days, amounts = table.column("date"), table.column("received_rp", 0)
            for place, row in enumerate(table.rows):
                told = str(numbers[place]), str(nips[place]), str(names[place])
                member = self.judge.member(table, row, *told) if any(told[:2]) else None
                amount_rp, day = amounts[place], days[place]
                if member is None or row in bad or not isinstance(amount_rp, int):
                    continue
                if member.id in self.places:
                    first = self.places[member.id][1]
                    reason = f"{member.number} {member.name} muncul dua kali, di baris {first} dan {row}."
                    self.judge.problem(table, row, "number", reason, "Gabungkan barisnya.")
                    continue
                self.days |= {day} if isinstance(day, date) else set()
                self.places[member.id], self.members[member.id] = (table, row), member
                self.received[member.id] = amount_rp

    def _list(self) -> PayrollList | None:
        """The list this file answers: the month's one, or of several the one that asks most of its members."""
        held = list(self.session.scalars(select(PayrollList).where(PayrollList.month_on == self.month_on)))
        if not held:
            reason = f"daftar potongan {month_long(self.month_on)} belum ada."
            self.judge.of_file(self.file.name, reason, "Buat atau impor daftarnya dulu, baru realisasinya.")
            return None
        query = select(PayrollLine.list_id, PayrollLine.member_id).where(
            PayrollLine.list_id.in_([one.id for one in held])
        )
        common = {one.id: 0 for one in held}
        for list_id, member_id in self.session.execute(query):
            common[list_id] += member_id in self.places
        return max(held, key=lambda one: (common[one.id], one.state == "sent"))

    def _booked_before(self, sent: PayrollList, on_list: dict[int, PayrollLine]) -> None:
        month = month_long(sent.month_on)
        came = {id_: line.received_rp for id_, line in on_list.items() if line.received_rp}
        if self.judge.options.again and came == {id_: rp for id_, rp in self.received.items() if rp}:
            self.judge.warn_of_file(self.file.name, f"realisasi {month} sudah dibukukan; dilewati.")
            return
        told = f"realisasi {month} sudah dibukukan {date_long(sent.settled_on) if sent.settled_on else ''}".strip()
        self.judge.of_file(self.file.name, f"{told}.", "Tidak ada yang dibukukan dua kali.")

    def _on_list(self, sent: PayrollList, on_list: dict[int, PayrollLine]) -> None:
        for member_id, (table, row) in self.places.items():
            member = self.members[member_id]
            if member_id not in on_list:
                reason = f"{member.number} {member.name} tidak ada di daftar potongan {month_long(sent.month_on)}."
                self.judge.problem(table, row, "number", reason, "Periksa nomornya, atau keluarkan barisnya.")
            elif member.state != "active" and self.received[member_id]:
                left = f" per {date_long(member.left_on)}" if member.left_on else ""
                reason = f"{member.name} sudah keluar{left}, tetapi gajinya masih dipotong."
                self.judge.problem(table, row, "number", reason, "Kembalikan uangnya dan keluarkan barisnya.")

    def _paid_on(self) -> date | None:
        """The one day of the entry; several days are told and the last is taken."""
        if not self.days:
            return None
        paid_on = max(self.days)
        if len(self.days) > 1:
            reason = f"realisasi bertanggal {len(self.days)} hari; dibukukan sekaligus {date_long(paid_on)}."
            self.judge.warn_of_file(self.file.name, reason, "Pastikan tanggalnya benar.")
        table, row = next(iter(self.places.values()))
        return paid_on if self.judge.day(table, row, paid_on) else None

    def _offer(self, sent: PayrollList, paid_on: date) -> Settled | None:
        received = [Received(member_id, amount_rp) for member_id, amount_rp in self.received.items() if amount_rp]
        try:
            offered = settlement.preview(self.session, self.actor, sent.id, received, paid_on=paid_on)
        except Refusal as refusal:
            self.judge.of_file(self.file.name, refusal.sentence, "Periksa berkasnya.")
            return None
        before = len(self.judge.problems)
        self._roles(offered)
        self._tell(offered)
        return Settled(offered) if len(self.judge.problems) == before else None

    def _roles(self, offered: Settlement) -> None:
        through = dated.value(self.session, self.actor.coop_id, "payroll.through", offered.paid_on)
        for role in [through] + ([Role.INSTALLMENT_DEPOSITS.value] if offered.excess_rp else []):
            if role not in self.judge.known.roles:
                reason = f"bagan akun belum punya akun untuk {role}."
                self.judge.of_file(self.file.name, reason, "Tetapkan di Pengaturan > Peran akun.")

    def _tell(self, offered: Settlement) -> None:
        """What came less or more than was asked."""
        short = [share for share in offered.shares if share.received_rp < share.listed_rp]
        if short:
            missing = rupiah(sum(share.listed_rp - share.received_rp for share in short))
            self.judge.warn_of_file(
                self.file.name, f"{len(short)} anggota dipotong kurang dari daftar, seluruhnya {missing}.",
                "Kekurangan angsuran dan simpanan wajib menjadi tunggakan.",
            )  # fmt: skip
        for share in offered.shares:
            if share.excess_rp:
                table, row = self.places[share.member_id]
                reason = f"{share.name} dipotong {rupiah(share.excess_rp)} lebih dari daftar; menjadi titipan anggota."
                self.judge.warn(table, row, "received_rp", reason, "Bukukan hanya bila memang begitu.")
