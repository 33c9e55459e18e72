"""A cooperative's year from its workbooks, clean and as real offices keep them: the known result to the rupiah."""

import json
import shutil
from datetime import date

import pytest

from models.ledger import Account
from models.members import Member
from models.savings import OpeningLoan
from services.ledger.balances import balances
from tests.conftest import open_world
from tests.imports import not_booked
from tests.imports.conftest import WORKBOOKS, importer, look, take, told

EXPECTED = json.loads((WORKBOOKS / "expected.json").read_text("utf-8"))
# the last day up to which every withdrawal is covered without the payroll's deposits, and the day before the first exit
CUT = date(2026, 2, 25)


@pytest.fixture(scope="module", params=["A0", "A1"])
def year(request, template, tmp_path_factory):
    path = tmp_path_factory.mktemp("year") / "world.db"
    shutil.copy(template, path)
    world = open_world(f"sqlite:///{path}")
    folder = WORKBOOKS / request.param
    booked = {
        "01": take(world, "members", folder / "01_anggota_dan_saldo_awal.xlsx"),
        "02": take(world, "opening", folder / "02_neraca_saldo_awal.xlsx"),
        "09": take(world, "members", folder / "09_anggota_masuk_2026.xlsx"),
        "06": take(world, "journal", folder / "06_jurnal_umum_2026.xlsx"),
        "07": take(world, "cash", folder / "07_mutasi_kas_anggota_2026.xlsx", until=CUT),
    }
    yield world, folder, {number: one.counts for number, one in booked.items()}
    world.assert_books_hold()
    world.database.engine.dispose()


def _trial_balance(world, as_of: date) -> dict[str, int]:
    with world.reading() as session:
        codes = {account.id: account.code for account in session.query(Account)}
        held = balances(session, world.coop.id, as_of)
    return {
        codes[account_id]: amount for account_id, amount in sorted(held.items(), key=lambda p: codes[p[0]]) if amount
    }


def test_what_was_booked_is_counted(year):
    assert year[2] == {
        "01": {"anggota": 114}, "02": {"akun": 27}, "09": {"anggota": 8}, "06": {"jurnal": 671, "baris": 2615},
        "07": {"mutasi": 10, "anggota keluar": 0},
    }  # fmt: skip


def test_the_opening_is_the_known_one(year):
    assert _trial_balance(year[0], date(2025, 12, 31)) == EXPECTED["opening"]["trial_balance"]


def test_every_month_end_is_the_known_one_less_what_is_not_booked(year):
    effects = not_booked.settlements() + not_booked.payouts() + not_booked.cash_after(CUT)
    for day, known in EXPECTED["month_end"].items():
        as_of = date.fromisoformat(day)
        wanted = not_booked.trial_balance_less(known["trial_balance"], effects, as_of)
        assert _trial_balance(year[0], as_of) == wanted, day


def test_members_and_their_loans_are_taken_over(year):
    world = year[0]
    with world.reading() as session:
        assert session.query(Member).filter(Member.state == "active").count() == EXPECTED["control"]["members_total"]
        loans = session.query(OpeningLoan).all()
        assert sum(loan.outstanding_rp for loan in loans) == EXPECTED["opening"]["trial_balance"]["11051"]
        one = session.query(Member).filter(Member.number == "0006").one()
        assert (one.name, one.birth_place, one.birth_on) == ("Prima Hartati", "Solok", date(1987, 4, 1))


def test_exits_and_withdrawals_that_depend_on_the_payroll_are_refused(year):
    world, folder, _ = year
    shown = look(world, "cash", folder / "07_mutasi_kas_anggota_2026.xlsx", actor=importer(world), again=True)
    assert {problem.sheet for problem in shown.problems} == {"Keluar", "Mutasi"}
    assert "tertulis Rp 7.050.000, menurut buku Rp 6.850.000, selisih Rp 200.000" in told(shown)[0] + "".join(
        told(shown)
    )
    exits = [problem for problem in shown.problems if problem.sheet == "Keluar"]
    assert len({problem.row for problem in exits}) == EXPECTED["control"]["left"]
