"""Passkeys of one's own: added by the browser after the password was typed again, listed, removed."""

from flask import flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refusal
from member_portal.frame import page, portal, signed_in_only
from member_portal.views.access.standing import told, ways_in
from services.access import passkeys, sign_in
from web import proofs
from web.body import sent_object
from web.request import client_ip, database


@portal.get("/mykoperasi/akun/kunci")
@signed_in_only
def keys_page() -> ResponseReturnValue:
    return _page()


def _page(problem: str = "") -> str:
    return page("account_keys.html", title="Kunci masuk", ways=ways_in(), problem=problem, most=passkeys.MOST)


@portal.post("/mykoperasi/akun/kunci/mulai")
@signed_in_only
def begin_key() -> ResponseReturnValue:
    """The password once more, then what the browser needs to make a key."""
    place, user_id, label = proofs.passkey_place(), g.signed_in.user_id, request.form.get("label", "")[:60]
    try:
        sign_in.confirm(database(), user_id, request.form.get("sandi", "")[:200], client_ip())
        if place is None:
            raise passkeys.PasskeyRefused()
        options, challenge = passkeys.offer(database(), place, user_id)
    except Refusal as refusal:
        return _problem(refusal)
    proofs.remember(
        proofs.PASSKEY, within_s=passkeys.WITHIN_S, challenge=challenge, user_id=user_id, label=label
    )  # fmt: skip
    return options, 200, {"Content-Type": "application/json"}


@portal.post("/mykoperasi/akun/kunci")
@signed_in_only
def add_key() -> ResponseReturnValue:
    kept, place, user_id = proofs.recall(proofs.PASSKEY), proofs.passkey_place(), g.signed_in.user_id
    try:
        if kept is None or place is None or kept.get("user_id") != user_id:
            raise passkeys.PasskeyRefused()
        passkeys.add(
            database(), place, user_id, sent_object(), kept["challenge"], label=kept["label"], ip=client_ip()
        )  # fmt: skip
    except Refusal as refusal:
        return _problem(refusal)
    flash("Kunci masuk tersimpan. Di halaman masuk, pilih Masuk dengan kunci.", "success")
    return jsonify(next=url_for("portal.keys_page"))


@portal.post("/mykoperasi/akun/kunci/hapus")
@signed_in_only
def remove_key() -> ResponseReturnValue:
    text, password = request.form.get("kunci", ""), request.form.get("sandi", "")[:200]
    passkey_id = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    try:
        passkeys.remove(database(), g.signed_in.user_id, passkey_id, password, ip=client_ip())
    except Refusal as refusal:
        return _page(told(refusal)), refusal.status
    flash("Kunci masuk sudah dihapus.", "success")
    return redirect(url_for("portal.keys_page"))


def _problem(refusal: Refusal) -> ResponseReturnValue:
    return jsonify(problem=told(refusal)), refusal.status
