"""The layers of .importlinter hold, and no package stands outside them."""

import configparser
import subprocess
import sys
from pathlib import Path

from tests.architecture.tree import ROOT, tracked

OUTSIDE = {"tests", "bench", "migrations", "docs"}


def test_imports_point_downwards():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_every_package_has_its_place_in_the_layers():
    rules = configparser.ConfigParser()
    rules.read(ROOT / ".importlinter")
    placed = set(rules["importlinter"]["root_packages"].split())
    packages = {path.parent.name for path in tracked() if path.name == "__init__.py" and path.parent.parent == ROOT}
    assert packages - OUTSIDE == placed
    layers = rules["importlinter:contract:layers"]["layers"]
    assert set(layers.replace("|", " ").split()) == placed
