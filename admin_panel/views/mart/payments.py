"""Money buyers say they sent: the proof beside what is due, booked once or refused."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.forms import ReasonForm
from admin_panel.views.mart.order_forms import FoundForm
from core.clock import now
from core.display import rupiah
from models.mart.orders import OrderPayment
from services.mart import orders, payments, queries
from web.headers import picture


class OrderPaymentDesk(Screen):
    """Pembayaran pesanan: dicocokkan dengan rekening koran, lalu dibukukan sekali."""

    route_base = "/kopmin/pembayaran-pesanan"

    @expose("/")
    @needs("mart.money")
    def index(self) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        late = [(order, queries.held_money(session, order)) for order in queries.late_money(session, who)]
        rows = payments.waiting(session, who)
        return self.page("order_payments.html", title="Pembayaran pesanan", rows=rows, late=late, ways=orders.WAYS)

    @expose("/<row:order_payment_id>", methods=["GET", "POST"])
    @needs("mart.money")
    def show(self, order_payment_id: int) -> ResponseReturnValue:
        payment = payments.claimed(scope.session(), scope.actor(), order_payment_id)
        form = FoundForm(amount_rp=payment.amount_rp, on=scope.today())
        form.for_kind(payment.kind)
        if form.validate_on_submit():
            with self.posting(form):
                return _confirmed(payment, form)
        shown = {"state": payments.STATES[payment.state], "way": orders.WAYS[payment.kind]}
        return self.page("order_payment.html", title="Pembayaran pesanan", payment=payment, form=form, **shown)

    @expose("/<row:order_payment_id>/bukti")
    @needs("mart.money")
    def proof(self, order_payment_id: int) -> ResponseReturnValue:
        body = payments.proof(scope.session(), scope.actor(), order_payment_id, scope.settings().data)
        return picture(body, f"bukti-pesanan-{order_payment_id}")

    @expose("/<row:order_payment_id>/tolak", methods=["GET", "POST"])
    @needs("mart.money")
    def refuse(self, order_payment_id: int) -> ResponseReturnValue:
        payment, form = payments.claimed(scope.session(), scope.actor(), order_payment_id), ReasonForm()
        if form.validate_on_submit():
            with self.posting(form):
                payments.refuse(scope.session(), scope.actor(), payment.id, reason=form.reason.data, at=now())
                flash(f"Bukti bayar {payment.order.label} ditolak. Pembeli mendapat kabar alasannya.", "success")
                return redirect(url_for("OrderPaymentDesk.index"))
        facts = [("Pembeli", payment.order.buyer_name), ("Jumlah", rupiah(payment.amount_rp))]
        lead = "Pembeli membaca alasan ini dan dapat membayar lagi dalam satu jam."
        back = url_for("OrderPaymentDesk.show", order_payment_id=payment.id)
        return self.page("form.html", title="Tolak bukti bayar", form=form, back=back, facts=facts, lead=lead,
                         yes="Tolak")  # fmt: skip


def _confirmed(payment: OrderPayment, form: FoundForm) -> ResponseReturnValue:
    said = {"amount_rp": form.amount_rp.data or 0, "on": form.on.data, "account": form.into}
    order = payments.confirm(scope.session(), scope.actor(), payment.id, **said)
    flash(f"{rupiah(payment.amount_rp)} untuk {order.label} dibukukan.", "success")
    return redirect(url_for("OrderPaymentDesk.index"))


SCREENS = (OrderPaymentDesk,)
