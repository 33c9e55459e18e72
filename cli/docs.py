"""Pages of docs/ that are drawn from code: roles, refusals, reports. `./run.sh docs` writes them, a test compares."""

import importlib
import pkgutil
from pathlib import Path

from api.table import OPERATIONS
from core.errors import Refusal
from reports.catalog import CATALOG
from reports.export import FORMATS
from services.access.roles import PERMISSIONS, ROLES

ROOT = Path(__file__).parent.parent
PACKAGES = ("core", "models", "services", "reports", "web", "admin_panel", "member_portal", "api", "seed", "cli")
_HEAD = "<!-- drawn from code by ./run.sh docs -->\n"
_CHOICES = {
    "as_of": "`--as-of`", "since": "`--from`", "until": "`--to`", "unit": "`--unit`", "compare": "`--compare`",
    "account": "`--account`", "member": "`--member`",
}  # fmt: skip


def generate() -> dict[str, str]:
    """Path below the root -> its text."""
    return {
        "docs/roles.md": roles(),
        "docs/errors.md": errors(),
        "docs/reports.md": reports(),
        "docs/api.md": api_page(),
    }


def write() -> None:
    """Put the pages where they belong."""
    for name, text in generate().items():
        (ROOT / name).write_text(text, "utf-8")


def roles() -> str:
    """Who may do what, as one table: a row per permission, a column per role."""
    labels = [spec.label for spec in ROLES.values()]
    rows = []
    for word, meaning in PERMISSIONS.items():
        held = ["●" if word in spec.permissions else "" for spec in ROLES.values()]
        rows.append([f"`{word}`", meaning, *held])
    return _page("Peran dan hak", ["hak", "arti", *labels], rows)


def errors() -> str:
    """Every refusal: its stable code, HTTP status and sentence."""
    for package in PACKAGES:
        _import_all(package)
    rows = [
        [f"`{code}`", str(kind.status), kind.pesan]
        for code, kind in sorted(Refusal.catalogue().items())
        if kind.__module__.split(".")[0] in PACKAGES
    ]
    about = "Kode tetap untuk program; kalimatnya dibaca orang."
    return _page("Penolakan", ["kode", "status", "kalimat"], rows, about)


def reports() -> str:
    """Every report: its name on the command line, its title, what it tells and what may be chosen."""
    rows = [
        [
            f"`{e.name}`",
            e.title,
            e.about,
            " ".join(_CHOICES.get(p, f"`--{p}`") for p in e.parameters),
            f"`{e.permission}`",
        ]
        for e in CATALOG.values()
    ]
    about = f"`./run.sh report NAMA --coop SLUG`; bentuk: {', '.join(f'`{form}`' for form in FORMATS)}."
    return _page("Laporan", ["nama", "judul", "isi", "pilihan", "hak"], rows, about)


def api_page() -> str:
    """Every operation of the API, what it takes, and what it answers with."""
    rows = [
        [
            f"`{one.method}`",
            f"`/api/v1{one.path}`",
            one.about,
            " ".join(f"`{field.name}`{'*' if field.required else ''}" for field in (*one.query, *one.body)),
            "semua orang" if one.is_public else "anggota",
            f"`{one.returns}`",
        ]
        for one in OPERATIONS
    ]
    about = (
        "Token dari `POST /api/v1/security/login` (`username`, `password`, `refresh`, dan `otp` bila akun "
        "memakai kode kedua), disegarkan di `/refresh`, "
        "dikirim sebagai `Authorization: Bearer …`. Isian bertanda * wajib. `POST` butuh kepala `Idempotency-Key`: "
        "kunci dan isi yang sama dijawab sama, isi lain dijawab 409. Penolakan berbentuk problem+json (RFC 9457), "
        "kodenya di [errors.md](errors.md). Bentuk jawaban lengkap di `/api/v1/openapi.json`."
    )
    heading = ["cara", "alamat", "isi", "isian", "untuk", "jawaban"]
    return _page("API", heading, rows, about)


def _page(title: str, heading: list[str], rows: list[list[str]], about: str = "") -> str:
    lines = [f"{_HEAD}# {title}", "", *([about, ""] if about else [])]
    lines += [f"| {' | '.join(heading)} |", "|---" * len(heading) + "|"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _import_all(package: str) -> None:
    found = importlib.import_module(package)
    for module in pkgutil.walk_packages(found.__path__, f"{package}."):
        if not module.name.endswith(".__main__"):  # that one runs
            importlib.import_module(module.name)


if __name__ == "__main__":
    write()
