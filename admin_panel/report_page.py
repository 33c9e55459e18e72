"""A report's table as a page shows it: cells with their labels, and where each figure leads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from flask import url_for

from admin_panel import scope
from admin_panel.report_choices import FIELD_OF
from reports.catalog import CATALOG
from reports.shape import Column, Drill, Statement, Table, TableRow
from reports.tables import Report
from reports.text import shown

ROWS, ENTRIES, MOST_ROWS = 100, 40, 250
"""On one page: lines of a long report, whole entries of the journal, and lines of whatever is there."""
_CLASSES = {("header", 0): "heading", ("header", 1): "sub", ("total", 0): "total", ("total", 1): "sub"}


@dataclass(frozen=True)
class PageCell:
    text: str
    label: str
    is_number: bool
    is_lead: bool
    href: str = ""


@dataclass(frozen=True)
class PageRow:
    """`only` is the text of a heading that has nothing but its name."""

    style: str
    level: int
    cells: tuple[PageCell, ...]
    only: str = ""


@dataclass(frozen=True)
class Drawn:
    """What the template draws. `style` says how it looks on a phone; `page` of `pages`, from 0.

    `left_out` lines of very long entries are only in the files.
    """

    columns: tuple[Column, ...]
    rows: list[PageRow]
    style: str
    page: int
    pages: int
    left_out: int = 0


def draw(report: Report, table: Table, *, unit: str, page: int, count: int | None) -> Drawn:
    """One page of a report's table. `count` is how many entries there are where the report gave only its part."""
    rows, style = table.rows, _style(table)
    per_page = rows_of(report.frame.name)
    pages = 1 if style == "narrow" else -(-(len(rows) if count is None else count) // per_page)
    if count is None and style != "narrow":
        rows = rows[page * per_page : (page + 1) * per_page]
    left_out = max(0, len(rows) - MOST_ROWS) if style != "narrow" else 0
    rows = rows[: len(rows) - left_out]
    link = Links(unit)
    if style == "narrow":  # the code stands before the name, or not at all
        rows = [row if isinstance(report, Statement) else _named(row) for row in rows]
    places = [place for place in table.on_paper if not (table.columns[place].key == "code" and style == "narrow")]
    drawn = [_row(table, row, places, link) for row in rows]
    return Drawn(tuple(table.columns[p] for p in places), drawn, style, page, pages, left_out)


def rows_of(name: str) -> int:
    """How many entries or lines of this report one page asks for."""
    return ENTRIES if name == "journal" else ROWS


def _style(table: Table) -> str:
    """Names and at most two amounts stay columns on a phone (narrow); entries and other tables become cards."""
    keys = [table.columns[place].key for place in table.on_paper]
    if keys[:2] == ["code", "label"] and len(keys) <= 4:
        return "narrow"
    return "cards entries" if "code" in keys and "entry" in keys else "cards"


def _named(row: TableRow) -> TableRow:
    code, label, *amounts = row.cells
    return replace(row, cells=(code, f"{code or ''} {label}".strip(), *amounts))


def _row(table: Table, row: TableRow, places: Sequence[int], link: "Links") -> PageRow:
    style = _CLASSES.get((row.kind, min(row.level, 1)), "")
    filled = [place for place in places if row.cells[place] not in (None, "")]
    if row.kind == "header" and [table.columns[place].key for place in filled] == ["label"]:
        return PageRow(style, row.level, (), shown(row.cells[filled[0]]))
    entered = next((place for place in places if table.columns[place].key == "entry"), None)
    cells = []
    for place in places:
        column, value = table.columns[place], row.seen(place)
        leads = place == entered if entered is not None and _is_entry(row) else column.kind == "money"
        href = link.to(_of_column(row.drill, column, table)) if leads and value else ""
        number = column.kind in {"money", "count"}
        cells.append(PageCell(shown(value), column.label, number, column.key == "label", href))
    return PageRow(style, row.level, tuple(cells))


def _is_entry(row: TableRow) -> bool:
    return row.drill is not None and row.drill.entry_seq is not None


def _of_column(drill: Drill | None, column: Column, table: Table) -> Drill | None:
    """A figure of the comparison leads to the days it is of."""
    frame = table.frame
    if drill is None or column.key != "comparison_rp":
        return drill
    return replace(drill, since=frame.compare_since, until=frame.compare_until)


class Links:
    """Addresses of drills, for the signed-in person: none where they may not look."""

    def __init__(self, unit: str) -> None:
        self.unit, self.actor = unit, scope.actor()
        self.made: dict[Drill, str] = {}

    def to(self, drill: Drill | None) -> str:
        if drill is None:
            return ""
        if drill not in self.made:
            self.made[drill] = self._address(drill)
        return self.made[drill]

    def _address(self, drill: Drill) -> str:
        if drill.entry_seq is not None:
            return url_for("ReportDesk.entry", seq=drill.entry_seq) if self.actor.may("ledger.view") else ""
        entry = CATALOG[drill.report]
        if not self.actor.may(entry.permission):
            return ""
        said: dict[str, str | date | None] = {"account": drill.account, "member": drill.member, "unit": self.unit}
        said |= {"as_of": drill.until} if entry.is_as_of else {"since": drill.since, "until": drill.until}
        known = {FIELD_OF[key]: str(value) for key, value in said.items() if value and key in entry.parameters}
        query = f"?{urlencode(known)}" if known else ""
        return f"{url_for('ReportDesk.show', report=entry.name)}{query}"
