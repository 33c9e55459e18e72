"""Kasbon: what members took and pay later, and taking their money at the desk."""

import secrets

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired, Length

from admin_panel import scope
from admin_panel.base import Screen, needs, storable
from admin_panel.forms import CASH, DayField, KopForm, Positive, RupiahField
from core.display import date_long, rupiah
from services.ledger.chart import Role
from services.mart import credits, queries

MOST_ROWS = 300


class CreditForm(KopForm):
    """Money for one kasbon. `token` makes the second click the same payment."""

    amount_rp = RupiahField("Jumlah", validators=[InputRequired(), Positive()])
    on = DayField("Tanggal", validators=[InputRequired()])
    cash = SelectField("Uangnya masuk ke", choices=CASH)
    token = HiddenField(validators=[Length(max=60)])


class CreditDesk(Screen):
    """Kasbon anggota: yang belum dibayar, dan menerima pembayarannya."""

    route_base = "/kopmin/kasbon"

    @expose("/")
    @needs("mart.view")
    def index(self) -> ResponseReturnValue:
        return self._list("CreditDesk.index")

    @expose("/loket")
    @needs("savings.teller")
    def teller(self) -> ResponseReturnValue:
        return self._list("CreditDesk.teller")

    def _list(self, endpoint: str) -> ResponseReturnValue:
        sought = storable(request.args.get("cari", "").strip()[:100])
        rows = queries.debts(scope.session(), scope.actor(), sought)
        people = len({one.member.id for one in rows})
        total_rp = sum(one.left_rp for one in rows)
        shown = {"rows": rows[:MOST_ROWS], "more": max(0, len(rows) - MOST_ROWS), "total_rp": total_rp}
        return self.page("kasbon.html", title="Kasbon anggota", people=people, sought=sought, endpoint=endpoint,
                         today=scope.today(), **shown)  # fmt: skip

    @expose("/<row:credit_id>/bayar", methods=["GET", "POST"])
    @needs("savings.teller")
    def pay(self, credit_id: int) -> ResponseReturnValue:
        owed = credits.get(scope.session(), scope.actor(), credit_id)
        left_rp, member = owed.amount_rp - owed.paid_rp, owed.order.member
        form = CreditForm(amount_rp=left_rp, on=scope.today(), token=secrets.token_urlsafe(12))
        back = url_for("CreditDesk.teller")
        if form.validate_on_submit():
            with self.posting(form):
                _paid(credit_id, form)
                flash(f"{rupiah(form.amount_rp.data or 0)} untuk kasbon {owed.order.label} dibukukan.", "success")
                return redirect(back)
        facts = [("Anggota", f"{member.name} ({member.number})" if member else ""), ("Belanja", owed.order.label),
                 ("Tanggal", date_long(owed.taken_on)), ("Sisa kasbon", rupiah(left_rp))]  # fmt: skip
        return self.page("form.html", title="Terima kasbon", form=form, back=back, back_label="Kasbon anggota",
                         facts=facts, yes="Terima")  # fmt: skip


def _paid(credit_id: int, form: CreditForm) -> None:
    said = form.amount_rp.data or 0, form.on.data, Role(form.cash.data), form.token.data or ""
    credits.pay(scope.session(), scope.actor(), credit_id, *said)


SCREENS = (CreditDesk,)
