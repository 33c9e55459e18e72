"""Savings: of all members for the board, one's own for a member."""

import streamlit as st

from core.actor import Actor
from core.display import date_long, rupiah
from dashboards import charts, data, parts
from dashboards.charts import Series
from dashboards.look import month_short
from dashboards.parts import Figure, Period
from dashboards.session import Asker, reading
from reports.choices import Choices
from reports.member_statement import MemberStatement, member_statement
from reports.monthly import member_by_month, savings_by_month
from reports.shape import Column, Table, TableRow


def all_members(actor: Actor, known: Choices, period: Period) -> None:
    """What members saved, by product and month."""
    with st.container(border=True, key="kartu-simpanan"):
        parts.heading("Simpanan anggota", "Saldo akhir bulan per jenis, sama dengan Rekap Simpanan. Seluruh unit.")
        report = data.ask(actor, known.head, savings_by_month, period.since, period.until)
        first, last = report.rows[0], report.rows[-1]
        if not any(last.amounts_rp) and not any(first.amounts_rp):
            parts.empty("Belum ada simpanan pada periode ini. Setoran yang dicatat langsung tampil di sini.")
            return
        figures = [Figure("Jumlah simpanan", rupiah(last.total_rp), f"per {date_long(period.until)}", True)]
        figures += [
            Figure(name, rupiah(amount_rp), parts.change(amount_rp, begun_rp, f"akhir {month_short(first.until)}"))
            for (_, name), amount_rp, begun_rp in zip(report.products, last.amounts_rp, first.amounts_rp, strict=True)
        ]
        parts.figures(figures)
        charts.chart(
            [row.until for row in report.rows],
            [
                Series(name, [row.amounts_rp[place] for row in report.rows])
                for place, (_, name) in enumerate(report.products)
            ],
            key="grafik-simpanan",
            stacked=True,
        )
        parts.warn(report.checks)
        parts.numbers(report, "unduh-simpanan")


def own(asker: Asker) -> None:
    """A member's own savings: nobody else's can be asked for here."""
    member_id = asker.actor.member_id
    if member_id is None:
        parts.empty("Akun ini belum terhubung dengan nomor anggota. Minta pengurus menghubungkannya.")
        return
    known = data.own_options(asker.actor, asker.zone)
    period = parts.period_picker(known)
    with reading(asker.actor) as session:
        statement = member_statement(session, asker.actor, period.since, period.until, member=member_id)
    if not statement.pages:
        parts.empty("Belum ada simpanan. Setoran pertama Anda akan tampil di sini.")
        return
    _balances(statement, period)
    _movements(statement)


def _balances(statement: MemberStatement, period: Period) -> None:
    with st.container(border=True, key="kartu-saldo"):
        parts.heading("Simpanan saya", f"{statement.name}, nomor anggota {statement.number}")
        figures = [Figure("Jumlah", rupiah(statement.totals["closing_rp"]), f"per {date_long(period.until)}", True)]
        figures += [Figure(page.label, rupiah(page.closing_rp)) for page in statement.pages]
        parts.figures(figures)
        rows = member_by_month(statement)
        parts.columns(
            [row.until for row in rows],
            [page.label for page in statement.pages],
            [row.amounts_rp for row in rows],
            f"Simpanan tiap akhir bulan, dari {rupiah(rows[0].total_rp)} menjadi {rupiah(rows[-1].total_rp)}",
        )
        parts.warn(statement.checks)


def _movements(statement: MemberStatement) -> None:
    with st.container(border=True, key="kartu-mutasi"):
        parts.heading("Mutasi", "Yang terbaru di atas.")
        lines = sorted(
            ((movement, page.label) for page in statement.pages for movement in page.movements),
            key=lambda line: line[0].booked_on,
            reverse=True,
        )
        if not lines:
            parts.empty("Tidak ada mutasi pada periode ini.")
            return
        columns = (
            Column("booked_on", "Tanggal", "date"),
            Column("label", "Keterangan"),
            Column("amount_rp", "Jumlah", "money"),
        )
        rows = [
            TableRow(
                (m.booked_on, f"{m.memo} ({label})" if label not in m.memo else m.memo, m.deposit_rp - m.withdrawal_rp)
            )
            for m, label in lines
        ]
        parts.table(Table(statement.frame, columns, rows), as_lines=True)
        parts.download(statement, "unduh-kartu")
