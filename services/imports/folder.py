"""A folder of files at once: each is recognised by its headings, and all rows are booked in the order of their days.

Members are enrolled first, then the opening balances, then everything else day by day. Each step is judged against what
the step before has just booked, so this happens inside a transaction that the caller keeps or undoes. Files taken by an
earlier run are passed over.
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
from services.imports.days import Days, ended_before
from services.imports.plans import Plan
from services.imports.preview import Preview, Problem
from services.imports.reading import Options, ReadFile

_FIRST = ("members", "opening")
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


def run(session: Session, actor: Actor, files: Sequence[ReadFile], options: Options) -> FolderRun:
    """Book everything in this transaction as far as it is clean; the caller undoes it for a preview or a problem."""
    options = replace(options, again=True, as_of=options.as_of or _stated_day(files))
    result = FolderRun()
    ours = _sort_out(files, result)
    for kind in _FIRST:
        if not _stage(session, actor, ours, kind, options, result):
            return result
    days = Days(session, actor, ours, options)
    days.walk()
    result.previews += days.previews()
    for file in days.late:
        assert file.kind is not None
        result.left_out.append((file.name, f"{file.kind.label}: sesudah tanggal yang dipilih."))
    if days.stopped_on is not None:
        result.left_out.append(("berkas lain", ended_before(days.stopped_on)))
    if result.clean:
        for plan in days.plans():
            _keep(session, actor, plan, result)
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


def _sort_out(files: Sequence[ReadFile], result: FolderRun) -> list[ReadFile]:
    """The files of kinds that book. Lists that change nothing in the books are told and left."""
    ours = []
    for file in files:
        if file.kind is None:
            result.problems.extend(file.all_problems)
        elif file.kind.books:
            ours.append(file)
        else:
            result.left_out.append((file.name, f"{file.kind.label}: tidak mengubah pembukuan, {_UNTAKEN}."))
    return ours


def _stage(
    session: Session, actor: Actor, files: Sequence[ReadFile], kind: str, options: Options, result: FolderRun
) -> bool:
    """Judge the files of this kind and book them when nothing is wrong; whether the rest may go."""
    mine = [file for file in files if file.kind is not None and file.kind.name == kind]
    if not mine:
        return True
    preview = commands.preview(session, actor, mine, options, kind)
    result.previews.append(preview)
    if not preview.clean:
        rest = [file.name for file in files if file not in mine]
        reason = "berkas yang lain baru diperiksa terhadap buku setelah masalah ini diperbaiki."
        result.left_out.append((", ".join(rest) or "-", reason))
        return False
    if preview.plan is not None:
        booking.carry_out(session, actor, preview.plan)
        _keep(session, actor, preview.plan, result)
    return True


def _keep(session: Session, actor: Actor, plan: Plan, result: FolderRun) -> None:
    commands.remember(session, actor, plan)
    for noun, count in plan.counts.items():
        result.counts[noun] = result.counts.get(noun, 0) + count
