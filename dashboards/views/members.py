"""Members: how many there are, who came, who left, where they work."""

import streamlit as st

from core.actor import Actor
from core.display import date_long, number
from dashboards import charts, data, parts
from dashboards.charts import Series
from dashboards.look import TOKENS
from dashboards.parts import Bar, Figure, Period
from reports.choices import Choices
from reports.membership import Membership, membership

SHOWN = 8


def growth(actor: Actor, known: Choices, period: Period) -> None:
    """Active members, and those who joined and left by month."""
    with st.container(border=True, key="kartu-anggota"):
        parts.heading("Anggota", "Masuk, keluar dan aktif pada akhir bulan. Seluruh unit.")
        report = data.ask(actor, known.head, membership, period.since, period.until)
        totals = report.totals
        if not any(totals.values()):
            parts.empty("Belum ada anggota pada periode ini.")
            return
        parts.figures(
            [
                Figure("Anggota aktif", number(totals["active"]), f"per {date_long(period.until)}", True),
                Figure("Masuk", number(totals["joined"])),
                Figure("Keluar", number(totals["left"])),
            ]
        )
        with st.grid(2, min_column_width=250, gap="large"):
            with st.container():
                _chart(report)
            with st.container():
                _places(report)
        parts.numbers(report, "unduh-anggota")


def _chart(report: Membership) -> None:
    charts.chart(
        [row.until for row in report.rows],
        [
            Series("Masuk", [row.joined for row in report.rows], colour=TOKENS["brand"]),
            Series("Keluar", [-row.left for row in report.rows], colour=TOKENS["accent"]),
        ],
        key="grafik-anggota",
        stacked=True,
        money=False,
    )


def _places(report: Membership) -> None:
    places = report.by_work_unit
    rows = [Bar(place, count, number(count)) for place, count in places[:SHOWN]]
    others = sum(count for _, count in places[SHOWN:])
    if others:
        rows.append(Bar(f"{len(places) - SHOWN} unit kerja lain", others, number(others)))
    parts.bars(rows, ("Anggota aktif", number(report.totals["active"])))
