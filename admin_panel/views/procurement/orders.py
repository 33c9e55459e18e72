"""Pesanan pembelian: waits for a second person, runs, finishes."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Pick, Screen, TenantModelView, Tool, needs
from admin_panel.datamodel import TenantInterface
from admin_panel.exports import pdf
from admin_panel.forms import ReasonForm
from admin_panel.shown import day
from admin_panel.views.procurement import papers
from admin_panel.views.procurement.forms import PurchasePaperForm
from admin_panel.views.procurement.shown import ORDERS, FilterSeen, bill_tag, order_tag, place_of
from core.clock import now
from core.display import rupiah
from models.access import User
from models.procurement import PurchaseOrder, PurchaseRequest
from reports.export import logo_of
from reports.pdf import draw_pdf
from reports.purchase_order import purchase_order
from services.ledger import chart
from services.procurement import documents, orders, paying, queries


class PurchaseOrderView(TenantModelView):
    """Pesanan pembelian."""

    datamodel = TenantInterface(PurchaseOrder)
    route_base = "/kopmin/pesanan-pembelian"
    read = "procurement.view"
    base_filters = [["id", FilterSeen, ""]]
    list_title = "Pesanan pembelian"
    show_template = "kopmin/procurement_order.html"
    seek, seek_label = ("supplier.name",), "pemasok"
    picks = (
        Pick("keadaan", "Keadaan", "state", lambda: list(ORDERS.items())),
        Pick("dari", "Dari", "ordered_on", kind="date_from"),
        Pick("sampai", "Sampai", "ordered_on", kind="date_to"),
    )
    list_columns = ["label", "supplier.name", "unit.name", "ordered_on", "due_on", "total_rp", "state"]
    show_columns = ["label", "supplier.name"]
    order_columns = ["supplier.name", "ordered_on", "due_on", "total_rp"]
    base_order = ("id", "desc")
    label_columns = {
        "label": "Nomor", "supplier.name": "Pemasok", "unit.name": "Unit", "ordered_on": "Dipesan",
        "due_on": "Diharapkan datang", "total_rp": "Jumlah", "state": "Keadaan",
    }  # fmt: skip
    money_columns = ("total_rp",)
    formatters_columns = {"ordered_on": day, "due_on": day, "state": order_tag}
    empty_text = "Belum ada pesanan. Pesanan dibuat dari penawaran yang dipilih di sebuah permintaan."

    def tools(self) -> list[Tool]:
        return [Tool("Lihat permintaan", url_for("PurchaseRequestView.list")), self.export_tool()]

    def show_heading(self, item: PurchaseOrder) -> str:
        return f"Pesanan {item.label}"

    def show_tools(self, item: PurchaseOrder) -> list[Tool]:
        at: dict[str, Any] = {"purchase_order_id": item.id}
        words: list[tuple[str, str, str]] = []
        if item.state == "approved":
            words = [
                ("Uang muka", "SupplierMoneyDesk.advance", "procurement.pay"),
                ("Catat tagihan", "SupplierBillDesk.book", "procurement.order"),
                ("Terima", "ReceiveDesk.receive", "procurement.receive"),
            ]
        found = [Tool(label, url_for(end, **at), word, main=label == "Terima") for label, end, word in words]
        return [Tool("Cetak PDF", url_for("PurchaseOrderDesk.print_it", **at), "procurement.view"), *found]

    def show_extra(self, item: PurchaseOrder) -> dict[str, Any]:
        session, who = scope.session(), scope.actor()
        came, paid = queries.receipts(session, item.id), queries.payments(session, item.id)
        return {
            "state": order_tag(item.state), "facts": facts_of(item), "lines": queries.lines(session, item.id),
            "accounts": {one.id: str(one) for one in chart.all_accounts(session, who)}, "receipts": came[::-1],
            "undone": queries.undone_ids(came), "bills": queries.bills(session, item.id)[::-1], "bill_tag": bill_tag,
            "payments": paid[::-1], "unpaid": queries.undone_ids(paid), "pay_kinds": paying.KINDS,
            "advance_rp": queries.advance_left(session, item.id), "papers": documents.of(session, item),
            "kinds": documents.KINDS, "mine": item.created_by == who.user_id,
            "waits": queries.to_bill(session, item.id),
        }  # fmt: skip


def facts_of(order: PurchaseOrder) -> list[tuple[str, Any]]:
    """What was agreed and who decided, label and value."""
    session = scope.session()
    people = [session.get(User, one) if one else None for one in (order.created_by, order.approved_by)]
    asked = session.get_one(PurchaseRequest, order.request_id)
    pairs = [
        ("Keperluan", f"{asked.title} ({asked.label})"), ("Untuk", place_of(order)), ("Dipesan", day(order.ordered_on)),
        ("Dipesan oleh", people[0].full_name if people[0] else ""),
        ("Disetujui oleh", people[1].full_name if people[1] else ""), ("Diharapkan datang", day(order.due_on)),
        ("Dikirim ke", order.deliver_to), ("Syarat", order.terms), ("Alasan memilih penawaran ini", order.reason),
        ("Catatan penutup", order.ended_note),
    ]  # fmt: skip
    return [(label, value) for label, value in pairs if value]


class PurchaseOrderDesk(Screen):
    """Menyetujui, mencetak, membatalkan, menyelesaikan."""

    route_base = "/kopmin/pesanan-pembelian"

    @expose("/<row:purchase_order_id>/putuskan", methods=["POST"])
    @needs("procurement.approve")
    def decide(self, purchase_order_id: int) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        queries.order(session, who, purchase_order_id)
        with self.posting():
            if request.form.get("answer") == "setuju":
                done = orders.approve(session, who, purchase_order_id)
                flash(f"Pesanan {done.label} disetujui. Barang sudah dapat diterima.", "success")
            else:
                done = orders.reject(session, who, purchase_order_id, reason=request.form.get("note", "")[:200])
                flash(f"Pesanan {done.label} ditolak. Permintaannya terbuka lagi.", "success")
        return redirect(_shown(purchase_order_id))

    @expose("/<row:purchase_order_id>/cetak")
    @needs("procurement.view")
    def print_it(self, purchase_order_id: int) -> ResponseReturnValue:
        session = scope.session()
        order = queries.order(session, scope.actor(), purchase_order_id)
        paper = purchase_order(session, order, queries.lines(session, order.id))
        logo = logo_of(scope.coop(), scope.settings().uploads)
        return pdf(draw_pdf(paper, logo=logo, printed_at=now()), f"pesanan-{order.year}-{order.number:05d}")

    @expose("/<row:purchase_order_id>/batalkan", methods=["GET", "POST"])
    @needs("procurement.order")
    def cancel(self, purchase_order_id: int) -> ResponseReturnValue:
        order, form = queries.order(scope.session(), scope.actor(), purchase_order_id), ReasonForm()
        if form.validate_on_submit():
            with self.posting(form):
                orders.cancel(scope.session(), scope.actor(), order.id, reason=form.reason.data)
                flash(f"Pesanan {order.label} dibatalkan. Permintaannya terbuka lagi.", "success")
                return redirect(_shown(order.id))
        return self._reason(order, form, "Batalkan pesanan", "Hanya bila belum ada yang diterima.")

    @expose("/<row:purchase_order_id>/selesaikan", methods=["GET", "POST"])
    @needs("procurement.order")
    def close(self, purchase_order_id: int) -> ResponseReturnValue:
        order, form = queries.order(scope.session(), scope.actor(), purchase_order_id), ReasonForm()
        if form.validate_on_submit():
            with self.posting(form):
                orders.close(scope.session(), scope.actor(), order.id, note=form.reason.data)
                flash(f"Pesanan {order.label} selesai.", "success")
                return redirect(_shown(order.id))
        return self._reason(order, form, "Selesaikan pesanan", "Sisanya tidak akan diterima lagi.")

    def _reason(self, order: PurchaseOrder, form: ReasonForm, title: str, lead: str) -> ResponseReturnValue:
        facts = [("Pesanan", order.label), ("Pemasok", order.supplier.name), ("Jumlah", rupiah(order.total_rp))]
        shown: dict[str, Any] = {"facts": facts, "back": _shown(order.id), "yes": title, "lead": lead}
        return self.page("form.html", title=title, form=form, **shown)

    @expose("/<row:purchase_order_id>/dokumen", methods=["GET", "POST"])
    @needs("procurement.view")
    def paper(self, purchase_order_id: int) -> ResponseReturnValue:
        order, form = queries.order(scope.session(), scope.actor(), purchase_order_id), PurchasePaperForm()
        if form.validate_on_submit():
            with self.posting(form):
                papers.hand_in(order, form)
                return redirect(_shown(order.id))
        back = _shown(order.id)
        return self.page("form.html", title="Tambah dokumen", form=form, has_file=True, back=back, lead=order.label)

    @expose("/dokumen/<row:purchase_document_id>")
    @needs("procurement.view")
    def document(self, purchase_document_id: int) -> ResponseReturnValue:
        found, folder = purchase_document_id, scope.settings().data
        return papers.answer(*documents.read(scope.session(), scope.actor(), found, folder))


def _shown(order_id: int) -> str:
    return url_for("PurchaseOrderView.show", pk=order_id)


SCREENS = (PurchaseOrderView, PurchaseOrderDesk)
