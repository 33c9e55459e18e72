"""What an import shows before anything is saved."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Problem:
    """Something that must be put right first, where it is, and how. `row` is the spreadsheet row or CSV line."""

    file: str
    sheet: str
    row: int | None
    column: str
    reason: str
    advice: str = ""

    @property
    def sentence(self) -> str:
        return f"{self.place}: {self.reason} {self.advice}".strip()

    @property
    def place(self) -> str:
        parts = [self.file, f"lembar {self.sheet}" if self.sheet else "", f"baris {self.row}" if self.row else "",
                 f"kolom {self.column}" if self.column else ""]  # fmt: skip
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class Caution(Problem):
    """Something a person should look at; it does not stop the import."""


@dataclass(frozen=True)
class Heading:
    """How one heading of a file was understood; `column` is empty when it was not."""

    file: str
    sheet: str
    heading: str
    column: str


@dataclass(frozen=True)
class ControlTotal:
    """The sum of one amount column, for comparing with the paper."""

    table: str
    column: str
    amount_rp: int


@dataclass(frozen=True)
class Preview:
    """A run shown before it is booked. `plan` is what `book` will carry out; it exists only without problems.

    `samples` are the first rows as (row, {label: text}); `skipped` are rows taken for titles, groups and signatures.
    """

    kind: str
    label: str
    files: tuple[str, ...]
    fingerprint: str
    headings: tuple[Heading, ...]
    control_totals: tuple[ControlTotal, ...]
    rows: int
    counts: dict[str, int]
    problems: tuple[Problem, ...]
    warnings: tuple[Caution, ...]
    samples: tuple[tuple[int, dict[str, str]], ...] = ()
    skipped: tuple[tuple[str, int, str], ...] = ()
    plan: Any = field(default=None, repr=False, compare=False)

    @property
    def clean(self) -> bool:
        return not self.problems

    def as_json(self, limit: int = 1000) -> dict[str, Any]:
        """Plain values for the screen and the command line; long lists are cut, their length is told."""
        return {
            "kind": self.kind,
            "label": self.label,
            "files": list(self.files),
            "fingerprint": self.fingerprint,
            "rows": self.rows,
            "counts": self.counts,
            "headings": [asdict(heading) for heading in self.headings],
            "control_totals": [asdict(total) for total in self.control_totals],
            "problems": [_shown(problem) for problem in self.problems[:limit]],
            "problem_count": len(self.problems),
            "warnings": [_shown(warning) for warning in self.warnings[:limit]],
            "warning_count": len(self.warnings),
            "samples": [{"row": row, "values": values} for row, values in self.samples],
            "skipped": [{"sheet": sheet, "row": row, "text": text} for sheet, row, text in self.skipped[:limit]],
        }


def _shown(problem: Problem) -> dict[str, Any]:
    return {**asdict(problem), "sentence": problem.sentence}


@dataclass(frozen=True)
class Booked:
    """What a booking did: counts per noun (`anggota`, `jurnal`, …). `is_new` is False when it had been done before."""

    kind: str
    fingerprint: str
    counts: dict[str, int]
    is_new: bool = True
