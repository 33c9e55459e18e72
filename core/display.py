"""How people read amounts, dates and names: Indonesian."""

from datetime import date, datetime
from decimal import Decimal

from num2words import num2words

from core.clock import local

MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]


def rupiah(amount_rp: int) -> str:
    """`Rp 1.250.000`; negative amounts as people of the books write them, `(Rp 1.250.000)`."""
    text = f"Rp {abs(amount_rp):,}".replace(",", ".")
    return f"({text})" if amount_rp < 0 else text


def number(amount: int) -> str:
    """`1.250.000`, negative in brackets."""
    return rupiah(amount).replace("Rp ", "")


def date_long(day: date) -> str:
    """`5 Maret 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def date_short(day: date) -> str:
    """`05/03/2026`."""
    return f"{day:%d/%m/%Y}"


def month_long(day: date) -> str:
    """`Maret 2026`."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def moment(at: datetime, zone: str = "WIB") -> str:
    """`5 Maret 2026 14.05 WIB`."""
    there = local(at, zone)
    return f"{date_long(there.date())} {there:%H.%M} {zone}"


def day_of(at: datetime, zone: str = "WIB") -> str:
    """The day of a moment, as people of `zone` had it: `5 Maret 2026`."""
    return date_long(local(at, zone).date())


def terbilang(amount_rp: int) -> str:
    """The amount in words, for a kuitansi: `satu juta dua ratus lima puluh ribu rupiah`."""
    return f"{num2words(amount_rp, lang='id')} rupiah"


def masked(secret: str, keep: int = 4) -> str:
    """`3201••••••••0001`: the first and last `keep` characters, dots between."""
    if len(secret) <= keep * 2:
        return "•" * len(secret)
    return secret[:keep] + "•" * (len(secret) - keep * 2) + secret[-keep:]


def size(count: int) -> str:
    """Bytes as people read them: `4,2 MB`."""
    for power, unit in ((3, "GB"), (2, "MB"), (1, "KB")):
        tenths = (count * 10 + 1024**power // 2) // 1024**power
        if tenths >= 10:
            return f"{number(tenths // 10)}{f',{tenths % 10}' if tenths % 10 else ''} {unit}"
    return f"{count} B"


def percent_text(rate: Decimal) -> str:
    """`1,5`, without zeros that say nothing."""
    plain = f"{rate:f}"
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain).replace(".", ",")
