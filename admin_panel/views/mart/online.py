"""Payments that lie with the payment service: laid beside the books, paid out, asked about again."""

import re
import secrets

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired, Length

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs
from admin_panel.forms import DayField, KopForm, RupiahField
from core.clock import now
from core.display import rupiah
from core.errors import Refusal
from services.ledger.chart import Role
from services.mart import gateway, payments, settlements
from services.mart.ports import configured
from services.mart.settlements import Payout


class DayForm(KopForm):
    """Which day; asked in the address, so that it can be opened again."""

    class Meta(KopForm.Meta):
        csrf = False

    tanggal = DayField("Tanggal")


class PayoutForm(KopForm):
    """Money from the service as the bank's statement shows it; the payments are ticked beside it."""

    received_on = DayField("Tanggal masuk rekening", validators=[InputRequired()])
    account = SelectField("Masuk ke rekening", coerce=int)
    fee_rp = RupiahField("Biaya layanan yang dipotong", validators=[InputRequired()])
    token = HiddenField(validators=[Length(max=60)])


class OnlineDesk(Screen):
    """Pembayaran online."""

    route_base = "/kopmin/pembayaran-online"

    @expose("/")
    @needs("mart.money")
    def index(self) -> ResponseReturnValue:
        form = DayForm(request.args, tanggal=scope.today())
        day = (form.tanggal.data if form.validate() else None) or scope.today()
        session, actor = scope.session(), scope.actor()
        return self.page(
            "online.html", title="Pembayaran online", day=settlements.reconcile(session, actor, day),
            open=settlements.open_payments(session, actor), waiting=settlements.waiting_payments(session, actor),
            ways=WAYS, can_ask=configured.midtrans() is not None,
            tools=[Tool("Catat pencairan", url_for("OnlineDesk.settle"), "mart.money", main=True)],
        )  # fmt: skip

    @expose("/cairkan", methods=["GET", "POST"])
    @needs("mart.money")
    def settle(self) -> ResponseReturnValue:
        form, actor, ticked = _form(), scope.actor(), _ticked()
        if form.validate_on_submit():
            with self.posting(form):
                settlements.settle(scope.session(), actor, _payout(form, ticked))
                flash(
                    f"Pencairan {len(ticked)} pembayaran dibukukan, biaya {rupiah(form.fee_rp.data or 0)}.", "success"
                )
                return redirect(url_for("OnlineDesk.index"))
        rows = settlements.open_payments(scope.session(), actor)
        return self.page("online_payout.html", title="Pencairan", form=form, rows=rows, ticked=ticked, ways=WAYS)

    @expose("/tanya", methods=["POST"])
    @needs("mart.money")
    def ask(self) -> ResponseReturnValue:
        reference = request.form.get("reference", "").strip()[:60]
        try:  # the service is asked outside of any unit of work, so the request's own session stays unopened
            state = gateway.ask(scope.database(), scope.actor(), reference, configured.midtrans(), at=now())
            flash(f"{reference}: {payments.STATES[state]}.", "success")
        except Refusal as refusal:
            flash(refusal.sentence, "danger")
        return redirect(url_for("OnlineDesk.index"))


_NUMBER = re.compile(r"[0-9]{1,18}")
WAYS = {"gateway": "Midtrans", "qris": "QRIS toko"}


def _form() -> PayoutForm:
    form = PayoutForm(received_on=scope.today(), token=secrets.token_urlsafe(12))
    form.account.choices = settlements.accounts(scope.session(), scope.actor()) or [(0, "Bank")]
    return form


def _ticked() -> list[int]:
    """The payments ticked; what is no number is nobody's."""
    return [int(text) for text in request.form.getlist("payment") if _NUMBER.fullmatch(text)]


def _payout(form: PayoutForm, ticked: list[int]) -> Payout:
    into = form.account.data or Role.BANK
    return Payout(ticked, form.received_on.data, form.fee_rp.data or 0, form.token.data or "", into)


SCREENS = (OnlineDesk,)
