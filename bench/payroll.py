"""A payroll month of a thousand borrowers: previewed and booked, beside bare writes of as many rows."""

import sqlite3
from datetime import date
from decimal import Decimal
from functools import partial

from sqlalchemy import func, select

from bench.measure import Result, books, folder, median, seconds
from bench.posts import bare_file
from core.actor import Actor
from core.clock import today
from models.ledger import JournalLine
from models.transaction import Database
from services.ledger.checks import check_books
from services.loans import history
from services.loans.history import PaidOut
from services.members import commands as members
from services.members.commands import PersonData
from services.payroll import lists, settlement
from services.payroll.settlement import Received, Settlement

MEMBERS, MONTHS = 1_000, 5


def run() -> list[Result]:
    """Everybody saves and pays a loan off; each month all of it comes."""
    year = today().year - 1
    sent, previewed, booked, bare = [], [], [], []
    with folder() as place:
        database, actor = books(f"sqlite:///{place / 'books.db'}")
        _lend(database, actor, date(year, 1, 12))
        plain = bare_file(place / "bare.db")
        for month in (date(year, number, 1) for number in range(2, 2 + MONTHS)):
            sent.append(seconds(partial(_send, database, actor, month)))
            with database.reading(actor) as session:
                previewed.append(seconds(partial(_preview, session, actor, month)))
                offered = _preview(session, actor, month)
            rows: list[int] = []
            booked.append(seconds(lambda offered=offered, rows=rows: rows.append(_book(database, actor, offered))))
            bare.append(seconds(partial(_write, plain, *rows)))
        with database.reading(actor) as session:
            assert check_books(session, actor.coop_id) == []
            lines = session.scalar(select(func.count()).select_from(JournalLine)) or 0
        database.engine.dispose()
    note = f"{MEMBERS:,} members, {MONTHS} months, {lines // MONTHS:,} journal lines a month"
    peer = median(bare)
    return [
        Result("payroll list, sent", f"{median(sent):.2f} s", "", None, note=note),
        Result("payroll, previewed", f"{median(previewed):.2f} s", "", None, note=note, seconds=median(previewed),
               within_s=2),
        Result("payroll, booked", f"{median(booked):.2f} s", f"{peer:.3f} s bare writes of as many rows",
               median(booked) / peer, note=note, seconds=median(booked), within_s=5),
    ]  # fmt: skip


def _lend(database: Database, actor: Actor, paid_on: date) -> None:
    people = [(PersonData(f"Anggota {number}"), f"{number:05d}", paid_on) for number in range(1, MEMBERS + 1)]
    with database.transaction(actor) as session:
        enrolled = members.enroll_many(session, actor, people)
        first_due_on = paid_on.replace(month=2, day=25)
        loans = [
            PaidOut(member, f"U/{member.number}", 12_000_000, 12_000_000, 24, 60_000, paid_on, paid_on, paid_on,
                    first_due_on, rate_pct=Decimal(1))
            for member in enrolled
        ]  # fmt: skip
        history.book_paid_out(session, actor, loans, history.usual_product(session, actor))


def _send(database: Database, actor: Actor, month: date) -> None:
    with database.transaction(actor) as session:
        lists.send(session, actor, lists.preview(session, actor, month))


def _preview(session, actor: Actor, month: date) -> Settlement:  # type: ignore[no-untyped-def]
    sent = lists.of_month(session, actor, month)
    assert sent is not None
    received = [Received(line.member_id, line.total_rp) for line in lists.lines(session, sent)]
    return settlement.preview(session, actor, sent.id, received, paid_on=month.replace(day=25))


def _book(database: Database, actor: Actor, offered: Settlement) -> int:
    """How many rows it wrote."""
    with database.transaction(actor) as session:
        file = session.connection().connection.driver_connection
        assert isinstance(file, sqlite3.Connection)
        before = file.total_changes
        settlement.book(session, actor, offered)
        return file.total_changes - before


def _write(connection: sqlite3.Connection, rows: int) -> None:
    connection.execute("begin immediate")
    for number in range(rows):
        connection.execute("insert into line (account, debit, credit) values (1, ?, 0)", (number,))
    connection.execute("commit")
