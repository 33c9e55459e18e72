"""`migrate` and `seed`: a database ready to use, and demo cooperatives in it."""

import argparse
from functools import partial
from typing import Any

from cli.opening import opened, where
from models import schema
from services.subscriptions import plans


def add_parser(subparsers: Any) -> None:
    """Each with `run` set to its handler: (arguments) -> exit code."""
    migrate = subparsers.add_parser("migrate", help="siapkan atau perbarui basis data")
    migrate.add_argument("--quiet", action="store_true", help="diam bila berhasil")
    migrate.set_defaults(run=bring_up)
    seed = subparsers.add_parser("seed", help="muat koperasi contoh")
    seed.add_argument("--when-empty", action="store_true", help="hanya bila belum ada koperasi")
    seed.set_defaults(run=load_story)


def bring_up(arguments: argparse.Namespace) -> int:
    """Apply every pending revision, all or none; offer the usual plans where there are none. Raises StorageFull."""
    with opened(current=False) as found:
        schema.upgrade(found.database)
        with found.database.platform("plans that are offered", writes=True) as session:
            plans.create_usual(session)
        if not arguments.quiet:
            print(f"Basis data siap: {where(found.database.engine)}")
    return 0


def load_story(arguments: argparse.Namespace) -> int:
    """Load the demo cooperatives. Raises what the story refuses."""
    from seed import story  # heavy, and only this command needs it

    with opened() as found:
        story.load(found.database, when_empty=arguments.when_empty, say=partial(print, flush=True))
    return 0
