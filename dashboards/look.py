"""The house's colours for charts, and rupiah short enough for an axis. All colours come from the one token file."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from core.display import MONTHS, number

TOKEN_FILE = Path(__file__).parents[1] / "admin_panel" / "static" / "ekopz" / "tokens.css"
MARK_FILE = TOKEN_FILE.with_name("mark.svg")
TOKENS: dict[str, str] = dict(re.findall(r"--([a-z0-9-]+):\s*([^;]+);", TOKEN_FILE.read_text("utf-8")))
SERIES = tuple(TOKENS[name] for name in ("accent", "brand", "info", "edge", "warn", "good"))
_UNITS = ((10**12, "T"), (10**9, "M"), (10**6, "jt"), (10**3, "rb"))


def short_rp(amount_rp: int) -> str:
    """`2,5 jt`, `1,2 M` (miliar), `850 rb`: one decimal, for axes only."""
    sign, left = ("-" if amount_rp < 0 else ""), abs(amount_rp)
    for unit, word in _UNITS:
        tenths = (left * 10 + unit // 2) // unit
        if tenths >= 10:
            return f"{sign}{number(tenths // 10)}{f',{tenths % 10}' if tenths % 10 else ''} {word}"
    return f"{sign}{left}"


def ticks(amounts: list[int]) -> list[int]:
    """Four to seven round values that hold all amounts and zero."""
    low, high = min([0, *amounts]), max([0, *amounts])
    span = max(high - low, 1)
    power = 10 ** max(len(str(span // 5)) - 1, 0)
    step = next((factor * power for factor in (1, 2, 5, 10) if factor * power * 5 >= span), 10 * power)
    return list(range(-(-low // step) * step - (step if low % step else 0), high + step, step))


def month_short(day: date) -> str:
    """`Agu 26`."""
    return f"{MONTHS[day.month - 1][:3]} {day:%y}"


def month_labels(days: Sequence[date]) -> list[str]:
    """A label for each month; the year is said with its first."""
    return [
        month_short(day) if place == 0 or days[place - 1].year != day.year else MONTHS[day.month - 1][:3]
        for place, day in enumerate(days)
    ]
