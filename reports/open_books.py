"""Open books: the whole journal in the language of any auditor's tool (hledger, beancount) or as plain CSV.

The CSV has the columns `./run.sh import journal` takes, so books can leave one cooperative and enter another.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from core.errors import Refusal
from core.money import Rupiah
from models.coops import Coop
from models.ledger import JournalEntry, JournalLine
from reports.scope import AccountInfo, Who, chart_of, coop_of
from reports.spreadsheet import harmless

_ROOTS = {"asset": "assets", "liability": "liabilities", "equity": "equity", "income": "income", "expense": "expenses"}
_HLEDGER_TYPES = {"asset": "A", "liability": "L", "equity": "E", "income": "R", "expense": "X"}


class UnknownJournalFormat(Refusal):
    code = "reports.unknown_journal_format"
    pesan = "Bentuk jurnal '{name}' tidak ada. Pilih hledger, beancount, atau csv."


@dataclass(frozen=True)
class OpenLine:
    account: AccountInfo
    debit_rp: Rupiah
    credit_rp: Rupiah
    memo: str

    @property
    def net_rp(self) -> Rupiah:
        return self.debit_rp - self.credit_rp


@dataclass(frozen=True)
class OpenEntry:
    booked_on: date
    label: str
    voucher_no: str
    memo: str
    source: str
    lines: tuple[OpenLine, ...]


def export_journal(
    session: Session, who: Who, form: str, *, since: date | None = None, until: date | None = None
) -> Iterator[str]:
    """The journal in the order of booking, piece by piece (a million lines need no memory).

    Raises NotAllowed, UnknownJournalFormat, before anything is written.
    """
    coop_id = coop_of(who, "ledger.view")
    if form not in WRITERS:
        raise UnknownJournalFormat(name=form)
    chart = chart_of(session, coop_id)
    coop = session.get_one(Coop, coop_id)
    return WRITERS[form](coop, chart, _entries(session, coop_id, chart, since, until))


def _entries(
    session: Session, coop_id: int, chart: dict[int, AccountInfo], since: date | None, until: date | None
) -> Iterator[OpenEntry]:
    rows = session.execute(_query(coop_id, since, until), execution_options={"yield_per": 2000})
    for _, group in groupby(rows, key=lambda row: row.seq):
        lines = list(group)
        first = lines[0]
        yield OpenEntry(
            first.booked_on,
            f"{first.year}/{first.number:05d}",
            first.voucher_no,
            first.memo,
            first.source,
            tuple(OpenLine(chart[row.account_id], row.debit_rp, row.credit_rp, row.line_memo) for row in lines),
        )


def _query(coop_id: int, since: date | None, until: date | None) -> Select[*tuple[Any, ...]]:
    entry, line = JournalEntry, JournalLine
    query = (
        select(
            entry.seq, entry.year, entry.number, entry.booked_on, entry.voucher_no, entry.memo, entry.source,
            line.account_id, line.debit_rp, line.credit_rp, line.memo.label("line_memo"),
        )
        .join(line, and_(line.coop_id == entry.coop_id, line.entry_seq == entry.seq))
        .where(entry.coop_id == coop_id)
        .order_by(entry.seq, line.position)
    )  # fmt: skip
    if since is not None:
        query = query.where(entry.booked_on >= since)
    return query if until is None else query.where(entry.booked_on <= until)


def _hledger(coop: Coop, chart: dict[int, AccountInfo], entries: Iterator[OpenEntry]) -> Iterator[str]:
    yield f"; {_plain(coop.name)}: jurnal untuk hledger\n\ndecimal-mark .\ncommodity 1000. IDR\n\n"
    for account in chart.values():
        if not account.is_header:
            yield f"account {_hledger_name(account)}  ; type:{_HLEDGER_TYPES[account.type]}\n"
    for entry in entries:
        voucher = f", bukti:{_tag(entry.voucher_no)}" if entry.voucher_no else ""
        yield f"\n{entry.booked_on} * ({entry.label}) {_plain(entry.memo)}  ; asal:{_tag(entry.source)}{voucher}\n"
        for line in entry.lines:
            note = f"  ; {_plain(line.memo)}" if line.memo else ""
            yield f"    {_hledger_name(line.account)}  {line.net_rp} IDR{note}\n"


def _hledger_name(account: AccountInfo) -> str:
    return f"{_ROOTS[account.type]}:{account.code} {_plain(account.name).replace(':', ' -')}"


def _plain(text: str) -> str:
    """One line, single spaces, without the sign that begins a comment."""
    return " ".join(text.replace(";", ",").split())


def _tag(text: str) -> str:
    return _plain(text).replace(",", " ")  # a comma ends a tag


def _beancount(coop: Coop, chart: dict[int, AccountInfo], entries: Iterator[OpenEntry]) -> Iterator[str]:
    yield f'option "title" "{_quoted(coop.name)}"\noption "operating_currency" "IDR"\n\n'
    opened = "1900-01-01"
    for account in chart.values():
        if not account.is_header:
            yield f"{opened} open {_beancount_name(account)} IDR\n"
    for entry in entries:
        yield f'\n{entry.booked_on} * "{_quoted(entry.memo)}"\n  nomor: "{entry.label}"\n'
        yield f'  asal: "{_quoted(entry.source)}"\n'
        if entry.voucher_no:
            yield f'  bukti: "{_quoted(entry.voucher_no)}"\n'
        for line in entry.lines:
            yield f"  {_beancount_name(line.account)}  {line.net_rp} IDR\n"


def _beancount_name(account: AccountInfo) -> str:
    plain = unicodedata.normalize("NFKD", f"{account.code} {account.name}").encode("ascii", "ignore").decode()
    return f"{_ROOTS[account.type].capitalize()}:{re.sub(r'[^A-Za-z0-9]+', '-', plain).strip('-').capitalize()}"


def _quoted(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')


def _csv(coop: Coop, chart: dict[int, AccountInfo], entries: Iterator[OpenEntry]) -> Iterator[str]:
    yield "entry,date,account,debit,credit,memo\n"
    for entry in entries:
        piece = io.StringIO()
        writer = csv.writer(piece, lineterminator="\n")
        for line in entry.lines:
            memo = harmless(" ".join((line.memo or entry.memo).split()))
            amounts = (line.debit_rp or "", line.credit_rp or "")
            writer.writerow([entry.label, entry.booked_on, line.account.code, *amounts, memo])
        yield piece.getvalue()


WRITERS: dict[str, Callable[[Coop, dict[int, AccountInfo], Iterator[OpenEntry]], Iterator[str]]] = {
    "hledger": _hledger,
    "beancount": _beancount,
    "csv": _csv,
}
