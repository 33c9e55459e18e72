"""What people write, made fit to keep: no control characters, no letters that turn a line around, a length."""

import re

from core.display import number
from core.errors import InvalidValue
from core.grams import normal

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
WORDS_A_MINUTE = 200


def line(field: str, text: str, most: int, *, needed: str = "") -> str:
    """One line of text. Raises InvalidValue when it is longer than `most`, or empty though `needed` says why not."""
    return _fit(field, " ".join(_UNSEEN.sub("", text).split()), most, needed)


def block(field: str, text: str, most: int, *, needed: str = "") -> str:
    """Text of several lines. Raises InvalidValue as `line`."""
    return _fit(field, _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip(), most, needed)


def clipped(text: str, most: int) -> str:
    """As `block` would keep it, what is too much cut off: for looking at what is not saved."""
    return block("", text[:most], most)


def _fit(field: str, text: str, most: int, needed: str) -> str:
    if len(text) > most:
        raise InvalidValue(field=field, reason=f"paling panjang {number(most)} huruf, ini {number(len(text))}.")
    if not text and needed:
        raise InvalidValue(field=field, reason=needed)
    return text


def address_of(text: str, most: int) -> str:
    """A text as it stands in an address: `rapat-anggota-tahunan`; empty where nothing of it can."""
    return "-".join(normal(text).split())[:most].strip("-")


def minutes(text: str) -> int:
    """How long one reads."""
    return max(1, -(-len(text.split()) // WORDS_A_MINUTE))
