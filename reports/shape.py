"""What every report is made of, and the one table every face draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from core.display import date_long, date_short, month_long, rupiah
from core.money import Rupiah
from services.ledger.balances import month_end

Kind = Literal["header", "line", "total"]
Cell = str | int | date | None


@dataclass(frozen=True)
class Head:
    """The cooperative as its letterhead and its signatures need it."""

    slug: str
    name: str
    legal_no: str
    address: str
    city: str
    phone: str
    zone: str
    chair_name: str
    treasurer_name: str
    logo_file: str | None


@dataclass(frozen=True)
class Frame:
    """What stands over a report. `since` None means a report as of `until`."""

    name: str
    title: str
    coop: Head
    since: date | None
    until: date
    compare_since: date | None = None
    compare_until: date | None = None
    unit: str | None = None

    @property
    def period(self) -> str:
        """`Per 31 Maret 2026`, `Maret 2026`, `Tahun 2026` or both days."""
        words = f"Per {date_long(self.until)}" if self.since is None else span_long(self.since, self.until)
        return f"{words} - unit {self.unit}" if self.unit else words

    @property
    def heading(self) -> str:
        return _span(self.since, self.until)

    @property
    def compare_heading(self) -> str:
        return "" if self.compare_until is None else _span(self.compare_since, self.compare_until)


def span_long(since: date, until: date) -> str:
    if since.day == 1 and until == month_end(until):
        if (since.year, since.month) == (until.year, until.month):
            return month_long(since)
        if (since.year, since.month, until.month) == (until.year, 1, 12):
            return f"Tahun {since.year}"
    return date_long(since) if since == until else f"{date_long(since)} sampai {date_long(until)}"


def _span(since: date | None, until: date) -> str:
    if since is None:
        return date_short(until)
    words = span_long(since, until)
    return words if " sampai " not in words else f"{since:%d/%m/%y} - {until:%d/%m/%y}"


@dataclass(frozen=True)
class Drill:
    """Where a figure comes from: the report to open, narrowed to an account (by code), a member (by number), an entry.

    Days left out are those of the page that leads there.
    """

    report: str
    account: str | None = None
    member: str | None = None
    entry_seq: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Check:
    """Two figures that must be equal; shown where they are not."""

    label: str
    left_rp: Rupiah
    right_rp: Rupiah

    @property
    def holds(self) -> bool:
        return self.left_rp == self.right_rp

    @property
    def sentence(self) -> str:
        """What is wrong, for a person; empty when it holds."""
        if self.holds:
            return ""
        difference = rupiah(abs(self.left_rp - self.right_rp))
        pair = f"{rupiah(self.left_rp)} dan {rupiah(self.right_rp)}"
        return f"{self.label}: {pair} berbeda {difference}. Jalankan pemeriksaan buku."


@dataclass(frozen=True)
class Row:
    """A line of a statement. Headers carry no figure of their own (0)."""

    code: str
    label: str
    amount_rp: Rupiah
    comparison_rp: Rupiah | None
    level: int
    kind: Kind
    drill: Drill | None = None


@dataclass(frozen=True)
class Statement:
    """A finished statement: neraca, PHU or arus kas. `totals` by key, `comparison_totals` empty without comparison."""

    frame: Frame
    rows: tuple[Row, ...]
    totals: Mapping[str, Rupiah]
    comparison_totals: Mapping[str, Rupiah]
    checks: tuple[Check, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """`key` is the column's name in JSON, `weight` its share of the width. Off paper, it is there for programs only."""

    key: str
    label: str
    kind: Literal["text", "date", "money", "count"] = "text"
    weight: float = 1.0
    on_paper: bool = True


def money(key: str, label: str) -> Column:
    return Column(key, label, "money", 1.1)


@dataclass(frozen=True)
class TableRow:
    """`repeats` is how many cells at the beginning say again what stands above: for programs, not for eyes."""

    cells: tuple[Cell, ...]
    kind: Kind = "line"
    level: int = 0
    drill: Drill | None = None
    repeats: int = 0

    def seen(self, place: int) -> Cell:
        """The cell as a person is shown it."""
        return None if place < self.repeats else self.cells[place]


@dataclass(frozen=True)
class Table:
    """Any report as rows and columns: what screen, text, Excel and PDF draw."""

    frame: Frame
    columns: tuple[Column, ...]
    rows: Sequence[TableRow]
    totals: Mapping[str, Rupiah] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.frame.title

    @property
    def subtitle(self) -> str:
        return self.frame.period

    @property
    def on_paper(self) -> tuple[int, ...]:
        """Places of the columns a person sees."""
        return tuple(index for index, column in enumerate(self.columns) if column.on_paper)

    @property
    def broken(self) -> tuple[str, ...]:
        """One sentence for each check that does not hold."""
        return tuple(check.sentence for check in self.checks if not check.holds)
