"""Who sees which books, who may not write, and how little a report asks of the database."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event, insert

from core.errors import NotAllowed, NotFound
from models.coops import Unit
from models.ledger import Account, AccountRole
from models.transaction import ReadOnlyViolation
from reports.catalog import CATALOG, run
from reports.export import render
from reports.journal import journal_entry
from reports.refusals import DayOutOfReach, MissingChoice, NoCashAccounts, PeriodReversed, UnknownReport
from services.ledger.refusals import HeaderAccount, UnknownAccount
from tests.reports.story import book

MARCH_31 = date(2026, 3, 31)
CHOICES = {"as_of": MARCH_31, "since": date(2026, 1, 1), "until": MARCH_31, "account": "11011", "member": "0001"}


@pytest.mark.parametrize("name", CATALOG)
def test_the_neighbour_s_books_are_not_in_ours_nor_ours_in_theirs(told, name):
    theirs = told.other_actors["bendahara"]
    with told.reading() as session:
        ours = render(run(session, told.bendahara, name, **CHOICES), "text").decode()
    assert "77.777" not in ours
    assert "Tetangga" not in ours
    with told.reading(theirs) as session:
        if name in {"member-statement", "member-month"}:
            with pytest.raises(NotFound):
                run(session, theirs, name, **CHOICES)
            return
        text = render(run(session, theirs, name, **CHOICES), "text").decode()
    assert "Siti" not in text
    assert "8.025.000" not in text
    assert "Koperasi Tetangga Jaya" in text


def test_a_session_of_one_cooperative_shows_no_figure_of_another_whoever_asks(told):
    with told.reading(told.other_actors["bendahara"]) as session:
        crossed = run(session, told.bendahara, "balance-sheet", **CHOICES)
    assert set(crossed.totals.values()) == {0}


def test_an_entry_of_the_neighbour_is_not_there(told):
    with told.reading(told.other_actors["bendahara"]) as session, pytest.raises(NotFound):
        journal_entry(session, told.other_actors["bendahara"], 7)
    with told.reading() as session:
        shown = journal_entry(session, told.bendahara, 2)
    assert [line.member for line in shown.entries[0].lines if line.member] == ["0001 Siti Aminah"]


@pytest.mark.parametrize("name", CATALOG)
def test_without_its_permission_a_report_is_refused(told, name):
    nobody = replace(told.bendahara, permissions=frozenset({"panel.enter"}))
    with told.reading() as session, pytest.raises((NotAllowed, NotFound)):
        run(session, nobody, name, **CHOICES)


def test_a_member_reads_their_own_card_and_nobody_else_s(told):
    siti = replace(told.bendahara, permissions=frozenset({"own.view"}), member_id=1)
    with told.reading() as session:
        assert run(session, siti, "member-statement", **{**CHOICES, "member": 1}).name == "Siti Aminah"
        with pytest.raises(NotFound):
            run(session, replace(siti, member_id=2), "member-statement", **{**CHOICES, "member": 1})


def test_a_session_for_reading_writes_nothing_at_all(told):
    with told.reading() as session:
        run(session, told.bendahara, "balance-sheet", **CHOICES)
        with pytest.raises(ReadOnlyViolation):
            session.execute(insert(Unit).values(coop_id=told.coop.id, code="X", name="X", is_default=False))


@contextmanager
def asked(world):
    """The statements sent meanwhile."""
    sent: list[str] = []

    def listen(_c, _cursor, statement, *_):
        sent.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(world.database.engine, "before_cursor_execute", listen)


def questions(world, name) -> int:
    with world.reading() as session:
        run(session, world.bendahara, name, **CHOICES)  # what is asked once per session is not counted
        with asked(world) as sent:
            run(session, world.bendahara, name, **CHOICES)
    return len(sent)


def test_a_report_asks_as_much_of_large_books_as_of_small_ones(told):
    small = {name: questions(told, name) for name in CATALOG}
    for n in range(40):
        sides = (("11012", "PUSAT", 1_000), ("11011", "PUSAT", -1_000))
        book(told, date(2026, 1 + n % 3, 1 + n % 28), f"Kas kecil {n}", *sides, source=f"more:{n}")
    for n in range(3):
        told.member(f"Anggota {n}")
    assert {name: questions(told, name) for name in CATALOG} == small
    assert max(small.values()) <= 20


class TestBadChoices:
    def refused(self, told, refusal, name, match, **choices):
        with told.reading() as session, pytest.raises(refusal, match=match):
            run(session, told.bendahara, name, **{**CHOICES, **choices})

    def test_a_report_that_is_none(self, told):
        self.refused(told, UnknownReport, "neraka", "balance-sheet, income-statement")

    def test_days_the_wrong_way_round(self, told):
        self.refused(told, PeriodReversed, "journal", "Tukar kedua tanggal", since=date(2026, 5, 1))

    @pytest.mark.parametrize("day", [date(1, 1, 1), date(1899, 12, 31), date(9999, 12, 31)])
    @pytest.mark.parametrize("name", ["balance-sheet", "cash-flow", "general-ledger", "savings-summary"])
    def test_days_beyond_any_books(self, told, name, day):
        self.refused(told, DayOutOfReach, name, "antara tahun 1900 dan 2199", as_of=day, until=day, since=day)

    def test_an_account_that_is_none_or_a_heading_or_left_out(self, told):
        self.refused(told, UnknownAccount, "general-ledger", "99999", account="99999")
        self.refused(told, UnknownAccount, "cash-book", "3201", account="3201")
        self.refused(told, HeaderAccount, "general-ledger", "akun induk", account="1101")
        self.refused(told, MissingChoice, "general-ledger", "akun", account=None)

    def test_a_member_that_is_none_or_left_out(self, told):
        self.refused(told, NotFound, "member-statement", "Anggota", member="9999")
        self.refused(told, MissingChoice, "member-statement", "anggota", member=None)

    def test_a_unit_that_is_none(self, told):
        self.refused(told, NotFound, "balance-sheet", "Unit usaha PASAR", unit="PASAR")
        self.refused(told, NotFound, "balance-sheet", "Unit usaha", unit=99)


def test_a_chart_without_cash_says_what_to_set(told):
    with told.transaction() as session:
        session.query(AccountRole).delete()
        for account in session.query(Account).filter(Account.type == "asset"):
            account.cash_flow, account.name = None, f"Aset {account.code}"
    with told.reading() as session, pytest.raises(NoCashAccounts, match="Peran akun"):
        run(session, told.bendahara, "cash-flow", **CHOICES)
