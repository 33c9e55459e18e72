"""What a shop does with an order: send it, hand it over, see it arrive, cancel it, answer a return."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.views.mart.order_forms import CancelForm, RefundForm, ReturnForm, ShipForm
from admin_panel.views.mart.orders import DELIVERIES
from core.display import rupiah
from models.mart.orders import Order, OrderReturn
from services.mart import fulfilment, queries, refunds, returns, states

NO_WAY = (
    "Uang pesanan ini hanya dapat kembali lewat bank atau kas koperasi. Minta bendahara membatalkan atau "
    "mengembalikannya dari halaman pesanan ini."
)


class OrderDesk(Screen):
    """Kirim, serahkan, tandai sampai, batalkan, jawab pengembalian."""

    route_base = "/kopmin/pesanan"

    @expose("/<row:order_id>/kirim", methods=["GET", "POST"])
    @needs("mart.sell")
    def ship(self, order_id: int) -> ResponseReturnValue:
        order = _order(order_id)
        form = ShipForm(courier=order.courier)
        if form.validate_on_submit():
            with self.posting(form):
                said = {"courier": form.courier.data or "", "waybill": form.waybill.data or ""}
                fulfilment.ship(scope.session(), scope.actor(), order_id, on=scope.today(), **said)
                return _done(order, "dikirim. Pembeli mendapat kabar.")
        _must(order, "dikirim", "packing")
        return self.page(
            "form.html", title="Kirim pesanan", form=form, facts=_facts(order), yes="Kirim", **_back(order)
        )

    @expose("/<row:order_id>/serahkan", methods=["GET", "POST"])
    @needs("mart.sell")
    def hand_over(self, order_id: int) -> ResponseReturnValue:
        order = _order(order_id)
        if request.method == "POST":
            with self.posting():
                fulfilment.hand_over(scope.session(), scope.actor(), order_id, on=scope.today())
                flash(f"Pesanan {order.label} diserahkan dan selesai.", "success")
            return redirect(_back(order)["back"])
        _must(order, "diserahkan", "packing")
        cash = order.pay_by == "cash" and order.paid_on is None
        yes = f"Terima {rupiah(order.due_rp)} dan serahkan" if cash else "Serahkan"
        question = _question(order, cash)
        facts = _facts(order)
        return self.page("sure.html", title="Serahkan di toko", question=question, facts=facts, yes=yes, **_back(order))

    @expose("/<row:order_id>/sampai", methods=["GET", "POST"])
    @needs("mart.sell")
    def arrived(self, order_id: int) -> ResponseReturnValue:
        order = _order(order_id)
        if request.method == "POST":
            with self.posting():
                fulfilment.deliver(scope.session(), scope.actor(), order_id, on=scope.today())
                flash(f"Paket {order.label} ditandai sampai.", "success")
            return redirect(_back(order)["back"])
        _must(order, "ditandai sampai", "shipped")
        question = "Paket ini sudah sampai di tangan pembeli? Pembeli mendapat kabar dan waktu untuk mengeluh."
        facts = [*_facts(order), ("Nomor resi", order.waybill or "-")]
        return self.page("sure.html", title="Tandai sampai", question=question, facts=facts, yes="Ya, sudah sampai",
                         **_back(order))  # fmt: skip

    @expose("/<row:order_id>/batalkan", methods=["GET", "POST"])
    @needs("mart.sell")
    def cancel(self, order_id: int) -> ResponseReturnValue:
        return self._cancel(order_id)

    @expose("/<row:order_id>/batalkan-bendahara", methods=["GET", "POST"])
    @needs("mart.money")
    def cancel_paid(self, order_id: int) -> ResponseReturnValue:
        return self._cancel(order_id)

    def _cancel(self, order_id: int) -> ResponseReturnValue:
        order, form = _order(order_id), CancelForm()
        money_rp = queries.held_money(scope.session(), order)
        form.offer(order, money_rp)
        if form.validate_on_submit():
            with self.posting(form):
                _cancelled(order_id, form)
                return _done(order, "dibatalkan. Pembeli mendapat kabar alasannya.")
        _must(order, "dibatalkan", "unpaid", "packing")
        facts = [*_facts(order), *([("Uang yang kembali", rupiah(money_rp))] if money_rp else [])]
        lead = NO_WAY if money_rp and "refund" not in form else ""
        return self.page("form.html", title="Batalkan pesanan", form=form, facts=facts, lead=lead,
                         yes="Batalkan pesanan", **_back(order))  # fmt: skip

    @expose("/<row:order_id>/uang-terlambat", methods=["GET", "POST"])
    @needs("mart.money")
    def give_back(self, order_id: int) -> ResponseReturnValue:
        order, form = _order(order_id), RefundForm()
        money_rp = queries.held_money(scope.session(), order)
        form.offer(order, money_rp)
        if form.validate_on_submit():
            with self.posting(form):
                _given_back(order_id, form)
                return _done(order, "sudah dikembalikan uangnya.")
        _must(order, "dikembalikan uangnya", "cancelled")
        facts = [*_facts(order), ("Uang yang kembali", rupiah(money_rp))]
        return self.page("form.html", title="Kembalikan uang", form=form, facts=facts, yes="Kembalikan uang",
                         **_back(order))  # fmt: skip

    @expose("/pengembalian/<row:return_id>", methods=["GET", "POST"])
    @needs("mart.sell")
    def answer(self, return_id: int) -> ResponseReturnValue:
        return self._answer(return_id)

    @expose("/pengembalian/<row:return_id>/bendahara", methods=["GET", "POST"])
    @needs("mart.money")
    def answer_paid(self, return_id: int) -> ResponseReturnValue:
        return self._answer(return_id)

    def _answer(self, return_id: int) -> ResponseReturnValue:
        asked, form = returns.get(scope.session(), scope.actor(), return_id), ReturnForm()
        form.offer(asked.order, asked.amount_rp)
        if form.validate_on_submit():
            with self.posting(form):
                return _answered(asked, form)
        lead = NO_WAY if asked.amount_rp and "refund" not in form else ""
        return self.page("order_return.html", title="Pengembalian barang", form=form, asked=asked, lead=lead,
                         words=returns.STATES, **_back(asked.order))  # fmt: skip


def _order(order_id: int) -> Order:
    return fulfilment.get(scope.session(), scope.actor(), order_id)


def _must(order: Order, act: str, *fitting: str) -> None:
    """A form that cannot work any more is not shown; a refused one is shown with its reason."""
    if request.method == "GET" and order.state not in fitting:
        raise states.wrong(order, act)


def _back(order: Order) -> dict[str, str]:
    return {"back": url_for("OrderView.show", pk=order.id), "back_label": order.label}


def _done(order: Order, words: str) -> ResponseReturnValue:
    flash(f"Pesanan {order.label} {words}", "success")
    return redirect(_back(order)["back"])


def _facts(order: Order) -> list[tuple[str, str]]:
    goods = "\n".join(f"{line.quantity} x {line.name}" for line in order.lines)
    place = ", ".join(part for part in (DELIVERIES[order.delivery], order.address, order.city) if part)
    return [("Pembeli", order.buyer_name), ("Barang", goods), ("Pengiriman", place), ("Jumlah", rupiah(order.total_rp))]


def _question(order: Order, cash: bool) -> str:
    if cash:
        return f"Terima uang tunai {rupiah(order.due_rp)} dari {order.buyer_name}, lalu serahkan barangnya."
    return f"Serahkan barang kepada {order.buyer_name}? Pesanan ini sudah dibayar."


def _cancelled(order_id: int, form: CancelForm) -> None:
    fulfilment.cancel(
        scope.session(), scope.actor(), order_id, reason=form.reason.data or "", on=scope.today(), refund_by=form.way,
        product_id=form.product_id,
    )  # fmt: skip


def _given_back(order_id: int, form: RefundForm) -> None:
    fulfilment.give_back_late(
        scope.session(), scope.actor(), order_id, on=scope.today(), refund_by=form.way, product_id=form.product_id
    )


def _answered(asked: OrderReturn, form: ReturnForm) -> ResponseReturnValue:
    session, who, answer = scope.session(), scope.actor(), form.answer.data or ""
    if request.form.get("act") == "tolak":
        returns.reject(session, who, asked.id, answer=answer)
        return _done(asked.order, "tetap selesai; pengembaliannya ditolak.")
    sellable = {line.line_id: f"stok-{line.line_id}" in request.form for line in asked.lines}
    done = returns.refund(
        session, who, asked.id, refund_by=form.way, on=scope.today(), to_stock=sellable, product_id=form.product_id,
        answer=answer,
    )  # fmt: skip
    way = refunds.WAYS.get(done.refund_by, "poin").lower()
    return _done(asked.order, f"dikembalikan {rupiah(done.amount_rp)}, {way}.")


SCREENS = (OrderDesk,)
