"""Pesan: what the cooperative told a member, how much of it is new, and which of it comes by mail."""

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from member_portal.frame import LARGEST_ID, coop, is_member, me, members_only, page, portal, signed_in_only
from models.notifications import Notification
from services.notifications import choices, commands, leaving, outbox, queries, texts
from services.notifications.topics import MAIL, TOPICS
from web.request import db, safe_next, transaction

LEAVE = f"{__name__}.leave_mail"
"""To be let past the check of forms: mail programs press it, and the letter's own token says who."""
MESSAGE_ID = f"<int(max={LARGEST_ID}):message_id>"


@portal.app_template_global("unread_messages")
def unread_messages() -> int:
    """How many messages of the signed-in member are new; one question to the database, for the bell."""
    return queries.unread(db(), me()[0]) if is_member() else 0


@portal.get("/mykoperasi/pesan")
@members_only
def messages() -> ResponseReturnValue:
    found = queries.latest(db(), me()[0])
    here = coop()
    asks = {one.id: _question(one, here.phone) for one in found} if here else {}
    return page("messages.html", title="Pesan", messages=found, asks=asks)


def _question(message: Notification, phone: str) -> str:
    """A chat with the office about this message; empty where its number is no mobile number."""
    return texts.whatsapp(phone, f"Halo pengurus, saya ingin bertanya tentang pesan ini: {message.title}.")


@portal.post(f"/mykoperasi/pesan/{MESSAGE_ID}")
@members_only
def read_message(message_id: int) -> ResponseReturnValue:
    """Read one message, and go where it leads."""
    with transaction() as work:
        url = commands.mark_read(work, me()[0], message_id).url
    return redirect(safe_next(url if "buka" in request.form else None, url_for("portal.messages")))


@portal.post("/mykoperasi/pesan/semua")
@members_only
def read_all_messages() -> ResponseReturnValue:
    with transaction() as work:
        commands.mark_all_read(work, me()[0])
    return redirect(url_for("portal.messages"))


@portal.get(texts.CHOICES)
@signed_in_only
def mail_choices() -> ResponseReturnValue:
    who = g.get("actor")
    reader = commands.reader_of(db(), g.signed_in.user_id, who.member_id if who else None)
    chosen = choices.of(db(), g.signed_in.user_id)
    return page(
        "mail_choices.html", title="Pemberitahuan", topics=TOPICS, mail=MAIL, chosen=chosen, address=reader.address,
        is_open=outbox.is_open(),
    )  # fmt: skip


@portal.post(texts.CHOICES)
@signed_in_only
def choose_mail() -> ResponseReturnValue:
    with transaction() as work:
        choices.choose(work, g.signed_in.user_id, {name: request.form[name] for name in TOPICS if name in request.form})
    flash("Pilihan surat tersimpan.", "success")
    return redirect(url_for("portal.mail_choices"))


@portal.get(f"{leaving.PAGE}<token>")
def leave_mail_page(token: str) -> str:
    """For those who follow the link by hand; looking changes nothing."""
    return _leave_page(leaving.read(token))


@portal.post(f"{leaving.PAGE}<token>")
def leave_mail(token: str) -> str:
    with transaction() as work:
        found = leaving.leave(work, token)
    return _leave_page(found, is_done=True)


def _leave_page(found: leaving.Leaving, *, is_done: bool = False) -> str:
    return page("leave_mail.html", title="Berhenti menerima surat", leaving=found, is_done=is_done)
