"""Permintaan pengadaan: what is needed, quotations side by side, one of them chosen."""

import secrets
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Pick, Screen, TenantModelView, Tool, needs
from admin_panel.datamodel import TenantInterface
from admin_panel.forms import ReasonForm
from admin_panel.shown import day
from admin_panel.views.procurement import papers
from admin_panel.views.procurement.forms import (
    AskForm,
    ChooseForm,
    PurchasePaperForm,
    QuoteForm,
    label_of,
    money_of,
    needs_of,
    typed,
    typed_needs,
    whole_of,
)
from admin_panel.views.procurement.shown import REQUEST_STATES, FilterSeen, place_of, request_tag
from core.errors import NotFound
from models.mart.stores import Store
from models.procurement import PurchaseRequest, Quotation
from services.procurement import documents, orders, queries, quotations
from services.procurement import requests as asking
from services.procurement.states import LIVE


class PurchaseRequestView(TenantModelView):
    """Permintaan pengadaan."""

    datamodel = TenantInterface(PurchaseRequest)
    route_base = "/kopmin/permintaan-pengadaan"
    read = "procurement.view"
    base_filters = [["id", FilterSeen, ""]]
    list_title = "Permintaan pengadaan"
    show_template = "kopmin/procurement_request.html"
    seek, seek_label = ("title",), "keperluan"
    picks = (
        Pick("keadaan", "Keadaan", "state", lambda: list(REQUEST_STATES.items())),
        Pick("dari", "Dari", "asked_on", kind="date_from"),
        Pick("sampai", "Sampai", "asked_on", kind="date_to"),
    )
    list_columns = ["title", "label", "unit.name", "asked_on", "needed_on", "state"]
    show_columns = ["title", "label"]
    order_columns = ["title", "asked_on", "needed_on"]
    base_order = ("id", "desc")
    label_columns = {
        "title": "Keperluan", "label": "Nomor", "unit.name": "Unit", "asked_on": "Diminta", "needed_on": "Diperlukan",
        "state": "Keadaan",
    }  # fmt: skip
    formatters_columns = {"asked_on": day, "needed_on": day, "state": request_tag}
    empty_text = "Belum ada permintaan. Tulis dulu apa yang diperlukan, lalu catat penawaran pemasok."

    def tools(self) -> list[Tool]:
        new = Tool("Buat permintaan", url_for("PurchaseRequestDesk.ask"), "procurement.request", main=True)
        return [new, self.export_tool()]

    def show_heading(self, item: PurchaseRequest) -> str:
        return item.title

    def show_tools(self, item: PurchaseRequest) -> list[Tool]:
        at: dict[str, Any] = {"purchase_request_id": item.id}
        paper = Tool("Tambah dokumen", url_for("PurchaseRequestDesk.paper", **at), "procurement.request")
        if item.state != "open":
            return [paper]
        quote = url_for("PurchaseRequestDesk.quote", **at)
        return [paper, Tool("Catat penawaran", quote, "procurement.request", main=True)]

    def show_extra(self, item: PurchaseRequest) -> dict[str, Any]:
        session, who = scope.session(), scope.actor()
        made = queries.orders_of(session, item.id)
        return {
            "state": request_tag(item.state), "place": place_of(item), "orders": made,
            "compared": quotations.compare(session, who, item.id, scope.today()),
            "papers": documents.of(session, item), "kinds": documents.KINDS,
            "can_cancel": item.state == "open" and not any(one.state in LIVE for one in made),
        }  # fmt: skip


