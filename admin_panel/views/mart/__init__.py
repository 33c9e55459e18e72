"""Kopmart in Kopmin: shops, their goods, stock and reviews; payments that lie with the payment service."""

from typing import Any

from admin_panel.views.mart import counting, goods, online, reviews, stock, stores

SCREENS: tuple[type[Any], ...] = (
    *stores.SCREENS, *goods.SCREENS, *stock.SCREENS, *counting.SCREENS, *reviews.SCREENS, *online.SCREENS,
)  # fmt: skip
