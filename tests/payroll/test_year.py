"""A year of a real-shaped employee cooperative through the services: equal to the rupiah at every month end."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from models.ledger import Account
from models.loans import Loan, LoanProduct
from models.members import Member
from models.savings import SavingsBill, SavingsProduct
from services.ledger import balances, opening
from services.ledger.posting import Posting, credit, debit, post_many
from services.loans import arrears, exits, history, products
from services.members.commands import PersonData, enroll_many
from services.payroll import lists, settlement
from services.payroll.settlement import Received
from services.savings.commands import CashMovement, OpeningBalance, move_many, open_balances

BOOKS = Path("/work/shared/workbooks/A0")
EXPECTED = json.loads((BOOKS / "expected.json").read_text("utf-8"))
START = date(2025, 12, 31)


def rows(name: str, sheet: str | None = None, head: int = 1) -> Iterator[dict]:
    book = openpyxl.load_workbook(BOOKS / name, data_only=True)
    page = book[sheet] if sheet else book.worksheets[0]
    found = list(page.iter_rows(values_only=True))
    titles = found[head - 1]
    for row in found[head:]:
        yield {
            title: value.date() if isinstance(value, datetime) else value
            for title, value in zip(titles, row, strict=True)
        }


class Year:
    """The cooperative as its books are told, day by day."""

    def __init__(self, world) -> None:
        self.world = world
        self.who = replace(world.bendahara, permissions=world.bendahara.permissions | world.ketua.permissions)
        self.members: dict[str, Member] = {}

    def events(self) -> list[tuple[date, int, object]]:
        """(day, order within the day, what to do): as the set's README orders them."""
        found: list[tuple[date, int, object]] = []
        for row in rows("09_anggota_masuk_2026.xlsx"):
            found.append((row["Tgl Masuk"], 0, lambda s, row=row: self.join(s, row)))
        vouchers: dict[tuple, list[dict]] = defaultdict(list)
        for sheet in openpyxl.load_workbook(BOOKS / "06_jurnal_umum_2026.xlsx").sheetnames:
            for row in rows("06_jurnal_umum_2026.xlsx", sheet):
                vouchers[row["Tanggal"], row["No Bukti"]].append(row)
        for (day, _), lines in vouchers.items():
            found.append((day, 1, lambda s, lines=lines: self.journal(s, lines)))
        for row in rows("05_pinjaman_2026.xlsx"):
            found.append((row["Tgl Realisasi"], 2, lambda s, row=row: self.lend(s, row)))
        for row in rows("07_mutasi_kas_anggota_2026.xlsx", "Mutasi"):
            found.append((row["Tanggal"], 3, lambda s, row=row: self.cash(s, row)))
        for row in rows("07_mutasi_kas_anggota_2026.xlsx", "Keluar"):
            found.append((row["Tanggal"], 4, lambda s, row=row: self.leave(s, row)))
        for month in range(1, 13):
            found.append((date(2026, month, 10), 5, lambda s, month=month: self.send(s, month)))
            found.append((date(2026, month, 25), 5, lambda s, month=month: self.settle(s, month)))
        return sorted(found, key=lambda event: event[:2])

    def begin(self, session) -> None:
        by_kind = {one.kind: one for one in session.scalars(select(SavingsProduct))}
        by_kind["share"].amount_rp, by_kind["mandatory"].amount_rp = 200_000, 100_000
        product = session.scalars(select(LoanProduct)).one()
        data = products.ProductData("UANG", "Pinjaman uang", round_mode="down", fee_pct=Decimal("0.5"))
        products.save(session, self.who, data, product)
        told = list(rows("01_anggota_dan_saldo_awal.xlsx"))
        people = [(self.person(row), row["No Anggota"], row["Tgl Masuk"]) for row in told]
        for row, member in zip(told, enroll_many(session, self.who, people), strict=True):
            self.members[row["No Anggota"]] = member
        saved = [
            OpeningBalance(self.members[row["No Anggota"]], by_kind[kind], row[f"SALDO {word}"])
            for row in told
            for kind, word in (("share", "pokok"), ("mandatory", "wajib"), ("voluntary", "manasuka"))
        ]
        open_balances(session, self.who, saved, as_of=START, source="opening")
        old = [
            history.OldLoan(
                self.members[row["No Anggota"]], row["Pinjaman"], row["Lama Pinjaman"], row["Cicilan Ke"],
                row["Sisa Pinjaman"], first_due(date(2026, 1, 25), -row["Cicilan Ke"]),
            )
            for row in told
            if row["Pinjaman"]
        ]  # fmt: skip
        history.take_over(session, self.who, old, product, as_of=START, source="opening")
        accounts = self.accounts(session)
        lines = [
            opening.OpeningLine(accounts[str(row["Kode"])], row["Debit"] or 0, row["Kredit"] or 0)
            for row in rows("02_neraca_saldo_awal.xlsx", head=header_row("02_neraca_saldo_awal.xlsx", "Kode"))
            if str(row["Kode"] or "").isdigit()
        ]
        opening.book(session, self.who, as_of=START, lines=lines, members_rp={}, source="opening")

    def accounts(self, session) -> dict[str, int]:
        return {account.code: account.id for account in session.scalars(select(Account))}

    def person(self, row: dict) -> PersonData:
        return PersonData(row["Nama"], nip=row["NIP"], voluntary_deduction_rp=row["Potongan Manasuka"] or 0)

    def member(self, session, number: str) -> Member:
        return session.get_one(Member, self.members[number].id)

    def join(self, session, row: dict) -> None:
        made = enroll_many(session, self.who, [(self.person(row), row["No Anggota"], row["Tgl Masuk"])])
        self.members[row["No Anggota"]] = made[0]

    def journal(self, session, lines: list[dict]) -> None:
        accounts, first = self.accounts(session), lines[0]
        sides = [
            (debit if line["Debit"] else credit)(accounts[str(line["Kode Akun"])], line["Debit"] or line["Kredit"])
            for line in lines
        ]
        post_many(session, self.who, [Posting(first["Tanggal"], first["Uraian"], first["No Bukti"], sides)])

    def lend(self, session, row: dict) -> None:
        product = session.scalars(select(LoanProduct)).one()
        paid = history.PaidOut(
            self.member(session, row["No Anggota"]), row["No Pinjaman"], row["Jumlah Pinjam"], row["Jml Pengajuan"],
            row["Tenor"], row["Biaya"], row["Tgl Pinjam"], row["Tgl Setuju"], row["Tgl Realisasi"],
            first_due(row["Tgl Realisasi"].replace(day=25), 1),
        )  # fmt: skip
        history.book_paid_out(session, self.who, [paid], product)

    def cash(self, session, row: dict) -> None:
        product = session.scalars(select(SavingsProduct).where(SavingsProduct.kind == "voluntary")).one()
        member, amount_rp = self.member(session, row["No Anggota"]), row["Masuk"] - row["Keluar"]
        move_many(session, self.who, [CashMovement(member, product, amount_rp, row["Tanggal"], row["No Bukti"])])

    def leave(self, session, row: dict) -> None:
        member = self.member(session, row["No Anggota"])
        stated = exits.preview(session, self.who, member.id, on=row["Tanggal"], forgive_interest=True)
        assert (stated.rights_rp, stated.loan_rp, stated.paid_rp) == (
            row["Jumlah Hak"], row["Sisa Pinjaman"], row["Dibayar"],
        )  # fmt: skip
        exits.settle(session, self.who, stated, left_on=row["Tanggal"], reason="keluar", forgive_interest=True)

    def send(self, session, month: int) -> None:
        told = {row["No Anggota"]: row for row in rows(f"03_potongan_2026-{month:02}.xlsx")}
        for number, row in told.items():
            self.member(session, number).voluntary_deduction_rp = row["Simpanan Manasuka"]
        ours = lists.preview(session, self.who, date(2026, month, 1))
        asked = {
            one.number: (one.share_rp, one.mandatory_rp, one.voluntary_rp, one.principal_rp, one.interest_rp)
            for one in ours.rows
        }
        assert asked == {
            number: tuple(
                row[title]
                for title in (
                    "Simpanan Pokok",
                    "Simpanan Wajib",
                    "Simpanan Manasuka",
                    "Pinjaman Pokok",
                    "Pinjaman Jasa",
                )
            )
            for number, row in told.items()
        }, f"list of month {month}"
        lists.send(session, self.who, ours)

    def settle(self, session, month: int) -> None:
        with (BOOKS / f"04_realisasi_2026-{month:02}.csv").open(encoding="utf-8") as file:
            came = {
                row["No Anggota"]: int(row["Jumlah Dipotong"].replace(".", ""))
                for row in csv.DictReader(file, delimiter=";")
            }
        sent = lists.of_month(session, self.who, date(2026, month, 1))
        received = [Received(self.members[number].id, amount_rp) for number, amount_rp in came.items()]
        offered = settlement.preview(session, self.who, sent.id, received, paid_on=date(2026, month, 25))
        settlement.book(session, self.who, offered)


