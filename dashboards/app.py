"""The script Streamlit runs for every visitor, from the first line to the last on each interaction."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from dashboards import parts, session
from dashboards.session import Asker
from dashboards.views import home, savings


@dataclass(frozen=True)
class Page:
    """A page, the permission it asks for, and its address below /dasbor."""

    title: str
    path: str
    permission: str
    show: Callable[[Asker], None]


PAGES = (
    Page("Dasbor pengurus", "pengurus", "dashboards.view", home.board),
    Page("Grafik simpanan saya", "simpanan-saya", "own.view", savings.own),
)


def run() -> None:
    """The page asked for, of those this person may see; the first of them when none was named."""
    st.set_page_config(page_title="Dasbor eKopz", page_icon="📊", layout="wide", initial_sidebar_state="collapsed")
    asker = session.asker()
    if asker is None:
        parts.empty("Anda belum masuk, sudah keluar, atau berganti koperasi. Muat ulang halaman ini untuk masuk lagi.")
        return
    allowed = [page for page in PAGES if asker.actor.may(page.permission)]
    if not allowed:
        parts.empty("Anda tidak berhak melihat dasbor. Minta pengurus yang berwenang.")
        return
    pages = [
        st.Page(partial(_show, asker, page, allowed), title=page.title, url_path=page.path, default=page is allowed[0])
        for page in allowed
    ]
    st.navigation(pages, position="hidden").run()


def _show(asker: Asker, page: Page, allowed: list[Page]) -> None:
    links = [(other.title, f"/dasbor/{other.path}", other is page) for other in allowed if len(allowed) > 1]
    if asker.actor.may("panel.enter"):
        links.append(("Kembali ke Kopmin", "/kopmin/", False))
    if asker.actor.member_id is not None:
        links.append(("Kembali ke MyKoperasi", "/mykoperasi/", False))
    parts.top(asker, page.title, links)
    page.show(asker)


run()
