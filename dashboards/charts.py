"""Plotly figures in the house's look, for the board's large screens. Members' pages draw without it (see `parts`)."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from core.display import number, rupiah
from dashboards.look import SERIES, TOKENS, short_rp, ticks

HEIGHT = 320
CONFIG = {"displayModeBar": False, "responsive": True, "locale": "id"}


@dataclass(frozen=True)
class Series:
    """One row of values, in the order of the labels."""

    name: str
    values: Sequence[int]
    is_line: bool = False
    colour: str = ""


def chart(
    labels: Sequence[str], rows: Sequence[Series], *, key: str, stacked: bool = False, money: bool = True
) -> None:
    """Bars and lines over labels, with an axis people can read."""
    figure = go.Figure(layout=_layout(rows, stacked=stacked, money=money))
    for place, row in enumerate(rows):
        told = [f"{row.name}: {rupiah(value) if money else number(value)}" for value in row.values]
        colour = row.colour or SERIES[place % len(SERIES)]
        common = {"x": list(labels), "y": list(row.values), "name": row.name, "customdata": told}
        common["hovertemplate"] = "%{customdata}<extra></extra>"
        if row.is_line:
            line = {"color": colour, "width": 3}
            figure.add_trace(go.Scatter(mode="lines+markers", line=line, marker={"size": 7}, **common))
        else:
            figure.add_trace(go.Bar(marker={"color": colour}, **common))
    st.plotly_chart(figure, key=key, width="stretch", theme=None, config=CONFIG)


def _layout(rows: Sequence[Series], *, stacked: bool, money: bool) -> go.Layout:
    if stacked:
        reached = [sum(values) for values in zip(*(row.values for row in rows), strict=True)]
    else:
        reached = [value for row in rows for value in row.values]
    marks = ticks(reached)
    return go.Layout(
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        barmode="relative" if stacked else "group",
        bargap=0.28,
        bargroupgap=0.06,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": TOKENS["font"], "size": 15, "color": TOKENS["ink"]},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        hovermode="x unified",
        hoverlabel={"bgcolor": TOKENS["surface"], "font": {"color": TOKENS["ink"], "size": 15}},
        xaxis={"type": "category", "fixedrange": True, "automargin": True, "linecolor": TOKENS["edge"], "nticks": 12},
        yaxis={
            "fixedrange": True,
            "automargin": True,
            "gridcolor": TOKENS["line"],
            "zerolinecolor": TOKENS["edge"],
            "tickvals": marks,
            "ticktext": [short_rp(mark) if money else number(mark) for mark in marks],
            "range": [marks[0], marks[-1]],
        },
    )
