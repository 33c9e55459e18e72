"""`import KIND FILE…` and `import folder DIR`: shown first, saved with --commit, and only when all of it is clean."""

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.opening import opened
from cli.usage import day
from core.actor import Actor
from core.clock import today
from core.display import rupiah
from core.errors import InvalidValue, Refusal
from models.access import CoopUser, User
from models.coops import Coop
from models.transaction import Database
from services.coops.commands import by_slug, founder
from services.imports import commands, folder
from services.imports.preview import Preview, Problem
from services.imports.reading import Options
from services.imports.specs import KINDS

CLEAN, PROBLEMS = 0, 2
_SHOWN = 50


class NothingToImport(Refusal):
    code = "cli.nothing_to_import"
    pesan = "Sebutkan {what} yang akan diimpor."


class _Undone(Exception):
    """Ends the transaction of a folder that was only shown, or is not clean."""


def add_parser(subparsers: Any) -> None:
    """`import`, with `run` set to its handler: (arguments) -> exit code."""
    kinds = "\n".join(f"  {kind.name:11} {kind.label}" for kind in KINDS.values())
    parser = subparsers.add_parser(
        "import",
        help="impor berkas Excel atau CSV",
        description=f"Jenis berkas:\n{kinds}\n"
        "  folder      semua berkas di satu folder, dikenali dari judul kolomnya\n\n"
        "Tanpa --commit hanya ditampilkan apa yang akan terjadi. Yang disimpan hanya bila semuanya bersih.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("kind", metavar="JENIS", choices=[*KINDS, "folder"], help=", ".join([*KINDS, "folder"]))
    parser.add_argument("files", metavar="BERKAS", nargs="+", type=Path, help="berkas, atau satu folder")
    parser.add_argument("--coop", required=True, metavar="SLUG", help="koperasi")
    parser.add_argument("--commit", action="store_true", help="simpan bila bersih")
    parser.add_argument("--round-fractions", action="store_true", help="bulatkan sen; selisihnya dibukukan")
    parser.add_argument("--as-of", type=day, metavar="TGL", help="tanggal saldo awal (2025-12-31)")
    parser.add_argument("--month", type=_month, metavar="BULAN", help="bulan berkas bulanan (2026-03)")
    parser.add_argument("--unit", default="", metavar="TOKO", help="barang: toko yang dimaksud, bila ada beberapa")
    parser.add_argument("--until", type=day, metavar="TGL", help="folder: hanya baris sampai tanggal ini")
    parser.add_argument("--format", dest="form", choices=["text", "json"], default="text", help="bentuk keluaran")
    parser.set_defaults(run=take)


def take(arguments: argparse.Namespace) -> int:
    """Show or book; 0 when clean, 2 with problems. Raises what the books refuse; then nothing is kept."""
    with opened() as ready:
        actor, now = _actor(ready.database, arguments.coop)
        options = Options(
            today=now,
            round_fractions=arguments.round_fractions,
            as_of=arguments.as_of,
            until=arguments.until,
            month=arguments.month,
            shop=arguments.unit,
        )
        if arguments.kind == "folder":
            return _take_folder(ready.database, actor, arguments, options)
        return _take_files(ready.database, actor, arguments, options)


def _actor(database: Database, slug: str) -> tuple[Actor, date]:
    """Whoever runs the command acts as the cooperative's first user. Raises InvalidValue for an unknown slug."""
    with database.platform("command line: import") as session:
        coop = by_slug(session, slug)
        return founder(session, coop, _first_user(session, coop)), today(coop.zone)


def _first_user(session: Session, coop: Coop) -> User:
    query = select(User).join(CoopUser, CoopUser.user_id == User.id).where(CoopUser.coop_id == coop.id)
    return session.scalars(query.order_by(CoopUser.id)).first() or _nobody()


def _nobody() -> User:
    raise AssertionError("a cooperative is made together with its first user")


def _take_files(database: Database, actor: Actor, arguments: argparse.Namespace, options: Options) -> int:
    if arguments.until:
        raise InvalidValue(field="--until", reason="hanya untuk 'import folder'.")
    for path in arguments.files:
        if not path.is_file():
            raise NothingToImport(what=f"berkas yang ada ({path} tidak ada)")
    files = commands.read(arguments.files, arguments.kind, options)
    with database.reading(actor) as session:
        shown = commands.preview(session, actor, files, options, arguments.kind)
    booked = None
    if arguments.commit and shown.clean:
        with database.transaction(actor) as session:
            booked = commands.book(session, actor, shown)
    saved = booked.is_new if booked else False
    if arguments.form == "json":
        _print_json({**shown.as_json(), "committed": saved, "booked": booked.counts if booked else None})
    else:
        _tell(shown)
        _conclude(shown.clean, len(shown.problems), saved, arguments.commit, booked.counts if booked else shown.counts)
    return CLEAN if shown.clean else PROBLEMS


def _take_folder(database: Database, actor: Actor, arguments: argparse.Namespace, options: Options) -> int:
    if len(arguments.files) != 1:
        raise NothingToImport(what="satu folder saja")
    files = commands.read(folder.files_in(arguments.files[0]), None, options)
    result = folder.FolderRun()
    try:
        with database.transaction(actor) as session:
            result = folder.run(session, actor, files, options)
            if not (arguments.commit and result.clean):
                raise _Undone
    except _Undone:
        pass
    saved = arguments.commit and result.clean and any(result.counts.values())
    if arguments.form == "json":
        _print_json({**result.as_json(), "committed": saved})
    else:
        _tell_folder(result)
        _conclude(result.clean, len(result.all_problems), saved, arguments.commit, result.counts)
    return CLEAN if result.clean else PROBLEMS


def _tell_folder(result: folder.FolderRun) -> None:
    for shown in result.previews:
        _tell(shown)
        print()
    if result.left_out:
        print("Tidak diambil")
        for reason, files in _by_reason(result.left_out).items():
            print(f"  {', '.join(files)}: {reason}")
    _tell_problems("Masalah", result.problems)


def _by_reason(left_out: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file, reason in left_out:
        found.setdefault(reason, []).append(file)
    return found


def _tell(shown: Preview) -> None:
    """What was understood of the files, their control totals, what is odd and what is wrong."""
    print(f"{shown.label[:1].upper()}{shown.label[1:]}: {', '.join(shown.files)} ({shown.rows} baris)")
    understood = dict.fromkeys((one.heading, one.column) for one in shown.headings if one.column)
    if understood:
        print("Judul kolom yang dikenali")
        for heading, column in understood:
            print(f"  {heading} = {column}")
    if shown.control_totals:
        print("Total pembanding")
        for total in shown.control_totals:
            print(f"  {total.table}, {total.column}: {rupiah(total.amount_rp)}")
    if shown.skipped:
        print(f"Bukan data: {len(shown.skipped)} baris judul, kelompok, atau tanda tangan")
    _tell_problems("Perlu dilihat", shown.warnings)
    _tell_problems("Masalah", shown.problems)


def _tell_problems(title: str, problems: Any) -> None:
    listed: list[Problem] = list(problems)
    if not listed:
        return
    print(f"{title} ({len(listed)})")
    for problem in listed[:_SHOWN]:
        print(f"  {problem.sentence.removeprefix(': ')}")
    if len(listed) > _SHOWN:
        print(f"  … dan {len(listed) - _SHOWN} lagi (lihat semuanya dengan --format json)")


def _conclude(clean: bool, problems: int, saved: bool, wanted: bool, counts: dict[str, int]) -> None:
    done = ", ".join(f"{count} {noun}" for noun, count in counts.items()) or "tidak ada baris baru"
    if not clean:
        print(f"Ada {problems} masalah; tidak ada yang disimpan. Perbaiki semuanya lalu ulangi.")
    elif saved:
        print(f"Dibukukan: {done}.")
    elif wanted:
        print(f"Sudah pernah dibukukan ({done}); tidak ada yang ditambahkan.")
    else:
        print(f"Bersih: {done}. Ini pratinjau saja; tambahkan --commit untuk menyimpan.")


def _print_json(answer: dict[str, Any]) -> None:
    print(json.dumps(answer, ensure_ascii=False, indent=1))


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' bukan bulan. Tulis seperti 2026-03.") from None
