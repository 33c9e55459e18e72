"""`panel`: the whole Flask app over the test's own world, and browsers signed in as its people."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import app as wiring
from core.actor import Actor
from core.settings import load
from models.access import User
from models.transaction import Database
from services.access import passwords, sign_in
from tests.conftest import PASSWORD, World
from web.request import TOKEN

TOKEN_FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Browser:
    """A signed-in browser: `get`, and `post` with the form's token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, url: str, **options: object) -> TestResponse:
        return self.client.get(url, **options)

    def post(self, url: str, data: dict[str, object] | None = None, **options: object) -> TestResponse:
        return self.client.post(url, data={"csrf_token": self.form_token(), **(data or {})}, **options)

    def form_token(self) -> str:
        for page in ("/kopmin/", "/masuk", "/mykoperasi/akun"):
            found = TOKEN_FIELD.search(self.client.get(page).text)
            if found:
                return found[1]
        raise AssertionError("no form to take a token from")


@dataclass
class Panel:
    """The app, its world, and ways in."""

    app: Flask
    world: World

    def anyone(self) -> Browser:
        return Browser(self.app.test_client())

    def as_(self, who: str | Actor) -> Browser:
        """A browser of one of the world's people, by role."""
        actor = self.world.actors[who] if isinstance(who, str) else who
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
            user.password_hash = passwords.hashed(PASSWORD)
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


@pytest.fixture
def peopled(panel: Panel) -> Panel:
    """A world with members, savings, a journal, requests and bills, in both cooperatives."""
    from tests.admin_panel.story import tell

    tell(panel.world)
    return panel


DATA = Path(__file__).parents[1] / "data"
A_DAY = date(2026, 2, 10)
