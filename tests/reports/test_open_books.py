"""Books leave the house whole: hledger adds them up to our figures, beancount's grammar holds, CSV comes back in."""

import csv
import io
import re
import subprocess
from collections import defaultdict
from datetime import date

import pytest

from core.actor import Actor
from core.errors import NotAllowed
from reports.catalog import run
from reports.open_books import UnknownJournalFormat, export_journal
from services.coops.commands import create
from tests.imports.conftest import DATA, importer, take
from tests.reports.story import book

END = date(2026, 12, 31)
NASTY = (
    "; ini bukan komentar", 'kutip "dua" \\ garis', "  dua  spasi\tdan tab ", "=cmd|' /C calc'!A0", "koma, titik: dua",
    "(kurung) * bintang ! seru | pipa",
)  # fmt: skip


def exported(world, actor: Actor, form: str, **days) -> str:
    with world.reading(actor) as session:
        return "".join(export_journal(session, actor, form, **days))


def hledger(journal: str, *command: str) -> list[list[str]]:
    """What hledger makes of a journal, as rows of CSV."""
    done = subprocess.run(
        ["hledger", "-f", "-", *command, "-O", "csv"], input=journal, capture_output=True, text=True, check=True
    )
    return list(csv.reader(io.StringIO(done.stdout)))[1:]


def amount(text: str) -> int:
    return int(re.sub(r"[^0-9-]", "", text) or 0)


def sums_of_hledger(journal: str) -> dict[str, int]:
    rows = hledger(journal, "balance", "--flat", "--no-total")
    return {account.split(":")[1].split(" ")[0]: amount(text) for account, text in rows if amount(text)}


def totals_of_hledger(journal: str, command: str) -> list[int]:
    """The total of each section of a statement, and its net at the end."""
    rows = [row for row in hledger(journal, command, "--flat") if len(row) == 2]
    return [amount(text) for name, text in rows if name.casefold().strip(":") in {"total", "net"}]


def sums_of_ours(world, actor: Actor, day: date = END) -> dict[str, int]:
    with world.reading(actor) as session:
        trial = run(session, actor, "trial-balance", as_of=day)
    return {row.code: row.debit_rp - row.credit_rp for row in trial.rows}


def books_of(world, name: str, slug: str = "") -> Actor:
    """A cooperative with the chart of a shipped set of books; with the journal when it is the first of that name."""
    with world.database.platform("test", writes=True) as session:
        chart = DATA / "books" / name / "chart.csv"
        made, _, _ = create(session, slug=slug or name, name=name.title(), chart_name=chart)
    actor = importer(world, made)
    if not slug:
        take(world, "journal", DATA / "books" / name / "journal.csv", actor=actor)
    return actor


@pytest.fixture(params=["story", "textbook", "household"])
def books(request, told) -> tuple[object, Actor, date, date]:
    """(world, who, first day, last day) of three sets of books, one with texts that bite."""
    if request.param == "story":
        for n, memo in enumerate(NASTY):
            book(told, date(2026, 3, 31), memo, ("11012", "PUSAT", 1_000), ("11011", "PUSAT", -1_000), source=f"n:{n}")
        return told, told.bendahara, date(2025, 12, 1), date(2026, 12, 31)
    last = date(2010, 1, 31) if request.param == "textbook" else date(2014, 10, 11)
    return told, books_of(told, request.param), date(2010, 1, 1), last


def test_hledger_adds_up_to_our_trial_balance_balance_sheet_and_result(books):
    world, who, first, last = books
    journal = exported(world, who, "hledger")
    subprocess.run(["hledger", "-f", "-", "check", "--strict"], input=journal, text=True, check=True)
    assert sums_of_hledger(journal) == sums_of_ours(world, who, last)
    with world.reading(who) as session:
        neraca = run(session, who, "balance-sheet", as_of=last).totals
        phu = run(session, who, "income-statement", since=first, until=last).totals
    assets_rp, liabilities_rp, net_rp = totals_of_hledger(journal, "balancesheet")
    assert (assets_rp, liabilities_rp) == (neraca["assets_rp"], neraca["liabilities_rp"])
    assert net_rp == neraca["equity_rp"]
    *_, unclosed_rp = totals_of_hledger(journal, "balancesheetequity")
    income_rp, expense_rp, result_rp = totals_of_hledger(journal, "incomestatement")
    assert unclosed_rp == result_rp == income_rp - expense_rp == phu["surplus_rp"]


