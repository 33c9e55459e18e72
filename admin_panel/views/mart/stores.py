"""Shops: the list, one shop with its managers, zones and bank account."""

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from sqlalchemy import select

from admin_panel import scope
from admin_panel.base import Screen, Tool, needs
from admin_panel.views.mart.forms import (
    BankForm,
    LeftoverForm,
    ManagersForm,
    OpenForm,
    shop_form,
    shop_of,
    zone_form,
    zone_of,
)
from core.display import percent_text, rupiah
from core.errors import NotFound
from models.coops import Unit
from models.mart.stores import ShippingZone, Store
from services.mart import desk, stock, store_bank, stores


class StoreDesk(Screen):
    """Toko."""

    route_base = "/kopmin/toko"

    @expose("/")
    @needs("mart.view")
    def index(self) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        low = {store.id: 0 for store in stores.mine(session, who)}
        for one in desk.low(session, who):
            low[one.product.store_id] += 1
        tools = [Tool("Buka toko", url_for("StoreDesk.open"), "mart.stores", main=True)]
        rows = [(store, low[store.id]) for store in stores.mine(session, who)]
        return self.page("stores.html", title="Toko", rows=rows, tools=tools)

    @expose("/buka", methods=["GET", "POST"])
    @needs("mart.stores")
    def open(self) -> ResponseReturnValue:
        form = OpenForm()
        form.unit_id.choices = _free_units()
        if form.validate_on_submit():
            with self.posting(form):
                chosen = {"unit_id": form.unit_id.data, "slug": form.slug.data}
                store = stores.open_store(scope.session(), scope.actor(), shop_of(form), **chosen)
                flash(f"{store.name} dibuka. Tentukan pengelolanya.", "success")
                return redirect(url_for("StoreDesk.managers", store_id=store.id))
        lead = "Satu unit usaha satu toko. Tambah unit di Pengaturan bila belum ada."
        return self.page("form.html", title="Buka toko", form=form, lead=lead, back=url_for("StoreDesk.index"))

    @expose("/<row:store_id>")
    @needs("mart.view")
    def show(self, store_id: int) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        store = stores.get(session, who, store_id)
        people, zones = stores.managers(session, who, store_id), stores.zones(session, who, store_id)
        return self.page("store.html", title=store.name, store=store, managers=people, zones=zones,
                         facts=_facts(store), tools=_tools(store))  # fmt: skip

    @expose("/<row:store_id>/ubah", methods=["GET", "POST"])
    @needs("mart.goods")
    def edit(self, store_id: int) -> ResponseReturnValue:
        store = stores.must_keep(scope.session(), scope.actor(), store_id)
        form, back = shop_form(store), url_for("StoreDesk.show", store_id=store_id)
        if form.validate_on_submit():
            with self.posting(form):
                stores.save(scope.session(), scope.actor(), store_id, shop_of(form, store))
                flash("Perubahan toko tersimpan.", "success")
                return redirect(back)
        return self.page("form.html", title=f"Ubah {store.name}", form=form, back=back)

    @expose("/<row:store_id>/pengelola", methods=["GET", "POST"])
    @needs("mart.stores")
    def managers(self, store_id: int) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        held = [user.id for user in stores.managers(session, who, store_id)]
        form, back = ManagersForm(user_ids=held), url_for("StoreDesk.show", store_id=store_id)
        form.user_ids.choices = [(user.id, user.full_name) for user in stores.keepers(session, who)]
        if form.validate_on_submit():
            with self.posting(form):
                stores.set_managers(session, who, store_id, form.user_ids.data or [])
                flash("Pengelola toko tersimpan.", "success")
                return redirect(back)
        lead = "Pengguna berperan pengelola toko. Beri peran itu di Pengguna dan peran bila namanya belum ada."
        return self.page("store_managers.html", title="Pengelola toko", form=form, back=back, lead=lead)

    @expose("/<row:store_id>/zona", methods=["GET", "POST"])
    @needs("mart.goods")
    def add_zone(self, store_id: int) -> ResponseReturnValue:
        stores.must_keep(scope.session(), scope.actor(), store_id)
        return self._zone(store_id, None)

    @expose("/<row:store_id>/zona/<row:zone_id>", methods=["GET", "POST"])
    @needs("mart.goods")
    def zone(self, store_id: int, zone_id: int) -> ResponseReturnValue:
        stores.must_keep(scope.session(), scope.actor(), store_id)
        found = [zone for zone in stores.zones(scope.session(), scope.actor(), store_id) if zone.id == zone_id]
        if not found:
            raise NotFound(what="Zona pengiriman")
        return self._zone(store_id, found[0])

    def _zone(self, store_id: int, zone: ShippingZone | None) -> ResponseReturnValue:
        form, back = zone_form(zone), url_for("StoreDesk.show", store_id=store_id)
        if form.validate_on_submit():
            with self.posting(form):
                kept = zone.id if zone else None
                stores.save_zone(scope.session(), scope.actor(), store_id, zone_of(form), zone_id=kept)
                flash(f"Zona {form.name.data} tersimpan.", "success")
                return redirect(back)
        title = f"Zona {zone.name}" if zone else "Tambah zona pengiriman"
        lead = "Tempat yang didatangi kurir toko sendiri, dengan ongkosnya."
        return self.page("form.html", title=title, form=form, back=back, lead=lead)

    @expose("/<row:store_id>/rekening", methods=["GET", "POST"])
    @needs("mart.goods")
    def bank(self, store_id: int) -> ResponseReturnValue:
        store = stores.must_keep(scope.session(), scope.actor(), store_id)
        form, back = (
            BankForm(bank=store.bank_name, holder=store.bank_holder),
            url_for("StoreDesk.show", store_id=store_id),
        )
        if form.validate_on_submit():
            with self.posting(form):
                said = {"bank": form.bank.data, "holder": form.holder.data, "account": form.account.data}
                store_bank.change_bank(scope.session(), scope.actor(), store_id, **said)
                flash("Rekening tersimpan. Pengelola dan bendahara mendapat kabar.", "success")
                return redirect(back)
        lead = f"Sekarang {store.bank_name} {store.bank_account_masked}." if store.bank_name else "Belum ada rekening."
        return self.page("form.html", title="Rekening toko", form=form, back=back, lead=lead)

    @expose("/<row:store_id>/sisa-stok-awal", methods=["GET", "POST"])
    @needs("mart.stock")
    def leftover(self, store_id: int) -> ResponseReturnValue:
        store = stores.must_keep(scope.session(), scope.actor(), store_id)
        form, back = LeftoverForm(booked_on=scope.today()), url_for("StoreDesk.show", store_id=store_id)
        if form.validate_on_submit():
            with self.posting(form):
                said = {"booked_on": form.booked_on.data, "reason": form.reason.data}
                stock.close_opening(scope.session(), scope.actor(), store_id=store_id, **said)
                flash("Sisa persediaan lama dibukukan sebagai selisih stok.", "success")
                return redirect(back)
        lead = "Setelah semua barang punya stok awal, sisanya dibukukan sebagai selisih stok. Tidak dapat diulang."
        facts = [("Persediaan di buku yang belum dirinci", rupiah(store.unopened_rp))]
        return self.page("form.html", title="Sisa stok awal", form=form, back=back, lead=lead, facts=facts,
                         yes="Bukukan selisih")  # fmt: skip


