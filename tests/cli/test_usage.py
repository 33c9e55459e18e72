"""What is typed wrongly, set wrongly or not there is told in one Indonesian sentence."""

import re

import pytest

from cli.__main__ import MODULES, main
from cli.usage import SENTENCES
from tests.architecture.tree import ROOT
from tests.cli.conftest import refused

ENGLISH = re.compile(r"\b(the|usage|argument|arguments|required|invalid|expected|choose|error|options|unrecognized)\b")
WRONG = [
    ([], "Sebutkan perintahnya"),
    (["zz"], "'zz' tidak dikenal"),
    (["Migrate"], "'Migrate' tidak dikenal"),
    (["migrate", "now"], "Tidak dikenal: now"),
    (["migrate", "--qui"], "Tidak dikenal: --qui"),
    (["coop"], "create|list"),
    (["coop", "make"], "'make' tidak dikenal"),
    (["coop", "create"], "--slug, --name"),
    (["coop", "create", "--slug"], "perlu satu nilai"),
    (["coop", "create", "--slug", "maju", "--name", "Lagi"], "'maju' sudah dipakai"),
    (["coop", "create", "--slug", "M A", "--name", "X"], "huruf kecil"),
    (["coop", "create", "--slug", "baru", "--name", " "], "nama wajib diisi"),
    (["coop", "create", "--slug", "baru", "--name", "X", "--chart", "nirwana"], "nirwana"),
    (["coop", "create", "--slug", "baru", "--name", "X", "--chart", "/"], "tidak terbaca"),
    (["operator"], "create"),
    (["operator", "create"], "--username, --name"),
    (["operator", "create", "--username", "budi", "--name", "Budi", "--role", "ketua"], "'ketua' tidak dikenal"),
    (["operator", "create", "--username", "b b", "--name", "Budi"], "huruf kecil"),
    (["operator", "create", "--username", "budi", "--name", " "], "isi dulu"),
    (["verify", "--coop", "nihil"], "'nihil' tidak ada"),
    (["verify", "maju"], "Tidak dikenal: maju"),
    (["jobs"], "daily|worker"),
    (["jobs", "daily", "--date", "kemarin"], "bukan tanggal"),
    (["jobs", "daily", "--date", "2026-02-30"], "bukan tanggal"),
    (["jobs", "daily", "--date", "2999-01-01"], "--date"),
    (["report"], "NAMA, --coop"),
    (["report", "nihil", "--coop", "maju"], "nihil"),
    (["report", "balance-sheet", "--coop", "nihil"], "'nihil' tidak ada"),
    (["report", "balance-sheet", "--coop", "maju", "--as-of", "31/12/2026"], "bukan tanggal"),
    (["report", "balance-sheet", "--coop", "maju", "--format", "doc"], "doc"),
    (["report", "balance-sheet", "--coop", "maju", "--out", "/nihil/x.txt"], "/nihil/x.txt"),
    (["export", "members", "--coop", "maju"], "'members' tidak dikenal"),
    (["export", "journal", "--coop", "maju", "--format", "qif"], "qif"),
    (["backup"], "BERKAS"),
    (["backup", "/nihil/x.zip"], "/nihil tidak ada"),
    (["backup", "/"], "sudah ada"),
    (["restore", "/nihil.zip"], "tidak ada"),
    (["restore", "/"], "folder"),
]


@pytest.mark.parametrize(("words", "told"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_what_is_typed_wrongly_is_told_in_indonesian(words, told, quiet_office, capsys):
    try:
        code = main(words)
    except SystemExit as left:  # argparse leaves by itself
        code = left.code
    shown = capsys.readouterr()
    assert (code, shown.out) == (2, "")
    assert told in shown.err
    assert ENGLISH.findall(shown.err) == []


def test_help_is_in_indonesian(quiet_office, capsys):
    for words in (["--help"], ["coop", "create", "-h"], ["report", "-h"], ["jobs", "-h"]):
        with pytest.raises(SystemExit) as left:
            main(words)
        shown = capsys.readouterr().out
        assert left.value.code == 0
        assert "Pemakaian: ./run.sh" in shown
        assert ENGLISH.findall(shown) == []


def test_every_sentence_keeps_the_places_of_the_one_it_replaces():
    places = re.compile(r"%(?:\(\w+\))?[sr]")
    missing = {text for text, said in SENTENCES.items() if set(places.findall(said)) - set(places.findall(text))}
    assert missing == set()


BAD = [
    ("EKOPZ_DATA", "/dev/null/x"),
    ("EKOPZ_DATA", "/proc/ekopz"),
    ("DATABASE_URL", "mysql://x/y"),
    ("DATABASE_URL", "postgresql://user:rahasia@[::1/x"),
    ("DATABASE_URL", "postgresql://user:rahasia@127.0.0.1:1/x"),
    ("DATABASE_URL", "sqlite:////nihil/folder/x.db"),
    ("PORT", "0"),
    ("PORT", "delapan"),
    ("PORT", "70000"),
    ("SECRET_KEY", "pendek"),
    ("JWT_SECRET_KEY", "pendek"),
    ("FIELD_KEY", "x" * 64),
    ("FIELD_KEY", "ab" * 16),
    ("PUBLIC_URL", "koperasi.id"),
    ("SECURE_COOKIES", "mungkin"),
    ("SESSION_IDLE_MINUTES", "0"),
    ("SESSION_HOURS", "1,5"),
    ("PROXIES", "6"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_setting_stops_the_start_and_is_named(name, value, quiet_office, monkeypatch, capsys):
    monkeypatch.setenv(name, value)
    assert main(["serve"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert name in shown.err
    assert shown.err.count("\n") == 1
    assert "rahasia" not in shown.err


def test_a_host_that_is_not_ours_is_named(quiet_office, monkeypatch, capsys):
    for value in ("bukan.alamat.invalid", "203.0.113.7"):
        monkeypatch.setenv("HOST", value)
        assert main(["serve"]) == 2
        assert value in capsys.readouterr().err


def test_every_setting_with_a_rule_is_tried_with_a_bad_value():
    source = (ROOT / "core/settings.py").read_text("utf-8")
    ruled = set(re.findall(r'_(?:whole|yes|secret)\(env, "([A-Z_]+)"', source)) | {"EKOPZ_DATA", "DATABASE_URL"}
    assert ruled - {name for name, _ in BAD} == set()


def test_every_word_has_its_module():
    script = (ROOT / "run.sh").read_text("utf-8")
    branch = next(line for line in script.splitlines() if 'ekopz "$@"' in line and line.strip().endswith(";;"))
    assert set(re.findall(r"[a-z-]+", branch.split(")")[0])) == set(MODULES)


def test_an_unknown_word_in_a_process_of_its_own(office):
    done = office.run("periksa")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Perintah 'periksa' tidak dikenal.\nPemakaian:")


@pytest.mark.parametrize(
    "words", [("verify",), ("coop", "list"), ("report", "journal", "--coop", "maju"), ("backup", "x.zip")]
)
def test_a_database_without_tables_asks_for_migrate(words, empty):
    refused(empty.here(*words), "./run.sh migrate")
