"""What strangers wrote to eKopz, answered by mail."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.views.support.forms import TONES, MailForm, asked_state
from services.support import visitors
from services.support.talk import STATES
from services.support.tickets import KINDS


class VisitorDesk(Screen):
    """Pesan tamu."""

    route_base = "/platform/pesan-tamu"

    @expose("/")
    @needs("platform.support")
    def index(self) -> ResponseReturnValue:
        state = asked_state()
        rows = visitors.listed(scope.session(), scope.actor(), state)
        return self.page("visitors.html", title="Pesan tamu", rows=rows, kinds=KINDS, states=STATES, tones=TONES,
                         chosen=state)  # fmt: skip

    @expose("/<row:visitor_message_id>", methods=["GET", "POST"])
    @needs("platform.support")
    def show(self, visitor_message_id: int) -> ResponseReturnValue:
        form = MailForm()
        if form.validate_on_submit():
            with self.posting(form):
                sent = visitors.answer(scope.session(), scope.actor(), visitor_message_id, form.body.data or "")
                flash(f"Jawaban dikirim ke {sent.email}.", "success")
                return redirect(url_for("VisitorDesk.index"))
        one = visitors.get(scope.session(), scope.actor(), visitor_message_id)
        return self.page("visitor.html", title=f"Pesan {one.name}", one=one, form=form, kind=KINDS[one.kind],
                         state=STATES[one.state], tone=TONES[one.state])  # fmt: skip

    @expose("/<row:visitor_message_id>/selesai", methods=["POST"])
    @needs("platform.support")
    def close(self, visitor_message_id: int) -> ResponseReturnValue:
        with self.posting():
            visitors.close(scope.session(), scope.actor(), visitor_message_id)
            flash("Pesan ditutup.", "success")
        return redirect(url_for("VisitorDesk.index"))


SCREENS = (VisitorDesk,)
