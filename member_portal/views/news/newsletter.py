"""Kabar Kopnews by mail: giving an address, and the page behind the link in the mail."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refusal
from member_portal.frame import portal
from member_portal.typed import Typed
from member_portal.views.news.browse import home_page
from member_portal.views.news.page import shown
from services.news import newsletter
from web.request import db, transaction

SENT = "Periksa kotak surat Anda, lalu tekan tautan di dalamnya untuk mulai berlangganan."


@portal.post("/kopnews/kabar")
def news_subscribe() -> ResponseReturnValue:
    typed = Typed(request.form)
    try:
        with transaction() as session:
            newsletter.ask(session, typed["surel"])
    except Refusal as refusal:
        typed.refused("surel", refusal)
        return home_page(typed), refusal.status
    flash(SENT, "success")
    return redirect(url_for("portal.news_home"))


@portal.get("/kopnews/kabar/<token>")
def news_letter(token: str) -> Response:
    """One page, one button: yes, or no more. Looking changes nothing: some mail programs open every link."""
    found = newsletter.by_token(db(), token)
    gets = found.confirmed_at is not None and found.ended_at is None
    answer = shown("newsletter.html", title="Kabar Kopnews", about="", found=found, gets=gets, token=token,
                   is_hidden=True, canonical=url_for("portal.news_home"))  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    return answer


@portal.post("/kopnews/kabar/<token>")
def news_letter_answer(token: str) -> ResponseReturnValue:
    ends = request.form.get("mau") == "berhenti"
    with transaction() as session:
        (newsletter.end if ends else newsletter.confirm)(session, token)
    flash("Langganan dihentikan. Tidak ada kabar lagi yang dikirim." if ends
          else "Terima kasih. Kabar Kopnews akan dikirim seminggu sekali.", "success")  # fmt: skip
    return redirect(url_for("portal.news_letter", token=token))
