"""`verify`: every truth of the books, and what each broken one says."""

import argparse
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from cli.opening import opened
from core.display import number
from models.coops import Coop
from models.transaction import Database
from services.coops.commands import by_slug
from services.ledger.chain import head_of
from services.ledger.checks import CHECKS, check_books


def add_parser(subparsers: Any) -> None:
    """With `run` set to its handler: (arguments) -> exit code."""
    verify = subparsers.add_parser("verify", help="periksa semua kebenaran buku")
    verify.add_argument("--coop", metavar="SLUG", help="satu koperasi saja")
    verify.set_defaults(run=check)


def check(arguments: argparse.Namespace) -> int:
    """Exit 0 when every truth holds, 1 with a line for each that does not. Raises InvalidValue (no such coop)."""
    with opened() as found:
        coops = coops_of(found.database, arguments.coop)
        broken = list(broken_truths(found.database, coops))
        for line in broken:
            print(line)
        if not broken:
            print(summary(found.database, coops))
    return 1 if broken else 0


def coops_of(database: Database, slug: str | None = None) -> list[Coop]:
    """The cooperative of this slug, or all. Raises InvalidValue."""
    with database.platform("command line: whose books") as session:
        return [by_slug(session, slug)] if slug else list(session.scalars(select(Coop).order_by(Coop.slug)))


def broken_truths(database: Database, coops: list[Coop]) -> Iterator[str]:
    """One line per broken truth, led by the cooperative's slug."""
    for coop in coops:
        with database.reading(coop.id) as session:
            yield from (f"{coop.slug}: {finding.message}" for finding in check_books(session, coop.id))


def summary(database: Database, coops: list[Coop]) -> str:
    """What was looked at when all is well."""
    entries = lines = 0
    for coop in coops:
        with database.reading(coop.id) as session:
            head = head_of(session, coop.id)
        entries, lines = entries + head.seq, lines + head.lines
    sizes = f"{len(coops)} koperasi, {number(entries)} jurnal, {number(lines)} baris"
    return f"Semua buku benar: {sizes}, {len(CHECKS)} pemeriksaan."
