"""The books as the board sees them: cash, neraca, SHU."""

from datetime import date

import streamlit as st

from core.actor import Actor
from core.display import date_long, rupiah
from core.errors import Refusal
from core.money import Rupiah
from dashboards import charts, data, parts
from dashboards.charts import Series
from dashboards.look import TOKENS
from dashboards.parts import Bar, Figure, Period
from reports.balance_sheet import balance_sheet
from reports.choices import Choices
from reports.composition import composition
from reports.income_statement import income_statement
from reports.monthly import cash_by_month, months, surplus_by_month
from reports.scope import Compare
from reports.shape import Statement, span_long
from reports.tables import as_table

COMPARED: dict[Compare, str] = {"previous": "bulan lalu", "year": "tahun lalu"}
SIDES = (("ASET", "Jumlah aset"), ("LIABILITAS", "Jumlah liabilitas"), ("EKUITAS", "Jumlah ekuitas"))
TOTAL_OF = {"ASET": "assets_rp", "LIABILITAS": "liabilities_rp", "EKUITAS": "equity_rp"}


def cash(actor: Actor, known: Choices, period: Period, unit_id: int | None) -> None:
    """Kas: what stands, what came and what went, as in Arus Kas."""
    with st.container(border=True, key="kartu-kas"):
        parts.heading("Kas dan bank", f"{span_long(period.since, period.until)}, sama dengan Laporan Arus Kas.")
        try:
            report = data.ask(actor, known.head, cash_by_month, period.since, period.until, unit_id=unit_id)
        except Refusal as refusal:
            parts.empty(refusal.sentence)
            return
        if not report.rows:
            parts.empty("Buku belum dimulai pada periode ini. Pilih periode yang lain.")
            return
        totals = report.totals
        parts.figures(
            [
                Figure("Saldo kas dan bank", rupiah(totals["closing_rp"]), f"per {date_long(period.until)}", True),
                Figure("Kas masuk", rupiah(totals["in_rp"])),
                Figure("Kas keluar", rupiah(totals["out_rp"])),
                Figure("Saldo awal periode", rupiah(totals["opening_rp"])),
            ]
        )
        charts.chart(
            [row.until for row in report.rows],
            [
                Series("Masuk", [row.in_rp for row in report.rows], colour=TOKENS["brand"]),
                Series("Keluar", [row.out_rp for row in report.rows], colour=TOKENS["accent"]),
                Series("Saldo akhir", [row.closing_rp for row in report.rows], is_line=True, colour=TOKENS["ink"]),
            ],
            key="grafik-kas",
        )
        parts.warn(report.checks)
        parts.numbers(report, "unduh-kas")


def position(actor: Actor, known: Choices, period: Period, unit_id: int | None) -> None:
    """Neraca: what the cooperative has, what it owes, what is its own."""
    with st.container(border=True, key="kartu-neraca"):
        parts.heading("Neraca", "Susunan aset, liabilitas dan ekuitas pada satu tanggal.")
        with st.container(horizontal=True):
            as_of = st.selectbox(
                "Per tanggal",
                _ends(period),
                format_func=date_long,
                key="neraca-tanggal",
                placeholder="Pilih",
                width=parts.PICKER,
            )
            compare: Compare = st.selectbox(
                "Dibandingkan dengan",
                list(COMPARED),
                format_func=lambda key: COMPARED[key],
                key="neraca-banding",
                placeholder="Pilih",
                width=parts.PICKER,
            )
        sheet = data.ask(actor, known.head, balance_sheet, as_of, unit_id=unit_id, compare=compare)
        before = sheet.comparison_totals
        parts.figures(
            [
                Figure(
                    label,
                    rupiah(sheet.totals[TOTAL_OF[side]]),
                    parts.change(sheet.totals[TOTAL_OF[side]], before[TOTAL_OF[side]], COMPARED[compare]),
                    side == "ASET",
                )
                for side, label in SIDES
            ]
        )
        with st.grid(3, min_column_width=250, gap="large"):
            for side, label in SIDES:
                _side(sheet, side, label, COMPARED[compare])
        parts.warn(sheet.checks)
        parts.numbers(sheet, "unduh-neraca", "Lihat neraca lengkap")


def _side(sheet: Statement, side: str, label: str, than: str) -> None:
    rows = [
        Bar(part.label, part.amount_rp, rupiah(part.amount_rp), _before(part.comparison_rp, than))
        for part in composition(sheet, side)
    ]
    with st.container():
        if rows:
            parts.bars(rows, (label, rupiah(sheet.totals[TOTAL_OF[side]])))
        else:
            parts.empty(f"{label} masih nol.")


def _before(comparison_rp: Rupiah | None, than: str) -> str:
    return "" if comparison_rp is None else f"{than}: {rupiah(comparison_rp)}"


def _ends(period: Period) -> list[date]:
    """The last days of the period's months, the newest first."""
    return [last for _, last in months(period.since, period.until)][::-1]


def surplus(actor: Actor, known: Choices, period: Period, unit_id: int | None) -> None:
    """SHU: month by month against last year, and how it came about."""
    with st.container(border=True, key="kartu-shu"):
        parts.heading("Sisa hasil usaha", f"{span_long(period.since, period.until)}, sama dengan PHU.")
        chosen = {"unit_id": unit_id}
        report = data.ask(actor, known.head, surplus_by_month, period.since, period.until, **chosen)
        phu = data.ask(actor, known.head, income_statement, period.since, period.until, compare="year", **chosen)
        now_rp, before_rp = phu.totals["surplus_rp"], phu.comparison_totals["surplus_rp"]
        parts.figures(
            [
                Figure("SHU periode ini", rupiah(now_rp), parts.change(now_rp, before_rp, "tahun lalu"), True),
                Figure("SHU tahun lalu", rupiah(before_rp), "hari-hari yang sama"),
            ]
        )
        charts.chart(
            [row.until for row in report.rows],
            [
                Series("Tahun ini", [row.surplus_rp for row in report.rows], colour=TOKENS["brand"]),
                Series("Tahun lalu", [row.year_before_rp for row in report.rows], colour=TOKENS["edge"]),
            ],
            key="grafik-shu",
        )
        parts.warn((*report.checks, *phu.checks))
        parts.numbers(report, "unduh-shu")
        with st.expander("Lihat PHU lengkap"):
            parts.table(as_table(phu))
            parts.download(phu, "unduh-phu")
