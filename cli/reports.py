"""`report NAME …` and `export journal …`: statements and open books on the command line."""

import argparse
import os
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from core import settings
from core.errors import Refusal
from models.transaction import Database
from reports.catalog import CATALOG, entry_of, run
from reports.export import FORMATS, check_format, logo_of, render
from reports.open_books import WRITERS, export_journal
from services.coops.commands import by_slug

_COMPARISONS = {"sebelumnya": "previous", "previous": "previous", "tahun": "year", "year": "year"}


class FileNotWritten(Refusal):
    code = "cli.file_not_written"
    pesan = "Berkas {path} tidak dapat ditulis ({reason}). Pilih tempat lain dengan --out."


class FileWanted(Refusal):
    code = "cli.file_wanted"
    pesan = "Bentuk {form} bukan teks. Sebutkan berkasnya dengan --out, misalnya --out laporan.{form}."


def add_parser(subparsers: Any) -> None:
    """`report` and `export`, each with `run` set to its handler: (arguments) -> exit code."""
    names = "\n".join(f"  {entry.name:17} {entry.title}: {entry.about}" for entry in CATALOG.values())
    report = subparsers.add_parser(
        "report", help="cetak laporan", description=f"Laporan yang tersedia:\n{names}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    report.add_argument("name", metavar="NAMA", help="nama laporan")
    report.add_argument("--coop", required=True, metavar="SLUG", help="koperasi")
    report.add_argument("--from", dest="since", type=_day, metavar="TGL", help="tanggal awal (2026-01-01)")
    report.add_argument("--to", dest="until", type=_day, metavar="TGL", help="tanggal akhir")
    report.add_argument("--as-of", dest="as_of", type=_day, metavar="TGL", help="per tanggal")
    report.add_argument("--unit", metavar="KODE", help="satu unit usaha saja")
    report.add_argument(
        "--compare", choices=sorted(_COMPARISONS), help="bandingkan dengan masa sebelumnya atau tahun lalu"
    )
    report.add_argument("--account", metavar="AKUN", help="kode akun (buku besar, buku kas)")
    report.add_argument("--member", metavar="NOMOR", help="nomor anggota (kartu anggota)")
    report.add_argument("--format", dest="form", default="text", metavar="BENTUK", help=", ".join(FORMATS))
    report.add_argument("--out", metavar="BERKAS", help="simpan ke berkas")
    report.set_defaults(run=print_report)
    export = subparsers.add_parser("export", help="keluarkan seluruh jurnal untuk alat lain")
    export.add_argument("what", choices=["journal"], help="apa yang dikeluarkan")
    export.add_argument("--coop", required=True, metavar="SLUG", help="koperasi")
    export.add_argument("--from", dest="since", type=_day, metavar="TGL", help="tanggal awal")
    export.add_argument("--to", dest="until", type=_day, metavar="TGL", help="tanggal akhir")
    export.add_argument("--format", dest="form", default="hledger", metavar="BENTUK", help=", ".join(WRITERS))
    export.add_argument("--out", metavar="BERKAS", help="simpan ke berkas")
    export.set_defaults(run=write_journal)


def print_report(arguments: argparse.Namespace) -> int:
    """Draw one report. Raises UnknownReport, UnknownFormat, FileWanted and what the report refuses."""
    entry_of(arguments.name)
    check_format(arguments.form)
    if arguments.form in {"xlsx", "pdf"} and not arguments.out and sys.stdout.isatty():
        raise FileWanted(form=arguments.form)
    database, data = _database()
    coop_id = _coop_id(database, arguments.coop)
    with database.reading(coop_id) as session:
        report = run(
            session,
            coop_id,
            arguments.name,
            as_of=arguments.as_of,
            since=arguments.since,
            until=arguments.until,
            unit=arguments.unit,
            compare=_COMPARISONS.get(arguments.compare),  # type: ignore[arg-type]
            account=arguments.account,
            member=arguments.member,
        )
        logo = logo_of(report.frame.coop, data / "uploads")
        _write(arguments.out, [render(report, arguments.form, logo=logo)])
    return 0


def write_journal(arguments: argparse.Namespace) -> int:
    """Write the whole journal. Raises UnknownJournalFormat, FileNotWritten."""
    database, _ = _database()
    coop_id = _coop_id(database, arguments.coop)
    with database.reading(coop_id) as session:
        pieces = export_journal(session, coop_id, arguments.form, since=arguments.since, until=arguments.until)
        _write(arguments.out, (piece.encode() for piece in pieces))
    return 0


def _database() -> tuple[Database, Path]:
    chosen = settings.load()
    return Database(chosen.database_url), chosen.data


def _coop_id(database: Database, slug: str) -> int:
    with database.platform("command line: which cooperative") as session:
        return by_slug(session, slug).id


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' bukan tanggal. Tulis seperti 2026-03-31.") from None


def _write(out: str | None, pieces: Iterable[bytes]) -> None:
    """To the file, which appears only when whole, or to standard output."""
    if out is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    path = Path(out)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        unfinished.replace(path)
    except OSError as problem:
        unfinished.unlink(missing_ok=True)
        raise FileNotWritten(path=out, reason=problem.strerror) from None
