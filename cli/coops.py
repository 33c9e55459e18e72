"""`coop create` and `coop list`."""

import argparse
from pathlib import Path
from typing import Any

from sqlalchemy import select

from cli.opening import opened
from models.coops import Coop
from services.coops.commands import create
from services.ledger.chart import CHARTS


def add_parser(subparsers: Any) -> None:
    """Each with `run` set to its handler: (arguments) -> exit code."""
    coop = subparsers.add_parser("coop", help="koperasi di pemasangan ini")
    acts = coop.add_subparsers(metavar="create|list", required=True)
    new = acts.add_parser("create", help="buat koperasi baru")
    new.add_argument("--slug", required=True, metavar="SLUG", help="nama singkat di alamat, misalnya maju")
    new.add_argument("--name", required=True, metavar="NAMA", help="nama lengkap koperasi")
    new.add_argument(
        "--chart",
        default="serba_usaha",
        metavar="NAMA|BERKAS.csv",
        help=f"bagan akun: {', '.join(CHARTS)}, atau berkas",
    )
    new.set_defaults(run=found)
    acts.add_parser("list", help="daftar koperasi").set_defaults(run=tell)


def found(arguments: argparse.Namespace) -> int:
    """Make a cooperative; its first administrator comes in by a one-time link. Raises InvalidValue, ChartInvalid."""
    chart = arguments.chart if arguments.chart in CHARTS else Path(arguments.chart)
    with opened() as ready:
        with ready.database.platform("command line: new cooperative", writes=True) as session:
            coop, user, token = create(session, slug=arguments.slug, name=arguments.name, chart_name=chart)
            said = [
                f"Koperasi  {coop.name} ({coop.slug})",
                f"Pengguna  {user.username}",
                f"Tautan    {ready.settings.public_url}/tautan/{token}",
                "Buka tautan itu sekali dalam 3 hari untuk membuat kata sandi.",
            ]
        print("\n".join(said))
    return 0


def tell(arguments: argparse.Namespace) -> int:
    """One line per cooperative: slug, name, chart."""
    with opened() as ready, ready.database.platform("command line: list of cooperatives") as session:
        coops = session.scalars(select(Coop).order_by(Coop.slug)).all()
    if not coops:
        print('Belum ada koperasi. Buat dengan: ./run.sh coop create --slug maju --name "Koperasi Maju"')
    for coop in coops:
        print(f"{coop.slug}\t{coop.name}\t{coop.chart_name}{' (contoh)' if coop.is_demo else ''}")
    return 0
