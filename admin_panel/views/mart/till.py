"""The till itself: a page that also works cut off, what it asks for, and the sales it sends."""

from datetime import datetime

from flask import Response, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_wtf.csrf import generate_csrf

from admin_panel import scope, till_sent
from admin_panel.base import Screen, needs, storable, whole_argument
from admin_panel.look import STATIC
from core.clock import now
from core.errors import NotFound
from reports.documents import qr_svg
from services.mart import shifts, till, till_intake, till_prices
from services.mart.ports import qris
from services.mart.till import Sale
from services.mart.till_intake import Answer
from web.body import sent_object

UNREADABLE = Answer(
    "", "refused", code="mart.sale_unreadable", reason="Penjualan ini tidak terbaca. Hubungi pengelola."
)


class TillDesk(Screen):
    """Kasir: layar jualan."""

    route_base = "/kopmin/kasir"

    @expose("/<row:shift_id>")
    @needs("mart.till")
    def sell(self, shift_id: int) -> ResponseReturnValue:
        shift = shifts.own(scope.session(), scope.actor(), shift_id)
        shown = {"shift": shift, "store": shift.store, "cashier": scope.actor().name}
        answer = make_response(*self.page("till.html", title=f"Kasir {shift.store.name}", **shown))
        answer.headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
        return answer

    @expose("/<row:shift_id>/harga.json")
    @needs("mart.till")
    def prices(self, shift_id: int) -> ResponseReturnValue:
        shift = shifts.get(scope.session(), scope.actor(), shift_id)
        text, mark = till_prices.price_list(scope.session(), shift.store, now())
        answer = Response(text, mimetype="application/json", headers={"Cache-Control": "private, no-cache"})
        answer.set_etag(mark, weak=True)  # it travels compressed
        return answer.make_conditional(request)

    @expose("/<row:shift_id>/siapa.json")
    @needs("mart.till")
    def who(self, shift_id: int) -> ResponseReturnValue:
        shift = shifts.get(scope.session(), scope.actor(), shift_id)
        cashier = shifts.cashier(scope.session(), shift)
        is_mine = shift.cashier_id == scope.actor().user_id
        return jsonify(mine=is_mine, cashier=cashier, open=shift.state == "open", csrf=generate_csrf())

    @expose("/<row:shift_id>/anggota.json")
    @needs("mart.till")
    def customer(self, shift_id: int) -> ResponseReturnValue:
        told = storable(request.args.get("cari", ""))[:200]
        found = till.customer(scope.session(), scope.actor(), shift_id, told)
        return jsonify(number=found.number, name=found.name, kasbon_rp=found.kasbon_rp)

    @expose("/<row:shift_id>/qris.svg")
    @needs("mart.till")
    def qris(self, shift_id: int) -> ResponseReturnValue:
        shift = shifts.own(scope.session(), scope.actor(), shift_id)
        if not shift.store.qris:
            raise NotFound(what="QRIS toko ini")
        text = qris.with_amount(shift.store.qris, whole_argument("jumlah", 0))
        drawn = qr_svg(text, 6).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
        return Response(drawn, mimetype="image/svg+xml", headers={"Cache-Control": "no-store"})

    @expose("/<row:shift_id>/kirim", methods=["POST"])
    @needs("mart.till")
    def take_in(self, shift_id: int) -> ResponseReturnValue:
        shifts.get(scope.session(), scope.actor(), shift_id)
        at, body = now(), sent_object(till_sent.LARGEST)
        answers = [_taken(shift_id, *sent, at=at) for sent in till_sent.sales(body, at)]
        return jsonify(penjualan=answers)

    @expose("/sw.js")
    @needs("mart.till")
    def worker(self) -> ResponseReturnValue:
        """The page's helper for when it is cut off; it reaches no other page than the till."""
        return Response((STATIC / "till-sw.js").read_text("utf-8"), mimetype="text/javascript")


def _taken(shift_id: int, token: str, sale: Sale | None, has_happened: bool, *, at: datetime) -> dict[str, object]:
    """Each sale is a unit of work of its own: what is booked stays booked when the next cannot be."""
    if sale is None:
        found = UNREADABLE
    else:
        with scope.unit_of_work() as work:
            found = till_intake.take_in(work, scope.actor(), shift_id, sale, has_happened=has_happened, at=at)
    return {"token": token, "keadaan": found.state, "nomor": found.label, "total": found.total_rp,
            "pesanan": found.order_id, "kode": found.code, "alasan": found.reason}  # fmt: skip


SCREENS = (TillDesk,)
