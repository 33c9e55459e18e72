"""Kopmart in Kopmin: shops, their goods, stock and reviews."""

from typing import Any

from admin_panel.views.mart import counting, goods, reviews, stock, stores

SCREENS: tuple[type[Any], ...] = (
    *stores.SCREENS, *goods.SCREENS, *stock.SCREENS, *counting.SCREENS, *reviews.SCREENS,
)  # fmt: skip
