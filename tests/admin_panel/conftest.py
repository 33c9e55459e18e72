"""`panel`: the whole Flask app over the test's own world, and browsers signed in as its people."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

import app as wiring
from core.actor import Actor
from core.settings import load
from models.access import User
from models.imports import ImportRun
from models.ledger import JournalEntry
from models.transaction import Database
from services.access import sign_in
from services.jobs.queue import Queue
from tests.admin_panel.routes import address, panel_routes
from tests.browsers import token_of_forms
from tests.conftest import PASSWORD_HASH, World, checked, made_once, open_world, story_over
from web.request import TOKEN

FINGERPRINT = re.compile(r'name="fingerprint" value="([^"]+)"')


class Browser:
    """A signed-in browser: `get`, and `post` with the token that forms carry."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = ""

    def get(self, url: str, **options: object) -> TestResponse:
        return self.client.get(url, **options)

    def post(self, url: str, data: dict[str, object] | None = None, **options: object) -> TestResponse:
        self._token = self._token or self.form_token()
        return self.client.post(url, data={"csrf_token": self._token, **(data or {})}, **options)

    def form_token(self) -> str:
        return token_of_forms(self.client)


@dataclass
class Panel:
    """The app, its world, and ways in."""

    app: Flask
    world: World

    def anyone(self) -> Browser:
        return Browser(self.app.test_client())

    def as_(self, who: str | Actor) -> Browser:
        """A browser of one of the world's people, by role."""
        actor = (self.world.actors | self.world.platform)[who] if isinstance(who, str) else who
        client = self.app.test_client()
        with self.world.database.platform("test") as session:
            user = session.get_one(User, actor.user_id)
        token = sign_in.begin(self.world.database, user, ip="127.0.0.1", agent="test", hours=12)
        with client.session_transaction() as cookie:
            cookie[TOKEN] = token
        return Browser(client)

    def with_password(self, role: str) -> str:
        """Gives one of the people the world's password; returns the username."""
        with self.world.database.platform("test", writes=True) as session:
            user = session.get_one(User, self.world.actors[role].user_id)
            user.password_hash = PASSWORD_HASH
            return user.username


@pytest.fixture(scope="session")
def one_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The app is built once; each test gives it its own database."""
    folder = tmp_path_factory.mktemp("panel")
    settings = load({"EKOPZ_DATA": str(folder), "FIELD_KEY": bytes(range(32)).hex()})
    return wiring.create_flask(settings, Database("sqlite://"))


@pytest.fixture
def panel(one_app: Flask, world: World) -> Iterator[Panel]:
    one_app.extensions["ekopz.database"] = world.database
    return Panel(one_app, world)


@pytest.fixture(scope="session")
def peopled_folder(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a world with members, savings, a journal, requests and bills, in both cooperatives."""
    from tests.admin_panel.story import tell

    return made_once(tmp_path_factory, "peopled", story_over(template, tell))


@pytest.fixture
def peopled(one_app: Flask, peopled_folder: Path, tmp_path: Path) -> Iterator[Panel]:
    """A copy of `peopled_folder`; its books are checked at the end."""
    shutil.copytree(peopled_folder, tmp_path, dirs_exist_ok=True)
    for world in checked(open_world(f"sqlite:///{tmp_path / 'world.db'}", str(peopled_folder))):
        one_app.extensions["ekopz.database"] = world.database
        yield Panel(one_app, world)


@dataclass(frozen=True)
class Seen:
    """A page as one of the people got it."""

    status: int
    mimetype: str
    text: str
    location: str
    template: str


