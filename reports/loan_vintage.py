"""Vintage pinjaman: loans by the quarter they were paid out, and how each quarter's loans have been paid since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.display import percent_text
from core.money import Rupiah
from models.loans import Loan
from reports.monthly import months
from reports.scope import Who, books_start, coop_of, frame_of
from reports.shape import Cell, Check, Column, Frame, Table, TableRow, money
from reports.tables import as_table
from services.ledger.balances import month_end
from services.loans import arrears
from services.loans.arrears import Standing

LATE = 30
AGES = (3, 6, 9, 12)
"""Months after the month of disbursement."""
NOTES = (
    "Telat berarti ada angsuran lewat jatuh tempo lebih dari 30 hari, dilihat tiap akhir bulan. Bulan 3 dan lanjut: "
    "sisa yang telat pada umur itu, persen dari yang dicairkan; kosong selama belum semua pinjaman mencapainya.",
)


@dataclass(frozen=True)
class Vintage:
    """The loans of one quarter. `late_at_rp`: what was outstanding on late loans at each of AGES, or None."""

    label: str
    count: int
    disbursed_rp: Rupiah
    outstanding_rp: Rupiah
    ever_late: int
    still_late: int
    late_rp: Rupiah
    late_at_rp: tuple[Rupiah | None, ...]

    @property
    def late_pct(self) -> Decimal:
        """What is outstanding on late loans, in percent of what was disbursed, one decimal."""
        return (Decimal(self.late_rp) * 100 / self.disbursed_rp).quantize(Decimal("0.1"))

    def late_at_pct(self, place: int) -> Decimal | None:
        """As `late_pct`, at the age AGES[place]; None while not every loan has reached it."""
        late_rp = self.late_at_rp[place]
        return None if late_rp is None else (Decimal(late_rp) * 100 / self.disbursed_rp).quantize(Decimal("0.1"))


@dataclass(frozen=True)
class LoanVintage:
    frame: Frame
    rows: tuple[Vintage, ...]
    checks: tuple[Check, ...] = ()
    notes: tuple[str, ...] = NOTES

    @property
    def totals(self) -> dict[str, int]:
        names = ("count", "disbursed_rp", "outstanding_rp", "ever_late", "still_late", "late_rp")
        return {name: sum(getattr(row, name) for row in self.rows) for name in names}


@dataclass(frozen=True)
class _Lent:
    loan_id: int
    on: date
    principal_rp: Rupiah

    @property
    def quarter(self) -> tuple[int, int]:
        return self.on.year, (self.on.month + 2) // 3

    def aged(self, months: int) -> date:
        """The last day of the month so many months after the one it was paid out in."""
        years, month = divmod(self.on.year * 12 + self.on.month - 1 + months, 12)
        return month_end(date(years, month + 1, 1))


def loan_vintage(session: Session, who: Who, as_of: date) -> LoanVintage:
    """Loans paid out in these books up to `as_of`, the oldest quarter first. Raises NotAllowed, DayOutOfReach."""
    coop_id = coop_of(who, "loans.view")
    frame = frame_of(session, coop_id, "loan-vintage", "Vintage Pinjaman", since=None, until=as_of)
    begin = books_start(session, coop_id) or date.min  # loans of the opening began elsewhere
    query = (
        select(Loan.id, Loan.disbursed_on, Loan.principal_rp)
        .where(Loan.coop_id == coop_id, Loan.disbursed_on.between(begin, as_of))
        .order_by(Loan.disbursed_on, Loan.id)
    )
    lent = [_Lent(loan_id, on, principal_rp) for loan_id, on, principal_rp in session.execute(query) if on]
    days = [last for _, last in months(lent[0].on, as_of)] if lent else [as_of]
    stood = {
        day: {one.loan_id: one for one in found} for day, found in arrears.standings_on(session, coop_id, days).items()
    }
    quarters = sorted({one.quarter for one in lent})
    return LoanVintage(
        frame, tuple(_vintage(q, [one for one in lent if one.quarter == q], stood, as_of) for q in quarters)
    )


def _vintage(
    quarter: tuple[int, int], lent: Sequence[_Lent], stood: dict[date, dict[int, Standing]], as_of: date
) -> Vintage:
    ids = [one.loan_id for one in lent]
    now = [stood[as_of][loan_id] for loan_id in ids if loan_id in stood[as_of]]
    still = [one for one in now if one.days_late > LATE]
    ever = {loan_id for found in stood.values() for loan_id in ids if _late_rp(found, loan_id)}
    return Vintage(
        f"Triwulan {quarter[1]} {quarter[0]}", len(lent), sum(one.principal_rp for one in lent),
        sum(one.outstanding_rp for one in now), len(ever), len(still), sum(one.outstanding_rp for one in still),
        tuple(_late_at(lent, stood, age, as_of) for age in AGES),
    )  # fmt: skip


def _late_at(lent: Sequence[_Lent], stood: dict[date, dict[int, Standing]], age: int, as_of: date) -> Rupiah | None:
    if any(one.aged(age) > as_of for one in lent):
        return None
    return sum(_late_rp(stood[one.aged(age)], one.loan_id) for one in lent)


def _late_rp(found: dict[int, Standing], loan_id: int) -> Rupiah:
    """What is outstanding on the loan when it is late, else 0."""
    one = found.get(loan_id)
    return one.outstanding_rp if one is not None and one.days_late > LATE else 0


@as_table.register
def _(report: LoanVintage) -> Table:
    columns = (
        Column("label", "Dicairkan", weight=1.6), Column("count", "Pinjaman", "count", 0.7),
        money("disbursed_rp", "Jumlah cair"), money("outstanding_rp", "Sisa pokok"),
        Column("ever_late", "Pernah telat", "count", 0.7), Column("still_late", "Masih telat", "count", 0.7),
        money("late_rp", "Sisa yang telat"),
        *(Column(f"late_{age}_pct", f"Bulan {age} %", weight=0.7) for age in AGES),
    )  # fmt: skip
    rows = [
        TableRow(
            (
                r.label, r.count, r.disbursed_rp, r.outstanding_rp, r.ever_late, r.still_late, r.late_rp,
                *(_percent(r.late_at_pct(place)) for place in range(len(AGES))),
            )
        )
        for r in report.rows
    ]  # fmt: skip
    rows.append(TableRow(("JUMLAH", *report.totals.values(), *([""] * len(AGES))), "total"))
    return Table(report.frame, columns, rows, report.totals, report.checks, report.notes)


def _percent(rate: Decimal | None) -> Cell:
    return "" if rate is None else percent_text(rate)
