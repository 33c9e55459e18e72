"""The operator's desk: transfers to be matched with the platform's account."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.forms import ReasonForm
from admin_panel.views.subscriptions.forms import FoundForm
from core import clock
from core.display import rupiah
from services.subscriptions import payments
from web.headers import picture


class BillingDesk(Screen):
    """Pembayaran langganan: dicocokkan dengan rekening platform, sekali."""

    route_base = "/platform/langganan"

    @expose("/")
    @needs("platform.money")
    def index(self) -> ResponseReturnValue:
        database, who = scope.database(), scope.actor()
        return self.page("billing.html", title="Pembayaran langganan", rows=payments.desk(database, who),
                         odd=payments.desk(database, who, "odd"))  # fmt: skip

    @expose("/pembayaran/<row:subscription_payment_id>", methods=["GET", "POST"])
    @needs("platform.money")
    def show(self, subscription_payment_id: int) -> ResponseReturnValue:
        database, who, form = scope.database(), scope.actor(), FoundForm()
        one = payments.on_desk(database, who, subscription_payment_id)
        if form.validate_on_submit():
            with self.posting(form):
                payments.confirm(database, who, one.payment.id, amount_rp=form.amount_rp.data or 0, on=clock.today())
                flash(f"{rupiah(one.payment.amount_rp)} dari {one.coop_name} diterima.", "success")
                return redirect(url_for("BillingDesk.index"))
        return self.page("billing_payment.html", title="Cocokkan pembayaran", one=one, form=form,
                         word=payments.STATES[one.payment.state])  # fmt: skip

    @expose("/pembayaran/<row:subscription_payment_id>/bukti")
    @needs("platform.money")
    def proof(self, subscription_payment_id: int) -> ResponseReturnValue:
        folder = scope.settings().data
        body = payments.proof_of(scope.database(), scope.actor(), subscription_payment_id, folder)
        return picture(body, f"bukti-langganan-{subscription_payment_id}")

    @expose("/pembayaran/<row:subscription_payment_id>/tolak", methods=["GET", "POST"])
    @needs("platform.money")
    def refuse(self, subscription_payment_id: int) -> ResponseReturnValue:
        database, who, form = scope.database(), scope.actor(), ReasonForm()
        one = payments.on_desk(database, who, subscription_payment_id)
        if form.validate_on_submit():
            with self.posting(form):
                payments.refuse(database, who, one.payment.id, reason=form.reason.data or "")
                flash(f"Bukti dari {one.coop_name} ditolak. Mereka mendapat kabar alasannya.", "success")
                return redirect(url_for("BillingDesk.index"))
        facts = [("Koperasi", one.coop_name), ("Tagihan", one.invoice.label), ("Jumlah", rupiah(one.payment.amount_rp))]
        return self.page("form.html", title="Tolak bukti bayar", form=form, facts=facts, yes="Tolak",
                         back=url_for(".show", subscription_payment_id=one.payment.id))  # fmt: skip


SCREENS = (BillingDesk,)
