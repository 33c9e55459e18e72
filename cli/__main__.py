"""The command line: `python -m cli WORD …`, one module per noun, refusals as one sentence."""

import importlib
import logging
import os
import sys
import traceback
import warnings
from pathlib import Path

from cli.usage import PROGRAM, Parser
from core.clock import now
from core.errors import Refusal, StorageFull
from core.system import FULL, reason_of

MODULES = {
    "migrate": "cli.schema",
    "seed": "cli.schema",
    "serve": "cli.serve",
    "coop": "cli.coops",
    "operator": "cli.operators",
    "user": "cli.users",
    "import": "cli.imports",
    "report": "cli.reports",
    "export": "cli.reports",
    "verify": "cli.verify",
    "loan-schedule": "cli.loans",
    "jobs": "cli.jobs",
    "backup": "cli.backup",
    "restore": "cli.restore",
}
OPENING_THEMSELVES = {"cli.reports", "cli.imports"}
REFUSED, OUR_MISTAKE, INTERRUPTED = 2, 70, 130


def main(argv: list[str]) -> int:
    """Run one command; the exit code. Whatever goes wrong is one sentence."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    logging.getLogger().addHandler(logging.NullHandler())  # what a library notes is no sentence for a person
    if not argv or argv[0] not in {*MODULES, "-h", "--help"}:
        return _unknown(argv)
    try:
        arguments = _parser(argv).parse_args(argv)
        if MODULES[argv[0]] in OPENING_THEMSELVES:
            _look_first()
        code = int(arguments.run(arguments) or 0)
        sys.stdout.flush()
        return code
    except Refusal as refusal:
        return _say(refusal.sentence)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads: Python's own last flush is quiet
        return 141
    except KeyboardInterrupt:
        _say("Dihentikan. Yang belum selesai tidak disimpan.")
        return INTERRUPTED
    except Exception as problem:
        return _explain(problem)


def _look_first() -> None:
    """Commands that take a database for granted are told here when there is none fit for use."""
    from cli.opening import opened  # everything about databases is loaded late: an unknown word is answered at once

    with opened():
        pass


def _parser(argv: list[str]) -> Parser:
    """The parser of the noun asked for; of all nouns when help is wanted."""
    parser = Parser(prog=PROGRAM, description="eKopz, platform digital koperasi.")
    subparsers = parser.add_subparsers(metavar="PERINTAH", required=True)
    for module in dict.fromkeys([MODULES[argv[0]]] if argv[0] in MODULES else MODULES.values()):
        importlib.import_module(module).add_parser(subparsers)
    return parser


def _unknown(argv: list[str]) -> int:
    said = f"Perintah '{argv[0]}' tidak dikenal." if argv else "Sebutkan perintahnya."
    return _say(f"{said}\nPemakaian: {PROGRAM} {' | '.join(MODULES)} …\nSelengkapnya: {PROGRAM} help")


def _say(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return REFUSED


def _explain(problem: Exception) -> int:
    """A database or disk that could not, as its sentence; our own mistake is kept in a file that the sentence names."""
    from sqlalchemy.exc import DBAPIError

    from models.transaction import as_refusal

    refusal = as_refusal(problem) if isinstance(problem, DBAPIError) else None
    if isinstance(problem, OSError) and problem.errno in FULL:
        refusal = StorageFull()
    if refusal is not None:
        return _say(refusal.sentence)
    if isinstance(problem, OSError):
        return _say(f"{problem.filename or 'Berkas'}: {reason_of(problem)}. Periksa nama dan haknya.")
    _say(f"Ada kesalahan di pihak kami dan perintah ini dibatalkan. Kirim {_keep(problem)} kepada pengelola.")
    return OUR_MISTAKE


def _keep(problem: Exception) -> Path:
    """Where the trace of our mistake was written."""
    log = Path(os.environ.get("EKOPZ_DATA", ".data")) / "kesalahan.log"
    try:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{now().isoformat()} {' '.join(sys.argv[1:2])}\n")
            file.writelines(traceback.format_exception(problem))
    except OSError:
        return Path(os.devnull)
    return log


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
