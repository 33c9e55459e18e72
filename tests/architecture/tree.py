"""The files of the product, as the tests about its shape read them."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def tracked() -> list[Path]:
    """Every file under version control; in an unpacked archive without it, every file that is not hidden away."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0 and done.stdout:
        return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]
    made = {".venv", ".data", ".git", "__pycache__", ".hypothesis", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not made & set(path.relative_to(ROOT).parts)]


def python_files(*tops: str) -> list[Path]:
    """The Python files below these top-level folders or files."""
    return [path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in tops]


def texts() -> list[tuple[str, str]]:
    """(path below the root, content) of every file that is text."""
    contents = [(str(path.relative_to(ROOT)), path.read_bytes()) for path in tracked()]
    return [(name, data.decode("utf-8", "replace")) for name, data in contents if b"\0" not in data]
