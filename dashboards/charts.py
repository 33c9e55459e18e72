"""Plotly figures in the house's look, for the board's large screens. Members' pages draw without it (see `parts`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go
import streamlit as st

from core.display import number, rupiah
from dashboards.look import SERIES, TOKENS, month_labels, month_short, short_rp, ticks

HEIGHT = 320
LONG = 14  # months: of more, every third is named
CONFIG = {"displayModeBar": False, "responsive": True, "locale": "id"}


@dataclass(frozen=True)
class Series:
    """One row of values, in the order of the months."""

    name: str
    values: Sequence[int]
    is_line: bool = False
    colour: str = ""


def chart(days: Sequence[date], rows: Sequence[Series], *, key: str, stacked: bool = False, money: bool = True) -> None:
    """Bars and lines over months, with an axis people can read. People are counted, whichever way their bar points."""
    figure = go.Figure(layout=_layout(days, rows, stacked=stacked, money=money))
    for place, row in enumerate(rows):
        told = [f"{row.name}: {rupiah(value) if money else number(abs(value))}" for value in row.values]
        colour = row.colour or SERIES[place % len(SERIES)]
        common = {"x": [month_short(day) for day in days], "y": list(row.values), "name": row.name, "customdata": told}
        common["hovertemplate"] = "%{customdata}<extra></extra>"
        if row.is_line:
            line = {"color": colour, "width": 3}
            figure.add_trace(go.Scatter(mode="lines+markers", line=line, marker={"size": 7}, **common))
        else:
            figure.add_trace(go.Bar(marker={"color": colour}, **common))
    st.plotly_chart(figure, key=key, width="stretch", theme=None, config=CONFIG)


def heatmap(rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[float | None]], *, key: str) -> None:
    """Shares in percent as colours, darker for more; None where nothing is known."""
    told = [["" if cell is None else f"{cell:.0f}" for cell in row] for row in cells]
    colours = [[0, TOKENS["paper"]], [1, TOKENS["brand"]]]
    figure = go.Figure(
        go.Heatmap(
            x=list(columns), y=list(rows), z=[list(row) for row in cells], text=told, texttemplate="%{text}",
            zmin=0, zmax=100, colorscale=colours, showscale=False, xgap=2, ygap=2,
            hovertemplate="%{y}, bulan ke-%{x}: %{z:.1f} %<extra></extra>",
        ),
        layout=_plain(HEIGHT // 4 + 34 * len(rows)),
    )  # fmt: skip
    common = {"type": "category", "fixedrange": True, "automargin": True, "showgrid": False, "ticks": ""}
    figure.update_yaxes(autorange="reversed", **common)
    figure.update_xaxes(side="top", **common)
    st.plotly_chart(figure, key=key, width="stretch", theme=None, config=CONFIG)


def funnel(labels: Sequence[str], counts: Sequence[int], *, key: str) -> None:
    """How many came how far, the widest first."""
    figure = go.Figure(
        go.Funnel(
            y=list(labels), x=list(counts), text=[number(count) for count in counts], textinfo="text",
            marker={"color": TOKENS["brand"]}, connector={"fillcolor": TOKENS["brand-soft"]},
            hovertemplate="%{y}: %{text}<extra></extra>",
        ),
        layout=_plain(HEIGHT + 60),
    )  # fmt: skip
    figure.update_yaxes(automargin=True, fixedrange=True)
    figure.update_xaxes(fixedrange=True)
    st.plotly_chart(figure, key=key, width="stretch", theme=None, config=CONFIG)


def _plain(height: int) -> go.Layout:
    return go.Layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": TOKENS["font"], "size": 16, "color": TOKENS["ink"]},
        hoverlabel={"bgcolor": TOKENS["surface"], "font": {"color": TOKENS["ink"], "size": 16}},
    )


def _layout(days: Sequence[date], rows: Sequence[Series], *, stacked: bool, money: bool) -> go.Layout:
    if stacked:
        reached = [sum(values) for values in zip(*(row.values for row in rows), strict=True)]
    else:
        reached = [value for row in rows for value in row.values]
    marks, every = ticks(reached), 3 if len(days) > LONG else 1
    return go.Layout(
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        barmode="relative" if stacked else "group",
        bargap=0.28,
        bargroupgap=0.06,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": TOKENS["font"], "size": 16, "color": TOKENS["ink"]},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        hovermode="x unified",
        hoverlabel={"bgcolor": TOKENS["surface"], "font": {"color": TOKENS["ink"], "size": 16}},
        xaxis={
            "type": "category",
            "fixedrange": True,
            "automargin": True,
            "linecolor": TOKENS["edge"],
            "tickvals": [month_short(day) for day in days][::every],
            "ticktext": month_labels(days[::every]),
        },
        yaxis={
            "fixedrange": True,
            "automargin": True,
            "gridcolor": TOKENS["line"],
            "zerolinecolor": TOKENS["edge"],
            "tickvals": marks,
            "ticktext": [short_rp(mark) if money else number(abs(mark)) for mark in marks],
            "range": [marks[0], marks[-1]],
        },
    )
