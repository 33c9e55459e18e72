"""Kuitansi: shown, sent, printed."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from markupsafe import Markup

from admin_panel import scope
from admin_panel.base import Pick, Screen, TenantModelView, Tool, needs
from admin_panel.datamodel import TenantInterface
from admin_panel.exports import pdf
from admin_panel.shown import day
from core.display import rupiah
from core.errors import NotFound
from models.savings import Receipt
from reports import documents
from reports.export import logo_of
from services.notifications.texts import share, whatsapp
from services.savings import receipts


class ReceiptView(TenantModelView):
    """Kuitansi."""

    datamodel = TenantInterface(Receipt)
    route_base = "/kopmin/kuitansi"
    read = "savings.view"
    list_title = "Kuitansi"
    show_template = "kopmin/receipt.html"
    seek, seek_label = ("member.name", "member.number", "purpose"), "anggota atau keperluan"
    picks = (
        Pick("dari", "Dari", "issued_on", kind="date_from"),
        Pick("sampai", "Sampai", "issued_on", kind="date_to"),
    )
    list_columns = ["label", "member.name", "issued_on", "purpose", "amount_rp", "printed"]
    show_columns = ["label", "member.name", "issued_on", "purpose", "amount_rp"]
    order_columns = ["issued_on", "amount_rp", "member.name"]
    base_order = ("issued_at", "desc")
    label_columns = {
        "label": "Nomor", "member.name": "Anggota", "issued_on": "Tanggal", "purpose": "Untuk", "amount_rp": "Jumlah",
        "printed": "Dicetak",
    }  # fmt: skip
    money_columns = ("amount_rp",)
    formatters_columns = {"issued_on": day, "printed": lambda n: f"{n} kali" if n else "Belum"}
    empty_text = "Belum ada kuitansi. Setiap setoran dan penarikan membuat kuitansinya."

    def tools(self) -> list[Tool]:
        return [self.export_tool()]

    def show_heading(self, item: Receipt) -> str:
        return f"Kuitansi {item.label}"

    def show_extra(self, item: Receipt) -> dict[str, Any]:
        address = documents.receipt_url(item, scope.settings().public_url)
        text = f"Kuitansi {item.label} {scope.coop().name}, {rupiah(item.amount_rp)}. Periksa: {address}"
        return {
            "coop": scope.coop(),
            "qr": Markup(documents.qr_svg(address, 2)),  # noqa: S704  our own drawing
            "papers": documents.PAPERS,
            "whatsapp": whatsapp(item.member.phone, text) or share(text),
        }


class ReceiptDesk(Screen):
    """Printing counts: from the second time on the paper says SALINAN."""

    route_base = "/kopmin/kuitansi"

    @expose("/<row:receipt_id>/cetak", methods=["POST"])
    @needs("savings.view")
    def print_it(self, receipt_id: int) -> ResponseReturnValue:
        paper = request.form.get("kertas", "a6")
        if paper not in documents.PAPERS:
            raise NotFound(what="Ukuran kertas")
        with scope.unit_of_work() as work:
            receipt = receipts.get(work, scope.actor(), receipt_id)
            copy = receipts.printed(work, scope.actor(), receipt)
            public_url = scope.settings().public_url
            logo = logo_of(scope.coop(), scope.settings().uploads)
            slip = documents.receipt_slip(work, receipt, public_url=public_url, is_copy=copy, logo=logo)
        return pdf(documents.receipt_pdf(slip, paper), f"kuitansi-{receipt.year}-{receipt.number}")


SCREENS = (ReceiptView, ReceiptDesk)
