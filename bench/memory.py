"""The whole product in use: fifteen people signed in, each with pages of Kopmin and a dashboard open, on one core."""

import http.cookiejar
import os
import re
import socket
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from bench.measure import Result, folder
from core import secrets, settings
from models.access import User
from models.coops import Coop
from models.transaction import Database
from seed import logins
from services.access import users
from services.access.sign_in import use_link
from services.coops.commands import founder

PEOPLE, ROUNDS, LIMIT_MB = 15, 3, 400
ROOT = Path(__file__).parent.parent
PASSWORD = "kuda lari pagi hari"
PAGES = (
    "/kopmin/",
    "/kopmin/anggota/list/",
    "/kopmin/jurnal/list/",
    "/kopmin/laporan/balance-sheet",
    "/dasbor/pengurus",
)
BOARD = "pengurus"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def run() -> list[Result]:
    """The demo cooperatives, served by the command line itself."""
    with folder() as place, ExitStack() as open_things:
        environment = {
            **os.environ,
            "EKOPZ_DATA": str(place / "data"),
            "PYTHONPATH": str(ROOT),
            "PORT": str(_free_port()),
        }
        for name in ("DATABASE_URL", "PUBLIC_URL", "HOST"):
            environment.pop(name, None)
        for words in (["migrate", "--quiet"], ["seed"]):
            subprocess.run(
                [sys.executable, "-m", "cli", *words], env=environment, check=True, stdout=subprocess.DEVNULL
            )
        names = _people(environment)
        server = open_things.enter_context(_serving(environment))
        address = f"http://127.0.0.1:{environment['PORT']}"
        idle = _megabytes(server.pid)
        visitors = [Visitor(address, name) for name in names]
        peak = idle
        for _ in range(ROUNDS):
            for visitor in visitors:
                visitor.look_around(open_things)
                peak = max(peak, _megabytes(server.pid))
        settled = _megabytes(server.pid)
        boards = sum(visitor.deltas for visitor in visitors)
    note = f"idle {idle} MB, settled {settled} MB; {ROUNDS} rounds, {boards} parts of dashboards; one core"
    return [Result("memory", f"{peak} MB at most", f"{LIMIT_MB} MB, {PEOPLE} people", peak / LIMIT_MB, "<= 1", note)]


@dataclass
class Visitor:
    """Somebody at a browser: signs in, turns pages, keeps a dashboard open."""

    address: str
    username: str
    deltas: int = 0
    board: Any = None
    jar: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def __post_init__(self) -> None:
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        token = _TOKEN.search(self._page("/masuk"))
        assert token, "no sign-in form"
        form = {"csrf_token": token[1], "username": self.username, "password": PASSWORD}
        self._page("/masuk", urllib.parse.urlencode(form).encode())
        assert f"Pengurus {self.username}" in self._page("/kopmin/"), "not signed in"

    def look_around(self, open_things: ExitStack) -> None:
        """Every page once, and the dashboard drawn anew over the socket that stays open."""
        for page in PAGES:
            self._page(page)
        if self.board is None:
            cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)
            self.board = open_things.enter_context(
                connect(
                    f"{self.address.replace('http', 'ws')}/dasbor/_stcore/stream", origin=self.address,
                    additional_headers={"Cookie": cookies}, subprotocols=["streamlit"], max_size=None,
                )
            )  # fmt: skip
        self._draw()

    def _draw(self) -> None:
        asked = BackMsg()
        asked.rerun_script.query_string = ""
        asked.rerun_script.page_name = BOARD
        self.board.send(asked.SerializeToString())
        while True:
            told = ForwardMsg.FromString(self.board.recv(timeout=120))
            kind = told.WhichOneof("type")
            if kind == "delta":
                self.deltas += 1
                assert told.delta.new_element.WhichOneof("type") != "exception", told
            if kind == "script_finished":
                return

    def _page(self, path: str, data: bytes | None = None) -> str:
        with self.browser.open(self.address + path, data, timeout=120) as answer:
            assert answer.status == 200, (path, answer.status)
            text: str = answer.read().decode("utf-8", "replace")
            return text


def _people(environment: dict[str, str]) -> list[str]:
    """Fifteen of the board in the first demo cooperative, each with a password."""
    chosen = settings.load(environment)
    secrets.use_key(chosen.field_key)
    database = Database(chosen.database_url)
    with database.platform("bench") as session:
        coop = session.scalars(select(Coop).where(Coop.slug == logins.EMPLOYEES)).one()
        actor = founder(session, coop, session.scalars(select(User).order_by(User.id)).first())  # type: ignore[arg-type]
    names = [f"ukur{number:02}" for number in range(1, PEOPLE + 1)]
    with database.transaction(actor) as session:
        tokens = [
            users.add(session, actor, username=name, full_name=f"Pengurus {name}", roles={"ketua", "bendahara"})[1]
            for name in names
        ]
    for token in tokens:
        use_link(database, token, PASSWORD)
    database.engine.dispose()
    return names


@contextmanager
def _serving(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    one_core = {min(os.sched_getaffinity(0))}
    server = subprocess.Popen(
        [sys.executable, "-m", "cli", "serve"], env=environment, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, one_core),
    )  # fmt: skip
    try:
        assert server.stdout is not None
        assert "eKopz di" in server.stdout.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{environment['PORT']}/readyz", timeout=120):
            yield server
    finally:
        server.terminate()
        server.wait(60)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _megabytes(pid: int) -> int:
    """Resident memory of a process and all below it."""
    return sum(_resident(one) for one in _tree(pid)) // 1024


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*"):
        with suppress(FileNotFoundError):  # a thread that ended while we looked
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _resident(pid: int) -> int:
    with suppress(FileNotFoundError):
        status = Path(f"/proc/{pid}/status").read_text()
        return int(next((line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")), "0"))
    return 0
