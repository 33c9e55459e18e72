"""A cooperative signs itself up: the form, the mail that confirms the address, the way into the new cooperative."""

from datetime import datetime, timedelta

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from core.clock import now
from core.errors import Refusal
from member_portal.frame import page, portal
from member_portal.views.access import enter
from services.access.passwords import PasswordWeak
from services.ledger.chart import CHARTS
from services.notifications import outbox
from services.subscriptions import registration
from services.subscriptions.refusals import LinkExpired, LinkUnknown
from web.request import client_ip, database, looked_at

PAGE, SENT, OPENED = "/daftar-koperasi", "daftar-koperasi:terkirim", "daftar-koperasi:jadi"
SINCE, ADDRESS = "daftar_sejak", "daftar_surel"
SET_UP = "/kopmin/mulai"
FIELDS = (
    "coop_name", "city", "kind", "full_name", "email", "phone", "username", "discount_code", "plan_code",
)  # fmt: skip
LONGEST = 121


@portal.get("/daftar-koperasi")
def register_coop() -> ResponseReturnValue:
    looked_at(PAGE)
    session[SINCE] = now().isoformat()
    asked = {"plan_code": request.args.get("paket", "")[:20], "discount_code": request.args.get("kode", "")[:20]}
    return _form(dict.fromkeys(FIELDS, "") | {"kind": "serba_usaha"} | asked)


@portal.post("/daftar-koperasi")
def ask_for_coop() -> ResponseReturnValue:
    told = {name: request.form.get(name, "")[:LONGEST] for name in FIELDS}
    wish = registration.Wish(
        **told, password=request.form.get("password", "")[:201], agrees="agrees" in request.form,
        trap=request.form.get("website", ""), taken=_taken(),
    )  # fmt: skip
    try:
        opened = registration.ask(database(), wish, ip=client_ip())
    except Refusal as refusal:
        about = "password" if isinstance(refusal, PasswordWeak) else ""
        return _form(told, refusal.sentence, about), refusal.status
    return _sent(told["email"]) if opened is None else _begin(opened)


def _form(told: dict[str, str], problem: str = "", about: str = "") -> str:
    agrees = "agrees" in request.form
    return page(
        "register_coop.html", title="Daftarkan koperasi", told=told, problem=problem, about=about, kinds=CHARTS,
        agrees=agrees, by_mail=outbox.is_open(),
    )  # fmt: skip


def _taken() -> timedelta | None:
    """How long the form was open in this browser."""
    since = session.get(SINCE)
    return now() - datetime.fromisoformat(since) if since else None


def _sent(email: str) -> ResponseReturnValue:
    looked_at(SENT)
    session[ADDRESS] = email.strip()
    return redirect(url_for("portal.coop_mail_sent"))


@portal.get("/daftar-koperasi/terkirim")
def coop_mail_sent() -> ResponseReturnValue:
    return page("register_coop_sent.html", title="Periksa surel Anda", email=session.get(ADDRESS, ""))


@portal.post("/daftar-koperasi/kirim-ulang")
def send_coop_mail_again() -> ResponseReturnValue:
    email = request.form.get("email", "")[:LONGEST]
    registration.again(database(), email, ip=client_ip())
    session[ADDRESS] = email.strip()
    flash("Bila alamat itu punya pendaftaran yang menunggu, tautan baru sudah dikirim ke sana.", "success")
    return redirect(url_for("portal.coop_mail_sent"))


@portal.get("/daftar-koperasi/konfirmasi/<token>")
def confirm_coop_page(token: str) -> ResponseReturnValue:
    """A page with one button: programs that look through mails open links, but press nothing."""
    try:
        row = registration.waiting(database(), token)
    except Refusal as refusal:
        return _no_way(refusal)
    return page("register_coop_confirm.html", title="Buka koperasi", row=row, kind=CHARTS[row.kind])


@portal.post("/daftar-koperasi/konfirmasi/<token>")
def confirm_coop(token: str) -> ResponseReturnValue:
    try:
        return _begin(registration.confirm(database(), token))
    except Refusal as refusal:
        return _no_way(refusal)


def _no_way(refusal: Refusal) -> ResponseReturnValue:
    again = isinstance(refusal, LinkExpired | LinkUnknown)
    title = "Tautan ini tidak berlaku"
    return page("register_coop_link.html", title=title, problem=refusal.sentence, again=again), refusal.status


def _begin(opened: registration.Opened) -> ResponseReturnValue:
    looked_at(OPENED)
    enter(opened.user)
    flash(f"{opened.coop.name} sudah dibuka. Nama pengguna Anda: {opened.user.username}.", "success")
    if opened.user.email_confirmed_at is None:
        flash("Alamat surel Anda belum dikonfirmasi karena surat belum dapat dikirim dari sini.", "warning")
    if opened.code_refused:
        flash(opened.code_refused, "warning")
    return redirect(SET_UP)
