"""Arus kas, direct: what came in and went out of cash and bank, told by the accounts on the other side."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.money import Rupiah
from models.ledger import JournalLine
from reports.scope import AccountInfo, Compare, Who, books_start, cash_accounts, chart_of, coop_of, frame_of
from reports.shape import Check, Drill, Frame, Statement
from reports.statement import Figure, Heading, Lines, Spec, Total, build
from services.ledger import balances
from services.ledger.balances import Sums

SPEC: Spec = (
    Heading("ARUS KAS DARI KEGIATAN OPERASI"),
    Heading("Penerimaan", 1),
    Lines("operating_in", 2),
    Heading("Pengeluaran", 1),
    Lines("operating_out", 2),
    Total("operating", "KAS BERSIH DARI KEGIATAN OPERASI", ("+operating_in", "-operating_out")),
    Heading("ARUS KAS DARI KEGIATAN INVESTASI"),
    Heading("Penerimaan", 1),
    Lines("investing_in", 2),
    Heading("Pengeluaran", 1),
    Lines("investing_out", 2),
    Total("investing", "KAS BERSIH DARI KEGIATAN INVESTASI", ("+investing_in", "-investing_out")),
    Heading("ARUS KAS DARI KEGIATAN PENDANAAN"),
    Heading("Penerimaan", 1),
    Lines("financing_in", 2),
    Heading("Pengeluaran", 1),
    Lines("financing_out", 2),
    Total("financing", "KAS BERSIH DARI KEGIATAN PENDANAAN", ("+financing_in", "-financing_out")),
    Lines("between_units", 0),
    Total("net", "KENAIKAN (PENURUNAN) KAS BERSIH", ("+operating", "+investing", "+financing", "+between_units")),
    Lines("opening", 0),
    Total("closing", "KAS DAN BANK AKHIR PERIODE", ("+net", "+opening")),
)


def cash_flow(
    session: Session,
    who: Who,
    since: date,
    until: date,
    *,
    unit_id: int | None = None,
    compare: Compare | None = None,
) -> Statement:
    """Cash in and out from `since` to `until`, reconciled to the cash accounts.

    Opening balances are no flow: a period reaching back before the books began starts with them. Of an entry with cash
    and several other lines, each other line counts, so that the parts add up to the cash moved.
    Raises NotAllowed, PeriodReversed, NoCashAccounts, NotFound (the unit).
    """
    coop_id = coop_of(who)
    started = books_start(session, coop_id)
    notes: tuple[str, ...] = ()
    if started is not None and since < started <= until:
        since, notes = started, ("Dihitung sejak pembukuan dimulai; saldo awal bukan arus kas.",)
    frame = frame_of(
        session, coop_id, "cash-flow", "Laporan Arus Kas", since=since, until=until, unit_id=unit_id, compare=compare
    )
    chart = chart_of(session, coop_id)
    cash = cash_accounts(session, coop_id, chart.values())
    now = _flows(session, coop_id, since, until, cash, unit_id)
    before = None
    opening, opening_before = _cash_rp(session, coop_id, cash, since, unit_id), None
    compared = _compared(frame, started)
    if compared is not None:
        before = _flows(session, coop_id, *compared, cash, unit_id)
        opening_before = _cash_rp(session, coop_id, cash, compared[0], unit_id)
    groups = _groups(frame, chart, now, before)
    drill = Drill("cash-book", since=frame.since, until=frame.until)
    groups["opening"] = [Figure("", "Kas dan bank awal periode", opening, opening_before, drill)]
    closing = _cash_rp(session, coop_id, cash, until + timedelta(days=1), unit_id)
    if unit_id is not None:  # an entry across units moves a unit's cash without another line of that unit
        groups["between_units"] = _between(session, coop_id, frame, cash, unit_id, now, (compared, before))
    built = build(SPEC, groups, compared=before is not None)
    check = Check("Kas akhir menurut arus kas dan saldo akun kas", built.totals["closing_rp"], closing)
    totals = {**built.totals, "opening_rp": opening}
    return Statement(frame, built.rows, totals, built.comparison_totals, (check,), notes)


def _compared(frame: Frame, started: date | None) -> tuple[date, date] | None:
    """The days to compare with; opening balances before them are what they begin with, no flow of theirs."""
    since, until = frame.compare_since, frame.compare_until
    if since is None or until is None:
        return None
    return (since if started is None or since >= started else min(started, until + timedelta(days=1))), until


def _cash_rp(session: Session, coop_id: int, cash: Sequence[AccountInfo], day: date, unit_id: int | None) -> Rupiah:
    """Cash and bank at the beginning of `day`."""
    ids = [account.id for account in cash]
    stood = balances.balances(session, coop_id, day - timedelta(days=1), unit_id=unit_id, account_ids=ids)
    return sum(stood.values())


def _flows(
    session: Session, coop_id: int, since: date, until: date, cash: Sequence[AccountInfo], unit_id: int | None
) -> dict[int, Sums]:
    """Debit and credit of every other account in entries that touch cash."""
    ids = [account.id for account in cash]
    touching = select(JournalLine.entry_seq).where(
        JournalLine.coop_id == coop_id, JournalLine.account_id.in_(ids), JournalLine.booked_on.between(since, until)
    )
    query = select(JournalLine.account_id, func.sum(JournalLine.debit_rp), func.sum(JournalLine.credit_rp)).where(
        JournalLine.coop_id == coop_id, JournalLine.account_id.not_in(ids)
    )
    if unit_id is not None:
        touching = touching.where(JournalLine.unit_id == unit_id)
        query = query.where(JournalLine.unit_id == unit_id)
    query = query.where(JournalLine.entry_seq.in_(touching)).group_by(JournalLine.account_id)
    return {account_id: Sums(int(d), int(c)) for account_id, d, c in session.execute(query)}


def activity_of(account: AccountInfo) -> str:
    """`operating`, `investing` or `financing`: the chart's word first, else equity finances, the rest operates."""
    if account.cash_flow == "investasi":
        return "investing"
    if account.cash_flow == "pendanaan" or (account.cash_flow is None and account.type == "equity"):
        return "financing"
    return "operating"


