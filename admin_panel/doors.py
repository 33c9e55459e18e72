"""The doors beside the password: the second factor's code, Google, passkeys. Each ends where the password does."""

from typing import Any

from flask import flash, g, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from admin_panel import scope
from admin_panel.forms import KopForm, NoLoneSurrogate
from admin_panel.security import after_sign_in, come_in, resume
from core.errors import Refusal
from models.access import User
from services.access import attempts, google, identities, passkeys, registration, second_step
from services.access.google import Asked, Person
from services.access.registration import Visitor
from web import proofs
from web.body import sent_object
from web.request import WAITING, client_ip, let_in

NO_STORE = {"Cache-Control": "no-store"}
CANCELLED = "Masuk dengan Google dibatalkan. Coba lagi kapan saja, atau masuk dengan kata sandi."


class Door(BaseView):
    """A way in: open to anybody, kept by no cache."""

    route_base = "/masuk"
    base_permissions: list[str] = []

    def back(self, sentence: str = "") -> ResponseReturnValue:
        """To the sign-in page, with the reason."""
        if sentence:
            flash(sentence, "danger")
        return redirect(url_for("AuthDBView.login", next=request.args.get("next")))

    def door(self, template: str, status: int, **context: Any) -> ResponseReturnValue:
        return self.render_template(f"kopmin/{template}", **context), status, NO_STORE


class CodeForm(KopForm):
    code = StringField("Kode", validators=[InputRequired(), Length(max=20), NoLoneSurrogate()])


class CodeDoor(Door):
    @expose("/kode", methods=["GET", "POST"])
    def ask(self) -> ResponseReturnValue:
        """The second factor's code, for somebody whose password was right."""
        token, form = session.get(WAITING, ""), CodeForm()
        if request.form.get("batal"):
            session.pop(WAITING, None)
            return self.back()
        if second_step.whose(scope.database(), token) is None:
            late = session.pop(WAITING, None) is not None
            return self.back(second_step.CodeLate.pesan if late else "")
        if form.validate_on_submit():
            try:
                hours = scope.settings().session_hours
                let_in(second_step.give(scope.database(), token, form.code.data, ip=client_ip(), hours=hours))
                return redirect(resume())
            except Refusal as refusal:
                form.refused(refusal.sentence)
                return self.door("door_code.html", refusal.status, title="Kode kedua", form=form)
        return self.door("door_code.html", 422 if form.errors else 200, title="Kode kedua", form=form)


class VisitorForm(KopForm):
    full_name = StringField("Nama lengkap", validators=[InputRequired(), Length(max=120), NoLoneSurrogate()])
    username = StringField("Nama pengguna", validators=[InputRequired(), Length(max=64), NoLoneSurrogate()])


