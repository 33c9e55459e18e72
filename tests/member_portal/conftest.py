"""`portal`: the whole Flask app over the test's world, with two members who sign in: Siti and her neighbour Joko."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import app as wiring
from core.actor import Actor
from core.settings import load
from models.access import CoopUser, RoleGrant, User
from models.members import Member
from models.savings import Receipt
from models.transaction import Database
from services.access import sign_in
from services.loans import history
from services.members import commands as members
from services.savings import bills, commands, products
from tests.browsers import token_of_forms
from tests.conftest import PASSWORD, PASSWORD_HASH, World, checked, open_world
from web.request import TOKEN

TOKEN_FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Browser:
    """A browser: `get`, `post` with the token of a form, read once, `sign_in` through the sign-in page."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = ""

    def get(self, url: str, **options: object) -> TestResponse:
        return self.client.get(url, **options)

    def post(self, url: str, data: dict[str, object] | None = None, **options: object) -> TestResponse:
        self._token = self._token or self.form_token()
        return self.client.post(url, data={"csrf_token": self._token, **(data or {})}, **options)

    def form_token(self, page: str = "") -> str:
        """Of the form on a page, or, where no page is named, as any form of theirs carries it."""
        if not page:
            return token_of_forms(self.client)
        found = TOKEN_FIELD.search(self.client.get(page).text)
        assert found, f"{page} has no form to take a token from"
        return found[1]

    def sign_in(self, username: str, password: str = PASSWORD) -> TestResponse:
        self._token = ""  # another session, another token
        data = {"csrf_token": self.form_token("/masuk"), "username": username, "password": password}
        return self.client.post("/masuk", data=data)


@dataclass
class Portal:
    """The app, its world and the people of the story; receipts by member name."""

    app: Flask
    world: World
    members: dict[str, int]
    receipts: dict[str, list[Receipt]]

    def anyone(self) -> Browser:
        return Browser(self.app.test_client())

    def as_(self, username: str) -> Browser:
        """A browser of somebody who signed in a moment ago."""
        database, browser = self.world.database, self.anyone()
        with database.platform("test") as session:
            user = session.query(User).filter(User.username == username).one()
        token = sign_in.begin(database, user, ip="127.0.0.1", agent="test", hours=12)
        with browser.client.session_transaction() as cookie:
            cookie[TOKEN] = token
        return browser

    def user(self, username: str, member_id: int | None, roles: set[str], coop_id: int | None = None) -> int:
        """A user of our cooperative (or another) with the world's password."""
        coop_id = coop_id or self.world.coop.id
        with self.world.database.platform("test", writes=True) as session:
            user = session.query(User).filter(User.username == username).one_or_none()
            if user is None:
                user = User(username=username, full_name=username.title(), password_hash=PASSWORD_HASH)
                session.add(user)
                session.flush()
            session.add(CoopUser(coop_id=coop_id, user_id=user.id, member_id=member_id))
            session.add_all([RoleGrant(coop_id=coop_id, user_id=user.id, role=role) for role in roles])
            return user.id


