"""Shifts of the till: opened and closed with counted cash, their sales, receipts, goods back, sales that wait."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired, Length

from admin_panel import scope
from admin_panel.base import Screen, needs, storable
from admin_panel.forms import KopForm, ReasonForm, RupiahField, short_text
from admin_panel.views.mart.forms import new_token
from core.clock import now
from core.display import rupiah
from core.errors import InvalidValue, NotFound
from models.mart.orders import Order
from services.mart import fulfilment, shifts, stores, till, till_intake, till_returns


class OpenForm(KopForm):
    store_id = SelectField("Toko", coerce=int)
    opening_rp = RupiahField("Modal kas di laci", validators=[InputRequired()])


class CloseForm(KopForm):
    counted_rp = RupiahField("Uang di laci sekarang", validators=[InputRequired()])
    note = short_text("Catatan bila berbeda", 200)


class BackForm(KopForm):
    reason = short_text("Alasan", 200, InputRequired())
    token = HiddenField(validators=[Length(max=60)])


class ShiftDesk(Screen):
    """Giliran kasir."""

    route_base = "/kopmin/kasir"

    @expose("/", methods=["GET", "POST"])
    @needs("mart.till")
    def index(self) -> ResponseReturnValue:
        session, who, form = scope.session(), scope.actor(), OpenForm(opening_rp=0)
        form.store_id.choices = [(store.id, store.name) for store in stores.mine(session, who)]
        if form.validate_on_submit():
            with self.posting(form):
                chosen = {"store_id": form.store_id.data, "opening_rp": form.opening_rp.data or 0}
                shift = shifts.open_shift(session, who, **chosen, on=scope.today(), at=now())
                return redirect(url_for("TillDesk.sell", shift_id=shift.id))
        rows = [(shift, shifts.cashier(session, shift)) for shift in shifts.lately(session, who)]
        waiting = len(till_intake.waiting(session, who))
        return self.page("till_shifts.html", title="Kasir", form=form, rows=rows, waiting=waiting)

    @expose("/<row:shift_id>/tutup", methods=["GET", "POST"])
    @needs("mart.till")
    def close(self, shift_id: int) -> ResponseReturnValue:
        session, who, form = scope.session(), scope.actor(), CloseForm()
        shift = shifts.get(session, who, shift_id)
        if form.validate_on_submit():
            with self.posting(form):
                counted_rp = form.counted_rp.data or 0
                shifts.close(session, who, shift_id, counted_rp, note=form.note.data or "", at=now())
                flash("Giliran ditutup. Setorkan uangnya sesuai kebiasaan toko.", "success")
                return redirect(url_for("ShiftDesk.close", shift_id=shift_id))
        shown = {"summary": shifts.summary(session, shift), "cashier": shifts.cashier(session, shift)}
        title = "Tutup giliran" if shift.state == "open" else "Giliran yang sudah ditutup"
        return self.page("till_close.html", title=title, form=form, shift=shift, ways=till.WAYS, **shown)

    @expose("/<row:shift_id>/penjualan")
    @needs("mart.till")
    def sales(self, shift_id: int) -> ResponseReturnValue:
        shift = shifts.get(scope.session(), scope.actor(), shift_id)
        rows = till.sales_of(scope.session(), shift)
        return self.page("till_sales.html", title="Penjualan giliran ini", shift=shift, rows=rows, ways=till.WAYS)

    @expose("/<row:shift_id>/retur/<row:order_id>", methods=["GET", "POST"])
    @needs("mart.till")
    def give_back(self, shift_id: int, order_id: int) -> ResponseReturnValue:
        order, form = _order(order_id), BackForm(token=new_token())
        back = url_for("ShiftDesk.sales", shift_id=shift_id)
        if form.validate_on_submit():
            with self.posting(form):
                said = {"reason": form.reason.data, "token": form.token.data or new_token(), "at": now()}
                pieces = _pieces(order)
                gone = till_returns.give_back(scope.session(), scope.actor(), shift_id, order_id, pieces, **said)
                flash(f"Barang {order.label} kembali, {rupiah(gone.amount_rp)} diberikan kepada pembeli.", "success")
                return redirect(back)
        return self.page("till_back.html", title=f"Barang kembali {order.label}", form=form, order=order, back=back)

    @expose("/struk/<row:order_id>")
    @needs("mart.till")
    def receipt(self, order_id: int) -> ResponseReturnValue:
        order = _order(order_id)
        width = "80" if request.args.get("lebar") == "80" else "58"
        paid = till.paid_with(scope.session(), order)
        shown = {"order": order, "width": width, "paid": paid, "coop": scope.coop(), "ways": till.WAYS}
        return self.page("till_strip.html", title=f"Struk {order.label}", **shown)

    @expose("/menunggu")
    @needs("mart.till")
    def waiting(self) -> ResponseReturnValue:
        rows = till_intake.waiting(scope.session(), scope.actor())
        shown = [(row, till_intake.button(row), shifts.cashier(scope.session(), row.shift)) for row in rows]
        return self.page("till_waiting.html", title="Penjualan yang menunggu", rows=shown, ways=till.WAYS)

    @expose("/menunggu/<row:conflict_id>/coba", methods=["POST"])
    @needs("mart.till")
    def settle(self, conflict_id: int) -> ResponseReturnValue:
        with self.posting():
            kept = till_intake.settle(scope.session(), scope.actor(), conflict_id, at=now())
            is_done = kept.state == "done"
            flash("Penjualan dibukukan." if is_done else kept.reason, "success" if is_done else "danger")
        return redirect(url_for("ShiftDesk.waiting"))

    @expose("/menunggu/<row:conflict_id>/hapus", methods=["GET", "POST"])
    @needs("mart.sell")
    def drop(self, conflict_id: int) -> ResponseReturnValue:
        kept, form = till_intake.get(scope.session(), scope.actor(), conflict_id), ReasonForm()
        back = url_for("ShiftDesk.waiting")
        if form.validate_on_submit():
            with self.posting(form):
                till_intake.drop(scope.session(), scope.actor(), conflict_id, reason=form.reason.data, at=now())
                flash("Penjualan itu tidak dibukukan.", "success")
                return redirect(back)
        facts = [("Jumlah", rupiah(kept.amount_rp)), ("Sebabnya menunggu", kept.reason)]
        said: dict[str, Any] = {"yes": "Jangan bukukan", "lead": "Hanya bila sudah dicatat dengan cara lain."}
        return self.page("form.html", title="Jangan bukukan penjualan", form=form, back=back, facts=facts, **said)


def _order(order_id: int) -> Order:
    """A counter sale of a shop the person works in."""
    order = fulfilment.get(scope.session(), scope.actor(), order_id)
    stores.must_keep(scope.session(), scope.actor(), order.store_id)
    if order.channel != "till":
        raise NotFound(what="Penjualan")
    return order


def _pieces(order: Order) -> dict[int, int]:
    """Line -> pieces that come back, of the fields filled in. Raises InvalidValue."""
    found = {}
    for line in order.lines:
        text = storable(request.form.get(f"b-{line.id}", "")).strip() or "0"
        if not (text.isascii() and text.isdigit() and len(text) < 6):
            raise InvalidValue(field=line.name, reason="isi angka bulat, 0 bila tidak kembali.")
        found[line.id] = int(text)
    return found


SCREENS = (ShiftDesk,)
