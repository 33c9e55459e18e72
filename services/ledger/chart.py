"""The chart of accounts: loaded from data, and the parts its accounts play."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path

from sqlalchemy import exists, select, union
from sqlalchemy.orm import Session

from core.actor import Actor
from models.deposits import TimeDeposit
from models.ledger import TYPES, Account, AccountRole
from models.loans import Loan, LoanProduct
from models.mart.stores import Store
from models.savings import SavingsProduct
from services.audit import trail
from services.ledger.refusals import ChartInvalid, HeaderAccount, UnknownAccount

CHARTS = {
    "serba_usaha": "Koperasi serba usaha",
    "simpan_pinjam": "Koperasi simpan pinjam",
    "konsumen": "Koperasi konsumen",
}
COLUMNS = ("code", "name", "type", "normal_balance", "is_header", "parent_code", "note")
_CASH_FLOWS = {"kas", "pinjaman", "simpanan", "investasi", "pendanaan", "non kas"}


class Role(StrEnum):
    """The parts accounts play. Services name these; each cooperative's chart says which account it is."""

    CASH = "cash"
    PETTY_CASH = "petty_cash"
    TELLER_CASH = "teller_cash"
    STORE_CASH = "store_cash"
    BANK = "bank"
    BANK_SAVINGS = "bank_savings"
    LOANS_RECEIVABLE = "loans_receivable"
    LOAN_ALLOWANCE = "loan_allowance"
    PAYROLL_RECEIVABLE = "payroll_receivable"
    INVENTORY = "inventory"
    VOLUNTARY_SAVINGS = "voluntary_savings"
    TIME_DEPOSITS = "time_deposits"
    INSTALLMENT_DEPOSITS = "installment_deposits"
    LEFT_MEMBER_PAYABLE = "left_member_payable"
    SURPLUS_PAYABLE = "surplus_payable"
    SHARE_SAVINGS = "share_savings"
    MANDATORY_SAVINGS = "mandatory_savings"
    LOAN_LINKED_SAVINGS = "loan_linked_savings"
    GENERAL_RESERVE = "general_reserve"
    CURRENT_SURPLUS = "current_surplus"
    UNDISTRIBUTED_SURPLUS = "undistributed_surplus"
    INCOME_SUMMARY = "income_summary"
    OPENING_BALANCE = "opening_balance"
    LOAN_INTEREST_INCOME = "loan_interest_income"
    LOAN_FEE_INCOME = "loan_fee_income"
    ADMINISTRATION_INCOME = "administration_income"
    PENALTY_INCOME = "penalty_income"
    ROUNDING_GAIN = "rounding_gain"
    OTHER_INCOME = "other_income"
    DEPOSIT_INTEREST_EXPENSE = "deposit_interest_expense"
    LOAN_LOSS_EXPENSE = "loan_loss_expense"
    SAVINGS_INTEREST_EXPENSE = "savings_interest_expense"
    INTEREST_TAX_PAYABLE = "interest_tax_payable"
    ROUNDING_LOSS = "rounding_loss"
    ONLINE_CLEARING = "online_clearing"
    STORE_RECEIVABLE = "store_receivable"
    PURCHASE_ADVANCES = "purchase_advances"
    VAT_INPUT = "vat_input"
    UNIT_CLAIM = "unit_claim"
    UNIT_DEBT = "unit_debt"
    SUPPLIER_PAYABLE = "supplier_payable"
    CONSIGNMENT_PAYABLE = "consignment_payable"
    RECEIVED_NOT_BILLED = "received_not_billed"
    ORDER_ADVANCES = "order_advances"
    POINTS_LIABILITY = "points_liability"
    VAT_OUTPUT = "vat_output"
    MEMBER_SALES = "member_sales"
    NONMEMBER_SALES = "nonmember_sales"
    SALES_RETURNS = "sales_returns"
    SALES_DISCOUNTS = "sales_discounts"
    VOUCHER_DISCOUNTS = "voucher_discounts"
    COMMISSION_INCOME = "commission_income"
    SHIPPING_INCOME = "shipping_income"
    MEMBER_COST_OF_SALES = "member_cost_of_sales"
    NONMEMBER_COST_OF_SALES = "nonmember_cost_of_sales"
    STOCK_DIFFERENCE = "stock_difference"
    GATEWAY_FEE = "gateway_fee"


