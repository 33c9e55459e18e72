"""Orders of one's shops: the list by state, and one order with everything that belongs to it."""

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from flask_appbuilder.models.sqla.filters import FilterInFunction

from admin_panel import scope
from admin_panel.base import Pick, TenantModelView, Tool
from admin_panel.datamodel import FilterSeek, TenantInterface
from admin_panel.shown import at, tag
from core.display import moment, rupiah
from models.mart.orders import Order, OrderPayment
from services.mart import orders, payments, queries, refunds, returns, states, stores
from services.notifications.texts import whatsapp

TONES = {"unpaid": "warn", "packing": "info", "shipped": "info", "done": "good", "cancelled": "bad", "returned": "warn"}
DELIVERIES = {"pickup": "Ambil di toko", "zone": "Kurir toko", "courier": "Ekspedisi", "till": "Kasir"}
CHANNELS = {"online": "Online", "till": "Kasir"}


def state_tag(code: str) -> Any:
    return tag(states.STATES.get(code, code), TONES.get(code, ""))


def my_stores() -> list[int]:
    return queries.store_ids(scope.session(), scope.actor())


def store_choices() -> list[tuple[str, str]]:
    return [(str(store.id), store.name) for store in stores.mine(scope.session(), scope.actor())]


class FilterOrder(FilterSeek):
    """The search box of orders knows their numbers."""

    def apply(self, query: Any, value: str) -> Any:
        return query.filter(queries.sought(value.strip()))


class OrderView(TenantModelView):
    """Pesanan."""

    datamodel = TenantInterface(Order)
    route_base = "/kopmin/pesanan"
    read = "mart.view"
    list_title = "Pesanan"
    list_template = "kopmin/orders.html"
    show_template = "kopmin/order.html"
    base_filters = [["store_id", FilterInFunction, my_stores]]
    seek, seek_label, seek_filter = ("buyer_name",), "nomor, pembeli atau HP", FilterOrder
    picks = (
        Pick("keadaan", "Keadaan", "state", lambda: list(states.STATES.items()), kind="hidden"),
        Pick("toko", "Toko", "store_id", store_choices),
        Pick("bayar", "Cara bayar", "pay_by", lambda: list(orders.WAYS.items())),
        Pick("dari", "Dari", "placed_on", kind="date_from"),
        Pick("sampai", "Sampai", "placed_on", kind="date_to"),
    )
    list_columns = ["label", "buyer_name", "store.name", "placed_at", "total_rp", "pay_by", "state"]
    show_columns = ["label", "total_rp"]
    order_columns = ["buyer_name", "store.name", "placed_at", "total_rp"]
    base_order = ("id", "desc")
    label_columns = {
        "label": "Nomor", "buyer_name": "Pembeli", "store.name": "Toko", "placed_at": "Dipesan", "total_rp": "Jumlah",
        "pay_by": "Cara bayar", "state": "Keadaan",
    }  # fmt: skip
    money_columns = ("total_rp",)
    formatters_columns = {"placed_at": at, "state": state_tag, "pay_by": lambda code: orders.WAYS.get(code, code)}
    empty_text = "Belum ada pesanan. Pesanan pembeli muncul di sini."

    def tools(self) -> list[Tool]:
        shop: dict[str, Any] = {"toko": request.args["toko"]} if request.args.get("toko") else {}
        return [
            Tool("Daftar kemas", url_for("OrderPrints.picking", **shop), self.read),
            Tool("Cetak label", url_for("OrderPrints.labels", **shop), self.read), self.export_tool(),
        ]  # fmt: skip

    def render_template(self, template: str, **context: Any) -> Any:
        if template == self.list_template:
            context["tabs"] = _tabs()
        return super().render_template(template, **context)

    def show_heading(self, item: Order) -> str:
        return f"Pesanan {item.label}"

    def show_tools(self, item: Order) -> list[Tool]:
        return order_tools(item)

    def show_extra(self, item: Order) -> dict[str, Any]:
        session = scope.session()
        asked = returns.of_order(session, item)
        return {
            "state": state_tag(item.state), "sums": _sums(item), "facts": _facts(item), "payments": _payments(item),
            "steps": queries.timeline(session, item), "asked": asked, "return_words": returns.STATES,
            "refund_words": refunds.WAYS, "chat": _chat(item), "zone": scope.coop().zone,
            "late_rp": queries.held_money(session, item) if item.state == "cancelled" and item.held_rp else 0,
        }  # fmt: skip


