"""Uang ke pemasok: advance, payment of a bill, an advance that came back, a mistake taken back."""

import secrets

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.forms import UndoForm
from admin_panel.views.procurement.forms import MoneyForm
from core.display import date_long, rupiah
from core.errors import NotFound
from core.money import Rupiah
from models.procurement import PurchaseOrder, SupplierPayment
from services.procurement import paying, queries


class SupplierMoneyDesk(Screen):
    """Bayar pemasok."""

    route_base = "/kopmin/pesanan-pembelian"

    @expose("/<row:purchase_order_id>/uang-muka", methods=["GET", "POST"])
    @needs("procurement.pay")
    def advance(self, purchase_order_id: int) -> ResponseReturnValue:
        order = queries.order(scope.session(), scope.actor(), purchase_order_id)
        room_rp = paying.advance_room(scope.session(), order)
        form = _form(order, None)
        if form.validate_on_submit():
            with self.posting(form):
                made = paying.advance(scope.session(), scope.actor(), order.id, _payment(form))
                flash(f"Uang muka {rupiah(made.amount_rp)} tercatat. Dipotong saat tagihan dibayar.", "success")
                return redirect(_order(order.id))
        facts = [*_facts(order), ("Paling banyak", rupiah(room_rp))]
        return self.page("form.html", title="Bayar uang muka", form=form, facts=facts, back=_order(order.id),
                         yes="Bayar uang muka")  # fmt: skip

    @expose("/<row:purchase_order_id>/uang-muka-kembali", methods=["GET", "POST"])
    @needs("procurement.pay")
    def refund(self, purchase_order_id: int) -> ResponseReturnValue:
        order = queries.order(scope.session(), scope.actor(), purchase_order_id)
        left_rp = queries.advance_left(scope.session(), order.id)
        form = _form(order, left_rp or None)
        form.account.label.text = "Masuk ke kas atau rekening"
        if form.validate_on_submit():
            with self.posting(form):
                made = paying.refund(scope.session(), scope.actor(), order.id, _payment(form))
                flash(f"Uang muka kembali {rupiah(made.amount_rp)} tercatat.", "success")
                return redirect(_order(order.id))
        facts, title = [*_facts(order), ("Uang muka di pemasok", rupiah(left_rp))], "Terima uang muka kembali"
        return self.page("form.html", title=title, form=form, facts=facts, back=_order(order.id), yes="Catat")

    @expose("/tagihan/<row:supplier_bill_id>/bayar", methods=["GET", "POST"])
    @needs("procurement.pay")
    def pay(self, supplier_bill_id: int) -> ResponseReturnValue:
        bill = queries.bill(scope.session(), scope.actor(), supplier_bill_id)
        form, back = _form(bill.order, bill.owed_rp or None), url_for("SupplierBillView.show", pk=bill.id)
        if form.validate_on_submit():
            with self.posting(form):
                made = paying.pay(scope.session(), scope.actor(), bill.id, _payment(form))
                flash(f"Pembayaran {rupiah(made.amount_rp)} tercatat.", "success")
                return redirect(back)
        facts = [*_facts(bill.order), ("Sisa tagihan", rupiah(bill.owed_rp))]
        used_rp = paying.from_advances(scope.session(), scope.actor(), bill, bill.owed_rp)
        if used_rp:
            facts += [("Dipotong uang muka", rupiah(used_rp)), ("Dibayar tunai", rupiah(bill.owed_rp - used_rp))]
        return self.page("form.html", title=f"Bayar tagihan {bill.reference}", form=form, facts=facts, back=back,
                         back_label=f"Tagihan {bill.reference}", yes="Bayar")  # fmt: skip

    @expose("/pembayaran/<row:supplier_payment_id>/batal", methods=["GET", "POST"])
    @needs("procurement.approve")
    def undo(self, supplier_payment_id: int) -> ResponseReturnValue:
        made, form = _made(supplier_payment_id), UndoForm(booked_on=scope.today())
        if form.validate_on_submit():
            with self.posting(form):
                told = {"booked_on": form.booked_on.data, "reason": form.reason.data}
                paying.undo(scope.session(), scope.actor(), made.id, **told)
                flash("Pembayaran dibatalkan.", "success")
                return redirect(_order(made.order_id))
        facts = [("Pembayaran", paying.KINDS[made.kind]), ("Tanggal", date_long(made.paid_on)),
                 ("Jumlah", rupiah(made.amount_rp))]  # fmt: skip
        title, back = "Batalkan pembayaran", _order(made.order_id)
        return self.page("form.html", title=title, form=form, facts=facts, back=back, yes=title)


def _form(order: PurchaseOrder, amount_rp: Rupiah | None) -> MoneyForm:
    form = MoneyForm(amount_rp=amount_rp, paid_on=scope.today(), token=secrets.token_urlsafe(12))
    form.account.choices = queries.purses(scope.session(), scope.actor(), order.store_id)
    return form


def _payment(form: MoneyForm) -> paying.Payment:
    return paying.Payment(
        form.amount_rp.data or 0, form.paid_on.data, form.token.data or "", form.account.data,
        form.voucher_no.data or "", form.note.data or "",
    )  # fmt: skip


def _facts(order: PurchaseOrder) -> list[tuple[str, str]]:
    bank = [("Rekening pemasok", order.supplier.bank)] if order.supplier.bank else []
    return [("Pemasok", order.supplier.name), ("Pesanan", order.label), *bank]


def _made(payment_id: int) -> SupplierPayment:
    """A payment of an order the signed-in person may see. Raises NotFound."""
    made = scope.session().get(SupplierPayment, payment_id)
    if made is None:
        raise NotFound(what="Pembayaran")
    queries.order(scope.session(), scope.actor(), made.order_id)
    return made


def _order(order_id: int) -> str:
    return url_for("PurchaseOrderView.show", pk=order_id)


SCREENS = (SupplierMoneyDesk,)
