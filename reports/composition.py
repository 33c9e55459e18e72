"""What a section of a statement is made of: its parts, which add up to its total."""

from dataclasses import dataclass

from core.money import Rupiah
from reports.shape import Row, Statement


@dataclass(frozen=True)
class Part:
    label: str
    amount_rp: Rupiah
    comparison_rp: Rupiah | None


def composition(statement: Statement, heading: str) -> tuple[Part, ...]:
    """The parts below a heading of level 0, as coarse as the statement groups them into at least two."""
    section = _section(statement, heading)
    deepest = max((row.level for row in section), default=1)
    parts: tuple[Part, ...] = ()
    for level in range(1, deepest + 1):
        parts = tuple(
            Part(_spoken(row.label), row.amount_rp, row.comparison_rp)
            for row in section
            if (row.kind == "total" and row.level == level) or (row.kind == "line" and row.level <= level)
        )
        if len(parts) > 1:
            break
    return parts


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
