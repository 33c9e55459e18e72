"""Procurement: suppliers, requests with quotations side by side, orders, what came, bills, payments, papers."""

from typing import Any

from admin_panel.views.procurement import bills, money, orders, receiving, requests, suppliers

SCREENS: tuple[type[Any], ...] = (
    *suppliers.SCREENS,
    *requests.SCREENS,
    *orders.SCREENS,
    *receiving.SCREENS,
    *bills.SCREENS,
    *money.SCREENS,
)
