"""One import from upload to books, in the background: kept, read aside, shown, booked whole.

The person's part (`upload`, `ask_to_book`, `again`, `cancel`) runs in a request; `read` and `book` are jobs and may be
done again after an interruption: each does only what its run's state still asks for.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, defer

from core import clock
from core.actor import Actor
from core.errors import InvalidValue, NotAllowed, NotFound, Refusal, StateChanged
from core.numbers import Style
from models.coops import Coop
from models.imports import ImportRun
from models.transaction import Database
from services.access.sign_in import actor_for
from services.audit import trail
from services.imports import commands, uploads
from services.imports.preview import Booked, Preview
from services.imports.reading import Options, ReadFile, read_file
from services.imports.specs import KINDS

# From each state, the states a run may move to. Anything absent is refused.
NEXT = {
    "uploaded": {"reading", "failed", "cancelled"},
    "reading": {"reading", "previewed", "refused", "failed", "cancelled"},
    "previewed": {"booking", "cancelled"},
    "refused": {"cancelled"},
    "booking": {"booked", "previewed", "refused", "failed"},
    "failed": {"uploaded", "cancelled"},
}
WORKING = {"uploaded": "imports.read", "reading": "imports.read", "booking": "imports.book"}
ALREADY = {
    "uploaded": "menunggu dibaca", "reading": "mulai dibaca", "previewed": "selesai dibaca",
    "refused": "dibaca dan masih bermasalah", "booking": "mulai dibukukan", "booked": "dibukukan", "failed": "terhenti",
    "cancelled": "dibatalkan",
}  # fmt: skip
SHOWN_PROBLEMS = 2000
_CHANGED = "Isi buku berubah sejak pratinjau dibuat, jadi belum dibukukan. Periksa pratinjau yang baru, lalu bukukan."
_EXPIRED = "Dibatalkan sendiri setelah 7 hari dan berkasnya dihapus. Unggah lagi bila masih perlu."


class PreviewChanged(Refusal):
    code = "imports.preview_changed"
    pesan = "Pratinjau impor ini sudah berganti sejak Anda buka. Periksa yang baru, lalu bukukan."
    status = 409


# what people do


def upload(
    session: Session,
    actor: Actor,
    kind: str,
    given: Sequence[uploads.Upload],
    options: dict[str, Any],
    folder: Path,
    *,
    token: str,
) -> ImportRun:
    """Keep the files and open a run, which a job then reads. The same `token` again is the same run.

    Raises:
        NothingUploaded, TooManyFiles, FileRefused: nothing was kept.
    """
    actor.must("mart.goods" if kind == "products" else "imports.run")
    if kind and kind not in KINDS:
        raise InvalidValue(field="Jenis berkas", reason="pilih salah satu dari daftar.")
    held = session.scalars(select(ImportRun).where(ImportRun.token == token)).first()
    if held is not None:
        return held
    taken = uploads.checked(given)
    run = ImportRun(
        token=token,
        kind=kind,
        label=_label([one.name for one in taken]),
        files=uploads.keep(folder, actor.coop_id, taken),
        options=options,
        progress_total=len(taken) + 1,
        message="Menunggu giliran dibaca.",
        created_by=actor.user_id,
    )
    session.add(run)
    session.flush()  # the caller queues its id
    trail.record(session, actor, "imports.upload", f"import:{run.id}", files=[one.name for one in taken])
    return run


def ask_to_book(session: Session, actor: Actor, run_id: int, fingerprint: str) -> ImportRun:
    """Have the preview that was seen booked by a job. Of several who ask, or of two clicks, one moves the run.

    Raises:
        PreviewChanged: another preview than the one seen is there by now.
        StateChanged: somebody asked before, or there is nothing to book.
    """
    run = get(session, actor, run_id)
    if run.state == "previewed" and run.fingerprint != fingerprint:
        raise PreviewChanged()
    told = {"booked_by": actor.user_id, "message": "Menunggu giliran dibukukan.", "progress_done": 0}
    if not _move(session, run, "booking", where=ImportRun.fingerprint == fingerprint, **told):
        raise StateChanged(what="Impor ini", state=ALREADY[run.state])
    trail.record(session, actor, "imports.ask", f"import:{run.id}", label=run.label, fingerprint=fingerprint)
    return run


def again(session: Session, actor: Actor, run_id: int) -> ImportRun:
    """Have a run that stopped read anew, from the files that are still kept. Raises StateChanged."""
    run = get(session, actor, run_id)
    told = {"message": "Menunggu giliran dibaca.", "progress_done": 0, "finished_at": None}
    if not _move(session, run, "uploaded", **told):
        raise StateChanged(what="Impor ini", state=ALREADY[run.state])
    return run


def cancel(session: Session, actor: Actor, run_id: int, folder: Path) -> ImportRun:
    """Give a run up and delete its files. Raises StateChanged once it is booked or being booked."""
    run = get(session, actor, run_id)
    if not _move(session, run, "cancelled", message="", finished_at=clock.now(), preview=_kept_of(run.preview)):
        raise StateChanged(what="Impor ini", state=ALREADY[run.state])
    uploads.forget(folder, actor.coop_id, run.files)
    trail.record(session, actor, "imports.cancel", f"import:{run.id}", label=run.label)
    return run


def get(session: Session, actor: Actor, run_id: int, *, with_preview: bool = True) -> ImportRun:
    """One run of those the actor sees. Raises NotFound."""
    query = _seen(actor).where(ImportRun.id == run_id)
    run = session.scalars(query if with_preview else query.options(defer(ImportRun.preview))).first()
    if run is None:
        raise NotFound(what="Impor")
    return run


def _seen(actor: Actor) -> Select[ImportRun]:
    """Every run for the office; who only keeps a shop sees the lists of goods they sent themselves."""
    actor.must("imports.upload")
    query = select(ImportRun)
    if actor.may("imports.run"):
        return query
    return query.where(ImportRun.kind == "products", ImportRun.created_by == actor.user_id)


def recent(session: Session, actor: Actor, limit: int = 50) -> list[ImportRun]:
    """The latest runs, newest first, without their previews."""
    query = _seen(actor).options(defer(ImportRun.preview)).order_by(ImportRun.id.desc()).limit(limit)
    return list(session.scalars(query))


# what jobs do


def read(database: Database, *, coop_id: int, run_id: int, folder: Path) -> None:
    """Read the files of a run aside, compare them with the books, keep what a person must see before booking."""
    forget_old(database, folder)
    with database.transaction(coop_id) as session:
        run = session.get(ImportRun, run_id)
        if run is None or not _move(session, run, "reading", message="Mulai membaca."):
            return  # done before, or given up meanwhile
    actor = _acting(database, run.created_by, coop_id)
    files = _read_files(database, run, folder)
    with database.reading(actor) as session:
        shown = commands.preview(session, actor, files, _options(session, run), run.kind)
    with database.transaction(actor) as session:
        _show(session, session.get_one(ImportRun, run_id), shown, "")


def book(database: Database, *, coop_id: int, run_id: int, folder: Path) -> None:
    """Book a run whole: the files are read again, and what they mean must be what was seen."""
    with database.reading(coop_id) as session:
        run = session.get(ImportRun, run_id)
    if run is None or run.state != "booking" or run.booked_by is None:
        return
    actor = _acting(database, run.booked_by, coop_id)
    files = _read_files(database, run, folder)
    with database.transaction(actor) as session:
        run = session.get_one(ImportRun, run_id)
        shown = commands.preview(session, actor, files, _options(session, run), run.kind)
        if mark_of(shown) != run.fingerprint:
            _show(session, run, shown, _CHANGED)
            return
        _close(session, run, commands.book(session, actor, shown))
    uploads.forget(folder, coop_id, run.files)


def fail(database: Database, sentence: str, *, coop_id: int, run_id: int) -> None:
    """Say on the run why its job stopped; it can be tried again."""
    with database.transaction(coop_id) as session:
        run = session.get(ImportRun, run_id)
        if run is not None:
            _move(session, run, "failed", message=sentence[:500], finished_at=clock.now())


def unfinished(database: Database) -> list[tuple[str, dict[str, Any]]]:
    """Jobs that runs wait for, whoever's they are."""
    with database.platform("unfinished imports") as session:
        query = select(ImportRun.state, ImportRun.coop_id, ImportRun.id).where(ImportRun.state.in_(WORKING))
        found = session.execute(query.order_by(ImportRun.id)).all()
    return [(WORKING[state], {"coop_id": coop_id, "run_id": run_id}) for state, coop_id, run_id in found]


