"""Penerimaan: what came of an order, part by part; a mistake taken back."""

import secrets

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.forms import UndoForm
from admin_panel.views.procurement.forms import ReceiveForm, typed, whole_of
from core.display import date_long, rupiah
from core.errors import NotFound
from models.procurement import GoodsReceipt
from services.procurement import queries, receiving


class ReceiveDesk(Screen):
    """Terima barang dan jasa pesanan."""

    route_base = "/kopmin/pesanan-pembelian"

    @expose("/<row:purchase_order_id>/terima", methods=["GET", "POST"])
    @needs("procurement.receive")
    def receive(self, purchase_order_id: int) -> ResponseReturnValue:
        order = queries.order(scope.session(), scope.actor(), purchase_order_id)
        form, lines = ReceiveForm(received_on=scope.today(), token=secrets.token_urlsafe(12)), _left(order.id)
        if form.validate_on_submit():
            with self.posting(form):
                kept = receiving.receive(scope.session(), scope.actor(), _delivery(form, order.id))
                flash(f"Penerimaan senilai {rupiah(kept.total_rp)} tercatat.", "success")
                return redirect(url_for("PurchaseOrderView.show", pk=order.id))
        return self.page("procurement_receive.html", title="Terima", form=form, order=order, lines=lines)

    @expose("/penerimaan/<row:goods_receipt_id>/batal", methods=["GET", "POST"])
    @needs("procurement.receive")
    def undo(self, goods_receipt_id: int) -> ResponseReturnValue:
        receipt, form = _receipt(goods_receipt_id), UndoForm(booked_on=scope.today())
        back = url_for("PurchaseOrderView.show", pk=receipt.order_id)
        if form.validate_on_submit():
            with self.posting(form):
                told = {"booked_on": form.booked_on.data, "reason": form.reason.data}
                receiving.undo(scope.session(), scope.actor(), receipt.id, **told)
                flash("Penerimaan dibatalkan.", "success")
                return redirect(back)
        facts = [("Pesanan", receipt.order.label), ("Diterima", date_long(receipt.received_on)),
                 ("Nilai", rupiah(receipt.total_rp))]  # fmt: skip
        title = "Batalkan penerimaan"
        return self.page("form.html", title=title, form=form, facts=facts, back=back, yes=title)


def _left(order_id: int) -> list[object]:
    return [line for line in queries.lines(scope.session(), order_id) if line.left]


def _delivery(form: ReceiveForm, order_id: int) -> receiving.Delivery:
    lines = queries.lines(scope.session(), order_id)
    came = {line.id: whole_of(typed(f"came-{line.id}"), line.name) for line in lines}
    return receiving.Delivery(
        order_id, came, form.received_on.data, form.token.data or "", form.delivery_no.data or "",
        form.note.data or "",
    )  # fmt: skip


def _receipt(receipt_id: int) -> GoodsReceipt:
    """A receipt of an order the signed-in person may see. Raises NotFound."""
    receipt = scope.session().get(GoodsReceipt, receipt_id)
    if receipt is None:
        raise NotFound(what="Penerimaan")
    queries.order(scope.session(), scope.actor(), receipt.order_id)
    return receipt


SCREENS = (ReceiveDesk,)
