"""What members ask about their data: those that wait, the decision, and what stands in the way of erasing somebody."""

import secrets

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.forms import KopForm, short_text
from core.errors import StateChanged
from models.privacy import PrivacyRequest
from services.members import commands as members
from services.privacy import erasure, requests


class AnswerForm(KopForm):
    answer = short_text("Jawaban untuk anggota", 300, field=TextAreaField)
    sure = short_text(f"Ketik {erasure.SURE} untuk memastikan", 20, render_kw={"autocomplete": "off"})


class AskForm(KopForm):
    """`token` makes the second click the same request."""

    kind = RadioField("Yang diminta", choices=list(requests.KINDS.items()), validators=[InputRequired()])
    wish = short_text("Kata anggota", requests.LONGEST_WISH, field=TextAreaField)
    sure = short_text(
        f"Ketik {erasure.SURE} bila minta penghapusan", 20, description="Penghapusan tidak dapat dibatalkan.",
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    token = HiddenField()


class PrivacyDesk(Screen):
    """Permintaan data pribadi."""

    route_base = "/kopmin/data-pribadi"

    @expose("/")
    @needs("privacy.handle")
    def index(self) -> ResponseReturnValue:
        rows = requests.listed(scope.session(), scope.actor())
        words = {"kinds": requests.KINDS, "states": requests.STATES, "due_at": requests.due_at}
        return self.page("privacy_requests.html", title="Permintaan data pribadi", rows=rows, **words)

    @expose("/<row:privacy_request_id>", methods=["GET", "POST"])
    @needs("privacy.handle")
    def decide(self, privacy_request_id: int) -> ResponseReturnValue:
        asked, form = requests.get(scope.session(), scope.actor(), privacy_request_id), AnswerForm()
        if form.validate_on_submit():
            erased = None
            with self.posting(form):
                erased = self._decide(asked, form, request.form.get("act", ""))
                flash(f"{requests.KINDS[asked.kind]}: {requests.STATES[asked.state]}.", "success")
            if not form.form_errors:
                if erased is not None:
                    erased.forget()
                return redirect(url_for("PrivacyDesk.index"))
        return self._request_page(asked, form)

    @staticmethod
    def _decide(asked: PrivacyRequest, form: AnswerForm, act: str) -> erasure.Erased | None:
        session, who, answer = scope.session(), scope.actor(), form.answer.data or ""
        if act == "tolak":
            requests.refuse(session, who, asked.id, reason=answer)
        elif act == "hapus":
            folder, sure = scope.settings().data, form.sure.data or ""
            database = scope.database()
            return erasure.erase(session, database, who, asked.id, sure=sure, answer=answer, folder=folder)
        elif act == "kabulkan" and asked.kind != "erase":
            requests.grant(session, who, asked.id, answer=answer)
        else:
            raise StateChanged(what="Pilihan", state="tidak dikenal")
        return None

    def _request_page(self, asked: PrivacyRequest, form: AnswerForm) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        member = members.get(session, who, asked.member_id)
        blocked = erasure.check(session, who, member.id) if asked.kind == "erase" else []
        mine = who.member_id == member.id or (asked.kind == "erase" and asked.asked_by == who.user_id)
        return self.page(
            "privacy_request.html", title=f"{requests.KINDS[asked.kind]} {member.name}", form=form, asked=asked,
            member=member, blocked=blocked, mine=mine, state=requests.STATES[asked.state],
            due_at=requests.due_at(asked), gone=f"{erasure.GONE} {member.number or f'#{member.id}'}",
        )  # fmt: skip

    @expose("/anggota/<row:member_id>", methods=["GET", "POST"])
    @needs("privacy.handle")
    def member(self, member_id: int) -> ResponseReturnValue:
        """A member who came to the office: what they ask, and whether their data may be erased."""
        session, who, form = scope.session(), scope.actor(), AskForm()
        member = members.get(session, who, member_id)
        if form.validate_on_submit():
            with self.posting(form):
                asked = self._ask(member_id, form)
                flash("Permintaan tercatat.", "success")
                return redirect(url_for("PrivacyDesk.decide", privacy_request_id=asked.id))
        form.token.data = form.token.data or secrets.token_urlsafe(12)
        blocked = erasure.check(session, who, member_id)
        return self.page(
            "privacy_member.html", title=f"Data pribadi {member.name}", form=form, member=member, blocked=blocked
        )

    @staticmethod
    def _ask(member_id: int, form: AskForm) -> PrivacyRequest:
        session, who = scope.session(), scope.actor()
        wish, token = form.wish.data or "", form.token.data or secrets.token_urlsafe(12)
        if form.kind.data == "erase":
            return erasure.ask(session, who, member_id, sure=form.sure.data or "", wish=wish, token=token)
        return requests.ask(session, who, member_id, form.kind.data, wish=wish, token=token)

    @expose("/anggota/<row:member_id>/pembatasan", methods=["POST"])
    @needs("privacy.handle")
    def lift(self, member_id: int) -> ResponseReturnValue:
        with self.posting():
            requests.lift(scope.session(), scope.actor(), member_id)
            flash("Pembatasan berakhir.", "success")
        return redirect(url_for("PrivacyDesk.member", member_id=member_id))


SCREENS = (PrivacyDesk,)
