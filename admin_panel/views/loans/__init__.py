"""Lending: applications, loans and their money, kinds of loans, collectibility and the allowance."""

from typing import Any

from admin_panel.views.loans import applications, collectibility, money, page, products, transfers

SCREENS: tuple[type[Any], ...] = (
    *applications.SCREENS, *page.SCREENS, *money.SCREENS, *products.SCREENS, *collectibility.SCREENS,
    *transfers.SCREENS,
)  # fmt: skip
