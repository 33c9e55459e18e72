"""Promos: the list, the planner with what each product would cost and bring, clearance of slow goods."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs, storable
from admin_panel.forms import KopForm
from admin_panel.shown import tag
from admin_panel.views.mart.promo_forms import (
    NewCampaignForm,
    campaign_form,
    off_text,
    places_typed,
    plan_of,
    window,
)
from core.errors import InvalidValue
from models.mart.campaigns import Campaign
from models.mart.products import Product
from services.mart import campaigns, promo_plans, stores
from services.mart.promo_plans import Preview

TONES = {"running": "good", "coming": "info", "stopped": "warn"}


def phase_tag(campaign: Campaign) -> Any:
    word = campaigns.phase(campaign)
    return tag(campaigns.PHASES[word], TONES.get(word, ""))


@dataclass(frozen=True)
class Line:
    """A product in the planner: what it costs and what its fields say."""

    shown: Preview
    off: str
    quota: str
    each: str


class CampaignDesk(Screen):
    """Promo."""

    route_base = "/kopmin/promo"

    @expose("/")
    @needs("mart.view")
    def index(self) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        listed = campaigns.listed(session, who)
        phases = {one.campaign.id: campaigns.phase(one.campaign) for one in listed}
        chosen = request.args.get("keadaan", "")
        rows = [one for one in listed if chosen not in campaigns.PHASES or phases[one.campaign.id] == chosen]
        tools = [Tool("Buat promo", url_for("CampaignDesk.add"), "mart.goods", main=True)]
        shops = stores.mine(session, who) if who.may("mart.goods") else []
        return self.page("promos.html", title="Promo", rows=rows, tools=tools, shops=shops, chosen=chosen,
                         phases=campaigns.PHASES, tag=phase_tag, any=bool(listed), window=window)  # fmt: skip

    @expose("/buat", methods=["GET", "POST"])
    @needs("mart.goods")
    def add(self) -> ResponseReturnValue:
        form = _new_form()
        if form.validate_on_submit():
            with self.posting(form):
                store_id = form.store_id.data
                made = campaigns.save(scope.session(), scope.actor(), store_id, plan_of(form))
                flash("Promo tersimpan. Pilih barang dan potongannya.", "success")
                return redirect(url_for("CampaignDesk.plan", campaign_id=made.id))
        return self.page("form.html", title="Buat promo", form=form, back=url_for("CampaignDesk.index"),
                         yes="Simpan, lalu pilih barang")  # fmt: skip

    @expose("/<row:campaign_id>/ubah", methods=["GET", "POST"])
    @needs("mart.goods")
    def edit(self, campaign_id: int) -> ResponseReturnValue:
        campaign = campaigns.get(scope.session(), scope.actor(), campaign_id)
        form, back = campaign_form(campaign), url_for("CampaignDesk.plan", campaign_id=campaign_id)
        if form.validate_on_submit():
            with self.posting(form):
                plan, store_id = plan_of(form), campaign.store_id
                campaigns.save(scope.session(), scope.actor(), store_id, plan, campaign_id=campaign_id)
                flash("Perubahan promo tersimpan.", "success")
                return redirect(back)
        return self.page("form.html", title=f"Ubah {campaign.name}", form=form, back=back)

    @expose("/<row:campaign_id>", methods=["GET"])
    @needs("mart.view")
    def plan(self, campaign_id: int) -> ResponseReturnValue:
        return self._planner(campaigns.get(scope.session(), scope.actor(), campaign_id), KopForm())

    @expose("/<row:campaign_id>", methods=["POST"])
    @needs("mart.goods")
    def put(self, campaign_id: int) -> ResponseReturnValue:
        session, who, form = scope.session(), scope.actor(), KopForm()
        campaign = campaigns.get(session, who, campaign_id)
        if request.form.get("act") == "hitung":
            return self._planner(campaign, form)
        with self.posting(form):
            typed = {key: storable(text) for key, text in request.form.items()}
            places = places_typed(typed, campaigns.items(session, who, campaign_id), _products(campaign))
            campaigns.set_places(session, who, campaign_id, places)
            flash(f"Rencana {campaign.name} tersimpan: {len(places)} barang.", "success")
            return redirect(url_for("CampaignDesk.plan", campaign_id=campaign_id))
        return self._planner(campaign, form)

    def _planner(self, campaign: Campaign, form: KopForm) -> ResponseReturnValue:
        lines = _lines(campaign, form)
        who = scope.actor()
        return self.page(
            "promo.html", title=campaign.name, campaign=campaign, form=form, lines=lines, tag=phase_tag(campaign),
            window=window(campaign),
            store=stores.get(scope.session(), who, campaign.store_id), kind=campaigns.KINDS[campaign.kind],
            may=who.may("mart.goods"), sought=request.args.get("cari", "")[:60], tools=_tools(campaign),
            phase=campaigns.phase(campaign), below=[one for one in lines if one.off and one.shown.is_below_cost],
        )  # fmt: skip

    @expose("/<row:campaign_id>/jalankan", methods=["POST"])
    @needs("mart.goods")
    def start(self, campaign_id: int) -> ResponseReturnValue:
        campaigns.get(scope.session(), scope.actor(), campaign_id)
        with self.posting():
            campaign = campaigns.start(scope.session(), scope.actor(), campaign_id)
            flash(f"{campaign.name} {campaigns.PHASES[campaigns.phase(campaign)].lower()}.", "success")
        return redirect(url_for("CampaignDesk.plan", campaign_id=campaign_id))

    @expose("/<row:campaign_id>/hentikan", methods=["POST"])
    @needs("mart.goods")
    def stop(self, campaign_id: int) -> ResponseReturnValue:
        campaigns.get(scope.session(), scope.actor(), campaign_id)
        with self.posting():
            campaign = campaigns.stop(scope.session(), scope.actor(), campaign_id)
            flash(f"{campaign.name} dihentikan. Pesanan yang sudah dibuat tetap memakai harganya.", "success")
        return redirect(url_for("CampaignDesk.plan", campaign_id=campaign_id))

    @expose("/cuci-gudang/<row:store_id>", methods=["POST"])
    @needs("mart.goods")
    def clear(self, store_id: int) -> ResponseReturnValue:
        stores.get(scope.session(), scope.actor(), store_id)
        with self.posting():
            made = promo_plans.clear_out(scope.session(), scope.actor(), store_id, on=scope.today())
            if made is not None:
                flash("Usulan cuci gudang siap. Periksa potongannya, lalu jalankan.", "success")
                return redirect(url_for("CampaignDesk.plan", campaign_id=made.id))
            days = promo_plans.SLOW_DAYS
            flash(f"Belum perlu cuci gudang: semua barang terjual atau baru datang dalam {days} hari terakhir.", "info")
        return redirect(url_for("CampaignDesk.index"))


def _new_form() -> NewCampaignForm:
    begins = datetime.combine(scope.today() + timedelta(days=1), time())
    form = NewCampaignForm(starts=begins, ends=begins + timedelta(days=7))
    form.store_id.choices = [(store.id, store.name) for store in stores.mine(scope.session(), scope.actor())]
    return form


def _tools(campaign: Campaign) -> list[Tool]:
    return [Tool("Ubah waktu dan nama", url_for("CampaignDesk.edit", campaign_id=campaign.id), "mart.goods")]


def _products(campaign: Campaign) -> list[Product]:
    """Those in the promo, and those sought for it."""
    session, who = scope.session(), scope.actor()
    held = promo_plans.held_products(session, who, campaign.id)
    if not who.may("mart.goods"):
        return held
    known = {product.id for product in held}
    text = storable(request.args.get("cari", "")[:60])
    sought = promo_plans.sought(session, who, campaign.store_id, text)
    return held + [one for one in sought if one.id not in known]


def _lines(campaign: Campaign, form: KopForm) -> list[Line]:
    """The planner's rows, with what was typed where something was."""
    session, who = scope.session(), scope.actor()
    items, products = campaigns.items(session, who, campaign.id), _products(campaign)
    typed: dict[str, str] = {key: storable(text) for key, text in request.form.items()}
    places = promo_plans.places_of(items)
    try:
        places = places_typed(typed, items, products) if typed else places
    except InvalidValue as refusal:
        if refusal.sentence not in form.form_errors:
            form.refused(refusal.sentence)
    by_product = {place.product_id: place for place in places}
    sold = {item.product_id: item.sold for item in items}
    found = promo_plans.shown(session, who, products, by_product, on=scope.today(), sold=sold)
    return [_line(one, typed) for one in found]


def _line(one: Preview, typed: dict[str, str]) -> Line:
    place, key = one.place, one.product.id
    off = off_text(place.off_pct, place.off_rp) if place else ""
    quota, each = (str(number or "") for number in ((place.quota, place.per_buyer) if place else (None, None)))
    return Line(
        one, typed.get(f"off-{key}", off), typed.get(f"quota-{key}", quota), typed.get(f"each-{key}", each)
    )  # fmt: skip


SCREENS = (CampaignDesk,)
