"""Imports in two steps: `preview` says what files would do and what is wrong with them, `book` does it, once, whole."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import local
from core.display import date_long, date_short, masked, rupiah
from models.imports import BookedFile
from services.audit import trail
from services.imports import booking, cash, journal, known, loans, members, opening, payroll, products, settlement
from services.imports.judging import Judge
from services.imports.plans import Event, Exit, Mark, Plan
from services.imports.preview import Booked, ControlTotal, Preview
from services.imports.reading import Options, ReadFile, read_file
from services.imports.refusals import BookedMeanwhile, PreviewHasProblems
from services.imports.sheets import Book
from services.imports.specs import KINDS
from services.imports.tables import ReadTable
from services.imports.worker import read_safely
from services.ledger import periods

_ALSO_NEEDS = {
    "journal": "ledger.journal", "opening": "ledger.opening", "loans": "loans.disburse", "payroll": "payroll.run",
    "settlement": "payroll.run",
}  # fmt: skip
_LENDING: dict[str, tuple[str, Callable[[Session, Actor, Judge, Sequence[ReadFile]], Sequence[Event]]]] = {
    "loans": ("pinjaman", loans.plan),
    "payroll": ("daftar potongan", payroll.plan),
    "settlement": ("realisasi", settlement.plan),
}
_SAMPLES = 5
_SECRET = {"nik", "bank_account"}


def read(
    paths: Sequence[Path],
    kind: str | None,
    options: Options,
    *,
    names: Sequence[str] = (),
    reader: Callable[[Path, str], Book] = read_safely,
) -> list[ReadFile]:
    """The files, read and checked by themselves; `names` are what people called them."""
    shown = list(names) or [path.name for path in paths]
    return [
        read_file(path, options, kind=kind, shown_as=name, reader=reader)
        for path, name in zip(paths, shown, strict=True)
    ]


def preview(session: Session, actor: Actor, files: Sequence[ReadFile], options: Options, kind: str = "") -> Preview:
    """What these files of one kind would do to the books, and everything that is wrong. Changes nothing.

    Without `kind` the files say themselves what they are. Raises NotAllowed.
    """
    kind = kind or next((file.kind.name for file in files if file.kind is not None), "")
    may(actor, kind)
    judge = Judge(known.load(session, actor), options)
    for file in files:
        if file.kind is not None and file.kind.name != kind:
            reason = f"berkas ini {file.kind.label}, yang lain {KINDS[kind].label}."
            judge.of_file(file.name, reason, "Impor tiap jenis sendiri-sendiri.")
    fresh = list(files) if kind == "products" else not_booked_before(session, actor, judge, files, kind)
    plan = _plan(session, actor, judge, fresh, kind)
    return as_preview(judge, files, kind, plan)


def may(actor: Actor, kind: str) -> None:
    """Raises NotAllowed where the actor may not import this kind; goods are for those who keep a shop."""
    if kind == "products":
        actor.must("mart.goods")
        return
    actor.must("imports.run")
    if kind in _ALSO_NEEDS:
        actor.must(_ALSO_NEEDS[kind])


def as_preview(judge: Judge, files: Sequence[ReadFile], kind: str, plan: Plan | None) -> Preview:
    """What a person sees of files of a kind once they are judged."""
    judge.tell_days()
    problems = [problem for file in files for problem in file.all_problems] + judge.problems
    tables = [table for file in files for table in file.tables]
    return Preview(
        kind=kind,
        label=KINDS[kind].label if kind else "berkas",
        files=tuple(file.name for file in files),
        fingerprint=_fingerprint(kind, files),
        headings=tuple(heading for file in files for heading in file.headings),
        control_totals=_control_totals(tables),
        rows=sum(len(table.rows) for table in tables),
        counts=plan.counts if plan else {},
        problems=tuple(problems),
        warnings=tuple([warning for file in files for warning in file.all_warnings] + judge.warnings),
        samples=_samples(tables),
        skipped=tuple(line for table in tables for line in table.skipped),
        plan=plan if not problems else None,
    )


def not_booked_before(
    session: Session, actor: Actor, judge: Judge, files: Sequence[ReadFile], kind: str
) -> list[ReadFile]:
    """The files that were not booked; those that were are refused, or passed over when that is wished."""
    marks = {mark for file in files for mark in (file.bytes_hash, file.content_hash) if mark}
    query = select(BookedFile).where(
        BookedFile.kind == kind, or_(BookedFile.bytes_hash.in_(marks), BookedFile.content_hash.in_(marks))
    )
    held = list(session.scalars(query)) if marks else []
    fresh: list[ReadFile] = []
    for file in files:
        before = _same(held, file, judge.options)
        twice = next((one for one in fresh if file.content_hash and one.content_hash == file.content_hash), None)
        if twice is not None:
            judge.of_file(file.name, f"isinya sama dengan {twice.name}.", "Impor salah satu saja.")
        elif before is None:
            fresh.append(file)
        else:
            how = "berkas ini" if before.bytes_hash == file.bytes_hash else "isi berkas ini"
            told = f"{how} sudah dibukukan {date_short(local(before.booked_at).date())} oleh {before.booker.full_name}"
            if judge.options.again:
                judge.warn_of_file(file.name, f"{told}; dilewati.")
            else:
                judge.of_file(file.name, f"{told} (sebagai {before.name}).", "Tidak perlu diimpor lagi.")
    return fresh


def _same(held: list[BookedFile], file: ReadFile, options: Options) -> BookedFile | None:
    by_content = next((one for one in held if one.content_hash == file.content_hash), None)
    if by_content is not None or options.again:  # taken again, a file may bring rows it did not bring before
        return by_content
    return next((one for one in held if one.bytes_hash == file.bytes_hash), None)


def _plan(session: Session, actor: Actor, judge: Judge, files: Sequence[ReadFile], kind: str) -> Plan | None:
    whole = [file for file in files if file.tables and file.kind is KINDS[kind]]
    if not whole:
        return None
    marks = marks_of(whole)
    if kind == "members":
        newcomers, day = members.plan(session, actor, judge, whole)
        usual_rp = members.usual(judge, whole, newcomers)
        return Plan(kind, marks, {"anggota": len(newcomers)}, as_of=day, newcomers=newcomers, usual_rp=usual_rp)
    if kind == "opening":
        made = opening.plan(session, actor, judge, whole)
        return Plan(kind, marks, {"akun": len(made.lines) if made else 0}, opening=made)
    if kind == "journal":
        judge.years = years(session, actor, judge, whole)
        entries = journal.plan(session, actor, judge, whole)
        lines = sum(len(entry.lines) for entry in entries)
        counts = {"jurnal": len(entries), "baris": lines}
        return Plan(kind, marks, counts, years=tuple(sorted(judge.needed)), events=tuple(entries))
    if kind == "cash":
        judge.years = years(session, actor, judge, whole)
        moves = cash.plan(session, actor, judge, whole)
        leaving = sum(isinstance(event, Exit) for event in moves)
        counts = {"mutasi": len(moves) - leaving, "anggota keluar": leaving}
        return Plan(kind, marks, counts, years=tuple(sorted(judge.needed)), events=tuple(moves))
    if kind in _LENDING:
        noun, judged = _LENDING[kind]
        events = judged(session, actor, judge, whole)
        return Plan(kind, marks, {noun: len(events)}, events=tuple(events))
    goods = products.plan(session, actor, judge, whole)
    marks = products.marks_now(session, actor, marks)
    return Plan(kind, marks, products.counts_of(goods), as_of=judge.options.today, goods=goods)


def marks_of(files: Sequence[ReadFile]) -> tuple[Mark, ...]:
    """By what the files that have rows are known again."""
    return tuple(
        Mark(file.name, file.bytes_hash, file.content_hash)
        for file in files
        if any(table.rows for table in file.tables)
    )


def years(session: Session, actor: Actor, judge: Judge, files: Sequence[ReadFile]) -> frozenset[int]:
    """Book years these files need and empty books may open."""
    days = [
        day
        for file in files
        for table in file.tables
        for key in ("date", "disbursed_on")
        for day in set(table.column(key))
        if day is not None
    ]
    return frozenset(periods.years_to_open(session, actor, days, judge.options.today))  # type: ignore[arg-type]


def _fingerprint(kind: str, files: Sequence[ReadFile]) -> str:
    marks = sorted(file.content_hash or file.bytes_hash for file in files)
    return hashlib.sha256("\n".join([kind, *marks]).encode()).hexdigest()


def _control_totals(tables: Sequence[ReadTable]) -> tuple[ControlTotal, ...]:
    sums: dict[tuple[str, str], int] = {}
    for table in tables:
        for key, amount_rp in table.totals().items():
            place = (table.table.label, table.label(key))
            sums[place] = sums.get(place, 0) + amount_rp
    return tuple(ControlTotal(label, column, amount_rp) for (label, column), amount_rp in sums.items())


def _samples(tables: Sequence[ReadTable]) -> tuple[tuple[int, dict[str, str]], ...]:
    shown = []
    for table in tables[:1]:
        for place, row in enumerate(table.rows[:_SAMPLES]):
            values = {table.label(key): _text(table, key, cells[place]) for key, cells in table.values.items()}
            shown.append((row, values))
    return tuple(shown)


def _text(table: ReadTable, key: str, value: object) -> str:
    if key in _SECRET:  # a preview is kept, and these are kept encrypted only
        return masked(str(value or ""))
    if table.table.column(key).type == "amount" and isinstance(value, int):
        return rupiah(value)
    if isinstance(value, tuple):
        return ", ".join(_text(table, key, part) for part in value if part)
    if value is None:
        return ""
    return date_long(value) if hasattr(value, "isoformat") else str(value)  # type: ignore[arg-type]


def book(session: Session, actor: Actor, shown: Preview) -> Booked:
    """Carry out a clean preview in the caller's transaction. The same files again change nothing and say so.

    Raises:
        PreviewHasProblems: something must be put right first.
        BookedMeanwhile: some of the files were booked since the preview.
        And what members, savings and ledger refuse when the books moved on since the preview.
    """
    may(actor, shown.kind)
    if shown.problems:
        raise PreviewHasProblems(count=len(shown.problems))
    plan: Plan | None = shown.plan
    if plan is None or not plan.marks:
        return Booked(shown.kind, shown.fingerprint, shown.counts, is_new=False)
    hashes = {mark.content_hash: mark for mark in plan.marks}
    query = select(BookedFile).where(BookedFile.kind == plan.kind, BookedFile.content_hash.in_(list(hashes)))
    before = list(session.scalars(query))
    if len(before) == len(hashes):
        return Booked(shown.kind, shown.fingerprint, before[0].counts, is_new=False)
    if before:
        raise BookedMeanwhile(name=before[0].name)
    booking.carry_out(session, actor, plan)
    remember(session, actor, plan)
    return Booked(shown.kind, shown.fingerprint, plan.counts)


def remember(session: Session, actor: Actor, plan: Plan) -> None:
    """Keep the fingerprints of what was just booked."""
    for mark in plan.marks:
        session.add(
            BookedFile(
                coop_id=actor.coop_id,
                kind=plan.kind,
                name=mark.name[:200],
                bytes_hash=mark.bytes_hash,
                content_hash=mark.content_hash,
                counts=plan.counts,
                booked_by=actor.user_id,
            )
        )
    session.flush()  # a second booking of this transaction meets them
    names = [mark.name for mark in plan.marks]
    trail.record(session, actor, "imports.book", f"import:{plan.kind}", files=names, counts=plan.counts)
