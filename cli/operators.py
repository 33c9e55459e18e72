"""`operator create`: somebody who works on the platform itself."""

import argparse
from typing import Any

from cli.opening import opened
from services.access.staff import OPERATOR, STAFF, appoint


def add_parser(subparsers: Any) -> None:
    """With `run` set to its handler: (arguments) -> exit code."""
    operator = subparsers.add_parser("operator", help="orang platform (operator, redaktur, penulis)")
    acts = operator.add_subparsers(metavar="create", required=True)
    new = acts.add_parser("create", help="beri seseorang peran di platform")
    new.add_argument("--username", required=True, metavar="NAMA", help="nama pengguna, misalnya budi")
    new.add_argument("--name", required=True, metavar="NAMA", help="nama lengkap")
    new.add_argument("--role", default=OPERATOR, choices=list(STAFF), metavar="PERAN", help=", ".join(STAFF))
    new.set_defaults(run=appointed)


def appointed(arguments: argparse.Namespace) -> int:
    """Appoint them and print the link that sets a first password. Raises InvalidValue."""
    with opened() as ready:
        with ready.database.platform("command line: somebody of the platform", writes=True) as session:
            user, token = appoint(session, username=arguments.username, full_name=arguments.name, role=arguments.role)
            said = [f"Pengguna  {user.username} ({STAFF[arguments.role]})"]
        if token is None:
            said.append("Ia masuk dengan kata sandi yang sudah dimilikinya.")
        else:
            said.append(f"Tautan    {ready.settings.public_url}/tautan/{token}")
            said.append("Buka tautan itu sekali dalam 3 hari untuk membuat kata sandi.")
        print("\n".join(said))
    return 0
