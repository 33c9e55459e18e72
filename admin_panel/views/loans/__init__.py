"""Loans in the panel: applications and their decisions, money out and in, products, collectibility."""

from typing import Any

from admin_panel.views.loans import applications, collectibility, money, page, products, schedules, transfers

SCREENS: tuple[type[Any], ...] = (
    *applications.SCREENS, *page.SCREENS, *schedules.SCREENS, *money.SCREENS, *products.SCREENS,
    *collectibility.SCREENS, *transfers.SCREENS,
)  # fmt: skip
