"""Amounts as people write them in Indonesia, read exactly or refused with the reason. Nothing is guessed.

The convention is a property of a whole column: `1.250` is 1250 here, but a column that also holds `1,250,000` speaks
two languages, and then every amount with a separator is refused. Results are whole rupiah (`int`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from math import isfinite

from core.money import LIMIT_RP, round_rp


class Style(StrEnum):
    """Which sign groups thousands. AUTO decides over the whole column."""

    AUTO = "auto"
    INDONESIAN = "id"
    ENGLISH = "en"


@dataclass
class AmountColumn:
    """A column read: one amount per cell (0 where blank or refused), and the refusals by position.

    `rounded` holds, per position, what rounding added to the exact amount (only with `round_fractions`).
    """

    values_rp: list[int]
    problems: Mapping[int, str]
    rounded: dict[int, Decimal] = field(default_factory=dict)
    style: Style = Style.INDONESIAN


AMBIGUOUS = "bentuk angka '{text}' bermakna ganda di kolom ini (titik atau koma sebagai pemisah ribuan)"
NOT_A_NUMBER = "'{text}' bukan angka"
FRACTION = "'{text}' bukan rupiah bulat"
IMPLAUSIBLE = "'{text}' terlalu besar untuk masuk akal (16 angka atau lebih)"
SCIENTIFIC = "'{text}' ditulis dalam notasi ilmiah; tulis angkanya lengkap"

_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_SPACES = re.compile(r"[\s\u00a0\u2007\u202f\u200e\u200f\ufeff]+")
_BLANK = re.compile(rf"(?:rp\.?|idr)?\s*[{_DASHES}]*(?:,[{_DASHES}])?", re.IGNORECASE)
_CURRENCY = re.compile(r"(?:rp\.?|idr)\s*", re.IGNORECASE)
_PLAIN = re.compile(r"[0-9]+")
_SPACED = re.compile(r"[1-9][0-9]{0,2}(?: [0-9]{3})+")
_ID_SURE = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}(?:,[0-9]+)?|[1-9][0-9]{0,2}\.[0-9]{3},[0-9]+|[0-9]+,[0-9]+")
_EN_SURE = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}(?:\.[0-9]+)?|[1-9][0-9]{0,2},[0-9]{3}\.[0-9]+|[0-9]+\.[0-9]+")
_ONE_DOT = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_ONE_COMMA = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_PERCENT = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,6})?")
_SCIENCE = re.compile(r"[0-9]+(?:[.,][0-9]+)?e[+-]?[0-9]+", re.IGNORECASE)


def parse_amounts(cells: Sequence[object], *, style: Style = Style.AUTO, round_fractions: bool = False) -> AmountColumn:
    """Read a column of amounts; blank and "-" are zero.

    With `round_fractions`, sen are rounded half-up per cell and the differences are kept in `rounded`; without, a
    fraction is refused. `style` other than AUTO is a person's answer for an ambiguous column.
    """
    bare = {place: _bare(cell) for place, cell in enumerate(cells) if isinstance(cell, str)}
    chosen, conflict = _decide([text for text, _ in bare.values()], style)
    problems: dict[int, str] = {}
    column = AmountColumn([0] * len(cells), problems, style=chosen)
    for place, cell in enumerate(cells):
        if type(cell) is int and -LIMIT_RP < cell < LIMIT_RP:
            column.values_rp[place] = cell
            continue
        if cell is None:
            continue
        exact = _exact(cell, bare.get(place), chosen, conflict)
        if isinstance(exact, str):
            problems[place] = exact.format(text=_shown(cell))
            continue
        _keep(column, problems, place, cell, exact, round_fractions)
    return column


def parse_amount(cell: object, *, style: Style = Style.AUTO, round_fractions: bool = False) -> int:
    """One amount on its own. Raises ValueError with the reason."""
    column = parse_amounts([cell], style=style, round_fractions=round_fractions)
    if 0 in column.problems:
        raise ValueError(column.problems[0])
    return column.values_rp[0]


def parse_percent(text: str) -> Decimal:
    """`1,5` (or `1.5`) as a percentage of at most six decimals. Raises ValueError with the reason."""
    plain = text.strip().removesuffix("%").strip().replace(",", ".")
    if not _PERCENT.fullmatch(plain):
        raise ValueError("Tulis angka, misalnya 1,5.")
    return Decimal(plain)


def _keep(
    column: AmountColumn, problems: dict[int, str], place: int, cell: object, exact: Decimal, round_fractions: bool
) -> None:
    if abs(exact) >= LIMIT_RP:
        problems[place] = IMPLAUSIBLE.format(text=_shown(cell))
        return
    whole = round_rp(abs(exact))
    amount_rp = -whole if exact < 0 else whole
    if amount_rp != exact:
        if not round_fractions:
            problems[place] = FRACTION.format(text=_shown(cell))
            return
        column.rounded[place] = amount_rp - exact
    column.values_rp[place] = amount_rp


def _shown(cell: object) -> str:
    text = _SPACES.sub(" ", f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)).strip()
    return text if len(text) <= 40 else text[:37] + "…"


def _bare(text: str) -> tuple[str, bool]:
    """The digits and separators of a text, and whether it is negative. Blank and dashes give an empty text."""
    text = _SPACES.sub(" ", text).strip()
    if _BLANK.fullmatch(text):
        return "", False
    negative = text.startswith("(") and text.endswith(")")
    if negative:
        text = text[1:-1].strip()
    text, signs = _without_sign(text)
    text = _CURRENCY.sub("", text, count=1) if _CURRENCY.match(text) else text
    text, more = _without_sign(text)
    if text.endswith((",-", ".-")):
        text = text[:-2]
    if signs + more + negative > 1:
        return "?", False  # two signs contradict each other
    return text.strip(), bool(signs + more + negative)


def _without_sign(text: str) -> tuple[str, int]:
    if text and text[0] in _DASHES:
        return text[1:].strip(), 1
    if text.startswith("+"):
        return text[1:].strip(), 0
    return text, 0


def _decide(texts: Sequence[str], style: Style) -> tuple[Style, bool]:
    """The column's convention, and whether its amounts contradict each other."""
    if style is not Style.AUTO:
        return style, False
    one_dot = one_comma = sure_id = sure_en = False
    for text in set(texts):
        if _ONE_DOT.fullmatch(text):
            one_dot = True
        elif _ONE_COMMA.fullmatch(text):
            one_comma = True
        elif _ID_SURE.fullmatch(text):
            sure_id = True
        elif _EN_SURE.fullmatch(text):
            sure_en = True
    if sure_en:
        return Style.ENGLISH, sure_id or one_dot
    # only `1,250`: thousands in English, and sen in Indonesian; both cannot be known from the column
    return Style.INDONESIAN, one_comma


