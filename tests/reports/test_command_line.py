"""`report NAME` and `export journal`, as people and programs call them."""

import io
import json
import sys

import pytest
from alembic.script import ScriptDirectory
from openpyxl import load_workbook

from cli.__main__ import main
from models.schema import config
from reports.catalog import CATALOG

MARCH = ["--coop", "maju", "--from", "2026-01-01", "--to", "2026-03-31"]


@pytest.fixture
def call(told, monkeypatch, tmp_path, capfdbinary):
    """(exit code, standard output, standard error) of a command over the told world."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    with told.database.engine.begin() as connection:
        connection.exec_driver_sql("create table alembic_version (version_num varchar(32))")
        connection.exec_driver_sql(f"insert into alembic_version values ('{head}')")
    monkeypatch.setenv("EKOPZ_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", str(told.database.engine.url))

    def run(*argv: str) -> tuple[int, bytes, str]:
        try:
            code = main(list(argv))
        except SystemExit as end:  # what the words themselves do not allow
            code = int(end.code or 0)
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return code, out, err.decode()

    return run


def test_a_statement_on_the_terminal(call):
    code, out, _ = call("report", "balance-sheet", "--coop", "maju", "--as-of", "2026-03-31", "--compare", "sebelumnya")
    assert code == 0
    assert "34.675.000   37.250.000" in out.decode()


@pytest.mark.parametrize("name", CATALOG)
def test_every_report_as_json(call, name):
    code, out, _ = call("report", name, *MARCH, "--account", "11011", "--member", "0001", "--format", "json")
    assert code == 0
    said = json.loads(out)
    assert (said["report"], said["coop"]) == (name, "maju")
    assert all(check["holds"] for check in said["checks"])


def test_a_file_appears_whole_or_not_at_all(call, tmp_path):
    path = tmp_path / "neraca.xlsx"
    assert call("report", "balance-sheet", *MARCH, "--format", "xlsx", "--out", str(path))[0] == 0
    assert load_workbook(io.BytesIO(path.read_bytes())).active.title == "Neraca"
    code, _, err = call("report", "journal", *MARCH, "--format", "pdf", "--out", str(tmp_path / "no" / "jurnal.pdf"))
    assert code == 2
    assert "tidak dapat ditulis" in err
    assert sorted(p.name for p in tmp_path.iterdir() if p.suffix in {".xlsx", ".pdf"}) == ["neraca.xlsx"]


def test_a_file_for_another_program_may_be_piped(call):
    assert call("report", "balance-sheet", *MARCH, "--format", "pdf")[1].startswith(b"%PDF")


def test_a_unit_narrows(call):
    _, out, _ = call("report", "income-statement", *MARCH, "--unit", "toko", "--format", "json")
    assert json.loads(out)["totals"]["surplus_rp"] == 1_900_000


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["report", "neraka", *MARCH], "Laporan 'neraka' tidak ada"),
        (["report", "balance-sheet", "--coop", "tiada"], "tiada"),
        (["report", "balance-sheet", *MARCH, "--format", "docx"], "Bentuk 'docx' tidak ada"),
        (["report", "balance-sheet", "--coop", "maju", "--as-of", "2026-02-30"], "2026-02-30"),
        (["report", "journal", "--coop", "maju", "--from", "2026-05-01", "--to", "2026-04-01"], "Tukar kedua tanggal"),
        (["report", "balance-sheet", "--coop", "maju", "--as-of", "0001-01-01"], "antara tahun 1900 dan 2199"),
        (["report", "general-ledger", *MARCH], "perlu akun"),
        (["report", "general-ledger", *MARCH, "--account", "9"], "Akun 9 tidak ada"),
        (["report", "member-statement", *MARCH, "--member", "9"], "Anggota tidak ditemukan"),
        (["report", "balance-sheet", *MARCH, "--unit", "X"], "Unit usaha X"),
        (["export", "journal", "--coop", "maju", "--format", "qif"], "Bentuk jurnal 'qif' tidak ada"),
    ],
)
def test_what_cannot_be_shown_is_one_sentence(call, argv, sentence):
    code, out, err = call(*argv)
    assert code == 2
    assert sentence in err
    assert "Traceback" not in err
    assert out == b""


def test_the_whole_journal_leaves_for_another_tool(call, tmp_path):
    path = tmp_path / "buku.journal"
    assert call("export", "journal", "--coop", "maju", "--out", str(path))[0] == 0
    assert "2026-02-28 * (2026/00004) Gaji Februari" in path.read_text("utf-8")
    assert call("export", "journal", "--coop", "maju", "--format", "csv")[1].startswith(b"entry,date,account")
