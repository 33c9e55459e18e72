"""The operator's desk: transfers to be matched, cooperatives that subscribe, a longer trial."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.forms import ReasonForm
from admin_panel.views.subscriptions.forms import ExtendForm, FoundForm
from core import clock
from core.display import rupiah
from core.errors import NotFound
from services.subscriptions import payments, queries, terms
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


class CustomerDesk(Screen):
    """Koperasi yang berlangganan."""

    route_base = "/platform/pelanggan"

    @expose("/")
    @needs("platform.manage")
    def index(self) -> ResponseReturnValue:
        rows = queries.customers(scope.database(), scope.actor(), clock.today())
        return self.page("customers.html", title="Pelanggan", rows=rows)

    @expose("/<row:customer_id>/perpanjang", methods=["GET", "POST"])
    @needs("platform.manage")
    def extend(self, customer_id: int) -> ResponseReturnValue:
        who, on, back = scope.actor(), clock.today(), url_for(".index")
        found, form = queries.customers(scope.database(), who, on, customer_id), ExtendForm()
        if not found:
            raise NotFound(what="Pelanggan")
        if form.validate_on_submit():
            with self.posting(form), scope.database().transaction(customer_id) as session:
                terms.extend_trial(
                    session, who, customer_id, until=form.until.data, reason=form.reason.data or "", on=on
                )
                flash(f"Masa coba {found[0].name} diperpanjang.", "success")
                return redirect(back)
        facts = [("Koperasi", found[0].name), ("Keadaan", found[0].standing.sentence)]
        return self.page("form.html", title="Perpanjang masa coba", form=form, back=back, facts=facts)


SCREENS = (BillingDesk, CustomerDesk)
