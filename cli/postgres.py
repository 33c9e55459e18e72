"""PostgreSQL's own tools, for a dump of one moment and for putting it back."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import make_url

from core.errors import Refusal
from models.rls import EVERYONE, SETTING


class ToolMissing(Refusal):
    code = "cli.tool_missing"
    pesan = "Basis data PostgreSQL perlu program {tool}. Pasang dulu, misalnya: apt-get install postgresql-client"


class ToolFailed(Refusal):
    code = "cli.tool_failed"
    pesan = "{tool} gagal: {reason} Tidak ada yang diubah."


def dump(url: str, target: Path, moment: str) -> None:
    """Everything, as seen at the named moment. Raises ToolMissing, ToolFailed."""
    options = ["--format=custom", "--no-owner", "--no-privileges", "--enable-row-security", f"--file={target}"]
    _run("pg_dump", url, [*options, *([f"--snapshot={moment}"] if moment else [])])


def put_back(url: str, source: Path) -> None:
    """A dump into an empty database, all or nothing. Raises ToolMissing, ToolFailed."""
    options = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    _run("pg_restore", url, [*options, str(source)])


def _run(tool: str, url: str, options: list[str]) -> None:
    program = shutil.which(tool)
    if program is None:
        raise ToolMissing(tool=tool)
    parsed = make_url(url)
    plain = parsed.set(drivername="postgresql", password=None).render_as_string()
    environment = {**os.environ, "PGOPTIONS": f"-c {SETTING}={EVERYONE}", "LC_MESSAGES": "C"}
    if parsed.password:
        environment["PGPASSWORD"] = parsed.password  # not on the command line, where others see it
    done = subprocess.run(  # noqa: S603  the program the system knows by this name
        [program, f"--dbname={plain}", *options], capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["tanpa keterangan"])[0]
        raise ToolFailed(tool=tool, reason=f"{reason[:200].rstrip('.')}.")
