"""What members wrote to the pengurus, and the answers."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.views.support.forms import TONES, TalkForm, asked_state
from models.support import Ticket
from services.notifications.texts import whatsapp
from services.support import desk, talk
from services.support.tickets import KINDS, SCORES
from web.headers import picture


class AnswerDesk(Screen):
    """Masukan anggota."""

    route_base = "/kopmin/masukan"

    @expose("/")
    @needs("support.answer")
    def index(self) -> ResponseReturnValue:
        session, who, state = scope.session(), scope.actor(), asked_state()
        rows = [
            (one, one.opener.full_name, url_for("AnswerDesk.show", ticket_id=one.id))
            for one in desk.listed(session, who, state)
        ]
        return self.page(
            "tickets.html", title="Masukan dan keluhan anggota", rows=rows, figures=desk.figures(session, who),
            kinds=KINDS, states=talk.STATES, tones=TONES, chosen=state, lead="Yang ditulis anggota kepada pengurus.",
        )  # fmt: skip

    @expose("/<row:ticket_id>", methods=["GET", "POST"])
    @needs("support.answer")
    def show(self, ticket_id: int) -> ResponseReturnValue:
        session, who, form = scope.session(), scope.actor(), TalkForm()
        ticket = desk.get(session, who, ticket_id)
        if form.validate_on_submit():
            with self.posting(form):
                desk.answer(session, who, ticket_id, form.said(), scope.settings().data, after=form.seen())
                flash("Jawaban terkirim. Anggota mendapat kabar.", "success")
                return redirect(url_for("AnswerDesk.show", ticket_id=ticket_id))
        return self._talk(ticket, form)

    def _talk(self, ticket: Ticket, form: TalkForm) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        said = [(one, _shown(ticket, one.id)) for one in talk.messages(session, ticket)]
        form.after.data, member = said[-1][0].id, desk.opener(session, who, ticket)
        words = f"Halo {ticket.opener.full_name}, tentang “{ticket.title}” ({ticket.label}): "
        chat = whatsapp(member.phone, words) if member else ""
        return self.page(
            "ticket.html", title=ticket.title, ticket=ticket, form=form, said=said, member=member, scores=SCORES,
            urls={"close": url_for("AnswerDesk.close", ticket_id=ticket.id)}, back=url_for("AnswerDesk.index"),
            back_label="Masukan dan keluhan anggota", state=talk.STATES[ticket.state], tone=TONES[ticket.state],
            kind=KINDS[ticket.kind], mine=False, zone=scope.coop().zone, chat=chat,
        )  # fmt: skip

    @expose("/<row:ticket_id>/selesai", methods=["POST"])
    @needs("support.answer")
    def close(self, ticket_id: int) -> ResponseReturnValue:
        with self.posting():
            desk.close(scope.session(), scope.actor(), ticket_id)
            flash("Tiket selesai.", "success")
        return redirect(url_for("AnswerDesk.index"))

    @expose("/<row:ticket_id>/gambar/<row:said_id>")
    @needs("support.answer")
    def shot(self, ticket_id: int, said_id: int) -> ResponseReturnValue:
        ticket = desk.get(scope.session(), scope.actor(), ticket_id)
        return picture(talk.picture(scope.session(), ticket, said_id, scope.settings().data), f"gambar-{said_id}")


def _shown(ticket: Ticket, said_id: int) -> str:
    return url_for("AnswerDesk.shot", ticket_id=ticket.id, said_id=said_id)


SCREENS = (AnswerDesk,)
