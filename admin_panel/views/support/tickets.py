"""One's own questions and complaints to eKopz, for everybody in Kopmin."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from sqlalchemy.orm import Session

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs
from admin_panel.views.support.forms import TONES, RateForm, TalkForm, WriteForm
from core.actor import Actor
from models.support import Ticket
from services.support import talk, tickets
from services.support.tickets import KINDS, SCORES, Wish
from web.headers import picture


class TicketDesk(Screen):
    """Masukan dan keluhan sendiri."""

    route_base = "/kopmin/bantuan"

    @expose("/")
    @needs("panel.enter")
    def index(self) -> ResponseReturnValue:
        rows = [(one, "", url_for("TicketDesk.show", ticket_id=one.id)) for one in tickets.mine(*_here())]
        tools = [Tool("Tulis baru", url_for("TicketDesk.write"), main=True)]
        return self.page("tickets.html", title="Bantuan eKopz", rows=rows, tools=tools, kinds=KINDS, states=talk.STATES,
                         tones=TONES, lead="Yang Anda tanyakan atau keluhkan, dan jawabannya.")  # fmt: skip

    @expose("/baru", methods=["GET", "POST"])
    @needs("panel.enter")
    def write(self) -> ResponseReturnValue:
        form = WriteForm(page=request.args.get("dari", ""))
        if form.validate_on_submit():
            with self.posting(form):
                wish = Wish(form.kind.data, "platform", form.title.data, form.said(), form.page.data or "")
                ticket = tickets.open_ticket(*_here(), wish, scope.settings().data)
                flash(f"Terkirim kepada tim eKopz sebagai {ticket.label}.", "success")
                return redirect(url_for("TicketDesk.show", ticket_id=ticket.id))
        lead = "Tim eKopz membaca dan menjawabnya di sini. Soal pembukuan koperasi, tanyakan kepada bendahara."
        return self.page("form.html", title="Masukan atau keluhan", form=form, has_file=True, lead=lead, yes="Kirim",
                         back=url_for("TicketDesk.index"), back_label="Bantuan eKopz")  # fmt: skip

    @expose("/<row:ticket_id>", methods=["GET", "POST"])
    @needs("panel.enter")
    def show(self, ticket_id: int) -> ResponseReturnValue:
        form, here = TalkForm(), url_for("TicketDesk.show", ticket_id=ticket_id)
        if form.validate_on_submit():
            with self.posting(form):
                tickets.reply(*_here(), ticket_id, form.said(), scope.settings().data)
                flash("Balasan terkirim.", "success")
                return redirect(here)
        return self._talk(tickets.get(*_here(), ticket_id), form)

    def _talk(self, ticket: Ticket, form: TalkForm) -> ResponseReturnValue:
        urls = {act: url_for(f"TicketDesk.{act}", ticket_id=ticket.id) for act in ("close", "rate")}
        said = [(one, _shown(ticket, one.id)) for one in talk.messages(scope.session(), ticket)]
        return self.page(
            "ticket.html", title=ticket.title, ticket=ticket, form=form, said=said, urls=urls, scores=SCORES,
            back=url_for("TicketDesk.index"), back_label="Bantuan eKopz", state=talk.STATES[ticket.state],
            tone=TONES[ticket.state], kind=KINDS[ticket.kind], mine=True, zone=scope.coop().zone,
        )  # fmt: skip

    @expose("/<row:ticket_id>/selesai", methods=["POST"])
    @needs("panel.enter")
    def close(self, ticket_id: int) -> ResponseReturnValue:
        with self.posting():
            tickets.close(*_here(), ticket_id)
            flash("Tiket selesai.", "success")
        return redirect(url_for("TicketDesk.show", ticket_id=ticket_id))

    @expose("/<row:ticket_id>/nilai", methods=["GET", "POST"])
    @needs("panel.enter")
    def rate(self, ticket_id: int) -> ResponseReturnValue:
        ticket, form = tickets.get(*_here(), ticket_id), RateForm()
        back = url_for("TicketDesk.show", ticket_id=ticket_id)
        if form.validate_on_submit():
            with self.posting(form):
                tickets.rate(*_here(), ticket_id, int(form.score.data), form.note.data or "")
                flash("Terima kasih atas nilainya.", "success")
                return redirect(back)
        title = f"Nilai jawaban {ticket.label}"
        return self.page("form.html", title=title, form=form, back=back, back_label=ticket.title, yes="Kirim nilai")

    @expose("/<row:ticket_id>/gambar/<row:said_id>")
    @needs("panel.enter")
    def shot(self, ticket_id: int, said_id: int) -> ResponseReturnValue:
        ticket = tickets.get(*_here(), ticket_id)
        return picture(talk.picture(scope.session(), ticket, said_id, scope.settings().data), f"gambar-{said_id}")


def _here() -> tuple[Session, Actor]:
    return scope.session(), scope.actor()


def _shown(ticket: Ticket, said_id: int) -> str:
    return url_for("TicketDesk.shot", ticket_id=ticket.id, said_id=said_id)


SCREENS = (TicketDesk,)
