"""An order as the supplier gets it: what, how many, at what price, where to, when."""

from sqlalchemy.orm import Session

from core.display import date_long
from models.procurement import PurchaseOrder, PurchaseOrderLine
from reports.scope import frame_of
from reports.shape import Column, Table, TableRow, money
from services.procurement.states import LABELS


def purchase_order(session: Session, order: PurchaseOrder, lines: list[PurchaseOrderLine]) -> Table:
    """The order the caller was allowed to read, as a table; one that is not approved says so."""
    title = f"Pesanan Pembelian {order.label}"
    frame = frame_of(
        session, order.coop_id, "purchase-order", title, since=order.ordered_on, until=order.ordered_on,
        unit_id=order.unit_id,
    )  # fmt: skip
    columns = (
        Column("label", "Barang atau jasa", weight=3),
        Column("quantity", "Jumlah", "count"),
        Column("unit_name", "Satuan"),
        money("price_rp", "Harga satuan"),
        money("total_rp", "Jumlah harga"),
    )
    rows = [
        *(TableRow((text, None, None, None, None), "header") for text in _above(order)),
        *(TableRow((one.name, one.quantity, one.unit_name, one.price_rp, one.total_rp)) for one in lines),
        TableRow(("Jumlah seluruhnya", None, None, None, order.total_rp), "total"),
    ]
    return Table(frame, columns, rows, {"total_rp": order.total_rp}, notes=_below(order))


def _above(order: PurchaseOrder) -> list[str]:
    supplier = order.supplier
    parts = [supplier.name, supplier.contact and f"u.p. {supplier.contact}", supplier.address, supplier.phone]
    return [f"Kepada: {', '.join(part for part in parts if part)}"]


def _below(order: PurchaseOrder) -> tuple[str, ...]:
    said = [
        f"Harap dikirim paling lambat {date_long(order.due_on)}." if order.due_on else "",
        f"Dikirim ke: {order.deliver_to}." if order.deliver_to else "",
        f"Syarat: {order.terms}." if order.terms else "",
        "" if order.state in ("approved", "closed") else f"BELUM BERLAKU: pesanan ini {LABELS[order.state]}.",
    ]
    return tuple(text for text in said if text)
