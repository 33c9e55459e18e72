"""Tagihan pemasok: seen with its differences before it is booked, then owed."""

import secrets
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Pick, Screen, TenantModelView, Tool, needs, seen
from admin_panel.datamodel import TenantInterface
from admin_panel.forms import UndoForm
from admin_panel.shown import day
from admin_panel.views.procurement.forms import BillForm, money_of, typed
from admin_panel.views.procurement.shown import BILL_STATES, FilterSeen, bill_tag
from core.display import rupiah
from models.procurement import SupplierBill, SupplierPayment
from services.procurement import billing, paying, queries


class SupplierBillView(TenantModelView):
    """Tagihan pemasok."""

    datamodel = TenantInterface(SupplierBill)
    route_base = "/kopmin/tagihan-pemasok"
    read = "procurement.view"
    base_filters = [["id", FilterSeen, ""]]
    list_title = "Tagihan pemasok"
    show_template = "kopmin/procurement_bill.html"
    seek, seek_label = ("supplier.name", "reference"), "pemasok atau nomor tagihan"
    picks = (
        Pick("keadaan", "Keadaan", "state", lambda: list(BILL_STATES.items())),
        Pick("dari", "Jatuh tempo dari", "due_on", kind="date_from"),
        Pick("sampai", "Sampai", "due_on", kind="date_to"),
    )
    list_columns = ["reference", "supplier.name", "booked_on", "due_on", "total_rp", "paid_rp", "state"]
    show_columns = ["reference", "supplier.name"]
    order_columns = ["supplier.name", "booked_on", "due_on", "total_rp"]
    base_order = ("id", "desc")
    label_columns = {
        "reference": "Nomor tagihan", "supplier.name": "Pemasok", "booked_on": "Dicatat", "due_on": "Jatuh tempo",
        "total_rp": "Jumlah", "paid_rp": "Dibayar", "state": "Keadaan",
    }  # fmt: skip
    money_columns = ("total_rp", "paid_rp")
    formatters_columns = {"booked_on": day, "due_on": day, "state": bill_tag}
    empty_text = "Belum ada tagihan. Tagihan dicatat dari halaman pesanan yang barangnya sudah diterima."

    def tools(self) -> list[Tool]:
        return [Tool("Pesanan berjalan", url_for("PurchaseOrderView.list", keadaan="approved")), self.export_tool()]

    def show_heading(self, item: SupplierBill) -> str:
        return f"Tagihan {item.reference}"

    def show_tools(self, item: SupplierBill) -> list[Tool]:
        if item.state != "open":
            return []
        pay = Tool("Bayar", url_for("SupplierMoneyDesk.pay", supplier_bill_id=item.id), "procurement.pay", main=True)
        undo = Tool("Batalkan tagihan", url_for("SupplierBillDesk.undo", supplier_bill_id=item.id), "procurement.order")
        return [pay] if item.paid_rp else [undo, pay]

    def show_extra(self, item: SupplierBill) -> dict[str, Any]:
        paid = queries.payments(scope.session(), item.order_id)
        own: list[SupplierPayment] = [one for one in paid if one.bill_id == item.id]
        return {
            "state": bill_tag(item.state), "payments": own[::-1], "unpaid": queries.undone_ids(paid),
            "pay_kinds": paying.KINDS,
        }  # fmt: skip


class SupplierBillDesk(Screen):
    """Mencatat tagihan: lihat dulu selisihnya, lalu bukukan."""

    route_base = "/kopmin/pesanan-pembelian"

    @expose("/<row:purchase_order_id>/tagihan", methods=["GET", "POST"])
    @needs("procurement.order")
    def book(self, purchase_order_id: int) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        order = queries.order(session, who, purchase_order_id)
        form, shown, mark = _form(), None, ""
        if form.validate_on_submit():
            with self.posting(form):
                invoice = _invoice(form, order.id)
                mark = seen(invoice)
                if request.form.get("act") == mark:
                    return _booked(invoice)
                shown = billing.preview(session, who, invoice)
        context = {"lines": queries.to_bill(session, order.id), "shown": shown, "mark": mark}
        return self.page("procurement_invoice.html", title="Catat tagihan", form=form, order=order, **context)

    @expose("/tagihan/<row:supplier_bill_id>/batal", methods=["GET", "POST"])
    @needs("procurement.order")
    def undo(self, supplier_bill_id: int) -> ResponseReturnValue:
        bill = queries.bill(scope.session(), scope.actor(), supplier_bill_id)
        form, back = UndoForm(booked_on=scope.today()), url_for("SupplierBillView.show", pk=bill.id)
        if form.validate_on_submit():
            with self.posting(form):
                told = {"booked_on": form.booked_on.data, "reason": form.reason.data}
                billing.undo(scope.session(), scope.actor(), bill.id, **told)
                flash("Tagihan dibatalkan. Penerimaannya dapat ditagih lagi.", "success")
                return redirect(back)
        facts = [("Pemasok", bill.supplier.name), ("Jumlah", rupiah(bill.total_rp))]
        title = "Batalkan tagihan"
        return self.page("form.html", title=title, form=form, facts=facts, back=back, yes=title)


def _form() -> BillForm:
    return BillForm(billed_on=scope.today(), booked_on=scope.today(), token=secrets.token_urlsafe(12))


def _booked(invoice: billing.Invoice) -> ResponseReturnValue:
    bill = billing.book(scope.session(), scope.actor(), invoice)
    flash(f"Tagihan {bill.reference} sebesar {rupiah(bill.total_rp)} tercatat.", "success")
    return redirect(url_for("SupplierBillView.show", pk=bill.id))


def _invoice(form: BillForm, order_id: int) -> billing.Invoice:
    """Only lines that are ticked; a second click names lines that stand in a bill already."""
    ticked = [
        int(one) for one in request.form.getlist("line")[:200] if one.isascii() and one.isdigit() and len(one) < 19
    ]
    amounts = {one: money_of(typed(f"billed-{one}"), "Jumlah ditagih") for one in ticked}
    return billing.Invoice(
        order_id, form.reference.data, amounts, form.billed_on.data, form.booked_on.data, form.token.data or "",
        form.vat_rp.data or 0, form.due_on.data, form.note.data or "",
    )  # fmt: skip


SCREENS = (SupplierBillView, SupplierBillDesk)
