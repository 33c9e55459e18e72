"""Neraca saldo: every account with a balance, on its debit or credit side."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from core.money import Rupiah
from reports.scope import Who, chart_of, coop_of, frame_of
from reports.shape import Check, Drill, Frame
from services.ledger import balances


@dataclass(frozen=True)
class TrialRow:
    code: str
    label: str
    type: str
    debit_rp: Rupiah
    credit_rp: Rupiah
    drill: Drill


@dataclass(frozen=True)
class TrialBalance:
    """Before any year-end closing entry that is not booked; accounts at 0 are left out."""

    frame: Frame
    rows: tuple[TrialRow, ...]
    checks: tuple[Check, ...]

    @property
    def totals(self) -> dict[str, Rupiah]:
        return {
            "debit_rp": sum(row.debit_rp for row in self.rows),
            "credit_rp": sum(row.credit_rp for row in self.rows),
        }


def trial_balance(session: Session, who: Who, as_of: date, *, unit_id: int | None = None) -> TrialBalance:
    """The neraca saldo at the end of `as_of`. Raises NotAllowed, NotFound (the unit)."""
    coop_id = coop_of(who)
    frame = frame_of(session, coop_id, "trial-balance", "Neraca Saldo", since=None, until=as_of, unit_id=unit_id)
    nets = balances.balances(session, coop_id, as_of, unit_id=unit_id)
    rows = tuple(
        TrialRow(
            account.code,
            account.name,
            account.type,
            max(nets[account.id], 0),
            max(-nets[account.id], 0),
            Drill("general-ledger", account=account.code, until=as_of),
        )
        for account in chart_of(session, coop_id).values()
        if nets.get(account.id)
    )
    sides = Check("Jumlah debit dan kredit", sum(row.debit_rp for row in rows), sum(row.credit_rp for row in rows))
    return TrialBalance(frame, rows, () if unit_id is not None else (sides,))
