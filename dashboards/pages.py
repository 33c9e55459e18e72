"""Every page of the dashboards, who may see it, and which one is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.actor import NOWHERE, Actor
from dashboards import parts, session
from dashboards.session import Asker
from dashboards.views import home, mart, savings, subscriptions
from dashboards.views.loans import own, portfolio, simulation


@dataclass(frozen=True)
class Page:
    """A page, the permission it asks for (none: whoever is signed in), and its address below /dasbor."""

    title: str
    path: str
    permission: str
    show: Callable[[Asker], None]

    def is_for(self, actor: Actor) -> bool:
        """Pages of a cooperative for its people, pages of the platform for the platform's."""
        if actor.coop_id == NOWHERE:
            return self.permission.startswith("platform.") and actor.may(self.permission)
        return not self.permission or actor.may(self.permission)


PAGES = (
    Page("Dasbor pengurus", "pengurus", "dashboards.view", home.board),
    Page("Pinjaman", "pinjaman", "dashboards.view", portfolio.board),
    Page("Penjualan toko", "toko", "mart.view", mart.sales),
    Page("Simpanan saya", "simpanan-saya", "own.view", savings.own),
    Page("Pinjaman saya", "pinjaman-saya", "own.view", own.own),
    Page("Langganan", "langganan", "platform.manage", subscriptions.board),
    Page("Simulasi pinjaman", "simulasi", "", simulation.simulate),
)
PATHS = frozenset(page.path for page in PAGES)


def run() -> None:
    """The page asked for, of those this person may see; the first of them when none was named."""
    st.set_page_config(page_title="Dasbor eKopz", layout="wide", initial_sidebar_state="collapsed")
    asker = session.asker()
    if asker is None:
        parts.empty("Anda belum masuk, sudah keluar, atau berganti koperasi. Muat ulang halaman ini untuk masuk lagi.")
        return
    allowed = [page for page in PAGES if page.is_for(asker.actor)]
    if not allowed:
        parts.empty("Tidak ada dasbor untuk peran Anda. Kembali ke meja platform.")
        return
    front = allowed[0]
    st.navigation(
        [
            st.Page(partial(_show, asker, front, allowed), title=front.title, url_path="depan", default=True),
            *(st.Page(partial(_show, asker, page, allowed), title=page.title, url_path=page.path) for page in PAGES),
        ],
        position="hidden",
    ).run()


def _show(asker: Asker, page: Page, allowed: list[Page]) -> None:
    links = [(other.title, f"/dasbor/{other.path}", other is page) for other in allowed]
    if asker.actor.may("panel.enter"):
        links.append(("← Kopmin", "/kopmin/", False))
    if asker.actor.may("platform.enter"):
        links.append(("← Meja platform", "/platform/", False))
    if asker.actor.member_id is not None:
        links.append(("← MyKoperasi", "/mykoperasi/", False))
    parts.top(asker, page.title, links)
    if page in allowed:
        page.show(asker)
    else:
        parts.empty("Anda tidak berhak melihat halaman ini. Minta pengurus yang berwenang.")
