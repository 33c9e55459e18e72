"""What the platform offers: plans and discount codes."""

from datetime import timedelta

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs
from admin_panel.views.subscriptions.forms import DiscountForm, PlanForm
from core import clock
from models.subscriptions import Plan
from services.access.limits import NAMES
from services.subscriptions import discounts, plans


class PlanDesk(Screen):
    """Paket."""

    route_base = "/platform/paket"

    @expose("/")
    @needs("platform.manage")
    def index(self) -> ResponseReturnValue:
        rows = plans.everything(scope.session(), scope.actor())
        return self.page("plans.html", title="Paket", rows=rows, limits=NAMES)

    @expose("/<row:plan_id>", methods=["GET", "POST"])
    @needs("platform.manage")
    def edit(self, plan_id: int) -> ResponseReturnValue:
        plan, back = plans.get(scope.session(), scope.actor(), plan_id), url_for(".index")
        form = _plan_form(plan)
        if form.validate_on_submit():
            with self.posting(form):
                _saved(plan_id, form)
                flash(f"Paket {plan.name} tersimpan.", "success")
                return redirect(back)
        lead = "Harga baru berlaku untuk tagihan berikutnya; tagihan yang sudah dibuat tetap."
        return self.page("form.html", title=f"Paket {plan.name}", form=form, back=back, lead=lead)


def _plan_form(plan: Plan) -> PlanForm:
    return PlanForm(
        name=plan.name, pitch=plan.pitch, monthly_rp=plan.monthly_rp, yearly_rp=plan.yearly_rp,
        features="\n".join(plan.features), is_offered=plan.is_offered,
        **{what: plan.limits.get(what) for what in NAMES},
    )  # fmt: skip


def _saved(plan_id: int, form: PlanForm) -> None:
    plans.save(
        scope.session(), scope.actor(), plan_id, name=form.name.data or "", pitch=form.pitch.data or "",
        monthly_rp=form.monthly_rp.data or 0, yearly_rp=form.yearly_rp.data or 0,
        limits={what: form[what].data for what in NAMES},
        features=(form.features.data or "").splitlines(), is_offered=form.is_offered.data,
    )  # fmt: skip


class DiscountDesk(Screen):
    """Kode diskon."""

    route_base = "/platform/diskon"

    @expose("/")
    @needs("platform.manage")
    def index(self) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        names = {plan.id: plan.name for plan in plans.everything(session, who)}
        tools = [Tool("Buat kode", url_for(".add"), "platform.manage", main=True)]
        rows = discounts.everything(session, who)
        return self.page("discounts.html", title="Kode diskon", rows=rows, names=names, tools=tools)

    @expose("/buat", methods=["GET", "POST"])
    @needs("platform.manage")
    def add(self) -> ResponseReturnValue:
        on = clock.today()
        form = _with_plans(DiscountForm(starts_on=on, ends_on=on + timedelta(days=30), invoices=1))
        if form.validate_on_submit():
            with self.posting(form):
                made = discounts.save(scope.session(), scope.actor(), _terms(form))
                flash(f"Kode {made.code} tersimpan.", "success")
                return redirect(url_for(".index"))
        return self.page("form.html", title="Buat kode diskon", form=form, back=url_for(".index"))

    @expose("/<row:discount_id>", methods=["GET", "POST"])
    @needs("platform.manage")
    def edit(self, discount_id: int) -> ResponseReturnValue:
        discount = discounts.get(scope.session(), scope.actor(), discount_id)
        form, back = _with_plans(DiscountForm(obj=discount)), url_for(".index")
        if form.validate_on_submit():
            with self.posting(form):
                discounts.save(scope.session(), scope.actor(), _terms(form), discount_id)
                flash(f"Kode {discount.code} tersimpan.", "success")
                return redirect(back)
        facts = [("Sudah dipakai", f"{discount.used} koperasi")]
        return self.page("form.html", title=f"Kode {discount.code}", form=form, back=back, facts=facts)


def _with_plans(form: DiscountForm) -> DiscountForm:
    offered = plans.everything(scope.session(), scope.actor())
    form.plan_id.choices = [(0, "Semua paket")] + [(plan.id, plan.name) for plan in offered]
    form.plan_id.data = form.plan_id.data or 0
    return form


def _terms(form: DiscountForm) -> discounts.Terms:
    return discounts.Terms(
        form.code.data or "", form.percent.data, form.off_rp.data, form.starts_on.data, form.ends_on.data,
        form.invoices.data or 1, form.quota.data, form.plan_id.data or None,
    )  # fmt: skip


SCREENS = (PlanDesk, DiscountDesk)