def header_row(name: str, title: str) -> int:
    page = openpyxl.load_workbook(BOOKS / name).worksheets[0]
    return next(no for no, row in enumerate(page.iter_rows(values_only=True), start=1) if title in row)


def first_due(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, day.day)


def standing(session, world, as_of: date) -> dict:
    """What expected.json tells of a month end, from our books."""
    accounts = {account.id: account.code for account in session.scalars(select(Account))}
    nets = balances.balances(session, world.coop.id, as_of)
    loans = arrears.standings(session, world.coop.id, as_of)
    active = {m.id for m in session.scalars(select(Member)) if m.state == "active"}
    bills = session.scalars(select(SavingsBill).where(SavingsBill.month_on <= as_of))
    return {
        "trial_balance": {accounts[id_]: net for id_, net in sorted(nets.items()) if net},
        "loan_outstanding": sum(one.outstanding_rp for one in loans),
        "active_loans": len(loans),
        "arrears": {
            "jasa": sum(one.late_interest_rp for one in loans),
            "principal": sum(one.late_principal_rp for one in loans),
            "wajib": sum(bill.amount_rp - bill.paid_rp for bill in bills if bill.member_id in active),
        },
    }


@pytest.fixture(scope="module")
def told():
    return EXPECTED["month_end"]


