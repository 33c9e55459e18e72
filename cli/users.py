"""`user reset-factor`: for somebody who lost the second factor and whom no ketua may help."""

import argparse
from typing import Any

from cli.opening import opened
from services.access.second_factor import reset_on_server


def add_parser(subparsers: Any) -> None:
    """Each with `run` set to its handler: (arguments) -> exit code."""
    user = subparsers.add_parser("user", help="orang yang masuk ke pemasangan ini")
    acts = user.add_subparsers(metavar="reset-factor", required=True)
    reset = acts.add_parser("reset-factor", help="matikan kode kedua seseorang")
    reset.add_argument("username", metavar="NAMA_PENGGUNA", help="yang ponsel dan kode cadangannya hilang")
    reset.set_defaults(run=without_factor)


def without_factor(arguments: argparse.Namespace) -> int:
    """Switch somebody's second factor off; they set up a new one. Raises NotFound."""
    with opened() as ready:
        name = reset_on_server(ready.database, arguments.username)
    print(
        f"Kode kedua {name} sudah dimatikan dan semua perangkatnya keluar. Minta menyiapkan yang baru di halaman Akun."
    )
    return 0
