"""A forgotten password: asking for a link by mail, and the answer that is the same for everybody."""

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refusal
from member_portal.frame import page, portal
from member_portal.typed import Typed
from member_portal.views.access.standing import ways_in
from services.access import reset
from services.notifications import outbox
from web.request import client_ip, database


@portal.get("/lupa-kata-sandi")
def forgotten() -> str:
    return _page(Typed({}))


@portal.post("/lupa-kata-sandi")
def ask_for_link() -> ResponseReturnValue:
    typed = Typed(request.form)
    try:
        reset.ask(database(), typed["siapa"], ip=client_ip())
    except Refusal as refusal:
        typed.refused("siapa", refusal)
        return _page(typed), refusal.status
    return redirect(url_for("portal.link_asked"))


@portal.get("/lupa-kata-sandi/terkirim")
def link_asked() -> str:
    return page("forgotten_sent.html", title="Periksa surel Anda")


def _page(typed: Typed) -> str:
    signed_in = g.get("signed_in")
    return page(
        "forgotten.html", title="Lupa kata sandi", typed=typed, by_mail=outbox.is_open(),
        no_password=signed_in is not None and not ways_in().has_password,
    )  # fmt: skip
