"""How much room each cooperative's files take: they lie in folders of the uploads named by its id."""

from pathlib import Path


def used(uploads: Path) -> dict[int, int]:
    """Bytes by cooperative; one without files is absent."""
    found: dict[int, int] = {}
    for folder in uploads.glob("*/*"):
        if folder.name.isascii() and folder.name.isdigit() and folder.is_dir():
            size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            found[int(folder.name)] = found.get(int(folder.name), 0) + size
    return found
