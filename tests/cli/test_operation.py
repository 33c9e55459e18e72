"""Commands at work: what they print, what they leave, and what they say when the machine cannot."""

import ctypes
import os
import resource
import signal
import socket
import sqlite3
import urllib.request
from functools import partial

import pytest

from cli.__main__ import MODULES
from core.clock import today
from tests.cli.conftest import ENTRIES, ended, refused


def test_migrate_says_where_and_twice_is_fine(empty):
    for call in (empty.run, empty.here):
        done = call("migrate")
        assert (done.returncode, done.stdout) == (0, f"Basis data siap: sqlite:///{empty.file}\n")
    assert empty.data.stat().st_mode & 0o077 == 0


def test_a_new_cooperative_comes_with_its_first_way_in(office, quiet_office):
    chart = quiet_office.data.parent / "bagan.csv"
    chart.write_text(
        "code,name,type,normal_balance,is_header,parent_code,note\n1000,Aset,asset,debit,1,,\n"
        "1100,Kas,asset,debit,0,1000,\n3000,Modal,equity,credit,0,,\n"
    )
    done = office.run("coop", "create", "--slug", "sendiri", "--name", "Bagan Sendiri", "--chart", str(chart))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Bagan Sendiri (sendiri)" in done.stdout
    assert "admin.sendiri" in done.stdout
    assert "http://127.0.0.1:8080/tautan/" in done.stdout
    listed = office.here("coop", "list").stdout
    assert listed.splitlines()[0] == "maju\tKoperasi Maju Bersama\tserba_usaha"
    assert "sendiri\tBagan Sendiri\tsendiri" in listed


def test_somebody_of_the_platform_comes_in_by_a_link_once(office):
    done = office.here("operator", "create", "--username", "Nita", "--name", "Nita Pengelola")
    assert (done.returncode, done.stderr) == (0, "")
    assert "nita (Operator platform)" in done.stdout
    assert "http://127.0.0.1:8080/tautan/" in done.stdout
    refused(office.here("operator", "create", "--username", "nita", "--name", "x"), "sudah bekerja di platform")
    known = office.here("operator", "create", "--username", "admin.maju", "--name", "x", "--role", "redaktur")
    assert "tautan" in known.stdout  # has no password yet


def test_verify_counts_what_it_looked_at(quiet_office):
    done = quiet_office.run("verify")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Semua buku benar: 2 koperasi, 28 jurnal, 56 baris")


def _tamper(office, statement: str) -> None:
    connection = sqlite3.connect(office.file)
    for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        connection.execute(f"drop trigger {name}")
    connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "update journal_lines set debit_rp = debit_rp + 1 where coop_id = 1 and entry_seq = 17 and debit_rp > 0",
        "update journal_entries set booked_on = '2020-02-02' where coop_id = 1 and seq = 17",
        "update journal_entries set hash = prev_hash where coop_id = 1 and seq = 17",
    ],
)
def test_a_row_changed_behind_our_back_is_found_by_its_place(statement, office):
    _tamper(office, statement)
    done = office.here("verify")
    assert (done.returncode, done.stderr) == (1, "")
    assert "maju: Rantai jurnal putus atau isi berubah di urutan 17 (" in done.stdout
    assert "tetangga" not in done.stdout
    assert office.here("verify", "--coop", "tetangga").returncode == 0


def test_the_days_chores_run_twice_and_name_what_is_broken(office):
    for call in (office.run, office.here):
        done = call("jobs", "daily", "--date", str(today()))
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == "maju: semua buku benar.\ntetangga: semua buku benar.\n"
    _tamper(office, f"update journal_entries set memo = 'x' where coop_id = 1 and seq = {ENTRIES}")
    done = office.here("jobs", "daily")
    assert done.returncode == 1
    assert f"Rusak: maju: Rantai jurnal putus atau isi berubah di urutan {ENTRIES} (" in done.stdout


def test_a_full_disk_is_said_and_keeps_what_there_was(office):
    small = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (32768, 32768))  # noqa: E731
    refused(office.run("coop", "create", "--slug", "baru", "--name", "Baru", before=small), "Penyimpanan penuh")
    assert "baru" not in office.here("coop", "list").stdout
    assert office.here("verify").returncode == 0


def test_a_full_disk_at_the_first_start_is_said(empty):
    small = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (32768, 32768))  # noqa: E731
    refused(empty.run("migrate", before=small), "Penyimpanan penuh")


def test_books_that_somebody_keeps_locked_are_said_to_be_busy(office):
    held = sqlite3.connect(office.file, isolation_level=None)
    held.execute("begin immediate")
    waiting = office.start("coop", "create", "--slug", "baru", "--name", "Baru")
    assert office.here("coop", "list").returncode == 0  # who only reads does not wait
    refused(ended(waiting), "sedang sibuk")
    held.execute("rollback")


def _without_the_rights_of_root() -> None:
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE


def test_a_database_nobody_may_write_is_said(office):
    office.file.chmod(0o444)
    refused(office.run("coop", "list", before=_without_the_rights_of_root), str(office.file), "tidak dapat ditulis")


def test_a_file_that_is_no_database_is_said(office):
    office.file.write_bytes(b"bukan basis data" * 1000)
    refused(office.here("verify"), "rusak", "restore")


def test_a_port_in_use_is_said_before_anything_starts(office):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused(office.run("serve", PORT=port), f"127.0.0.1:{port}", "sudah dipakai", "PORT=")


def test_a_reader_that_stops_reading_is_no_mistake(quiet_office):
    process = quiet_office.start("report", "journal", "--coop", "maju")
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(30) in {0, 141}


def test_our_own_mistake_is_one_sentence_and_a_trace_in_a_file(office, monkeypatch):
    monkeypatch.setitem(MODULES, "verify", "tests.cli.mistaken")
    done = office.here("verify")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (70, "", 1)
    assert str(office.data / "kesalahan.log") in done.stderr
    assert "Traceback" in (office.data / "kesalahan.log").read_text()


def test_ctrl_c_is_one_sentence(office):
    held = sqlite3.connect(office.file, isolation_level=None)
    held.execute("begin immediate")
    hears = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # also where the tests run in the background
    waiting = office.start("coop", "create", "--slug", "baru", "--name", "Baru", before=hears)
    while not _holds_open(waiting.pid, office.file.name):
        assert waiting.poll() is None
    waiting.send_signal(signal.SIGINT)
    held.execute("rollback")
    done = ended(waiting)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.startswith("Dihentikan.")


def _holds_open(pid: int, name: str) -> bool:
    try:
        return any(name in os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return False


def test_serve_greets_answers_and_stops_when_told(office):
    with sqlite3.connect(office.file) as connection:
        connection.execute("update coops set is_demo = 1 where slug = 'maju'")
    connection.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serving = office.start("serve", PORT=str(port))
    greeting = [serving.stdout.readline() for _ in range(5)]
    assert greeting[0] == f"eKopz di http://127.0.0.1:{port} (berhenti: Ctrl-C)\n"
    assert [line.split()[0] for line in greeting[1:]] == ["Pengurus", "Petugas", "Toko", "Anggota"]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30) as answer:
        assert answer.status == 200
    refused(office.run("serve", PORT=str(port)), "sudah dipakai")
    serving.send_signal(signal.SIGTERM)
    assert ended(serving).returncode == 0
