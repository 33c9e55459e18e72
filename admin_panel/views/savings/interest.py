"""Jasa simpanan: months that wait, a month looked at and booked, what was booked before."""

from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from sqlalchemy import select
from wtforms.validators import InputRequired

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs, seen
from admin_panel.exports import spreadsheet
from admin_panel.forms import KopForm, MonthField
from core.display import month_long, rupiah
from models.savings import SavingsProduct
from services.deposits import queries as deposits
from services.savings import interest_runs
from services.savings.interest import METHODS
from services.savings.interest_runs import MonthRun
from services.savings.refusals import PreviewStale

MOST_ROWS, MOST_MONTHS = 200, 36
HEADS = ["Nomor anggota", "Nama", "Jenis simpanan", "Saldo terendah", "Saldo rata-rata", "Jasa", "PPh final",
         "Diterima"]  # fmt: skip


class MonthForm(KopForm):
    """Which month; asked in the address, so that the preview can be opened again."""

    class Meta(KopForm.Meta):
        csrf = False

    bulan = MonthField("Bulan", validators=[InputRequired()])


class InterestDesk(Screen):
    """Jasa simpanan."""

    route_base = "/kopmin/jasa-simpanan"

    @expose("/")
    @needs("savings.view")
    def index(self) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        waiting = interest_runs.months_waiting(session, who, today=scope.today())
        done = interest_runs.history(session, who)[:MOST_MONTHS]
        earning = [p for p in session.scalars(select(SavingsProduct).order_by(SavingsProduct.code)) if earns(p)]
        tools = [Tool("Atur jasa", url_for("SavingsProductView.list"), "savings.products")]
        return self.page("interest.html", title="Jasa simpanan", waiting=waiting, done=done, names=_names(),
                         earning=earning, methods=METHODS, may=who.may("savings.interest"), tools=tools)  # fmt: skip

    @expose("/bulan", methods=["GET", "POST"])
    @needs("savings.interest")
    def month(self) -> ResponseReturnValue:
        form, run = _asked_month(), None
        if not request.args.get("bulan") or form.validate():
            with self.posting(form):
                run = _preview(form)
                if request.method == "POST":
                    return _booked(run)
        behind = deposits.fallen_due(scope.session(), scope.actor(), run.booked_on) if run else []
        return self.page("interest_month.html", title="Jasa simpanan sebulan", form=form, run=run, mark=seen(run),
                         names=_names(), most=MOST_ROWS, behind=behind)  # fmt: skip

    @expose("/bulan.xlsx")
    @needs("savings.interest")
    def download(self) -> ResponseReturnValue:
        form = _asked_month()
        if request.args.get("bulan") and not form.validate():
            return redirect(url_for("InterestDesk.month"))
        run = _preview(form)
        return spreadsheet(f"Jasa simpanan {month_long(run.month_on)}", [HEADS, *_table(run)])


def earns(product: SavingsProduct) -> bool:
    return product.is_active and product.interest_method != "none" and product.interest_pct > 0


def _names() -> dict[int, str]:
    return {product.id: product.name for product in scope.session().scalars(select(SavingsProduct))}


def _asked_month() -> MonthForm:
    """The month of the address, else the first that waits, else last month."""
    waiting = interest_runs.months_waiting(scope.session(), scope.actor(), today=scope.today())
    first = scope.today().replace(day=1)
    years, month = divmod(first.year * 12 + first.month - 2, 12)
    usual = waiting[0] if waiting else date(years, month + 1, 1)
    return MonthForm(request.args if request.args.get("bulan") else None, bulan=usual)


def _preview(form: MonthForm) -> MonthRun:
    assert form.bulan.data is not None, "the form was validated"
    return interest_runs.preview(scope.session(), scope.actor(), form.bulan.data, today=scope.today())


def _booked(run: MonthRun) -> ResponseReturnValue:
    if request.form.get("mark") != seen(run):
        raise PreviewStale()
    interest_runs.book(scope.session(), scope.actor(), run, today=scope.today())
    flash(f"Jasa simpanan {month_long(run.month_on)} dibukukan: {rupiah(run.interest_rp)}.", "success")
    return redirect(url_for("InterestDesk.index"))


def _table(run: MonthRun) -> list[list[Any]]:
    names = _names()
    return [
        [one.number, one.name, names[one.product_id], one.lowest_rp, one.average_rp, one.interest_rp, one.tax_rp,
         one.interest_rp - one.tax_rp] for one in run.lines
    ]  # fmt: skip


SCREENS = (InterestDesk,)
