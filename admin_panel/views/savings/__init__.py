"""Savings: the desk, requests for money, kuitansi, monthly bills, interest, kinds of savings."""

from typing import Any

from admin_panel.views.savings import bills, desk, interest, products, receipts, requests

SCREENS: tuple[type[Any], ...] = (
    *desk.SCREENS, *requests.SCREENS, *receipts.SCREENS, *bills.SCREENS, *interest.SCREENS, *products.SCREENS,
)  # fmt: skip
