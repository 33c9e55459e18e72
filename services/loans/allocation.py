"""Where a payment goes: penalty, then what is late, then what is current, then what is to come. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.money import Rupiah

Bucket = Literal["penalty", "late_interest", "late_principal", "current_interest", "current_principal", "later"]
USUAL: tuple[Bucket, ...] = (
    "penalty", "late_interest", "late_principal", "current_interest", "current_principal", "later",
)  # fmt: skip
"""Denda, jasa tertunggak, pokok tertunggak, jasa berjalan, pokok berjalan, angsuran berikutnya."""


@dataclass(frozen=True)
class Owed:
    """One installment's open amounts."""

    no: int
    due_on: date
    penalty_rp: Rupiah
    interest_rp: Rupiah
    principal_rp: Rupiah

    @property
    def total_rp(self) -> Rupiah:
        return self.penalty_rp + self.interest_rp + self.principal_rp


@dataclass(frozen=True)
class Part:
    """What one installment gets."""

    no: int
    penalty_rp: Rupiah = 0
    interest_rp: Rupiah = 0
    principal_rp: Rupiah = 0

    def __add__(self, other: "Part") -> "Part":
        return Part(
            self.no,
            self.penalty_rp + other.penalty_rp,
            self.interest_rp + other.interest_rp,
            self.principal_rp + other.principal_rp,
        )


@dataclass(frozen=True)
class Allocation:
    """A payment taken apart; `left_rp` found nothing to pay."""

    parts: tuple[Part, ...]
    left_rp: Rupiah

    @property
    def penalty_rp(self) -> Rupiah:
        return sum(part.penalty_rp for part in self.parts)

    @property
    def interest_rp(self) -> Rupiah:
        return sum(part.interest_rp for part in self.parts)

    @property
    def principal_rp(self) -> Rupiah:
        return sum(part.principal_rp for part in self.parts)

    @property
    def total_rp(self) -> Rupiah:
        return self.penalty_rp + self.interest_rp + self.principal_rp


def allocate(owed: Sequence[Owed], amount_rp: Rupiah, on: date, order: Sequence[Bucket] = USUAL) -> Allocation:
    """Spread `amount_rp` over open installments in due order: late is due before `on`, current the next one."""
    taken: dict[int, Part] = {}
    current = next((row.no for row in owed if row.due_on >= on), None)
    for bucket in order:
        for row in owed:
            for kind in _kinds(bucket, row, on, current):
                paid = getattr(taken.get(row.no, Part(row.no)), kind)
                give_rp = min(amount_rp, getattr(row, kind) - paid)
                if give_rp > 0:
                    taken[row.no] = taken.get(row.no, Part(row.no)) + Part(row.no, **{kind: give_rp})
                    amount_rp -= give_rp
    return Allocation(tuple(taken[row.no] for row in owed if row.no in taken), amount_rp)


def _kinds(bucket: Bucket, row: Owed, on: date, current: int | None) -> tuple[str, ...]:
    """Which amounts of a row a bucket takes."""
    if bucket == "penalty":
        return ("penalty_rp",)
    when, _, what = bucket.partition("_")
    is_late = row.due_on < on
    if when == "later":
        return () if is_late or row.no == current else ("interest_rp", "principal_rp")
    if (when == "late") != is_late or (when == "current" and row.no != current):
        return ()
    return (f"{what}_rp",)