def test_hledger_counts_our_entries(books):
    world, who, *_ = books
    journal = exported(world, who, "hledger")
    entries = {row[0] for row in hledger(journal, "print")}
    with world.reading(who) as session:
        count = run(session, who, "journal", since=date(2000, 1, 1), until=END).count
    assert len(entries) == count


_DIRECTIVE = re.compile(r'option "[a-z_]+" "(?:[^"\\]|\\.)*"|\d{4}-\d\d-\d\d open (?P<opened>\S+) IDR')
_ACCOUNT = re.compile(r"(?:Assets|Liabilities|Equity|Income|Expenses)(?::[A-Z0-9][A-Za-z0-9-]*)+")
_HEAD = re.compile(r'\d{4}-\d\d-\d\d \* "(?:[^"\\]|\\.)*"')
_META = re.compile(r'  (?:nomor|asal|bukti): "(?:[^"\\]|\\.)*"')
_POSTING = re.compile(r"  (\S+)  (-?\d+) IDR")


def test_beancount_s_grammar_holds_and_its_entries_balance(books):
    world, who, _, last = books
    opened, sums, balance = set(), defaultdict(int), 0
    for line in exported(world, who, "beancount").splitlines():
        if posting := _POSTING.fullmatch(line):
            assert posting[1] in opened
            assert _ACCOUNT.fullmatch(posting[1])
            sums[posting[1]] += int(posting[2])
            balance += int(posting[2])
        elif directive := _DIRECTIVE.fullmatch(line):
            assert directive["opened"] not in opened
            opened |= {directive["opened"]} - {None}
        else:
            assert line == "" or _HEAD.fullmatch(line) or _META.fullmatch(line), line
            assert balance == 0 or line.startswith("  ")
    assert balance == 0
    ours = sorted(sums_of_ours(world, who, last).values())
    assert sorted(rp for rp in sums.values() if rp) == ours


@pytest.mark.parametrize("name", ["textbook", "household"])
def test_csv_taken_out_of_one_cooperative_and_into_another_gives_the_same_books(told, tmp_path, name):
    here = books_of(told, name)
    (tmp_path / "jurnal.csv").write_text(exported(told, here, "csv"), "utf-8")
    there = books_of(told, name, slug=f"{name}-dua")
    take(told, "journal", tmp_path / "jurnal.csv", actor=there)
    assert sums_of_ours(told, there) == sums_of_ours(told, here)


def test_no_text_in_csv_is_taken_for_a_formula(told):
    for n, memo in enumerate(["=cmd|' /C calc'!A0", "+62 812", "-5%", "@SUM(A1)", "\t=1"]):
        book(told, date(2026, 3, 31), memo, ("11012", "PUSAT", 1_000), ("11011", "PUSAT", -1_000), source=f"n:{n}")
    rows = list(csv.reader(io.StringIO(exported(told, told.bendahara, "csv", since=date(2026, 3, 31)))))
    texts = {cell for row in rows for cell in row}
    assert {"'=cmd|' /C calc'!A0", "'+62 812", "'-5%", "'@SUM(A1)", "'=1"} <= texts
    assert [text for text in texts if text.startswith(("=", "+", "-", "@"))] == []


def test_days_narrow_what_leaves(told):
    march = exported(told, told.bendahara, "hledger", since=date(2026, 3, 1), until=date(2026, 3, 31))
    assert "Beli laptop" in march
    assert "Gaji Februari" not in march
    assert "Konsumsi RAT" not in march


def test_the_neighbour_s_books_stay_at_home(told):
    assert "77777" not in exported(told, told.bendahara, "hledger")
    theirs = exported(told, told.other_actors["bendahara"], "hledger")
    assert "Siti" not in theirs
    assert "77777" in theirs


def test_a_form_that_is_none_and_a_person_who_may_not(told):
    with pytest.raises(UnknownJournalFormat, match="hledger, beancount, atau csv"):
        exported(told, told.bendahara, "quickbooks")
    with pytest.raises(NotAllowed):
        exported(told, told.petugas, "csv")
