"""Vouchers, partner cooperatives, and members' points."""

from datetime import datetime, time, timedelta
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs, storable
from admin_panel.shown import tag
from admin_panel.views.mart.promo_forms import PartnerForm, VoucherForm, off_text, terms_of, voucher_form, window
from core.display import rupiah
from models.mart.campaigns import Voucher
from services.mart import partners, points, stores, vouchers
from services.members import commands as members
from services.settings import dated

TONES = {"running": "good", "coming": "info", "used_up": "warn", "stopped": "warn"}


def phase_tag(voucher: Voucher) -> Any:
    word = vouchers.phase(voucher)
    return tag(vouchers.PHASES[word], TONES.get(word, ""))


def worth(voucher: Voucher) -> str:
    """`Rp 10.000`, or `20% paling banyak Rp 50.000`."""
    if voucher.off_rp is not None:
        return rupiah(voucher.off_rp)
    most = f" paling banyak {rupiah(voucher.most_rp)}" if voucher.most_rp else ""
    return f"{off_text(voucher.off_pct, None)}{most}"


class VoucherDesk(Screen):
    """Voucher."""

    route_base = "/kopmin/voucher"

    @expose("/")
    @needs("mart.view")
    def index(self) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        names = {store.id: store.name for store in stores.mine(session, who)}
        tools = [Tool("Buat voucher", url_for("VoucherDesk.add"), "mart.goods", main=True)]
        return self.page("vouchers.html", title="Voucher", rows=vouchers.listed(session, who), names=names, tools=tools,
                         worth=worth, tag=phase_tag, audiences=vouchers.AUDIENCES, window=window,
                         may=lambda one: vouchers.may_change(who, one))  # fmt: skip

    @expose("/buat", methods=["GET", "POST"])
    @needs("mart.goods")
    def add(self) -> ResponseReturnValue:
        begins = datetime.combine(scope.today(), time())
        usual = {"starts": begins, "ends": begins + timedelta(days=30), "per_buyer": 1}
        form = _with_shops(VoucherForm(**usual, code=vouchers.made_up(scope.session(), scope.actor())))
        if form.validate_on_submit():
            with self.posting(form):
                made = vouchers.save(scope.session(), scope.actor(), terms_of(form))
                flash(f"Voucher {made.code} tersimpan.", "success")
                return redirect(url_for("VoucherDesk.index"))
        return self.page("form.html", title="Buat voucher", form=form, back=url_for("VoucherDesk.index"))

    @expose("/<row:voucher_id>", methods=["GET", "POST"])
    @needs("mart.goods")
    def edit(self, voucher_id: int) -> ResponseReturnValue:
        voucher = vouchers.get(scope.session(), scope.actor(), voucher_id)
        form, back = _with_shops(voucher_form(voucher)), url_for("VoucherDesk.index")
        if form.validate_on_submit():
            with self.posting(form):
                vouchers.save(scope.session(), scope.actor(), terms_of(form), voucher_id=voucher_id)
                flash(f"Voucher {voucher.code} tersimpan.", "success")
                return redirect(back)
        facts = [("Sudah dipakai", f"{voucher.used} kali")]
        return self.page("form.html", title=f"Voucher {voucher.code}", form=form, back=back, facts=facts)


def _with_shops(form: VoucherForm) -> VoucherForm:
    who = scope.actor()
    everywhere = [(0, "Semua toko")] if who.may("mart.every_store") else []
    form.store_id.choices = everywhere + [(store.id, store.name) for store in stores.mine(scope.session(), who)]
    return form


class PartnerDesk(Screen):
    """Koperasi mitra."""

    route_base = "/kopmin/koperasi-mitra"

    @expose("/", methods=["GET", "POST"])
    @needs("mart.stores")
    def index(self) -> ResponseReturnValue:
        session, who, form = scope.session(), scope.actor(), PartnerForm()
        if form.validate_on_submit():
            with self.posting(form):
                partners.add(session, who, form.slug.data or "")
                flash("Koperasi mitra tersimpan.", "success")
                return redirect(url_for("PartnerDesk.index"))
        return self.page("partners.html", title="Koperasi mitra", form=form, rows=partners.listed(session, who))

    @expose("/<row:partner_row_id>/akhiri", methods=["POST"])
    @needs("mart.stores")
    def remove(self, partner_row_id: int) -> ResponseReturnValue:
        with self.posting():
            partners.remove(scope.session(), scope.actor(), partner_row_id)
            flash("Kemitraan diakhiri. Voucher mitra tidak berlaku lagi untuk anggotanya.", "success")
        return redirect(url_for("PartnerDesk.index"))


class PointDesk(Screen):
    """Poin anggota."""

    route_base = "/kopmin/poin"

    @expose("/")
    @needs("mart.view")
    def index(self) -> ResponseReturnValue:
        session, who, today = scope.session(), scope.actor(), scope.today()
        text = storable(request.args.get("cari", "")[:60])
        rule = [dated.whole(session, who.coop_id, name, today) for name in ("mart.point_every_rp", "mart.point_rp")]
        rows = points.holders(session, who, text)
        tools = [Tool("Ubah aturan poin", url_for("SettingDesk.index"), "coop.settings")]
        return self.page("points.html", title="Poin anggota", rows=rows, sought=text, tools=tools, every_rp=rule[0],
                         worth_rp=rule[1], total_rp=sum(one.value_rp for one in rows))  # fmt: skip

    @expose("/<row:member_id>")
    @needs("mart.view")
    def show(self, member_id: int) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        member = members.get(session, who, member_id)
        held, value_rp = points.held(session, member.id)
        rows = points.history(session, who, member.id)[:200]
        return self.page("points_member.html", title=f"Poin {member.name}", member=member, rows=rows, points=held,
                         value_rp=value_rp, kinds=points.KINDS)  # fmt: skip


SCREENS = (VoucherDesk, PartnerDesk, PointDesk)
