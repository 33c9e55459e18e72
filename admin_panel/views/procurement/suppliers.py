"""Pemasok: whom the cooperative buys from."""

from dataclasses import fields
from typing import Any

from flask import url_for
from wtforms import BooleanField
from wtforms.validators import DataRequired, Optional

from admin_panel import scope
from admin_panel.base import TenantModelView, Tool
from admin_panel.datamodel import TenantInterface
from admin_panel.forms import short_text
from admin_panel.shown import tag
from models.procurement import Supplier
from services.procurement import suppliers
from services.procurement.suppliers import SupplierData

_NAMES = [field.name for field in fields(SupplierData)]
_PLAIN = {
    "contact": ("Nama kontak", 80), "phone": ("Telepon", 20), "email": ("Email", 120), "address": ("Alamat", 200),
    "npwp": ("NPWP", 30), "bank": ("Rekening bank", 120), "note": ("Catatan", 200),
}  # fmt: skip


class SupplierView(TenantModelView):
    """Pemasok."""

    datamodel = TenantInterface(Supplier)
    route_base = "/kopmin/pemasok"
    read, write = "procurement.view", "procurement.order"
    base_permissions = ["can_list", "can_show", "can_add", "can_edit"]
    list_title, add_title, edit_title, add_label = "Pemasok", "Tambah pemasok", "Ubah pemasok", "Tambah pemasok"
    seek, seek_label = ("name", "contact", "phone"), "nama, kontak atau telepon"
    list_columns = ["name", "contact", "phone", "is_active"]
    show_columns = _NAMES
    add_columns = _NAMES
    edit_columns = _NAMES
    order_columns = ["name", "contact"]
    base_order = ("name", "asc")
    label_columns = {"name": "Nama", "is_active": "Dipakai", **{name: label for name, (label, _) in _PLAIN.items()}}
    formatters_columns = {"is_active": lambda yes: tag("Aktif" if yes else "Nonaktif")}
    add_form_extra_fields = {
        "name": short_text("Nama", 120, DataRequired()),
        **{name: short_text(label, most, Optional()) for name, (label, most) in _PLAIN.items()},
        "is_active": BooleanField("Dipakai", default=True),
    }
    edit_form_extra_fields = add_form_extra_fields
    empty_text = "Belum ada pemasok. Tambahkan yang pertama, lalu catat penawarannya."

    def tools(self) -> list[Tool]:
        return [*super().tools(), self.export_tool()]

    def show_tools(self, item: Supplier) -> list[Tool]:
        return [
            Tool("Pesanannya", url_for("PurchaseOrderView.list", cari=item.name), "procurement.view"),
            Tool("Ubah", url_for("SupplierView.edit", pk=item.id), "procurement.order", main=True),
        ]

    def save_new(self, item: Supplier) -> None:
        suppliers.save(scope.session(), scope.actor(), _typed(item))

    def save_change(self, item: Supplier) -> None:
        data = _typed(item)
        scope.session().expire(item)  # the service compares what was typed with what is kept
        suppliers.save(scope.session(), scope.actor(), data, item.id)


def _typed(item: Supplier) -> SupplierData:
    values: dict[str, Any] = {name: getattr(item, name) or "" for name in _NAMES}
    return SupplierData(**{**values, "is_active": bool(item.is_active)})


SCREENS = (SupplierView,)
