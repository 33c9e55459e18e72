"""Forms of help, and what pages of a conversation share."""

import secrets

from flask import request
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from admin_panel.forms import KopForm, short_text
from services.support.talk import LONGEST, STATES, Said
from services.support.tickets import KINDS, LONGEST_NOTE, LONGEST_TITLE, SCORES

TONES = {"open": "warn", "answered": "good", "closed": "info"}


def _picture() -> FileField:
    note, kinds = "PNG, JPEG atau WebP, paling besar 5 MB.", {"accept": "image/png,image/jpeg,image/webp"}
    return FileField("Gambar layar (boleh kosong)", description=note, render_kw=kinds)


def _token() -> HiddenField:
    return HiddenField(default=lambda: secrets.token_urlsafe(12))


class Writing(KopForm):
    """A form that sends a message, perhaps with a picture."""

    def said(self) -> Said:
        given = self.picture.data
        content = given.stream.read() if given and given.filename else b""
        return Said(self.body.data or "", (self.token.data or "")[:60], content)


class TalkForm(Writing):
    """A message of a conversation. `after` is the newest message that stood on the page."""

    body = short_text("Pesan", LONGEST, InputRequired(), field=TextAreaField)
    picture = _picture()
    token = _token()
    after = HiddenField()

    def seen(self) -> int:
        """The newest message the writer had before them."""
        text = self.after.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


class WriteForm(Writing):
    """A new ticket."""

    kind = SelectField("Jenis", choices=list(KINDS.items()))
    title = short_text("Pokoknya", LONGEST_TITLE, InputRequired(), description="Satu kalimat.")
    body = short_text("Ceritakan", LONGEST, InputRequired(), field=TextAreaField)
    picture = _picture()
    token = _token()
    page = HiddenField()


class RateForm(KopForm):
    score = RadioField("Nilai", choices=[(str(many), f"{many} · {word}") for many, word in SCORES.items()],
                       validators=[InputRequired()])  # fmt: skip
    note = short_text("Catatan (boleh kosong)", LONGEST_NOTE)


class MailForm(KopForm):
    body = short_text("Jawaban", LONGEST, InputRequired(), field=TextAreaField)


def asked_state() -> str:
    """Which tickets the address asks for; those that wait when it says nothing."""
    wanted = request.args.get("keadaan", "open")
    return wanted if wanted in STATES else ""