def _tabs() -> list[tuple[str, int, str, bool]]:
    """Label, count, address and whether it is the one shown; the first holds all."""
    asked: dict[str, Any] = {k: v for k, v in request.args.items() if k in ("cari", "toko", "bayar", "dari", "sampai")}
    chosen, shop = request.args.get("keadaan", ""), asked.get("toko", "")
    found = queries.counts(scope.session(), scope.actor(), int(shop) if shop in dict(store_choices()) else None)
    here = [("Semua", sum(found.values()), url_for("OrderView.list", **asked), chosen not in found)]
    return here + [
        (states.STATES[state], count, url_for("OrderView.list", keadaan=state, **asked), chosen == state)
        for state, count in found.items()
    ]


def order_tools(order: Order) -> list[Tool]:
    """What can be done with an order now, the next step marked."""
    here: list[Tool] = []
    ready = order.state == "packing" and (order.paid_on is not None or order.pay_by == "cash")
    if ready and order.delivery != "pickup":
        here.append(_tool("Kirim", "ship", order, main=True))
    if ready:
        here.append(_tool("Serahkan di toko", "hand_over", order, main=order.delivery == "pickup"))
    if order.state in ("packing", "shipped") and order.delivery != "pickup":
        here.append(Tool("Label", url_for("OrderPrints.label", order_id=order.id), "mart.view"))
    here.append(Tool("Faktur", url_for("OrderPrints.invoice", order_id=order.id), "mart.view"))
    if order.state == "shipped" and order.delivered_on is None:
        here.append(_tool("Tandai sampai", "arrived", order, main=True))
    if order.state in ("unpaid", "packing"):
        keeps = scope.actor().may("mart.sell")
        here.append(_tool("Batalkan", "cancel", order) if keeps else _tool("Batalkan", "cancel_paid", order, "money"))
    if order.state == "cancelled" and order.held_rp:
        here.append(_tool("Kembalikan uang", "give_back", order, "money", main=True))
    return here


def _tool(label: str, act: str, order: Order, word: str = "sell", *, main: bool = False) -> Tool:
    return Tool(label, url_for(f"OrderDesk.{act}", order_id=order.id), f"mart.{word}", main)


def _sums(order: Order) -> list[tuple[str, int]]:
    """How the amount came about; reductions below zero."""
    voucher = queries.voucher_of(scope.session(), order)
    pairs = [
        ("Harga barang", order.goods_rp),
        ("Potongan promo", -order.discount_rp),
        (f"Voucher {voucher.code}" if voucher else "Voucher", -order.voucher_rp),
        ("Ongkos kirim", order.shipping_rp),
        (f"Dibayar {order.points_used} poin", -order.points_rp),
    ]
    return [(label, amount_rp) for label, amount_rp in pairs if amount_rp]


def _facts(order: Order) -> list[tuple[str, Any]]:
    """Whom it goes to and how, label and value."""
    zone = scope.coop().zone
    cash = order.pay_by == "cash" and order.paid_on is None
    until = moment(order.expires_at, zone) if order.expires_at else ""
    pairs = [
        ("Pembeli", f"{order.buyer_name} ({order.member.number})" if order.member else order.buyer_name),
        ("Telepon", phone_of(order)),
        ("Pengiriman", DELIVERIES[order.delivery] + (f": {order.courier}" if order.courier else "")),
        ("Alamat", ", ".join(part for part in (order.address, order.city) if part)),
        ("Nomor resi", order.waybill),
        ("Catatan pembeli", order.note),
        ("Cara bayar", orders.WAYS[order.pay_by] + (f", terima {rupiah(order.due_rp)}" if cash else "")),
        ("Batas waktu", until),
        ("Keluhan", order.complaint),
        ("Alasan", order.reason),
        ("Sudah dikembalikan", rupiah(order.refunded_rp) if order.refunded_rp else ""),
    ]
    return [(label, value) for label, value in pairs if value]


def phone_of(order: Order) -> str:
    return order.buyer_phone or (order.member.phone if order.member else "")


def _payments(order: Order) -> Sequence[tuple[OrderPayment, str, str]]:
    """Every try to pay: the row, how, and what became of it."""
    found = payments.of_order(scope.session(), order)
    return [(one, orders.WAYS[one.kind], payments.STATES[one.state]) for one in found]


def _chat(order: Order) -> str:
    words = states.STATES[order.state].lower()
    return whatsapp(phone_of(order), f"Halo {order.buyer_name}, pesanan {order.label} di {order.store.name} {words}.")


SCREENS = (OrderView,)