def _groups(
    frame: Frame, chart: Mapping[int, AccountInfo], now: Mapping[int, Sums], before: Mapping[int, Sums] | None
) -> dict[str, list[Figure]]:
    groups: dict[str, list[Figure]] = {}
    for account in chart.values():
        flow, flow_before = now.get(account.id, Sums()), (before or {}).get(account.id, Sums())
        drill = Drill("general-ledger", account=account.code, since=frame.since, until=frame.until)
        sides = (("in", flow.credit_rp, flow_before.credit_rp), ("out", flow.debit_rp, flow_before.debit_rp))
        for side, amount_rp, before_rp in sides:
            compared = None if before is None else before_rp
            figure = Figure(account.code, account.name, amount_rp, compared, drill)
            if not figure.is_empty:
                groups.setdefault(f"{activity_of(account)}_{side}", []).append(figure)
    return groups


def _between(
    session: Session,
    coop_id: int,
    frame: Frame,
    cash: Sequence[AccountInfo],
    unit_id: int,
    now: Mapping[int, Sums],
    earlier: tuple[tuple[date, date] | None, Mapping[int, Sums] | None],
) -> list[Figure]:
    """What moved the unit's cash through other units' lines."""

    def gap(since: date, until: date, flows: Mapping[int, Sums]) -> Rupiah:
        ids = [account.id for account in cash]
        moved = balances.movements(session, coop_id, since, until, unit_id=unit_id, account_ids=ids)
        return sum(sums.net_rp for sums in moved.values()) + sum(sums.net_rp for sums in flows.values())

    assert frame.since is not None
    compared, before = earlier
    before_rp = gap(*compared, before) if compared is not None and before is not None else None
    drill = Drill("journal", since=frame.since, until=frame.until)
    figure = Figure("", "Melalui unit lain", gap(frame.since, frame.until, now), before_rp, drill)
    return [] if figure.is_empty else [figure]
