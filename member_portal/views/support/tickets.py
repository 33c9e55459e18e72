"""A member's questions, suggestions and complaints: written, answered, ended, rated."""

import secrets

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import InvalidValue, Refusal
from core.pictures import PictureRefused
from member_portal.frame import LARGEST_ID, coop, me, members_only, page, portal
from member_portal.typed import Typed
from services.support import talk, tickets
from services.support.talk import Said
from services.support.tickets import KINDS, PLACES, SCORES, Wish
from web.headers import picture
from web.request import db, settings, transaction

HERE = "/mykoperasi/bantuan"
ONE = f"{HERE}/<int(max={LARGEST_ID}):ticket_id>"
LONGEST = 20_000
TONES = {"open": "warn", "answered": "good", "closed": ""}
BESIDE = {
    "Jenis": "jenis", "Kepada": "kepada", "Judul": "judul", "Pesan": "pesan", "Nilai": "nilai", "Catatan": "catatan",
}  # fmt: skip


@portal.get(HERE)
@members_only
def tickets_list() -> ResponseReturnValue:
    found = tickets.mine(db(), me()[0])
    return page(
        "tickets.html", title="Masukan dan keluhan", tickets=found, kinds=KINDS, states=talk.STATES, tones=TONES
    )


@portal.get(f"{HERE}/baru")
@members_only
def ticket_form() -> ResponseReturnValue:
    return _form(Typed({"halaman": request.args.get("dari", "")}, {"token": secrets.token_urlsafe(12)}))


@portal.post(f"{HERE}/baru")
@members_only
def open_ticket() -> ResponseReturnValue:
    typed = Typed(request.form, longest=LONGEST)
    wish = Wish(typed["jenis"], typed["kepada"], typed["judul"], _said(typed), typed["halaman"])
    try:
        with transaction() as work:
            ticket = tickets.open_ticket(work, me()[0], wish, settings().data)
    except Refusal as refusal:
        typed.refused(_place(refusal), refusal)
        return _form(typed), refusal.status
    flash(f"Terkirim sebagai {ticket.label}. Jawabannya tampil di sini dan dikabarkan kepada Anda.", "success")
    return redirect(url_for("portal.ticket_page", ticket_id=ticket.id))


@portal.get(ONE)
@members_only
def ticket_page(ticket_id: int) -> ResponseReturnValue:
    return _talk(ticket_id, Typed({}, {"token": secrets.token_urlsafe(12)}))


@portal.post(f"{ONE}/balas")
@members_only
def reply_ticket(ticket_id: int) -> ResponseReturnValue:
    typed = Typed(request.form, longest=LONGEST)
    try:
        with transaction() as work:
            tickets.reply(work, me()[0], ticket_id, _said(typed), settings().data)
    except Refusal as refusal:
        typed.refused(_place(refusal), refusal)
        return _talk(ticket_id, typed), refusal.status
    flash("Balasan terkirim.", "success")
    return redirect(url_for("portal.ticket_page", ticket_id=ticket_id))


@portal.post(f"{ONE}/selesai")
@members_only
def close_ticket(ticket_id: int) -> ResponseReturnValue:
    with transaction() as work:
        tickets.close(work, me()[0], ticket_id)
    flash("Tiket selesai. Bagaimana jawabannya?", "success")
    return redirect(url_for("portal.ticket_page", ticket_id=ticket_id))


@portal.post(f"{ONE}/nilai")
@members_only
def rate_ticket(ticket_id: int) -> ResponseReturnValue:
    typed = Typed(request.form, longest=LONGEST)
    score = int(typed["nilai"]) if typed["nilai"] in {str(known) for known in SCORES} else 0
    try:
        with transaction() as work:
            tickets.rate(work, me()[0], ticket_id, score, typed["catatan"])
    except Refusal as refusal:
        typed.refused(_place(refusal), refusal)
        return _talk(ticket_id, typed), refusal.status
    flash("Terima kasih atas nilainya.", "success")
    return redirect(url_for("portal.ticket_page", ticket_id=ticket_id))


@portal.get(f"{ONE}/gambar/<int(max={LARGEST_ID}):said_id>")
@members_only
def ticket_picture(ticket_id: int, said_id: int) -> ResponseReturnValue:
    ticket = tickets.get(db(), me()[0], ticket_id)
    return picture(talk.picture(db(), ticket, said_id, settings().data), f"gambar-{said_id}")


def _said(typed: Typed) -> Said:
    given = request.files.get("gambar")
    return Said(typed["pesan"], typed["token"][:60] or secrets.token_urlsafe(12), given.read() if given else b"")


def _place(refusal: Refusal) -> str:
    if isinstance(refusal, InvalidValue):
        return BESIDE.get(refusal.fields["field"], "form")
    return "gambar" if isinstance(refusal, PictureRefused) else "form"


def _form(typed: Typed) -> str:
    here = coop()
    places = PLACES | ({"coop": f"Pengurus {here.name}"} if here else {})
    return page("ticket_new.html", title="Tulis masukan atau keluhan", typed=typed, kinds=KINDS, places=places)


def _talk(ticket_id: int, typed: Typed) -> str:
    ticket = tickets.get(db(), me()[0], ticket_id)
    return page(
        "ticket.html", title=ticket.title, ticket=ticket, said=talk.messages(db(), ticket), typed=typed, kinds=KINDS,
        places=PLACES, states=talk.STATES, tones=TONES, scores=SCORES, team=talk.TEAM, longest=talk.LONGEST,
    )  # fmt: skip
