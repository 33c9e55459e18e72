"""Penalty of late installments: pure. It grows from day to day, so what was counted once is not counted again."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.money import Rupiah, round_rp


@dataclass(frozen=True)
class PenaltyRule:
    """`value` is rupiah a day, or percent (a day, or once). The first `free_days` after the due date cost nothing."""

    kind: str = "none"
    value: Decimal = Decimal(0)
    free_days: int = 0


def grown(
    rule: PenaltyRule,
    *,
    due_on: date,
    counted_until: date | None,
    on: date,
    unpaid_rp: Rupiah,
    outstanding_rp: Rupiah,
) -> Rupiah:
    """What penalty has come since `counted_until` (or since the free days ended), whole rupiah half-up.

    `unpaid_rp` is what the installment still lacks of principal and interest, `outstanding_rp` the loan's principal.
    """
    starts_on = due_on + timedelta(days=rule.free_days)
    since = max(starts_on, counted_until) if counted_until else starts_on
    days = (on - since).days
    if rule.kind == "none" or days <= 0 or unpaid_rp <= 0:
        return 0
    if rule.kind == "once_pct":
        return round_rp(unpaid_rp * rule.value / 100) if counted_until is None else 0
    per_day = {
        "per_day": rule.value,
        "installment_pct": unpaid_rp * rule.value / 100,
        "balance_pct": outstanding_rp * rule.value / 100,
    }[rule.kind]
    return round_rp(per_day * days)
