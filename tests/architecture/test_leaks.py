"""The product speaks of the product alone: nothing of the place where it was made."""

import re

import pytest

from tests.architecture.tree import ROOT, texts, tracked

OWN = "tests/architecture/test_leaks.py"
PLACES = [  # put together here, so that this file need not be left out
    *(f"/{top}/" for top in ("work", "root", "home")), "/".join(("..", "shared")), "/".join(("", "tmp", "team")),
    *(f"--{which}-url" for which in ("index", "extra-index")), "-".join(("find", "links")),
]  # fmt: skip
SECRET = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b")


@pytest.mark.parametrize("place", PLACES)
def test_no_place_of_the_workshop_is_named(place):
    assert [name for name, text in texts() if place in text] == []


def test_locked_libraries_name_no_registry():
    for path in ROOT.glob("requirements*"):
        assert "://" not in path.read_text("utf-8"), path.name


def test_every_locked_library_carries_its_hash():
    for path in ROOT.glob("requirements*.txt"):
        locked = re.findall(r"^[a-zA-Z0-9][^\n]*", path.read_text("utf-8"), re.MULTILINE)
        assert locked
        assert [line for line in locked if "==" not in line or not line.endswith("\\")] == [], path.name


def test_the_linters_and_tests_run_on_the_very_versions_of_the_product():
    product, tools = (
        dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert {name for name in product.keys() & tools.keys() if product[name] != tools[name]} == set()


def test_no_secret_is_kept_in_the_tree():
    assert [name for name, text in texts() if SECRET.search(text) and name != OWN] == []
    kept = {".db", ".sqlite", ".secret", ".pem", ".key", ".env"}
    assert [path.name for path in tracked() if path.suffix in kept or path.name == ".env"] == []
