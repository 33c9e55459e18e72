"""Money is whole rupiah in an int. It is split by largest remainder, never divided."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Literal

Rupiah = int
RoundingMode = Literal["half-up", "half-even", "down", "up"]
LIMIT_RP: Rupiah = 10**15
"""Amounts at or above this are taken for typing errors (a village's whole budget is a thousandth of it)."""

_MODES = {"half-up": ROUND_HALF_UP, "half-even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_UP}


def round_rp(exact: Decimal, mode: RoundingMode = "half-up", unit: Rupiah = 1) -> Rupiah:
    """`exact` rounded to a whole multiple of `unit` rupiah."""
    return int((exact / unit).quantize(Decimal(1), rounding=_MODES[mode])) * unit


def percent_of(amount_rp: Rupiah, rate_pct: Decimal, mode: RoundingMode = "half-up") -> Rupiah:
    """`rate_pct` percent of an amount, in whole rupiah."""
    return round_rp(Decimal(amount_rp) * rate_pct / 100, mode)


def split(total_rp: Rupiah, weights: Sequence[int]) -> list[Rupiah]:
    """`total_rp` in parts proportional to `weights`, summing exactly to it (largest remainder; ties: first wins).

    Raises:
        ValueError: a negative weight, or nothing to weigh by while there is something to split.
    """
    whole = sum(weights)
    if any(weight < 0 for weight in weights) or (whole == 0 and total_rp != 0):
        raise ValueError("weights must be non-negative and not all zero")
    if whole == 0:
        return [0] * len(weights)
    parts = [total_rp * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total_rp * weights[i] % whole), i))
    for index in by_remainder[: total_rp - sum(parts)]:
        parts[index] += 1
    return parts