def forget_old(database: Database, folder: Path) -> int:
    """Give up runs nobody booked within a week, and delete files kept that long; how many files that were."""
    left = ImportRun.state.in_(("previewed", "refused", "failed"))
    query = update(ImportRun).where(left, ImportRun.created_at < clock.now() - uploads.KEPT)
    told = {"state": "cancelled", "message": _EXPIRED, "finished_at": clock.now(), "preview": {}}
    with database.platform("imports nobody booked", writes=True) as session:
        session.execute(query.values(**told).execution_options(synchronize_session=False))
    return uploads.forget_old(folder)


def mark_of(shown: Preview) -> str:
    """A mark of everything a person saw; what is booked must still bear it."""
    canonical = json.dumps(shown.as_json(SHOWN_PROBLEMS), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _move(session: Session, run: ImportRun, to: str, *, where: Any = True, **values: Any) -> bool:
    """Move a run, in the database and only from a state it may leave for `to`; whether it moved."""
    allowed = [state for state, targets in NEXT.items() if to in targets]
    query = update(ImportRun).where(ImportRun.id == run.id, ImportRun.state.in_(allowed), where)
    done = session.execute(query.values(state=to, **values).execution_options(synchronize_session=False))
    session.refresh(run)
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _show(session: Session, run: ImportRun, shown: Preview, message: str) -> None:
    told = {"preview": shown.as_json(SHOWN_PROBLEMS), "fingerprint": mark_of(shown), "message": message}
    told["result"] = {"label": shown.label}
    _move(session, run, "previewed" if shown.clean else "refused", progress_done=run.progress_total, **told)


def _close(session: Session, run: ImportRun, booked: Booked) -> None:
    result = {"label": run.preview["label"], "counts": dict(booked.counts), "is_new": booked.is_new}
    told = {"message": "", "finished_at": clock.now(), "progress_done": run.progress_total}
    moved = _move(session, run, "booked", result=result, preview=_kept_of(run.preview), **told)
    assert moved, "the run left its state while it was being booked"


def _kept_of(preview: dict[str, Any]) -> dict[str, Any]:
    """What stays of a preview when its run has ended: no rows of people."""
    return {key: value for key, value in preview.items() if key not in {"samples", "problems", "skipped"}}


def _acting(database: Database, user_id: int, coop_id: int) -> Actor:
    """The person in whose name a job works, with what they may do by now."""
    actor = actor_for(database, user_id, coop_id)
    if actor is None:
        raise NotAllowed(permission="imports.upload")
    actor.must("imports.upload")
    return actor


def _options(session: Session, run: ImportRun) -> Options:
    zone = session.scalars(select(Coop.zone).where(Coop.id == run.coop_id)).one()
    return _chosen(run, clock.today(zone))


def _chosen(run: ImportRun, today: date) -> Options:
    as_of, month = run.options.get("as_of"), run.options.get("month")
    return Options(
        today=today,
        round_fractions=bool(run.options.get("round_fractions")),
        style=Style(run.options.get("style", Style.AUTO)),
        as_of=date.fromisoformat(as_of) if as_of else None,
        month=date.fromisoformat(month) if month else None,
        shop=str(run.options.get("shop") or ""),
    )


def _read_files(database: Database, run: ImportRun, folder: Path) -> list[ReadFile]:
    with database.reading(run.coop_id) as session:
        options = _options(session, run)
    found = []
    for place, file in enumerate(run.files):
        _progress(database, run, place, f"Membaca {file['name']}")
        path = uploads.path_of(folder, run.coop_id, file)
        found.append(read_file(path, options, kind=run.kind or None, shown_as=file["name"]))
    doing = "Membukukan" if run.state == "booking" else "Mencocokkan dengan buku"
    _progress(database, run, len(run.files), doing)
    return found


def _progress(database: Database, run: ImportRun, done: int, message: str) -> None:
    told = {"progress_done": done, "message": f"{message} …"[:500]}
    with database.transaction(run.coop_id) as session:
        query = update(ImportRun).where(ImportRun.id == run.id, ImportRun.state == run.state)
        session.execute(query.values(**told).execution_options(synchronize_session=False))


def _label(names: Sequence[str]) -> str:
    more = f" dan {len(names) - 1} berkas lain" if len(names) > 1 else ""
    return f"{names[0]}{more}"[:200]
