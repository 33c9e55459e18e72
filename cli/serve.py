"""`serve`: the whole product on one port, one process."""

import argparse
import logging
import signal
import socket
import sys
from contextlib import suppress
from typing import Any

import uvicorn

from cli.jobs import queue_of
from cli.opening import opened
from core.errors import Refusal
from core.settings import BadSetting, Settings
from core.system import reason_of
from models.transaction import Database

STOP_SECONDS = 10


class PortTaken(Refusal):
    code = "cli.port_taken"
    pesan = "Alamat {host}:{port} {reason}. Hentikan program itu, atau pilih pintu lain, misalnya: PORT=8081 ./run.sh"


class NotStarted(Refusal):
    code = "cli.not_started"
    pesan = "Server tidak dapat dimulai. Sebabnya ada di baris-baris di atas."


def add_parser(subparsers: Any) -> None:
    """With `run` set to its handler: (arguments) -> exit code."""
    subparsers.add_parser("serve", help="jalankan eKopz").set_defaults(run=serve)


def serve(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C; requests under way are ended first. Raises PortTaken, NotStarted."""
    with opened() as found, _listening(found.settings) as bound:
        logging.disable(logging.WARNING)  # libraries have remarks on being loaded that are of no use to anybody here
        import app  # the wiring, with every face: heavy

        logging.disable(logging.NOTSET)
        queue = queue_of(found.settings, found.database)
        asgi = app.create_asgi(found.settings, found.database, queue)
        _log_to_the_console()
        _greet(found.settings, found.database)
        config = uvicorn.Config(
            asgi, workers=1, log_config=None, access_log=False, server_header=False, proxy_headers=False,
            timeout_graceful_shutdown=STOP_SECONDS,
        )  # fmt: skip
        server = uvicorn.Server(config)
        signal.signal(signal.SIGTERM, _leave)  # the server hands the signal on once it has ended what was under way
        with suppress(KeyboardInterrupt):
            server.run(sockets=[bound])
        queue.close()
        if not server.started:
            raise NotStarted()
    return 0


def _leave(*_: object) -> None:
    raise KeyboardInterrupt


def _listening(chosen: Settings) -> socket.socket:
    """The socket, bound before anything heavy starts. Raises PortTaken, BadSetting (HOST)."""
    try:
        family, _, _, _, address = socket.getaddrinfo(chosen.host, chosen.port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError):
        raise BadSetting(name="HOST", reason=f"'{chosen.host}' bukan alamat yang dikenal.") from None
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(address)
        bound.listen(1)  # two servers must not share the port in the seconds until the real one listens
    except OSError as problem:
        bound.close()
        raise PortTaken(host=chosen.host, port=chosen.port, reason=reason_of(problem)) from None
    return bound


def _greet(chosen: Settings, database: Database) -> None:
    from seed.logins import shown

    print(f"eKopz di {chosen.public_url} (berhenti: Ctrl-C)")
    for login in shown(database):
        print(f"  {login.role:10} {login.username:12} {login.password}")
    sys.stdout.flush()


def _log_to_the_console() -> None:
    console = logging.StreamHandler()
    console.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[console], force=True)
    for name in ("alembic", "huey", "uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
