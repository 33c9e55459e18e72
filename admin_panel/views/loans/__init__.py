"""Lending: applications, loans and their money, kinds of loans, collectibility and the allowance."""

from typing import Any

from admin_panel.views.loans import applications, collectibility, money, page, products, schedules

SCREENS: tuple[type[Any], ...] = (
    *applications.SCREENS, *page.SCREENS, *schedules.SCREENS, *money.SCREENS, *products.SCREENS,
    *collectibility.SCREENS,
)  # fmt: skip
