"""`backup FILE`: everything of an installation in one file, taken at one moment while people go on working."""

import argparse
import fcntl
import os
import shutil
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cli import archive, postgres
from cli.archive import BooksHead, Kept, Manifest
from cli.opening import Opened, opened
from core.clock import now
from core.display import number
from core.errors import Refusal
from core.settings import Settings
from models import schema, snapshots
from models.coops import Coop
from models.transaction import Database
from services.ledger.chain import head_of

UPLOADS = "uploads"


class FileExists(Refusal):
    code = "cli.file_exists"
    pesan = "Berkas {file} sudah ada dan tidak ditimpa. Pilih nama lain, atau pindahkan berkas itu dulu."


class FolderMissing(Refusal):
    code = "cli.folder_missing"
    pesan = "Folder {folder} tidak ada atau tidak dapat ditulis. Buat dulu, atau pilih tempat lain."


class AlreadyUnderWay(Refusal):
    code = "cli.already_under_way"
    pesan = "Pekerjaan yang sama sedang berjalan di {folder}. Tunggu sampai selesai."


def add_parser(subparsers: Any) -> None:
    """With `run` set to its handler: (arguments) -> exit code."""
    backup = subparsers.add_parser("backup", help="cadangkan semuanya ke satu berkas")
    backup.add_argument("file", metavar="BERKAS", help="berkas baru, misalnya ekopz-2026-03-31.zip")
    backup.set_defaults(run=back_up)


def back_up(arguments: argparse.Namespace) -> int:
    """Write the file, whole or not at all.

    Raises FileExists, FolderMissing, AlreadyUnderWay, ToolMissing, ToolFailed.
    """
    target = Path(arguments.file).expanduser().absolute()
    if target.exists():
        raise FileExists(file=arguments.file)
    if not os.access(target.parent, os.W_OK):
        raise FolderMissing(folder=target.parent)
    with opened() as found, scratch(target.parent / f".{target.name}.sedang-dibuat") as folder:
        manifest = _write(found, folder)
        made = folder / "archive.zip"
        settle(made)
        if target.exists():
            raise FileExists(file=arguments.file)
        made.rename(target)
        settle(target.parent)
    print("\n".join(_told(arguments.file, target.stat().st_size, manifest, found.settings)))
    return 0


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A private folder for what is half done, gone afterwards; what a killed run left there is cleared first."""
    folder.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise AlreadyUnderWay(folder=folder.parent) from None
    try:
        for old in folder.iterdir():
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def settle(path: Path) -> None:
    """Have a file's content, or a folder's names, on the disk itself."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(found: Opened, folder: Path) -> Manifest:
    copy = folder / archive.DATABASE
    dialect = found.database.engine.dialect.name
    if dialect == "sqlite":
        snapshots.copy_sqlite(found.database, copy)
        copied = Database(f"sqlite:///{copy}")
        with snapshots.one_moment(copied) as (session, _):
            heads = heads_of(session)
        revision = schema.revision_of(copied)
        copied.engine.dispose()
    else:
        with snapshots.one_moment(found.database) as (session, moment):
            postgres.dump(found.settings.database_url, copy, moment)
            heads = heads_of(session)
        revision = schema.revision_of(found.database)
    with zipfile.ZipFile(folder / "archive.zip", "x", zipfile.ZIP_DEFLATED, compresslevel=3) as zipped:
        (folder / "archive.zip").chmod(0o600)
        files = {archive.DATABASE: archive.add(zipped, archive.DATABASE, copy), **_data(zipped, found.settings)}
        manifest = Manifest(
            _version(), now().isoformat(), dialect, revision or "", heads, keys_of(found.settings), files
        )
        zipped.writestr(archive.MANIFEST, manifest.written())
    return manifest


def heads_of(session: Session) -> dict[str, BooksHead]:
    """The head of every cooperative's chain, by slug."""
    heads = {}
    for coop in session.scalars(select(Coop).order_by(Coop.slug)):
        head = head_of(session, coop.id)
        heads[coop.slug] = BooksHead(coop.name, head.seq, head.hash, head.lines)
    return heads


def keys_of(chosen: Settings) -> dict[str, str]:
    """Fingerprints of the keys without which the data cannot be read."""
    return {"FIELD_KEY": archive.fingerprint(chosen.field_key.hex())}


def _data(zipped: zipfile.ZipFile, chosen: Settings) -> dict[str, Kept]:
    """Secrets and uploads. What vanishes while we look was on its way out."""
    files = {}
    for file in [*sorted(chosen.data.glob("*.secret")), *sorted(chosen.data.glob(f"{UPLOADS}/**/*"))]:
        name = archive.DATA + file.relative_to(chosen.data).as_posix()
        with suppress(FileNotFoundError):
            if file.is_file():
                files[name] = archive.add(zipped, name, file)
    return files


def _version() -> str:
    return str(tomllib.loads((schema.ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def _told(file: str, size: int, manifest: Manifest, chosen: Settings) -> Iterator[str]:
    yield f"Cadangan {file}: {number(size // 1024 + 1)} KB, {len(manifest.coops)} koperasi."
    for slug, head in manifest.coops.items():
        yield f"  {slug}: {number(head.seq)} jurnal, {number(head.lines)} baris"
    if not (chosen.data / "field_key.secret").exists():
        yield "FIELD_KEY berasal dari lingkungan dan tidak ikut: simpan sendiri."
    else:
        yield "Berkas ini memuat kunci rahasia: simpan seperti menyimpan kunci brankas."
