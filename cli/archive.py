"""What a backup file holds and how it proves itself: a zip with the data, and a manifest of every hash.

`manifest.json`, `database` (an SQLite file or a PostgreSQL dump), and `data/…`: secrets and uploads as they lie in the
data folder.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from core.errors import Refusal

MANIFEST, DATABASE, DATA = "manifest.json", "database", "data/"
FORMAT = 1
_PIECE = 1 << 20


class ArchiveDamaged(Refusal):
    code = "cli.archive_damaged"
    pesan = "Cadangan {file} rusak atau diubah ({reason}), jadi tidak dipulihkan. Pakai cadangan lain."


@dataclass(frozen=True)
class BooksHead:
    """Where the chain of one cooperative stood."""

    name: str
    seq: int
    hash: str
    lines: int


@dataclass(frozen=True)
class Kept:
    """One file of the archive."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`keys` are fingerprints of the secrets the data needs, wherever they came from."""

    version: str
    made_at: str
    dialect: str
    schema: str
    coops: dict[str, BooksHead]
    keys: dict[str, str]
    files: dict[str, Kept]

    def written(self) -> str:
        return json.dumps({"product": "ekopz", "format": FORMAT, **asdict(self)}, indent=1, ensure_ascii=False)


def add(archive: zipfile.ZipFile, name: str, file: Path) -> Kept:
    """Put a file into the archive; its size and hash."""
    with file.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        return _copied(source, target)


def read_manifest(archive: zipfile.ZipFile, file: str) -> Manifest:
    """The manifest, the archive holding exactly what it names. Raises ArchiveDamaged."""
    try:
        told = json.loads(archive.read(MANIFEST))
        if told.pop("product") != "ekopz" or told.pop("format") != FORMAT:
            raise ArchiveDamaged(file=file, reason="bukan cadangan eKopz versi ini")
        told["coops"] = {slug: BooksHead(**head) for slug, head in told["coops"].items()}
        told["files"] = {name: Kept(**kept) for name, kept in told["files"].items()}
        manifest = Manifest(**told)
    except (KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile):
        raise ArchiveDamaged(file=file, reason="daftar isinya tidak terbaca") from None
    names = sorted(info.filename for info in archive.infolist())
    if names != sorted([MANIFEST, *manifest.files]) or DATABASE not in manifest.files:
        raise ArchiveDamaged(file=file, reason="isinya tidak sama dengan daftarnya")
    if strange := [name for name in manifest.files if name != DATABASE and not _is_ours(name)]:
        raise ArchiveDamaged(file=file, reason=f"nama {strange[0]!r} tidak dikenal")
    return manifest


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name)
    return name.startswith(DATA) and str(path) == name and ".." not in path.parts and "\\" not in name


def unpack(archive: zipfile.ZipFile, manifest: Manifest, folder: Path, file: str) -> None:
    """Every file below `folder`, private to us, each equal to its hash. Raises ArchiveDamaged."""
    for name, kept in manifest.files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        target.touch(0o600)
        try:
            if archive.getinfo(name).file_size != kept.bytes:
                raise ArchiveDamaged(file=file, reason=f"ukuran {name} tidak sama")
            with archive.open(name) as source, target.open("wb") as to:
                found = _copied(source, to)
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zipfile.zlib.error):  # type: ignore[attr-defined]
            raise ArchiveDamaged(file=file, reason=f"{name} tidak terbaca") from None
        if found != kept:
            raise ArchiveDamaged(file=file, reason=f"isi {name} tidak sama dengan catatannya")


def _copied(source: Any, target: Any) -> Kept:
    size, digest = 0, hashlib.sha256()
    for piece in _pieces(source):
        target.write(piece)
        digest.update(piece)
        size += len(piece)
    return Kept(size, digest.hexdigest())


def _pieces(source: Any) -> Iterator[bytes]:
    while piece := source.read(_PIECE):
        yield piece


def fingerprint(key: str) -> str:
    """Tells two keys apart and gives neither away."""
    return hashlib.sha256(b"ekopz key " + key.encode()).hexdigest()[:16]
