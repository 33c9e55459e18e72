"""Uploaded files on their way to the books: kept in the data folder under names of our own, for a few days at most."""

import os
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.clock import now
from core.errors import Refusal, StorageFull
from core.system import FULL
from services.imports.opening_files import acceptable

KEPT = timedelta(days=7)
MOST_FILES = 24
LONGEST_NAME = 120
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_STORED = re.compile(r"[0-9a-f]{32}")


class NothingUploaded(Refusal):
    code = "imports.nothing_uploaded"
    pesan = "Pilih dulu berkas yang akan diimpor."


class TooManyFiles(Refusal):
    code = "imports.too_many_files"
    pesan = "Sekali unggah paling banyak {most} berkas. Bagi menjadi beberapa unggahan."


class FileGone(Refusal):
    code = "imports.file_gone"
    pesan = "Berkas {file} sudah tidak disimpan. Unggah lagi bila masih perlu."
    status = 410


@dataclass(frozen=True)
class Upload:
    """A file as it came, under the name its sender gave it."""

    name: str
    content: bytes


def checked(uploads: Sequence[Upload]) -> list[Upload]:
    """The files under names that can be shown, sane in number, name and size. Raises what is wrong with the first."""
    if not uploads:
        raise NothingUploaded()
    if len(uploads) > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    named = [Upload(shown_name(one.name), one.content) for one in uploads]
    for one in named:
        acceptable(one.name, len(one.content))
    return named


def shown_name(name: str) -> str:
    """The last part of a name, without what cannot be seen, the extension kept when it is cut."""
    plain = " ".join(_UNSEEN.sub("", name.replace("\\", "/").rsplit("/", 1)[-1]).split()) or "berkas"
    stem, dot, extension = plain.rpartition(".")
    if len(plain) <= LONGEST_NAME or not dot or len(extension) > 8:
        return plain[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"


def keep(folder: Path, coop_id: int, uploads: Iterable[Upload]) -> list[dict[str, Any]]:
    """Store the files where only this program reads them; what they are called there, for the run's row.

    Raises:
        StorageFull: nothing is left behind.
    """
    kept: list[dict[str, Any]] = []
    for one in uploads:
        stored = secrets.token_hex(16)
        try:
            _write(_path(folder, coop_id, stored), one.content)
        except OSError as problem:
            forget(folder, coop_id, [*kept, {"stored": stored}])
            if problem.errno in FULL:
                raise StorageFull() from None
            raise
        kept.append({"name": one.name, "stored": stored, "size": len(one.content)})
    return kept


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as writer:
        writer.write(content)


def path_of(folder: Path, coop_id: int, file: Mapping[str, Any]) -> Path:
    """Where a kept file lies. Raises FileGone."""
    path = _path(folder, coop_id, str(file["stored"]))
    if not path.is_file():
        raise FileGone(file=file["name"])
    return path


def forget(folder: Path, coop_id: int, files: Iterable[Mapping[str, Any]]) -> None:
    """Delete kept files; those already gone are fine."""
    for file in files:
        _path(folder, coop_id, str(file["stored"])).unlink(missing_ok=True)


def forget_old(folder: Path) -> int:
    """Delete every file kept longer than a week, whoever's; how many that were."""
    oldest = (now() - KEPT).timestamp()
    gone = 0
    for path in (folder / "uploads" / "imports").glob("*/*"):
        with suppress(FileNotFoundError):  # its run ended this very moment
            if path.stat().st_mtime < oldest:
                path.unlink()
                gone += 1
    return gone


def _path(folder: Path, coop_id: int, stored: str) -> Path:
    assert _STORED.fullmatch(stored), stored
    return folder / "uploads" / "imports" / str(int(coop_id)) / stored
