"""Answers that are files: a table as Excel that a person may open without harm, a paper as PDF."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response

from reports.spreadsheet import plain_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def spreadsheet(title: str, rows: Iterable[Sequence[Any]]) -> Response:
    """The rows, first one as heading, as a download named after the title."""
    name = re.sub(r"\W+", "-", title.lower()).strip("-")
    return Response(
        plain_xlsx(title, rows), mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    )


def pdf(body: bytes, name: str) -> Response:
    """A PDF the browser opens by itself."""
    shown = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(body, mimetype="application/pdf", headers=shown)
