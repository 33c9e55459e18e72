"""Kopmart in Kopmin: shops, goods, stock, reviews; orders and what is paid for them; kasbon."""

from typing import Any

from admin_panel.views.mart import (
    counting,
    credits,
    goods,
    online,
    order_desk,
    order_prints,
    orders,
    payments,
    reviews,
    stock,
    stores,
)

SCREENS: tuple[type[Any], ...] = (
    *stores.SCREENS, *goods.SCREENS, *stock.SCREENS, *counting.SCREENS, *reviews.SCREENS, *online.SCREENS,
    *orders.SCREENS, *order_desk.SCREENS, *order_prints.SCREENS, *payments.SCREENS, *credits.SCREENS,
)  # fmt: skip
