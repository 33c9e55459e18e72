"""What this version does not book of the workbooks' year, recomputed from the files by the rules of the data set.

R4: a settlement (25th) pays jasa, loan principal, pokok, wajib, manasuka of the month's list, in this order.
R5: a payout is Dr 11051 plafond / Cr 11021 net / Cr 4102 provisi.
R6, R7: cash movements and exits, for those after the day up to which they are booked.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date

from openpyxl import load_workbook

from tests.imports.conftest import WORKBOOKS

FOLDER = WORKBOOKS / "A0"
MONTHS = [f"2026-{month:02}" for month in range(1, 13)]
ORDER = {"Pinjaman Jasa": "4101", "Pinjaman Pokok": "11051", "Simpanan Pokok": "3101", "Simpanan Wajib": "3102",
         "Simpanan Manasuka": "2101"}  # fmt: skip
Effects = list[tuple[date, Counter]]


def rows(name: str, sheet: str | None = None) -> Iterator[dict]:
    """The rows of a level 0 workbook, by heading."""
    book = load_workbook(FOLDER / name, read_only=True)
    lines = (book[sheet] if sheet else book.worksheets[0]).iter_rows(values_only=True)
    heading = next(lines)
    for line in lines:
        yield {key: cell.date() if hasattr(cell, "date") else cell for key, cell in zip(heading, line, strict=False)}


def settlements() -> Effects:
    """Per month one entry: Dr 11021 / Cr what was paid (debit above zero)."""
    effects = []
    for month in MONTHS:
        paid = Counter()
        listed = {row["No Anggota"]: row for row in rows(f"03_potongan_{month}.xlsx")}
        with (FOLDER / f"04_realisasi_{month}.csv").open(encoding="utf-8-sig") as file:
            for line in csv.DictReader(file, delimiter=";"):
                left = int(line["Jumlah Dipotong"].replace(".", ""))
                for column, account in ORDER.items():
                    part = min(left, listed[line["No Anggota"]][column] or 0)
                    paid[account] -= part
                    paid["11021"] += part
                    left -= part
                assert left == 0
        effects.append((date.fromisoformat(f"{month}-25"), paid))
    return effects


def payouts() -> Effects:
    effects = []
    for row in rows("05_pinjaman_2026.xlsx"):
        lent = Counter({"11051": row["Jumlah Pinjam"], "11021": -row["Diterima"], "4102": -row["Biaya"]})
        effects.append((row["Tgl Realisasi"], lent))
    return effects


def cash_after(day: date) -> Effects:
    effects = []
    for row in rows("07_mutasi_kas_anggota_2026.xlsx", "Mutasi"):
        amount = (row["Masuk"] or 0) - (row["Keluar"] or 0)
        effects.append((row["Tanggal"], Counter({"11011": amount, "2101": -amount})))
    for row in rows("07_mutasi_kas_anggota_2026.xlsx", "Keluar"):
        effects.append((row["Tanggal"], Counter({
            "3101": row["Simpanan Pokok"], "3102": row["Simpanan Wajib"], "2101": row["Simpanan Sukarela"],
            "11051": -(row["Sisa Pinjaman"] or 0), "11021": -row["Dibayar"],
        })))  # fmt: skip
    return [(on, moved) for on, moved in effects if on > day]


def trial_balance_less(expected: dict[str, int], effects: Effects, as_of: date) -> dict[str, int]:
    """The expected trial balance without the effects up to that day; accounts at zero are left out."""
    left = Counter(expected)
    for day, moved in effects:
        if day <= as_of:
            left.subtract(moved)
    return {code: amount for code, amount in sorted(left.items()) if amount}
