"""The statements month by month. Each month says what the statement of that month says; the sums are checked."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import and_, extract, func, select
from sqlalchemy.orm import Session

from core.display import month_long
from core.money import Rupiah
from models.ledger import JournalLine
from models.savings import SavingsAccount, SavingsMovement
from reports.balance_sheet import surplus_between
from reports.income_statement import income_statement
from reports.member_statement import MemberPage, MemberStatement
from reports.savings_summary import savings_summary
from reports.scope import Who, books_start, cash_accounts, chart_of, coop_of, frame_of
from reports.shape import Cell, Check, Column, Frame, Table, TableRow, money
from reports.tables import as_table
from services.ledger import balances
from services.ledger.balances import Sums, month_end


@dataclass(frozen=True)
class CashMonth:
    """`in_rp` and `out_rp` as the arus kas of that month has them; `between_rp` came through other units."""

    since: date
    until: date
    opening_rp: Rupiah
    in_rp: Rupiah
    out_rp: Rupiah
    between_rp: Rupiah
    closing_rp: Rupiah


@dataclass(frozen=True)
class CashByMonth:
    frame: Frame
    rows: tuple[CashMonth, ...]
    checks: tuple[Check, ...]

    @property
    def totals(self) -> dict[str, Rupiah]:
        return {
            "opening_rp": self.rows[0].opening_rp if self.rows else 0,
            "in_rp": sum(row.in_rp for row in self.rows),
            "out_rp": sum(row.out_rp for row in self.rows),
            "between_rp": sum(row.between_rp for row in self.rows),
            "closing_rp": self.rows[-1].closing_rp if self.rows else 0,
        }


@dataclass(frozen=True)
class SurplusMonth:
    """The surplus (SHU) of the month and of the same days a year earlier."""

    since: date
    until: date
    surplus_rp: Rupiah
    year_before_rp: Rupiah


@dataclass(frozen=True)
class SurplusByMonth:
    frame: Frame
    rows: tuple[SurplusMonth, ...]
    checks: tuple[Check, ...]

    @property
    def totals(self) -> dict[str, Rupiah]:
        return {
            "surplus_rp": sum(row.surplus_rp for row in self.rows),
            "year_before_rp": sum(row.year_before_rp for row in self.rows),
        }


@dataclass(frozen=True)
class SavingsMonth:
    """What members have at the end of the month, in the order of the products."""

    since: date
    until: date
    amounts_rp: tuple[Rupiah, ...]

    @property
    def total_rp(self) -> Rupiah:
        return sum(self.amounts_rp)


@dataclass(frozen=True)
class SavingsByMonth:
    """`products` as (code, name)."""

    frame: Frame
    products: tuple[tuple[str, str], ...]
    rows: tuple[SavingsMonth, ...]
    checks: tuple[Check, ...]

    @property
    def totals(self) -> dict[str, Rupiah]:
        last = self.rows[-1].amounts_rp if self.rows else (0,) * len(self.products)
        by_product = {f"{code.lower()}_rp": rp for (code, _), rp in zip(self.products, last, strict=True)}
        return {**by_product, "amount_rp": sum(last)}


def months(since: date, until: date) -> Iterator[tuple[date, date]]:
    """The first and last day of each month between two days, cut at both ends."""
    while since <= until:
        last = min(until, since.replace(day=monthrange(since.year, since.month)[1]))
        yield since, last
        since = last + timedelta(days=1)


def cash_by_month(session: Session, who: Who, since: date, until: date, *, unit_id: int | None = None) -> CashByMonth:
    """Arus kas of every month from `since` to `until`, as far as there are books.

    Raises NotAllowed, PeriodReversed, NoCashAccounts, NotFound (the unit).
    """
    coop_id = coop_of(who)
    frame = frame_of(session, coop_id, "cash-by-month", "Kas per Bulan", since=since, until=until, unit_id=unit_id)
    chart = chart_of(session, coop_id)
    ids = [account.id for account in cash_accounts(session, coop_id, chart.values())]
    since = max(since, books_start(session, coop_id) or since)  # opening balances are no flow

    def stood(day: date) -> Rupiah:
        return sum(balances.balances(session, coop_id, day, unit_id=unit_id, account_ids=ids).values())

    moved, flows = _cash_moved(session, coop_id, since, until, ids, unit_id)
    rows: list[CashMonth] = []
    for first, last in months(since, until):
        opening_rp = rows[-1].closing_rp if rows else stood(first - timedelta(days=1))
        net_rp, flow = moved.get((first.year, first.month), 0), flows.get((first.year, first.month), Sums())
        between_rp = net_rp - flow.credit_rp + flow.debit_rp  # of one unit: what came through lines of the others
        rows.append(CashMonth(first, last, opening_rp, flow.credit_rp, flow.debit_rp, between_rp, opening_rp + net_rp))
    checks = (Check("Kas akhir per bulan dan saldo akun kas", rows[-1].closing_rp, stood(until)),) if rows else ()
    return CashByMonth(frame, tuple(rows), checks)


def _cash_moved(
    session: Session, coop_id: int, since: date, until: date, cash: Sequence[int], unit_id: int | None
) -> tuple[dict[tuple[int, int], Rupiah], dict[tuple[int, int], Sums]]:
    """By (year, month): what cash grew by, and the other lines of the entries that touched it, as arus kas counts."""
    line = JournalLine
    days = (line.coop_id == coop_id, line.booked_on.between(since, until))
    own = days if unit_id is None else (*days, line.unit_id == unit_id)
    month = (extract("year", line.booked_on), extract("month", line.booked_on))
    sums = select(*month, func.sum(line.debit_rp), func.sum(line.credit_rp)).where(*own).group_by(*month)
    touching = select(line.entry_seq).where(*own, line.account_id.in_(cash))
    moved = session.execute(sums.where(line.account_id.in_(cash)))
    flows = session.execute(sums.where(line.account_id.not_in(cash), line.entry_seq.in_(touching)))
    return (
        {(int(y), int(m)): int(debit_rp) - int(credit_rp) for y, m, debit_rp, credit_rp in moved},
        {(int(y), int(m)): Sums(int(debit_rp), int(credit_rp)) for y, m, debit_rp, credit_rp in flows},
    )


def surplus_by_month(
    session: Session, who: Who, since: date, until: date, *, unit_id: int | None = None
) -> SurplusByMonth:
    """PHU of every month and of the same month last year. Raises NotAllowed, PeriodReversed, NotFound (the unit)."""
    coop_id = coop_of(who)
    frame = frame_of(
        session, coop_id, "surplus-by-month", "SHU per Bulan", since=since, until=until, unit_id=unit_id, compare="year"
    )
    assert frame.compare_since is not None
    assert frame.compare_until is not None
    now = _surpluses(session, coop_id, since, until, unit_id)
    before = _surpluses(session, coop_id, frame.compare_since, frame.compare_until, unit_id)
    rows = tuple(
        SurplusMonth(first, last, now[first.year, first.month], before[first.year - 1, first.month])
        for first, last in months(since, until)
    )
    phu = income_statement(session, who, since, until, unit_id=unit_id, compare="year")
    report = SurplusByMonth(frame, rows, ())
    checks = (
        Check("SHU per bulan dan PHU", report.totals["surplus_rp"], phu.totals["surplus_rp"]),
        Check(
            "SHU per bulan dan PHU tahun lalu",
            report.totals["year_before_rp"],
            phu.comparison_totals["surplus_rp"],
        ),
    )
    return replace(report, checks=(*checks, *phu.checks))


def _surpluses(
    session: Session, coop_id: int, since: date, until: date, unit_id: int | None
) -> dict[tuple[int, int], Rupiah]:
    """Income less expense by (year, month): whole months from the sums kept, months cut by a day from their lines."""
    chart = chart_of(session, coop_id)
    kept: dict[tuple[int, int], dict[int, Rupiah]] = {}
    for (month_on, account_id), sums in balances.by_month(session, coop_id, since, until, unit_id=unit_id).items():
        kept.setdefault((month_on.year, month_on.month), {})[account_id] = sums.net_rp
    found = {}
    for first, last in months(since, until):
        nets = kept.get((first.year, first.month), {})
        if first.day != 1 or last != month_end(last):
            cut = balances.movements(session, coop_id, first, last, unit_id=unit_id)
            nets = {account_id: sums.net_rp for account_id, sums in cut.items()}
        found[first.year, first.month] = surplus_between(nets, chart)
    return found


def savings_by_month(session: Session, who: Who, since: date, until: date) -> SavingsByMonth:
    """Members' savings at the end of every month, by product. Raises NotAllowed, PeriodReversed."""
    coop_id = coop_of(who, "savings.view")
    frame = frame_of(session, coop_id, "savings-by-month", "Simpanan per Bulan", since=since, until=until)
    summary = savings_summary(session, who, until)
    ids = [product.product_id for product in summary.products]
    moved = _moved(session, coop_id, until)
    rows = []
    for first, last in months(since, until):
        upto = (last.year, last.month)
        rows.append(
            SavingsMonth(first, last, tuple(sum(rp for at, rp in moved.get(key, ()) if at <= upto) for key in ids))
        )
    products = tuple((product.code, product.label) for product in summary.products)
    check = Check("Simpanan per bulan dan rekap simpanan", rows[-1].total_rp, summary.totals["amount_rp"])
    return SavingsByMonth(frame, products, tuple(rows), (check, *summary.checks))