class GoogleDoor(Door):
    @expose("/google")
    def leave(self) -> ResponseReturnValue:
        """Send the browser to Google; somebody signed in only to link their account, after their password."""
        provider, linking = google.provider(), proofs.recall(proofs.LINKING)
        if g.get("signed_in") is not None and linking is None:
            return redirect(after_sign_in())
        if provider is None:
            return self.back()
        try:
            address, asked = provider.begin(proofs.coming_back())
        except Refusal as refusal:
            return self._over(refusal.sentence)
        for_whom = g.signed_in.user_id if linking else None
        proofs.remember(proofs.GOOGLE, **vars(asked), link_to=for_whom, next=request.args.get("next"))
        return redirect(address)

    @expose("/google/kembali")
    def come_back(self) -> ResponseReturnValue:
        """Google's answer: whoever it is, they are in, or linked, or new; or nothing happened."""
        kept, said = proofs.recall(proofs.GOOGLE), {name: request.args.get(name, "") for name in ("state", "code")}
        if said["state"] and request.args.get("error") and kept and said["state"] == kept["state"]:
            return self._over(CANCELLED)
        try:
            person = _person(kept, **said)
            return self._link(kept["link_to"], person) if kept and kept["link_to"] else self._enter(person, kept)
        except Refusal as refusal:
            return self._over(refusal.sentence)

    def _enter(self, person: Person, kept: dict[str, Any] | None) -> ResponseReturnValue:
        wanted = (kept or {}).get("next")
        user = identities.whose(scope.database(), person)
        if user is not None:
            return redirect(come_in(user, wanted))
        proofs.remember(proofs.NEW_PERSON, **vars(person))
        return redirect(url_for("GoogleDoor.register"))

    @staticmethod
    def _link(user_id: int, person: Person) -> ResponseReturnValue:
        if g.get("signed_in") is None or g.signed_in.user_id != user_id:
            raise google.GoogleRefused()
        identities.link(scope.database(), user_id, person)
        flash(f"Akun Google {person.email} sudah terhubung. Mulai sekarang Anda dapat masuk dengannya.", "success")
        return redirect("/mykoperasi/akun")

    def _over(self, sentence: str) -> ResponseReturnValue:
        if g.get("signed_in") is None:
            return self.back(sentence)
        flash(sentence, "danger")
        return redirect("/mykoperasi/akun")

    @expose("/google/daftar", methods=["GET", "POST"])
    def register(self) -> ResponseReturnValue:
        """Somebody whom Google knows and we do not: an account of a visitor, under a name of their choice."""
        kept = proofs.remembered(proofs.NEW_PERSON)
        if kept is None or g.get("signed_in") is not None:
            return self.back()
        person = Person(kept["subject"], kept["email"], kept["name"])
        suggested = registration.suggested(scope.database(), person.email) if request.method == "GET" else ""
        form = VisitorForm(full_name=person.name, username=suggested)
        if form.validate_on_submit():
            try:
                come_in(_registered(person, form))
                flash("Selamat datang. Akun Anda sudah jadi; sekarang hubungkan dengan koperasi.", "success")
                return redirect("/klaim")
            except Refusal as refusal:
                form.refused(refusal.sentence)
        status = 422 if form.errors or form.form_errors else 200
        return self.door("door_register.html", status, title="Daftar dengan Google", form=form, person=person)


def _person(kept: dict[str, Any] | None, *, state: str, code: str) -> Person:
    """Who answers what we asked, and asks for the first time. Raises GoogleRefused and its like."""
    provider, database = google.provider(), scope.database()
    attempt_id = attempts.first_time(database, kept["state"], client_ip()) if kept is not None else None
    if provider is None or kept is None or attempt_id is None:
        raise google.GoogleRefused()
    asked = Asked(kept["state"], kept["nonce"], kept["verifier"])
    issuer = request.args.get("iss")
    person = provider.finish(asked, proofs.coming_back(), state=state, code=code, issuer=issuer)
    attempts.passed(database, attempt_id)
    return person


def _registered(person: Person, form: VisitorForm) -> User:
    """The new account; a second click meets the first one's."""
    known = identities.whose(scope.database(), person)
    if known is not None:
        return known
    visitor = Visitor(form.username.data, form.full_name.data, "", person.email)
    return registration.register(scope.database(), visitor, ip=client_ip(), google=person)


class PasskeyDoor(Door):
    @expose("/kunci/mulai", methods=["POST"])
    def ask(self) -> ResponseReturnValue:
        """A challenge for the browser's keys."""
        place = proofs.passkey_place()
        if place is None:
            return jsonify(problem=passkeys.PasskeyRefused.pesan), 401
        options, challenge = passkeys.ask(place)
        proofs.remember(proofs.PASSKEY, within_s=passkeys.WITHIN_S, challenge=challenge)
        return options, 200, {"Content-Type": "application/json", **NO_STORE}

    @expose("/kunci", methods=["POST"])
    def answer(self) -> ResponseReturnValue:
        """The answer of one of them: its owner is in, without a code (device and finger are two factors)."""
        kept, place = proofs.recall(proofs.PASSKEY), proofs.passkey_place()
        try:
            if kept is None or place is None:
                raise passkeys.PasskeyRefused()
            user = passkeys.whose(scope.database(), place, sent_object(), kept["challenge"], ip=client_ip())
        except Refusal as refusal:
            return jsonify(problem=refusal.sentence), refusal.status
        return jsonify(next=come_in(user, request.args.get("next"), proved_twice=True))


DOORS = (CodeDoor, GoogleDoor, PasskeyDoor)
