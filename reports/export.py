"""A report as a file: JSON, text, Excel or PDF, each drawn from the same table."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from core.clock import now
from core.display import number
from core.errors import Refusal
from models.coops import Coop
from reports.pdf import draw_pdf
from reports.refusals import TooLong
from reports.shape import Head, Statement, Table
from reports.spreadsheet import draw_xlsx
from reports.tables import Report, as_table
from reports.text import draw_text

LONGEST = {"pdf": 6_000, "xlsx": 20_000, "json": 50_000}
"""Lines of a file made while a person waits; the command line knows no such end."""


@dataclass(frozen=True)
class Kind:
    suffix: str
    mime: str


FORMATS: dict[str, Kind] = {
    "text": Kind("txt", "text/plain; charset=utf-8"),
    "json": Kind("json", "application/json"),
    "xlsx": Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": Kind("pdf", "application/pdf"),
}


class UnknownFormat(Refusal):
    code = "reports.unknown_format"
    pesan = "Bentuk '{name}' tidak ada. Pilih json, text, xlsx, atau pdf."


def check_format(form: str) -> None:
    """Raises UnknownFormat."""
    if form not in FORMATS:
        raise UnknownFormat(name=form)


def check_length(report: Report, form: str) -> None:
    """Raises TooLong where a file of that form would take too long to draw."""
    rows = max(len(as_table(report).rows), getattr(report, "count", 0))
    if rows > LONGEST[form]:
        raise TooLong(rows=number(rows), form=form.upper())


def logo_of(head: Head | Coop, folder: Path) -> bytes | None:
    """The cooperative's logo among the uploaded files, when it has one that can be read."""
    if not head.logo_file:
        return None
    try:
        return (folder / Path(head.logo_file).name).read_bytes()
    except OSError:
        return None


def render(report: Report, form: str, *, logo: bytes | None = None, printed_at: datetime | None = None) -> bytes:
    """The report in one of `FORMATS`. Raises UnknownFormat."""
    check_format(form)
    table = as_table(report)
    if form == "json":
        compared = report.comparison_totals if isinstance(report, Statement) else {}
        return (json.dumps(as_json(table, compared), ensure_ascii=False, indent=1) + "\n").encode()
    if form == "text":
        return draw_text(table).encode()
    at = printed_at or now()
    return draw_xlsx(table, logo=logo, printed_at=at) if form == "xlsx" else draw_pdf(table, logo=logo, printed_at=at)


def as_json(table: Table, comparison_totals: Mapping[str, int] | None = None) -> dict[str, Any]:
    """The contract of programs: amounts are integers named `…_rp` (0 where paper shows nothing), days ISO."""
    frame = table.frame
    days = {"as_of": frame.until.isoformat()}
    if frame.since is not None:
        days = {"from": frame.since.isoformat(), "to": frame.until.isoformat()}
    found: dict[str, Any] = {"report": frame.name, "title": frame.title, "coop": frame.coop.slug, **days}
    if frame.unit:
        found["unit"] = frame.unit
    if frame.compare_until is not None:
        since = frame.compare_since
        found["compared_with"] = {"from": since and since.isoformat(), "to": frame.compare_until.isoformat()}
    found["rows"] = [
        {
            **{c.key: _plain(cell, c.kind) for c, cell in zip(table.columns, row.cells, strict=True)},
            "kind": row.kind,
            "level": row.level,
        }
        for row in table.rows
    ]
    found["totals"] = dict(table.totals)
    if comparison_totals:
        found["comparison_totals"] = dict(comparison_totals)
    found["checks"] = [
        {"label": c.label, "holds": c.holds, "left_rp": c.left_rp, "right_rp": c.right_rp} for c in table.checks
    ]
    if table.notes:
        found["notes"] = list(table.notes)
    return found


def _plain(cell: str | int | date | None, kind: str) -> str | int | None:
    if kind == "money" and cell is None:
        return 0
    return cell.isoformat() if isinstance(cell, date) else cell


def file_name(report: Report, form: str) -> str:
    """`neraca-2026-12-31.xlsx` and its like."""
    frame = report.frame
    days = f"{frame.until:%Y-%m-%d}" if frame.since is None else f"{frame.since:%Y-%m-%d}-{frame.until:%Y-%m-%d}"
    return f"{frame.coop.slug}-{frame.name}-{days}.{FORMATS[form].suffix}"
