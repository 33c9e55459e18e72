"""Langganan koperasi: paket, pemakaian, tagihan, dan pembayarannya."""

import secrets
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.exports import pdf
from admin_panel.views.subscriptions.forms import AgreeForm, ChoiceForm, TransferForm
from core.clock import now
from core.display import date_long
from core.errors import NotAllowed, Refusal
from models.subscriptions import SubscriptionInvoice
from reports.subscription_invoice import invoice_pdf
from services.access.limits import NAMES
from services.mart.ports import configured
from services.subscriptions import gateway, invoices, payments, plans, queries
from services.subscriptions.invoices import Offer

KINDS = {
    "term": "Mulai begitu dibayar.",
    "next": "Berlaku begitu dibayar. Hari-hari yang masih tersisa tetap Anda pakai; masa berbayar mulai sesudahnya.",
    "upgrade": "Paket lebih besar berlaku begitu dibayar; yang dihitung hanya sisa hari yang sudah dibayar.",
    "later": "Berlaku mulai masa berikutnya. Sekarang tidak ada yang perlu dibayar.",
}


class SubscriptionDesk(Screen):
    """Langganan."""

    route_base = "/kopmin/langganan"

    @expose("/")
    @needs("subscription.view")
    def index(self) -> ResponseReturnValue:
        session, who, on = scope.session(), scope.actor(), scope.today()
        standing = queries.standing(session, who.coop_id, on)
        return self.page("subscription.html", title="Langganan", standing=standing, uses=queries.uses(session, who),
                         rows=queries.invoices(session, who), plans=plans.offered(session), states=invoices.STATES,
                         limits=NAMES, periods=plans.PERIODS)  # fmt: skip

    @expose("/pilih", methods=["GET", "POST"])
    @needs("subscription.pay")
    def choose(self) -> ResponseReturnValue:
        asked, form = _asked(), AgreeForm(token=secrets.token_urlsafe(12))
        offer = _offer(asked, form)
        if offer is not None and form.validate_on_submit():
            with self.posting(form):
                return _chosen(asked, form)
        if offer is not None:
            form.seen_rp.data = offer.due_rp
        return self.page("subscription_choose.html", title="Pilih paket", asked=asked, form=form,
                         offer=offer, about=_about(offer), periods=plans.PERIODS,
                         back=url_for("SubscriptionDesk.index"))  # fmt: skip

    @expose("/tagihan/<row:subscription_invoice_id>", methods=["GET", "POST"])
    @needs("subscription.view")
    def show(self, subscription_invoice_id: int) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        invoice = payments.invoice_of(session, who, subscription_invoice_id)
        form = TransferForm(paid_on=scope.today(), token=secrets.token_urlsafe(12))
        tries = payments.of_invoice(session, who, invoice)
        if form.validate_on_submit():
            with self.posting(form):
                _claimed(invoice, form)
                flash("Bukti terkirim. Kami cocokkan dengan rekening, lalu mengabari Anda.", "success")
                return redirect(url_for(".show", subscription_invoice_id=invoice.id))
        return self.page("subscription_invoice.html", title=f"Tagihan {invoice.label}", invoice=invoice, form=form,
                         standing=queries.standing(session, who.coop_id, scope.today()),
                         tries=tries, words=payments.STATES, pay_page=gateway.page_of(tries, now()),
                         states=invoices.STATES, transfer_to=scope.settings().billing_transfer_to,
                         online=configured.midtrans() is not None)  # fmt: skip

    @expose("/tagihan/<row:subscription_invoice_id>/tagihan.pdf")
    @needs("subscription.view")
    def paper(self, subscription_invoice_id: int) -> ResponseReturnValue:
        invoice = payments.invoice_of(scope.session(), scope.actor(), subscription_invoice_id)
        body = invoice_pdf(scope.session(), invoice, transfer_to=scope.settings().billing_transfer_to)
        return pdf(body, f"tagihan-{invoice.label}")

    @expose("/tagihan/<row:subscription_invoice_id>/online", methods=["POST"])
    @needs("subscription.pay")
    def online(self, subscription_invoice_id: int) -> ResponseReturnValue:
        here = url_for(".show", subscription_invoice_id=subscription_invoice_id)
        try:  # the service is asked outside of any unit of work, so the request's own session stays unopened
            finish = scope.settings().public_url + here
            gateway.begin(scope.database(), scope.actor(), subscription_invoice_id, configured.midtrans(),
                          finish_url=finish, at=now())  # fmt: skip
        except NotAllowed:
            raise
        except Refusal as refusal:
            flash(refusal.sentence, "danger")
        return redirect(f"{here}#bayar")  # a form of ours may lead nowhere outside: the page does


def _asked() -> ChoiceForm:
    """The choice in the address; what makes no sense falls back to the plan of today, paid by the month."""
    form = ChoiceForm(request.args)
    form.paket.choices = [(plan.code, plan.name) for plan in plans.offered(scope.session())]
    if form.paket.data not in dict(form.paket.choices):
        form.paket.data = form.paket.choices[0][0] if form.paket.choices else ""
    if form.masa.data not in plans.PERIODS:
        form.masa.data = "month"
    form.validate()
    return form


def _wish(asked: ChoiceForm) -> dict[str, Any]:
    code = "" if asked.kode.errors else asked.kode.data or ""
    return {"plan_code": asked.paket.data, "period": asked.masa.data, "discount_code": code, "on": scope.today()}


def _offer(asked: ChoiceForm, form: AgreeForm) -> Offer | None:
    """What it would cost; a refusal is shown on the form, with nothing to agree to."""
    try:
        return invoices.preview(scope.session(), scope.actor(), **_wish(asked))
    except Refusal as refusal:
        form.refused(refusal.sentence)
        return None


def _about(offer: Offer | None) -> str:
    """When a choice holds, in a sentence."""
    if offer is None:
        return ""
    return KINDS["next" if offer.kind == "term" and offer.starts_on > scope.today() else offer.kind]


def _chosen(asked: ChoiceForm, form: AgreeForm) -> ResponseReturnValue:
    session, who = scope.session(), scope.actor()
    seen_rp, token = form.seen_rp.data or 0, form.token.data or ""
    invoice = invoices.choose(session, who, **_wish(asked), seen_rp=seen_rp, token=token)
    if invoice is None:
        standing = queries.standing(session, who.coop_id, scope.today())
        day = date_long(standing.until) if standing else ""
        flash(f"Pilihan tersimpan. Paket sekarang berlaku sampai {day}.", "success")
        return redirect(url_for("SubscriptionDesk.index"))
    said = "lunas, paket langsung berlaku" if invoice.state == "paid" else "dibuat. Pilih cara membayarnya"
    flash(f"Tagihan {invoice.label} {said}.", "success")
    return redirect(url_for("SubscriptionDesk.show", subscription_invoice_id=invoice.id))


def _claimed(invoice: SubscriptionInvoice, form: TransferForm) -> None:
    body = form.proof.data.read() if form.proof.data else b""
    payments.claim(
        scope.session(), scope.actor(), invoice.id, paid_on=form.paid_on.data, bank=form.bank.data or "", proof=body,
        folder=scope.settings().data, token=form.token.data or "", on=scope.today(),
    )  # fmt: skip


SCREENS = (SubscriptionDesk,)
