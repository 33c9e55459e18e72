"""Perubahan ekuitas: what each part of the equity began with, gained, lost and ended with."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from core.money import Rupiah
from reports.balance_sheet import balance_sheet, surplus_between
from reports.scope import Who, books_start, chart_of, coop_of, frame_of
from reports.shape import Check, Drill, Frame
from services.ledger import balances


@dataclass(frozen=True)
class EquityRow:
    """`closing_rp` = opening + increase - decrease; all in the direction of equity (credit)."""

    code: str
    label: str
    opening_rp: Rupiah
    increase_rp: Rupiah
    decrease_rp: Rupiah
    drill: Drill | None

    @property
    def closing_rp(self) -> Rupiah:
        return self.opening_rp + self.increase_rp - self.decrease_rp


@dataclass(frozen=True)
class EquityChanges:
    frame: Frame
    rows: tuple[EquityRow, ...]
    checks: tuple[Check, ...]
    notes: tuple[str, ...] = ()

    @property
    def totals(self) -> dict[str, Rupiah]:
        return {
            "opening_rp": sum(row.opening_rp for row in self.rows),
            "increase_rp": sum(row.increase_rp for row in self.rows),
            "decrease_rp": sum(row.decrease_rp for row in self.rows),
            "closing_rp": sum(row.closing_rp for row in self.rows),
        }


def equity_changes(
    session: Session, who: Who, since: date, until: date, *, unit_id: int | None = None
) -> EquityChanges:
    """Each equity account and the surplus not yet closed. Opening balances are no change: they come as the beginning.

    Raises NotAllowed, PeriodReversed, NotFound (the unit).
    """
    coop_id = coop_of(who)
    started = books_start(session, coop_id)
    notes: tuple[str, ...] = ()
    if started is not None and since < started <= until:
        since, notes = started, ("Dihitung sejak pembukuan dimulai; saldo awal bukan perubahan.",)
    frame = frame_of(
        session, coop_id, "equity-changes", "Laporan Perubahan Ekuitas", since=since, until=until, unit_id=unit_id
    )
    chart = chart_of(session, coop_id)
    opening = balances.balances(session, coop_id, since - timedelta(days=1), unit_id=unit_id)
    moved = balances.movements(session, coop_id, since, until, unit_id=unit_id)
    rows = []
    for account in chart.values():
        if account.type == "equity" and (opening.get(account.id) or account.id in moved):
            sums = moved.get(account.id, balances.Sums())
            drill = Drill("general-ledger", account=account.code, since=since, until=until)
            row = EquityRow(
                account.code, account.name, -opening.get(account.id, 0), sums.credit_rp, sums.debit_rp, drill
            )
            rows.append(row)
    result_rp = surplus_between({key: sums.net_rp for key, sums in moved.items()}, chart)
    label, drill = "SHU belum ditutup", Drill("income-statement", since=since, until=until)
    rows.append(EquityRow("", label, surplus_between(opening, chart), max(result_rp, 0), max(-result_rp, 0), drill))
    neraca = balance_sheet(session, coop_id, until, unit_id=unit_id)
    check = Check("Ekuitas akhir dan ekuitas di neraca", sum(r.closing_rp for r in rows), neraca.totals["equity_rp"])
    return EquityChanges(frame, tuple(rows), (check,), notes)
