"""The board's page of loans: what is lent, what comes back, who is late, how each quarter's loans fare."""

import streamlit as st

from core.actor import Actor
from core.display import date_long, number, percent_text, rupiah
from dashboards import charts, data, parts
from dashboards.charts import Series
from dashboards.lines import Line, lines
from dashboards.look import TOKENS, month_short
from dashboards.parts import Bar, Figure, Period
from dashboards.session import Asker
from reports.choices import Choices
from reports.loan_aging import Group, loan_aging
from reports.loan_flow import loan_flow
from reports.loan_months import loans_by_month
from reports.loan_vintage import AGES, Vintage, loan_vintage
from reports.shape import span_long

SHOWN = 8


def board(asker: Asker) -> None:
    """Everything the board asks about lending, under one choice of period."""
    known = data.options(asker.actor)
    period = parts.period_picker(known)
    if not _stock(asker.actor, known, period):
        return
    _flow(asker.actor, known, period)
    _arrears(asker.actor, known, period)
    _vintage(asker.actor, known, period)


def _stock(actor: Actor, known: Choices, period: Period) -> bool:
    """What is lent at the end of each month; False where nothing ever was."""
    with st.container(border=True, key="kartu-pinjaman"):
        parts.heading("Pinjaman anggota", "Sisa pokok akhir bulan, sama dengan Daftar Pinjaman dan buku besar.")
        report = data.ask(actor, known.head, loans_by_month, period.since, period.until)
        if not any(row.count for row in report.rows):
            parts.empty("Belum ada pinjaman pada periode ini. Pinjaman yang dicairkan langsung tampil di sini.")
            return False
        first, last = report.rows[0], report.rows[-1]
        share, begun = last.of_savings_pct, month_short(first.until)
        parts.figures(
            [
                Figure("Sisa pokok", rupiah(last.outstanding_rp), f"per {date_long(period.until)}", True),
                Figure("Pinjaman berjalan", number(last.count), _grown(last.count, first.count, begun)),
                Figure("Terhadap simpanan", "-" if share is None else f"{percent_text(share)} %",
                       f"simpanan {rupiah(last.savings_rp)}"),
                Figure("NPL", f"{percent_text(last.npl_pct)} %", "kurang lancar sampai macet"),
                Figure("PAR30", f"{percent_text(last.par30_pct)} %", "menunggak lebih dari 30 hari"),
            ]
        )  # fmt: skip
        charts.chart(
            [row.until for row in report.rows],
            [
                Series("Sisa pokok pinjaman", [row.outstanding_rp for row in report.rows], colour=TOKENS["brand"]),
                Series("Simpanan", [row.savings_rp for row in report.rows], is_line=True, colour=TOKENS["accent"]),
            ],
            key="grafik-pinjaman",
        )
        parts.heading("NPL dan PAR30", "Persen dari sisa pokok, tiap akhir bulan.")
        lines(
            [month_short(row.until) for row in report.rows],
            [
                Line("NPL", [float(row.npl_pct) for row in report.rows]),
                Line("PAR30", [float(row.par30_pct) for row in report.rows]),
            ],
            lambda value: f"{value:g} %".replace(".", ","),
            f"NPL dari {percent_text(first.npl_pct)} % menjadi {percent_text(last.npl_pct)} %, "
            f"PAR30 dari {percent_text(first.par30_pct)} % menjadi {percent_text(last.par30_pct)} %",
        )
        parts.warn(report.checks)
        parts.numbers(report, "unduh-pinjaman")
        return True


def _grown(now: int, before: int, since: str) -> str:
    if now == before:
        return f"sama dengan akhir {since}"
    return f"{'naik' if now > before else 'turun'} {number(abs(now - before))} dari akhir {since}"