@dataclass(frozen=True)
class ChartRow:
    """A line of a chart file, checked."""

    line: int
    code: str
    name: str
    type: str
    normal_balance: str
    is_header: bool
    parent_code: str | None
    note: str


def read_chart(name_or_path: str | Path) -> list[ChartRow]:
    """A shipped chart by its name, or a CSV file of one's own with the columns of `COLUMNS`.

    Raises:
        ChartInvalid: naming the line and what is wrong with it.
    """
    if str(name_or_path) in CHARTS:
        text = (resources.files("services.ledger") / "charts" / f"{name_or_path}.csv").read_text("utf-8")
    else:
        try:
            text = Path(name_or_path).read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            shipped = ", ".join(CHARTS)
            reason = f"berkas {name_or_path} tidak terbaca sebagai teks UTF-8 (atau pilih: {shipped})."
            raise ChartInvalid(line=0, reason=reason) from None
    return parse_chart(csv.DictReader(text.splitlines()))


def parse_chart(records: Iterable[Mapping[str, str | None]]) -> list[ChartRow]:
    """Chart lines, parents before children, each rule of a usable chart checked. Raises ChartInvalid."""
    rows: dict[str, ChartRow] = {}
    for line, record in enumerate(records, start=2):  # line 1 is the heading
        if missing := [column for column in COLUMNS[:6] if record.get(column) is None]:
            raise ChartInvalid(line=line, reason=f"kolom {missing[0]} tidak ada.")
        row = _row(line, {key: (record.get(key) or "").strip() for key in COLUMNS})
        if row.code in rows:
            raise ChartInvalid(line=line, reason=f"kode {row.code} sudah dipakai di baris {rows[row.code].line}.")
        rows[row.code] = row
    for row in rows.values():
        parent = rows.get(row.parent_code) if row.parent_code else None
        if row.parent_code and (parent is None or not parent.is_header or parent.line >= row.line):
            raise ChartInvalid(line=row.line, reason=f"induk {row.parent_code} harus akun induk di baris sebelumnya.")
    if not rows:
        raise ChartInvalid(line=1, reason="tidak ada akun.")
    return list(rows.values())


def _row(line: int, field: Mapping[str, str]) -> ChartRow:
    if not field["code"] or len(field["code"]) > 20 or not field["name"] or len(field["name"]) > 120:
        raise ChartInvalid(line=line, reason="kode (paling panjang 20) dan nama (paling panjang 120) wajib diisi.")
    if field["type"] not in TYPES:
        raise ChartInvalid(line=line, reason=f"jenis harus salah satu dari {', '.join(TYPES)}.")
    if field["normal_balance"] not in {"debit", "credit"}:
        raise ChartInvalid(line=line, reason="normal_balance harus debit atau credit.")
    if field["is_header"] not in {"0", "1"}:
        raise ChartInvalid(line=line, reason="is_header harus 0 atau 1.")
    return ChartRow(
        line,
        field["code"],
        field["name"],
        field["type"],
        field["normal_balance"],
        field["is_header"] == "1",
        field["parent_code"] or None,
        field["note"][:120],
    )


@cache
def _data(name: str) -> list[tuple[str, str]]:
    text = (resources.files("services.ledger") / "charts" / name).read_text("utf-8")
    return [(row[0], row[1]) for row in list(csv.reader(text.splitlines()))[1:]]


@cache
def _shipped() -> dict[str, ChartRow]:
    return {row.code: row for row in read_chart("serba_usaha")}


def load(session: Session, actor: Actor, rows: list[ChartRow]) -> int:
    """Write a chart into a cooperative that has none, and give the roles whose usual account it holds.

    An account plays a shipped role only when code, type and normal balance agree with the shipped chart: a chart of
    one's own that uses 3101 for something else gets no role by accident. Returns the number of accounts.
    """
    actor.must("ledger.chart")
    by_code: dict[str, Account] = {}
    for row in rows:
        parent = by_code[row.parent_code] if row.parent_code else None
        account = Account(
            coop_id=actor.coop_id,
            code=row.code,
            name=row.name,
            type=row.type,
            normal_balance=row.normal_balance,
            is_header=row.is_header,
            parent_id=parent.id if parent else None,
            note=row.note,
            cash_flow=row.note if row.note in _CASH_FLOWS else None,
            statement_line=_line_of(row),
        )
        session.add(account)
        if row.is_header:
            session.flush()  # children need the parent's id
        by_code[row.code] = account
    session.flush()  # roles need the accounts' ids
    for role, code in _data("roles.csv"):
        if code in by_code and _same_as_shipped(by_code[code]):
            session.add(AccountRole(coop_id=actor.coop_id, role=role, account_id=by_code[code].id))
    session.flush()
    return len(by_code)


