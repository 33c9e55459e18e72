"""`user link | reset-factor`: for somebody who lost password or second factor and whom no ketua may help."""

import argparse
from typing import Any

from cli.opening import opened
from services.access import users
from services.access.second_factor import reset_on_server
from services.access.sign_in import one_time_link


def add_parser(subparsers: Any) -> None:
    """Each with `run` set to its handler: (arguments) -> exit code."""
    user = subparsers.add_parser("user", help="orang yang masuk ke pemasangan ini")
    acts = user.add_subparsers(metavar="link | reset-factor", required=True)
    reset = acts.add_parser("reset-factor", help="matikan kode kedua seseorang")
    reset.add_argument("username", metavar="NAMA_PENGGUNA", help="yang ponsel dan kode cadangannya hilang")
    reset.set_defaults(run=without_factor)
    link = acts.add_parser("link", help="buat tautan kata sandi baru untuk seseorang")
    link.add_argument("username", metavar="NAMA_PENGGUNA", help="yang kata sandinya hilang")
    link.set_defaults(run=with_link)


def without_factor(arguments: argparse.Namespace) -> int:
    """Switch somebody's second factor off; they set up a new one. Raises NotFound."""
    with opened() as ready:
        name = reset_on_server(ready.database, arguments.username)
    print(
        f"Kode kedua {name} sudah dimatikan dan semua perangkatnya keluar. Minta menyiapkan yang baru di halaman Akun."
    )
    return 0


def with_link(arguments: argparse.Namespace) -> int:
    """Print a link that sets somebody's password once. Raises NotFound."""
    with opened() as ready:
        with ready.database.platform("command line: a new link", writes=True) as session:
            user = users.by_name(session, arguments.username)
            token = one_time_link(session, user.id)
        print(f"Tautan    {ready.settings.public_url}/tautan/{token}")
        print(f"Serahkan kepada {user.full_name}. Berlaku sekali, 3 hari.")
    return 0
