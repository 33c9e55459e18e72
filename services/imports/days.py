"""The days of a folder: rows of all its files are judged and booked day by day, each against what came before it.

Journals depend on nothing but the chart and are judged at once. Loans, cash, exits, lists and settlements lean on each
other, so the files are cut at every day on which somebody leaves, a list is sent or a settlement comes.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from core.actor import Actor
from core.display import date_long
from services.imports import booking, cash, commands, journal, known, loans, payroll, settlement
from services.imports.judging import Judge
from services.imports.plans import Event, Exit, Listed, Movement, Payout, Plan, Settled
from services.imports.preview import Preview
from services.imports.reading import Options, ReadFile
from services.imports.tables import ReadTable
from services.ledger import periods
from services.ledger.posting import Posting
from services.settings import dated

KINDS = ("journal", "loans", "cash", "payroll", "settlement")
# event -> (kind it is of, how people count it)
_COUNTED: dict[type[Event], tuple[str, str]] = {
    Posting: ("journal", "jurnal"), Payout: ("loans", "pinjaman"), Movement: ("cash", "mutasi"),
    Exit: ("cash", "anggota keluar"), Listed: ("payroll", "daftar potongan"), Settled: ("settlement", "realisasi"),
}  # fmt: skip


class Days:
    """Walks through the days once. `counts` are what was booked; `stopped_on` is the day a problem ended the walk."""

    def __init__(self, session: Session, actor: Actor, files: Sequence[ReadFile], options: Options) -> None:
        self.session, self.actor, self.options = session, actor, options
        self.files = {kind: [one for one in files if one.kind is not None and one.kind.name == kind] for kind in KINDS}
        self.counts: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}
        self.judges: dict[str, Judge] = {}
        self.fresh: dict[str, list[ReadFile]] = {}
        self.opened: set[int] = set()
        self.late: list[ReadFile] = []
        self.stopped_on: date | None = None

    def walk(self) -> None:
        """Judge and book as far as nothing is wrong."""
        facts = known.load(self.session, self.actor)
        for kind in KINDS:
            if not self.files[kind]:
                continue
            commands.may(self.actor, kind)
            judge = self.judges[kind] = Judge(facts, self.options)
            self.fresh[kind] = self._in_time(
                commands.not_booked_before(self.session, self.actor, judge, self.files[kind], kind)
            )
        needed = commands.years(self.session, self.actor, Judge(facts, self.options), self._all())
        for judge in self.judges.values():
            judge.years = needed
        entries: list[Event] = []
        if self.fresh.get("journal"):
            entries = list(journal.plan(self.session, self.actor, self.judges["journal"], self.fresh["journal"]))
            self.counts["journal"]["baris"] = sum(len(entry.lines) for entry in entries if isinstance(entry, Posting))
        if self._sound():
            self._segments(entries)

    def previews(self) -> list[Preview]:
        """What was understood of each kind, with everything that is wrong or odd."""
        found = []
        for kind, judge in self.judges.items():
            shown = commands.as_preview(judge, [one for one in self.files[kind] if one not in self.late], kind, None)
            found.append(replace(shown, counts=self.counts[kind]))
        return found

    def plans(self) -> list[Plan]:
        """What to remember of each kind."""
        return [
            Plan(kind, commands.marks_of(self.fresh[kind]), self.counts[kind]) for kind in KINDS if self.fresh.get(kind)
        ]

    def _all(self) -> list[ReadFile]:
        return [file for files in self.fresh.values() for file in files]

    def _sound(self) -> bool:
        read = any(file.all_problems for files in self.files.values() for file in files)
        return not read and not any(judge.problems for judge in self.judges.values())

    def _in_time(self, files: Sequence[ReadFile]) -> list[ReadFile]:
        """The files but those of a month whose day comes after the last day wished for."""
        until = self.options.until
        late = [
            file for file in files if until is not None and _is_monthly(file) and (self._day_of(file) or until) > until
        ]
        self.late += late
        return [file for file in files if file not in late]

    def _day_of(self, file: ReadFile) -> date | None:
        """The day a monthly file happens: a list is sent on the cut-off day, a settlement comes on its dates."""
        if file.month is None or file.kind is None:
            return None
        if file.kind.name == "payroll":
            cutoff = dated.whole(self.session, self.actor.coop_id, "payroll.cutoff_day", file.month)
            return file.month.replace(day=cutoff)
        days = [day for table in file.tables for day in table.column("date") if isinstance(day, date)]
        return max(days, default=None)

    def _segments(self, entries: Sequence[Event]) -> None:
        monthly = [file for kind in ("payroll", "settlement") for file in self.fresh.get(kind, [])]
        happens = {id(file): self._day_of(file) or date.max for file in monthly}
        cuts = set(happens.values())
        for file in self.fresh.get("cash", []):
            for table in file.tables:
                if table.table.key == "exits":
                    cuts |= {day for day in table.column("date") if isinstance(day, date)}
        since = date.min
        for cut in sorted(cuts | {date.max}):
            if not self._segment(since, cut, entries, happens):
                self.stopped_on = cut
                return
            since = cut

    def _segment(self, since: date, cut: date, entries: Sequence[Event], happens: dict[int, date]) -> bool:
        """The days after `since` up to `cut`; whether all of it was sound."""
        plain = [entry for entry in entries if since < entry.booked_on <= cut]
        plain += self._judged("loans", loans.plan, self._cut("loans", since, cut))
        plain += self._judged("cash", cash.plan, self._cut("cash", since, cut, "movements"))
        if not self._booked(plain):
            return False
        if not self._booked(self._judged("cash", cash.plan, self._cut("cash", since, cut, "exits"))):
            return False
        for kind, plan in (("payroll", payroll.plan), ("settlement", settlement.plan)):
            todays = [file for file in self.fresh.get(kind, []) if happens[id(file)] == cut]
            if not self._booked(self._judged(kind, plan, todays)):
                return False
        return True

    def _judged(
        self, kind: str, plan: Callable[[Session, Actor, Judge, Sequence[ReadFile]], Sequence[Event]],
        files: Sequence[ReadFile],
    ) -> list[Event]:  # fmt: skip
        if not files:
            return []
        judge = self.judges[kind]
        known.load_members(self.session, self.actor, judge.known)  # somebody may have left since
        return list(plan(self.session, self.actor, judge, files))

    def _booked(self, events: Sequence[Event]) -> bool:
        if not self._sound():
            return False
        for year in sorted({year for judge in self.judges.values() for year in judge.needed} - self.opened):
            periods.open_year(self.session, self.actor, year)
            self.opened.add(year)
        booking.book_events(self.session, self.actor, events)
        for event in events:
            kind, noun = _COUNTED[type(event)]
            self.counts[kind][noun] = self.counts[kind].get(noun, 0) + 1
        return True

    def _cut(self, kind: str, since: date, cut: date, table: str = "") -> list[ReadFile]:
        """The rows of these days, as files that hold nothing else."""
        found = []
        for file in self.fresh.get(kind, []):
            parts = [_days_of(one, since, cut) for one in file.tables if not table or one.table.key == table]
            if any(part.rows for part in parts):
                found.append(replace(file, tables=[part for part in parts if part.rows], problems=[], warnings=[]))
        return found


def _is_monthly(file: ReadFile) -> bool:
    return file.kind is not None and file.kind.monthly


def _days_of(table: ReadTable, since: date, cut: date) -> ReadTable:
    """The rows after `since` up to `cut`; rows without a day are of the last cut, where they are told."""
    key = "disbursed_on" if "disbursed_on" in table.values else "date" if "date" in table.values else "approved_on"
    days = [day if isinstance(day, date) else date.max for day in table.column(key)]
    kept = [place for place, day in enumerate(days) if since < day <= cut]
    return replace(
        table,
        rows=[table.rows[place] for place in kept],
        values={name: [values[place] for place in kept] for name, values in table.values.items()},
        groups=[table.groups[place] for place in kept],
        rounded={},
        problems=[],
        warnings=[],
    )


def ended_before(stopped_on: date) -> str:
    """What to say of the days after a problem."""
    until = "" if stopped_on == date.max else f" ({date_long(stopped_on)})"
    return f"baris sesudah masalah ini{until} baru diperiksa setelah masalahnya diperbaiki."