def _same_as_shipped(account: Account | ChartRow) -> bool:
    usual = _shipped().get(account.code)
    return (
        usual is not None
        and (usual.type, usual.normal_balance, usual.is_header)
        == (account.type, account.normal_balance, account.is_header)
        and usual.name.casefold() == account.name.casefold()
    )


def _line_of(row: ChartRow) -> str | None:
    """The line of the surplus statement an account of the shipped chart belongs to (longest code prefix wins)."""
    if row.is_header or not _same_as_shipped(row):
        return None
    fitting = [(prefix, line) for prefix, line in _data("statement_lines.csv") if row.code.startswith(prefix)]
    return max(fitting, key=lambda pair: len(pair[0]))[1] if fitting else None


def account_of(session: Session, actor: Actor, code_or_name: str) -> Account:
    """The account with this code, or with exactly this name. Raises UnknownAccount."""
    wanted = code_or_name.strip()
    found = session.scalars(select(Account).where(Account.code == wanted)).first()
    if found is None:
        same_name = session.scalars(select(Account).where(Account.name == wanted)).all()
        found = same_name[0] if len(same_name) == 1 else None
    if found is None:
        raise UnknownAccount(code=wanted)
    return found


def all_accounts(session: Session, actor: Actor) -> list[Account]:
    """Every account of the chart by code, headers and those out of use with them."""
    return list(session.scalars(select(Account).order_by(Account.code)))


def roles(session: Session, actor: Actor) -> dict[str, int]:
    """Which account plays each role that the chart has an account for."""
    return {held.role: held.account_id for held in session.scalars(select(AccountRole))}


def beside(session: Session, actor: Actor, role: Role) -> list[Account]:
    """The account that plays a role and those in use under the same header, its own first; none without the role."""
    own = select(Account).join(AccountRole, AccountRole.account_id == Account.id).where(AccountRole.role == role.value)
    account = session.scalars(own).first()
    if account is None:
        return []
    query = select(Account).where(Account.is_active, Account.is_header.is_(False), Account.id != account.id)
    others = query.where(Account.parent_id == account.parent_id).order_by(Account.code)
    return [account, *session.scalars(others)]


def assign_role(session: Session, actor: Actor, role: Role, account: Account) -> None:
    """Let `account` play `role` from now on; entries already posted stay where they are. Raises HeaderAccount."""
    actor.must("ledger.chart")
    if account.is_header:
        raise HeaderAccount(code=account.code)
    held = session.scalars(select(AccountRole).where(AccountRole.role == role.value)).first()
    before = held.account_id if held else None
    if held is None:
        session.add(AccountRole(coop_id=actor.coop_id, role=role.value, account_id=account.id))
    else:
        held.account_id = account.id
    trail.record(session, actor, "ledger.assign_role", f"role:{role.value}", before=before, after=account.id)


def control_accounts(session: Session) -> set[int]:
    """Accounts that carry a sum of balances kept elsewhere; no hand-written or imported journal touches them.

    Those of members always; those of stock, orders and points as soon as the cooperative has a shop.
    """
    lent = select(LoanProduct.account_id).join(Loan, Loan.product_id == LoanProduct.id).distinct()
    placed = select(AccountRole.account_id).where(
        AccountRole.role == Role.TIME_DEPOSITS.value, exists(select(TimeDeposit.id))
    )
    sold = select(AccountRole.account_id).where(AccountRole.role.in_(_OF_SHOPS), exists(select(Store.id)))
    return set(session.scalars(union(select(SavingsProduct.account_id), lent, placed, sold)))


_OF_SHOPS = tuple(
    role.value
    for role in (
        Role.INVENTORY, Role.STORE_RECEIVABLE, Role.ORDER_ADVANCES, Role.POINTS_LIABILITY, Role.UNIT_CLAIM,
        Role.UNIT_DEBT,
    )
)  # fmt: skip
