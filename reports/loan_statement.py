"""Kartu pinjaman: a member's loans, each with what was paid on it and the principal left after that."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.money import Rupiah
from models.loans import Loan, LoanPayment, LoanProduct
from reports.member_statement import member_asked
from reports.scope import Who, frame_of
from reports.shape import Check, Column, Drill, Frame, Table, TableRow, money
from reports.tables import as_table

_WORDS = {
    "payment": "Angsuran", "payroll": "Potongan gaji", "savings": "Dari simpanan", "settlement": "Pelunasan",
    "top_up": "Kompensasi", "exit": "Pelunasan karena keluar", "reversal": "Pembatalan", "write_off": "Hapus buku",
    "recovery": "Pemulihan", "opening": "Dibayar sebelum buku dimulai",
}  # fmt: skip


@dataclass(frozen=True)
class LoanMovement:
    """`other_rp` is penalty, and money nothing was owed for."""

    booked_on: date
    memo: str
    principal_rp: Rupiah
    interest_rp: Rupiah
    other_rp: Rupiah
    balance_rp: Rupiah
    entry_seq: int | None


@dataclass(frozen=True)
class LoanPage:
    """One loan: `lent_rp` is what was paid out in these days, `opening_rp` what was owed before them."""

    number: str
    label: str
    disbursed_on: date
    lent_rp: Rupiah
    opening_rp: Rupiah
    movements: tuple[LoanMovement, ...]

    @property
    def closing_rp(self) -> Rupiah:
        return self.opening_rp + self.lent_rp - self.sum_of("principal_rp")

    def sum_of(self, name: str) -> Rupiah:
        return sum(getattr(movement, name) for movement in self.movements)


@dataclass(frozen=True)
class LoanStatement:
    frame: Frame
    number: str
    name: str
    pages: tuple[LoanPage, ...]
    checks: tuple[Check, ...]

    @property
    def totals(self) -> dict[str, Rupiah]:
        names = ("principal_rp", "interest_rp", "other_rp")
        sums = {name: sum(page.sum_of(name) for page in self.pages) for name in names}
        return {**sums, "closing_rp": sum(page.closing_rp for page in self.pages)}


def loan_statement(
    session: Session, who: Who, since: date, until: date, *, member: str | int | None = None
) -> LoanStatement:
    """A member's loans by their number, over these days. `member` as `member_statement` takes it.

    Raises MissingChoice, NotFound (and for somebody else's loans), PeriodReversed, DayOutOfReach.
    """
    coop_id = who.coop_id if isinstance(who, Actor) else who
    found = member_asked(session, who, member, report="kartu pinjaman", permission="loans.view")
    title = f"Kartu Pinjaman {found.number or ''} {found.name}".replace("  ", " ")
    frame = frame_of(session, coop_id, "loan-statement", title, since=since, until=until)
    query = (
        select(Loan.id, Loan.number, Loan.principal_rp, Loan.disbursed_on, LoanProduct.name)
        .join(LoanProduct, LoanProduct.id == Loan.product_id)
        .where(Loan.coop_id == coop_id, Loan.member_id == found.id, Loan.disbursed_on <= until)
        .order_by(Loan.disbursed_on, Loan.id)
    )
    paid = _paid(session, coop_id, found.id, until)
    pages = tuple(
        _page(number, f"{number} {label}", lent_rp, on, paid.get(loan_id, []), since)
        for loan_id, number, lent_rp, on, label in session.execute(query)
        if on is not None
    )
    check = Check("Sisa pokok dan catatan pinjaman", sum(page.closing_rp for page in pages),
                  _kept(session, coop_id, found.id, until))  # fmt: skip
    shown = tuple(page for page in pages if page.opening_rp or page.lent_rp or page.movements)
    return LoanStatement(frame, found.number or "", found.name, shown, (check,))


def _paid(session: Session, coop_id: int, member_id: int, until: date) -> dict[int, list[LoanPayment]]:
    by_loan: dict[int, list[LoanPayment]] = {}
    query = (
        select(LoanPayment)
        .join(Loan, Loan.id == LoanPayment.loan_id)
        .where(LoanPayment.coop_id == coop_id, Loan.member_id == member_id, LoanPayment.booked_on <= until)
        .order_by(LoanPayment.booked_on, LoanPayment.id)
    )
    for payment in session.scalars(query):
        by_loan.setdefault(payment.loan_id, []).append(payment)
    return by_loan


def _page(number: str, label: str, principal_rp: Rupiah, on: date, paid: list[LoanPayment], since: date) -> LoanPage:
    before_rp = sum(payment.principal_rp for payment in paid if payment.booked_on < since)
    opening_rp, lent_rp = (principal_rp - before_rp, 0) if on < since else (0, principal_rp)
    balance_rp, shown = opening_rp + lent_rp, []
    for one in paid:
        if one.booked_on >= since:
            balance_rp -= one.principal_rp
            text = _WORDS[one.kind] if one.kind != "reversal" else one.memo or _WORDS[one.kind]
            amounts = (one.principal_rp, one.interest_rp, one.penalty_rp + one.excess_rp, balance_rp)
            shown.append(LoanMovement(one.booked_on, text, *amounts, one.entry_seq))
    return LoanPage(number, label, on, lent_rp, opening_rp, tuple(shown))


def _kept(session: Session, coop_id: int, member_id: int, until: date) -> Rupiah:
    """What the loans say is left, with what was paid on them after `until` put back."""
    mine = (Loan.coop_id == coop_id, Loan.member_id == member_id, Loan.disbursed_on <= until)
    left = session.scalar(select(func.coalesce(func.sum(Loan.outstanding_rp), 0)).where(*mine))
    later = session.scalar(
        select(func.coalesce(func.sum(LoanPayment.principal_rp), 0))
        .join(Loan, Loan.id == LoanPayment.loan_id)
        .where(LoanPayment.coop_id == coop_id, LoanPayment.booked_on > until, *mine)
    )
    return int(left or 0) + int(later or 0)


@as_table.register
def _(report: LoanStatement) -> Table:
    columns = (
        Column("code", "Pinjaman", weight=0.7, on_paper=False), Column("booked_on", "Tanggal", "date", 0.8),
        Column("label", "Uraian", weight=2.2), money("principal_rp", "Pokok"), money("interest_rp", "Jasa"),
        money("other_rp", "Denda dan lain"), money("amount_rp", "Sisa pokok"),
    )  # fmt: skip
    since = report.frame.since or date.min
    rows: list[TableRow] = []
    for page in report.pages:
        rows.append(TableRow((page.number, None, page.label, None, None, None, None), "header"))
        begun = page.disbursed_on if page.lent_rp else since - timedelta(days=1)
        first = (page.number, begun, "Pencairan" if page.lent_rp else "Saldo awal", None, None, None)
        rows.append(TableRow((*first, page.lent_rp or page.opening_rp)))
        for m in page.movements:
            drill = Drill("journal", entry_seq=m.entry_seq) if m.entry_seq else None
            amounts = (m.principal_rp or None, m.interest_rp or None, m.other_rp or None, m.balance_rp)
            rows.append(TableRow((page.number, m.booked_on, m.memo, *amounts), drill=drill))
        sums = (page.sum_of("principal_rp"), page.sum_of("interest_rp"), page.sum_of("other_rp"), page.closing_rp)
        rows.append(TableRow((page.number, None, "Jumlah dan sisa", *sums), "total"))
    rows.append(TableRow(("", None, "SEMUA PINJAMAN", *report.totals.values()), "total"))
    return Table(report.frame, columns, rows, report.totals, report.checks)