def _exact(cell: object, bare: tuple[str, bool] | None, style: Style, conflict: bool) -> Decimal | str:
    """The exact amount of a cell, or why there is none."""
    if bare is not None:
        return _of_text(*bare, style, conflict)
    if isinstance(cell, bool):
        return NOT_A_NUMBER
    if isinstance(cell, int | Decimal):
        return Decimal(cell)
    if isinstance(cell, float):
        return Decimal(repr(cell)) if isfinite(cell) else NOT_A_NUMBER
    return "'{text}' adalah tanggal, bukan jumlah" if isinstance(cell, date) else NOT_A_NUMBER


def _of_text(text: str, negative: bool, style: Style, conflict: bool) -> Decimal | str:
    if not text:
        return Decimal(0)
    if _PLAIN.fullmatch(text):
        digits = text
    elif _SPACED.fullmatch(text):
        digits = text.replace(" ", "")
    elif _SCIENCE.fullmatch(text):
        return SCIENTIFIC
    elif not any(form.fullmatch(text) for form in (_ONE_DOT, _ONE_COMMA, _ID_SURE, _EN_SURE)):
        return NOT_A_NUMBER
    elif conflict:
        return AMBIGUOUS
    else:
        group, point = (".", ",") if style is Style.INDONESIAN else (",", ".")
        fits = _ONE_DOT if style is Style.INDONESIAN else _ONE_COMMA
        sure = _ID_SURE if style is Style.INDONESIAN else _EN_SURE
        if not (fits.fullmatch(text) or sure.fullmatch(text)):
            return AMBIGUOUS
        digits = text.replace(group, "").replace(point, ".")
    exact = Decimal(digits)
    return -exact if negative else exact