@pytest.fixture(scope="session")
def one_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The app is built once; each test gives it its own database."""
    folder = tmp_path_factory.mktemp("portal")
    settings = load({"EKOPZ_DATA": str(folder), "FIELD_KEY": bytes(range(32)).hex()})
    return wiring.create_flask(settings, Database("sqlite://"))


@pytest.fixture(scope="session")
def told(one_app: Flask, template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Portal]:
    """The story, told once: its database, and who and what is in it."""
    path = tmp_path_factory.mktemp("told") / "world.db"
    path.write_bytes(template.read_bytes())
    made = Portal(one_app, open_world(f"sqlite:///{path}"), {}, {})
    _tell(made)
    made.world.assert_books_hold()
    made.world.database.engine.dispose()
    return path, made


@pytest.fixture
def portal(one_app: Flask, told: tuple[Path, Portal], tmp_path: Path) -> Iterator[Portal]:
    """A copy of `told`; its books are checked at the end."""
    path = tmp_path / "world.db"
    path.write_bytes(told[0].read_bytes())
    for world in checked(open_world(f"sqlite:///{path}", str(told[0]))):
        one_app.extensions["ekopz.database"] = world.database
        yield replace(told[1], world=world)


def _tell(portal: Portal) -> None:
    """Siti and Joko save in our cooperative, Agus in the neighbour's."""
    world = portal.world
    for name in ("Siti Aminah", "Joko Widodo Santoso"):
        portal.members[name.split()[0]] = world.member(name)
    siti, joko = portal.members["Siti"], portal.members["Joko"]
    _save(portal, world.actors, "Siti", siti)
    _save(portal, world.actors, "Joko", joko, factor=3)
    petugas, ketua = world.other_actors["petugas"], world.other_actors["ketua"]
    with world.transaction(petugas) as session:
        applied = members.apply(session, petugas, members.PersonData(name="Agus Tetangga"), applied_on=date(2026, 1, 5))
    with world.transaction(ketua) as session:
        portal.members["Agus"] = members.approve(session, ketua, applied.id, joined_on=date(2026, 1, 5)).id
    _save(portal, world.other_actors, "Agus", portal.members["Agus"], factor=7)
    portal.user("siti", siti, {"anggota"})
    portal.user("joko", joko, {"anggota"})
    portal.user("agus", portal.members["Agus"], {"anggota"}, world.other.id)


def _save(portal: Portal, people: dict[str, Actor], name: str, member_id: int, factor: int = 1) -> None:
    petugas, bendahara = people["petugas"], people["bendahara"]
    with portal.world.transaction(bendahara) as session:
        share, mandatory, voluntary = (
            products.of_kind(session, bendahara, kind).id for kind in ("share", "mandatory", "voluntary")
        )
        products.save(
            session, bendahara, code="WAJIB", name="Simpanan Wajib", kind="mandatory", amount_rp=50_000,
            account_id=products.of_kind(session, bendahara, "mandatory").account_id, product_id=mandatory,
        )  # fmt: skip
        for month in (2, 3):
            run = bills.preview(
                session, bendahara, product_id=mandatory, month_on=date(2026, month, 1), today=date(2026, 3, 20)
            )
            bills.book(session, bendahara, run, today=date(2026, 3, 20))
    steps = [
        (share, 100_000, 1, 10),
        (mandatory, 50_000, 2, 3),
        (voluntary, 1_000_000, 2, 17),
        (voluntary, -250_000, 3, 5),
    ]
    with portal.world.transaction(petugas) as session:
        portal.receipts[name] = [
            (commands.deposit if amount_rp > 0 else commands.withdraw)(
                session, petugas, member_id=member_id, product_id=product, amount_rp=abs(amount_rp) * factor,
                booked_on=date(2026, month, day), token=f"{name}-{number}",
            )
            for number, (product, amount_rp, month, day) in enumerate(steps)
        ]  # fmt: skip


def lend(portal: Portal, name: str) -> None:
    """A loan as the books took it over; the test's journal knows nothing of it."""
    portal.world.checked = False
    who = replace(portal.world.bendahara, permissions=portal.world.bendahara.permissions | {"imports.run"})
    with portal.world.transaction() as session:
        member = session.get_one(Member, portal.members[name])
        taken = history.LoanTaken(12_000_000, 24, 9, 7_500_000)
        history.take_over(session, who, [(member, taken)], as_of=date(2025, 12, 31))


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def served(portal: Portal) -> Iterator[str]:
    """The app on a port of its own, for real browsers."""
    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIServer

    class Threads(ThreadingMixIn, WSGIServer):
        daemon_threads = True

    server = make_server("127.0.0.1", 0, portal.app, server_class=Threads, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


AXE = Path(__file__).parents[1] / "data" / "axe-core" / "axe.min.js"
