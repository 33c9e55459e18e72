"""Kabar Kopnews by mail: giving an address, and the page behind the link in the mail."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refusal
from member_portal.frame import portal, viewer
from member_portal.typed import Typed
from member_portal.views.news.browse import home_page
from member_portal.views.news.page import shown
from services.news import newsletter
from services.privacy import bulletin
from web.request import db, transaction

ANSWER = f"{__name__}.news_letter_answer"
"""To be let past the check of forms: mail programs press it, and only the letter tells its address."""
ONE_CLICK = ("List-Unsubscribe", "One-Click")
BEGINS = "Terima kasih. Kabar Kopnews akan dikirim seminggu sekali."
SENT = "Periksa kotak surat Anda, lalu tekan tautan di dalamnya untuk mulai berlangganan."


@portal.post("/kopnews/kabar")
def news_subscribe() -> ResponseReturnValue:
    typed = Typed(request.form)
    try:
        with transaction() as session:
            begins = bulletin.ask(session, typed["surel"], viewer())
    except Refusal as refusal:
        typed.refused("surel", refusal)
        return home_page(typed), refusal.status
    flash(BEGINS if begins else SENT, "success")
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
    """Pressed by a person, or by their mail program (`ONE_CLICK`), which wants no other page to follow."""
    by_program = request.form.get(ONE_CLICK[0]) == ONE_CLICK[1]
    ends = by_program or request.form.get("mau") == "berhenti"
    with transaction() as session:
        (bulletin.end if ends else bulletin.confirm)(session, token)
    if by_program:
        return "Langganan dihentikan."
    flash("Langganan dihentikan. Tidak ada kabar lagi yang dikirim." if ends
          else BEGINS, "success")  # fmt: skip
    return redirect(url_for("portal.news_letter", token=token))