class PurchaseRequestDesk(Screen):
    """Meminta, mencatat penawaran, memilih."""

    route_base = "/kopmin/permintaan-pengadaan"

    @expose("/buat", methods=["GET", "POST"])
    @needs("procurement.request")
    def ask(self) -> ResponseReturnValue:
        places, chosen = _places(), (request.form.get("untuk") or request.args.get("untuk", ""))[:30]
        if len(places) == 1:
            chosen = places[0][0]
        if chosen not in dict(places):
            return self.page("procurement_place.html", title="Buat permintaan", places=places)
        goods = queries.goods_of(scope.session(), int(chosen[5:])) if chosen.startswith("toko-") else []
        form, rows = AskForm(asked_on=scope.today(), token=secrets.token_urlsafe(12)), typed_needs()
        if not request.form.get("more") and form.validate_on_submit():
            with self.posting(form):
                asked = asking.ask(scope.session(), scope.actor(), _wish(form, chosen, needs_of(rows, goods)))
                return redirect(_shown(asked.id))
        shown = {"rows": rows, "goods": [label_of(one) for one in goods], "place": dict(places)[chosen]}
        return self.page("procurement_ask.html", title="Buat permintaan", form=form, chosen=chosen, **shown)

    @expose("/<row:purchase_request_id>/penawaran", methods=["GET", "POST"])
    @needs("procurement.request")
    def quote(self, purchase_request_id: int) -> ResponseReturnValue:
        asked = queries.request(scope.session(), scope.actor(), purchase_request_id)
        form = QuoteForm(quoted_on=scope.today(), token=secrets.token_urlsafe(12))
        form.supplier_id.choices = [(one.id, one.name) for one in queries.suppliers(scope.session(), scope.actor())]
        if form.validate_on_submit():
            with self.posting(form):
                quotations.add(scope.session(), scope.actor(), _quoted(form, asked))
                flash("Penawaran tercatat. Bandingkan dengan yang lain di bawah.", "success")
                return redirect(_shown(asked.id))
        return self.page("procurement_quote.html", title="Catat penawaran", form=form, asked=asked)

    @expose("/penawaran/<row:quotation_id>/hapus", methods=["GET", "POST"])
    @needs("procurement.request")
    def unquote(self, quotation_id: int) -> ResponseReturnValue:
        quotation = _quotation(quotation_id)
        back = _shown(quotation.request_id)
        if request.method == "POST":
            with self.posting():
                quotations.remove(scope.session(), scope.actor(), quotation_id)
            return redirect(back)
        question = f"Hapus penawaran {quotation.supplier.name}? Pakai ini hanya bila salah catat."
        return self.page(
            "sure.html", title="Hapus penawaran", question=question, yes="Ya, hapus", back=back, danger=True
        )

    @expose("/penawaran/<row:quotation_id>/pilih", methods=["GET", "POST"])
    @needs("procurement.order")
    def choose(self, quotation_id: int) -> ResponseReturnValue:
        quotation = _quotation(quotation_id)
        form = ChooseForm(ordered_on=scope.today(), deliver_to=_address(quotation), token=secrets.token_urlsafe(12))
        compared = quotations.compare(scope.session(), scope.actor(), quotation.request_id, scope.today())
        if form.validate_on_submit():
            with self.posting(form):
                made = orders.choose(scope.session(), scope.actor(), _chosen(form, quotation_id, compared))
                flash(f"Pesanan {made.label} menunggu persetujuan pengurus lain.", "success")
                return redirect(url_for("PurchaseOrderView.show", pk=made.id))
        offer = compared.offer(quotation_id)
        shown = {"offer": offer, "lines": [one for one in compared.lines if one.id in offer.prices]}
        shown |= {"must_say": compared.needs_reason(offer), "accounts": queries.targets(scope.session(), scope.actor())}
        return self.page("procurement_choose.html", title="Pesan", form=form, quotation=quotation, **shown)

    @expose("/<row:purchase_request_id>/batalkan", methods=["GET", "POST"])
    @needs("procurement.request")
    def cancel(self, purchase_request_id: int) -> ResponseReturnValue:
        asked, form = queries.request(scope.session(), scope.actor(), purchase_request_id), ReasonForm()
        if form.validate_on_submit():
            with self.posting(form):
                asking.cancel(scope.session(), scope.actor(), asked.id, reason=form.reason.data)
                flash(f"Permintaan {asked.label} dibatalkan.", "success")
                return redirect(_shown(asked.id))
        facts = [("Permintaan", asked.label), ("Keperluan", asked.title)]
        back, yes = _shown(asked.id), "Batalkan permintaan"
        return self.page("form.html", title="Batalkan permintaan", form=form, facts=facts, back=back, yes=yes)

    @expose("/<row:purchase_request_id>/dokumen", methods=["GET", "POST"])
    @needs("procurement.request")
    def paper(self, purchase_request_id: int) -> ResponseReturnValue:
        asked, form = queries.request(scope.session(), scope.actor(), purchase_request_id), PurchasePaperForm()
        if form.validate_on_submit():
            with self.posting(form):
                papers.hand_in(asked, form)
                return redirect(_shown(asked.id))
        back = _shown(asked.id)
        return self.page("form.html", title="Tambah dokumen", form=form, has_file=True, back=back, lead=asked.label)


def _shown(request_id: int) -> str:
    return url_for("PurchaseRequestView.show", pk=request_id)


def _quotation(quotation_id: int) -> Quotation:
    """A quotation of a request the signed-in person may see. Raises NotFound."""
    quotation = scope.session().get(Quotation, quotation_id)
    if quotation is None:
        raise NotFound(what="Penawaran")
    queries.request(scope.session(), scope.actor(), quotation.request_id)
    return quotation


def _places() -> list[tuple[str, str]]:
    """The shops and units something can be asked for; a unit with a shop is named by its shop."""
    session, who = scope.session(), scope.actor()
    shops = queries.stores_of(session, who)
    taken = {shop.unit_id for shop in shops}
    units = [(f"unit-{one.id}", one.name) for one in queries.units_of(session, who) if one.id not in taken]
    return [*((f"toko-{shop.id}", shop.name) for shop in shops), *units]


def _wish(form: AskForm, chosen: str, wanted: list[asking.Need]) -> asking.Wish:
    kind, _, place_id = chosen.partition("-")
    place: dict[str, Any] = {"store_id" if kind == "toko" else "unit_id": int(place_id)}
    return asking.Wish(
        form.title.data, wanted, form.asked_on.data, form.token.data or "", needed_on=form.needed_on.data,
        note=form.note.data or "", **place,
    )  # fmt: skip


def _quoted(form: QuoteForm, asked: PurchaseRequest) -> quotations.Quote:
    prices = {line.id: money_of(typed(f"price-{line.id}"), line.name) for line in asked.lines}
    return quotations.Quote(
        asked.id, form.supplier_id.data, {key: price for key, price in prices.items() if price}, form.quoted_on.data,
        form.token.data or "", form.valid_until.data, form.reference.data or "", form.terms.data or "",
    )  # fmt: skip


def _chosen(form: ChooseForm, quotation_id: int, compared: quotations.Comparison) -> orders.Choice:
    accounts = {line.id: whole_of(typed(f"account-{line.id}"), line.name) for line in compared.lines}
    return orders.Choice(
        quotation_id, form.ordered_on.data, form.token.data or "", accounts, form.reason.data or "",
        form.due_on.data, form.deliver_to.data or "",
    )  # fmt: skip


def _address(quotation: Quotation) -> str:
    """Where the shop is, or the cooperative."""
    store_id = quotation.request.store_id
    place = scope.session().get_one(Store, store_id) if store_id else scope.coop()
    return ", ".join(part for part in (place.address, place.city) if part)[:200]


SCREENS = (PurchaseRequestView, PurchaseRequestDesk)
