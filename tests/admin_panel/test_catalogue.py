"""The Indonesian catalogue says everything the framework and its forms say."""

from pathlib import Path

import flask_appbuilder
import flask_wtf
import pytest
import wtforms
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parents[2] / "admin_panel" / "translations" / "id" / "LC_MESSAGES"
WORDS = {"_": None, "__": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]


def said_by(package) -> set[str]:
    found = extract_from_dir(Path(package.__file__).parent, METHODS, {}, WORDS)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


@pytest.fixture(scope="module")
def po():
    with (FOLDER / "messages.po").open("rb") as file:
        return read_po(file, locale="id")


@pytest.mark.parametrize("package", [flask_appbuilder, wtforms, flask_wtf])
def test_nothing_is_missing(po, package):
    known = {m.id if isinstance(m.id, str) else m.id[0] for m in po if m.id and m.string}
    assert said_by(package) - known == set()


def test_the_compiled_catalogue_is_the_written_one(po):
    with (FOLDER / "messages.mo").open("rb") as file:
        mo = read_mo(file)

    def pairs(catalogue):
        return {one(m.id): one(m.string) for m in catalogue if m.id}

    def one(text):
        return text if isinstance(text, str) else text[0]

    assert pairs(mo) == pairs(po)


def test_places_for_values_survive_translation(po):
    for message in po:
        original = message.id if isinstance(message.id, str) else message.id[0]
        said = message.string if isinstance(message.string, str) else message.string[0]
        if message.id:
            assert original.count("%(") == said.count("%("), original


def test_a_form_speaks_indonesian(panel):
    answer = panel.as_("petugas").post("/kopmin/anggota/daftar", {"name": ""})
    assert answer.status_code == 422
    assert "Isian ini wajib diisi." in answer.text
