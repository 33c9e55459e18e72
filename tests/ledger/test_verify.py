"""Whatever somebody changes behind the house's back, the books' truths find it and say where."""

from datetime import date

import pytest

from models.rls import tables
from models.triggers import statements
from services.ledger import checks
from services.ledger.chart import Role
from services.ledger.checks import check_books
from services.ledger.posting import Posting, credit, debit, post_many
from services.savings.commands import deposit
from tests.tripwire import bare_sql

DAY = date(2026, 3, 5)
COUNT = 12


@pytest.fixture
def tampered(any_world):
    """Twelve entries and a saver; `do(sql)` changes rows with every trigger out of the way."""
    who = any_world.bendahara
    with any_world.transaction() as session:
        lines = [debit(Role.BANK, 1_000), credit(Role.CASH, 1_000)]
        post_many(session, who, [Posting(DAY, f"Jurnal {n}", f"s:{n}", lines) for n in range(COUNT - 1)])
    member_id, product_id = any_world.member(), any_world.product("voluntary")
    with any_world.transaction(any_world.petugas) as session:
        deposit(
            session, any_world.petugas, member_id=member_id, product_id=product_id, amount_rp=9_000, booked_on=DAY,
            token="t",
        )  # fmt: skip
    any_world.assert_books_hold()
    any_world.checked = False

    def do(*commands: str) -> list[str]:
        _without_triggers(any_world, commands)
        with any_world.reading() as session:
            return [f"{found.check}: {found.message}" for found in check_books(session, any_world.coop.id)]

    return do


def _without_triggers(world, commands) -> None:
    database = world.database
    with bare_sql(), database.platform("test", writes=True) as session:
        run = session.connection().exec_driver_sql
        if database.engine.dialect.name == "postgresql":
            for table in tables():
                run(f"alter table {table} disable trigger user")
            for table, key in run(
                "select conrelid::regclass, conname from pg_constraint where contype = 'f' and "
                "conrelid::regclass::text in ('journal_lines', 'journal_entries', 'savings_movements', 'receipts')"
            ).all():
                run(f"alter table {table} drop constraint {key}")
        else:
            run("PRAGMA defer_foreign_keys = ON")
            for (name,) in run("select name from sqlite_master where type = 'trigger'").all():
                run(f"drop trigger {name}")
        for command in commands:
            run(command)


