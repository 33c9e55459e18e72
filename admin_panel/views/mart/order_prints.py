"""Papers of orders: labels, what to pack, the invoice."""

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.exports import pdf
from models.mart.orders import Order
from reports import order_papers
from reports.export import logo_of
from services.mart import fulfilment, queries


class OrderPrints(Screen):
    """Label, daftar kemas, faktur."""

    route_base = "/kopmin/pesanan"

    @expose("/label.pdf")
    @needs("mart.view")
    def labels(self) -> ResponseReturnValue:
        return pdf(order_papers.labels_pdf(scope.session(), _to_pack()), "label")

    @expose("/daftar-kemas.pdf")
    @needs("mart.view")
    def picking(self) -> ResponseReturnValue:
        body = order_papers.picking_list_pdf(scope.session(), _to_pack(), zone=scope.coop().zone)
        return pdf(body, "daftar-kemas")

    @expose("/<row:order_id>/label.pdf")
    @needs("mart.view")
    def label(self, order_id: int) -> ResponseReturnValue:
        order = _order(order_id)
        return pdf(order_papers.labels_pdf(scope.session(), [order]), _named("label", order))

    @expose("/<row:order_id>/faktur.pdf")
    @needs("mart.view")
    def invoice(self, order_id: int) -> Response:
        order, logo = _order(order_id), logo_of(scope.coop(), scope.settings().uploads)
        return pdf(order_papers.invoice_pdf(scope.session(), order, logo=logo), _named("faktur", order))


def _order(order_id: int) -> Order:
    return fulfilment.get(scope.session(), scope.actor(), order_id)


def _to_pack() -> list[Order]:
    """What waits to be packed, in the shop of `?toko=` or in all of one's own."""
    shop = request.args.get("toko", "")
    chosen = int(shop) if shop.isascii() and shop.isdigit() and len(shop) < 18 else None
    return queries.to_pack(scope.session(), scope.actor(), chosen)


def _named(what: str, order: Order) -> str:
    return f"{what}-{order.year}-{order.number:05d}"


SCREENS = (OrderPrints,)