class Walk:
    """Every page of the panel as each of the people sees it, fetched once; `changed`: who changed rows by looking."""

    def __init__(self, panel: Panel) -> None:
        self.panel, self.changed, self._seen = panel, [], {}

    def __call__(self, role: str) -> dict[str, Seen]:
        if role not in self._seen:
            self._seen[role] = self._fetched(role)
        return self._seen[role]

    def pages(self, role: str) -> Iterator[tuple[str, str]]:
        """What opens: rule and HTML."""
        for rule, page in self(role).items():
            if page.mimetype == "text/html" and page.status == 200:
                yield rule, page.text

    def _fetched(self, role: str) -> dict[str, Seen]:
        app, world = self.panel.app, self.panel.world
        other, app.extensions["ekopz.database"] = app.extensions["ekopz.database"], world.database
        try:
            before, browser, seen = fingerprint(self.panel), self.panel.as_(role), {}
            drawn: list[str] = []
            with template_rendered.connected_to(lambda _, template, context: drawn.append(template.name or "")):
                for rule in panel_routes(app, "GET"):
                    drawn[:] = [""]
                    answer = browser.get(address(self.panel, rule))
                    seen[rule.rule] = Seen(
                        answer.status_code, answer.mimetype, answer.get_data().decode("utf-8", "replace"),
                        answer.location or "", drawn[-1],
                    )  # fmt: skip
            self.changed += [role] if fingerprint(self.panel) != before else []
        finally:
            app.extensions["ekopz.database"] = other
        return seen


def fingerprint(panel: Panel) -> dict[str, list[object]]:
    """Contents of every table but who is signed in."""
    with panel.world.database.engine.connect() as connection:
        names = [t for t in connection.dialect.get_table_names(connection) if t not in {"login_sessions", "users"}]
        return {t: connection.exec_driver_sql(f'select * from "{t}" order by 1, 2').all() for t in names}


@pytest.fixture(scope="session")
def walked(one_app: Flask, peopled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """The peopled panel, walked."""
    folder = tmp_path_factory.mktemp("walked")
    shutil.copytree(peopled_folder, folder, dirs_exist_ok=True)
    world = open_world(f"sqlite:///{folder / 'world.db'}")
    yield Walk(Panel(one_app, world))
    world.database.engine.dispose()


@dataclass
class Office:
    """The desk with its queue; `work()` lets the background do what waits."""

    panel: Panel
    queue: Queue
    data: Path

    def upload(self, *files: tuple[str, bytes], who: str = "bendahara", **chosen: str):
        sent = {"files": [(BytesIO(content), name) for name, content in files], "kind": "", "style": "auto", **chosen}
        return self.panel.as_(who).post("/kopmin/impor/unggah", sent, content_type="multipart/form-data")

    def read(self, *files: tuple[str, bytes], **chosen: str) -> str:
        """Uploaded and read: the address of the run."""
        answer = self.upload(*files, **chosen)
        assert answer.status_code == 302, answer.text
        self.work()
        return str(answer.location)

    def page(self, address: str, who: str = "bendahara") -> str:
        return str(self.panel.as_(who).get(address).text)

    def press(self, address: str, button: str = "bukukan", who: str = "bendahara", page: str = "", **more: str):
        page = page or self.page(address, who)
        mark = FINGERPRINT.search(page)[1] if FINGERPRINT.search(page) else "x"
        return self.panel.as_(who).post(f"{address}/{button}", {"fingerprint": mark, **more}, follow_redirects=True)

    def work(self) -> int:
        return self.queue.work_off()

    def run(self, address: str) -> ImportRun:
        with self.panel.world.reading() as session:
            return session.get_one(ImportRun, int(address.rsplit("/", 1)[1]))

    def entries(self) -> list[int]:
        with self.panel.world.reading() as session:
            return list(session.scalars(select(JournalEntry.total_rp).order_by(JournalEntry.seq)))

    def kept(self) -> list[Path]:
        return list((self.data / "uploads").rglob("[0-9a-f]" * 32))


@pytest.fixture
def office(panel: Panel, tmp_path: Path) -> Iterator[Office]:
    extensions = panel.app.extensions
    before = extensions["ekopz.settings"], extensions["ekopz.jobs"]
    queue = Queue(tmp_path, panel.world.database)
    extensions["ekopz.settings"], extensions["ekopz.jobs"] = replace(before[0], data=tmp_path), queue
    yield Office(panel, queue, tmp_path)
    extensions["ekopz.settings"], extensions["ekopz.jobs"] = before
    queue.stop()
    queue.close()


DATA = Path(__file__).parents[1] / "data"
A_DAY = date(2026, 2, 10)
