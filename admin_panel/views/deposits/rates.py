"""What time deposits earn, by term: on offer today, decided from a day on, and every decision before."""

from decimal import Decimal

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from wtforms.validators import InputRequired

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.forms import DayField, KopForm, PercentField, whole
from core.display import date_long, percent_text
from services.deposits import rates
from services.savings import products
from services.settings import dated


class RateForm(KopForm):
    term_months = whole("Jangka (bulan)", 1, 60)
    rate_pct = PercentField("Bunga per tahun (%)", validators=[InputRequired()],
                            description="0 mengakhiri penawaran jangka itu.")  # fmt: skip
    effective_on = DayField("Berlaku mulai", validators=[InputRequired()])


class DepositRateDesk(Screen):
    """Bunga simpanan berjangka."""

    route_base = "/kopmin/simpanan-berjangka"

    @expose("/bunga", methods=["GET", "POST"])
    @needs("savings.view")
    def index(self) -> ResponseReturnValue:
        session, who, today = scope.session(), scope.actor(), scope.today()
        form = RateForm(effective_on=today)
        if form.validate_on_submit():
            with self.posting(form):
                return _decided(form)
        settings = {name: dated.value(session, who.coop_id, f"deposits.{name}", today)
                    for name in ("minimum_rp", "break_pct")}  # fmt: skip
        offered, past = rates.offered(session, who.coop_id, today), rates.history(session, who)
        return self.page("deposit_rates.html", title="Bunga simpanan berjangka", form=form, offered=offered, past=past,
                         today=today, may=who.may("savings.products"), settings=settings)  # fmt: skip


def _decided(form: RateForm) -> ResponseReturnValue:
    pct, on = form.rate_pct.data or Decimal(0), form.effective_on.data
    row = rates.decide(scope.session(), scope.actor(), form.term_months.data, pct, effective_on=on)
    said = f"{percent_text(pct)} % per tahun" if pct else "tidak ditawarkan"
    flash(f"Jangka {row.term_months} bulan mulai {date_long(on)}: {said}.", "success")
    cap_pct = products.too_generous(scope.session(), row.coop_id, pct, on)
    if cap_pct is not None:
        flash(f"Bunga ini di atas batas {percent_text(cap_pct)} % per tahun.", "warning")
    return redirect(url_for("DepositRateDesk.index"))


SCREENS = (DepositRateDesk,)
