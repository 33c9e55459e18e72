"""How purchases are shown: words for states, and whose rows a list holds."""

from typing import Any

from flask_appbuilder.models.filters import BaseFilter
from sqlalchemy import select
from sqlalchemy.orm import Query

from admin_panel import scope
from admin_panel.shown import tag
from models.coops import Unit
from models.mart.stores import Store
from models.procurement import PurchaseOrder, SupplierBill
from services.procurement import queries
from services.procurement.states import BILLS, LABELS, REQUESTS

ORDERS = {code: label.capitalize() for code, label in LABELS.items()}
REQUEST_STATES = {code: label.capitalize() for code, label in REQUESTS.items()}
BILL_STATES = {code: label.capitalize() for code, label in BILLS.items()}
TONES = {"asked": "warn", "approved": "info", "closed": "good", "rejected": "bad", "open": "warn", "ordered": "good",
         "paid": "good"}  # fmt: skip


def order_tag(code: str) -> Any:
    return tag(ORDERS[code], TONES.get(code, ""))


def request_tag(code: str) -> Any:
    return tag(REQUEST_STATES[code], TONES.get(code, ""))


def bill_tag(code: str) -> Any:
    return tag(BILL_STATES[code], TONES.get(code, ""))


class FilterSeen(BaseFilter):
    """The purchases the signed-in person may see."""

    name = "Terlihat"

    def apply(self, query: Query[Any], value: Any) -> Query[Any]:
        model = PurchaseOrder if self.model is SupplierBill else self.model
        condition = queries.seen_by(scope.actor(), model)
        if condition is None:
            return query
        if self.model is SupplierBill:
            condition = SupplierBill.order_id.in_(select(PurchaseOrder.id).where(condition))
        return query.filter(condition)


def place_of(row: Any) -> str:
    """The shop or the unit something is bought for."""
    session = scope.session()
    if row.store_id is not None:
        return session.get_one(Store, row.store_id).name
    return session.get_one(Unit, row.unit_id).name
