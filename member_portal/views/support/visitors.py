"""Masukan: one address in every footer. Members and pengurus go to their own form; strangers write here."""

import secrets

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import InvalidValue, Refusal
from member_portal.frame import is_member, page, portal
from member_portal.typed import Typed
from member_portal.views.support.tickets import LONGEST
from services.support import visitors
from services.support.tickets import KINDS
from web.request import client_ip, database

BESIDE = {"Nama": "nama", "Email": "email", "Jenis": "jenis", "Pesan": "pesan"}


@portal.get("/masukan")
def feedback() -> ResponseReturnValue:
    came_from, who = request.args.get("dari", ""), g.get("actor")
    if is_member():
        return redirect(url_for("portal.ticket_form", dari=came_from))
    if who is not None and who.may("panel.enter"):
        return redirect(url_for("TicketDesk.write", dari=came_from))
    signed_in = g.get("signed_in")
    usual = {"token": secrets.token_urlsafe(12), "nama": signed_in.full_name if signed_in else ""}
    return _form(Typed({"halaman": came_from}, usual))


@portal.post("/masukan")
def send_feedback() -> ResponseReturnValue:
    typed = Typed(request.form, longest=LONGEST)
    told = visitors.Told(
        typed["nama"], typed["email"], typed["jenis"], typed["pesan"], typed["token"][:60], typed["halaman"]
    )
    try:
        if not typed["situs"]:  # a field that people do not see: who fills it in is a program
            visitors.send(database(), told, ip=client_ip())
    except Refusal as refusal:
        named = isinstance(refusal, InvalidValue)
        typed.refused(BESIDE.get(refusal.fields["field"], "form") if named else "form", refusal)
        return _form(typed), refusal.status
    flash("Terima kasih, pesan Anda sudah kami terima. Jawabannya kami kirim lewat email.", "success")
    return redirect(url_for("portal.feedback"))


def _form(typed: Typed) -> str:
    return page("feedback.html", title="Masukan", typed=typed, kinds=KINDS)
