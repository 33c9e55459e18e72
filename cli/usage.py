"""How the command line speaks: argparse in Indonesian, no guessed abbreviations."""

import argparse
import re
from datetime import date
from typing import Any, NoReturn

PROGRAM = "./run.sh"
SENTENCES = {
    "usage: ": "Pemakaian: ",
    "positional arguments": "yang disebut menurut urutan",
    "options": "pilihan",
    "show this help message and exit": "tampilkan bantuan ini",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "the following arguments are required: %s": "Masih kurang: %s.",
    "one of the arguments %s is required": "Sebutkan salah satu: %s.",
    "unrecognized arguments: %s": "Tidak dikenal: %s.",
    "not allowed with argument %s": "tidak dapat bersama %s.",
    "ignored explicit argument %r": "tidak menerima nilai %r.",
    "expected one argument": "perlu satu nilai.",
    "expected at most one argument": "paling banyak satu nilai.",
    "expected at least one argument": "perlu paling sedikit satu nilai.",
    "expected %s argument": "perlu %s nilai.",
    "expected %s arguments": "perlu %s nilai.",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s dapat berarti %(matches)s.",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "%(parser_name)r tidak dikenal (pilih: %(choices)s).",
    "invalid %(type)s value: %(value)r": "nilai %(value)r tidak dapat dipakai.",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r tidak dikenal; pilih: %(choices)s.",
    "invalid choice: %(value)r, maybe you meant %(suggestion)r? (choose from %(choices)s)": (
        "%(value)r tidak dikenal; mungkin %(suggestion)r? Pilih: %(choices)s."
    ),
}


def _said(text: str) -> str:
    return SENTENCES.get(text, text)


# argparse asks these two names of its module for every sentence; without a catalogue of its own they answer in English
vars(argparse).update({"_": _said, "ngettext": lambda one, many, count: _said(one if count == 1 else many)})


class Parser(argparse.ArgumentParser):
    """A parser that says one sentence and how the command is written, and leaves with 2."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("allow_abbrev", False)
        super().__init__(*args, **options)

    def error(self, message: str) -> NoReturn:
        plain = re.sub(r"^(?:NOUN|WORD): ", "", message)
        self.exit(2, f"{plain}\n{self.format_usage()}")


def day(text: str) -> date:
    """A day as `2026-03-31`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' bukan tanggal. Tulis seperti 2026-03-31.") from None
