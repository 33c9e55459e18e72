"""Registering an account, the one-time link, the account page, and choosing where to go."""

from collections.abc import Mapping, Sequence

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core.errors import Refusal
from member_portal.frame import is_member, page, portal, signed_in_only
from member_portal.views.access.standing import ways_in
from models.access import User
from models.coops import Coop
from services.access import google, own_password, registration, sessions, sign_in
from services.access.passwords import PasswordWeak
from services.access.registration import Visitor
from services.access.sign_in import LinkInvalid
from services.privacy import pages
from web.request import client_ip, database, db, let_in, safe_next, settings

LONGEST = 121
PLATFORM = "platform"


@portal.get("/daftar")
def register() -> ResponseReturnValue:
    """Anybody may have an account; which member they are is asked next."""
    return redirect(_claim_wanted()) if g.get("signed_in") else _register_page({})


@portal.post("/daftar")
def make_account() -> ResponseReturnValue:
    told = {name: request.form.get(name, "")[:LONGEST] for name in ("full_name", "username", "email", "setuju")}
    if not told["setuju"]:
        return _register_page(told, "Centang dulu bila Anda setuju.", "setuju"), 422
    password = request.form.get("password", "")[:201]
    visitor = Visitor(told["username"], told["full_name"], password, told["email"], pages.version())
    try:
        user = registration.register(database(), visitor, ip=client_ip())
    except Refusal as refusal:
        about = "password" if isinstance(refusal, PasswordWeak) else ""
        return _register_page(told, refusal.sentence, about), refusal.status
    enter(user)
    flash(f"Selamat datang, {user.full_name}. Akun Anda sudah jadi; sekarang hubungkan dengan koperasi.", "success")
    return redirect(_claim_wanted())


def _claim_wanted() -> str:
    """The claim of the link that pengurus gave out, which names their cooperative; or the claim that asks for it."""
    usual = url_for("portal.claim")
    wanted = safe_next(request.args.get("next"), usual)
    return wanted if wanted.startswith(f"{usual}?") else usual


def _register_page(told: Mapping[str, str], problem: str = "", about: str = "") -> str:
    return page(
        "register.html", title="Daftar akun", told=told, problem=problem, about=about, most=registration.PER_ADDRESS,
        has_google=google.provider() is not None,
    )  # fmt: skip


def enter(user: User) -> None:
    """Sign somebody in who has just proven who they are."""
    agent = request.headers.get("User-Agent", "")
    let_in(sign_in.begin(database(), user, ip=client_ip(), agent=agent, hours=settings().session_hours))


@portal.get("/tautan/<token>")
def one_time_link(token: str) -> ResponseReturnValue:
    return _link_page(token)


@portal.post("/tautan/<token>")
def use_link(token: str) -> ResponseReturnValue:
    """Set the password, and come in with it; the sign-in page knows where each person goes."""
    try:
        user = sign_in.use_link(database(), token, request.form.get("password", "")[:201])
    except PasswordWeak as refusal:
        return _link_page(token, refusal)
    except LinkInvalid:
        return _link_page(token)
    enter(user)
    flash(f"Selamat datang, {user.full_name}. Kata sandi Anda sudah tersimpan.", "success")
    return redirect(url_for("AuthDBView.login"))


def _link_page(token: str, weak: PasswordWeak | None = None) -> ResponseReturnValue:
    try:
        user: User = sign_in.link_user(database(), token)
    except LinkInvalid as refusal:
        return page("link_over.html", title="Tautan ini tidak berlaku", problem=refusal.sentence), refusal.status
    problem, status = (weak.sentence, weak.status) if weak else ("", 200)
    return page("new_password.html", title="Buat kata sandi", user=user, problem=problem), status


@portal.get("/pilih")
@signed_in_only
def choose_face() -> ResponseReturnValue:
    """Where to: for people who are member and pengurus, or work both in a cooperative and on the platform."""
    return page("choose.html", title="Mau ke mana?", is_member=is_member(), coops=_coops())


@portal.get("/mykoperasi/akun")
@signed_in_only
def account() -> ResponseReturnValue:
    return account_page()


def account_page(problem: str = "", about: str = "") -> str:
    """The account page, with what was wrong (`about` names the field)."""
    coops, devices = _coops(), sessions.open_sessions(database(), g.signed_in, settings().session_idle_minutes)
    shown = coops if len(coops) > 1 else []
    return page(
        "account.html", title="Akun", coops=shown, devices=devices, problem=problem, about=about, ways=ways_in()
    )


def _coops() -> Sequence[Coop]:
    """Cooperatives this person has a place in."""
    ids = sign_in.coops_of(database(), g.signed_in.user_id)
    return db().scalars(select(Coop).where(Coop.id.in_(ids)).order_by(Coop.name)).all()


@portal.post("/mykoperasi/akun/kata-sandi")
@signed_in_only
def change_password() -> ResponseReturnValue:
    current, new = request.form.get("current", "")[:201], request.form.get("password", "")[:201]
    try:
        own_password.change(database(), g.signed_in, current, new)
    except sign_in.SignInFailed:
        return account_page("Kata sandi sekarang tidak cocok. Ketik ulang dengan teliti.", "current"), 422
    except PasswordWeak as weak:
        return account_page(weak.sentence, "password"), 422
    flash("Kata sandi sudah diganti. Perangkat lain yang masih masuk telah dikeluarkan.", "success")
    return redirect(url_for("portal.account"))


@portal.post("/mykoperasi/akun/kata-sandi/buat")
@signed_in_only
def make_password() -> ResponseReturnValue:
    """The first password of somebody who signs in without one."""
    new, code = request.form.get("password", "")[:201], request.form.get("sandi", "")[:20]
    try:
        own_password.make(database(), g.signed_in, new, code, ip=client_ip())
    except PasswordWeak as weak:
        return account_page(weak.sentence, "password"), 422
    except Refusal as refusal:
        return account_page(refusal.sentence, "sandi"), refusal.status
    flash("Kata sandi sudah dibuat. Sekarang Anda juga dapat masuk dengannya.", "success")
    return redirect(url_for("portal.account"))


@portal.post("/mykoperasi/akun/perangkat")
@signed_in_only
def end_session() -> ResponseReturnValue:
    """Sign another browser of this person out."""
    sessions.end_own(database(), g.signed_in, _number("perangkat"))
    flash("Perangkat itu sudah dikeluarkan.", "success")
    return redirect(url_for("portal.account"))


@portal.post("/mykoperasi/akun/koperasi")
@signed_in_only
def choose_coop() -> ResponseReturnValue:
    """Work in another of one's own cooperatives, or on the platform."""
    on_platform = request.form.get("koperasi") == PLATFORM
    sign_in.choose_coop(database(), g.signed_in, None if on_platform else _number("koperasi"))
    return redirect("/platform/" if on_platform else url_for("AuthDBView.login"))


def _number(field: str) -> int:
    text = request.form.get(field, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
