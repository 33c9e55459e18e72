"""Stock: what runs low, a variant's card, goods that come in, pieces lost or found."""

import re

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs, storable
from admin_panel.forms import rupiah_of
from admin_panel.views.mart.forms import PAID_FROM, AdjustForm, ReceiptForm, new_token
from core.errors import InvalidValue
from models.mart.products import ProductVariant, StockMovement
from services.ledger.chart import Role
from services.mart import desk, products, stock, stores

FEWEST_LINES, MOST_LINES = 6, 200
_PARTS = ("goods", "pieces", "cost")


class StockDesk(Screen):
    """Stok: menipis, kartu, penyesuaian."""

    route_base = "/kopmin/stok"

    @expose("/")
    @needs("mart.view")
    def index(self) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        shops = {store.id: store for store in stores.mine(session, who)}
        tools = [Tool("Stok opname", url_for("CountDesk.index"), "mart.stock"),
                 Tool("Barang masuk", url_for("ArrivalDesk.receive"), "mart.stock", main=True)]  # fmt: skip
        return self.page("stock.html", title="Stok menipis", rows=desk.low(session, who), shops=shops, tools=tools)

    @expose("/kartu/<row:variant_id>")
    @needs("mart.view")
    def card(self, variant_id: int) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        one = products.variant(session, who, variant_id)
        rows = _with_balance(stock.movements(session, who, variant_id))
        tools = [Tool("Sesuaikan", url_for("StockDesk.adjust", variant_id=variant_id), "mart.stock")]
        return self.page("stock_card.html", title=one.label, one=one, rows=rows, kinds=stock.KINDS, tools=tools)

    @expose("/kartu/<row:variant_id>/sesuaikan", methods=["GET", "POST"])
    @needs("mart.stock")
    def adjust(self, variant_id: int) -> ResponseReturnValue:
        one = products.variant(scope.session(), scope.actor(), variant_id)
        form = AdjustForm(booked_on=scope.today(), token=new_token())
        back = url_for("StockDesk.card", variant_id=variant_id)
        if form.validate_on_submit():
            with self.posting(form):
                _adjusted(variant_id, form)
                flash(f"Stok {one.label} disesuaikan.", "success")
                return redirect(back)
        facts = [("Barang", one.label), ("Di rak", one.on_hand), ("Dipesan", one.reserved)]
        return self.page("form.html", title="Sesuaikan stok", form=form, back=back, facts=facts)


class ArrivalDesk(Screen):
    """Barang masuk."""

    route_base = "/kopmin/stok"

    @expose("/masuk", methods=["GET", "POST"])
    @needs("mart.stock")
    def receive(self) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        form, lines = ReceiptForm(booked_on=scope.today(), token=new_token()), typed_lines()
        goods = [one for one in desk.variants(session, who) if one.is_active]
        if not request.form.get("more") and form.validate_on_submit():
            with self.posting(form):
                _received(form, lines, goods)
                flash("Barang masuk dibukukan dan stoknya bertambah.", "success")
                return redirect(url_for("GoodsView.list"))
        shops = {store.id: store.name for store in stores.mine(session, who)}
        return self.page("stock_receive.html", title="Barang masuk", form=form, lines=lines, goods=goods, shops=shops)


def _with_balance(rows: list[StockMovement]) -> list[tuple[StockMovement, int, int]]:
    """Each movement with pieces and value after it, the newest first."""
    pieces = value_rp = 0
    found = []
    for row in rows:
        pieces, value_rp = pieces + row.quantity, value_rp + row.value_rp
        found.append((row, pieces, value_rp))
    return found[::-1]


def _adjusted(variant_id: int, form: AdjustForm) -> None:
    pieces = form.pieces.data if form.way.data == "in" else -form.pieces.data
    stock.adjust(
        scope.session(), scope.actor(), variant_id=variant_id, quantity=pieces, booked_on=form.booked_on.data,
        reason=form.reason.data, token=form.token.data or new_token(),
    )  # fmt: skip


def typed_lines() -> list[dict[str, str]]:
    """The lines of a receipt as typed, always with some to spare."""
    numbers = {int(found[1]) for key in request.form if (found := re.fullmatch(r"lines-(\d{1,3})-\w+", key))}
    rows = [{part: storable(request.form.get(f"lines-{n}-{part}", "")).strip()[:200] for part in _PARTS}
            for n in sorted(numbers)[:MOST_LINES]]  # fmt: skip
    spare = 4 if request.form.get("more") else max(0, FEWEST_LINES - len(rows))
    return rows + [dict.fromkeys(_PARTS, "") for _ in range(spare)]


def _received(form: ReceiptForm, lines: list[dict[str, str]], goods: list[ProductVariant]) -> None:
    chosen = items_of(lines, goods)
    shops = {one.product.store_id for one, _ in chosen}
    if len(shops) != 1:
        raise InvalidValue(field="Barang", reason="isi paling sedikit satu barang, semuanya dari toko yang sama.")
    paid_from = Role(form.paid_from.data) if form.paid_from.data in PAID_FROM and form.paid_from.data else None
    stock.receive(
        scope.session(), scope.actor(), store_id=shops.pop(), items=[item for _, item in chosen],
        booked_on=form.booked_on.data, paid_from=paid_from, memo=form.memo.data or "",
        token=form.token.data or new_token(),
    )  # fmt: skip


def items_of(lines: list[dict[str, str]], goods: list[ProductVariant]) -> list[tuple[ProductVariant, stock.Item]]:
    """Lines with something in them, understood. Raises InvalidValue naming the line."""
    by_word: dict[str, ProductVariant] = {}
    for one in goods:
        for word in (one.sku, one.barcode or "", label_of(one)):
            by_word.setdefault(word.casefold(), one)
    found = []
    for number, line in enumerate(lines, start=1):
        if not any(line.values()):
            continue
        meant = by_word.get(line["goods"].casefold()) if line["goods"] else None
        if meant is None:
            raise InvalidValue(field=f"Baris {number}", reason=f"barang '{line['goods'][:40]}' tidak ada di daftar.")
        found.append((meant, stock.Item(meant.id, _whole(line["pieces"], number), _cost(line["cost"], number))))
    return found


def label_of(one: ProductVariant) -> str:
    """How a variant is written in the list to choose from."""
    return f"{one.sku} {one.label}"


def _whole(text: str, number: int) -> int:
    plain = text.replace(".", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) < 9):
        raise InvalidValue(field=f"Baris {number}", reason="banyaknya harus angka bulat di atas nol.")
    return int(plain)


def _cost(text: str, number: int) -> int:
    try:
        return rupiah_of(text) if text else 0
    except ValueError as reason:
        raise InvalidValue(field=f"Baris {number}", reason=str(reason)) from None


SCREENS = (StockDesk, ArrivalDesk)
