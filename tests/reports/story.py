"""A first quarter of a cooperative with an office and a store, small enough to add up on paper.

Every figure the tests expect is written there, worked out by hand from this page.

    31.12.2025  opening: kas 5.000.000, bank 20.000.000, piutang toko 3.000.000 less allowance 500.000,
                inventaris 6.000.000 less depreciation 1.500.000; utang bank 22.000.000, cadangan 10.000.000
    15.01.2026  Siti pays in cash: pokok 200.000, wajib 100.000, sukarela 250.000
    31.01       the store buys stock on credit, 4.000.000
    01.02       the store sells to members for 4.000.000 (cost 2.000.000); the office takes the cash
    28.02       goods returned, 100.000 paid back by the office; wages 1.200.000 from the bank (asked and approved)
    10.03       the office pays 1.500.000 of the store's debt
    15.03       equipment 2.000.000, from the bank
    20.03       1.000.000 of the bank loan paid back
    25.03       administration fees 75.000 in cash
    31.03       depreciation 300.000; the bank pays interest 150.000
    01.04       the annual meeting, 400.000 in cash
"""

from datetime import date

from models.coops import Unit
from models.ledger import Account
from services.approvals import commands as approvals
from services.coops.commands import add_unit
from services.ledger import manual, opening, periods
from services.ledger.opening import OpeningLine
from services.ledger.posting import Line, post
from services.savings import commands as savings
from tests.conftest import World

M = 1_000_000
OPENING = {
    "11011": 5 * M, "11021": 20 * M, "1108": 3 * M, "1110": -500_000, "1214": 6 * M, "1215": -1_500_000,
    "2201": -22 * M, "3201": -10 * M,
}  # fmt: skip
# day, memo, (account, unit, debit less credit), …
ENTRIES = (
    (date(2026, 1, 31), "Beli barang dari CV Sumber", ("1113", "TOKO", 4 * M), ("2107", "TOKO", -4 * M)),
    (date(2026, 2, 1), "Penjualan toko Januari", ("11011", "PUSAT", 4 * M), ("4301", "TOKO", -4 * M)),
    (date(2026, 2, 1), "Pokok penjualan Januari", ("5201", "TOKO", 2 * M), ("1113", "TOKO", -2 * M)),
    (date(2026, 2, 28), "Retur barang rusak", ("4303", "TOKO", 100_000), ("11011", "PUSAT", -100_000)),
    (date(2026, 3, 10), "Bayar CV Sumber", ("2107", "TOKO", 1_500_000), ("11011", "PUSAT", -1_500_000)),
    (date(2026, 3, 15), "Beli laptop", ("1214", "PUSAT", 2 * M), ("11021", "PUSAT", -2 * M)),
    (date(2026, 3, 20), "Angsuran utang bank", ("2201", "PUSAT", 1 * M), ("11021", "PUSAT", -1 * M)),
    (date(2026, 3, 25), "Administrasi anggota", ("11011", "PUSAT", 75_000), ("4103", "PUSAT", -75_000)),
    (date(2026, 3, 31), "Penyusutan triwulan", ("6110", "PUSAT", 300_000), ("1215", "PUSAT", -300_000)),
    (date(2026, 3, 31), "Bunga bank", ("11021", "PUSAT", 150_000), ("7101", "PUSAT", -150_000)),
    (date(2026, 4, 1), "Konsumsi RAT", ("6203", "PUSAT", 400_000), ("11011", "PUSAT", -400_000)),
)


def tell(world: World) -> None:
    """Book the quarter in `world.coop`; the neighbour only opens its books."""
    _open(world, world.bendahara, OPENING)
    _open(world, world.other_actors["bendahara"], {"11011": 77_777, "3201": -77_777})
    with world.transaction() as session:
        add_unit(session, world.bendahara, code="TOKO", name="Toko")
    _siti(world)
    _wages(world)
    for number, (day, memo, *sides) in enumerate(ENTRIES):
        book(world, day, memo, *sides, source=f"story:{number}")


def _open(world: World, treasurer, amounts: dict[str, int]) -> None:
    with world.transaction(treasurer) as session:
        lines = [OpeningLine(world.account(session, code), max(rp, 0), max(-rp, 0)) for code, rp in amounts.items()]
        opening.book(session, treasurer, as_of=date(2025, 12, 31), lines=lines, members_rp={}, source="opening:story")
        periods.open_year(session, treasurer, 2026)


def _siti(world: World) -> None:
    siti = world.member("Siti Aminah")
    for kind, amount_rp in (("share", 200_000), ("mandatory", 100_000), ("voluntary", 250_000)):
        product_id = world.product(kind)
        with world.transaction(world.petugas) as session:
            savings.deposit(
                session, world.petugas, member_id=siti, product_id=product_id, amount_rp=amount_rp,
                booked_on=date(2026, 1, 15), token=f"siti-{kind}",
            )  # fmt: skip


def _wages(world: World) -> None:
    with world.transaction() as session:
        wages, bank = (world.account(session, code) for code in ("6101", "11021"))
        lines = [Line(wages, 1_200_000, 0), Line(bank, 0, 1_200_000)]
        draft = manual.JournalDraft(date(2026, 2, 28), "Gaji Februari", lines, "gaji", "BK-07")
        request_id = manual.request_journal(session, world.bendahara, draft).id
    with world.transaction(world.ketua) as session:
        approvals.approve(session, world.ketua, request_id)


def book(world: World, day: date, memo: str, *sides: tuple[str, str, int], source: str, who=None) -> None:
    """One entry from (account, unit, debit less credit)."""
    actor = who or world.bendahara
    with world.transaction(actor) as session:
        units = {unit.code: unit.id for unit in session.query(Unit)}
        ids = {account.code: account.id for account in session.query(Account)}
        lines = [Line(ids[code], max(rp, 0), max(-rp, 0), units[unit]) for code, unit, rp in sides]
        post(session, actor, booked_on=day, memo=memo, source=source, lines=lines)
