"""What every kind asks of its rows: is the day in an open month, who is the member, is the name sound."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from core.display import date_long, date_short, month_long
from services.imports.known import Known, MemberFact
from services.imports.preview import Caution, Problem
from services.imports.reading import Options
from services.imports.tables import ReadTable

STATES = {"applied": "calon anggota", "left": "sudah keluar", "rejected": "ditolak"}
_SHOWN = 5
_OLDEST_YEARS = 40


@dataclass
class Judge:
    """Collects what is wrong and what is odd. `years` are book years the rows need and empty books may open."""

    known: Known
    options: Options
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Caution] = field(default_factory=list)
    years: frozenset[int] = frozenset()
    needed: set[int] = field(default_factory=set)
    _months: dict[date, str] = field(default_factory=dict)
    _passed: Counter[tuple[str, str]] = field(default_factory=Counter)
    _late: Counter[tuple[str, str]] = field(default_factory=Counter)

    def problem(self, table: ReadTable, row: int | None, key: str, reason: str, advice: str = "") -> None:
        self.problems.append(Problem(table.file, table.sheet, row, table.label(key), reason, advice))

    def warn(self, table: ReadTable, row: int | None, key: str, reason: str, advice: str = "") -> None:
        self.warnings.append(Caution(table.file, table.sheet, row, table.label(key), reason, advice))

    def of_file(self, file: str, reason: str, advice: str = "") -> None:
        self.problems.append(Problem(file, "", None, "", reason, advice))

    def warn_of_file(self, file: str, reason: str, advice: str = "") -> None:
        self.warnings.append(Caution(file, "", None, "", reason, advice))

    def passed(self, file: str, noun: str, count: int) -> None:
        """So many were booked before and are left alone; told once per file."""
        self._passed[file, noun] += count

    def day(self, table: ReadTable, row: int, day: date, what: str = "", key: str = "date") -> bool:
        """Whether the books take this day; a problem tells why not."""
        month = day.replace(day=1)
        reason = self._months.get(month)
        if reason is None:
            reason = self._months[month] = self._closed(month)
        if reason:
            told = f"{what}{' ' if what else ''}bertanggal {date_long(day)}: {reason}"
            self.problem(table, row, key, told, "Periksa tanggalnya, atau minta pengurus membuka periodenya.")
            return False
        if day.year in self.years:
            self.needed.add(day.year)
        if day > self.options.today:
            self._late[table.file, table.sheet] += 1
        return True

    def _closed(self, month: date) -> str:
        state = self.known.months.get(month)
        if state == "open":
            return ""
        if self.known.starts_on is not None and month < self.known.starts_on:
            return f"buku dimulai {date_long(self.known.starts_on)}; masa sebelumnya sudah ditutup."
        if state is not None:
            return f"periode {month_long(month)} sudah ditutup."
        if month.year in self.years and month.year > self.options.today.year - _OLDEST_YEARS:
            return ""
        return f"tahun buku {month.year} belum dibuka."

    def tell_days(self) -> None:
        """The warnings that are of the whole: years that will be opened, days yet to come, what is passed over."""
        for (file, sheet), count in self._late.items():
            reason = f"{count} baris bertanggal setelah hari ini ({date_short(self.options.today)})."
            self.warnings.append(Caution(file, sheet, None, "", reason, "Pastikan tanggalnya benar."))
        for (file, noun), count in self._passed.items():
            self.warn_of_file(file, f"{count} {noun} sudah dibukukan; dilewati.")
        for year in sorted(self.needed):
            self.warnings.append(Caution("", "", None, "", f"tahun buku {year} akan dibuka karena buku masih kosong."))

    def member(self, table: ReadTable, row: int, number: str, nip: str, name: str) -> MemberFact | None:
        """The member a row means, by number or NIP; the name only confirms. A problem tells when there is none."""
        found = self.known.member(number) if number else None
        by_nip = self.known.member_of_nip(nip) if nip else None
        key, shown = ("number", number) if number else ("nip", nip)
        if found is None and not number:
            found = by_nip
        if found is None:
            label = table.label(key)
            reason = f"{label} {shown} tidak ada di daftar anggota."
            self.problem(table, row, key, reason, "Periksa nomornya, atau impor daftar anggota lebih dulu.")
            return None
        if by_nip is not None and by_nip.id != found.id:
            reason = f"No Anggota {number} milik {found.name}, NIP {nip} milik {by_nip.name}."
            self.problem(table, row, "nip", reason, "Perbaiki salah satunya.")
            return None
        if name and not same_name(name, found.name):
            reason = f"nama '{name}' berbeda dari daftar anggota ({found.name}); nomornya yang dipakai."
            self.warn(table, row, "name", reason, "Pastikan baris ini orang yang benar.")
        return found


def same_name(given: str, held: str) -> bool:
    """Equal but for capitals, spaces, signs, and cutting off (some systems print twenty letters)."""
    one, other = _letters(given), _letters(held)
    return one == other or (len(given.strip()) >= 18 and other.startswith(one))


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", unicodedata.normalize("NFKD", name).casefold())


def suspicious(name: str) -> bool:
    """Whether a name looks like a formula, markup or no name at all. It is still text, kept as it is."""
    return (
        name[:1] in set("=+-@|%")
        or any(sign in name for sign in "<>{}\\")
        or not any(letter.isalpha() for letter in name)
        or any(unicodedata.category(letter) in {"Cc", "Cf", "Co"} for letter in name)
    )


def few(words: list[str]) -> str:
    """The first of many, for a sentence."""
    return ", ".join(words[:_SHOWN]) + (f" dan {len(words) - _SHOWN} lagi" if len(words) > _SHOWN else "")
