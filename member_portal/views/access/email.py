"""One's own mail address: given with the password, confirmed from its mailbox."""

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import InvalidValue, Refusal
from member_portal.frame import page, portal, signed_in_only
from member_portal.typed import Typed
from member_portal.views.access.standing import told, ways_in
from services.access import own_email
from services.notifications import outbox
from services.privacy import bulletin
from web.request import client_ip, database, db

SENT = "Surat konfirmasi sudah dikirim ke {}. Buka tautan di dalamnya, lalu tekan Ya."


@portal.get("/mykoperasi/akun/surel")
@signed_in_only
def email_page() -> ResponseReturnValue:
    return _page(Typed({}))


@portal.post("/mykoperasi/akun/surel")
@signed_in_only
def ask_for_email() -> ResponseReturnValue:
    typed, password = Typed({"surel": request.form.get("surel", "")}), request.form.get("sandi", "")[:200]
    try:
        own_email.ask(database(), g.signed_in.user_id, typed["surel"], password, ip=client_ip())
    except Refusal as refusal:
        typed.refused("surel" if isinstance(refusal, InvalidValue) else "sandi", told(refusal))
        return _page(typed), refusal.status
    flash(SENT.format(typed["surel"]), "success")
    return redirect(url_for("portal.email_page"))


def _page(typed: Typed) -> str:
    return page("account_email.html", title="Surel", ways=ways_in(), typed=typed, by_mail=outbox.is_open())


@portal.get("/konfirmasi-surel/<token>")
def confirm_email_page(token: str) -> ResponseReturnValue:
    """A page with one button: programs that look through mails open links, but press nothing."""
    try:
        asked = own_email.wanted(db(), token)
    except Refusal as refusal:
        return _over(refusal)
    return page("email_confirm.html", title="Konfirmasi surel", asked=asked)


@portal.post("/konfirmasi-surel/<token>")
def confirm_email(token: str) -> ResponseReturnValue:
    try:
        asked = bulletin.confirm_address(database(), token)
    except Refusal as refusal:
        return _over(refusal)
    return page("email_confirm.html", title="Surel dikonfirmasi", asked=asked, is_done=True)


def _over(refusal: Refusal) -> ResponseReturnValue:
    return page("email_confirm.html", title="Tautan ini tidak berlaku", problem=refusal.sentence), refusal.status
