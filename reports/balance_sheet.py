"""Neraca: assets, liabilities, equity and the surplus (SHU) of books not yet closed, as of a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.money import Rupiah
from models.ledger import JournalEntry
from reports.scope import AccountInfo, Compare, Who, chart_of, coop_of, frame_of
from reports.shape import Check, Drill, Frame, Statement
from reports.statement import Figure, Heading, Lines, Spec, Total, build, figures_of
from services.ledger import balances

SPEC: Spec = (
    Heading("ASET"),
    Lines("assets", 1, tree=True),
    Total("assets", "JUMLAH ASET", ("+assets",)),
    Heading("LIABILITAS"),
    Lines("liabilities", 1, tree=True),
    Total("liabilities", "JUMLAH LIABILITAS", ("+liabilities",)),
    Heading("EKUITAS"),
    Lines("equity_accounts", 1, tree=True),
    Lines("surplus", 1),
    Total("equity", "JUMLAH EKUITAS", ("+equity_accounts", "+surplus")),
    Lines("between_units", 0),
    Total("liabilities_and_equity", "JUMLAH LIABILITAS DAN EKUITAS", ("+liabilities", "+equity", "+between_units")),
)
_GROUPS = {"assets": ("asset", 1), "liabilities": ("liability", -1), "equity_accounts": ("equity", -1)}
_ELIMINATED = "eliminasi konsolidasi"  # the shipped charts' note on inter-unit accounts


@dataclass(frozen=True)
class _Standing:
    """Balances of one day. Surpluses are income less expense of books not closed."""

    nets: dict[int, Rupiah]
    surplus_rp: Rupiah
    earlier_surplus_rp: Rupiah


def balance_sheet(
    session: Session, who: Who, as_of: date, *, unit_id: int | None = None, compare: Compare | None = None
) -> Statement:
    """The neraca at the end of `as_of`. Contra accounts reduce assets.

    A neraca of one unit shows what it has from or owes to the others as one line; that of all leaves out inter-unit
    accounts that cancel. Raises NotAllowed, NotFound (the unit).
    """
    coop_id = coop_of(who)
    frame = frame_of(
        session, coop_id, "balance-sheet", "Neraca", since=None, until=as_of, unit_id=unit_id, compare=compare
    )
    chart = chart_of(session, coop_id)
    now = _standing(session, coop_id, chart, as_of, unit_id)
    before = _standing(session, coop_id, chart, frame.compare_until, unit_id) if frame.compare_until else None
    shown = _shown(chart, now, before) if unit_id is None else list(chart.values())
    groups: dict[str, list[Figure]] = {
        name: figures_of(
            [account for account in shown if account.type == kind], frame, now.nets, before.nets if before else None,
            sign=sign, chart=chart,
        )
        for name, (kind, sign) in _GROUPS.items()
    }  # fmt: skip
    groups["surplus"] = _surplus(frame, now, before, _first_day(session, coop_id))
    if unit_id is not None:
        groups["between_units"] = _between(frame, now, before)
    built = build(SPEC, groups, compared=before is not None)
    totals = {
        **built.totals,
        "equity_accounts_rp": built.totals["equity_rp"] - now.surplus_rp - now.earlier_surplus_rp,
        "surplus_rp": now.surplus_rp + now.earlier_surplus_rp,
    }
    checks = [
        Check("Aset dan liabilitas + ekuitas", totals["assets_rp"], totals["liabilities_and_equity_rp"]),
        _same_as_phu(session, coop_id, chart, as_of, unit_id, now),
    ]
    return Statement(frame, built.rows, totals, built.comparison_totals, tuple(checks))


def surplus_between(nets: Mapping[int, Rupiah], chart: Mapping[int, AccountInfo]) -> Rupiah:
    """Income less expense in sums that are debit less credit."""
    return -sum(net_rp for account_id, net_rp in nets.items() if chart[account_id].is_result)


def _standing(
    session: Session, coop_id: int, chart: Mapping[int, AccountInfo], as_of: date, unit_id: int | None
) -> _Standing:
    nets = balances.balances(session, coop_id, as_of, unit_id=unit_id)
    year_end = date(as_of.year, 1, 1) - timedelta(days=1)
    earlier = surplus_between(balances.balances(session, coop_id, year_end, unit_id=unit_id), chart)
    return _Standing(nets, surplus_between(nets, chart) - earlier, earlier)


def _shown(chart: Mapping[int, AccountInfo], now: _Standing, before: _Standing | None) -> list[AccountInfo]:
    between = [account for account in chart.values() if account.note == _ELIMINATED]
    cancels = all(
        sum(standing.nets.get(account.id, 0) for account in between) == 0 for standing in (now, before) if standing
    )
    return [account for account in chart.values() if not (cancels and account in between)]


def _first_day(session: Session, coop_id: int) -> date | None:
    return session.scalar(select(func.min(JournalEntry.booked_on)).where(JournalEntry.coop_id == coop_id))


def _surplus(frame: Frame, now: _Standing, before: _Standing | None, first_day: date | None) -> list[Figure]:
    year = frame.until.year
    drill = Drill("income-statement", since=date(year, 1, 1), until=frame.until)
    current = Figure(
        "", "SHU tahun berjalan (belum ditutup)", now.surplus_rp, before.surplus_rp if before else None, drill
    )
    drill = Drill("income-statement", since=first_day, until=date(year - 1, 12, 31))
    earlier_rp = before.earlier_surplus_rp if before else None
    earlier = Figure("", "SHU tahun-tahun lalu (belum ditutup)", now.earlier_surplus_rp, earlier_rp, drill)
    return [figure for figure in (earlier, current) if figure is current or not figure.is_empty]


def _between(frame: Frame, now: _Standing, before: _Standing | None) -> list[Figure]:
    before_rp = sum(before.nets.values()) if before else None
    drill = Drill("journal", until=frame.until)
    figure = Figure("", "Hubungan dengan unit lain", sum(now.nets.values()), before_rp, drill)
    return [] if figure.is_empty else [figure]


def _same_as_phu(
    session: Session, coop_id: int, chart: Mapping[int, AccountInfo], as_of: date, unit_id: int | None, now: _Standing
) -> Check:
    moved = balances.movements(session, coop_id, date(as_of.year, 1, 1), as_of, unit_id=unit_id)
    phu_rp = surplus_between({account_id: sums.net_rp for account_id, sums in moved.items()}, chart)
    return Check("SHU di neraca dan di PHU", now.surplus_rp, phu_rp)
