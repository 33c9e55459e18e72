"""Daftar pinjaman: every loan with something outstanding, how late it is, its class and what it needs as allowance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session

from core.display import percent_text
from core.money import Rupiah, split
from models.loans import Loan, LoanProduct
from models.members import Member
from reports.membership import place_of
from reports.scope import Who, chart_of, coop_of, frame_of
from reports.shape import Check, Column, Drill, Frame, Table, TableRow, money
from reports.tables import as_table
from services.ledger import balances
from services.loans import arrears, collectibility
from services.loans.arrears import Standing
from services.loans.collectibility import Class, ClassLine


@dataclass(frozen=True)
class LoanLine:
    """A loan on that day. `required_rp` is its share of what its class needs."""

    number: str
    member_no: str
    name: str
    work_unit: str
    product: str
    disbursed_on: date
    principal_rp: Rupiah
    outstanding_rp: Rupiah
    days_late: int
    late_rp: Rupiah
    class_name: str
    required_rp: Rupiah


@dataclass(frozen=True)
class LoanPortfolio:
    """`classes` in order; `par30_pct` is what is more than 30 days late, in percent of all that is outstanding."""

    frame: Frame
    rows: tuple[LoanLine, ...]
    classes: tuple[ClassLine, ...]
    par30_pct: Decimal
    checks: tuple[Check, ...]

    @property
    def npl_pct(self) -> Decimal:
        return collectibility.npl_pct(self.classes)

    @property
    def totals(self) -> dict[str, Rupiah]:
        return {
            "principal_rp": sum(row.principal_rp for row in self.rows),
            "outstanding_rp": sum(row.outstanding_rp for row in self.rows),
            "late_rp": sum(row.late_rp for row in self.rows),
            "required_rp": sum(row.required_rp for row in self.rows),
        }

    @property
    def notes(self) -> tuple[str, ...]:
        npl, par = percent_text(self.npl_pct), percent_text(self.par30_pct)
        return (f"NPL {npl} %, PAR30 {par} % dari sisa pokok. Tunggakan adalah pokok dan jasa yang lewat jatuh tempo.",)


def loan_portfolio(session: Session, who: Who, as_of: date) -> LoanPortfolio:
    """Every loan with principal outstanding at the end of `as_of`, by its number. Raises NotAllowed, DayOutOfReach."""
    coop_id = coop_of(who, "loans.view")
    frame = frame_of(session, coop_id, "loan-portfolio", "Daftar Pinjaman", since=None, until=as_of)
    standings = arrears.standings(session, coop_id, as_of)
    classes = collectibility.table(session, coop_id, as_of)
    lines = collectibility.by_class(classes, standings)
    facts = _facts(session, coop_id, as_of)
    required = _required(classes, lines, standings)
    rows = sorted(
        (_line(facts[one.loan_id], one, classes, required[one.loan_id]) for one in standings),
        key=lambda row: row.number,
    )
    owed: dict[int, Rupiah] = {}
    for one in standings:
        account_id = facts[one.loan_id].account_id
        owed[account_id] = owed.get(account_id, 0) + one.outstanding_rp
    checks = control_checks(session, coop_id, as_of, owed)
    return LoanPortfolio(frame, tuple(rows), tuple(lines), collectibility.par_pct(standings), checks)


def _facts(session: Session, coop_id: int, as_of: date) -> dict[int, Row]:  # type: ignore[type-arg]
    query = (
        select(
            Loan.id, Loan.number, Loan.disbursed_on, Loan.principal_rp, Member.number.label("member_no"), Member.name,
            Member.work_unit, Member.employer, LoanProduct.name.label("product"), LoanProduct.account_id,
        )
        .join(Member, and_(Member.coop_id == Loan.coop_id, Member.id == Loan.member_id))
        .join(LoanProduct, and_(LoanProduct.coop_id == Loan.coop_id, LoanProduct.id == Loan.product_id))
        .where(Loan.coop_id == coop_id, Loan.disbursed_on <= as_of)
    )  # fmt: skip
    return {row.id: row for row in session.execute(query)}


def _required(classes: Sequence[Class], lines: Sequence[ClassLine], standings: Sequence[Standing]) -> dict[int, Rupiah]:
    """What each class needs, shared out over its loans by what is outstanding."""
    shares: dict[int, Rupiah] = {}
    for one, line in zip(classes, lines, strict=True):
        own = [s for s in standings if collectibility.class_of(classes, s.days_late) is one]
        parts = split(line.required_rp, [s.outstanding_rp for s in own])
        shares |= {s.loan_id: part for s, part in zip(own, parts, strict=True)}
    return shares


def _line(fact: Row, one: Standing, classes: Sequence[Class], required_rp: Rupiah) -> LoanLine:  # type: ignore[type-arg]
    return LoanLine(
        fact.number, fact.member_no or "", fact.name, place_of(fact), fact.product, fact.disbursed_on,
        fact.principal_rp, one.outstanding_rp, one.days_late, one.late_rp,
        collectibility.class_of(classes, one.days_late).name, required_rp,
    )  # fmt: skip


def control_checks(session: Session, coop_id: int, as_of: date, owed: dict[int, Rupiah]) -> tuple[Check, ...]:
    """For each control account of loans that were paid out: what members owe on it, and what it carries."""
    query = (
        select(LoanProduct.account_id)
        .join(Loan, and_(Loan.coop_id == LoanProduct.coop_id, Loan.product_id == LoanProduct.id))
        .where(LoanProduct.coop_id == coop_id, Loan.disbursed_on <= as_of)
        .distinct()
    )
    ids = sorted(session.scalars(query))
    chart = chart_of(session, coop_id)
    booked = balances.balances(session, coop_id, as_of, account_ids=ids)
    return tuple(
        Check(f"Sisa pinjaman dan akun {chart[key].code} {chart[key].name}", owed.get(key, 0), booked.get(key, 0))
        for key in ids
    )


@as_table.register
def _(report: LoanPortfolio) -> Table:
    columns = (
        Column("code", "No. pinjaman", weight=1.1), Column("member_no", "No. anggota", weight=0.7),
        Column("label", "Nama", weight=1.7), Column("work_unit", "Unit kerja", weight=1.2),
        Column("product", "Jenis", weight=1.2), Column("disbursed_on", "Cair", "date", 0.9),
        money("principal_rp", "Plafon"), money("outstanding_rp", "Sisa pokok"),
        Column("days_late", "Hari telat", "count", 0.6), money("late_rp", "Tunggakan"),
        Column("class", "Kelas", weight=1), money("required_rp", "Penyisihan"),
    )  # fmt: skip
    rows = [
        TableRow(
            (
                r.number, r.member_no, r.name, r.work_unit, r.product, r.disbursed_on, r.principal_rp,
                r.outstanding_rp, r.days_late, r.late_rp, r.class_name, r.required_rp,
            ),
            drill=Drill("loan-statement", member=r.member_no, until=report.frame.until),
        )
        for r in report.rows
    ]  # fmt: skip
    plafond_rp, outstanding_rp, late_rp, required_rp = report.totals.values()
    total = f"JUMLAH ({len(report.rows)} pinjaman)"
    rows.append(
        TableRow(
            ("", "", total, "", "", None, plafond_rp, outstanding_rp, None, late_rp, "", required_rp), "total"
        )
    )  # fmt: skip
    return Table(report.frame, columns, rows, report.totals, report.checks, report.notes)
