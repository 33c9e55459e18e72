"""The figures of the last month as people read them, each with its formula beside it."""

from dataclasses import dataclass
from decimal import Decimal

from core.display import percent_text, rupiah
from reports.platform.metrics import FORMULAS, Metrics

UNKNOWN = "Belum ada"


@dataclass(frozen=True)
class Figure:
    """What it is called, what it is now, what it was a month ago, and how it is worked out."""

    name: str
    value: str
    before: str
    formula: str


def headline(found: Metrics) -> tuple[Figure, ...]:
    """MRR, ARPU, CLV, both churns and net retention of the last month."""
    last, before = found.last, found.months[-2] if len(found.months) > 1 else None
    columns = (("mrr", "mrr_rp"), ("arpu", "arpu_rp"), ("value", "value_rp"), ("logo_churn", "logo_churn"),
               ("revenue_churn", "revenue_churn"), ("retention", "retention"))  # fmt: skip
    return tuple(
        Figure(FORMULAS[name][0], said(getattr(last, column)), said(getattr(before, column, None)), FORMULAS[name][1])
        for name, column in columns
    )


def said(value: int | Decimal | None) -> str:
    """Rupiah or percent, or that there is none yet."""
    if value is None:
        return UNKNOWN
    return f"{percent_text(value)} %" if isinstance(value, Decimal) else rupiah(value)
