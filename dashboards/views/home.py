"""The board's page: cash, neraca, SHU, savings and members under one choice of period and unit."""

import streamlit as st

from dashboards import data, parts
from dashboards.session import Asker
from dashboards.views import ledger, members, savings
from reports.choices import Choices


def board(asker: Asker) -> None:
    """Everything the board asks about at a meeting, on one page."""
    known = data.options(asker.actor)
    if known.head == 0:
        parts.empty(
            "Belum ada yang dibukukan. Setelah saldo awal atau setoran pertama dicatat, grafiknya tampil di sini."
        )
        return
    period, unit_id = _chosen(known)
    ledger.cash(asker.actor, known, period, unit_id)
    ledger.position(asker.actor, known, period, unit_id)
    ledger.surplus(asker.actor, known, period, unit_id)
    savings.all_members(asker.actor, known, period)
    members.growth(asker.actor, known, period)


def _chosen(known: Choices) -> tuple[parts.Period, int | None]:
    with st.container(horizontal=True, key="pilihan"):
        return parts.period_picker(known), parts.unit_picker(known)
