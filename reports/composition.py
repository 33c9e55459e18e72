"""What a section of a statement is made of: its parts, which add up to its total."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.money import Rupiah
from reports.shape import Row, Statement


@dataclass(frozen=True)
class Part:
    label: str
    amount_rp: Rupiah
    comparison_rp: Rupiah | None


MOST = 7
OTHERS = "Lain-lain"


def composition(statement: Statement, heading: str) -> tuple[Part, ...]:
    """The parts below a heading of level 0, the largest first and the small ones together.

    As coarse as the statement groups them into at least three.
    """
    section = _section(statement, heading)
    deepest = max((row.level for row in section), default=1)
    parts: tuple[Part, ...] = ()
    for level in range(1, deepest + 1):
        parts = tuple(
            Part(_spoken(row.label), row.amount_rp, row.comparison_rp)
            for row in section
            if (row.kind == "total" and row.level == level) or (row.kind == "line" and row.level <= level)
        )
        if len(parts) > 2:
            break
    ordered = sorted(parts, key=lambda part: -abs(part.amount_rp))
    return (*ordered[:MOST], *_together(ordered[MOST:]))


def _together(parts: Sequence[Part]) -> tuple[Part, ...]:
    if not parts:
        return ()
    compared = [part.comparison_rp for part in parts if part.comparison_rp is not None]
    return (Part(OTHERS, sum(part.amount_rp for part in parts), sum(compared) if compared else None),)


def _section(statement: Statement, heading: str) -> list[Row]:
    found: list[Row] = []
    inside = False
    for row in statement.rows:
        if row.level == 0:
            if inside:
                break
            inside = row.kind == "header" and row.label == heading
        elif inside:
            found.append(row)
    return found


def _spoken(label: str) -> str:
    plain = label.removeprefix("Jumlah ")
    return plain[:1].upper() + plain[1:]
