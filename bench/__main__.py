"""`./run.sh bench [NAME] [--json FILE]`: a table of measures, each beside its peer; exit 1 when a goal is missed."""

import argparse
import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

from bench.measure import Result, machine

NAMES = {
    "posts": "bench.posts",
    "balance-sheet": "bench.balance_sheet",
    "import": "bench.imports",
    "products": "bench.products",
    "catalogue": "bench.catalogue",
    "schedules": "bench.schedules",
    "payroll": "bench.payroll",
    "memory": "bench.memory",
}
_MARKS = {True: "met", False: "MISSED", None: "-"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run.sh bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=list(NAMES), help="one measure instead of all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results here")
    arguments = parser.parse_args()
    results: list[Result] = []
    print(f"{machine()}\n", flush=True)
    for name in [arguments.name] if arguments.name else NAMES:
        for result in importlib.import_module(NAMES[name]).run():
            results.append(result)
            print(_line(result), flush=True)
    if arguments.json:
        told = [{**asdict(result), "met": result.met} for result in results]
        arguments.json.write_text(json.dumps({"machine": machine(), "results": told}, indent=1) + "\n", "utf-8")
    return int(any(result.met is False for result in results))


def _line(result: Result) -> str:
    ratio = "-" if result.ratio is None else f"{result.ratio:.2f}"
    wanted = result.goal or ("" if result.within_s is None else f"<= {result.within_s:g} s")
    goal = f"goal {wanted}: {_MARKS[result.met]}" if wanted else "for information"
    return f"{result.name:26} {result.ours:32} {result.peer:36} ratio {ratio:>6}  {goal}\n{'':26} {result.note}"


if __name__ == "__main__":
    sys.exit(main())