def _free_units() -> list[tuple[int, str]]:
    taken = select(Store.unit_id)
    query = select(Unit).where(Unit.id.not_in(taken)).order_by(Unit.is_default, Unit.code)
    return [(unit.id, unit.name) for unit in scope.session().scalars(query)]


def _facts(store: Store) -> list[tuple[str, Any]]:
    """A shop in words, what is empty left out."""
    pairs = [
        ("Alamat", ", ".join(part for part in (store.address, store.city) if part)),
        ("Telepon", store.phone),
        ("Pembeli", "Siapa saja" if store.sells_to_all else "Anggota saja"),
        ("Ambil di toko", "Boleh" if store.has_pickup else "Tidak"),
        ("Kurir ekspedisi", store.couriers.replace(":", ", ").upper()),
        ("Komisi koperasi", f"{percent_text(store.commission_pct)} %" if store.commission_pct else ""),
        ("Batas kasbon", rupiah(store.credit_limit_rp) if store.credit_limit_rp else ""),
        ("QRIS statis", "Ada" if store.qris else ""),
    ]
    return [(label, value) for label, value in pairs if value]


def _tools(store: Store) -> list[Tool]:
    return [
        Tool("Pengelola", url_for("StoreDesk.managers", store_id=store.id), "mart.stores"),
        Tool("Ubah toko", url_for("StoreDesk.edit", store_id=store.id), "mart.goods", main=True),
    ]


SCREENS = (StoreDesk,)
