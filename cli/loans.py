"""`loan-schedule`: the installments of a loan, without any cooperative."""

import argparse
import json
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from core.display import number, rupiah
from services.loans.schedule import Installment, Terms, effective_annual_pct, periods_per_year, schedule


def add_parser(subparsers: Any) -> None:
    """`run` set to its handler: (arguments) -> exit code."""
    parser = subparsers.add_parser("loan-schedule", help="jadwal angsuran pinjaman")
    parser.add_argument("--principal", required=True, type=_rupiah, metavar="RP", help="plafon, rupiah bulat")
    parser.add_argument("--rate", required=True, type=_percent, metavar="PERSEN", help="bunga, misalnya 12 atau 1.5")
    parser.add_argument("--rate-basis", choices=["year", "month", "term"], default="year", help="bunga per apa")
    parser.add_argument("--method", required=True, choices=["flat", "effective", "annuity"], help="cara hitung")
    parser.add_argument("--term", required=True, type=_count, metavar="N", help="berapa kali angsuran")
    parser.add_argument("--period", choices=["month", "week", "day"], default="month", help="jarak angsuran")
    parser.add_argument("--first-due", type=_day, metavar="TGL", help="jatuh tempo pertama (2026-01-31)")
    parser.add_argument("--round-to", type=_rupiah, default=1, metavar="RP", help="dibulatkan ke kelipatan ini")
    parser.add_argument(
        "--round-what", choices=["installment", "parts"], default="installment", help="apa yang dibulatkan"
    )
    parser.add_argument(
        "--round-mode", choices=["half-up", "half-even", "down", "up"], default="half-up", help="cara membulatkan"
    )
    parser.add_argument("--grace", type=_count, default=0, metavar="N", help="angsuran pertama yang hanya bunga")
    parser.add_argument("--format", dest="form", choices=["text", "json"], default="text", help="bentuk")
    parser.set_defaults(run=draw)


def draw(arguments: argparse.Namespace) -> int:
    """Print the schedule. Raises TermsInvalid."""
    terms = Terms(
        principal_rp=arguments.principal,
        rate_pct=arguments.rate,
        rate_basis=arguments.rate_basis,
        method=arguments.method,
        periods=arguments.term,
        period=arguments.period,
        first_due=arguments.first_due,
        round_to_rp=arguments.round_to,
        round_what=arguments.round_what,
        round_mode=arguments.round_mode,
        grace=arguments.grace,
    )
    rows = schedule(terms)
    yearly = effective_annual_pct(rows, terms.principal_rp, periods_per_year(terms))
    print(_json(rows, yearly) if arguments.form == "json" else _text(rows, yearly))
    return 0


def _json(rows: list[Installment], yearly: Decimal) -> str:
    return json.dumps(
        {
            "rows": [
                {
                    "no": row.no,
                    "due_on": row.due_on.isoformat() if row.due_on else None,
                    "principal_rp": row.principal_rp,
                    "interest_rp": row.interest_rp,
                    "installment_rp": row.installment_rp,
                    "balance_rp": row.balance_rp,
                }
                for row in rows
            ],
            "totals": {
                "principal_rp": sum(row.principal_rp for row in rows),
                "interest_rp": sum(row.interest_rp for row in rows),
                "installment_rp": sum(row.installment_rp for row in rows),
                "effective_annual_pct": str(yearly),
            },
        },
        indent=2,
    )


def _text(rows: list[Installment], yearly: Decimal) -> str:
    head = f"{'ke':>4}  {'jatuh tempo':<11} {'pokok':>16} {'jasa':>16} {'angsuran':>16} {'sisa':>16}"
    lines = [
        f"{row.no:>4}  {row.due_on or ''!s:<11} {number(row.principal_rp):>16} {number(row.interest_rp):>16} "
        f"{number(row.installment_rp):>16} {number(row.balance_rp):>16}"
        for row in rows
    ]
    interest = rupiah(sum(row.interest_rp for row in rows))
    told = f"Jumlah jasa {interest}. Bunga efektif {str(yearly).replace('.', ',')} persen per tahun."
    return "\n".join([head, *lines, told])


def _rupiah(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"'{text}' bukan rupiah bulat. Tulis angka saja, misalnya 12000000.")
    return int(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise argparse.ArgumentTypeError(f"'{text}' bukan bilangan bulat.")
    return int(text)


def _percent(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"'{text}' bukan angka persen. Tulis misalnya 12 atau 1.5.") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' bukan tanggal. Tulis seperti 2026-03-31.") from None