def _moved(session: Session, coop_id: int, until: date) -> dict[int, list[tuple[tuple[int, int], Rupiah]]]:
    """Per product: ((year, month), sum of the movements)."""
    account, movement = SavingsAccount, SavingsMovement
    year, month = extract("year", movement.booked_on), extract("month", movement.booked_on)
    query = (
        select(account.product_id, year, month, func.sum(movement.amount_rp))
        .join(movement, and_(movement.coop_id == account.coop_id, movement.account_id == account.id))
        .where(account.coop_id == coop_id, movement.booked_on <= until)
        .group_by(account.product_id, year, month)
    )
    found: dict[int, list[tuple[tuple[int, int], Rupiah]]] = {}
    for product_id, of_year, of_month, sum_rp in session.execute(query):
        found.setdefault(product_id, []).append(((int(of_year), int(of_month)), int(sum_rp)))
    return found


def member_by_month(statement: MemberStatement) -> tuple[SavingsMonth, ...]:
    """A member's card as balances at the end of every month, in the order of its pages."""
    frame = statement.frame
    assert frame.since is not None
    return tuple(
        SavingsMonth(first, last, tuple(_stood(page, last) for page in statement.pages))
        for first, last in months(frame.since, frame.until)
    )


def _stood(page: MemberPage, on: date) -> Rupiah:
    """The balance after the last movement up to a day."""
    return next((m.balance_rp for m in reversed(page.movements) if m.booked_on <= on), page.opening_rp)


