"""Privacy: the public pages, and a member's own data: a copy to take home, consents, requests to the pengurus."""

import json
import secrets
from collections.abc import Callable
from typing import Any

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import NotFound, Refusal
from member_portal.frame import LARGEST_ID, coop, me, members_only, page, portal, signed_in_only
from models.transaction import TenantSession
from reports.spreadsheet import plain_book
from services.access import sign_in
from services.members import commands as members
from services.privacy import breaches, bulletin, consents, erasure, export, letters, pages, requests, words
from services.privacy.purposes import BULLETIN, PURPOSES
from web.request import client_ip, database, db, transaction

DATA = "/mykoperasi/data-saya"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WRONG_PASSWORD = "Kata sandi tidak cocok, jadi belum ada yang diunduh. Ketik lagi."  # noqa: S105  a sentence
LONGEST = 501


@portal.get("/privasi")
def privacy_page() -> ResponseReturnValue:
    return page("privacy.html", title="Privasi", text=pages.read("privasi"))


@portal.get("/ketentuan")
def terms_page() -> ResponseReturnValue:
    return page("privacy.html", title="Ketentuan", text=pages.read("ketentuan"))


@portal.get(DATA)
@members_only
def my_data() -> ResponseReturnValue:
    return _my_data()


def _my_data(problem: str = "", about: str = "", wish: str = "") -> str:
    who, member_id = me()
    given = [*consents.of_user(db(), who.user_id), *consents.of_member(db(), who, member_id)]
    return page(
        "my_data.html", title="Data saya", member=members.get(db(), who, member_id), given=given, problem=problem,
        about=about, wish=wish, asked=requests.of_member(db(), who), kinds=requests.KINDS, states=requests.STATES,
        due_at=requests.due_at, in_the_way=erasure.check(db(), who, member_id), token=secrets.token_urlsafe(12),
        most=export.MOST, sure=erasure.SURE,
    )  # fmt: skip


@portal.post(f"{DATA}/unduh")
@members_only
def take_copy() -> ResponseReturnValue:
    """The password once more, looked at before anybody else has to wait for this transaction."""
    try:
        sure = sign_in.confirm(database(), g.signed_in.user_id, request.form.get("sandi", "")[:201], client_ip())
        with transaction() as work:
            copy = export.make(work, me()[0], confirmed=sure)
    except sign_in.SignInFailed:
        return _my_data(WRONG_PASSWORD, "sandi"), 403
    except Refusal as refusal:
        return _my_data(refusal.sentence, "sandi"), refusal.status
    return _as_file(copy, "json" if request.form.get("bentuk") == "json" else "xlsx")


def _as_file(copy: export.Copy, kind: str) -> Response:
    if kind == "json":
        body, media = json.dumps(copy.as_json(), ensure_ascii=False, indent=1).encode(), "application/json"
    else:
        body, media = plain_book(_sheets(copy)), XLSX
    shown = {"Content-Disposition": f'attachment; filename="data-saya.{kind}"', "Cache-Control": "no-store"}
    return Response(body, mimetype=media, headers=shown)


def _sheets(copy: export.Copy) -> list[tuple[str, list[list[Any]]]]:
    """First what is in it, then a sheet for each table that has something."""
    held = [part for part in copy.parts if part.rows]
    first: list[list[Any]] = [["Bagian", "Banyaknya baris"], *([p.source.label, len(p.rows)] for p in copy.parts)]
    return [("Isi", first), *((part.source.label, _table(part, copy.zone)) for part in held)]


def _table(part: export.Part, zone: str) -> list[list[Any]]:
    names = list(part.rows[0])
    return [
        [words.column(name) for name in names],
        *([words.value(name, row[name], zone) for name in names] for row in part.rows),
    ]


@portal.post(f"{DATA}/minta")
@members_only
def ask_about_data() -> ResponseReturnValue:
    """Ask for a correction, a restriction, or, typing a word to be sure, for erasure."""
    kind, wish = request.form.get("jenis", "")[:20], request.form.get("isi", "")[:LONGEST]
    token = request.form.get("token", "")[:60] or secrets.token_urlsafe(12)

    def ask(work: TenantSession) -> None:
        if kind == "erase":
            erasure.ask(work, *me(), sure=request.form.get("yakin", "")[:20], wish=wish, token=token)
        else:
            requests.ask(work, *me(), kind, wish=wish, token=token)

    return _act(ask, "Permintaan terkirim. Pengurus menjawab paling lambat 3 x 24 jam.", kind, wish)


@portal.post(f"{DATA}/minta/<int(max={LARGEST_ID}):privacy_request_id>/batal")
@members_only
def withdraw_request(privacy_request_id: int) -> ResponseReturnValue:
    return _act(lambda work: requests.withdraw(work, me()[0], privacy_request_id), "Permintaan dibatalkan.")


@portal.post(f"{DATA}/pembatasan")
@members_only
def lift_restriction() -> ResponseReturnValue:
    return _act(lambda work: requests.lift(work, *me()), "Pembatasan berakhir. Pengingat dan kabar datang lagi.")


def _act(act: Callable[[TenantSession], Any], done: str, about: str = "", wish: str = "") -> ResponseReturnValue:
    try:
        with transaction() as work:
            act(work)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return _my_data(refusal.sentence, about, wish), refusal.status
    flash(done, "success")
    return redirect(url_for("portal.my_data"))


@portal.get(f"{DATA}/persetujuan/<code>")
@members_only
def consent(code: str) -> ResponseReturnValue:
    """What a consent is for, and what follows when it is taken back: read before anything is changed."""
    standing = _standing(code)
    mailbox, gets = bulletin.mailbox(db(), g.signed_in.user_id) if code == BULLETIN else (None, False)
    return page(
        "consent.html", title=standing.purpose.label, one=standing, here=pages.version(), mailbox=mailbox, gets=gets
    )


def _standing(code: str) -> consents.Standing:
    who, member_id = me()
    found = consents.purpose(code, PURPOSES[code].of if code in PURPOSES else "")
    given = consents.of_user(db(), who.user_id) if found.of == "user" else consents.of_member(db(), who, member_id)
    return next(one for one in given if one.purpose is found)


@portal.post(f"{DATA}/persetujuan/<code>")
@members_only
def change_consent(code: str) -> ResponseReturnValue:
    (who, member_id), found, gives = me(), _standing(code).purpose, request.form.get("setuju") == "ya"

    def change(work: TenantSession) -> None:
        if found.of == "user":
            (consents.give if gives else consents.withdraw)(work, who.user_id, code)
        elif gives:
            consents.give_as_member(work, who, member_id, code, by="portal")
        else:
            consents.withdraw_as_member(work, who, member_id, code)

    return _act(change, f"{found.label}: {'persetujuan dicatat' if gives else 'persetujuan ditarik'}.", "persetujuan")


@portal.get(f"{DATA}/pemberitahuan/<int(max={LARGEST_ID}):breach>")
@signed_in_only
def breach_notice(breach: int) -> ResponseReturnValue:
    """The whole letter about a breach, for the people of the cooperatives it met."""
    here = coop()
    if here is None:
        raise NotFound(what="Pemberitahuan")
    found = breaches.told_in(db(), breach, here.id)
    letter = letters.to_people(found, here.name, here.zone)
    return page("breach_notice.html", title="Pemberitahuan kebocoran data", letter=letter)
