"""Every report of the house as one table of data: command line, admin panel and docs read it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import today
from core.errors import NotFound
from models.coops import Coop, Unit
from reports.balance_sheet import balance_sheet
from reports.cash_flow import cash_flow
from reports.equity_changes import equity_changes
from reports.income_statement import income_statement
from reports.journal import journal
from reports.ledger_pages import cash_book, general_ledger
from reports.loan_aging import loan_aging
from reports.loan_flow import loan_flow
from reports.loan_portfolio import loan_portfolio
from reports.loan_statement import loan_statement
from reports.loan_vintage import loan_vintage
from reports.member_month import member_month
from reports.member_statement import member_statement
from reports.refusals import UnknownReport
from reports.savings_summary import savings_summary
from reports.scope import Compare, Who
from reports.store_sales import store_sales
from reports.tables import Report
from reports.trial_balance import trial_balance

AS_OF = ("as_of",)
OVER = ("since", "until")
STATEMENTS, BOOKS, LOANS, SHOPS = "Laporan keuangan", "Buku dan jurnal", "Pinjaman", "Toko"


@dataclass(frozen=True)
class ReportEntry:
    """`parameters` name what may be chosen; `needs` what must be; `group` is the use people look for it under.

    A report that `is_paged` takes `limit` and `offset`, and says with `count` how many entries there are.
    """

    name: str
    title: str
    about: str
    function: Callable[..., Report]
    parameters: tuple[str, ...]
    permission: str
    needs: str = ""
    group: str = "Anggota"
    is_paged: bool = False

    @property
    def is_as_of(self) -> bool:
        """Of one day, not over days."""
        return "as_of" in self.parameters


_ALL = (
    ReportEntry(
        "balance-sheet", "Neraca", "Aset, liabilitas, ekuitas dan SHU berjalan pada satu tanggal",
        balance_sheet, (*AS_OF, "unit", "compare"), "reports.view", group=STATEMENTS,
    ),
    ReportEntry(
        "income-statement", "Perhitungan Hasil Usaha (PHU)", "Pendapatan dan beban sampai SHU, urutan kementerian",
        income_statement, (*OVER, "unit", "compare"), "reports.view", group=STATEMENTS,
    ),
    ReportEntry(
        "cash-flow", "Laporan Arus Kas", "Kas masuk dan keluar menurut kegiatan operasi, investasi, pendanaan",
        cash_flow, (*OVER, "unit", "compare"), "reports.view", group=STATEMENTS,
    ),
    ReportEntry(
        "equity-changes", "Laporan Perubahan Ekuitas", "Saldo awal, tambah, kurang dan saldo akhir tiap ekuitas",
        equity_changes, (*OVER, "unit"), "reports.view", group=STATEMENTS,
    ),
    ReportEntry(
        "trial-balance", "Neraca Saldo", "Saldo debit dan kredit semua akun pada satu tanggal",
        trial_balance, (*AS_OF, "unit"), "reports.view", group=BOOKS,
    ),
    ReportEntry(
        "cash-book", "Buku Kas", "Tiap akun kas dan bank: saldo awal, masuk, keluar, saldo akhir",
        cash_book, (*OVER, "unit", "account"), "reports.view", group=BOOKS, is_paged=True,
    ),
    ReportEntry(
        "journal", "Jurnal", "Semua jurnal dengan bukti dan asalnya",
        journal, (*OVER, "unit"), "ledger.view", group=BOOKS, is_paged=True,
    ),
    ReportEntry(
        "general-ledger", "Buku Besar", "Mutasi satu akun dengan saldo berjalan",
        general_ledger, (*OVER, "unit", "account"), "ledger.view", "account", group=BOOKS, is_paged=True,
    ),
    ReportEntry(
        "member-statement", "Kartu Simpanan Anggota", "Mutasi simpanan seorang anggota dengan saldo berjalan",
        member_statement, (*OVER, "member"), "savings.view", "member",
    ),
    ReportEntry(
        "member-month", "Laporan Bulanan Anggota", "Simpanan, pinjaman dan simpanan berjangka seorang anggota",
        member_month, (*OVER, "member"), "savings.view", "member",
    ),
    ReportEntry(
        "savings-summary", "Rekap Simpanan Anggota", "Saldo tiap anggota per jenis simpanan, cocok dengan buku besar",
        savings_summary, AS_OF, "savings.view",
    ),
    ReportEntry(
        "loan-portfolio", "Daftar Pinjaman", "Sisa pokok, tunggakan, kelas, penyisihan tiap pinjaman, cocok buku besar",
        loan_portfolio, AS_OF, "loans.view", group=LOANS,
    ),
    ReportEntry(
        "loan-aging", "Tunggakan Pinjaman", "Sisa pokok dan tunggakan menurut kelas, lama menunggak dan unit kerja",
        loan_aging, AS_OF, "loans.view", group=LOANS,
    ),
    ReportEntry(
        "loan-flow", "Pencairan dan Angsuran Pinjaman", "Tiap bulan: cair, angsuran pokok, jasa, denda, sisa pokok",
        loan_flow, OVER, "loans.view", group=LOANS,
    ),
    ReportEntry(
        "loan-vintage", "Vintage Pinjaman", "Menurut triwulan pencairan: pernah telat, masih telat, pada umur berapa",
        loan_vintage, AS_OF, "loans.view", group=LOANS,
    ),
    ReportEntry(
        "loan-statement", "Kartu Pinjaman Anggota", "Pinjaman seorang anggota: tiap pembayaran dengan sisa pokoknya",
        loan_statement, (*OVER, "member"), "loans.view", "member", group=LOANS,
    ),
    ReportEntry(
        "store-sales", "Penjualan Toko", "Penjualan dan laba kotor menurut barang, hari, jam, cara bayar; stok lama",
        store_sales, (*OVER, "unit"), "mart.view", group=SHOPS,
    ),
)  # fmt: skip
CATALOG: dict[str, ReportEntry] = {entry.name: entry for entry in _ALL}


def entry_of(name: str) -> ReportEntry:
    """Raises UnknownReport, naming those there are."""
    if name not in CATALOG:
        raise UnknownReport(name=name, names=", ".join(CATALOG))
    return CATALOG[name]


def run(
    session: Session,
    who: Who,
    name: str,
    *,
    as_of: date | None = None,
    since: date | None = None,
    until: date | None = None,
    unit: str | int | None = None,
    compare: Compare | None = None,
    account: str | int | None = None,
    member: str | int | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Report:
    """Any report by its name. What does not concern it is passed over; days left out are this year up to today.

    `unit` is a code or an id; `limit` and `offset` are for paged reports. Raises UnknownReport and what the report
    itself raises.
    """
    entry = entry_of(name)
    coop_id = who.coop_id if isinstance(who, Actor) else who
    day = until or as_of
    if day is None:
        day = today(session.get_one(Coop, coop_id).zone)
        day = day if since is None or since <= day else date(since.year, 12, 31)
    chosen: dict[str, Any] = {"account": account, "member": member, "compare": compare}
    chosen["unit_id"] = _unit_id(session, coop_id, unit) if "unit" in entry.parameters else None
    known = {key: value for key, value in chosen.items() if key.removesuffix("_id") in entry.parameters}
    if entry.is_paged:
        known |= {"limit": limit, "offset": offset}
    if entry.is_as_of:
        return entry.function(session, who, as_of or day, **known)
    return entry.function(session, who, since or date(day.year, 1, 1), day, **known)


def _unit_id(session: Session, coop_id: int, unit: str | int | None) -> int | None:
    if unit is None or isinstance(unit, int):
        return unit
    found = session.scalar(select(Unit.id).where(Unit.coop_id == coop_id, Unit.code == unit.strip().upper()))
    if found is None:
        raise NotFound(what=f"Unit usaha {unit}")
    return found
