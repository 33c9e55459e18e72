"""Files and people for imports: the year of a cooperative in workbooks, and whoever may import all of it."""

import csv
import shutil
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from core.actor import Actor
from models.access import User
from models.coops import Coop
from services.coops.commands import founder
from services.imports import commands, folder
from services.imports.preview import Booked, Preview
from services.imports.reading import Options
from services.imports.worker import read_here
from tests.conftest import World, checked, made_once, open_world, story_over

DATA = Path(__file__).parent.parent / "data"
WORKBOOKS = DATA / "workbooks"
TODAY = date(2026, 11, 25)
MONTHLY = (("03_potongan", ".xlsx"), ("04_realisasi", ".csv"))


def importer(world: World, coop: Coop | None = None) -> Actor:
    """Whoever sets a cooperative up; the command line acts as this person."""
    with world.database.platform("test") as session:
        found = session.query(Coop).filter(Coop.id == (coop or world.coop).id).one()
        return founder(session, found, session.query(User).filter(User.username == f"admin.{found.slug}").one())


def options(**chosen) -> Options:
    return Options(today=chosen.pop("today", TODAY), **chosen)


def look(world: World, kind: str, *paths: Path, actor: Actor | None = None, **chosen) -> Preview:
    """The preview of files; a reading session proves that looking writes nothing."""
    actor = actor or importer(world)
    files = commands.read(paths, kind, options(**chosen), reader=read_here)
    with world.reading(actor) as session:
        return commands.preview(session, actor, files, options(**chosen), kind)


def take(world: World, kind: str, *paths: Path, actor: Actor | None = None, **chosen) -> Booked:
    """Preview and book, as people do."""
    actor = actor or importer(world)
    shown = look(world, kind, *paths, actor=actor, **chosen)
    assert [problem.sentence for problem in shown.problems] == []
    with world.transaction(actor) as session:
        return commands.book(session, actor, shown)


def told(shown: Preview) -> list[str]:
    return [problem.sentence for problem in shown.problems]


def warned(shown: Preview) -> str:
    return "\n".join(warning.sentence for warning in shown.warnings)


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as a small file, by its ending a workbook or a CSV."""

    def write(name: str, *rows: Sequence[object], **more: Sequence[Sequence[object]]) -> Path:
        path = tmp_path / name
        if path.suffix == ".csv":
            with path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file, delimiter=";").writerows(rows)
            return path
        book = Workbook()
        for index, (title, lines) in enumerate({"Data": rows, **more}.items()):
            page = book.active if index == 0 else book.create_sheet()
            page.title = title
            for line in lines:
                page.append([datetime(c.year, c.month, c.day) if type(c) is date else c for c in line])  # noqa: DTZ001
        book.save(path)
        return path

    return write


def take_folder(world: World, *paths: Path, keep: bool = True, **chosen) -> folder.FolderRun:
    """These files as one folder, booked or only looked at."""
    actor = importer(world)
    files = commands.read(paths, None, options(**chosen), reader=read_here)
    with world.transaction(actor) as session:
        result = folder.run(session, actor, files, options(**chosen))
        if not keep:
            session.rollback()
    return result


@pytest.fixture(scope="session")
def begun(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database whose first cooperative has taken over members and balances, and booked January and February."""
    return made_once(tmp_path_factory, "begun", story_over(template, _two_months)) / "world.db"


def _two_months(world: World) -> None:
    a0 = WORKBOOKS / "A0"
    take(world, "members", a0 / "01_anggota_dan_saldo_awal.xlsx")
    take(world, "opening", a0 / "02_neraca_saldo_awal.xlsx")
    take(world, "members", a0 / "09_anggota_masuk_2026.xlsx", until=date(2026, 3, 10))
    months = [a0 / f"{file}_2026-0{month}{ending}" for month in (1, 2) for file, ending in MONTHLY]
    booked = take_folder(
        world, a0 / "05_pinjaman_2026.xlsx", a0 / "06_jurnal_umum_2026.xlsx", *months, until=date(2026, 2, 28)
    )
    assert booked.clean


@pytest.fixture(scope="module")
def listed_shared(begun: Path, tmp_path_factory: pytest.TempPathFactory):
    """`begun` with the list of March sent, for tests that are refused before anything is written."""
    path = tmp_path_factory.mktemp("listed") / "world.db"
    shutil.copy(begun, path)
    world = open_world(f"sqlite:///{path}")
    take(world, "payroll", WORKBOOKS / "A0" / "03_potongan_2026-03.xlsx")
    yield world
    world.assert_books_hold()
    world.database.engine.dispose()


@pytest.fixture(scope="module")
def begun_shared(begun: Path, tmp_path_factory: pytest.TempPathFactory):
    """One copy of `begun` for tests that are refused before anything is written."""
    path = tmp_path_factory.mktemp("begun") / "world.db"
    shutil.copy(begun, path)
    world = open_world(f"sqlite:///{path}")
    yield world
    world.database.engine.dispose()


@pytest.fixture
def begun_world(begun: Path, tmp_path: Path):
    """A copy of `begun`; its books are checked at the end."""
    path = tmp_path / "begun.db"
    shutil.copy(begun, path)
    yield from checked(open_world(f"sqlite:///{path}", str(begun)))
