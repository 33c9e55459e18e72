"""The four statements as they are printed, whole. `pytest tests/reports --refresh-golden` writes them anew."""

from datetime import date
from pathlib import Path

import pytest

from reports.catalog import run
from reports.export import render

GOLDEN = Path(__file__).parent / "golden"
QUARTER = {"since": date(2026, 1, 1), "until": date(2026, 3, 31)}


@pytest.mark.parametrize(
    ("file", "name", "choices"),
    [
        ("neraca", "balance-sheet", {"as_of": date(2026, 3, 31), "compare": "previous"}),
        ("neraca-toko", "balance-sheet", {"as_of": date(2026, 3, 31), "unit": "TOKO"}),
        ("phu", "income-statement", {**QUARTER, "compare": "previous"}),
        ("arus-kas", "cash-flow", QUARTER),
        ("perubahan-ekuitas", "equity-changes", QUARTER),
    ],
)
def test_a_statement_reads_as_it_always_did(told, request, file, name, choices):
    with told.reading() as session:
        text = render(run(session, told.bendahara, name, **choices), "text").decode()
    page = GOLDEN / f"{file}.txt"
    if request.config.getoption("--refresh-golden", default=False):
        page.write_text(text, "utf-8")
    assert text == page.read_text("utf-8")
