"""Figures of recurring revenue, month by month, from the steps of each subscription. Every figure has its formula.

A cooperative pays in a month when its monthly recurring revenue (MRR) is above zero at the month's end. What happened
within a month counts by its result: stopped and back within one month is nothing lost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from core.money import Rupiah
from services.ledger.balances import month_end

WINDOW = 12
FORMULAS = {
    "mrr": ("MRR", "jumlah pendapatan langganan per bulan dari semua koperasi yang membayar pada akhir bulan; "
            "langganan tahunan dihitung seperduabelas"),
    "arpu": ("ARPU", "MRR ÷ banyaknya koperasi yang membayar pada akhir bulan"),
    "logo_churn": ("Churn koperasi", "koperasi yang berhenti membayar bulan itu ÷ koperasi yang membayar pada awal "
                   "bulan"),
    "revenue_churn": ("Churn pendapatan", "(MRR yang hilang + MRR yang turun) ÷ MRR awal bulan"),
    "retention": ("Retensi pendapatan bersih", "(MRR awal + naik − turun − hilang) ÷ MRR awal; koperasi baru dan yang "
                  "kembali tidak dihitung"),
    "value": ("CLV", "ARPU ÷ rata-rata churn koperasi per bulan selama 12 bulan terakhir (semua yang berhenti ÷ semua "
              "yang membayar pada awal tiap bulan)"),
    "cohort": ("Retensi kohor", "koperasi yang masih membayar pada akhir bulan ke-n ÷ koperasi yang mulai membayar "
               "pada bulan yang sama"),
}  # fmt: skip
"""Figure -> its name and how it is worked out."""


@dataclass(frozen=True)
class Step:
    """What one change of a subscription left a cooperative's MRR at. Given in order."""

    coop_id: int
    on: date
    mrr_rp: Rupiah


@dataclass(frozen=True)
class Month:
    """MRR from the month's first moment to its last, and the cooperatives behind it."""

    starts_on: date
    opening_rp: Rupiah
    new_rp: Rupiah
    returned_rp: Rupiah
    raised_rp: Rupiah
    lowered_rp: Rupiah
    lost_rp: Rupiah
    paying_before: int
    started: int
    returned: int
    lost: int
    window_lost: int
    window_before: int

    @property
    def mrr_rp(self) -> Rupiah:
        gained_rp = self.new_rp + self.returned_rp + self.raised_rp
        return self.opening_rp + gained_rp - self.lowered_rp - self.lost_rp

    @property
    def paying(self) -> int:
        return self.paying_before + self.started + self.returned - self.lost

    @property
    def arpu_rp(self) -> Rupiah | None:
        return rounded(self.mrr_rp, self.paying)

    @property
    def logo_churn(self) -> Decimal | None:
        return percent(self.lost, self.paying_before)

    @property
    def revenue_churn(self) -> Decimal | None:
        return percent(self.lost_rp + self.lowered_rp, self.opening_rp)

    @property
    def retention(self) -> Decimal | None:
        return percent(self.opening_rp + self.raised_rp - self.lowered_rp - self.lost_rp, self.opening_rp)

    @property
    def value_rp(self) -> Rupiah | None:
        """CLV; None while nobody pays or nobody has ever left."""
        return rounded(self.mrr_rp * self.window_before, self.paying * self.window_lost)


@dataclass(frozen=True)
class Cohort:
    """Cooperatives that began to pay in one month: how many still paid at the end of it and of each month after."""

    starts_on: date
    size: int
    kept: tuple[int, ...]

    @property
    def shares(self) -> tuple[Decimal, ...]:
        return tuple(percent(count, self.size) or Decimal(0) for count in self.kept)


@dataclass(frozen=True)
class Metrics:
    """Months in order, the last up to today; cohorts by the month they began."""

    months: tuple[Month, ...]
    cohorts: tuple[Cohort, ...]

    @property
    def last(self) -> Month:
        return self.months[-1]


def measure(steps: Iterable[Step], months: Sequence[date]) -> Metrics:
    """The figures of `months` (first days, in order) from every step up to the end of the last."""
    by_coop: dict[int, list[Step]] = {}
    for step in steps:
        by_coop.setdefault(step.coop_id, []).append(step)
    found: list[Month] = []
    for starts_on in months:
        found.append(_month(by_coop.values(), starts_on, found[1 - WINDOW :]))
    return Metrics(tuple(found), tuple(_cohorts(by_coop.values(), months)))


def rounded(amount: int, parts: int) -> int | None:
    """A quotient in whole rupiah, half up; None for parts of nothing."""
    return int((Decimal(amount) / parts).quantize(Decimal(1), ROUND_HALF_UP)) if parts else None


def percent(part: int, whole: int) -> Decimal | None:
    """A share in percent with one decimal; None of nothing."""
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


def _month(coops: Iterable[Sequence[Step]], starts_on: date, before: Sequence[Month]) -> Month:
    sums = dict.fromkeys(("new_rp", "returned_rp", "raised_rp", "lowered_rp", "lost_rp"), 0)
    heads = dict.fromkeys(("started", "returned", "lost"), 0)
    opening_rp = paying_before = 0
    for steps in coops:
        was, now = _at(steps, starts_on, is_end=False), _at(steps, month_end(starts_on))
        opening_rp, paying_before = opening_rp + was, paying_before + (was > 0)
        if not was and now:
            known = any(step.mrr_rp for step in steps if step.on < starts_on)
            sums["returned_rp" if known else "new_rp"] += now
            heads["returned" if known else "started"] += 1
        elif was and not now:
            sums["lost_rp"] += was
            heads["lost"] += 1
        else:
            sums["raised_rp"] += max(0, now - was)
            sums["lowered_rp"] += max(0, was - now)
    left = heads["lost"] + sum(one.lost for one in before)
    stood = paying_before + sum(one.paying_before for one in before)
    return Month(starts_on, opening_rp, **sums, paying_before=paying_before, **heads,
                 window_lost=left, window_before=stood)  # fmt: skip


def _at(steps: Sequence[Step], day: date, *, is_end: bool = True) -> Rupiah:
    """A cooperative's MRR when `day` ends, or when it begins."""
    passed = [step.mrr_rp for step in steps if step.on < day or (is_end and step.on == day)]
    return passed[-1] if passed else 0


def _cohorts(coops: Iterable[Sequence[Step]], months: Sequence[date]) -> Iterable[Cohort]:
    begun: dict[date, list[Sequence[Step]]] = {}
    for steps in coops:
        first = next((step.on for step in steps if step.mrr_rp), None)
        if first is not None:
            begun.setdefault(first.replace(day=1), []).append(steps)
    for place, starts_on in enumerate(months):
        members = begun.get(starts_on, [])
        if members:
            kept = (sum(_at(steps, month_end(later)) > 0 for steps in members) for later in months[place:])
            yield Cohort(starts_on, len(members), tuple(kept))
