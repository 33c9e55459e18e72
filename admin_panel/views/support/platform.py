"""eKopz' own desk: tickets of all cooperatives that were sent here, and no other."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.views.support.forms import TONES, TalkForm, asked_state
from services.support import platform, talk
from services.support.tickets import KINDS, SCORES
from web.headers import picture


class PlatformTickets(Screen):
    """Tiket dari koperasi."""

    route_base = "/platform/tiket"

    @expose("/")
    @needs("platform.support")
    def index(self) -> ResponseReturnValue:
        database, who, state = scope.database(), scope.actor(), asked_state()
        rows = [
            (row.ticket, f"{row.ticket.opener.full_name}, {row.coop.name}", _page(row.ticket.id))
            for row in platform.listed(database, who, state)
        ]
        return self.page(
            "tickets.html", title="Tiket", rows=rows, figures=platform.figures(database, who), kinds=KINDS,
            states=talk.STATES, tones=TONES, chosen=state, lead="Yang ditulis anggota dan pengurus kepada eKopz.",
        )  # fmt: skip

    @expose("/<row:ticket_id>", methods=["GET", "POST"])
    @needs("platform.support")
    def show(self, ticket_id: int) -> ResponseReturnValue:
        database, who, form = scope.database(), scope.actor(), TalkForm()
        if form.validate_on_submit():
            with self.posting(form):
                platform.answer(database, who, ticket_id, form.said(), scope.settings().data, after=form.seen())
                flash("Jawaban terkirim.", "success")
                return redirect(_page(ticket_id))
        return self._talk(platform.get(database, who, ticket_id), form)

    def _talk(self, thread: platform.Thread, form: TalkForm) -> ResponseReturnValue:
        ticket, form.after.data = thread.ticket, thread.messages[-1].id
        said = [(one, _shown(ticket.id, one.id)) for one in thread.messages]
        return self.page(
            "ticket.html", title=ticket.title, ticket=ticket, form=form, said=said, scores=SCORES, coop=thread.coop,
            urls={"close": url_for("PlatformTickets.close", ticket_id=ticket.id)}, back_label="Tiket",
            back=url_for("PlatformTickets.index"), state=talk.STATES[ticket.state], tone=TONES[ticket.state],
            kind=KINDS[ticket.kind], mine=False, zone="WIB",
        )  # fmt: skip

    @expose("/<row:ticket_id>/selesai", methods=["POST"])
    @needs("platform.support")
    def close(self, ticket_id: int) -> ResponseReturnValue:
        with self.posting():
            platform.close(scope.database(), scope.actor(), ticket_id)
            flash("Tiket selesai.", "success")
        return redirect(url_for("PlatformTickets.index"))

    @expose("/<row:ticket_id>/gambar/<row:said_id>")
    @needs("platform.support")
    def shot(self, ticket_id: int, said_id: int) -> ResponseReturnValue:
        body = platform.picture(scope.database(), scope.actor(), ticket_id, said_id, scope.settings().data)
        return picture(body, f"gambar-{said_id}")


def _page(ticket_id: int) -> str:
    return url_for("PlatformTickets.show", ticket_id=ticket_id)


def _shown(ticket_id: int, said_id: int) -> str:
    return url_for("PlatformTickets.shot", ticket_id=ticket_id, said_id=said_id)


SCREENS = (PlatformTickets,)
