"""A folder of files at once: each is recognised by its headings, and all rows are booked in the order of their days.

Members are enrolled first, then the opening balances, then journals and cash movements interleaved by date. Each stage
is judged against what the stage before has just booked, so this happens inside a transaction that the caller keeps or
undoes. Files taken by an earlier run are passed over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from core.actor import Actor
from core.dates import day_in
from core.errors import Refusal
from services.imports import booking, commands
from services.imports.plans import Plan
from services.imports.preview import Preview, Problem
from services.imports.reading import Options, ReadFile

_FIRST, _THEN, _LAST = ("members",), ("opening",), ("journal", "cash")
_POSTS_NOTHING = {"payroll", "products"}
_UNTAKEN = "belum dapat dibukukan di versi ini"


class EmptyFolder(Refusal):
    code = "imports.empty_folder"
    pesan = "Folder {folder} tidak berisi berkas .xlsx, .xls, atau .csv. Periksa alamatnya."


@dataclass
class FolderRun:
    """What a folder would do or did. `left_out` are (file, why); `problems` are of the folder as a whole."""

    previews: list[Preview] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def all_problems(self) -> list[Problem]:
        return self.problems + [problem for preview in self.previews for problem in preview.problems]

    @property
    def clean(self) -> bool:
        return not self.all_problems

    def as_json(self, limit: int = 1000) -> dict[str, Any]:
        """Plain values, as `Preview.as_json`."""
        return {
            "kind": "folder",
            "previews": [preview.as_json(limit) for preview in self.previews],
            "left_out": [{"file": file, "reason": reason} for file, reason in self.left_out],
            "problems": [{"file": one.file, "reason": one.reason, "advice": one.advice} for one in self.problems],
            "problem_count": len(self.all_problems),
            "counts": self.counts,
        }


def files_in(folder: Path) -> list[Path]:
    """The spreadsheets and CSVs of a folder by name; office programs' lock files are none. Raises EmptyFolder."""
    found = [
        path
        for path in sorted(folder.iterdir() if folder.is_dir() else [])
        if path.is_file() and path.suffix.lower() in {".xlsx", ".xls", ".csv", ".xlsm"} and path.name[0] not in ".~"
    ]
    if not found:
        raise EmptyFolder(folder=folder)
    return found


def run(
    session: Session, actor: Actor, files: Sequence[ReadFile], options: Options, *, leave_out: bool = False
) -> FolderRun:
    """Book everything in this transaction as far as it is clean; the caller undoes it for a preview or a problem.

    With `leave_out`, files whose rows this version cannot book are passed over instead of being a problem.
    """
    options = replace(options, again=True, as_of=options.as_of or _stated_day(files))
    result = FolderRun()
    ours = _sort_out(files, result, leave_out)
    if not _stage(session, actor, ours, _FIRST, options, result):
        return result
    if not _stage(session, actor, ours, _THEN, options, result):
        return result
    _stage(session, actor, ours, _LAST, options, result)
    return result


def _stated_day(files: Sequence[ReadFile]) -> date | None:
    """The day of the opening balances, which their title says and the members' list may not."""
    days = {
        day
        for file in files
        if file.kind is not None and file.kind.name == "opening"
        for table in file.tables
        for _, text in table.titles
        if (day := day_in(text))
    }
    return days.pop() if len(days) == 1 else None


def _sort_out(files: Sequence[ReadFile], result: FolderRun, leave_out: bool) -> list[ReadFile]:
    """The files of kinds that book. What others would have done to the books is a problem; lists do nothing."""
    ours = []
    for file in files:
        if file.kind is None:
            result.problems.extend(file.all_problems)
        elif file.kind.books:
            ours.append(file)
        elif file.kind.name in _POSTS_NOTHING:
            result.left_out.append((file.name, f"{file.kind.label}: tidak mengubah pembukuan, {_UNTAKEN}."))
        elif not any(table.rows for table in file.tables) and not file.all_problems:
            result.left_out.append((file.name, f"{file.kind.label}: tidak ada baris sampai tanggal yang dipilih."))
        elif leave_out:
            result.left_out.append((file.name, f"{file.kind.label}: {_UNTAKEN}; barisnya tidak ikut dibukukan."))
        else:
            reason = f"jenis berkas ini ({file.kind.label}) {_UNTAKEN}, padahal barisnya mengubah pembukuan."
            advice = "Keluarkan berkas itu dari folder, batasi dengan --until, atau lewati dengan --leave-out."
            result.problems.append(Problem(file.name, "", None, "", reason, advice))
    return ours


def _stage(
    session: Session, actor: Actor, files: Sequence[ReadFile], kinds: Sequence[str], options: Options, result: FolderRun
) -> bool:
    """Judge the files of these kinds together, and book them when nothing is wrong; whether the next stage may go."""
    plans: list[Plan] = []
    shown: list[Preview] = []
    for kind in kinds:
        mine = [file for file in files if file.kind is not None and file.kind.name == kind]
        if mine:
            preview = commands.preview(session, actor, mine, options, kind)
            shown.append(preview)
            plans += [preview.plan] if preview.plan is not None else []
    result.previews += shown
    if not all(preview.clean for preview in shown):
        if kinds != _LAST:
            reason = "berkas yang lain baru diperiksa terhadap buku setelah masalah ini diperbaiki."
            result.left_out.append((", ".join(file.name for file in _after(files, kinds)) or "-", reason))
        return False
    _book(session, actor, plans, result)
    return True


def _after(files: Sequence[ReadFile], kinds: Sequence[str]) -> list[ReadFile]:
    later = _LAST if kinds == _THEN else _THEN + _LAST
    return [file for file in files if file.kind is not None and file.kind.name in later]


def _book(session: Session, actor: Actor, plans: Sequence[Plan], result: FolderRun) -> None:
    """Several plans as one: their events are interleaved by date."""
    for plan in plans:
        booking.carry_out(session, actor, replace(plan, events=()))
    booking.book_events(session, actor, [event for plan in plans for event in plan.events])
    for plan in plans:
        commands.remember(session, actor, plan)
        for noun, count in plan.counts.items():
            result.counts[noun] = result.counts.get(noun, 0) + count
