"""The certificate of somebody who has done every task of the practice cooperative, as PDF."""

from dataclasses import dataclass
from datetime import date

from core.display import date_long
from reports.sheet import INK, Colour, Sheet

_BRAND: Colour = (11, 106, 88)
_SOFT: Colour = (74, 91, 85)
_ACCENT: Colour = (243, 181, 98)


@dataclass(frozen=True)
class Certificate:
    """Who learnt what, for which cooperative, and when."""

    name: str
    coop_name: str
    tasks: tuple[str, ...]
    done_on: date


def certificate_pdf(certificate: Certificate) -> bytes:
    """One page of A4, landscape."""
    sheet = Sheet(297, 210, f"Sertifikat latihan {certificate.name}")
    sheet.fill(_BRAND, 0, 0, 297, 7)
    sheet.fill(_ACCENT, 0, 7, 297, 1.5)
    sheet.fill(_BRAND, 0, 203, 297, 7)
    wide, left = 237.0, 30.0
    sheet.put(left, 26, "SERTIFIKAT LATIHAN", 26, "B", _BRAND, width=wide, align="C", lines=1)
    sheet.put(left, 42, "diberikan kepada", 13, "", _SOFT, width=wide, align="C", lines=1)
    y = sheet.put(left, 53, certificate.name, 30, "B", INK, width=wide, align="C", lines=2)
    y = sheet.put(left, y + 3, certificate.coop_name, 15, "", _SOFT, width=wide, align="C", lines=2)
    sheet.rule(y + 6, left + 40, left + wide - 40)
    told = "yang telah menyelesaikan semua tugas Koperasi Latihan eKopz:"
    y = sheet.put(left, y + 11, told, 13, "", INK, width=wide, align="C", lines=1) + 3
    for number, task in enumerate(certificate.tasks, 1):
        y = sheet.put(left + 55, y + 1.2, f"{number}.  {task}", 12, "", INK, width=wide - 90, lines=1)
    sheet.put(left, 184, f"Selesai {date_long(certificate.done_on)}", 12, "B", _BRAND, width=wide, align="C", lines=1)
    sheet.put(left, 192, "eKopz, buku koperasi yang terbuka bagi anggotanya", 9, "", _SOFT, width=wide, align="C")
    return bytes(sheet.output())
