"""Collectibility: classes by days past due, as a dated table of the cooperative; the allowance each class needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.money import Rupiah, percent_of
from models.loans import LoanClass
from services.audit import trail
from services.loans.arrears import Standing
from services.loans.refusals import ClassesInvalid


@dataclass(frozen=True)
class Class:
    """A class and when it begins. `is_bad` counts into NPL; `is_loss` is the last one (macet)."""

    name: str
    from_days: int
    allowance_pct: Decimal
    is_bad: bool = False
    is_loss: bool = False


PRESETS: dict[str, tuple[str, tuple[Class, ...]]] = {
    "four": ("4 kelas (formulir Kemenkop)", (
        Class("Lancar", 0, Decimal("0.5")),
        Class("Kurang lancar", 91, Decimal(10), is_bad=True),
        Class("Diragukan", 181, Decimal(50), is_bad=True),
        Class("Macet", 271, Decimal(100), is_bad=True, is_loss=True),
    )),
    "five": ("5 kelas (dengan perhatian khusus)", (
        Class("Lancar", 0, Decimal("0.5")),
        Class("Dalam perhatian khusus", 1, Decimal(5)),
        Class("Kurang lancar", 91, Decimal(15), is_bad=True),
        Class("Diragukan", 121, Decimal(50), is_bad=True),
        Class("Macet", 181, Decimal(100), is_bad=True, is_loss=True),
    )),
}  # fmt: skip
"""Starting points; the percentages are common practice, every cooperative decides its own (`decide`)."""


def table(session: Session, coop_id: int, on: date) -> list[Class]:
    """The classes in force on a day: the latest decision up to it, or the preset of four."""
    latest = select(func.max(LoanClass.effective_on)).where(LoanClass.coop_id == coop_id, LoanClass.effective_on <= on)
    effective_on = session.scalar(latest)
    if effective_on is None:
        return list(PRESETS["four"][1])
    query = select(LoanClass).where(LoanClass.coop_id == coop_id, LoanClass.effective_on == effective_on)
    return [
        Class(row.name, row.from_days, row.allowance_pct, row.is_bad, row.is_loss)
        for row in session.scalars(query.order_by(LoanClass.position))
    ]


def decide(session: Session, actor: Actor, classes: Sequence[Class], *, effective_on: date) -> None:
    """Put a table in force from a day on; the same day again corrects it. Raises ClassesInvalid."""
    actor.must("loans.products")
    _checked(classes)
    for row in session.scalars(select(LoanClass).where(LoanClass.effective_on == effective_on)):
        session.delete(row)
    session.flush()  # the new lines take the places of the old
    session.add_all(
        LoanClass(
            coop_id=actor.coop_id, effective_on=effective_on, position=position, name=one.name.strip()[:40],
            from_days=one.from_days, allowance_pct=one.allowance_pct, is_bad=one.is_bad, is_loss=one.is_loss,
        )
        for position, one in enumerate(classes, start=1)
    )  # fmt: skip
    detail = [[one.name, one.from_days, f"{one.allowance_pct:f}"] for one in classes]
    trail.record(session, actor, "loans.classes", f"classes:{effective_on}", classes=detail)
    session.flush()  # whoever asks next in this transaction must meet it


def _checked(classes: Sequence[Class]) -> None:
    if len(classes) < 2 or classes[0].from_days != 0:
        raise ClassesInvalid(reason="paling sedikit dua kelas, yang pertama mulai dari 0 hari.")
    days = [one.from_days for one in classes]
    if days != sorted(set(days)) or any(not one.name.strip() for one in classes):
        raise ClassesInvalid(reason="hari tiap kelas harus naik, dan tiap kelas punya nama.")
    if any(not 0 <= one.allowance_pct <= 100 for one in classes):
        raise ClassesInvalid(reason="persen penyisihan 0 sampai 100.")
    if [one.is_loss for one in classes] != [False] * (len(classes) - 1) + [True]:
        raise ClassesInvalid(reason="hanya kelas terakhir yang macet.")


def class_of(classes: Sequence[Class], days_late: int) -> Class:
    """The class of a loan so many days past due."""
    return next(one for one in reversed(classes) if days_late >= one.from_days)


@dataclass(frozen=True)
class ClassLine:
    """All loans of one class on a day."""

    name: str
    count: int
    outstanding_rp: Rupiah
    late_rp: Rupiah
    allowance_pct: Decimal
    required_rp: Rupiah
    is_bad: bool


def by_class(classes: Sequence[Class], standings: Sequence[Standing]) -> list[ClassLine]:
    """A line per class, in order; the allowance each needs, half-up on the class's sum."""
    lines = []
    for one in classes:
        own = [standing for standing in standings if class_of(classes, standing.days_late) is one]
        outstanding_rp = sum(standing.outstanding_rp for standing in own)
        lines.append(
            ClassLine(
                one.name, len(own), outstanding_rp, sum(standing.late_rp for standing in own), one.allowance_pct,
                percent_of(outstanding_rp, one.allowance_pct), one.is_bad,
            )
        )  # fmt: skip
    return lines


def npl_pct(lines: Sequence[ClassLine]) -> Decimal:
    """Bad classes in percent of all that is outstanding, two decimals."""
    whole = sum(line.outstanding_rp for line in lines)
    bad = sum(line.outstanding_rp for line in lines if line.is_bad)
    return Decimal(0) if not whole else (Decimal(bad) * 100 / whole).quantize(Decimal("0.01"))


def par_pct(standings: Sequence[Standing], days: int = 30) -> Decimal:
    """PAR: outstanding of loans more than so many days late, in percent of all, two decimals."""
    whole = sum(standing.outstanding_rp for standing in standings)
    late = sum(standing.outstanding_rp for standing in standings if standing.days_late > days)
    return Decimal(0) if not whole else (Decimal(late) * 100 / whole).quantize(Decimal("0.01"))
