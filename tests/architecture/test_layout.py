"""Where things are, and what may not stand where."""

import ast
import re
from functools import cache
from pathlib import Path

import models
from models.base import BelongsToCoop
from tests.architecture.tree import ROOT, python_files, tracked

TOP = {
    "admin_panel", "dashboards", "member_portal", "models", "seed", "tests", "requirements.txt", "run.sh",
    "core", "services", "reports", "migrations", "docs", "app.py", "web", "cli", "bench", "api",
    "alembic.ini", "pyproject.toml", "requirements.in", "requirements-dev.in", "requirements-dev.txt", "README.md",
    ".ci", ".editorconfig", ".gitignore", ".importlinter",
}  # fmt: skip
FACE_ONLY = {"__init__", "home", "learning", "reports"}
FLOATS = {"services/imports/xlsx.py": "a number in a workbook is a binary double; what is not whole is refused as sen"}
JOURNAL_SEEN = {"admin_panel/views/ledger.py": "the generated list of entries, read-only"}
SHARED_TABLES = {
    "coops", "users", "login_sessions", "sign_in_attempts", "one_time_links",
    "user_identities", "recovery_codes", "passkeys", "user_tours", "mail_choices", "consents", "breaches",
    "plans", "discount_codes", "coop_registrations", "platform_mails", "visitor_messages", "page_counts",
    "articles", "article_tags", "article_grams", "article_pictures", "article_corrections", "article_comments",
    "newsletter_readers", "newsletter_issues",
}  # fmt: skip


@cache
def calls(path: Path) -> list[tuple[int, str]]:
    """Every call of a file as (line, dotted name)."""
    tree = ast.parse(path.read_text("utf-8"))
    return [(node.lineno, ast.unparse(node.func)) for node in ast.walk(tree) if isinstance(node, ast.Call)]


def found(tops: tuple[str, ...], wrong, but: tuple[str, ...] = ()) -> list[str]:
    hits = []
    for path in python_files(*tops):
        name = str(path.relative_to(ROOT))
        if not name.startswith(but or ("\0",)):
            hits += [f"{name}:{line} {call}" for line, call in calls(path) if wrong(call)]
    return hits


def test_the_top_holds_what_the_design_names():
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} - TOP == set()


def test_no_file_is_called_helpers():
    assert [p for p in tracked() if p.stem in {"utils", "util", "helpers", "helper", "misc", "common"}] == []


def test_a_screen_is_named_after_the_service_it_serves():
    nouns = {path.parent.name for path in (ROOT / "services").glob("*/__init__.py")}
    for face in ("admin_panel", "member_portal", "dashboards"):
        screens = {path.stem for path in (ROOT / face / "views").glob("*.py")}
        assert screens - FACE_ONLY <= nouns, face


def test_every_table_belongs_to_one_cooperative():
    mappers = models.Base.registry.mappers
    assert {m.local_table.name for m in mappers if not issubclass(m.class_, BelongsToCoop)} == SHARED_TABLES


def test_nothing_imports_the_wiring():
    importing = []
    for path in python_files(*(TOP - {"tests", "bench", "cli"})):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            importing += [f"{path.name}: {name}" for name in names if name == "app"]
    assert importing == []


def test_services_never_commit():
    assert found(("services", "reports"), lambda call: call.endswith((".commit", ".rollback"))) == []


def test_floats_never_touch_money():
    used = {hit.split(":")[0] for hit in found(("core", "models", "services"), lambda call: call == "float")}
    assert used - FLOATS.keys() == set()


def test_the_journal_is_seen_by_the_ledger_and_the_reports_alone():
    seeing = set()
    for path in python_files("core", "services", "web", "admin_panel", "member_portal", "dashboards", "cli", "seed"):
        names = {
            getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(ast.parse(path.read_text("utf-8")))
        }
        if names & {"JournalEntry", "JournalLine", "AccountMonth"}:
            seeing.add(str(path.relative_to(ROOT)))
    assert {name for name in seeing if not name.startswith("services/ledger/")} - JOURNAL_SEEN.keys() == set()


def test_an_escape_from_the_linter_says_why():
    bare = re.compile(r"# noqa(: [A-Z]+\d+(, ?[A-Z]+\d+)*)?\s*($|#)")
    tops = ("core", "models", "services", "reports", "web", "admin_panel", "member_portal", "dashboards", "cli", "seed")
    lines = [(path, line) for path in python_files(*tops) for line in path.read_text("utf-8").splitlines()]
    assert [f"{path.name}: {line.strip()}" for path, line in lines if bare.search(line)] == []


def test_only_the_models_talk_to_the_engine():
    raw = ("create_engine", "text", "sqlalchemy.text", "pd.read_sql", "pandas.read_sql", "read_sql")
    bulk = (".bulk_insert_mappings", ".bulk_update_mappings", ".bulk_save_objects", ".exec_driver_sql")
    everything = ("core", "services", "reports", "web", "admin_panel", "member_portal", "dashboards", "cli", "seed")
    assert found(everything, lambda call: call in raw or call.endswith(bulk)) == []


def test_the_day_is_asked_of_the_clock():
    naive = ("date.today", "datetime.today", "datetime.datetime.today", "datetime.utcnow", "dt.date.today")
    everything = ("core", "models", "services", "reports", "web", "admin_panel", "member_portal", "dashboards", "seed")
    assert found(everything, lambda call: call in naive, but=("core/clock.py",)) == []
    assert found(everything, lambda call: call in {"datetime.now", "dt.datetime.now"}, but=("core/clock.py",)) == []
