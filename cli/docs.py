"""Pages of docs/ that are drawn from code: roles, refusals. `./run.sh docs` writes them, a test compares."""

import importlib
import pkgutil
from pathlib import Path

import core
import services
from core.errors import Refusal
from services.access.roles import PERMISSIONS, ROLES

ROOT = Path(__file__).parent.parent
_HEAD = "<!-- drawn from code by ./run.sh docs -->\n"


def generate() -> dict[str, str]:
    """Path below the root -> its text."""
    return {"docs/roles.md": roles(), "docs/errors.md": errors()}


def write() -> None:
    """Put the pages where they belong."""
    for name, text in generate().items():
        (ROOT / name).write_text(text, "utf-8")


def roles() -> str:
    """Who may do what, as one table: a row per permission, a column per role."""
    labels = [spec.label for spec in ROLES.values()]
    lines = [f"{_HEAD}# Peran dan hak", "", f"| hak | arti | {' | '.join(labels)} |", "|---" * (len(labels) + 2) + "|"]
    for word, meaning in PERMISSIONS.items():
        held = ["●" if word in spec.permissions else "" for spec in ROLES.values()]
        lines.append(f"| `{word}` | {meaning} | {' | '.join(held)} |")
    return "\n".join(lines) + "\n"


def errors() -> str:
    """Every refusal: its stable code, HTTP status and sentence."""
    for package in (core, services):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    lines = [
        f"{_HEAD}# Penolakan",
        "",
        "Kode tetap untuk program; kalimatnya dibaca orang.",
        "",
        "| kode | status | kalimat |",
        "|---|---|---|",
    ]
    for code, kind in sorted(Refusal.catalogue().items()):
        if kind.__module__.split(".")[0] in {"core", "services", "reports"}:
            lines.append(f"| `{code}` | {kind.status} | {kind.pesan} |")
    return "\n".join(lines) + "\n"