OURS = "coop_id = 1"
FLIPS = {
    "an amount": (f"update journal_lines set debit_rp = 1001 where {OURS} and entry_seq = 5 and debit_rp > 0", 5),
    "both sides": (
        f"update journal_lines set debit_rp = debit_rp * 2, credit_rp = credit_rp * 2 where {OURS} and entry_seq = 5",
        5,
    ),
    "a memo": (f"update journal_entries set memo = 'x' where {OURS} and seq = 7", 7),
    "a voucher": (f"update journal_entries set voucher_no = 'x' where {OURS} and seq = 7", 7),
    "a source": (f"update journal_entries set source = 'x' where {OURS} and seq = 1", 1),
    "a poster": (f"update journal_entries set posted_by = posted_by + 1 where {OURS} and seq = 3", 3),
    "a moment": (f"update journal_entries set posted_at = '2026-01-01 00:00:00+00:00' where {OURS} and seq = 3", 3),
    "a day": (f"update journal_entries set booked_on = '2026-03-06' where {OURS} and seq = 3", 3),
    "a hash": (f"update journal_entries set hash = 'f' where {OURS} and seq = {COUNT}", COUNT),
    "an account": (
        f"update journal_lines set account_id = (select min(account_id) from journal_lines where {OURS} and "
        f"entry_seq = 4) where {OURS} and entry_seq = 4",
        4,
    ),
    "a line's member": (f"update journal_lines set member_id = null where {OURS} and entry_seq = {COUNT}", COUNT),
    "the order of lines": (
        f"update journal_lines set position = 3 - position + 10 where {OURS} and entry_seq = 6", 6,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FLIPS)
def test_a_changed_entry_is_found_and_named(tampered, what):
    command, seq = FLIPS[what]
    found = tampered(command)
    assert any(f"urutan {seq} (2026/{seq})" in line for line in found), found
    chain = [line for line in found if "the_chain" in line]
    assert len(chain) == 1, "only the entry that was changed is accused"


@pytest.mark.parametrize("seq", [1, 6, 11])
def test_an_erased_entry_is_found_at_the_gap(tampered, seq):
    found = tampered(
        f"delete from journal_lines where {OURS} and entry_seq = {seq}",
        f"delete from journal_entries where {OURS} and seq = {seq}",
    )
    assert any(f"urutan {seq + 1} " in line for line in found), found


def test_an_erased_last_entry_is_found_by_its_sums(tampered):
    found = tampered(
        f"delete from receipts where {OURS}",
        f"delete from savings_movements where {OURS}",
        f"delete from journal_lines where {OURS} and entry_seq = {COUNT}",
        f"delete from journal_entries where {OURS} and seq = {COUNT}",
    )
    broken = {line.split(":")[0] for line in found}
    assert broken >= {"months_equal_the_lines", "savings_balances_equal_their_movements"}


def test_entries_that_changed_places_are_found(tampered):
    found = tampered(
        *(f"update journal_{t} set {c} = -3 where {OURS} and {c} = 3" for t, c in PLACES),
        *(f"update journal_{t} set {c} = 3 where {OURS} and {c} = 8" for t, c in PLACES),
        *(f"update journal_{t} set {c} = 8 where {OURS} and {c} = -3" for t, c in PLACES),
    )
    for seq in (3, 8):
        assert any(f"urutan {seq} " in line for line in found), found


PLACES = [("entries", "seq"), ("lines", "entry_seq")]


def test_an_entry_put_in_by_hand_is_found(tampered):
    columns = (
        "coop_id, year, booked_on, memo, voucher_no, total_rp, posted_by, posted_at, content_hash, prev_hash, hash"
    )
    found = tampered(
        f"insert into journal_entries (seq, number, source, {columns}) select 13, 13, 'forged', {columns} "
        f"from journal_entries where {OURS} and seq = 2",
        "insert into journal_lines (entry_seq, coop_id, position, booked_on, account_id, unit_id, debit_rp, credit_rp, "
        "memo) select 13, coop_id, position, booked_on, account_id, unit_id, debit_rp, credit_rp, memo "
        f"from journal_lines where {OURS} and entry_seq = 2",
    )
    assert any("urutan 13 (2026/13)" in line for line in found), found
    assert any(line.startswith("months_equal") for line in found)


def test_a_line_put_into_a_sealed_entry_is_found(tampered):
    found = tampered(
        "insert into journal_lines (entry_seq, coop_id, position, booked_on, account_id, unit_id, debit_rp, credit_rp, "
        "memo) select entry_seq, coop_id, position + 2, booked_on, account_id, unit_id, debit_rp, credit_rp, memo "
        f"from journal_lines where {OURS} and entry_seq = 9"
    )
    assert any("urutan 9 (2026/9)" in line for line in found), found


OTHER_TRUTHS = {
    "account_months": (f"update account_months set debit_rp = debit_rp + 1 where {OURS}", "months_equal_the_lines"),
    "savings_accounts": (
        f"update savings_accounts set balance_rp = 8999 where {OURS}", "savings_balances_equal_their_movements",
    ),
    "savings_movements": (
        f"update savings_movements set amount_rp = 8999 where {OURS}", "every_savings_movement_is_booked",
    ),
    "audit_records": (
        f"update audit_records set subject = 'member:999' where {OURS} and seq = 2", "the_audit_trail_is_unbroken",
    ),
    "audit_records erased": (f"delete from audit_records where {OURS} and seq = 2", "the_audit_trail_is_unbroken"),
    "periods": (f"delete from periods where {OURS} and starts_on = '2026-03-01'", "every_entry_lies_in_a_period"),
    "receipts": (f"update receipts set number = 7 where {OURS}", "every_receipt_is_counted_and_booked"),
    "receipts raised": (f"update receipts set amount_rp = 1 where {OURS}", "every_receipt_is_counted_and_booked"),
}  # fmt: skip


@pytest.mark.parametrize("what", OTHER_TRUTHS)
def test_every_other_truth_is_watched_too(tampered, what):
    command, check = OTHER_TRUTHS[what]
    assert check in {line.split(":")[0] for line in tampered(command)}


def test_the_neighbour_is_not_accused(tampered, any_world):
    tampered(FLIPS["a memo"][0])
    with any_world.reading(any_world.other.id) as session:
        assert check_books(session, any_world.other.id) == []


def test_every_truth_of_the_list_has_a_name_and_a_sentence():
    for check in checks.CHECKS:
        assert check.__doc__
        assert check.__name__.islower()


def test_verifying_streams_the_chain(world, monkeypatch):
    """Entries are read in bunches, never all at once."""
    with world.transaction() as session:
        lines = [debit(Role.BANK, 1), credit(Role.CASH, 1)]
        post_many(session, world.bendahara, [Posting(DAY, "x", f"s:{n}", lines) for n in range(300)])
    with world.reading() as session:
        stream = checks._entries_with_lines(session, world.coop.id)
        first, content = next(stream)
        assert (first.seq, len(content)) == (1, 2)
        assert sum(1 for _ in stream) == 299


def test_both_databases_have_a_trigger_for_each_rule():
    assert len(list(statements("sqlite"))) > 0 < len(list(statements("postgresql")))
