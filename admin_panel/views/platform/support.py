"""Letting the operator look: given, watched and ended by the cooperative; and the operator's way out."""

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from wtforms import SelectField
from wtforms.validators import InputRequired

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.forms import KopForm, short_text
from admin_panel.menu import place_of
from core.clock import now
from core.errors import NotFound
from services.support import grants


class GrantForm(KopForm):
    reason = short_text(
        "Apa yang perlu dibantu", 200, InputRequired(), description="Misalnya: saldo toko tidak cocok setelah impor."
    )
    hours = SelectField("Boleh melihat selama", choices=list(grants.HOURS.items()), coerce=int, default=24)


class GrantDesk(Screen):
    route_base = "/kopmin/bantuan-ekopz"

    @expose("/", methods=["GET", "POST"])
    @needs("support.grant")
    def index(self) -> ResponseReturnValue:
        form, session, who = GrantForm(), scope.session(), scope.actor()
        if form.validate_on_submit():
            with self.posting(form):
                grants.grant(session, who, reason=form.reason.data, hours=form.hours.data)
                flash("Izin dibuka. Anda dapat mengakhirinya kapan saja di sini.", "success")
                return redirect(url_for("GrantDesk.index"))
        rows = grants.history(session, who)
        held = next((row for row in rows if row.is_open(now())), None)
        return self.page("support_grants.html", title="Izin bantuan", form=form, rows=rows, held=held, now=now())

    @expose("/<row:grant_id>")
    @needs("support.grant")
    def show(self, grant_id: int) -> ResponseReturnValue:
        visits = grants.visits(scope.session(), scope.actor(), grant_id)
        shown = [(visit, place_of(visit.path) or "Beranda") for visit in visits]
        return self.page("support_visits.html", title="Halaman yang dilihat tim eKopz", visits=shown)

    @expose("/<row:grant_id>/akhiri", methods=["POST"])
    @needs("support.grant")
    def end(self, grant_id: int) -> ResponseReturnValue:
        with self.posting():
            grants.end(scope.session(), scope.actor(), grant_id)
            flash("Izin diakhiri. Tim eKopz tidak dapat melihat koperasi ini lagi.", "success")
        return redirect(url_for("GrantDesk.index"))


class LookingDesk(Screen):
    route_base = "/platform/keluar-koperasi"
    default_view = "leave"

    @expose("/", methods=["POST"])
    @needs("panel.enter")
    def leave(self) -> ResponseReturnValue:
        """Out of the cooperative the operator looks into; for nobody else."""
        if g.get("looking") is None:
            raise NotFound(what="Izin bantuan yang sedang dipakai")
        grants.leave(scope.database(), g.signed_in)
        return redirect(f"/platform/koperasi/{g.signed_in.coop_id}")


SCREENS = (GrantDesk, LookingDesk)
