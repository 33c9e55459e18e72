"""What shops sell: how much and at what margin, of what, when, to whom and how paid; and what does not sell."""

from collections.abc import Sequence

import streamlit as st

from core.display import MONTHS, number, percent_text, rupiah
from dashboards import charts, data, parts
from dashboards.charts import Series
from dashboards.lines import Line, lines
from dashboards.look import TOKENS, short_rp
from dashboards.parts import PICKER, Bar, Figure, Period
from dashboards.session import Asker
from reports.shape import span_long
from reports.store_sales import Cut, StoreSales, store_sales

SHOWN = 10
MOST_DAYS = 31


def sales(asker: Asker) -> None:
    """Sales of the shops this person works in, under one choice of period and shop."""
    known, shops = data.options(asker.actor), data.shops(asker.actor)
    if not shops:
        parts.empty("Belum ada toko yang Anda kelola. Minta ketua menetapkan Anda sebagai pengelolanya.")
        return
    period = parts.period_picker(known)
    unit_id = _shop_picker(shops)
    report = data.ask(asker.actor, known.head, store_sales, period.since, period.until, unit_id=unit_id)
    if _whole(report, period):
        _when(report)
        _what(report)
        _who(report)
    _slow(report)


def _shop_picker(shops: Sequence[tuple[int, str]]) -> int | None:
    if len(shops) < 2:
        return None
    names: dict[int | None, str] = {None: "Semua toko saya", **dict(shops)}
    return st.selectbox(
        "Toko", list(names), format_func=lambda key: names[key], key="toko", placeholder="Pilih", width=PICKER
    )


def _whole(report: StoreSales, period: Period) -> bool:
    """The sums, and each month; False where nothing was sold."""
    with st.container(border=True, key="kartu-penjualan"):
        parts.heading("Penjualan", f"{', '.join(report.stores)}. {span_long(period.since, period.until)}.")
        whole, back = report.whole, report.returned
        if not whole.orders:
            parts.empty("Belum ada barang yang diserahkan pada periode ini.")
            return False
        parts.figures(
            [
                Figure("Penjualan bersih", rupiah(whole.net_rp), f"{number(whole.orders)} pesanan", True),
                Figure("Laba kotor", rupiah(whole.margin_rp), _margin(whole)),
                Figure("Rata-rata pesanan", rupiah(whole.net_rp // whole.orders), f"{number(whole.pieces)} buah"),
                Figure("Retur", rupiah(back.amount_rp), f"{number(back.count)} kali, {number(back.pieces)} buah"),
            ]
        )
        charts.chart(
            [cut.on for cut in report.by_month if cut.on],
            [
                Series("Penjualan bersih", [cut.net_rp for cut in report.by_month], colour=TOKENS["brand"]),
                Series("Laba kotor", [cut.margin_rp for cut in report.by_month], is_line=True, colour=TOKENS["accent"]),
            ],
            key="grafik-penjualan",
        )
        parts.warn(report.checks)
        parts.numbers(report, "unduh-penjualan")
        return True


def _margin(cut: Cut) -> str:
    return f"{percent_text(cut.margin_pct)} % dari penjualan"


def _when(report: StoreSales) -> None:
    """Sales of the last days that had any, and the hours people order in."""
    with st.container(border=True, key="kartu-waktu"):
        parts.heading("Kapan", "Hari barang diserahkan, dan jam orang memesan.")
        days = [cut for cut in report.by_day[-MOST_DAYS:] if cut.on]
        if len(days) > 1:
            lines(
                [f"{cut.on.day} {MONTHS[cut.on.month - 1][:3]}" for cut in days if cut.on],
                [Line("Penjualan bersih", [cut.net_rp for cut in days]), Line("Laba kotor", _above(days))],
                lambda value: short_rp(int(value)),
                f"Penjualan harian, {len(days)} hari berjualan terakhir",
            )
        parts.heading("Jam pesan")
        parts.bars([Bar(cut.label, cut.orders, f"{number(cut.orders)} pesanan", rupiah(cut.net_rp))
                    for cut in report.by_hour])  # fmt: skip


def _above(days: Sequence[Cut]) -> list[float]:
    """Margins as a line from zero on; a day below cost touches it."""
    return [max(0, cut.margin_rp) for cut in days]


def _what(report: StoreSales) -> None:
    with st.container(border=True, key="kartu-barang"):
        parts.heading("Barang", "Menurut penjualan bersih, dengan laba kotornya.")
        rest = report.by_product[SHOWN:]
        rows = [_bar(cut, f"{number(cut.pieces)} buah") for cut in report.by_product[:SHOWN]]
        if rest:
            rows.append(Bar(f"{len(rest)} barang lain", sum(cut.net_rp for cut in rest),
                            rupiah(sum(cut.net_rp for cut in rest))))  # fmt: skip
        parts.bars(rows, ("Penjualan bersih", rupiah(report.whole.net_rp)))


def _bar(cut: Cut, told: str) -> Bar:
    return Bar(cut.label, cut.net_rp, rupiah(cut.net_rp), f"{told}, laba kotor {rupiah(cut.margin_rp)}")


def _who(report: StoreSales) -> None:
    """To whom, where and how it was paid, side by side."""
    with st.container(border=True, key="kartu-pembeli"):
        parts.heading("Pembeli dan pembayaran")
        with st.grid(2, min_column_width=250, gap="large"):
            for title, cuts in (("Pembeli", report.by_buyer), ("Cara bayar", report.by_payment),
                                ("Tempat", report.by_channel)):  # fmt: skip
                with st.container():
                    parts.heading(title)
                    parts.bars([_bar(cut, f"{number(cut.orders)} pesanan") for cut in cuts])


def _slow(report: StoreSales) -> None:
    with st.container(border=True, key="kartu-lama"):
        parts.heading("Stok lama", "Ada di rak dan tidak dipesan 60 hari.")
        if not report.slow:
            parts.empty("Tidak ada. Semua barang di rak dipesan dalam 60 hari terakhir atau baru datang.")
            return
        total_rp = sum(one.value_rp for one in report.slow)
        rows = [Bar(one.label, one.value_rp, rupiah(one.value_rp), f"{number(one.pieces)} buah, {one.store}")
                for one in sorted(report.slow, key=lambda one: -one.value_rp)[:SHOWN]]  # fmt: skip
        parts.bars(rows, ("Uang yang tertahan", rupiah(total_rp)))
        parts.link("Usulkan cuci gudang", "/kopmin/promo/")
