"""PHU, perhitungan hasil usaha: the surplus in the ministry's line order, or by account for a chart of one's own.

Source of the order: form of Kementerian Koperasi, lines 1 to 37 (member, non-member, SHU kotor, beban usaha, beban
perkoperasian, other, tax), with the store's sales and cost of sales inside I and II.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy.orm import Session

from core.money import Rupiah
from reports.balance_sheet import surplus_between
from reports.scope import AccountInfo, Compare, Who, chart_of, coop_of, frame_of
from reports.shape import Check, Frame, Statement
from reports.statement import Figure, Heading, Lines, Spec, Total, build, figures_of
from services.ledger import balances

MINISTRY: Spec = (
    Heading("I. PARTISIPASI ANGGOTA"),
    Heading("A. Partisipasi bruto", 1),
    Lines("member_income", 2),
    Total("member_gross", "Partisipasi bruto simpan pinjam", ("+member_income",), 1),
    Heading("B. Beban pokok simpan pinjam", 1),
    Lines("member_cost", 2),
    Heading("Penjualan kepada anggota", 1),
    Lines("member_sales", 2),
    Lines("member_sales_cost", 2),
    Total("member_sales_margin", "Laba kotor penjualan anggota", ("+member_sales", "-member_sales_cost"), 1),
    Total("member_net", "PARTISIPASI NETO ANGGOTA", ("+member_gross", "-member_cost", "+member_sales_margin")),
    Heading("II. PENDAPATAN DARI NON-ANGGOTA"),
    Lines("nonmember_income", 2),
    Lines("nonmember_cost", 2),
    Total("nonmember_gross", "LABA KOTOR NON-ANGGOTA", ("+nonmember_income", "-nonmember_cost")),
    Heading("Pos usaha yang tidak dipisah anggota dan non-anggota", 1),
    Lines("unsplit_income", 2),
    Lines("unsplit_cost", 2),
    Total("gross_surplus", "SHU KOTOR", ("+member_net", "+nonmember_gross", "+unsplit_income", "-unsplit_cost")),
    Heading("III. BEBAN OPERASI"),
    Heading("C. Beban usaha", 1),
    Lines("operating_expense", 2),
    Total("operating_expense", "Jumlah beban usaha", ("+operating_expense",), 1),
    Total("surplus_before_cooperative", "SHU SEBELUM BEBAN PERKOPERASIAN", ("+gross_surplus", "-operating_expense")),
    Heading("D. Beban perkoperasian", 1),
    Lines("cooperative_expense", 2),
    Total("cooperative_expense", "Jumlah beban perkoperasian", ("+cooperative_expense",), 1),
    Heading("E. Pendapatan dan beban lain", 1),
    Lines("other_income", 2),
    Lines("other_expense", 2),
    Total("other", "Pendapatan dan beban lain bersih", ("+other_income", "-other_expense"), 1),
    Total(
        "surplus_before_tax",
        "SHU SEBELUM PAJAK",
        ("+surplus_before_cooperative", "-cooperative_expense", "+other"),
    ),
    Lines("income_tax", 1),
    Total("surplus", "SHU SETELAH PAJAK", ("+surplus_before_tax", "-income_tax")),
)
BY_ACCOUNT: Spec = (
    Heading("PENDAPATAN"),
    Lines("income", 1, tree=True),
    Total("income", "JUMLAH PENDAPATAN", ("+income",)),
    Heading("BEBAN"),
    Lines("expense", 1, tree=True),
    Total("expense", "JUMLAH BEBAN", ("+expense",)),
    Total("surplus", "SISA HASIL USAHA", ("+income", "-expense")),
)
# line of an account (services/ledger/charts/statement_lines.csv) -> group of MINISTRY; expense groups read debit
GROUP_OF = {
    "member_loan_interest": "member_income",
    "member_loan_fees": "member_income",
    "member_administration": "member_income",
    "member_penalties": "member_income",
    "member_other_services": "member_income",
    "member_savings_interest": "member_cost",
    "member_deposit_interest": "member_cost",
    "member_sales": "member_sales",
    "member_cost_of_sales": "member_sales_cost",
    "nonmember_loan_interest": "nonmember_income",
    "nonmember_other_services": "nonmember_income",
    "nonmember_sales": "nonmember_income",
    "nonmember_cost_of_sales": "nonmember_cost",
    "other_coop_savings_interest": "nonmember_cost",
    "bank_interest": "nonmember_cost",
    "equity_participation_interest": "nonmember_cost",
    "sales_returns": "unsplit_income",
    "sales_discounts": "unsplit_income",
    "voucher_discounts": "unsplit_income",
    "commission_income": "unsplit_income",
    "shipping_income": "unsplit_income",
    "stock_difference": "unsplit_cost",
    "operating_expense": "operating_expense",
    "cooperative_expense": "cooperative_expense",
    "other_income": "other_income",
    "other_expense": "other_expense",
    "income_tax": "income_tax",
}
_READ_AS_CREDIT = {"member_income", "member_sales", "nonmember_income", "unsplit_income", "other_income", "income"}


def income_statement(
    session: Session,
    who: Who,
    since: date,
    until: date,
    *,
    unit_id: int | None = None,
    compare: Compare | None = None,
) -> Statement:
    """The PHU over the days from `since` to `until`. Raises NotAllowed, PeriodReversed, NotFound (the unit)."""
    coop_id = coop_of(who)
    frame = frame_of(
        session, coop_id, "income-statement", "Perhitungan Hasil Usaha (PHU)", since=since, until=until,
        unit_id=unit_id, compare=compare,
    )  # fmt: skip
    chart = chart_of(session, coop_id)
    now = _moved(session, coop_id, since, until, unit_id)
    before = None
    if frame.compare_since is not None and frame.compare_until is not None:
        before = _moved(session, coop_id, frame.compare_since, frame.compare_until, unit_id)
    is_ministry = any(account.statement_line for account in chart.values())
    groups = _groups(frame, chart, now, before, is_ministry=is_ministry)
    built = build(MINISTRY if is_ministry else BY_ACCOUNT, groups, compared=before is not None)
    check = _same_as_neraca(session, coop_id, chart, frame, unit_id, built.totals["surplus_rp"])
    return Statement(frame, built.rows, built.totals, built.comparison_totals, (check,))


def _moved(session: Session, coop_id: int, since: date, until: date, unit_id: int | None) -> dict[int, Rupiah]:
    moved = balances.movements(session, coop_id, since, until, unit_id=unit_id)
    return {account_id: sums.net_rp for account_id, sums in moved.items()}


def _groups(
    frame: Frame,
    chart: Mapping[int, AccountInfo],
    now: Mapping[int, Rupiah],
    before: Mapping[int, Rupiah] | None,
    *,
    is_ministry: bool,
) -> dict[str, list[Figure]]:
    members: dict[str, list[AccountInfo]] = {}
    siblings = _lines_by_parent(chart)
    for account in chart.values():
        if account.is_result and not account.is_header:
            group = _group(account, siblings) if is_ministry else account.type
            members.setdefault(group, []).append(account)
    return {
        group: figures_of(
            accounts, frame, now, before, sign=-1 if group in _READ_AS_CREDIT else 1,
            chart=None if is_ministry else chart,
        )
        for group, accounts in members.items()
    }  # fmt: skip


def _lines_by_parent(chart: Mapping[int, AccountInfo]) -> dict[tuple[int | None, str], set[str]]:
    found: dict[tuple[int | None, str], set[str]] = {}
    for account in chart.values():
        if account.statement_line:
            found.setdefault((account.parent_id, account.type), set()).add(account.statement_line)
    return found


def _group(account: AccountInfo, siblings: Mapping[tuple[int | None, str], set[str]]) -> str:
    """An account added to a shipped chart joins its siblings when they agree, else the other income and expense."""
    line = account.statement_line
    if line is None:
        groups = {GROUP_OF[known] for known in siblings.get((account.parent_id, account.type), ()) if known in GROUP_OF}
        return groups.pop() if len(groups) == 1 else f"other_{account.type}"
    return GROUP_OF.get(line, f"other_{account.type}")


def _same_as_neraca(
    session: Session, coop_id: int, chart: Mapping[int, AccountInfo], frame: Frame, unit_id: int | None, phu_rp: Rupiah
) -> Check:
    assert frame.since is not None
    stood = [
        surplus_between(balances.balances(session, coop_id, day, unit_id=unit_id), chart)
        for day in (frame.since - timedelta(days=1), frame.until)
    ]
    return Check("SHU di PHU dan perubahan SHU di neraca", phu_rp, stood[1] - stood[0])