def test_the_year_comes_out_to_the_rupiah_at_every_month_end(world, told):
    year = Year(world)
    with world.database.transaction(world.bendahara) as session:
        year.begin(session)
    ends = [date.fromisoformat(day) for day in sorted(told)]
    for day, _, act in year.events():
        while ends and day > ends[0]:
            compare(world, told, ends.pop(0))
        with world.database.transaction(world.bendahara) as session:
            act(session)
    for end in ends:
        compare(world, told, end)
    members(world)


def compare(world, told, end: date) -> None:
    with world.reading() as session:
        ours, theirs = standing(session, world, end), told[end.isoformat()]
    for key, value in ours.items():
        wanted = theirs[key]
        if key == "trial_balance":
            wanted = {code: amount for code, amount in wanted.items() if amount}
            value = dict(sorted(value.items()))
            wanted = dict(sorted(wanted.items()))
        assert value == wanted, f"{key} at {end}"


def members(world) -> None:
    with world.reading() as session:
        for one in EXPECTED["year_end"]["members"]:
            member = session.scalars(select(Member).where(Member.number == one["no"])).one()
            owed = session.scalars(select(Loan).where(Loan.member_id == member.id, Loan.state == "running"))
            assert sum(loan.outstanding_rp for loan in owed) == one["outstanding"], one["no"]
