"""Kinds whose booking is not in this version: what can be said about their rows is said all the same."""

from collections.abc import Sequence

from services.imports.judging import Judge
from services.imports.reading import ReadFile
from services.imports.tables import ReadTable


def check(judge: Judge, files: Sequence[ReadFile]) -> None:
    """Barcodes must be right; and then the refusal itself, last."""
    for file in files:
        for table in file.tables:
            _barcodes(judge, table)
        assert file.kind is not None
        judge.of_file(
            file.name,
            f"jenis berkas ini ({file.kind.label}) belum dapat dibukukan di versi ini.",
            "Simpan berkasnya; tidak ada yang dibukukan.",
        )


def _barcodes(judge: Judge, table: ReadTable) -> None:
    for row, cell in zip(table.rows, table.column("barcode", ""), strict=True):
        barcode = str(cell)
        if len(barcode) == 13 and barcode.isascii() and barcode.isdigit() and not _ean_holds(barcode):
            reason = f"angka periksa barcode {barcode} salah."
            judge.problem(table, row, "barcode", reason, "Pindai ulang barangnya.")


def _ean_holds(barcode: str) -> bool:
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(barcode))
    return weighted % 10 == 0
