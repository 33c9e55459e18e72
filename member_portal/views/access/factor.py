"""The second factor: a key for an app, the first code, recovery codes shown once, switching it off."""

import io

import segno
from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from core.errors import Refusal
from member_portal.frame import page, portal, signed_in_only
from member_portal.views.access.standing import told, ways_in
from services.access import second_factor
from web.request import client_ip, database


@portal.get("/mykoperasi/akun/kode")
@signed_in_only
def factor_page() -> ResponseReturnValue:
    return _page()


def _page(problem: str = "", about: str = "") -> str:
    offer = second_factor.offer(database(), g.signed_in.user_id)
    picture = _picture(offer.uri) if offer else ""
    return page(
        "account_factor.html", title="Kode kedua", ways=ways_in(), offer=offer, picture=picture, problem=problem,
        about=about,
    )  # fmt: skip


def _picture(text: str) -> Markup:
    """A square for the phone's camera, drawn into the page: no other server and no file sees the key."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="svg", xmldecl=False, svgns=True, border=4, scale=5, dark="#000")
    return Markup(drawn.getvalue().decode())  # noqa: S704  drawn here, of a text that is only dots by now


@portal.post("/mykoperasi/akun/kode/mulai")
@signed_in_only
def begin_factor() -> ResponseReturnValue:
    try:
        second_factor.start(database(), g.signed_in, _typed("sandi"), ip=client_ip())
    except Refusal as refusal:
        return _refused(refusal, "sandi")
    return redirect(url_for("portal.factor_page"))


@portal.post("/mykoperasi/akun/kode")
@signed_in_only
def switch_factor_on() -> ResponseReturnValue:
    try:
        codes = second_factor.switch_on(database(), g.signed_in, _typed("kode"))
    except Refusal as refusal:
        return _refused(refusal, "kode")
    return page("recovery_codes.html", title="Kode cadangan", codes=codes, is_new=True)


@portal.post("/mykoperasi/akun/kode/cadangan")
@signed_in_only
def renew_codes() -> ResponseReturnValue:
    try:
        codes = second_factor.recovery_codes(database(), g.signed_in, _typed("kode"), ip=client_ip())
    except Refusal as refusal:
        return _refused(refusal, "kode")
    return page("recovery_codes.html", title="Kode cadangan", codes=codes, is_new=False)


@portal.post("/mykoperasi/akun/kode/matikan")
@signed_in_only
def switch_factor_off() -> ResponseReturnValue:
    try:
        second_factor.switch_off(database(), g.signed_in, _typed("sandi"), _typed("kode"), ip=client_ip())
    except Refusal as refusal:
        return _refused(refusal, "matikan")
    flash("Kode kedua sudah dimatikan. Perangkat lain yang masih masuk telah dikeluarkan.", "success")
    return redirect(url_for("portal.account"))


def _refused(refusal: Refusal, about: str) -> ResponseReturnValue:
    return _page(told(refusal), about), refusal.status


def _typed(name: str) -> str:
    return request.form.get(name, "")[:200]
