"""Kopmart in Kopmin: shops, goods, stock; orders and what is paid for them; promos, kasbon, shops' balances."""

from typing import Any

from admin_panel.views.mart import (
    campaigns,
    counting,
    credits,
    goods,
    online,
    order_desk,
    order_prints,
    orders,
    payments,
    payouts,
    reviews,
    shifts,
    stock,
    stores,
    till,
    vouchers,
)

SCREENS: tuple[type[Any], ...] = (
    *stores.SCREENS, *goods.SCREENS, *stock.SCREENS, *counting.SCREENS, *reviews.SCREENS, *online.SCREENS,
    *orders.SCREENS, *order_desk.SCREENS, *order_prints.SCREENS, *payments.SCREENS, *credits.SCREENS,
    *campaigns.SCREENS, *vouchers.SCREENS, *payouts.SCREENS,
    *shifts.SCREENS, *till.SCREENS,
)  # fmt: skip
