"""What a person typed into a form: read field by field, kept as typed, each refusal beside its field."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from core.dates import parse_date
from core.display import number
from core.errors import Refusal
from core.money import LIMIT_RP, Rupiah
from core.numbers import Style, parse_amount, parse_percent

LONGEST = 250


class Typed:
    """`texts` is what stands in the fields, `problems` what is wrong with them, both by field name.

    A reader answers with its `least` (or the first option) where the field is refused; ask `ok` before using it.
    """

    def __init__(
        self, given: Mapping[str, str], usual: Mapping[str, str] | None = None, *, longest: int = LONGEST
    ) -> None:
        self.texts = {**(usual or {}), **{name: _kept(text, longest) for name, text in given.items()}}
        self.problems: dict[str, str] = {}

    @property
    def ok(self) -> bool:
        return not self.problems

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")

    def refused(self, name: str, reason: Refusal | str) -> None:
        """Put a sentence beside a field; the first one stays."""
        self.problems.setdefault(name, reason.sentence if isinstance(reason, Refusal) else reason)

    def must(self, name: str, sentence: str) -> str:
        """Text that may not be empty."""
        if not self[name]:
            self.refused(name, sentence)
        return self[name]

    def rupiah(self, name: str, *, least: Rupiah = 0) -> Rupiah:
        """Whole rupiah; an empty field counts as 0."""
        try:
            found = parse_amount(self[name], style=Style.INDONESIAN)
        except ValueError as problem:
            self.refused(name, f"{problem}. Tulis rupiah bulat, misalnya 5.000.000.")
            return least
        if not least <= found < LIMIT_RP:
            self.refused(name, "Isi jumlah di atas nol, misalnya 5.000.000." if least else "Isi jumlah tanpa minus.")
            return least
        if self[name]:
            self.texts[name] = number(found)  # as people write it, however it came
        return found

    def whole(self, name: str, least: int, most: int) -> int:
        text = self[name]
        found = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else least - 1
        if not least <= found <= most:
            self.refused(name, f"Isi angka bulat {least} sampai {most}.")
            return least
        return found

    def percent(self, name: str, most: int) -> Decimal:
        try:
            found = parse_percent(self[name])
        except ValueError as problem:
            self.refused(name, str(problem))
            return Decimal(0)
        if found > most:
            self.refused(name, f"Isi angka 0 sampai {most}, misalnya 1,5.")
            return Decimal(0)
        return found

    def day(self, name: str, today: date) -> date:
        """A day as a date field sends it, or as people write it; `today` where it is refused."""
        try:
            found = parse_date(self[name], pivot_year=today.year % 100)
        except ValueError:
            found = None
        if found is None:
            self.refused(name, "Isi tanggal, misalnya 5/3/2026.")
        return found or today

    def one_of(self, name: str, options: Collection[str]) -> str:
        if self[name] in options:
            return self[name]
        self.refused(name, "Pilih salah satu dari daftar.")
        return next(iter(options), "")


def _kept(text: str, longest: int) -> str:
    """The text as a page and a database can hold it."""
    return text.encode("utf-8", "ignore").decode().replace("\x00", "").strip()[:longest]
