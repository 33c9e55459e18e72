"""Commands as people call them: a process of its own, on a data folder prepared once and copied."""

import contextlib
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from unittest import mock

import pytest
from sqlalchemy import select

from cli.__main__ import main
from core import secrets
from core.clock import today
from models.access import User
from models.coops import Coop
from models.transaction import Database
from services.coops.commands import founder
from services.ledger.posting import Role, credit, debit, post
from tests.architecture.tree import ROOT

ENTRIES = 25
SETTINGS = ("EKOPZ_DATA", "DATABASE_URL", "PORT", "HOST", "SECRET_KEY", "JWT_SECRET_KEY", "FIELD_KEY", "PUBLIC_URL")
Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Office:
    """A data folder, and the command line at work in it."""

    data: Path

    @property
    def file(self) -> Path:
        return self.data / "ekopz.db"

    def environ(self, **settings: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        return {**kept, "EKOPZ_DATA": str(self.data), "PYTHONPATH": str(ROOT), **settings}

    def start(self, *words: str, before: Callable[[], None] | None = None, **settings: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "cli", *words], cwd=self.data.parent, env=self.environ(**settings), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=before,
        )  # fmt: skip

    def run(self, *words: str, before: Callable[[], None] | None = None, **settings: str) -> Done:
        return ended(self.start(*words, before=before, **settings))

    def here(self, *words: str, **settings: str) -> Done:
        """The command in this process: quicker, where a process of its own adds nothing."""
        out, err = io.StringIO(), io.StringIO()
        with (
            mock.patch.dict(os.environ, self.environ(**settings), clear=True),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = main(list(words))
        return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())

    def database(self) -> Database:
        return Database(f"sqlite:///{self.file}")

    def copied(self, folder: Path) -> "Office":
        shutil.copytree(self.data, folder)
        return Office(folder)


def ended(process: subprocess.Popen[str]) -> Done:
    """The process at its end; whatever happened, no trace of Python was shown."""
    out, err = process.communicate(timeout=120)
    assert "Traceback" not in out + err
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def refused(done: Done, *words: str) -> str:
    """A refusal: exit 2, nothing on standard output, one sentence with these words in it."""
    sentence = done.stderr.strip()
    assert (done.returncode, done.stdout, sentence.count("\n")) == (2, "", 0), done
    assert [word for word in words if word not in sentence] == [], sentence
    return sentence


def book(database: Database, slug: str, count: int, *, first: int = 1, booked_on: date | None = None) -> None:
    """So many small entries, each a transaction of its own."""
    with database.platform("test") as session:
        coop = session.scalars(select(Coop).where(Coop.slug == slug)).one()
        actor = founder(session, coop, session.scalars(select(User).where(User.username == f"admin.{slug}")).one())
    for number in range(first, first + count):
        lines = [debit(Role.CASH, 1000 * number), credit(Role.BANK, 1000 * number)]
        with database.transaction(actor) as session:
            day = booked_on or today()
            post(session, actor, booked_on=day, memo=f"Setor {number}", source=f"test:{number}", lines=lines)


@pytest.fixture(autouse=True)
def _key_of_the_tests() -> Iterator[None]:
    """A command called in this process takes the key of its data folder; other tests want theirs."""
    yield
    secrets.use_key(bytes(range(32)))


@pytest.fixture(scope="session")
def _prepared(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("office") / "data")
    assert office.run("migrate", "--quiet").stdout == ""
    for slug, name in (("maju", "Koperasi Maju Bersama"), ("tetangga", "Koperasi Tetangga Jaya")):
        assert office.run("coop", "create", "--slug", slug, "--name", name).returncode == 0
    database = office.database()
    book(database, "maju", ENTRIES)
    book(database, "tetangga", 3)
    database.engine.dispose()
    return office


@pytest.fixture
def office(_prepared: Office, tmp_path: Path) -> Office:
    """Two cooperatives with a few entries, to do anything with."""
    return _prepared.copied(tmp_path / "office" / "data")


@pytest.fixture
def empty(tmp_path: Path) -> Office:
    """A place where nothing has been set up."""
    (tmp_path / "empty").mkdir()
    return Office(tmp_path / "empty" / "data")


@pytest.fixture
def quiet_office(_prepared: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The prepared folder itself, for commands called in this process that only read."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("EKOPZ_DATA", str(_prepared.data))
    return _prepared
