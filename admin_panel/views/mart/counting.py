"""Stok opname: a sheet to print, the counts typed in, what differs, booked once."""

import json

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from wtforms import HiddenField
from wtforms.validators import InputRequired, Length

from admin_panel import scope
from admin_panel.base import Screen, needs, seen, storable
from admin_panel.forms import DayField, KopForm
from admin_panel.views.mart.forms import new_token
from core.errors import InvalidValue, StateChanged
from models.mart.products import ProductVariant
from services.mart import counts, desk, stores
from services.mart.categories import CATEGORIES
from services.mart.counts import Count

MOST_ROWS = 400


class CountForm(KopForm):
    """`counted` carries what was typed from the first step to the second; `mark` what was shown of it."""

    booked_on = DayField("Tanggal opname", validators=[InputRequired()])
    token = HiddenField(validators=[Length(max=60)])
    counted = HiddenField(validators=[Length(max=20_000)])
    mark = HiddenField(validators=[Length(max=40)])


class CountDesk(Screen):
    """Stok opname."""

    route_base = "/kopmin/opname"

    @expose("/")
    @needs("mart.stock")
    def index(self) -> ResponseReturnValue:
        shops = stores.mine(scope.session(), scope.actor())
        if len(shops) == 1:
            return redirect(url_for("CountDesk.count", store_id=shops[0].id))
        return self.page("count_stores.html", title="Stok opname", shops=shops)

    @expose("/<row:store_id>/lembar")
    @needs("mart.stock")
    def sheet(self, store_id: int) -> ResponseReturnValue:
        store, rows = _rows(store_id)
        category = CATEGORIES.get(request.args.get("kategori", ""), "Semua barang")
        return self.page("count_sheet.html", title="Lembar hitung", store=store, rows=rows, category=category)

    @expose("/<row:store_id>", methods=["GET", "POST"])
    @needs("mart.stock")
    def count(self, store_id: int) -> ResponseReturnValue:
        (store, rows), form, shown = _rows(store_id), CountForm(booked_on=scope.today(), token=new_token()), None
        if form.validate_on_submit():
            with self.posting(form):
                shown = counts.preview(scope.session(), scope.actor(), store_id, _counted(form, rows))
                if request.form.get("act") == "bukukan":
                    return _booked(form, shown)
        if shown is not None:
            form.counted.data, form.mark.data = _packed(shown), seen(shown)
        chosen = request.args.get("kategori", "")
        return self.page("count.html", title="Stok opname", store=store, rows=rows[:MOST_ROWS], form=form, shown=shown,
                         more=max(0, len(rows) - MOST_ROWS), categories=CATEGORIES, chosen=chosen)  # fmt: skip


def _rows(store_id: int) -> tuple[object, list[ProductVariant]]:
    """The shop and what is counted there: of one category, if one is named."""
    store = stores.must_keep(scope.session(), scope.actor(), store_id)
    category = request.args.get("kategori", "")
    found = [one for one in desk.variants(scope.session(), scope.actor(), store_id) if one.is_active or one.on_hand]
    return store, [one for one in found if category not in CATEGORIES or one.product.category == category]


def _counted(form: CountForm, rows: list[ProductVariant]) -> dict[int, int]:
    """Variant -> pieces, of the rows that were filled in. Raises InvalidValue naming the goods."""
    if form.counted.data:
        return _unpacked(form.counted.data)
    found = {}
    for one in rows:
        text = storable(request.form.get(f"v-{one.id}", "")).strip().replace(".", "")
        if not text:
            continue
        if not (text.isascii() and text.isdigit() and len(text) < 9):
            raise InvalidValue(field=one.label, reason="isi angka bulat, 0 bila habis.")
        found[one.id] = int(text)
    if not found:
        raise InvalidValue(field="Hasil hitung", reason="isi paling sedikit satu barang.")
    return found


def _packed(shown: Count) -> str:
    return json.dumps([[row.variant_id, row.counted] for row in shown.rows], separators=(",", ":"))


def _unpacked(text: str) -> dict[int, int]:
    try:
        return {int(variant_id): int(pieces) for variant_id, pieces in json.loads(text)}
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise InvalidValue(field="Hasil hitung", reason="muat ulang halaman, lalu isi lagi.") from None


def _booked(form: CountForm, shown: Count) -> ResponseReturnValue:
    if form.mark.data != seen(shown):
        form.mark.data = ""
        raise StateChanged(what="Stok barang yang dihitung", state="berubah sejak ditampilkan")
    said = {"booked_on": form.booked_on.data, "token": form.token.data or new_token()}
    counts.book(scope.session(), scope.actor(), shown, **said)
    flash("Stok opname dibukukan. Stok di kartu sama dengan yang dihitung.", "success")
    return redirect(url_for("StockDesk.index"))


SCREENS = (CountDesk,)
