"""Laporan bulanan: all a member has with the cooperative, with what moved: savings, loans, time deposits."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import date_long, percent_text, rupiah
from core.errors import NotFound
from core.money import Rupiah
from models.deposits import DepositMovement, TimeDeposit
from models.loans import Loan, LoanInstallment, LoanPayment, LoanProduct
from reports.member_statement import MemberStatement, member_statement
from reports.scope import Who, frame_of
from reports.shape import Check, Drill, Frame, Table, TableRow, money
from reports.tables import as_table


@dataclass(frozen=True)
class LoanPaid:
    """A payment (below zero when it undoes one) and the principal left after it."""

    booked_on: date
    kind: str
    principal_rp: Rupiah
    interest_rp: Rupiah
    penalty_rp: Rupiah
    excess_rp: Rupiah
    balance_rp: Rupiah
    entry_seq: int | None

    @property
    def amount_rp(self) -> Rupiah:
        return self.principal_rp + self.interest_rp + self.penalty_rp + self.excess_rp


@dataclass(frozen=True)
class LoanPage:
    """One loan; amounts of principal. `late_rp` is what was due by the last day and not paid by then."""

    number: str
    label: str
    opening_rp: Rupiah
    disbursed_on: date | None
    disbursed_rp: Rupiah
    payments: tuple[LoanPaid, ...]
    closing_rp: Rupiah
    late_rp: Rupiah
    next_due_on: date | None
    next_due_rp: Rupiah


@dataclass(frozen=True)
class DepositMoved:
    """`amount_rp` changes the deposit; interest, its tax and a penalty are told beside it."""

    booked_on: date
    kind: str
    amount_rp: Rupiah
    interest_rp: Rupiah
    tax_rp: Rupiah
    penalty_rp: Rupiah
    balance_rp: Rupiah
    entry_seq: int


@dataclass(frozen=True)
class DepositPage:
    number: str
    rate_pct: Decimal
    term_months: int
    matures_on: date
    opening_rp: Rupiah
    movements: tuple[DepositMoved, ...]
    closing_rp: Rupiah


@dataclass(frozen=True)
class MemberMonth:
    frame: Frame
    savings: MemberStatement
    loans: tuple[LoanPage, ...]
    deposits: tuple[DepositPage, ...]
    checks: tuple[Check, ...]

    @property
    def totals(self) -> dict[str, Rupiah]:
        """At the end of the last day."""
        return {
            "savings_rp": self.savings.totals["closing_rp"],
            "loans_rp": sum(page.closing_rp for page in self.loans),
            "deposits_rp": sum(page.closing_rp for page in self.deposits),
        }


def member_month(
    session: Session, who: Who, since: date, until: date, *, member: int | str | None = None
) -> MemberMonth:
    """All of one member (id or member number) from `since` to `until`, of a month as a rule.

    A member gets their own and nobody else's. Raises MissingChoice, PeriodReversed, NotFound.
    """
    savings = member_statement(session, who, since, until, member=member)
    coop_id, member_id = (who.coop_id if isinstance(who, Actor) else who), savings.member_id
    if isinstance(who, Actor) and not (who.may("loans.view") or who.member_id == member_id):
        raise NotFound(what="Anggota")
    title = f"Laporan Bulanan {savings.number} {savings.name}"
    frame = frame_of(session, coop_id, "member-month", title, since=since, until=until)
    loans, owed = _loans(session, coop_id, member_id, since, until)
    deposits, placed = _deposits(session, coop_id, member_id, since, until)
    checks = (*savings.checks, owed, placed)
    return MemberMonth(frame, savings, loans, deposits, checks)


def _loans(
    session: Session, coop_id: int, member_id: int, since: date, until: date
) -> tuple[tuple[LoanPage, ...], Check]:
    query = (
        select(Loan, LoanProduct.name)
        .join(LoanProduct, LoanProduct.id == Loan.product_id)
        .where(Loan.coop_id == coop_id, LoanProduct.coop_id == coop_id, Loan.member_id == member_id)
        .where(Loan.disbursed_on <= until)
        .order_by(Loan.disbursed_on, Loan.id)
    )
    lent = session.execute(query).all()
    ids = [loan.id for loan, _ in lent]
    paid: dict[int, list[LoanPayment]] = defaultdict(list)
    of_these = select(LoanPayment).where(LoanPayment.coop_id == coop_id, LoanPayment.loan_id.in_(ids))
    for payment in session.scalars(of_these.order_by(LoanPayment.booked_on, LoanPayment.id)):
        paid[payment.loan_id].append(payment)
    rows: dict[int, list[LoanInstallment]] = defaultdict(list)
    schedules = select(LoanInstallment).where(LoanInstallment.coop_id == coop_id, LoanInstallment.loan_id.in_(ids))
    for row in session.scalars(schedules.order_by(LoanInstallment.no)):
        rows[row.loan_id].append(row)
    pages = [_loan(loan, name, paid[loan.id], rows[loan.id], since, until) for loan, name in lent]
    later = sum(payment.principal_rp for one in paid.values() for payment in one if payment.booked_on > until)
    kept = sum(loan.outstanding_rp for loan, _ in lent) + later
    check = Check("Sisa pinjaman dan catatan pembayaran", sum(page.closing_rp for page in pages), kept)
    return tuple(page for page in pages if page.opening_rp or page.closing_rp or page.payments), check


def _loan(
    loan: Loan, name: str, paid: Sequence[LoanPayment], rows: Sequence[LoanInstallment], since: date, until: date
) -> LoanPage:
    before = loan.disbursed_on is not None and loan.disbursed_on < since
    disbursed_rp = 0 if before else loan.principal_rp
    opening_rp = loan.principal_rp - sum(p.principal_rp for p in paid if p.booked_on < since) if before else 0
    balance_rp = opening_rp + disbursed_rp
    shown = []
    for p in paid:
        if since <= p.booked_on <= until:
            balance_rp -= p.principal_rp
            parts = (p.principal_rp, p.interest_rp, p.penalty_rp, p.excess_rp)
            shown.append(LoanPaid(p.booked_on, p.kind, *parts, balance_rp, p.entry_seq))
    owed = _owed([p for p in paid if p.booked_on <= until], rows, loan.schedule_no) if balance_rp else []
    late_rp = sum(left_rp for due_on, left_rp in owed if due_on <= until)
    due_on, due_rp = next(((due_on, left_rp) for due_on, left_rp in owed if due_on > until), (None, 0))
    return LoanPage(
        loan.number, name, opening_rp, None if before else loan.disbursed_on, disbursed_rp, tuple(shown),
        balance_rp, late_rp, due_on, due_rp,
    )  # fmt: skip


def _owed(paid: Sequence[LoanPayment], rows: Sequence[LoanInstallment], schedule_no: int) -> list[tuple[date, Rupiah]]:
    """What each row of the schedule in force still asked once these payments were made, penalties aside."""
    met: dict[int, Rupiah] = defaultdict(int)
    for payment in paid:
        if payment.schedule_no == schedule_no:
            for no, _, interest_rp, principal_rp in payment.parts:
                met[no] += interest_rp + principal_rp
    asked = [
        (row.due_on, row.principal_rp + row.interest_rp - row.waived_rp - met[row.no])
        for row in rows
        if row.schedule_no == schedule_no and not row.came_paid
    ]
    return [(due_on, left_rp) for due_on, left_rp in asked if left_rp > 0]


def _deposits(
    session: Session, coop_id: int, member_id: int, since: date, until: date
) -> tuple[tuple[DepositPage, ...], Check]:
    query = (
        select(DepositMovement, TimeDeposit)
        .join(TimeDeposit, TimeDeposit.id == DepositMovement.deposit_id)
        .where(DepositMovement.coop_id == coop_id, TimeDeposit.coop_id == coop_id, TimeDeposit.member_id == member_id)
        .where(DepositMovement.booked_on <= until)
        .order_by(DepositMovement.booked_on, DepositMovement.id)
    )
    placed: dict[int, TimeDeposit] = {}
    moved: dict[int, list[DepositMovement]] = defaultdict(list)
    for movement, deposit in session.execute(query):
        placed[deposit.id] = deposit
        moved[deposit.id].append(movement)
    pages = [_deposit(placed[key], moved[key], since) for key in sorted(placed)]
    kept = sum(deposit.amount_rp for deposit in placed.values()) - int(
        session.scalar(
            select(func.coalesce(func.sum(DepositMovement.amount_rp), 0)).where(
                DepositMovement.coop_id == coop_id,
                DepositMovement.deposit_id.in_(list(placed)),
                DepositMovement.booked_on > until,
            )
        )
        or 0
    )
    check = Check("Simpanan berjangka dan mutasinya", sum(page.closing_rp for page in pages), kept)
    return tuple(page for page in pages if page.opening_rp or page.closing_rp or page.movements), check


def _deposit(deposit: TimeDeposit, moved: Sequence[DepositMovement], since: date) -> DepositPage:
    balance_rp = opening_rp = sum(m.amount_rp for m in moved if m.booked_on < since)
    shown = []
    for m in moved:
        if m.booked_on >= since:
            balance_rp += m.amount_rp
            beside = (m.interest_rp, m.tax_rp, m.penalty_rp)
            shown.append(DepositMoved(m.booked_on, m.kind, m.amount_rp, *beside, balance_rp, m.entry_seq))
    terms = (deposit.number, deposit.rate_pct, deposit.term_months, deposit.matures_on)
    return DepositPage(*terms, opening_rp, tuple(shown), balance_rp)


@as_table.register
def _(report: MemberMonth) -> Table:
    """The savings as their own statement draws them; loans and deposits below in the same columns."""
    savings = as_table(report.savings)
    columns = (
        *savings.columns[:3], money("deposit_rp", "Masuk"), money("withdrawal_rp", "Keluar"),
        money("amount_rp", "Saldo"),
    )  # fmt: skip
    rows = list(savings.rows)
    for loan in report.loans:
        rows += _loan_rows(loan)
    for deposit in report.deposits:
        rows += _deposit_rows(deposit)
    if report.loans:
        rows.append(TableRow(("", None, "SISA SEMUA PINJAMAN", None, None, report.totals["loans_rp"]), "total"))
    if report.deposits:
        rows.append(TableRow(("", None, "SEMUA SIMPANAN BERJANGKA", None, None, report.totals["deposits_rp"]), "total"))
    return Table(report.frame, columns, rows, report.totals, report.checks)


def _loan_rows(page: LoanPage) -> list[TableRow]:
    def row(day: date | None, label: str, *figures: Rupiah | None, drill: Drill | None = None) -> TableRow:
        return TableRow((page.number, day, label, *figures), drill=drill)

    rows = [TableRow((page.number, None, f"{page.label} {page.number}", None, None, None), "header")]
    if page.disbursed_on is None:
        rows.append(row(None, "Sisa pokok di awal", None, None, page.opening_rp))
    else:
        rows.append(row(page.disbursed_on, "Pencairan", None, page.disbursed_rp, page.disbursed_rp))
    for paid in page.payments:
        drill = Drill("journal", entry_seq=paid.entry_seq) if paid.entry_seq else None
        rp = 0 if paid.kind in {"opening", "write_off"} else paid.amount_rp  # no money came
        into, out = max(rp, 0) or None, max(-rp, 0) or None
        rows.append(row(paid.booked_on, _paid_words(paid), into, out, paid.balance_rp, drill=drill))
    rows.append(TableRow((page.number, None, "Sisa pokok di akhir", None, None, page.closing_rp), "total"))
    if page.late_rp:
        rows.append(row(None, f"Sudah jatuh tempo dan belum dibayar: {rupiah(page.late_rp)}", None, None, None))
    if page.next_due_on:
        told = f"Angsuran berikutnya {date_long(page.next_due_on)}: {rupiah(page.next_due_rp)}"
        rows.append(row(None, told, None, None, None))
    return rows


_PAID_WORDS = {
    "settlement": "Pelunasan", "top_up": "Dilunasi pinjaman baru", "exit": "Dipotong dari simpanan saat keluar",
    "reversal": "Pembatalan", "write_off": "Dihapus buku", "recovery": "Pemulihan",
    "opening": "Dibayar sebelum buku dimulai",
}  # fmt: skip


def _paid_words(paid: LoanPaid) -> str:
    parts = {"pokok": paid.principal_rp, "jasa": paid.interest_rp, "denda": paid.penalty_rp, "titipan": paid.excess_rp}
    told = ", ".join(f"{name} {rupiah(abs(part))}" for name, part in parts.items() if part)
    word = _PAID_WORDS.get(paid.kind, "Angsuran")
    return f"{word}: {told}" if told else word


_DEPOSIT_WORDS = {
    "placed": "Penempatan", "interest": "Bunga", "rolled": "Diperpanjang", "broken": "Dicairkan sebelum waktunya",
    "paid": "Dicairkan",
}  # fmt: skip


def _deposit_rows(page: DepositPage) -> list[TableRow]:
    terms = f"{page.term_months} bulan, {percent_text(page.rate_pct)}% setahun, sampai {date_long(page.matures_on)}"
    rows = [TableRow((page.number, None, f"Simpanan berjangka {page.number}", None, None, None), "header")]
    rows.append(TableRow((page.number, None, terms, None, None, None)))
    rows.append(TableRow((page.number, None, "Saldo awal", None, None, page.opening_rp)))
    for m in page.movements:
        cells = (page.number, m.booked_on, _moved_words(m), max(m.amount_rp, 0) or None, max(-m.amount_rp, 0) or None)
        rows.append(TableRow((*cells, m.balance_rp), drill=Drill("journal", entry_seq=m.entry_seq)))
    rows.append(TableRow((page.number, None, "Saldo akhir", None, None, page.closing_rp), "total"))
    return rows


def _moved_words(moved: DepositMoved) -> str:
    parts = {"bunga": moved.interest_rp, "pajak": moved.tax_rp, "denda": moved.penalty_rp}
    told = ", ".join(f"{name} {rupiah(part)}" for name, part in parts.items() if part)
    return f"{_DEPOSIT_WORDS[moved.kind]} ({told})" if told else _DEPOSIT_WORDS[moved.kind]
