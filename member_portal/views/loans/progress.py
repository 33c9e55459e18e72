"""How a loan stands, as its borrower reads it: the stops of its way, the rows of its schedule, what was paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from core.display import date_long
from core.money import Rupiah
from models.loans import Loan, LoanInstallment, LoanPayment

TONES = {"draft": "warn", "asked": "info", "analysed": "info", "approved": "good", "running": "good", "rejected": "bad",
         "written_off": "bad"}  # fmt: skip
KINDS = {
    "payment": "Angsuran", "payroll": "Potong gaji", "savings": "Dari simpanan", "settlement": "Pelunasan",
    "top_up": "Kompensasi", "exit": "Saat keluar", "reversal": "Pembatalan", "write_off": "Hapus buku",
    "recovery": "Pembayaran setelah hapus buku", "opening": "Sudah dibayar sebelumnya",
}  # fmt: skip
REACHED = {"draft": 1, "asked": 2, "analysed": 3, "approved": 4, "rejected": 3, "running": 5, "written_off": 5,
           "settled": 6}  # fmt: skip
STOPPED = {"rejected": "Ditolak", "cancelled": "Dibatalkan", "written_off": "Dihapus buku"}
WAITS = ("", "Lengkapi dokumen, lalu kirim.", "Menunggu diperiksa pengurus.", "Menunggu keputusan pengurus.",
         "Menunggu pencairan oleh bendahara.", "Sedang diangsur.")  # fmt: skip


@dataclass(frozen=True)
class Stop:
    """One stop of a loan's way. `mark` is done, now, stopped or empty."""

    label: str
    mark: str = ""
    said: str = ""


def stops(loan: Loan) -> list[Stop]:
    """From the draft to the last installment, and where it stands now."""
    analysed_on = (loan.analysis or {}).get("on")
    days = [
        ("Draf", loan.asked_on), ("Diajukan", loan.asked_on),
        ("Dianalisis", date.fromisoformat(analysed_on) if analysed_on else None), ("Disetujui", loan.decided_on),
        ("Dicairkan", loan.disbursed_on), ("Lunas", loan.ended_on),
    ]  # fmt: skip
    reached = REACHED.get(loan.state) or _before_cancelled(loan)
    found = [Stop(label, "done", date_long(on) if on else "") for label, on in days[:reached]]
    if loan.state in STOPPED:
        return [*found, Stop(STOPPED[loan.state], "stopped", loan.note)]
    if reached < len(days):
        found.append(Stop(days[reached][0], "now", WAITS[reached]))
    found += [Stop(label) for label, _ in days[reached + 1 :]]
    return [stop for stop in found if stop.said or stop.mark != "done"]  # taken over from older books: no days known


def _before_cancelled(loan: Loan) -> int:
    return 4 if loan.decided_on else 3 if loan.analysis else 1


@dataclass(frozen=True)
class Due:
    """A row of the schedule and how it stands today."""

    row: LoanInstallment
    word: str
    mark: str

    @property
    def paid_rp(self) -> Rupiah:
        return self.row.principal_paid_rp + self.row.interest_paid_rp + self.row.penalty_paid_rp


def dues(rows: Sequence[LoanInstallment], today: date) -> list[Due]:
    """Every row: lunas, terlambat, the next one, and those to come."""
    coming = next((row for row in rows if row.left_rp and row.due_on >= today), None)
    return [_due(row, today, is_next=row is coming) for row in rows]


def _due(row: LoanInstallment, today: date, *, is_next: bool) -> Due:
    if not row.left_rp:
        return Due(row, "Lunas", "good")
    if row.due_on < today:
        return Due(row, "Terlambat", "bad")
    return Due(row, "Berikutnya", "warn") if is_next else Due(row, "Belum", "")


@dataclass(frozen=True)
class Paid:
    """A payment, its kuitansi when it has one, and whether it was undone."""

    payment: LoanPayment
    receipt_id: int | None
    undone: bool

    @property
    def label(self) -> str:
        return f"{KINDS[self.payment.kind]}{' (dibatalkan)' if self.undone else ''}"


def by_month(made: Sequence[LoanPayment], receipts: dict[str, int]) -> list[tuple[date, list[Paid]]]:
    """Payments month by month, newest first."""
    undone = {one.reverses_id for one in made if one.reverses_id}
    found = [Paid(one, receipts.get(one.source), one.id in undone) for one in reversed(made)]
    return [(month, list(rows)) for month, rows in groupby(found, lambda one: one.payment.booked_on.replace(day=1))]
