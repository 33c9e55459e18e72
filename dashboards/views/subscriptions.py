"""What the platform earns: figures with their formulas, how MRR moved, who stayed, and who came how far."""

from datetime import timedelta

import streamlit as st

from core.display import month_long, number
from dashboards import charts, data, parts
from dashboards.charts import Series
from dashboards.look import TOKENS, month_short
from dashboards.parts import Figure
from dashboards.session import Asker
from reports.platform.figures import headline
from reports.platform.metrics import FORMULAS, Cohort, Metrics
from reports.platform.subscriptions import FUNNEL_FORMULA, funnel, metrics

FUNNEL_DAYS = timedelta(days=89)


def board(asker: Asker) -> None:
    """Subscriptions of all cooperatives but demo and practice."""
    found = data.ask_all(asker.actor, metrics, asker.today)
    _figures(found)
    _moves(found)
    _cohorts(found.cohorts)
    _funnel(asker)
    parts.link("Tabel dan unduhan", "/platform/angka/")


def _figures(found: Metrics) -> None:
    with st.container(border=True, key="kartu-angka"):
        parts.heading("Angka langganan", f"{month_long(found.last.starts_on)}, sampai hari ini.")
        parts.figures([Figure(one.name, one.value, f"bulan lalu {one.before}", one.name == "MRR")
                       for one in headline(found)])  # fmt: skip
        with st.expander("Cara menghitung"):
            parts.notes(f"{one.name} = {one.formula}." for one in headline(found))


def _moves(found: Metrics) -> None:
    with st.container(border=True, key="kartu-gerak"):
        parts.heading("Gerak MRR", "Akhir = awal + baru + kembali + naik − turun − hilang.")
        if not any(month.mrr_rp or month.opening_rp for month in found.months):
            parts.empty("Belum ada koperasi yang membayar langganan.")
            return
        rows = [
            Series("Baru", [month.new_rp for month in found.months], colour=TOKENS["brand"]),
            Series("Kembali", [month.returned_rp for month in found.months], colour=TOKENS["info"]),
            Series("Naik", [month.raised_rp for month in found.months], colour=TOKENS["good"]),
            Series("Turun", [-month.lowered_rp for month in found.months], colour=TOKENS["accent"]),
            Series("Hilang", [-month.lost_rp for month in found.months], colour=TOKENS["bad"]),
        ]
        days = [month.starts_on for month in found.months]
        charts.chart(days, rows, key="grafik-gerak", stacked=True)
        parts.heading("MRR pada akhir bulan")
        charts.chart(days, [Series("MRR", [month.mrr_rp for month in found.months], colour=TOKENS["brand"])],
                     key="grafik-mrr")  # fmt: skip


def _cohorts(cohorts: tuple[Cohort, ...]) -> None:
    with st.container(border=True, key="kartu-kohor"):
        parts.heading("Retensi kohor", f"Masih membayar, dalam persen: {FORMULAS['cohort'][1]}.")
        if not cohorts:
            parts.empty("Belum ada koperasi yang mulai membayar.")
            return
        longest = max(len(cohort.kept) for cohort in cohorts)
        cells = [[*map(float, cohort.shares), *[None] * (longest - len(cohort.kept))] for cohort in cohorts]
        names = [f"{month_short(cohort.starts_on)} ({number(cohort.size)})" for cohort in cohorts]
        charts.heatmap(names, [str(place) for place in range(longest)], cells, key="grafik-kohor")


def _funnel(asker: Asker) -> None:
    with st.container(border=True, key="kartu-perjalanan"):
        found = data.ask_all(asker.actor, funnel, asker.today - FUNNEL_DAYS, asker.today)
        parts.heading("Dari kunjungan sampai membayar", f"90 hari terakhir. {FUNNEL_FORMULA}")
        charts.funnel([step.label for step in found.steps], [step.count for step in found.steps], key="grafik-jalan")
