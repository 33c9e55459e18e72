"""Time deposits: the list and the page of one, placing and paying out, what falls due, rates."""

from typing import Any

from admin_panel.views.deposits import due, money, page, rates

SCREENS: tuple[type[Any], ...] = (*page.SCREENS, *money.SCREENS, *due.SCREENS, *rates.SCREENS)
