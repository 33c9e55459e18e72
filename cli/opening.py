"""What nearly every command begins with: settings, the database, and whether its schema is today's."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from core import secrets, settings
from core.errors import Refusal
from core.settings import BadSetting, Settings
from models import schema
from models.transaction import Database
from services.notifications import outbox


class SchemaBehind(Refusal):
    code = "cli.schema_behind"
    pesan = "Basis data belum disiapkan untuk versi ini. Jalankan dulu: ./run.sh migrate"


class DatabaseUnreachable(Refusal):
    code = "cli.database_unreachable"
    pesan = "Basis data {where} tidak dapat dibuka ({reason}). Periksa DATABASE_URL dan apakah servernya berjalan."


class DatabaseDamaged(Refusal):
    code = "cli.database_damaged"
    pesan = "Berkas basis data {where} rusak atau bukan SQLite. Pulihkan cadangan terakhir: ./run.sh restore BERKAS"


class DatabaseReadOnly(Refusal):
    code = "cli.database_read_only"
    pesan = "Berkas basis data {where} tidak dapat ditulis. Beri pengguna ini hak tulis pada berkas dan foldernya."


@dataclass(frozen=True)
class Opened:
    """The settings, and the database they name."""

    settings: Settings
    database: Database


@contextmanager
def opened(*, current: bool = True) -> Iterator[Opened]:
    """Settings read, database reached, its schema found current unless that is not asked.

    Raises:
        BadSetting, DatabaseUnreachable, DatabaseDamaged, DatabaseReadOnly, SchemaBehind.
    """
    chosen = settings.load()
    secrets.use_key(chosen.field_key)
    outbox.use(chosen.smtp_url, chosen.public_url)
    database = open_database(chosen)
    try:
        held = reach(database)
        if current and not held:
            raise SchemaBehind()
        yield Opened(chosen, database)
    finally:
        database.engine.dispose()


def open_database(chosen: Settings) -> Database:
    """The database of the settings, its file's rights looked at. Raises BadSetting, DatabaseReadOnly."""
    try:
        database = Database(chosen.database_url)
    except (ArgumentError, ValueError):
        raise BadSetting(name="DATABASE_URL", reason="alamatnya tidak dapat dibaca.") from None
    file = sqlite_file(chosen.database_url)
    if file is not None and file.exists() and not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)):
        raise DatabaseReadOnly(where=file)
    return database


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database, or None for another kind or one without a file."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        return None
    return Path(str(parsed.database))


def reach(database: Database) -> bool:
    """Whether the schema is current. Raises DatabaseUnreachable, DatabaseDamaged instead of the driver's words."""
    try:
        return schema.is_current(database)
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0][:160]
        if "not a database" in reason or "malformed" in reason:
            raise DatabaseDamaged(where=where(database.engine)) from error
        raise DatabaseUnreachable(where=where(database.engine), reason=reason) from error


def where(engine: Engine) -> str:
    """How a sentence names the database: never with its password."""
    return engine.url.render_as_string(hide_password=True)
