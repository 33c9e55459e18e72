"""Kinds of savings, and what they earn."""

from decimal import Decimal
from typing import Any

from flask import flash
from sqlalchemy import select
from wtforms import BooleanField, SelectField
from wtforms.validators import Optional

from admin_panel import scope
from admin_panel.base import TenantModelView
from admin_panel.datamodel import TenantInterface
from admin_panel.forms import PercentField, RupiahField
from admin_panel.shown import tag
from core.display import percent_text
from core.errors import InvalidValue
from models.ledger import Account
from models.savings import SavingsProduct
from services.savings import products
from services.savings.interest import METHODS


class SavingsProductView(TenantModelView):
    """Jenis simpanan."""

    datamodel = TenantInterface(SavingsProduct)
    route_base = "/kopmin/jenis-simpanan"
    read, write = "savings.view", "savings.products"
    base_permissions = ["can_list", "can_show", "can_add", "can_edit"]
    list_title, add_title, edit_title = "Jenis simpanan", "Tambah jenis simpanan", "Ubah jenis simpanan"
    add_label = "Tambah jenis"
    list_columns = ["name", "code", "kind", "amount_rp", "interest_pct", "is_active"]
    show_columns = ["name", "code", "kind", "amount_rp", "minimum_balance_rp", "interest_method", "interest_pct",
                    "is_active"]  # fmt: skip
    add_columns = ["code", "name", "kind", "account_id", "amount_rp", "minimum_balance_rp", "interest_method",
                   "interest_pct", "is_active"]  # fmt: skip
    edit_columns = add_columns
    base_order = ("code", "asc")
    label_columns = {
        "name": "Nama", "code": "Kode", "kind": "Jenis", "amount_rp": "Jumlah tiap bulan atau sekali",
        "minimum_balance_rp": "Saldo paling sedikit", "is_active": "Dipakai", "account_id": "Akun",
        "interest_method": "Cara hitung jasa", "interest_pct": "Jasa per tahun",
    }  # fmt: skip
    money_columns = ("amount_rp", "minimum_balance_rp")
    formatters_columns = {
        "kind": products.KIND_LABELS.get,
        "interest_method": METHODS.get,
        "interest_pct": lambda pct: f"{percent_text(pct)} %" if pct else "Tidak ada",
        "is_active": lambda yes: tag("Aktif" if yes else "Nonaktif"),
    }  # fmt: skip
    add_form_extra_fields = {
        "kind": SelectField("Jenis", choices=list(products.KIND_LABELS.items())),
        "account_id": SelectField(
            "Akun", coerce=int, description="Akun liabilitas atau ekuitas tempat simpanan ini dicatat."
        ),
        "amount_rp": RupiahField("Jumlah tiap bulan atau sekali", validators=[Optional()]),
        "minimum_balance_rp": RupiahField("Saldo paling sedikit", validators=[Optional()]),
        "interest_method": SelectField("Cara hitung jasa", choices=list(METHODS.items())),
        "interest_pct": PercentField(
            "Jasa per tahun (%)",
            validators=[Optional()],
            description="Dihitung mulai bulan ini dan dibukukan tiap bulan. Bulan yang lewat tidak disusulkan.",
        ),
        "is_active": BooleanField("Dipakai", default=True),
    }
    edit_form_extra_fields = add_form_extra_fields

    def prepare_form(self, form: Any) -> None:
        of_members = select(Account).where(~Account.is_header, Account.type.in_(("liability", "equity")))
        form.account_id.choices = [(a.id, str(a)) for a in scope.session().scalars(of_members.order_by(Account.code))]

    def save_new(self, item: SavingsProduct) -> None:
        self._save(_typed(item), None)

    def save_change(self, item: SavingsProduct) -> None:
        typed = _typed(item)
        scope.session().expire(item)  # the service compares what was typed with what is kept
        self._save(typed, item.id)

    def _save(self, typed: dict[str, Any], product_id: int | None) -> None:
        if not typed["code"] or not typed["name"]:
            raise InvalidValue(field="Jenis simpanan", reason="kode dan nama wajib diisi.")
        saved = products.save(scope.session(), scope.actor(), product_id=product_id, **typed)
        cap_pct = products.too_generous(scope.session(), saved.coop_id, saved.interest_pct, scope.today())
        if cap_pct is not None:
            flash(f"Jasa {saved.name} di atas batas {percent_text(cap_pct)} % per tahun.", "warning")


def _typed(item: SavingsProduct) -> dict[str, Any]:
    """What the form put on the row; an empty number counts as none."""
    plain = ("code", "name", "kind", "account_id", "interest_method", "is_active")
    numbers = {"amount_rp": item.amount_rp or 0, "minimum_balance_rp": item.minimum_balance_rp or 0}
    return {name: getattr(item, name) for name in plain} | numbers | {"interest_pct": item.interest_pct or Decimal(0)}


SCREENS = (SavingsProductView,)