_MONTH = Column("label", "Bulan", weight=1.4)


@as_table.register
def _(report: CashByMonth) -> Table:
    columns = [
        _MONTH, money("opening_rp", "Kas awal"), money("in_rp", "Masuk"), money("out_rp", "Keluar"),
        money("between_rp", "Melalui unit lain"), money("closing_rp", "Kas akhir"),
    ]  # fmt: skip
    cells: list[tuple[Cell, ...]] = [
        (month_long(r.until), r.opening_rp, r.in_rp, r.out_rp, r.between_rp, r.closing_rp) for r in report.rows
    ]
    cells.append(("JUMLAH", *report.totals.values()))
    if not report.frame.unit:
        columns.pop(4)
        cells = [(*row[:4], row[5]) for row in cells]
    rows = [TableRow(row) for row in cells[:-1]] + [TableRow(cells[-1], "total")]
    return Table(report.frame, tuple(columns), rows, report.totals, report.checks)


@as_table.register
def _(report: SurplusByMonth) -> Table:
    columns = (_MONTH, money("surplus_rp", "SHU"), money("year_before_rp", "Tahun lalu"))
    rows = [TableRow((month_long(r.until), r.surplus_rp, r.year_before_rp)) for r in report.rows]
    rows.append(TableRow(("JUMLAH", *report.totals.values()), "total"))
    return Table(report.frame, columns, rows, report.totals, report.checks)


@as_table.register
def _(report: SavingsByMonth) -> Table:
    products = (money(f"{code.lower()}_rp", label) for code, label in report.products)
    columns = (_MONTH, *products, money("amount_rp", "Jumlah"))
    rows = [TableRow((month_long(r.until), *r.amounts_rp, r.total_rp)) for r in report.rows]
    return Table(report.frame, columns, rows, report.totals, report.checks)
