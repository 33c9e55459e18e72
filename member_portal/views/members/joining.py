"""Asking a cooperative, on its public page, to become a member."""

import secrets

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import InvalidValue, Refusal
from member_portal.frame import portal
from member_portal.public import shown
from member_portal.typed import Typed
from services.coops import directory
from services.members import joining
from services.members.joining import Wish
from services.members.refusals import JoinClosed
from services.privacy import pages
from web.request import client_ip, database

FIELDS = {"Nama lengkap": "nama", "Nomor HP": "hp", "Email": "email", "Persetujuan": "setuju"}
LONGEST = 500


@portal.get("/koperasi/<coop>/daftar")
def join_form(coop: str) -> ResponseReturnValue:
    signed_in = g.get("signed_in")
    usual = {"nama": signed_in.full_name if signed_in else "", "token": secrets.token_urlsafe(16)}
    return _form(coop, Typed({}, usual))


@portal.post("/koperasi/<coop>/daftar")
def join(coop: str) -> ResponseReturnValue:
    typed, who = Typed(request.form, longest=LONGEST), g.get("signed_in")
    agreed = pages.version() if typed["setuju"] == "ya" else ""
    wish = Wish(typed["nama"], typed["hp"], typed["email"], typed["alamat"], typed["pesan"], agreed, typed["situs"])
    token, user_id = typed["token"][:60] or secrets.token_urlsafe(16), who.user_id if who else None
    try:
        joining.ask(database(), coop, wish, token=token, ip=client_ip(), user_id=user_id)
    except InvalidValue as refusal:
        typed.refused(FIELDS[refusal.fields["field"]], refusal.fields["reason"].capitalize())
        return _form(coop, typed), refusal.status
    except Refusal as refusal:
        return _form(coop, typed, refusal.sentence), refusal.status
    return redirect(url_for("portal.join_thanks", coop=coop))


@portal.get("/koperasi/<coop>/terima-kasih")
def join_thanks(coop: str) -> ResponseReturnValue:
    found = directory.page(database(), coop)
    return shown("public/joined.html", title="Pendaftaran terkirim", about="", found=found, is_hidden=True,
                 page="/koperasi:terkirim")  # fmt: skip


def _form(coop: str, typed: Typed, problem: str = "") -> str:
    found = directory.page(database(), coop)
    if not found.takes_members:
        raise JoinClosed(name=found.name)
    about = f"Isi nama dan nomor HP; pengurus {found.name} menghubungi Anda."
    return shown("public/join.html", title=f"Jadi anggota {found.name}", about=about, found=found, typed=typed,
                 problem=problem, page="/koperasi:daftar")  # fmt: skip
