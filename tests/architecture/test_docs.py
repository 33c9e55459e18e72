"""The documentation says what the code does."""

import re
from pathlib import Path

import pytest

from cli import docs

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", sorted(docs.generate()))
def test_a_drawn_page_is_fresh(name):
    assert (ROOT / name).read_text("utf-8") == docs.generate()[name], "refresh with ./run.sh docs"


def test_every_setting_is_explained():
    text = (ROOT / "docs/operations.md").read_text("utf-8")
    used = set(re.findall(r'"([A-Z][A-Z_]{3,})"', (ROOT / "core/settings.py").read_text("utf-8")))
    assert {name for name in used if f"`{name}`" not in text} == set()


def test_every_command_the_readme_shows_exists():
    script = (ROOT / "run.sh").read_text("utf-8")
    shown = set(re.findall(r"\./run\.sh ([a-z-]+)", (ROOT / "README.md").read_text("utf-8")))
    assert {name for name in shown if not re.search(rf"\b{name}\b", script)} == set()


def test_every_command_of_the_script_is_in_its_help():
    script = (ROOT / "run.sh").read_text("utf-8")
    told = script[: script.index("set -euo")]
    branches = re.findall(r"^  ([a-z][a-z |-]*?)\)", script[script.index('case "${1:-}"') :], re.MULTILINE)
    commands = {word for branch in branches for word in re.findall(r"[a-z][a-z-]+", branch)}
    assert {"test", "import", "verify"} <= commands
    assert {word for word in commands if not re.search(rf"\b{word}\b", told)} == set()


def test_every_library_of_ours_has_its_reason():
    page = (ROOT / "docs/decisions/0007-libraries.md").read_text("utf-8")
    direct = re.findall(r"^([A-Za-z][\w-]*)", (ROOT / "requirements.in").read_text("utf-8"), re.MULTILINE)
    assert {name for name in direct if not re.search(rf"\b{name}\b", page, re.IGNORECASE)} == set()


def test_every_decision_has_its_number_once():
    numbers = [path.name[:4] for path in (ROOT / "docs/decisions").glob("*.md")]
    assert len(numbers) == len(set(numbers))
    assert all(number.isdigit() for number in numbers)