def _flow(actor: Actor, known: Choices, period: Period) -> None:
    with st.container(border=True, key="kartu-arus"):
        parts.heading("Pencairan dan angsuran", f"{span_long(period.since, period.until)}.")
        report = data.ask(actor, known.head, loan_flow, period.since, period.until)
        if not report.rows:
            parts.empty("Buku belum dimulai pada periode ini. Pilih periode yang lain.")
            return
        totals = report.totals
        parts.figures(
            [
                Figure("Dicairkan", rupiah(totals["disbursed_rp"]), f"{number(totals['count'])} pinjaman", True),
                Figure("Angsuran pokok", rupiah(totals["principal_rp"])),
                Figure("Jasa", rupiah(totals["interest_rp"])),
                Figure("Denda", rupiah(totals["penalty_rp"])),
            ]
        )
        charts.chart(
            [row.until for row in report.rows],
            [
                Series("Dicairkan", [row.disbursed_rp for row in report.rows], colour=TOKENS["accent"]),
                Series(
                    "Kembali (pokok, jasa, denda)", [row.collected_rp for row in report.rows], colour=TOKENS["brand"]
                ),
            ],
            key="grafik-arus",
        )
        parts.warn(report.checks)
        parts.numbers(report, "unduh-arus")


def _arrears(actor: Actor, known: Choices, period: Period) -> None:
    with st.container(border=True, key="kartu-tunggakan"):
        parts.heading("Tunggakan", f"Menurut kelas dan unit kerja, per {date_long(period.until)}.")
        report = data.ask(actor, known.head, loan_aging, period.until)
        whole = report.whole
        if not whole.count:
            parts.empty("Tidak ada pinjaman berjalan pada tanggal ini.")
            return
        parts.figures(
            [
                Figure("Tunggakan pokok dan jasa", rupiah(whole.late_rp), f"{number(whole.late_count)} pinjaman", True),
                Figure("Sisa pokok", rupiah(whole.outstanding_rp), f"{number(whole.count)} pinjaman"),
                Figure("Penyisihan yang diperlukan", rupiah(whole.required_rp), "menurut kelas"),
            ]
        )
        with st.grid(2, min_column_width=250, gap="large"):
            with st.container():
                parts.bars(
                    [
                        Bar(one.label, one.outstanding_rp, rupiah(one.outstanding_rp), _count(one))
                        for one in report.by_class
                    ],
                    ("Sisa pokok", rupiah(whole.outstanding_rp)),
                )
            with st.container():
                _places(report.by_work_unit, ("Tunggakan", rupiah(whole.late_rp)))
        parts.warn(report.checks)
        parts.numbers(report, "unduh-tunggakan")


def _count(one: Group) -> str:
    return f"{number(one.count)} pinjaman, penyisihan {rupiah(one.required_rp)}"


def _places(groups: tuple[Group, ...], total: tuple[str, str]) -> None:
    late = [one for one in groups if one.late_count]
    if not late:
        parts.empty("Tidak ada yang menunggak.")
        return
    rows = [
        Bar(one.label, one.late_rp, rupiah(one.late_rp), f"{number(one.late_count)} dari {number(one.count)} pinjaman")
        for one in late[:SHOWN]
    ]
    others_rp = sum(one.late_rp for one in late[SHOWN:])
    if others_rp:
        rows.append(Bar(f"{len(late) - SHOWN} unit kerja lain", others_rp, rupiah(others_rp)))
    parts.bars(rows, total)


def _vintage(actor: Actor, known: Choices, period: Period) -> None:
    with st.container(border=True, key="kartu-vintage"):
        parts.heading(
            "Vintage",
            f"Menurut triwulan pencairan: sisa yang telat lebih dari 30 hari, per {date_long(period.until)}.",
        )
        report = data.ask(actor, known.head, loan_vintage, period.until)
        if not report.rows:
            parts.empty("Belum ada pinjaman yang dicairkan sejak buku dimulai.")
            return
        parts.bars([_bar(one) for one in report.rows[-SHOWN:][::-1]])
        parts.notes(report.notes)
        parts.numbers(report, "unduh-vintage")


def _bar(one: Vintage) -> Bar:
    ages = [
        f"bulan {age}: {percent_text(rate)} %"
        for place, age in enumerate(AGES)
        if (rate := one.late_at_pct(place)) is not None
    ]
    told = f"{number(one.count)} pinjaman {rupiah(one.disbursed_rp)}, {number(one.ever_late)} pernah telat"
    share = f"{percent_text(one.late_pct)} % telat"
    return Bar(one.label, int(one.late_pct * 10), share, ", ".join([told, *ages]))
