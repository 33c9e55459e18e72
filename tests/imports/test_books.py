"""Journals whose trial balances other programs computed, imported with a chart of their own into empty books."""

import json
from datetime import date

import pytest

from models.ledger import Account, Period
from services.coops.commands import create
from services.ledger.balances import balances
from services.ledger.checks import check_books
from tests.imports.conftest import DATA, importer, look, take, told, warned


@pytest.mark.parametrize("name", ["household", "textbook"])
def test_the_trial_balance_is_the_published_one(world, name):
    folder = DATA / "books" / name
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    with world.database.platform("test", writes=True) as session:
        coop, _, _ = create(session, slug=name, name=name.title(), chart_name=folder / "chart.csv")
    actor = importer(world, coop)
    booked = take(world, "journal", folder / "journal.csv", actor=actor)
    assert booked.counts == {"jurnal": expected["entries"], "baris": expected["lines"]}
    with world.reading(actor) as session:
        codes = {account.id: account.code for account in session.query(Account)}
        held = balances(session, coop.id, date.fromisoformat(expected["last"]))
        assert check_books(session, coop.id) == []
    wanted = {row["code"]: row["debit_rp"] - row["credit_rp"] for row in expected["trial_balance"]}
    found = {codes[account_id]: amount for account_id, amount in held.items()}
    assert {code: amount for code, amount in found.items() if amount} == {c: a for c, a in wanted.items() if a}


def test_empty_books_open_the_years_of_history_and_say_so(world, sheet):
    rows = [("entry", "date", "account", "debit", "credit", "memo"),
            (1, "2024-05-01", "11011", 5000, "", "Awal"), (1, "2024-05-01", "3105", "", 5000, "Awal")]  # fmt: skip
    path = sheet("lama.csv", *rows)
    shown = look(world, "journal", path)
    assert "tahun buku 2024 akan dibuka" in warned(shown)
    take(world, "journal", path)
    with world.reading() as session:
        assert session.query(Period).filter(Period.starts_on == date(2024, 5, 1)).one().state == "open"
    older = sheet("tua.csv", rows[0], (1, "2023-05-01", "11011", 5000, "", ""), (1, "2023-05-01", "3105", "", 5000, ""))
    assert "tahun buku 2023 belum dibuka" in "".join(told(look(world, "journal", older)))


def test_accounts_may_be_named_by_code_by_name_or_by_both(world, sheet):
    path = sheet(
        "nama.csv",
        ("entry", "date", "account", "debit", "credit", "memo"),
        (1, "2026-01-05", "kas besar", 5000, "", ""),
        (1, "2026-01-05", "3105 - Hibah/Donasi", "", 5000, ""),
    )
    assert take(world, "journal", path).counts == {"jurnal": 1, "baris": 2}
