"""Google beside the password: linked after the password was typed again, and unlinked."""

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refusal
from member_portal.frame import page, portal, signed_in_only
from member_portal.views.access.standing import told, ways_in
from services.access import identities, sign_in
from web import proofs
from web.request import client_ip, database


@portal.get("/mykoperasi/akun/google")
@signed_in_only
def google_page() -> ResponseReturnValue:
    return _page()


def _page(problem: str = "", **more: bool) -> str:
    return page("account_google.html", title="Akun Google", ways=ways_in(), problem=problem, **more)


@portal.post("/mykoperasi/akun/google")
@signed_in_only
def link_google() -> ResponseReturnValue:
    """The password once more; the page then leads to Google (a form may not lead off the site)."""
    try:
        sign_in.confirm(database(), g.signed_in.user_id, request.form.get("sandi", "")[:200], client_ip())
    except Refusal as refusal:
        return _page(told(refusal)), refusal.status
    proofs.remember(proofs.LINKING)
    return _page(may_leave=True)


@portal.post("/mykoperasi/akun/google/lepas")
@signed_in_only
def unlink_google() -> ResponseReturnValue:
    try:
        identities.unlink(database(), g.signed_in.user_id, request.form.get("sandi", "")[:200], ip=client_ip())
    except Refusal as refusal:
        return _page(told(refusal)), refusal.status
    flash("Akun Google sudah dilepas. Masuk dengan Google tidak berlaku lagi untuk akun ini.", "success")
    return redirect(url_for("portal.account"))
