"""`restore FILE`: a backup into an empty installation; proved in a corner first, moved into place when it holds."""

import argparse
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cli import archive, postgres
from cli.archive import ArchiveDamaged, Manifest
from cli.backup import heads_of, scratch, settle
from cli.opening import reach, sqlite_file
from cli.verify import broken_truths, coops_of, summary
from core import settings
from core.display import number
from core.errors import Refusal, StorageFull
from core.system import reason_of
from models import schema, snapshots
from models.transaction import Database

CORNER = ".sedang-dipulihkan"


class DataFolderUsed(Refusal):
    code = "cli.data_folder_used"
    pesan = "{folder} sudah berisi {name} dan tidak ditimpa. Tunjuk folder kosong lewat EKOPZ_DATA."


class DatabaseUsed(Refusal):
    code = "cli.database_used"
    pesan = "Basis data tujuan sudah berisi dan tidak ditimpa. Tunjuk basis data kosong lewat DATABASE_URL."


class OtherDatabase(Refusal):
    code = "cli.other_database"
    pesan = "Cadangan ini dari {theirs}, sedangkan DATABASE_URL menunjuk {ours}. Samakan dulu."


class KeyDiffers(Refusal):
    code = "cli.key_differs"
    pesan = "{name} tidak sama dengan saat cadangan dibuat, jadi nomor KTP tidak akan terbaca. Pasang kunci yang dulu."


class ArchiveNewer(Refusal):
    code = "cli.archive_newer"
    pesan = "Cadangan ini dibuat oleh versi eKopz yang lebih baru (skema {revision}). Perbarui eKopz dulu."


class ArchiveUnreadable(Refusal):
    code = "cli.archive_unreadable"
    pesan = "Cadangan {file} tidak terbaca ({reason}). Periksa nama dan letaknya."


def add_parser(subparsers: Any) -> None:
    """With `run` set to its handler: (arguments) -> exit code."""
    restore = subparsers.add_parser("restore", help="pulihkan cadangan ke pemasangan kosong")
    restore.add_argument("file", metavar="BERKAS", help="berkas dari ./run.sh backup")
    restore.set_defaults(run=restore_file)


def restore_file(arguments: argparse.Namespace) -> int:
    """Exit 0 when the books hold, 1 with a line for each truth that was broken already when the backup was made.

    Raises:
        ArchiveUnreadable, ArchiveDamaged, ArchiveNewer: the file is no good here.
        DataFolderUsed, DatabaseUsed, OtherDatabase, KeyDiffers: the place is no good for it.
    """
    data, url = settings.place()
    with _archive(arguments.file) as zipped:
        manifest = archive.read_manifest(zipped, arguments.file)
        _must_fit(manifest, data, url)
        with scratch(data / CORNER) as corner:
            archive.unpack(zipped, manifest, corner, arguments.file)
            _must_open(manifest, corner / archive.DATA)
            lines, broken = _put_in_place(manifest, corner, data, url, arguments.file)
    print("\n".join(lines))
    return int(broken)


@contextmanager
def _archive(name: str) -> Iterator[zipfile.ZipFile]:
    try:
        zipped = zipfile.ZipFile(Path(name).expanduser())
    except OSError as problem:
        raise ArchiveUnreadable(file=name, reason=reason_of(problem)) from None
    except zipfile.BadZipFile:
        raise ArchiveDamaged(file=name, reason="bukan berkas cadangan yang utuh") from None
    with zipped:
        yield zipped


def _must_fit(manifest: Manifest, data: Path, url: str) -> None:
    """Before anything is written: an empty place, of the right kind, with room."""
    used = sorted(path.name for path in data.iterdir() if path.name != CORNER)
    if used:
        raise DataFolderUsed(folder=data, name=used[0])
    file = sqlite_file(url)
    ours = "sqlite" if url.startswith("sqlite") else "postgresql"
    if manifest.dialect != ours:
        raise OtherDatabase(theirs=manifest.dialect, ours=ours)
    if file is not None and file.exists():
        raise DatabaseUsed()
    if ours == "postgresql":
        database = Database(url)
        reach(database)
        used_there = snapshots.has_tables(database)
        database.engine.dispose()
        if used_there:
            raise DatabaseUsed()
    if not snapshots.knows(manifest.schema):
        raise ArchiveNewer(revision=manifest.schema)
    if sum(kept.bytes for kept in manifest.files.values()) > shutil.disk_usage(data).free:
        raise StorageFull()


def _must_open(manifest: Manifest, unpacked: Path) -> None:
    """The keys that come along, or those of the environment, are the keys the data was sealed with."""
    for name, mark in manifest.keys.items():
        kept = unpacked / f"{name.lower()}.secret"
        key = os.environ.get(name) or (kept.read_text("utf-8").strip() if kept.exists() else "")
        if archive.fingerprint(key) != mark:
            raise KeyDiffers(name=name)


def _put_in_place(manifest: Manifest, corner: Path, data: Path, url: str, file: str) -> tuple[list[str], bool]:
    copy = corner / archive.DATABASE
    if manifest.dialect == "postgresql":
        postgres.put_back(url, copy)
        database = Database(url)
    else:
        if not snapshots.is_sound(copy):
            raise ArchiveDamaged(file=file, reason="basis datanya tidak utuh")
        database = Database(f"sqlite:///{copy}")
    try:
        told = _proved(database, manifest, file)
    finally:
        database.engine.dispose()
    for path in sorted((corner / archive.DATA).iterdir()) if (corner / archive.DATA).exists() else ():
        path.rename(data / path.name)
    if manifest.dialect == "sqlite":
        target = sqlite_file(url)
        assert target is not None
        shutil.move(copy, target)  # last: a data folder without its database is not in use yet
    settle(data)
    return told


def _proved(database: Database, manifest: Manifest, file: str) -> tuple[list[str], bool]:
    """Brought to today's schema and looked through; what to say, and whether a truth is broken."""
    with snapshots.one_moment(database) as (session, _):
        if heads_of(session) != manifest.coops:
            raise ArchiveDamaged(file=file, reason="jurnalnya tidak sama dengan catatannya")
    schema.upgrade(database)
    coops = coops_of(database)
    broken = list(broken_truths(database, coops))
    entries = number(sum(head.seq for head in manifest.coops.values()))
    lines = [f"Dipulihkan dari cadangan {manifest.made_at[:16].replace('T', ' ')} UTC: {entries} jurnal."]
    return lines + (broken or [summary(database, coops)]), bool(broken)
